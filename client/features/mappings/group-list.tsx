import { Checkbox, UnstyledButton } from '@mantine/core'
import { IconBulb, IconBulbOff, IconMinus } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { searchGroups } from '#contract/mappings.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/desk.module.css'
import { Status } from '../../ui/status.tsx'
import { rightName } from './group-case.tsx'
import own from './group-list.module.css'

export type GroupRow = ResponseOf<typeof searchGroups>['rows'][number]

const LOOKS = {
  strong: { tone: 'ok', icon: IconBulb },
  possible: { tone: 'info', icon: IconBulb },
  weak: { tone: 'quiet', icon: IconBulbOff },
  none: { tone: 'quiet', icon: IconMinus },
} as const

/** May be taken together with others: a strong proposal, or one to set aside. */
export const mayBulk = (row: GroupRow, aside: boolean): boolean => row.bulk || (row.notRight && aside)

/** The groups that wait: a box for those that may be taken together, and a button that shows the group. */
export function GroupList(props: {
  rows: readonly GroupRow[]
  chosen: string | undefined
  selected: ReadonlySet<string>
  /** The reader may set groups aside. */
  aside: boolean
  onChoose: (id: string) => void
  onSelect: (id: string) => void
}) {
  const { t } = useTexts()
  const list = useRef<HTMLUListElement>(null)
  const there = props.rows.length > 0
  useEffect(() => {
    const entry = there ? list.current?.querySelector(`[data-case="${CSS.escape(props.chosen ?? '')}"]`) : null
    entry?.scrollIntoView({ block: 'nearest' })
  }, [props.chosen, there])
  return (
    <ul ref={list} className={classes.list} aria-label={t('groupDesk.listLabel')}>
      {props.rows.map(row => {
        const bulk = mayBulk(row, props.aside)
        return (
          <li key={row.id} className={own.row}>
            <Checkbox
              className={own.box}
              checked={props.selected.has(row.id)}
              disabled={!bulk}
              title={bulk ? undefined : t('groupDesk.notBulk')}
              aria-label={t('groupDesk.select', { name: row.name })}
              onChange={() => props.onSelect(row.id)}
            />
            <UnstyledButton
              className={classes.entry}
              data-case={row.id}
              aria-current={props.chosen === row.id ? 'true' : undefined}
              onClick={() => props.onChoose(row.id)}
            >
              <span className={classes.entryHead}>
                <span className={classes.entryTitle}>{row.name}</span>
                <Status {...(row.notRight ? LOOKS.none : LOOKS[row.level])} plain>
                  {row.notRight ? t('groupDesk.levels.notRight') : t(`groupDesk.level.${row.level}`)}
                </Status>
              </span>
              <span className="meta">
                {[
                  t('groupDesk.people', { count: row.people }),
                  row.source,
                  row.entitlement && !row.notRight && row.level !== 'none' ? rightName(row.entitlement) : null,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </UnstyledButton>
          </li>
        )
      })}
    </ul>
  )
}
