import { Button } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type KeyboardEvent, useRef, useState } from 'react'
import { getFinding, listFindingGroups, type SettleAction, undoSettle } from '#contract/findings.ts'
import type { FINDING_CODES } from '#contract/lists.ts'
import { AssignDialog } from '../features/findings/assign-dialog.tsx'
import { FindingDetail } from '../features/findings/finding-detail.tsx'
import { FindingFilters } from '../features/findings/finding-filters.tsx'
import { FindingList } from '../features/findings/finding-list.tsx'
import classes from '../features/findings/findings.module.css'
import { actionsOn, BY_DIGIT, FindingKeys, GroupDetail } from '../features/findings/group-detail.tsx'
import { Removals } from '../features/findings/removals.tsx'
import { type Choice as Chosen, SettleDialog, type Settled } from '../features/findings/settle-dialog.tsx'
import { ViewTabs } from '../features/views/view-tabs.tsx'
import { isRefused } from '../lib/call.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { focusCase } from '../ui/desk-keys.ts'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { Answer, Empty, Failure } from '../ui/states.tsx'

const route = getRouteApi('/app/findings')
const limit = 50

export function FindingsPage() {
  const texts = useTexts()
  const { t } = texts
  const may = useMay()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const url = listUrl(search, navigate, { stay: true })
  const { group: open, finding: chosen, from = 0, ...filters } = url.filters
  const change = (next: Partial<typeof search>) => {
    setSelected(new Set())
    url.change({ group: undefined, finding: undefined, from: undefined, ...next })
  }
  const go = (next: Partial<typeof search>) => url.change({ ...next, offset: url.offset || undefined })
  const list = useCall(listFindingGroups, { body: { ...filters, offset: url.offset, limit } }, { keep: true })
  const detail = useCall(getFinding, { params: { findingId: chosen ?? '' } }, { enabled: chosen !== undefined })
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [acting, setActing] = useState<{ action: SettleAction; choice: Chosen } | null>(null)
  const [assigning, setAssigning] = useState<Chosen | null>(null)
  const [fetching, setFetching] = useState(false)
  const [last, setLast] = useState<Settled | null>(null)
  const undo = useCommand(undoSettle, () => {
    setLast(null)
    announce(t('findings.undone'))
  })
  const desk = useRef<HTMLDivElement>(null)
  const groups = list.data?.rows ?? []
  const group = groups.find(one => one.key === open)
  const settles = may('finding.settle')
  const actions = actionsOn(filters)

  const select = (id: string, on: boolean) => {
    const next = new Set(selected)
    if (on) next.add(id)
    else next.delete(id)
    setSelected(next)
  }
  /** What is chosen: rows with a mark, else the finding that is shown, else the whole line. */
  const choice: Chosen | null =
    selected.size > 0
      ? { ids: [...selected] }
      : chosen
        ? { ids: [chosen] }
        : group
          ? { filter: { ...filters, cause: group.key } }
          : null
  const act = (action: SettleAction, what: Chosen | null = choice) => {
    const shut =
      selected.size === 0 && (chosen ? detail.data?.allowed.includes(action) === false : group?.mayDecide === false)
    // A key must not open a window in which nothing can be decided.
    if (shut) return announce(t('findings.mayNot'))
    if (what && settles) setActing({ action, choice: what })
  }
  const hand = () => {
    if (choice && settles) setAssigning(choice)
  }
  const undoLast = () => {
    if (last && !undo.isPending) undo.mutate({ params: { batchId: last.batchId } })
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    const target = event.target as HTMLElement
    if (target.closest('input:not([type=checkbox]), textarea, select, [role=dialog]')) return
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-case]')].map(one => one.dataset.case!)
    const now = target.closest<HTMLElement>('[data-case]')?.dataset.case ?? chosen ?? open
    const step = (by: number) => {
      const next = stops[Math.min(stops.length - 1, Math.max(0, (now === undefined ? -1 : stops.indexOf(now)) + by))]
      if (next === undefined) return
      if (groups.some(one => one.key === next))
        go({ group: next, finding: undefined, ...(next === open ? {} : { from: undefined }) })
      else go({ finding: next })
      if (desk.current) focusCase(desk.current, next)
    }
    const digit = /^[1-5]$/.test(key) ? BY_DIGIT[Number(key) - 1] : undefined
    if (key === 'j' || (key === 'ArrowDown' && target.dataset.case)) step(1)
    else if (key === 'k' || (key === 'ArrowUp' && target.dataset.case)) step(-1)
    else if (key === ' ' && target.dataset.case && target.dataset.case === chosen) select(chosen, !selected.has(chosen))
    else if (key === 'z') undoLast()
    else if (key === 'g') hand()
    else if (digit) act(digit)
    else return
    event.preventDefault()
  }

  if (isRefused(list))
    return (
      <Page title={t('findings.title')}>
        <Failure error={list.error} />
      </Page>
    )
  const counted = list.data?.codes.reduce((sum, one) => sum + one.counted, 0) ?? 0
  const countOf = (code: (typeof FINDING_CODES)[number]) => {
    const one = list.data?.codes.find(row => row.code === code)
    return one ? one.listed + (filters.counted ? one.counted : 0) : 0
  }
  return (
    <Page
      title={t('findings.title')}
      lead={t('findings.lead')}
      actions={
        <>
          <Button variant="default" onClick={() => setFetching(true)}>
            {t('findings.removals')}
          </Button>
          {settles && (
            <Button variant="default" component={Link} to="/findings/decisions">
              {t('findings.decisions')}
            </Button>
          )}
          <Button
            variant="default"
            component={Link}
            to={'/findings/trend' as never}
            search={{ system: search.system, unit: search.unit, code: search.code } as never}
          >
            {t('findings.trend')}
          </Button>
          <Button variant="default" component={Link} to="/findings/settings">
            {t('findings.settings')}
          </Button>
        </>
      }
    >
      <ViewTabs screen="findings" search={filters} onOpen={next => void navigate({ search: next as typeof search })} />
      <FindingFilters search={search} about={list.data?.about} countOf={countOf} onChange={change} />
      {last && (
        <div className={classes.bar}>
          <span>{last.text}</span>
          <Button variant="default" size="xs" onClick={undoLast} loading={undo.isPending}>
            {t('findings.undo')}
          </Button>
        </div>
      )}
      {selected.size > 0 && (
        <section className={classes.bar} aria-label={t('findings.selected', { count: selected.size })}>
          <span>{t('findings.selected', { count: selected.size })}</span>
          <span className={classes.actions}>
            {settles &&
              actions.map(action => (
                <Button key={action} size="xs" variant="default" onClick={() => act(action)}>
                  {t(`findings.action.${action}`)}
                </Button>
              ))}
            {settles && (
              <Button size="xs" variant="default" onClick={hand}>
                {t('findings.assign.do')}
              </Button>
            )}
            <Button size="xs" variant="subtle" onClick={() => setSelected(new Set())}>
              {t('findings.clearSelection')}
            </Button>
          </span>
        </section>
      )}
      <Answer query={list}>
        {data =>
          data.rows.length === 0 ? (
            <Card>
              <Empty
                good={counted === 0}
                title={t(counted > 0 ? 'findings.emptyCounted' : 'findings.empty')}
                help={counted > 0 ? t('findings.emptyCountedHelp', { count: counted }) : t('findings.emptyHelp')}
                action={
                  <Button variant="default" onClick={() => (counted > 0 ? change({ counted: true }) : url.clear())}>
                    {t(counted > 0 ? 'findings.showCounted' : 'do.clear')}
                  </Button>
                }
              />
            </Card>
          ) : (
            // biome-ignore lint/a11y/noStaticElementInteractions: keys for what has buttons of its own
            <div ref={desk} className={classes.desk} onKeyDown={onKeyDown}>
              <div className={classes.side}>
                <FindingList
                  groups={data.rows}
                  filters={filters}
                  open={open}
                  chosen={chosen}
                  selected={selected}
                  from={from}
                  onFrom={next => go({ from: next || undefined, finding: undefined })}
                  onOpen={key => go({ group: key, finding: undefined, ...(key === open ? {} : { from: undefined }) })}
                  onChoose={id => go({ finding: id })}
                  onSelect={select}
                />
                <div className={classes.foot}>
                  <span className="meta">
                    {t('findings.total', {
                      count: data.findings,
                      lines: t('findings.lines', { count: data.total }),
                    })}
                    {data.comparedAt &&
                      (search.code === 'outlier' || data.rows.some(row => row.code === 'outlier')) &&
                      ` · ${t('findings.comparedAt', { when: texts.instant(data.comparedAt) })}`}
                    {!filters.counted && counted > 0 && ` · ${t('findings.countedNote', { count: counted })}`}
                  </span>
                  <Pager offset={url.offset} limit={limit} total={data.total} onMove={url.move} hint={false} />
                </div>
              </div>
              <div className={classes.detail}>
                <FindingKeys />
                {chosen ? (
                  <Answer query={detail}>
                    {found => <FindingDetail key={found.id} finding={found} onAct={act} onAssign={hand} />}
                  </Answer>
                ) : group ? (
                  <GroupDetail
                    group={group}
                    may={settles && group.mayDecide}
                    actions={actions}
                    onAct={act}
                    onAssign={hand}
                    onOnly={change}
                  />
                ) : (
                  <p className="dim">{t('findings.choose')}</p>
                )}
              </div>
            </div>
          )
        }
      </Answer>
      {acting && (
        <SettleDialog
          {...acting}
          onClose={() => setActing(null)}
          onDone={settled => {
            setActing(null)
            setSelected(new Set())
            setLast(settled)
            announce(settled.text)
            if (chosen) go({ finding: undefined })
          }}
        />
      )}
      {assigning && (
        <AssignDialog
          choice={assigning}
          onClose={() => setAssigning(null)}
          onDone={settled => {
            setAssigning(null)
            setSelected(new Set())
            setLast(settled)
            announce(settled.text)
          }}
        />
      )}
      {fetching && <Removals system={search.system} onClose={() => setFetching(false)} />}
    </Page>
  )
}
