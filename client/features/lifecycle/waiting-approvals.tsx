import { Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listApprovals } from '#contract/lifecycle-desk.ts'
import { useCall } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { ApprovalLines } from './approval-lines.tsx'

type Row = ResponseOf<typeof listApprovals>['rows'][number]
const FEW = 5

/** Whom a right is for, and in which report. */
export function ApprovalAbout(props: { row: Row }) {
  const { t, date } = useTexts()
  const may = useMay()
  const { row } = props
  const name = row.person.name ?? t('people.protectedPerson')
  return (
    <div>
      {may('case.read') ? (
        <Link to="/lifecycle/$caseId" params={{ caseId: row.caseId }} className="link">
          {name}
        </Link>
      ) : (
        <span className="name">{name}</span>
      )}{' '}
      <span className="meta">
        {[
          row.title,
          row.unit?.name,
          t('reports.approvals.from', { date: date(row.from) }),
          row.askedBy && t('reports.approvals.askedBy', { name: row.askedBy }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </div>
  )
}

/** The first of what waits for the reader's yes, on a screen that is about something else; nothing where nothing waits. */
export function WaitingApprovals() {
  const { t } = useTexts()
  const may = useMay()
  const { data } = useCall(
    listApprovals,
    { query: { state: 'waiting', mine: 'true', offset: 0, limit: FEW } },
    { enabled: may('case.approve') },
  )
  if (!data || data.rows.length === 0) return null
  return (
    <Card
      title={t('reports.approvals.title')}
      aside={
        data.total > data.rows.length && (
          <Link to="/lifecycle/approvals" className="link">
            {t('reports.approvals.all', { count: data.total })}
          </Link>
        )
      }
    >
      <ApprovalLines
        rows={data.rows}
        nameOf={row => row.person.name ?? t('people.protectedPerson')}
        about={row => <ApprovalAbout row={row} />}
      />
    </Card>
  )
}
