import { readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { refreshProposals } from '../access/mappings/proposal-store.ts'
import { importRules } from '../access/rules-change-service.ts'
import { systemActor } from '../audit/audit-entry.ts'
import { audit } from '../audit/audit-store.ts'
import type { DemoManifest } from '../demo/manifest.ts'
import { demoManifest } from '../demo/read-manifest.ts'
import { writeDemo } from '../demo/write-demo.ts'
import { problem } from '../platform/problem.ts'
import type { Progress, StepHandle } from '../platform/setup-progress.ts'
import { seedVocabularies } from '../register/vocabulary/vocabulary-store.ts'
import { type House, loadSources } from '../wiring.ts'
import { demoBindings } from './bindings.ts'
import { demoCases } from './cases.ts'
import { demoCompliance } from './compliance.ts'
import { demoExamples } from './examples.ts'
import { demoFindings } from './findings.ts'
import { whatFollows } from './follows.ts'
import { liveFortnight } from './fortnight/fortnight.ts'
import { forgetSteps } from './once.ts'
import { demoReach } from './reach.ts'
import { demoRecords } from './records.ts'
import { demoRegister } from './register.ts'

const DEMO_SEED = 'hjemmel'

/**
 * What has to be there before the house opens: the declared sources, and on the first start of the demonstration its
 * files, read through the same pipeline as everything else. Each step may be cut off anywhere and is then made again;
 * the last thing written is that it is done. `fortnight` false: the town as its files say it, in which nothing has happened.
 */
export async function firstSetUp(house: House, progress: Progress, { fortnight = true } = {}): Promise<void> {
  const runner = house.db.source.createQueryRunner()
  await runner.connect()
  try {
    // One process at a time: a second one waits here and finds everything done.
    await runner.query(`select pg_advisory_lock(hashtext('hjemmel set-up'))`)
    await house.db.transaction(seedVocabularies)
    if (!house.demo) return await loadSources(house)
    const done = await demoState(house)
    if (done) return await loadSources(house)
    await makeDemo(house, progress, fortnight)
  } finally {
    await runner.query(`select pg_advisory_unlock(hashtext('hjemmel set-up'))`).catch(() => {})
    await runner.release()
  }
}

type DemoState = { seed: string; today: string }

async function demoState(house: House): Promise<DemoState | null> {
  return house.db.snapshot(async tx => {
    const [row] = await tx.query<{ value: DemoState }>(`select value from installation where key = 'demo'`)
    return row?.value ?? null
  })
}

async function during<T>(step: StepHandle, work: () => Promise<T>): Promise<T> {
  step.start()
  const made = await work()
  step.finish()
  return made
}

async function makeDemo(house: House, progress: Progress, fortnight: boolean): Promise<void> {
  const manifest = await during(progress.step('demo-files'), () => demoFiles(house))
  await loadSources(house)
  const steps = (await house.feeds.sources()).map(source => ({
    source,
    step: progress.step('read', nameOf(source.name)),
  }))
  const rights = progress.step('rights')
  const register = progress.step('register')
  const days = fortnight ? progress.step('fortnight') : null
  const follows = progress.step('follows')
  for (const { source, step } of steps) await during(step, () => readSource(house, source.key, step))
  await during(rights, async () => {
    for (const [index, file] of RULE_FILES.entries()) {
      await importFile(house, file)
      rights.advance(index + 1, RULE_FILES.length)
    }
    await house.db.transaction(tx => refreshProposals(tx, house.clock.now(), true))
    await demoExamples(house, manifest)
  })
  await during(register, async () => {
    await demoRegister(house, manifest)
    await demoBindings(house, manifest)
    await demoFindings(house, manifest)
    await demoRecords(house, manifest)
    await demoCompliance(house, manifest)
    await demoReach(house)
  })
  if (days) await during(days, () => liveFortnight(house, manifest))
  await during(follows, async () => {
    await demoCases(house, manifest)
    await whatFollows(house)
  })
  await house.db.transaction(async tx => {
    await tx.query(`insert into installation (key, value) values ('demo', $1)`, [
      JSON.stringify({ seed: manifest.seed, today: manifest.today } satisfies DemoState),
    ])
    await forgetSteps(tx)
    await audit(tx).write({
      actor: systemActor('set-up'),
      action: 'demo.made',
      subjectKind: 'installation',
      detail: { seed: manifest.seed },
    })
  })
}

const RULE_FILES = ['regler/roller.yaml', 'regler/regler.yaml', 'regler/gruppekoblinger.yaml']
const nameOf = (name: string | { da: string; en?: string }): string => (typeof name === 'string' ? name : name.da)

/** The files as a whole or not at all; those of a set-up that was cut off are used again. */
async function demoFiles(house: House): Promise<DemoManifest> {
  const known = demoManifest(house.demoDir)
  if (known) return known
  const fresh = `${house.demoDir}.new`
  rmSync(fresh, { recursive: true, force: true })
  const manifest = await writeDemo({ dir: fresh, seed: DEMO_SEED, today: house.clock.today() })
  rmSync(house.demoDir, { recursive: true, force: true })
  renameSync(fresh, house.demoDir)
  return manifest
}

async function readSource(house: House, key: string, step: StepHandle): Promise<void> {
  const watch = setInterval(() => {
    house.db.source
      .query(`select progress from feed_run where source = $1 order by started_at desc limit 1`, [key])
      .then((rows: { progress: { done?: number; total?: number | null } }[]) => {
        const now = rows[0]?.progress
        if (now?.done !== undefined) step.advance(now.done, now.total ?? undefined)
      })
      .catch(() => {})
  }, 400)
  try {
    const result = await house.feeds.run(key, { trigger: 'setup' })
    if (result.state !== 'done')
      throw problem('source-incomplete', {
        detail: `The demonstration's source "${key}" could not be read (${result.error?.detail ?? result.state}). Start over with: npm run start-over`,
      })
  } finally {
    clearInterval(watch)
  }
}

async function importFile(house: House, file: string): Promise<void> {
  const yaml = readFileSync(join(house.demoDir, file), 'utf8')
  await house.db.transaction(async tx => {
    const result = await importRules(
      tx,
      { yaml, hash: null, by: 'set-up' },
      { today: house.clock.today(), now: house.clock.now() },
    )
    await audit(tx).write({
      actor: systemActor('set-up'),
      action: 'rules.imported',
      subjectKind: 'rules',
      detail: { file, applied: result.applied, rules: result.rules, roles: result.roles, mappings: result.mappings },
    })
  })
}
