import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import {
  getMiningRun,
  getProposal,
  listMiningRuns,
  type MiningRunPage,
  type MiningRunRow,
  restartMining,
  stopMining,
} from '#contract/mining.ts'
import { DataFreshness, OBSERVED } from '../features/freshness/data-freshness.tsx'
import { AcceptDialog } from '../features/mining/accept-dialog.tsx'
import { useMiningWords } from '../features/mining/mining-words.ts'
import { ProposalDetail } from '../features/mining/proposal-detail.tsx'
import { ProposalList } from '../features/mining/proposal-list.tsx'
import { RunPanel } from '../features/mining/run-panel.tsx'
import { StartForm } from '../features/mining/start-form.tsx'
import { useDecide } from '../features/mining/use-decide.ts'
import { isRefused, problemOf } from '../lib/call.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import classes from '../ui/desk.module.css'
import { Choice, FilterRow, Toggle } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { useProblemText } from '../ui/problem-text.ts'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { Answer, Empty, Failure } from '../ui/states.tsx'
import { KeyHelp, useDesk } from '../ui/use-desk.tsx'

const route = getRouteApi('/app/roles/proposals')
const limit = 50
/** Milliseconds between two looks at a search that is under way. */
const LOOK = 1000

/** Roles that what people hold proposes: begin a search, watch it, and decide about each proposal. */
export function RoleProposalsPage() {
  const { t } = useTexts()
  const words = useMiningWords()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate(), { stay: true })
  const [asking, setAsking] = useState(false)
  const runs = useCall(listMiningRuns, { query: { limit } })
  const shown = search.run ?? runs.data?.rows[0]?.id
  const may = runs.data?.may.start ?? 'no'
  const show = (run: string) => url.change({ run, nr: undefined, all: undefined })
  if (isRefused(runs))
    return (
      <Page title={t('mining.title')}>
        <Failure error={runs.error} />
      </Page>
    )
  return (
    <Page
      title={t('mining.title')}
      section={t('nav.roles')}
      lead={t('mining.lead')}
      actions={may !== 'no' && <Button onClick={() => setAsking(true)}>{t('mining.new')}</Button>}
    >
      <DataFreshness kinds={OBSERVED} />
      <Answer query={runs}>
        {data =>
          shown === undefined ? (
            <Card>
              <Empty
                title={t('mining.none')}
                help={t(may === 'no' ? 'mining.noneHelpRead' : 'mining.noneHelp')}
                action={may !== 'no' && <Button onClick={() => setAsking(true)}>{t('mining.new')}</Button>}
              />
            </Card>
          ) : (
            <div className="stack">
              <FilterRow>
                <Choice
                  label={t('mining.run')}
                  value={shown === data.rows[0]?.id ? undefined : shown}
                  all={named(data.rows[0], words.run)}
                  onChange={run => show(run ?? data.rows[0]?.id ?? shown)}
                  options={data.rows.slice(1).map(run => ({ value: run.id, label: words.run(run) }))}
                />
                <Toggle on={search.all === true} onChange={on => url.change({ all: on || undefined, nr: undefined })}>
                  {t('mining.all')}
                </Toggle>
              </FilterRow>
              <Run key={shown} runId={shown} onOther={show} />
            </div>
          )
        }
      </Answer>
      {asking && (
        <StartForm
          onStarted={run => {
            setAsking(false)
            show(run)
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </Page>
  )
}

const named = (run: MiningRunRow | undefined, words: (run: MiningRunRow) => string) => (run ? words(run) : '')

function Run(props: { runId: string; onOther: (runId: string) => void }) {
  const { t } = useTexts()
  const problemText = useProblemText()
  const search = route.useSearch()
  const { runId } = props
  const at = { params: { runId } }
  const [offset, all] = [search.offset ?? 0, search.all === true]
  const query = useCall(
    getMiningRun,
    { ...at, query: { ...(all ? {} : { state: 'open' as const }), offset, limit } },
    { keep: true, every: data => (data?.run.state === 'running' ? LOOK : false) },
  )
  const stop = useCommand(stopMining, () => announce(t('mining.stopAsked')))
  const again = useCommand(restartMining, answer => props.onOther(answer.id))
  const state = query.data?.run.state
  const before = useRef(state)
  useEffect(() => {
    if (before.current === 'running' && state && state !== 'running') announce(t('mining.ended'))
    before.current = state
  }, [state, t])
  const failed = stop.error ?? again.error
  return (
    <Answer query={query}>
      {page => (
        <>
          <RunPanel
            page={page}
            busy={stop.isPending || again.isPending}
            problem={failed ? problemText(problemOf(failed)) : null}
            onStop={() => stop.mutate({ ...at, body: {} })}
            onAgain={() => again.mutate({ ...at, body: {} })}
          />
          {page.result && <Desk page={page} />}
        </>
      )}
    </Answer>
  )
}

function Desk({ page }: { page: MiningRunPage }) {
  const { t } = useTexts()
  const words = useMiningWords()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate(), { stay: true })
  const [asked, setAsked] = useState<'accept' | 'reject' | null>(null)
  const decide = useDecide()
  const runId = page.run.id
  const ids = page.proposals.map(row => String(row.nr))
  const choose = (id: string | undefined) =>
    url.change({ nr: id === undefined ? undefined : Number(id), offset: url.offset || undefined })
  const desk = useDesk({ ids, wanted: search.nr === undefined ? undefined : String(search.nr), choose })
  const { chosen } = desk
  const nr = Number(chosen ?? 0)
  const query = useCall(getProposal, { params: { runId, nr } }, { enabled: chosen !== undefined })
  const proposal = query.data?.nr === nr ? query.data : undefined
  const at = { runId, nr }
  const next = () => {
    setAsked(null)
    // The dialog goes first, and gives the focus back.
    if (!search.all) requestAnimationFrame(() => desk.goOn())
  }
  const undoLast = () => {
    const { last } = decide
    if (last) decide.undo(last, () => choose(String(last.nr)))
  }
  const ask = (what: 'accept' | 'reject') => {
    if (!proposal?.may[what]) return
    decide.clear()
    setAsked(what)
  }
  const onDesk = desk.props({
    pick: place => {
      if (place === 1) ask('accept')
      if (place === 2) ask('reject')
    },
    undo: undoLast,
  })
  const decided = page.run.proposals.accepted + page.run.proposals.rejected
  if (page.total === 0 && decide.last === null)
    return (
      <Card>
        {decided > 0 ? (
          <Empty good title={t('mining.empty')} help={t('mining.emptyHelp')} />
        ) : (
          <Empty title={t('mining.nothing')} help={t('mining.nothingHelp')} />
        )}
      </Card>
    )
  return (
    <>
      {decide.last && (
        <div className={classes.last}>
          <span>{decide.last.text}</span>
          <Button variant="default" size="xs" loading={decide.busy} onClick={undoLast}>
            {t('mining.undo')}
          </Button>
        </div>
      )}
      <div {...onDesk}>
        <div className={classes.side}>
          <ProposalList rows={page.proposals} chosen={chosen} onChoose={choose} />
          <div className={classes.sideFoot}>
            <Pager offset={url.offset} limit={limit} total={page.total} onMove={url.move} hint={false} />
          </div>
        </div>
        <div className={classes.detail}>
          <Keys />
          {chosen === undefined ? (
            <p className="dim">{t('mining.choose')}</p>
          ) : (
            <Answer query={query}>
              {found => (
                <ProposalDetail
                  proposal={found}
                  busy={decide.busy}
                  problem={asked ? null : decide.problem}
                  onAccept={() => ask('accept')}
                  onReject={() => ask('reject')}
                  onUndo={() => decide.undo(at, () => {})}
                />
              )}
            </Answer>
          )}
        </div>
      </div>
      {asked === 'accept' && proposal && (
        <AcceptDialog
          name={words.who(proposal.description)}
          busy={decide.busy}
          problem={decide.problem}
          onAccept={content => decide.accept(at, content, next)}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === 'reject' && proposal && (
        <ReasonDialog
          title={t('mining.rejectTitle')}
          verb={t('mining.reject')}
          busy={decide.busy}
          error={decide.problem}
          onConfirm={reason => decide.reject(at, reason, next)}
          onClose={() => setAsked(null)}
        >
          <p>{t('mining.rejectHelp')}</p>
        </ReasonDialog>
      )}
    </>
  )
}

function Keys() {
  const { t } = useTexts()
  return (
    <KeyHelp
      label={t('mining.keys')}
      keys={[
        ['j / k', t('mining.keysHelp.move')],
        ['1', t('mining.keysHelp.accept')],
        ['2', t('mining.keysHelp.reject')],
        ['z', t('mining.keysHelp.undo')],
      ]}
    />
  )
}
