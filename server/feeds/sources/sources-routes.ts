import { getFreshness } from '#contract/freshness.ts'
import { RECORD_ATTRIBUTES } from '#contract/record-attributes.ts'
import { retryRun } from '#contract/runs.ts'
import { getSourceOptions, TRANSFORMS } from '#contract/source-options.ts'
import { previewSource, sampleSource, testSource } from '#contract/source-trials.ts'
import {
  changeSource,
  createSource,
  exportSources,
  getSource,
  importSources,
  listSourceVersions,
  previewSourceImport,
  restoreSource,
  retireSource,
  validateSource,
} from '#contract/sources.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Log } from '../../platform/log.ts'
import { problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor, can, seesOfAll } from '../../policy/policy.ts'
import type { Feeds } from '../feeds-service.ts'
import type { RunOptions } from '../runs/run-service.ts'
import { newestRun, readRun } from '../runs/run-store.ts'
import { filesBelow, type ScreenLimits } from './screen-limits.ts'
import { shownSample } from './show-sample.ts'
import type { Written } from './source-store.ts'
import type { Sources, SourceWritten } from './sources-service.ts'
import * as views from './sources-views.ts'

type UserNames = (tx: Tx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
type Parts = {
  db: Db
  clock: Clock
  log: Log
  feeds: Feeds
  sources: Sources
  screen: ScreenLimits
  secretNames: readonly string[]
  userNames: UserNames
}

export function sourceRoutes(routes: Routes<Actor>, parts: Parts): void {
  const { db, clock, log, feeds, sources, screen, userNames } = parts

  routes.add(getSource, async call => {
    const may = { change: can(call.actor, 'source.change'), run: can(call.actor, 'run.start') }
    const detail = await views.sourceDetail(call.tx, call.params.sourceKey, { sources, may })
    const names = await userNames(call.tx, detail.changedBy ? [detail.changedBy] : [])
    return { ...detail, changedBy: detail.changedBy && (names.get(detail.changedBy) ?? detail.changedBy) }
  })
  routes.add(listSourceVersions, async call => {
    const rows = await views.sourceVersions(call.tx, call.params.sourceKey)
    const names = await userNames(
      call.tx,
      rows.flatMap(row => row.by ?? []),
    )
    return { rows: rows.map(row => ({ ...row, by: row.by && (names.get(row.by) ?? row.by) })) }
  })
  routes.add(getSourceOptions, async () => ({
    kinds: ['ldap' as const, 'ldif' as const, 'csv' as const, 'opus' as const, 'sd' as const],
    secretNames: [...parts.secretNames].sort(),
    secretFiles: screen.secretsDir === null ? null : filesBelow(screen.secretsDir, screen),
    dropFiles: screen.dropsDir === null ? null : filesBelow(screen.dropsDir, screen),
    hosts: [...screen.hosts],
    records: RECORD_ATTRIBUTES,
    transforms: [...TRANSFORMS],
    schedules: ['1m', '5m', '15m', '1h', '6h', '1d'],
  }))
  routes.add(validateSource, call => sources.validate(call.tx, call.body.declaration as Written))

  const written = async (call: { tx: Tx; actor: Actor; requestId: string }, what: SourceWritten) => {
    await audit(call.tx).write({
      actor: auditActor(call.actor),
      action: what.action,
      subjectKind: 'source',
      subjectId: what.key,
      before: what.before,
      after: what.after,
      detail: { version: what.version, reason: what.reason },
      requestId: call.requestId,
    })
    return { key: what.key, version: what.version }
  }
  const by = ({ actor }: { actor: Actor }) => {
    const { personId, function: inFunction } = auditActor(actor)
    return { id: actor.userId, personId, function: inFunction }
  }
  const givenOf = ({ declaration, confirmSecret }: { declaration: unknown; confirmSecret: boolean }) => ({
    declaration: declaration as Written,
    confirmSecret,
  })

  routes.add(createSource, async call => {
    const { body } = call
    return written(call, await sources.create(call.tx, by(call), { ...givenOf(body), reason: body.reason || null }))
  })
  routes.add(changeSource, async call => {
    const { body, params } = call
    const given = { ...givenOf(body), version: body.version, reason: body.reason || null }
    return written(call, await sources.change(call.tx, by(call), params.sourceKey, given))
  })
  routes.add(retireSource, async call =>
    written(call, await sources.retire(call.tx, by(call), call.params.sourceKey, call.body)),
  )
  routes.add(restoreSource, async call => {
    const { version, reason } = call.body
    return written(
      call,
      await sources.restore(call.tx, by(call), call.params.sourceKey, { version, reason: reason || null }),
    )
  })

  /** A saved source by its key, or a declaration that is only tried; which one is said in the audit log, for a secret is used. */
  const tried = async (
    call: { actor: Actor; requestId: string; body: { key: string } | { declaration: unknown; confirmSecret: boolean } },
    action: 'source.tested' | 'source.sampled',
  ) => {
    const { body } = call
    return db.transaction(async tx => {
      const what = 'key' in body ? body.key : await sources.draft(tx, givenOf(body))
      await audit(tx).write({
        actor: auditActor(call.actor),
        action,
        subjectKind: 'source',
        subjectId: typeof what === 'string' ? what : what.key,
        ...(typeof what === 'string' ? {} : { after: what.written }),
        detail: { draft: typeof what !== 'string' },
        requestId: call.requestId,
      })
      return what
    })
  }
  routes.addOwn(testSource, async call => {
    const steps = await feeds.test(await tried(call, 'source.tested'))
    return { ok: steps.every(step => step.ok), steps }
  })
  routes.addOwn(sampleSource, async call => {
    const entries = await feeds.sample(await tried(call, 'source.sampled'))
    const see = { protected: seesOfAll(call.actor, 'protectedName'), birthDates: seesOfAll(call.actor, 'cpr') }
    return { entries: shownSample(entries, see) }
  })

  /** Start a run and answer with it; what goes wrong later stands in the run's own row. */
  const begin = (key: string, options: RunOptions): Promise<{ runId: string }> =>
    new Promise((resolve, reject) => {
      feeds.run(key, { ...options, onStart: runId => resolve({ runId }) }).catch((error: unknown) => {
        log.warn({ source: key, err: String(error) }, 'a run that was asked for did not start or stopped')
        reject(error)
      })
    })
  routes.addOwn(previewSource, async call => {
    const draft = await db.snapshot(tx => sources.draft(tx, givenOf(call.body)))
    return begin(draft.key, { draft, trigger: 'manual', actor: by(call) })
  })
  routes.addOwn(retryRun, async call => {
    const run = await db.snapshot(async tx => {
      const found = await readRun(tx, call.params.runId)
      if (
        (await newestRun(tx, found.source)) !== found.id ||
        !['failed', 'rejected'].includes(found.state) ||
        found.dryRun
      )
        throw problem('plan-stale', {
          detail: 'There is a newer run of this source, or this one did not fail. Look at the newest run.',
        })
      return found
    })
    return begin(run.source, { trigger: 'manual', actor: by(call) })
  })

  routes.add(exportSources, async call => ({ yaml: await sources.export(call.tx, call.query.key ?? null) }))
  routes.add(previewSourceImport, call => sources.previewImport(call.tx, call.body.yaml))
  routes.add(importSources, async call => {
    const result = await sources.import(call.tx, by(call), call.body)
    for (const one of result.written) await written(call, one)
    if (result.written.length === 0)
      await audit(call.tx).write({
        actor: auditActor(call.actor),
        action: 'source.imported',
        subjectKind: 'source',
        detail: { changed: 0 },
        requestId: call.requestId,
      })
    return { rows: result.rows }
  })
  routes.add(getFreshness, async call => ({ rows: await views.freshness(call.tx, clock.now()) }))
}
