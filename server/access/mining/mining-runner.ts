import { Worker } from 'node:worker_threads'
import { systemActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Log } from '../../platform/log.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import { type HeldMatrix, readMatrix } from './held-matrix-store.ts'
import * as store from './mining-store.ts'
import type { MiningWords, MiningWork } from './mining-worker.ts'
import { aimOf, type Proposals, rightsHash, scopeOf } from './propose-roles.ts'

export type Mining = {
  /** Begins to work on a stored run and comes back at once; how it ends stands in the run. */
  begin(runId: string): void
  /** The same, waited for. */
  carryOut(runId: string): Promise<void>
  /** Ends what is under way; those runs are interrupted and may be begun again. */
  close(): Promise<void>
}

/** Room for what a search throws away again. Without a word it grows to three times this, and the search is no quicker. */
const YOUNG_MB = 24

/** What says again whose numbers and rights those of the matrix are. */
type HeldNames = Omit<HeldMatrix, 'matrix' | 'people' | 'parts'>
type Ended = Extract<MiningWords, { kind: 'ended' }>
/** `stop[0]` becomes 1 when the best so far is to be enough. */
type Thread = { worker: Worker; stop: Int32Array }

/**
 * Carries runs out, each in a thread of its own: the search is minutes of computing, and neither requests nor jobs of
 * this process may wait for it. Whoever asks a run to stop writes it into the run, so that it may be another process.
 * `beat`: milliseconds between two signs of life, each with how far it is.
 */
export function createMining({ db, log, beat = 1000 }: { db: Db; log: Log; beat?: number }): Mining {
  const living = new Map<string, Worker>()
  let closing = false

  const carryOut = async (runId: string): Promise<void> => {
    const run = await db.snapshot(tx => store.loadRun(tx, runId))
    if (run?.state !== 'running') return
    try {
      const { names, ...thread } = await start(runId, run)
      const ended = await search(runId, thread)
      if (ended) await keep(runId, names, ended)
    } catch (error) {
      if (closing) return
      log.warn({ part: 'mining', runId, err: String(error) }, 'a search for roles did not come to its end')
      await db.transaction(tx => store.endRun(tx, runId, { state: 'failed', error: String(error).slice(0, 500) }))
    }
  }

  /** Gives a thread what it works on, and keeps only what is needed again when it has ended: there are not to be two of it. */
  const start = async (runId: string, run: store.StoredRun): Promise<Thread & { names: HeldNames }> => {
    const scope = scopeOf(run.scopeKind, run.scopeKey)
    const { matrix, people, parts, ...names } = await db.snapshot(tx => readMatrix(tx, scope, run.options))
    const { rows, rights } = matrix
    await db.transaction(tx =>
      store.saveMatrix(tx, runId, {
        ...{ people: rows.length, rights },
        holders: rows.filter(row => row.length > 0).length,
        held: rows.reduce((sum, row) => sum + row.length, 0),
      }),
    )
    const stop = new Int32Array(new SharedArrayBuffer(4))
    const work: MiningWork = { matrix, people, parts, how: aimOf(run.aim, run.options), stop }
    const options = { workerData: work, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } }
    return { names, stop, worker: new Worker(new URL('./mining-worker.ts', import.meta.url), options) }
  }

  /** Null: it was given up from outside. */
  const search = async (runId: string, { worker, stop }: Thread): Promise<Ended | null> => {
    living.set(runId, worker)
    let progress: store.Progress | null = null
    let writing = false
    let givenUp = false
    const sign = async () => {
      if (writing) return
      writing = true
      try {
        const answer = await db.transaction(tx => store.beat(tx, runId, progress))
        if (answer === 'stop') Atomics.store(stop, 0, 1)
        givenUp = answer === 'given-up'
        if (givenUp) await worker.terminate()
      } catch (error) {
        // The database may be back before anybody takes the run for dead.
        log.debug({ part: 'mining', runId, err: String(error) }, 'a sign of life could not be written')
      } finally {
        writing = false
      }
    }
    const timer = setInterval(() => void sign(), beat)
    timer.unref()
    try {
      return await new Promise((resolve, reject) => {
        worker.on('message', (words: MiningWords) => {
          if (words.kind === 'ended') resolve(words)
          else progress = words.progress
        })
        worker.on('error', reject)
        worker.on('exit', () => (givenUp ? resolve(null) : reject(new Error('the thread ended before its work'))))
      })
    } finally {
      clearInterval(timer)
      living.delete(runId)
      await worker.terminate()
    }
  }

  const keep = (runId: string, held: HeldNames, { stopped, found }: Ended) =>
    db.transaction(async tx => {
      const proposals = found ? found.proposals.map(one => asStored(one, held)) : []
      const before = await store.rejectedBefore(
        tx,
        proposals.map(one => one.hash),
      )
      const fresh = proposals.filter(one => !before.has(one.hash))
      const state = stopped ? 'stopped' : 'done'
      const result = found && resultOf(found, held, proposals.length - fresh.length)
      if (!(await store.endRun(tx, runId, { state, result }))) return
      await store.insertProposals(tx, runId, fresh)
      await audit(tx).write({
        actor: systemActor('mining'),
        action: stopped ? 'mining.stopped' : 'mining.done',
        subjectKind: 'mining',
        subjectId: runId,
        detail: { proposals: fresh.length, left: found?.left ?? null },
      })
    })

  return {
    carryOut,
    begin: runId =>
      void carryOut(runId).catch((error: unknown) =>
        log.warn({ part: 'mining', runId, err: String(error) }, 'how a search for roles ended could not be written'),
      ),
    async close() {
      closing = true
      for (const [runId, worker] of living) {
        await worker.terminate()
        await db.transaction(tx => store.endRun(tx, runId, { state: 'interrupted' }))
      }
    },
  }
}

function asStored(one: Proposals['proposals'][number], held: HeldNames): store.NewProposal {
  const { kinds, hits, meets, newly, position } = one
  return {
    ...{ kinds, hits, meets, newly, position },
    rights: one.rights.map(right => held.entitlementIds[right] as string),
    holders: one.holders.map(holder => held.personIds[holder] as string),
    hash: rightsHash(one.rights.map(right => held.entitlementKeys[right] as string)),
    // "Anywhere" within a unit is that unit.
    unit: one.unit ?? held.top,
  }
}

/** So many rights of the deviation are named; their number is told of all. */
const MOST_NAMED = 200

function resultOf(found: Proposals, held: HeldNames, before: number): store.RunResult {
  return {
    ...{ roles: found.proposals.length, complexity: found.complexity, fewest: found.fewest },
    ...{ left: found.left, held: found.held, rejectedBefore: before },
    deviation: found.deviation
      .slice(0, MOST_NAMED)
      .map(one => ({ entitlement: held.entitlementIds[one.right] as string, people: one.people })),
  }
}
