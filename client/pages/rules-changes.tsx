import { IconCheck, IconClockOff } from '@tabler/icons-react'
import { listRulesChanges } from '#contract/rules.ts'
import { HeldChange, type RulesChange, useWho } from '../features/rules/held-change.tsx'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

/** Changes of rules that wait for a second person, and what became of the latest. */
export function RulesChangesPage() {
  const { t, instant, number } = useTexts()
  const may = useMay()
  const who = useWho()
  const query = useCall(listRulesChanges)
  const columns: Column<RulesChange>[] = [
    { key: 'when', label: t('changes.columns.when'), cell: row => instant(row.createdAt) },
    { key: 'by', label: t('changes.columns.by'), cell: row => who(row.createdBy) },
    {
      key: 'state',
      label: t('changes.columns.state'),
      rank: 3,
      cell: row =>
        row.state === 'applied' ? (
          <Status tone="ok" icon={IconCheck} plain>
            {t('changes.state.applied')}
          </Status>
        ) : (
          <Status tone="quiet" icon={IconClockOff} plain>
            {t(`changes.state.${row.state}`)}
          </Status>
        ),
    },
    {
      key: 'decided',
      label: t('changes.columns.decided'),
      cell: row =>
        row.decidedBy && row.decidedBy !== row.createdBy ? (
          <>
            {who(row.decidedBy)}
            {row.decidedAt && <div className="meta">{instant(row.decidedAt)}</div>}
          </>
        ) : (
          <span className="meta">{t('changes.alone')}</span>
        ),
    },
    { key: 'what', label: t('changes.columns.what'), rank: 2, cell: row => t('changes.counts', row.counts.rules) },
    { key: 'people', label: t('changes.columns.people'), number: true, cell: row => number(row.counts.people) },
  ]
  return (
    <Page
      title={t('changes.title')}
      section={t('rules.title')}
      lead={t('changes.lead')}
      crumbs={[{ label: t('rules.title'), to: '/rules' }]}
    >
      <Answer query={query}>
        {({ rows }) => {
          const held = rows.filter(row => row.state === 'held')
          return (
            <>
              <section className="stack">
                <h2 className="section">{t('changes.waitingTitle')}</h2>
                {held.length === 0 ? (
                  <Card>
                    <Empty good title={t('changes.waitingNone')} help={t('changes.waitingNoneHelp')} />
                  </Card>
                ) : (
                  held.map(change => <HeldChange key={change.id} change={change} may={may('rule.import')} />)
                )}
              </section>
              <section>
                <h2 className="section">{t('changes.decidedTitle')}</h2>
                <DataTable
                  caption={t('changes.decidedCaption')}
                  columns={columns}
                  rows={rows.filter(row => row.state !== 'held')}
                  rowKey={row => row.id}
                  empty={<Empty title={t('changes.decidedNone')} />}
                />
              </section>
            </>
          )
        }}
      </Answer>
    </Page>
  )
}
