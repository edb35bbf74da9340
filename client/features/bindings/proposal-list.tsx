import { Checkbox, UnstyledButton } from '@mantine/core'
import { IconBulb, IconBulbOff } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { Proposal } from '#contract/bindings.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/desk.module.css'
import { Status } from '../../ui/status.tsx'
import own from './proposals.module.css'

const LOOKS = {
  strong: { tone: 'ok', icon: IconBulb },
  medium: { tone: 'info', icon: IconBulb },
  weak: { tone: 'quiet', icon: IconBulbOff },
} as const

/** What rests on names alone is looked at by itself. */
export const mayTogether = (row: Proposal): boolean => row.allowed.decide && row.confidence !== 'weak'

export function Confidence(props: { of: Proposal['confidence'] }) {
  const { t } = useTexts()
  return (
    <Status {...LOOKS[props.of]} plain>
      {t(`bindings.confidence.${props.of}`)}
    </Status>
  )
}

/** The proposals by system: a box for those that may be taken together, and a button that shows one. */
export function ProposalList(props: {
  rows: readonly Proposal[]
  chosen: string | undefined
  selected: ReadonlySet<string>
  onChoose: (key: string) => void
  onSelect: (key: string) => void
}) {
  const { t } = useTexts()
  const list = useRef<HTMLUListElement>(null)
  const there = props.rows.length > 0
  useEffect(() => {
    const entry = there ? list.current?.querySelector(`[data-case="${CSS.escape(props.chosen ?? '')}"]`) : null
    entry?.scrollIntoView({ block: 'nearest' })
  }, [props.chosen, there])
  return (
    <ul ref={list} className={classes.list} aria-label={t('bindings.list')}>
      {props.rows.map(row => (
        <li key={row.key} className={own.row}>
          <Checkbox
            className={own.box}
            checked={props.selected.has(row.key)}
            disabled={!mayTogether(row)}
            title={mayTogether(row) ? undefined : t(row.allowed.decide ? 'bindings.notBulk' : 'bindings.notYours')}
            aria-label={t('bindings.select', { name: `${row.label}, ${row.activity.name}` })}
            onChange={() => props.onSelect(row.key)}
          />
          <UnstyledButton
            className={classes.entry}
            data-case={row.key}
            aria-current={props.chosen === row.key ? 'true' : undefined}
            onClick={() => props.onChoose(row.key)}
          >
            <span className={classes.entryHead}>
              <span className={classes.entryTitle}>{row.label}</span>
              <Confidence of={row.confidence} />
            </span>
            <span className="meta">
              {row.object.level === 'system' ? row.activity.name : `${row.system.name} · ${row.activity.name}`}
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  )
}
