import type { PlanItemRow, RejectRow } from '#contract/feeds.ts'
import { getUserListRun, type UserListRun } from '#contract/user-lists.ts'
import { useCall } from '../../lib/query.ts'
import type { daFeeds } from '../../texts/da-feeds.ts'
import { fieldText } from '../../texts/field-text.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Diff, opLook } from '../../ui/plan-row.tsx'
import { SaidText } from '../../ui/said-text.tsx'
import { Empty, Failure } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'

/** Follows a run of the list to its end. */
export const useListRun = (systemId: string, runId: string | null) =>
  useCall(
    getUserListRun,
    { params: { systemId, runId: runId ?? '' } },
    { enabled: runId !== null, every: run => (run === undefined || run.state === 'running' ? 700 : false) },
  )

/** What a list would change, or has changed, in words and counts: nothing that a person has to look up. */
export function RunOutcome(props: { run: ReturnType<typeof useListRun>; dryRun: boolean }) {
  const { t } = useTexts()
  const { data: run, error } = props.run
  if (error) return <Failure error={error} retry={() => void props.run.refetch()} />
  if (!run || run.state === 'running')
    return <p role="status">{t(props.dryRun ? 'userList.trying' : 'userList.taking')}</p>
  if (run.state === 'failed')
    return (
      <Card title={t('userList.state.failed')} tone="bad" id="outcome">
        <SaidText said={run.error?.said} detail={run.error?.detail} />
      </Card>
    )
  const title =
    run.state === 'rejected' || run.state === 'held'
      ? t(`userList.state.${run.state}`)
      : t(props.dryRun ? 'userList.tried' : 'userList.taken')
  return (
    <Card title={title} tone={run.state === 'done' ? 'plain' : 'wait'} id="outcome">
      <div className="stack">
        {run.state === 'rejected' && (
          <p>
            {t('userList.rejectedWhy', {
              guards: [...new Set(run.heldBack.map(one => one.guard))]
                .map(guard => t(`held.shape.${guard as 'truncated'}`, { defaultValue: guard }))
                .join(', '),
            })}
          </p>
        )}
        <Counts run={run} />
        <Rejected run={run} />
        <Unknown run={run} />
        {run.changes.length > 0 && <Changes run={run} />}
      </div>
    </Card>
  )
}

function Counts(props: { run: UserListRun }) {
  const { t, number } = useTexts()
  const { run } = props
  type Kind = UserListRun['kinds'][number]
  const count = (key: 'read' | 'added' | 'changed' | 'gone' | 'missing' | 'held'): Column<Kind> => ({
    key,
    label: t(`userList.columns.${key}`),
    number: true,
    cell: row => number(row[key]),
  })
  const sum = (key: 'added' | 'changed' | 'gone' | 'missing' | 'held') =>
    run.kinds.reduce((total, kind) => total + kind[key], 0)
  const nothing = sum('added') + sum('changed') + sum('gone') + sum('missing') === 0
  return (
    <>
      {nothing && run.state === 'done' && <p>{t('userList.nothing')}</p>}
      <DataTable
        caption={t('userList.outcomeCaption')}
        columns={[
          { key: 'kind', label: t('userList.columns.kind'), cell: row => t(`userList.kind.${row.kind}`) },
          count('read'),
          count('added'),
          count('changed'),
          count('gone'),
          count('missing'),
          count('held'),
        ]}
        rows={run.kinds}
        rowKey={row => row.kind}
        empty={null}
      />
      {sum('missing') > 0 && <p className="dim">{t('userList.missingNote')}</p>}
      {sum('held') > 0 && <p className="dim">{t('userList.heldNote')}</p>}
    </>
  )
}

function Rejected(props: { run: UserListRun }) {
  const { t } = useTexts()
  if (props.run.rejected === 0) return null
  const reasonOf = (row: RejectRow) =>
    t(`sync.rejectReason.${row.reason as keyof typeof daFeeds.sync.rejectReason}`, {
      ...row.params,
      attribute: String(row.params.from ?? fieldText(t, String(row.params.attribute ?? t('sources.key')))),
      defaultValue: row.reason,
    })
  return (
    <section className="stack">
      <h3 className="section">{t('userList.rejected', { count: props.run.rejected })}</h3>
      <p className="dim">{t('userList.rejectedHelp')}</p>
      <DataTable
        caption={t('userList.rejectedCaption')}
        columns={[
          { key: 'where', label: t('sync.rejectWhere'), cell: row => row.at ?? row.key },
          { key: 'why', label: t('sync.rejectWhy'), cell: reasonOf },
        ]}
        rows={props.run.rejects}
        rowKey={row => String(row.n)}
        empty={<Empty title={t('sync.planEmpty')} />}
      />
    </section>
  )
}

function Unknown(props: { run: UserListRun }) {
  const { t, number } = useTexts()
  if (props.run.unknown.length === 0) return null
  return (
    <section className="stack">
      <h3 className="section">{t('userList.unknownTitle')}</h3>
      <p className="dim">{t('userList.unknownHelp')}</p>
      <DataTable
        caption={t('userList.unknownTitle')}
        columns={[
          { key: 'name', label: t('userList.name'), cell: row => row.name },
          { key: 'accounts', label: t('userList.count'), number: true, cell: row => number(row.accounts) },
        ]}
        rows={props.run.unknown}
        rowKey={row => row.name}
        empty={null}
      />
    </section>
  )
}

function Changes(props: { run: UserListRun }) {
  const { t, number } = useTexts()
  const { changes, changesTotal } = props.run
  const of = (row: PlanItemRow, attribute: string) =>
    row.changes.find(one => one.attribute === attribute)?.after ??
    row.changes.find(one => one.attribute === attribute)?.before ??
    row.key.split('\t')[attribute === 'account' ? 0 : 1]
  const columns: Column<PlanItemRow>[] = [
    { key: 'account', label: t('userList.account'), cell: row => of(row, 'account') },
    { key: 'right', label: t('userList.right'), cell: row => of(row, 'right') },
    {
      key: 'op',
      label: t('userList.change'),
      cell: row => (
        <>
          <Status {...opLook[row.op]} plain>
            {t(`sync.op.${row.op}`)}
          </Status>
          {row.op === 'change' && <Diff row={row} />}
        </>
      ),
    },
  ]
  return (
    <details>
      <summary>{t('userList.changesTitle')}</summary>
      <DataTable
        caption={t('userList.changesCaption')}
        columns={columns}
        rows={changes}
        rowKey={row => String(row.n)}
        empty={null}
      />
      {changesTotal > changes.length && (
        <p className="meta">
          {t('userList.changesMore', { shown: number(changes.length), total: number(changesTotal) })}
        </p>
      )}
    </details>
  )
}
