import { IconBulb, IconBulbOff } from '@tabler/icons-react'
import type { Proposal } from '#contract/bindings.ts'
import { useTexts } from '../../texts/i18n.ts'
import { CaseList } from '../../ui/case-list.tsx'
import { Status } from '../../ui/status.tsx'

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
  ticked: { selected: ReadonlySet<string>; turn: (id: string) => void }
  onChoose: (key: string) => void
}) {
  const { t } = useTexts()
  const entries = props.rows.map(row => ({
    id: row.key,
    title: row.label,
    mark: <Confidence of={row.confidence} />,
    lines: row.object.level === 'system' ? row.activity.name : `${row.system.name} · ${row.activity.name}`,
    box: {
      label: t('bindings.select', { name: `${row.label}, ${row.activity.name}` }),
      why: mayTogether(row) ? undefined : t(row.allowed.decide ? 'bindings.notBulk' : 'bindings.notYours'),
    },
  }))
  return <CaseList {...props} label={t('bindings.list')} entries={entries} />
}
