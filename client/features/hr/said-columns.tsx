import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { searchSaid } from '#contract/fact-inbox.ts'
import { EVENT_NAMES } from '#contract/hr-event-types.ts'
import { EVENT_WHYS } from '#contract/hr-events.ts'
import { useTexts } from '../../texts/i18n.ts'
import { useAttribute } from '../../ui/attribute-word.ts'
import type { Column } from '../../ui/data-table.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Status } from '../../ui/status.tsx'
import { SIGNS } from './inbox-columns.tsx'

export type SaidRow = ResponseOf<typeof searchSaid>['rows'][number]
type T = ReturnType<typeof useTexts>['t']
type Word = ReturnType<typeof useAttribute>

const among = <V extends string>(all: readonly V[], value: string): value is V =>
  (all as readonly string[]).includes(value)
const KINDS = ['hire', 'move', 'absence', 'end'] as const
const CHANGES = [
  ...(['add-affiliation', 'change-affiliation', 'gone-affiliation', 'return-affiliation'] as const),
  ...(['add-person', 'change-person', 'gone-person', 'return-person'] as const),
  ...(['reject-affiliation', 'reject-person', 'reject-row'] as const),
] as const

/** What was said, in words; what nobody has a word for, as its source wrote it. */
export function saidWord(t: T, word: Word, { origin, what }: Pick<SaidRow, 'origin' | 'what'>): string {
  const [kind = ''] = what.split('/')
  if (origin === 'event') return among(EVENT_NAMES, what) ? t(`inbox.name.${what}`) : what
  if (origin === 'report') return among(KINDS, kind) ? t(`factInbox.kind.${kind}`) : what
  if (origin === 'file') return among(CHANGES, what) ? t(`factInbox.change.${what}`) : what
  return what === 'retract'
    ? t('factInbox.retract')
    : t('factInbox.byHand', { what: what.split(', ').map(word).join(', ') })
}

const whyKey = (why: NonNullable<SaidRow['why']>) =>
  among(EVENT_WHYS, why) ? (`inbox.why.${why}` as const) : (`factInbox.why.${why}` as const)

export function saidColumns(given: { t: T; word: Word; onShow: (id: string) => void }): Column<SaidRow>[] {
  const { t, word, onShow } = given
  return [
    {
      key: 'what',
      label: t('factInbox.columns.what'),
      cell: row => (
        <>
          {saidWord(t, word, row)}
          <div className="meta">
            {[row.source, row.by && t('factInbox.by', { name: row.by })].filter(Boolean).join(' · ')}
          </div>
        </>
      ),
    },
    { key: 'origin', label: t('factInbox.columns.origin'), rank: 2, cell: row => t(`factInbox.origins.${row.origin}`) },
    {
      key: 'person',
      label: t('factInbox.columns.person'),
      cell: row =>
        row.person ? <PersonLink person={row.person} /> : <span className="dim">{t('factInbox.noPerson')}</span>,
    },
    { key: 'effective', label: t('factInbox.columns.effective'), rank: 3, cell: row => <Day day={row.effectiveOn} /> },
    { key: 'at', label: t('factInbox.columns.at'), rank: 3, cell: row => <Ago at={row.at} /> },
    {
      key: 'state',
      label: t('factInbox.columns.state'),
      cell: row => (
        <>
          <Status {...(row.state === 'taken-back' ? SIGNS['set-aside'] : SIGNS[row.state])}>
            {t(`factInbox.states.${row.state}`)}
          </Status>
          {row.why && <div className="meta">{t(whyKey(row.why))}</div>}
        </>
      ),
    },
    { key: 'look', label: t('factInbox.columns.look'), cell: row => <Look row={row} onShow={onShow} /> },
  ]
}

function Look({ row, onShow }: { row: SaidRow; onShow: (id: string) => void }) {
  const { t } = useTexts()
  const word = useAttribute()
  const label = t('factInbox.look', { what: saidWord(t, word, row) })
  const { ref } = row
  if (ref === null) return null
  if (row.origin === 'event')
    return (
      <Button variant="default" size="xs" aria-label={label} onClick={() => onShow(ref)}>
        {t('factInbox.columns.look')}
      </Button>
    )
  if (row.origin === 'report')
    return (
      <Link to="/lifecycle/$caseId" params={{ caseId: ref }} className="link" aria-label={label}>
        {t('factInbox.columns.look')}
      </Link>
    )
  return (
    <Link to="/sync/runs/$runId" params={{ runId: ref }} className="link" aria-label={label}>
      {t('factInbox.columns.look')}
    </Link>
  )
}

function Day(props: { day: string | null }) {
  const { date } = useTexts()
  return <span className="nowrap">{props.day ? date(props.day) : ''}</span>
}

function Ago(props: { at: string }) {
  const { ago } = useTexts()
  return <span className="nowrap">{ago(props.at)}</span>
}
