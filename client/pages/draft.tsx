import { Alert, Button, Group, NativeSelect } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { whatIfBase } from '#contract/lists.ts'
import {
  applyDraft,
  approveDraft,
  changeDraft,
  computeDraft,
  DATE_CAUSE,
  type DraftPage as Draft,
  type DraftChange,
  getDraft,
  getWhatIf,
  shareDraft,
  type WhatIfBase,
  withdrawDraft,
} from '#contract/what-if.ts'
import { AddChange } from '../features/drafts/add-change.tsx'
import { useChangeWords } from '../features/drafts/change-words.ts'
import { CompareDrafts } from '../features/drafts/compare-drafts.tsx'
import classes from '../features/drafts/draft.module.css'
import { DraftForm } from '../features/drafts/draft-form.tsx'
import { DraftState } from '../features/drafts/draft-state.tsx'
import { UnitMap } from '../features/drafts/unit-map.tsx'
import { WhatIfPeople } from '../features/drafts/what-if-people.tsx'
import { WhatIfResultPanel } from '../features/drafts/what-if-result.tsx'
import { Guards } from '../features/rules/guards.tsx'
import { problemOf } from '../lib/call.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Page } from '../ui/page.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { Empty, Failure, Waiting } from '../ui/states.tsx'

const route = getRouteApi('/app/drafts/$draftId')

export function DraftPage() {
  const { t } = useTexts()
  const { draftId } = route.useParams()
  const query = useCall(getDraft, { params: { draftId } })
  if (query.data) return <DraftScreen key={draftId} draft={query.data} />
  return (
    <Page title={t('drafts.documentTitle')} waiting crumbs={[{ label: t('drafts.title'), to: '/drafts' }]}>
      {query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Waiting />}
    </Page>
  )
}

