import { useState } from 'react'
import type { RejectRow } from '#contract/feeds.ts'
import { listRejects } from '#contract/runs.ts'
import { useCall } from '../../lib/query.ts'
import type { daFeeds } from '../../texts/da-feeds.ts'
import { fieldText } from '../../texts/field-text.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { Column } from '../../ui/data-table.tsx'
import { ListFrame } from '../../ui/list-frame.tsx'
import { Empty } from '../../ui/states.tsx'
import classes from './rejects.module.css'

const limit = 25

/** Records that could not be used: where they stand in the source, and why. */
export function Rejects(props: { runId: string }) {
  const { t } = useTexts()
  const [offset, setOffset] = useState(0)
  const query = useCall(listRejects, { params: { runId: props.runId }, query: { offset, limit } }, { keep: true })
  const reasonOf = (row: RejectRow) =>
    t(`sync.rejectReason.${row.reason as keyof typeof daFeeds.sync.rejectReason}`, {
      ...row.params,
      attribute: fieldText(t, String(row.params.attribute ?? row.params.column ?? t('sources.key'))),
      defaultValue: row.reason,
    })
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
          {reasonOf(row)}
          {row.raw.length > 0 && <Raw raw={row.raw} />}
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

/** The entry as the source sent it, for whoever has to correct it there. */
function Raw(props: { raw: RejectRow['raw'] }) {
  const { t } = useTexts()
  return (
    <details className={classes.more}>
      <summary>{t('sync.rejectRaw')}</summary>
      <dl className={classes.raw}>
        {props.raw.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a column's heading may occur twice, its place does not
          <div key={index}>
            <dt>{one.name}</dt>
            <dd>
              <code>{one.value}</code>
            </dd>
          </div>
        ))}
      </dl>
      <p className="meta">{t('sync.rejectRawNote')}</p>
    </details>
  )
}
