import { getRouteApi } from '@tanstack/react-router'
import type { PlanItemRow } from '#contract/feeds.ts'
import { planItemState, planOp, recordKind } from '#contract/lists.ts'
import { searchPlan } from '#contract/runs.ts'
import { useHistoryText } from '../../lib/history-text.ts'
import { listUrl } from '../../lib/list-url.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { Column } from '../../ui/data-table.tsx'
import { Choice } from '../../ui/filters.tsx'
import { ListFrame } from '../../ui/list-frame.tsx'
import { Diff, ItemName, opLook } from '../../ui/plan-row.tsx'
import { Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'

const route = getRouteApi('/app/sync/runs/$runId')
const limit = 50

/** The plan as a diff: what each line adds, changes or ends, with before and after. */
export function PlanTable(props: { runId: string; live: boolean }) {
  const { t } = useTexts()
  const url = listUrl(route.useSearch(), route.useNavigate(), { stay: true })
  const { change, filters, offset } = url
  const { text, settled, setText } = useHistoryText()
  const query = useCall(
    searchPlan,
    { params: { runId: props.runId }, body: { ...filters, ...(settled ? { text: settled } : {}), offset, limit } },
    { keep: true, every: props.live ? 3_000 : false },
  )
  const columns: Column<PlanItemRow>[] = [
    {
      key: 'what',
      label: t('sync.what'),
      cell: row => (
        <>
          <ItemName row={row} />
          <div className="meta">{t(`sync.record.${row.kind}`)}</div>
        </>
      ),
    },
    {
      key: 'op',
      label: t('sync.filterOp'),
      cell: row => (
        <Status {...opLook[row.op]} plain>
          {t(`sync.op.${row.op}`)}
        </Status>
      ),
    },
    { key: 'change', label: t('sync.change'), cell: row => <Diff row={row} /> },
    {
      key: 'state',
      label: t('sync.filterState'),
      rank: 3,
      cell: row => <span className="meta">{t(`sync.itemState.${row.state}`)}</span>,
    },
  ]
  return (
    <section className="stack" aria-labelledby="plan">
      <h2 id="plan" className="section">
        {t('sync.plan')}
      </h2>
      <ListFrame
        query={query}
        caption={t('sync.planCaption')}
        columns={columns}
        rowKey={row => String(row.n)}
        url={url}
        limit={limit}
        search={{ label: t('sync.filterText'), value: text, onChange: setText }}
        filters={
          <>
            <Choice
              label={t('sync.filterKind')}
              value={filters.kind}
              onChange={kind => change({ kind })}
              options={recordKind.options.map(value => ({ value, label: t(`sync.record.${value}`) }))}
            />
            <Choice
              label={t('sync.filterOp')}
              value={filters.op}
              onChange={op => change({ op })}
              options={planOp.options.map(value => ({ value, label: t(`sync.op.${value}`) }))}
            />
            <Choice
              label={t('sync.filterState')}
              value={filters.state}
              onChange={state => change({ state })}
              options={planItemState.options.map(value => ({ value, label: t(`sync.itemState.${value}`) }))}
            />
          </>
        }
        empty={<Empty good title={t('sync.planEmpty')} help={t('sync.planEmptyHelp')} />}
      />
    </section>
  )
}