function DraftScreen(props: { draft: Draft }) {
  const { t, date } = useTexts()
  const { draft } = props
  const search = route.useSearch()
  const base = search.base ?? 'same-date'
  const [asked, setAsked] = useState<'approve' | 'apply' | 'withdraw' | 'edit' | null>(null)
  const [before, setBefore] = useState<DraftChange[] | null>(null)
  const at = { params: { draftId: draft.id } }
  const close = (text: Parameters<typeof t>[0]) => () => {
    setAsked(null)
    announce(t(text))
  }
  const compute = useCommand(computeDraft)
  const result = useCall(getWhatIf, { ...at, query: { base } })
  // Whoever changes something wants to see what it does.
  const change = useCommand(changeDraft, () => {
    setAsked(null)
    compute.mutate({ ...at, body: { base } })
  })
  const approve = useCommand(approveDraft, close('drafts.approved'))
  const withdraw = useCommand(withdrawDraft, close('drafts.withdrawn'))
  const apply = useCommand(applyDraft, answer => {
    setAsked(null)
    announce(t(answer.state === 'applied' ? 'drafts.appliedNow' : 'drafts.heldNow'))
  })
  const share = useCommand(shareDraft, answer => announce(t(answer.shared ? 'drafts.shared' : 'drafts.unshared')))
  const { name, note, onDate, version, may } = draft
  const put = (changes: DraftChange[]) => change.mutate({ ...at, body: { version, name, note, onDate, changes } })
  const failed = (error: unknown) => (error ? (problemOf(error).detail ?? t(`problem.${problemOf(error).code}`)) : null)
  return (
    <Page
      title={name}
      documentTitle={t('drafts.documentTitle')}
      section={t('drafts.title')}
      crumbs={[{ label: t('drafts.title'), to: '/drafts' }]}
      badges={<DraftState state={draft.state} />}
      lead={`${t('drafts.at', { date: date(onDate) })}. ${t('drafts.by', { who: draft.owner })}.${note ? ` ${note}` : ''}`}
      actions={
        <>
          {may.approve && <Button onClick={() => setAsked('approve')}>{t('drafts.approve')}</Button>}
          {may.apply && <Button onClick={() => setAsked('apply')}>{t('drafts.apply')}</Button>}
          {may.share && (
            <Button
              variant="default"
              loading={share.isPending}
              onClick={() => share.mutate({ ...at, body: { shared: !draft.shared } })}
            >
              {t(draft.shared ? 'drafts.unshare' : 'drafts.share')}
            </Button>
          )}
          {may.change && (
            <Button variant="default" onClick={() => setAsked('edit')}>
              {t('drafts.form.edit')}
            </Button>
          )}
          {may.withdraw && (
            <Button variant="outline" color="red" onClick={() => setAsked('withdraw')}>
              {t('drafts.withdraw')}
            </Button>
          )}
        </>
      }
    >
      {draft.held && (
        <Alert color="red" mb={12}>
          {t(`drafts.held.${draft.held.reason}`, {
            unexpected: draft.held.unexpected,
            vanished: draft.held.vanished,
          })}
        </Alert>
      )}
      {draft.mayNot && <p className="dim">{t(`drafts.mayNot.${draft.mayNot}`)}</p>}
      <CarriedOut draft={draft} />
      <div className={classes.columns}>
        <div className="stack">
          <Changes
            draft={draft}
            onRemove={id => {
              setBefore(draft.changes)
              announce(t('drafts.removed'))
              put(draft.changes.filter(one => one.id !== id))
            }}
            undo={
              before && (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => {
                    put(before)
                    setBefore(null)
                  }}
                >
                  {t('drafts.undo')}
                </Button>
              )
            }
          />
          {may.change && (
            <Card title={t('drafts.add')}>
              <AddChange
                draft={draft}
                busy={change.isPending}
                error={failed(change.error)}
                onAdd={one => {
                  setBefore(null)
                  announce(t('drafts.added'))
                  put([...draft.changes, one])
                }}
                onDone={() => compute.mutate({ ...at, body: { base } })}
              />
            </Card>
          )}
          <Timeline draft={draft} />
        </div>
        <div className="stack">
          <Effect
            {...{ draft, base }}
            result={result}
            computing={compute.isPending}
            error={computeError(compute.error, draft, t)}
            onCompute={next => compute.mutate({ ...at, body: { base: next } })}
          />
        </div>
      </div>
      {asked === 'approve' && result.data?.result && (
        <Confirm
          title={t('drafts.approve')}
          verb={t('drafts.approve')}
          cancel={t('do.cancel')}
          busy={approve.isPending}
          error={failed(approve.error)}
          onConfirm={() => approve.mutate({ ...at, body: { hash: result.data?.result?.hash ?? '' } })}
          onClose={() => setAsked(null)}
        >
          <p>{t('drafts.approveText')}</p>
          <p>{t('drafts.approveAnnounce')}</p>
        </Confirm>
      )}
      {asked === 'apply' && (
        <Confirm
          title={t('drafts.apply')}
          verb={t('drafts.apply')}
          cancel={t('do.cancel')}
          busy={apply.isPending}
          error={failed(apply.error)}
          onConfirm={() => apply.mutate({ ...at, body: {} })}
          onClose={() => setAsked(null)}
        >
          <p>{t('drafts.applyText')}</p>
        </Confirm>
      )}
      {asked === 'withdraw' && (
        <ReasonDialog
          title={t('drafts.withdraw')}
          danger
          busy={withdraw.isPending}
          error={failed(withdraw.error)}
          onConfirm={reason => withdraw.mutate({ ...at, body: { reason } })}
          onClose={() => setAsked(null)}
        >
          <p>{t('drafts.withdrawText')}</p>
        </ReasonDialog>
      )}
      {asked === 'edit' && (
        <DraftForm
          title={t('drafts.form.edit')}
          verb={t('drafts.form.keep')}
          busy={change.isPending}
          error={change.error}
          given={{ name, note, onDate }}
          onSave={content => change.mutate({ ...at, body: { version, changes: draft.changes, ...content } })}
          onClose={() => setAsked(null)}
        />
      )}
    </Page>
  )
}

/** Which change is wrong, in words; the server names it by its id. */
function computeError(error: unknown, draft: Draft, t: ReturnType<typeof useTexts>['t']): string | null {
  if (!error) return null
  const problem = problemOf(error)
  const wrong = problem.errors.map(one => {
    const place = draft.changes.findIndex(change => one.path === change.id)
    return place < 0 ? one.message : `${place + 1}. ${one.message}`
  })
  return wrong.length > 0 ? wrong.join('; ') : (problem.detail ?? t(`problem.${problem.code}`))
}

