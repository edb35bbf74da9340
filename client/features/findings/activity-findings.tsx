import { Link } from '@tanstack/react-router'
import { listFindings } from '#contract/findings.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import { codeIcon, type FindingRow, severityTone, subjectText } from './finding-words.ts'

const SHOWN = 50

/** What is found of one record of processing and stands open: also kinds that are counted and not listed. */
export function ActivityFindings({ activityId }: { activityId: string }) {
  const texts = useTexts()
  const { t, number, ago } = texts
  const filter = { activity: activityId, counted: true }
  const query = useCall(listFindings, { body: { ...filter, offset: 0, limit: SHOWN } })
  const columns: Column<FindingRow>[] = [
    {
      key: 'kind',
      label: t('activity.findings.kind'),
      cell: row => (
        <>
          <Link to="/findings" search={{ ...filter, finding: row.id }} className="link">
            {t(`findings.code.${row.code}`)}
          </Link>
          <div className="meta">
            {[row.system?.name, row.entitlement?.name, row.person ? subjectText(texts, row) : null]
              .filter(Boolean)
              .join(' · ')}
          </div>
        </>
      ),
    },
    {
      key: 'severity',
      label: t('activity.findings.severity'),
      cell: row => (
        <Status tone={severityTone[row.severity]} icon={codeIcon[row.code]} plain>
          {t(`findings.severity.${row.severity}`)}
        </Status>
      ),
    },
    {
      key: 'owner',
      label: t('findings.columns.owner'),
      rank: 2,
      cell: row =>
        row.ownerPerson ? (
          <>
            <PersonLink person={row.ownerPerson} />
            <div className="meta">{t(`findings.owner.${row.owner}`)}</div>
          </>
        ) : (
          t(`findings.owner.${row.owner}`)
        ),
    },
    { key: 'since', label: t('findings.columns.since'), rank: 1, cell: row => ago(row.since) },
  ]
  return (
    <Answer query={query}>
      {({ rows, total }) => (
        <div className="stack">
          <DataTable
            caption={t('activity.findings.caption')}
            columns={columns}
            rows={rows}
            rowKey={row => row.id}
            empty={<Empty good title={t('activity.findings.none')} help={t('activity.findings.help')} />}
          />
          {total > 0 && (
            <p className="meta">
              {t('activity.findings.size', { count: rows.length, total: number(total) })}{' '}
              <Link to="/findings" search={filter} className="link no-print">
                {t('activity.findings.all')}
              </Link>
            </p>
          )}
        </div>
      )}
    </Answer>
  )
}
