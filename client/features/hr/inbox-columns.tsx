import { Button } from '@mantine/core'
import {
  type Icon,
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconHandStop,
  IconInbox,
  IconNote,
  IconQuestionMark,
  IconTrash,
} from '@tabler/icons-react'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { EventName } from '#contract/hr-event-types.ts'
import type { EventState, searchInbox } from '#contract/hr-events.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { Column } from '../../ui/data-table.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Status, type Tone } from '../../ui/status.tsx'

export type InboxRow = ResponseOf<typeof searchInbox>['rows'][number]
type T = ReturnType<typeof useTexts>['t']

export const SIGNS: Record<EventState, { tone: Tone; icon: Icon }> = {
  received: { tone: 'info', icon: IconInbox },
  applied: { tone: 'ok', icon: IconCheck },
  waiting: { tone: 'wait', icon: IconClock },
  held: { tone: 'bad', icon: IconHandStop },
  approved: { tone: 'info', icon: IconCheck },
  failed: { tone: 'bad', icon: IconAlertTriangle },
  'unknown-type': { tone: 'quiet', icon: IconQuestionMark },
  'set-aside': { tone: 'quiet', icon: IconTrash },
}

export function EventStatus(props: { state: EventState; why: InboxRow['why'] }) {
  const { t } = useTexts()
  const { tone, icon } = SIGNS[props.state]
  return (
    <>
      <Status tone={tone} icon={icon}>
        {t(`inbox.state.${props.state}`)}
      </Status>
      {props.why && <div className="meta">{t(`inbox.why.${props.why}`)}</div>}
    </>
  )
}

/** The word for a kind that is known, else the type as the program wrote it. */
export const eventWord = (t: T, row: { name: string | null; type?: string }): string =>
  row.name === null ? (row.type ?? '') : t(`inbox.name.${row.name as EventName}`)

export function inboxColumns({ t, onShow }: { t: T; onShow: (id: string) => void }): Column<InboxRow>[] {
  return [
    {
      key: 'what',
      label: t('inbox.columns.what'),
      cell: row => (
        <>
          {eventWord(t, row)}
          <div className="meta">
            {row.feed} · {row.subject}
          </div>
        </>
      ),
    },
    {
      key: 'person',
      label: t('inbox.columns.person'),
      cell: row =>
        row.person ? <PersonLink person={row.person} /> : <span className="dim">{t('inbox.noPerson')}</span>,
    },
    {
      key: 'effective',
      label: t('inbox.columns.effective'),
      rank: 2,
      cell: row => <Effective day={row.effectiveOn} />,
    },
    { key: 'received', label: t('inbox.columns.received'), rank: 3, cell: row => <Received at={row.receivedAt} /> },
    {
      key: 'state',
      label: t('inbox.columns.state'),
      cell: row => (
        <>
          <EventStatus state={row.state} why={row.why} />
          {row.notes > 0 && (
            <div>
              <Status tone="bad" icon={IconNote}>
                {t('inbox.useBetween')}
              </Status>
            </div>
          )}
        </>
      ),
    },
    {
      key: 'do',
      label: t('inbox.columns.do'),
      cell: row => (
        <Button
          variant="default"
          size="xs"
          aria-label={`${t('inbox.show')}: ${eventWord(t, row)}, ${row.eventId}`}
          onClick={() => onShow(row.id)}
        >
          {t('inbox.show')}
        </Button>
      ),
    },
  ]
}

function Effective(props: { day: string | null }) {
  const { date } = useTexts()
  return <span className="nowrap">{props.day ? date(props.day) : ''}</span>
}

function Received(props: { at: string }) {
  const { ago } = useTexts()
  return <span className="nowrap">{ago(props.at)}</span>
}
