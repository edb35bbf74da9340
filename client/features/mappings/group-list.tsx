import { IconBulb, IconBulbOff, IconMinus } from '@tabler/icons-react'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { searchGroups } from '#contract/mappings.ts'
import { useTexts } from '../../texts/i18n.ts'
import { CaseList } from '../../ui/case-list.tsx'
import { Status } from '../../ui/status.tsx'
import { rightName } from './group-case.tsx'

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
  ticked: { selected: ReadonlySet<string>; turn: (id: string) => void }
  /** The reader may set groups aside. */
  aside: boolean
  onChoose: (id: string) => void
}) {
  const { t } = useTexts()
  const entries = props.rows.map(row => ({
    id: row.id,
    title: row.name,
    mark: (
      <Status {...(row.notRight ? LOOKS.none : LOOKS[row.level])} plain>
        {row.notRight ? t('groupDesk.levels.notRight') : t(`groupDesk.level.${row.level}`)}
      </Status>
    ),
    lines: [
      t('groupDesk.people', { count: row.people }),
      row.source,
      row.entitlement && !row.notRight && row.level !== 'none' ? rightName(row.entitlement) : null,
    ]
      .filter(Boolean)
      .join(' · '),
    box: {
      label: t('groupDesk.select', { name: row.name }),
      why: mayBulk(row, props.aside) ? undefined : t('groupDesk.notBulk'),
    },
  }))
  return <CaseList {...props} label={t('groupDesk.listLabel')} entries={entries} />
}
