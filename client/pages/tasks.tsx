import { Button, Checkbox, Group } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { type KeyboardEvent, useState } from 'react'
import { taskState } from '#contract/lists.ts'
import { confirmTask, listTasks, reopenTask, type TaskRow } from '#contract/tasks.ts'
import { WaitingApprovals } from '../features/lifecycle/waiting-approvals.tsx'
import { EvidenceFile } from '../features/orders/evidence-file.tsx'
import { KeptLine } from '../features/orders/kept-line.tsx'
import { LeftLine } from '../features/orders/left-line.tsx'
import { SettleDialog } from '../features/orders/settle-dialog.tsx'
import { problemOf } from '../lib/call.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import type { Column } from '../ui/data-table.tsx'
import { Choice, Toggle } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { isListKey, stepRow } from '../ui/row-keys.ts'
import { Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/tasks')
const limit = 50

/** What is to be done by hand, for whoever owns the systems: one at a time or many at once. */
export function TasksPage() {
  const { t, number } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [settling, setSettling] = useState<TaskRow[] | null>(null)
  const { state = 'open' } = search
  const query = useCall(
    listTasks,
    {
      query: {
        state,
        ...(search.system ? { system: search.system } : {}),
        ...(search.person ? { person: search.person } : {}),
        ...(search.own ? { own: 'true' } : {}),
        ...(search.coming ? { coming: 'true' } : {}),
        ...(search.escalated ? { escalated: 'true' } : {}),
        offset: url.offset,
        limit,
      },
    },
    { keep: true },
  )
  const rows = query.data?.rows ?? []
  const toggle = (id: string) =>
    setPicked(old => (old.has(id) ? new Set([...old].filter(one => one !== id)) : new Set([...old, id])))
  const chosen = rows.filter(row => picked.has(row.id) && row.allowed.settle && row.state === 'open')
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    if (stepRow(event, { boxes: true }) || !isListKey(event)) return
    const target = event.target as HTMLElement
    const id = target.closest('tr[data-row]')?.getAttribute('data-row')
    if (event.key === ' ' && id && !target.closest('button, input')) {
      event.preventDefault()
      toggle(id)
    } else if (event.key.toLowerCase() === 'd' && chosen.length > 0) {
      event.preventDefault()
      setSettling(chosen)
    }
  }
  const counts = query.data?.counts
  return (
    <Page
      title={t('tasks.title')}
      lead={t('tasks.lead')}
      actions={
        <>
          <Button variant="default" className="no-print" onClick={() => window.print()}>
            {t('tasks.print')}
          </Button>
          {chosen.length > 0 && (
            <Button onClick={() => setSettling(chosen)}>{t('tasks.doneMany', { count: chosen.length })}</Button>
          )}
        </>
      }
    >
      <WaitingApprovals />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys for what has links and boxes of its own */}
      <div onKeyDown={keys} className="stack">
        <ListFrame
          query={query}
          cards
          url={url}
          limit={limit}
          caption={t('tasks.caption')}
          columns={useColumns({ picked, toggle, onDone: row => setSettling([row]) })}
          rowKey={row => row.id}
          filters={
            <>
              <Choice
                label={t('tasks.state')}
                value={search.state}
                all={t('tasks.states.open')}
                onChange={next => url.change({ state: next })}
                options={taskState.options
                  .filter(value => value !== 'open')
                  .map(value => ({ value, label: t(`tasks.states.${value}`) }))}
              />
              <Choice
                label={t('tasks.columns.system')}
                value={search.system}
                onChange={system => url.change({ system })}
                options={(query.data?.systems ?? []).map(one => ({ value: one.id, label: one.name }))}
              />
              <Toggle on={search.own === true} onChange={on => url.change({ own: on || undefined })}>
                {t('tasks.own')}
              </Toggle>
              <Toggle on={search.escalated === true} onChange={on => url.change({ escalated: on || undefined })}>
                {t('tasks.escalated')}
              </Toggle>
              <Toggle on={search.coming === true} onChange={on => url.change({ coming: on || undefined })}>
                {t('tasks.coming')}
              </Toggle>
            </>
          }
          note={
            counts && (
              <p className="meta">
                {t('tasks.counts', {
                  open: number(counts.open),
                  late: number(counts.late),
                  coming: number(counts.coming),
                })}{' '}
                {counts.escalated > 0 && t('tasks.escalatedCount', { count: counts.escalated })}{' '}
                <span className="no-print">{t('tasks.keys')}</span>
              </p>
            )
          }
          empty={<Empty title={t('tasks.empty')} help={t('tasks.emptyHelp')} good />}
        />
      </div>
      {settling && (
        <SettleDialog
          tasks={settling}
          onClose={() => setSettling(null)}
          onDone={() => {
            setSettling(null)
            setPicked(new Set())
          }}
        />
      )}
    </Page>
  )
}

