import * as contract from '#contract/mining.ts'
import { say } from '#contract/said.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import type { LocalAdministrators } from '../last-administrator.ts'
import type { UserNames } from '../rules-routes.ts'
import type { Mining } from './mining-runner.ts'
import * as service from './mining-service.ts'
import { loadRun, lockProposal, type StoredRun } from './mining-store.ts'
import { runsView, runView, scopesView } from './mining-views.ts'
import { proposalView } from './proposal-view.ts'
import { scopeOf } from './propose-roles.ts'

type Parts = { db: Db; clock: Clock; userNames: UserNames; mining: Mining; localAdministrators?: LocalAdministrators }
type Of = { actor: Actor; requestId: string }

const found = <T>(answer: T | null): T => {
  if (answer === null) throw problem('not-found')
  return answer
}

/** Roles proposed from what people hold. Whoever is shown who holds one has looked them up: it is logged. */
export function miningRoutes(routes: Routes<Actor>, parts: Parts): void {
  const { db, clock, userNames, mining, localAdministrators } = parts
  const when = () => ({
    ...{ today: clock.today(), now: clock.now() },
    ...(localAdministrators ? { localAdministrators } : {}),
  })
  const note = (tx: Tx, call: Of, action: string, subjectId: string, detail?: unknown) =>
    audit(tx).write({
      ...{ actor: auditActor(call.actor), action, subjectKind: 'mining', subjectId, detail, requestId: call.requestId },
    })
  const named = async <T extends { startedBy: string }>(tx: Tx, rows: readonly T[]): Promise<T[]> => {
    const names = await userNames(
      tx,
      rows.map(row => row.startedBy),
    )
    return rows.map(row => ({ ...row, startedBy: names.get(row.startedBy) ?? row.startedBy }))
  }
  /** A run that the actor may act on. What may be read and not acted on is refused, not hidden. */
  const toChange = async (tx: Tx, actor: Actor, id: string): Promise<StoredRun> => {
    const run = found(await loadRun(tx, id))
    const record = { systemId: run.systemId }
    if (!allows(actor, 'read', 'Mining', record)) throw problem('not-found')
    if (!allows(actor, 'change', 'Mining', record)) throw problem('not-allowed')
    return run
  }
  const proposalToChange = async (tx: Tx, actor: Actor, { runId, nr }: { runId: string; nr: number }) => {
    await toChange(tx, actor, runId)
    return found(await lockProposal(tx, runId, nr))
  }

  routes.add(contract.listMiningRuns, async call => {
    const page = await runsView(call.tx, call.actor, call.query)
    return { ...page, rows: await named(call.tx, page.rows) }
  })
  routes.add(contract.listMiningScopes, call => scopesView(call.tx, call.actor))
  routes.add(contract.getMiningRun, async call => {
    const page = found(await runView(call.tx, call.actor, call.params.runId, call.query))
    const [run] = await named(call.tx, [page.run])
    return { ...page, run: run ?? page.run }
  })

  const begin = async (call: Of, body: Parameters<typeof service.startRun>[2], again?: string) => {
    const id = await db.transaction(async tx => {
      const made = await service.startRun(tx, call.actor, body, clock.now())
      await note(tx, call, 'mining.started', made, { ...body, ...(again ? { again } : {}) })
      return made
    })
    mining.begin(id)
    return { id }
  }
  routes.addOwn(contract.startMining, call => begin(call, call.body))
  routes.addOwn(contract.restartMining, async call => {
    const run = await db.snapshot(tx => toChange(tx, call.actor, call.params.runId))
    if (run.state === 'running')
      throw problem('conflict', {
        detail: 'This search is still under way.',
        said: say('search-under-way', {}),
      })
    return begin(call, { scope: scopeOf(run.scopeKind, run.scopeKey), aim: run.aim, options: run.options }, run.id)
  })
  routes.add(contract.stopMining, async call => {
    const run = await toChange(call.tx, call.actor, call.params.runId)
    await service.stopRun(call.tx, run)
    await note(call.tx, call, 'mining.stop-asked', run.id)
    return { asked: true }
  })

  routes.addOwn(contract.getProposal, call =>
    db.snapshotOnRecord(async tx => {
      const { runId, nr } = call.params
      const page = found(await proposalView(tx, call.actor, call.params, clock.today()))
      if (page.people.length > 0)
        await audit(tx).lookupList({
          ...{ actor: auditActor(call.actor), action: 'mining.people-viewed', requestId: call.requestId },
          ...{ query: { run: runId, nr }, count: page.people.length },
        })
      return page
    }),
  )
  routes.add(contract.acceptProposal, async call => {
    const proposal = await proposalToChange(call.tx, call.actor, call.params)
    const made = await service.accept(call.tx, proposal, { ...call.body, by: call.actor.userId }, when())
    await note(call.tx, call, 'mining.accepted', proposal.runId, { nr: proposal.nr, ...made })
    return made
  })
  routes.add(contract.rejectProposal, async call => {
    const proposal = await proposalToChange(call.tx, call.actor, call.params)
    const { reason } = call.body
    await service.reject(call.tx, proposal, { by: call.actor.userId, reason }, clock.now())
    await note(call.tx, call, 'mining.rejected', proposal.runId, { nr: proposal.nr, reason })
    return { state: 'rejected' as const }
  })
  routes.add(contract.undoProposal, async call => {
    const proposal = await proposalToChange(call.tx, call.actor, call.params)
    await service.undo(call.tx, call.actor, proposal, when())
    await note(call.tx, call, 'mining.taken-back', proposal.runId, { nr: proposal.nr, was: proposal.state })
    return { state: 'open' as const }
  })
}
