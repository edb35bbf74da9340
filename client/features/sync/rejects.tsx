import { useState } from 'react'
import type { RejectRow } from '#contract/feeds.ts'
import { listRejects } from '#contract/runs.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { Column } from '../../ui/data-table.tsx'
import { ListFrame } from '../../ui/list-frame.tsx'
import { Empty } from '../../ui/states.tsx'

const limit = 25

/** Records that could not be used: where they stand in the source, and why. */
export function Rejects(props: { runId: string }) {
  const { t } = useTexts()
  const [offset, setOffset] = useState(0)
  const query = useCall(listRejects, { params: { runId: props.runId }, query: { offset, limit } }, { keep: true })
  const columns: Column<RejectRow>[] = [
    { key: 'where', label: t('sync.rejectWhere'), cell: row => row.at ?? row.key },
    {
      key: 'kind',
      label: t('sync.columns.kind'),
      rank: 3,
      cell: row => row.kind && t(`sync.record.${row.kind}`),
    },
    {
      key: 'why',
      label: t('sync.rejectWhy'),
      cell: row => (
        <>
          {row.reason}
          <div className="meta">
            {Object.entries(row.params)
              .map(([name, value]) => `${name}: ${value}`)
              .join(', ')}
          </div>
        </>
      ),
    },
  ]
  return (
    <section className="stack">
      <h2 className="section">{t('sync.rejects')}</h2>
      <ListFrame
        query={query}
        caption={t('sync.rejectsCaption')}
        columns={columns}
        rowKey={row => String(row.n)}
        url={{ offset, filtered: false, change: () => {}, move: setOffset, clear: () => {} }}
        limit={limit}
        empty={<Empty title={t('sync.planEmpty')} />}
      />
    </section>
  )
}