function useColumns(on: {
  picked: ReadonlySet<string>
  toggle: (id: string) => void
  onDone: (row: TaskRow) => void
}): Column<TaskRow>[] {
  const { t, date } = useTexts()
  const who = (row: TaskRow) => row.person.name ?? t('people.protectedPerson')
  return [
    {
      key: 'person',
      label: t('tasks.columns.person'),
      cell: row => (
        <Group gap={8} wrap="nowrap" align="flex-start">
          {row.allowed.settle && row.state === 'open' && (
            <Checkbox
              className="no-print"
              aria-label={t('tasks.select', { who: who(row), system: row.system.name })}
              checked={on.picked.has(row.id)}
              onChange={() => on.toggle(row.id)}
            />
          )}
          <span>
            <PersonLink person={row.person} />
            {row.unit && <div className="meta">{row.unit.name}</div>}
          </span>
        </Group>
      ),
    },
    {
      key: 'what',
      label: t('tasks.columns.what'),
      cell: row => (
        <>
          <div className="meta">
            {row.system.name}
            {row.doerAs !== 'owner' && row.ownerLeft && (
              <>
                {'. '}
                {t('tasks.ownerLeft')}{' '}
                {row.doer ? (
                  <>
                    {t(`tasks.doerAs.${row.doerAs}`)} <PersonLink person={row.doer} />
                  </>
                ) : (
                  t('tasks.doerAs.it')
                )}
              </>
            )}
          </div>
          {row.orders.map(order => (
            <div key={order.id}>
              {order.words ?? t(`tasks.words.${order.action}`)}:{' '}
              {order.left && order.left.what !== 'kit' ? t(`tasks.left.${order.left.what}`) : order.what}
              {order.left && <LeftLine left={order.left} />}
              {order.username && <span className="meta"> ({order.username})</span>}
              {order.kept && <KeptLine kept={order.kept} />}
            </div>
          ))}
          {row.reopened && <div className="meta">{t('tasks.reopened')}</div>}
          {row.evidence
            .filter(one => one.note || one.fileName)
            .map(one => (
              <div key={one.id} className="meta">
                {one.by}: {one.note}
                {one.fileName && <EvidenceFile taskId={row.id} evidenceId={one.id} name={one.fileName} />}
              </div>
            ))}
        </>
      ),
    },
    {
      key: 'due',
      label: t('tasks.columns.due'),
      cell: row => (
        <span className="nowrap">
          {date(row.dueOn)}
          {row.urgent && <div className="meta">{t('orders.urgent')}</div>}
          {row.ageing && row.ageing !== 'later' && (
            <div className="meta">
              {row.late ? <strong>{t(`tasks.ageing.${row.ageing}`)}</strong> : t(`tasks.ageing.${row.ageing}`)}
            </div>
          )}
        </span>
      ),
    },
    { key: 'do', label: t('tasks.columns.do'), cell: row => mayAct(row) && <Actions row={row} onDone={on.onDone} /> },
  ]
}

/** Whether there is anything to press or to say. */
const mayAct = ({ state, allowed }: TaskRow): boolean =>
  state === 'second' || allowed.second || (allowed.settle && (state === 'open' || state === 'done'))

function Actions(props: { row: TaskRow; onDone: (row: TaskRow) => void }) {
  const { t } = useTexts()
  const { row } = props
  const reopen = useCommand(reopenTask, () => announce(t('tasks.reopen')))
  const confirm = useCommand(confirmTask, () => announce(t('tasks.look')))
  const params = { taskId: row.id }
  const label = (verb: string) => `${verb}: ${row.person.name ?? t('people.protectedPerson')}, ${row.system.name}`
  const error = reopen.error ?? confirm.error
  return (
    <Group gap={6} className="no-print">
      {row.allowed.settle && row.state === 'open' && (
        <Button size="xs" variant="default" aria-label={label(t('tasks.done'))} onClick={() => props.onDone(row)}>
          {t('tasks.done')}
        </Button>
      )}
      {row.allowed.second &&
        (['done', 'not-done'] as const).map(as => (
          <Button
            key={as}
            size="xs"
            variant="default"
            aria-label={label(t(as === 'done' ? 'tasks.look' : 'tasks.notDone'))}
            onClick={() => confirm.mutate({ params, body: { version: row.version, as } })}
          >
            {t(as === 'done' ? 'tasks.look' : 'tasks.notDone')}
          </Button>
        ))}
      {row.allowed.settle && (row.state === 'done' || row.state === 'second') && (
        <Button
          size="xs"
          variant="default"
          aria-label={label(t('tasks.reopen'))}
          onClick={() => reopen.mutate({ params, body: { version: row.version } })}
        >
          {t('tasks.reopen')}
        </Button>
      )}
      {row.state === 'second' && !row.allowed.second && <span className="meta">{t('tasks.secondHelp')}</span>}
      {error && (
        <span role="alert" className="meta">
          {problemOf(error).code === 'conflict' ? t('tasks.conflict') : t(`problem.${problemOf(error).code}`)}
        </span>
      )}
    </Group>
  )
}
