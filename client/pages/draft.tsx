import { Alert, Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import {
  applyDraft,
  approveDraft,
  changeDraft,
  computeDraft,
  getDraft,
  getWhatIf,
  shareDraft,
  withdrawDraft,
} from '#contract/what-if.ts'
import type { DraftPage as Draft, DraftChange } from '#contract/what-if-draft.ts'
import { AddChange } from '../features/drafts/add-change.tsx'
import classes from '../features/drafts/draft.module.css'
import { DraftChanges } from '../features/drafts/draft-changes.tsx'
import { DraftEffect } from '../features/drafts/draft-effect.tsx'
import { DraftForm } from '../features/drafts/draft-form.tsx'
import { CarriedOut, DraftTimeline } from '../features/drafts/draft-past.tsx'
import { DraftState } from '../features/drafts/draft-state.tsx'
import { Guards } from '../features/rules/guards.tsx'
import { problemOf } from '../lib/call.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Page } from '../ui/page.tsx'
import { useMistakeTexts, useProblemText } from '../ui/problem-text.ts'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { Failure, Waiting } from '../ui/states.tsx'

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
  const problemText = useProblemText()
  const { draft } = props
  const computeError = useComputeError(draft)
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
  const put = (changes: DraftChange[], onSuccess?: () => void) =>
    change.mutate({ ...at, body: { version, name, note, onDate, changes } }, onSuccess ? { onSuccess } : {})
  const failed = (error: unknown) => (error ? problemText(problemOf(error)) : null)
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
          <DraftChanges
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
                onAdd={(one, taken) =>
                  put([...draft.changes, one], () => {
                    setBefore(null)
                    announce(t('drafts.added'))
                    taken()
                  })
                }
                onDone={() => compute.mutate({ ...at, body: { base } })}
              />
            </Card>
          )}
          <DraftTimeline draft={draft} />
        </div>
        <div className="stack">
          <DraftEffect
            {...{ draft, base }}
            result={result}
            computing={compute.isPending}
            error={computeError(compute.error)}
            onCompute={next => compute.mutate({ ...at, body: { base: next } })}
            guards={guards => <Guards heldBack={guards} />}
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
function useComputeError(draft: Draft): (error: unknown) => string | null {
  const problemText = useProblemText()
  const mistakes = useMistakeTexts()
  return error => {
    if (!error) return null
    const problem = problemOf(error)
    const texts = mistakes(problem)
    const wrong = problem.errors.map((one, n) => {
      const place = draft.changes.findIndex(change => one.path === change.id)
      return place < 0 ? texts[n] : `${place + 1}. ${texts[n]}`
    })
    return wrong.length > 0 ? wrong.join(' ') : problemText(problem)
  }
}
