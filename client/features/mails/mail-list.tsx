import { IconAlertTriangle, IconCheck, IconClock, IconEye, IconQuestionMark } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { MailRow } from '#contract/mails.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Pager } from '../../ui/pager.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'

const SIGNS = {
  waiting: ['wait', IconClock],
  sending: ['wait', IconQuestionMark],
  sent: ['ok', IconCheck],
  shown: ['quiet', IconEye],
  failed: ['bad', IconAlertTriangle],
} as const
export const MAILS_SHOWN = 50

/** Mails with their state; the text of each is one click below its subject. */
export function MailList<Row extends MailRow>(props: {
  rows: Row[]
  total: number
  offset: number
  onMove: (offset: number) => void
  /** Whose they are stands in the list. */
  readers?: boolean
  stale: boolean
  action?: (row: Row) => ReactNode
}) {
  const { t, instant } = useTexts()
  const columns: Column<Row>[] = [
    {
      key: 'what',
      label: t('mails.columns.what'),
      cell: row => (
        <>
          {props.readers && (
            <div>
              {t('mails.columns.to')} <PersonLink person={row.to} />
            </div>
          )}
          <details>
            <summary lang={row.language}>{row.subject}</summary>
            <p lang={row.language} style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
              {row.text}
            </p>
          </details>
        </>
      ),
    },
    {
      key: 'state',
      label: t('mails.columns.state'),
      cell: row => (
        <>
          <Status tone={SIGNS[row.state][0]} icon={SIGNS[row.state][1]}>
            {t(`mails.state.${row.state}`)}
          </Status>
          {(row.nextTryAt !== null || row.error !== null) && (
            <div className="meta">
              {[
                row.attempts > 0 && t('mails.attempts', { count: row.attempts }),
                row.nextTryAt && t('mails.next', { when: instant(row.nextTryAt) }),
                row.error,
              ]
                .filter(Boolean)
                .join(' · ')}
            </div>
          )}
        </>
      ),
    },
    {
      key: 'made',
      label: t('mails.columns.made'),
      rank: 2,
      cell: row => <span className="nowrap">{instant(row.sentAt ?? row.madeAt)}</span>,
    },
    ...(props.action ? [{ key: 'do', label: t('mails.columns.do'), cell: props.action }] : []),
  ]
  return (
    <>
      <DataTable
        caption={t('mails.caption')}
        columns={columns}
        rows={props.rows}
        rowKey={row => row.id}
        stale={props.stale}
        cards
        empty={<Empty title={t('mails.empty')} help={t('mails.emptyHelp')} />}
      />
      <Pager offset={props.offset} limit={MAILS_SHOWN} total={props.total} hint={false} onMove={props.onMove} />
    </>
  )
}