function Changes(props: { draft: Draft; onRemove: (id: string) => void; undo: React.ReactNode }) {
  const { t } = useTexts()
  const { draft } = props
  const words = useChangeWords(draft.names)
  return (
    <Card title={t('drafts.changesTitle')} aside={props.undo}>
      {draft.changes.length === 0 ? (
        <p>{t('drafts.noChanges')}</p>
      ) : (
        <ol className={classes.changes}>
          {draft.changes.map(change => (
            <li key={change.id}>
              <div className={classes.change}>
                <span>{words(change)}</span>
                {draft.may.change && (
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    aria-label={t('drafts.removeOne', { what: words(change) })}
                    onClick={() => props.onRemove(change.id)}
                  >
                    {t('drafts.remove')}
                  </Button>
                )}
              </div>
              {change.kind === 'unit-map' && (
                <UnitMap rows={change.rows} nameOf={key => draft.names.units[key] ?? key} />
              )}
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}

function Effect(props: {
  draft: Draft
  base: WhatIfBase
  result: ReturnType<typeof useCall<typeof getWhatIf>>
  computing: boolean
  error: string | null
  onCompute: (base: WhatIfBase) => void
}) {
  const { t, instant } = useTexts()
  const { draft, base } = props
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const words = useChangeWords(draft.names)
  const { base: _base, tab: _tab, against: _against, ...filters } = search
  const url = listUrl(filters, navigate as never, { stay: true })
  const go = (next: Partial<typeof search>) =>
    void navigate({ search: old => ({ ...old, offset: undefined, ...next }), replace: true, resetScroll: false })
  const found = props.result.data?.result
  const narrowed = [
    ...(search.unit ? [found?.byUnit.find(one => one.unit === search.unit)?.name ?? search.unit] : []),
    ...(search.system ? [found?.bySystem.find(one => one.system === search.system)?.name ?? search.system] : []),
    ...(search.cause ? [causeName(search.cause)] : []),
  ]
  function causeName(id: string): string {
    if (id === DATE_CAUSE) return t('drafts.dateCause')
    const change = draft.changes.find(one => one.id === id)
    return change ? words(change) : id
  }
  const tab = search.tab ?? 'unit'
  // Clearing filters keeps what is compared and which tab is open.
  const people = {
    ...url,
    clear: () => go({ effect: undefined, unit: undefined, system: undefined, cause: undefined }),
  }
  const open = draft.state !== 'applied' && draft.state !== 'withdrawn'
  return (
    <>
      <Card title={t('drafts.effectTitle')}>
        <div className="stack">
          <Group gap={12} align="end">
            <NativeSelect
              label={t('drafts.base')}
              value={base}
              onChange={event => go({ base: event.currentTarget.value as WhatIfBase })}
              data={whatIfBase.options.map(value => ({ value, label: t(`drafts.baseName.${value}`) }))}
            />
            {open && (
              <Button
                variant={found && found.moved.length === 0 ? 'default' : 'filled'}
                loading={props.computing}
                onClick={() => props.onCompute(base)}
              >
                {t(found ? 'drafts.computeAgain' : 'drafts.compute')}
              </Button>
            )}
            {found && <span className="meta">{t('drafts.computed', { when: instant(found.computedAt) })}</span>}
          </Group>
          <div role="status">{props.computing && t('drafts.computing')}</div>
          {props.error && (
            <p role="alert" style={{ color: 'var(--app-bad)' }}>
              {props.error}
            </p>
          )}
          {props.result.isError ? (
            <Failure error={props.result.error} retry={() => void props.result.refetch()} />
          ) : found ? (
            <WhatIfResultPanel
              result={found}
              draft={draft}
              tab={tab}
              onTab={next => go({ tab: next })}
              onNarrow={narrow =>
                go({ tab: 'people', unit: undefined, system: undefined, cause: undefined, ...narrow })
              }
              guards={<Guards heldBack={found.guards} />}
              people={<WhatIfPeople draft={draft} base={base} url={people as never} narrowed={narrowed} />}
            />
          ) : (
            props.result.data && <Empty title={t('drafts.notYet')} help={t('drafts.notYetHelp')} />
          )}
        </div>
      </Card>
      <CompareDrafts
        draft={draft}
        base={base}
        against={search.against}
        offset={tab === 'people' ? 0 : (search.offset ?? 0)}
        onAgainst={against => go({ against })}
        onMove={offset => go({ offset, tab: tab === 'people' ? 'unit' : tab })}
      />
    </>
  )
}

function Timeline(props: { draft: Draft }) {
  const { t, instant } = useTexts()
  return (
    <Card title={t('drafts.timelineTitle')}>
      <ol className={classes.changes}>
        {props.draft.timeline.map(one => (
          <li key={one.what}>
            <strong>{t(`drafts.timeline.${one.what}`)}</strong>{' '}
            <span className="meta">
              {instant(one.at)}
              {one.by && `, ${one.by}`}
            </span>
          </li>
        ))}
      </ol>
      {props.draft.shared && <p className="meta">{t('drafts.sharedHelp')}</p>}
    </Card>
  )
}

/** What was announced at the approval, and what was changed on the date. */
function CarriedOut(props: { draft: Draft }) {
  const { t } = useTexts()
  const done = props.draft.carriedOut
  if (!done) return null
  const lines = [
    ...(['rules', 'roles', 'recorded'] as const).flatMap(what =>
      done[what] > 0 ? [t(`drafts.carriedOut.${what}`, { count: done[what] })] : [],
    ),
    ...done.announced.map(one => t('drafts.carriedOut.announced', { count: one.changes, source: one.source })),
  ]
  return lines.length === 0 ? null : <p>{lines.join('. ')}.</p>
}
