import { readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { refreshProposals } from './access/mappings/proposal-store.ts'
import { insertRun } from './access/mining/mining-store.ts'
import { importRules } from './access/rules-change-service.ts'
import { loadDraft, setShared } from './access/what-if/draft-store.ts'
import { createDraft, saveWorked, workOut } from './access/what-if/drafts-service.ts'
import { systemActor } from './audit/audit-entry.ts'
import { audit } from './audit/audit-store.ts'
import { userStore } from './auth/user-store.ts'
import type { DemoManifest } from './demo/manifest.ts'
import { demoManifest } from './demo/read-manifest.ts'
import { writeDemo } from './demo/write-demo.ts'
import { putView } from './overview/views/view-store.ts'
import { newId } from './platform/ids.ts'
import { problem } from './platform/problem.ts'
import type { Progress, StepHandle } from './platform/setup-progress.ts'
import type { Tx } from './platform/unit-of-work.ts'
import { seedVocabularies } from './register/vocabulary/vocabulary-store.ts'
import { demoBindings } from './setup-bindings.ts'
import { demoCases } from './setup-cases.ts'
import { demoCompliance } from './setup-compliance.ts'
import { demoFindings } from './setup-findings.ts'
import { liveFortnight } from './setup-fortnight.ts'
import { firstTime, forgetSteps } from './setup-once.ts'
import { demoReach } from './setup-reach.ts'
import { demoRecords } from './setup-records.ts'
import { demoRegister } from './setup-register.ts'
import { type House, loadSources } from './wiring.ts'

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

async function makeDemo(house: House, progress: Progress, fortnight: boolean): Promise<void> {
  const files = progress.step('demo-files')
  files.start()
  const manifest = await demoFiles(house)
  files.finish()
  await loadSources(house)
  const steps = (await house.feeds.sources()).map(source => ({
    source,
    step: progress.step('read', nameOf(source.name)),
  }))
  const rights = progress.step('rights')
  for (const { source, step } of steps) {
    step.start()
    await readSource(house, source.key, step)
    step.finish()
  }
  rights.start()
  for (const [index, file] of RULE_FILES.entries()) {
    await importFile(house, file)
    rights.advance(index + 1, RULE_FILES.length)
  }
  await house.db.transaction(tx => refreshProposals(tx, house.clock.now(), true))
  const author = await house.db.transaction(tx => authorOf(tx, manifest))
  await exampleDrafts(house, author)
  await exampleProposals(house, author)
  await exampleViews(house, author)
  await demoRegister(house, manifest)
  await demoBindings(house, manifest)
  await demoFindings(house, manifest)
  await demoRecords(house, manifest)
  await demoCompliance(house, manifest)
  await demoReach(house)
  rights.finish()
  if (fortnight) {
    const days = progress.step('fortnight')
    days.start()
    await liveFortnight(house, manifest)
    days.finish()
  }
  await demoCases(house, manifest)
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

/** The user of the demonstration's IT administrator: examples are somebody's, as all of their kind are. */
async function authorOf(tx: Tx, manifest: DemoManifest): Promise<string> {
  const users = userStore(tx)
  const username = manifest.signIns.find(one => one.role === 'it')?.username ?? ''
  const person = await users.personOfUsername(username)
  if (!person) throw problem('not-found', { detail: `Nobody in the demonstration has the user name "${username}".` })
  return (await users.ofPerson(person.personId, person.username)).id
}

/** Two questions that a town hall asks each year: what the first of August does, and what a merger would do. */
async function exampleDrafts(house: House, author: string): Promise<void> {
  const [today, now] = [house.clock.today(), house.clock.now()]
  const onDate = `${Number(today.slice(0, 4)) + (today >= `${today.slice(0, 4)}-08-01` ? 1 : 0)}-08-01`
  await house.db.transaction(async tx => {
    if (!(await firstTime(tx, 'drafts'))) return
    const units = await tx.query<{ key: string; name: string }>(
      `select u.key, u.name from org_unit_current u
       where u.active and u.tree = 'admin' and u.parent_id = (
         select c.parent_id from org_unit_current c
         where c.active and c.tree = 'admin' and c.parent_id is not null
           and not exists (select from org_unit_current d where d.parent_id = c.unit_id)
           and exists (select from affiliation_current a where a.unit_id = c.unit_id and a.status = 'active')
         group by c.parent_id having count(*) >= 3 order by count(*), c.parent_id limit 1)
         and exists (select from affiliation_current a where a.unit_id = u.unit_id and a.status = 'active')
       order by u.key limit 3`,
    )
    const into = units.at(-1)
    const rows = units.slice(0, -1).map(one => ({ from: one.key, to: into?.key ?? '' }))
    const map = { id: 'map', kind: 'unit-map' as const, carry: true, translate: true, rows }
    for (const [name, changes] of [
      ['Hvad gør 1. august?', []],
      [`Sammenlægning i ${into?.name ?? ''}`, rows.length > 0 ? [map] : []],
    ] as const) {
      const when = { today, now }
      const id = await createDraft(tx, { name, note: '', onDate, changes: [...changes] }, author, when)
      await setShared(tx, id, now)
      const draft = await loadDraft(tx, id)
      if (draft) await saveWorked(tx, draft, 'same-date', await workOut(tx, draft, 'same-date', when), now)
    }
    await audit(tx).write({
      actor: systemActor('set-up'),
      action: 'what-if.created',
      subjectKind: 'what-if',
      detail: { onDate },
    })
  })
}

/** A search for roles in all that people hold, so that there is something to say yes and no to. */
async function exampleProposals(house: House, author: string): Promise<void> {
  const options = { share: 0.8, people: 5, withoutDecided: true, unexplainedOnly: false }
  const id = await house.db.transaction(async tx => {
    if (!(await firstTime(tx, 'proposals'))) {
      // One that was cut off is gone on with; it was begun a moment ago, by this set-up.
      const [open] = await tx.query<{ id: string }>(`select id from mining_run where state = 'running' limit 1`)
      return open?.id ?? null
    }
    const id = newId()
    const run = { id, scopeKind: 'all', scopeKey: '', systemId: null, aim: 'broad', options } as const
    await insertRun(tx, { ...run, startedBy: author }, house.clock.now())
    await audit(tx).write({
      actor: systemActor('set-up'),
      action: 'mining.started',
      subjectKind: 'mining',
      subjectId: id,
      detail: { scope: { kind: 'all' }, aim: run.aim, options },
    })
    return id
  })
  if (id !== null) await house.mining.carryOut(id)
}

/** Two questions that are asked each week, saved and shared, so that the tabs of views are not empty. */
async function exampleViews(house: House, author: string): Promise<void> {
  await house.db.transaction(async tx => {
    if (!(await firstTime(tx, 'views'))) return
    const views: { screen: string; name: string; search: Record<string, string | boolean> }[] = [
      { screen: 'rights', name: 'Vejen til følsomme oplysninger', search: { view: 'flow', protectedData: true } },
      { screen: 'findings', name: 'Alvorlige afvigelser', search: { severity: 'high' } },
    ]
    for (const view of views) {
      const { id } = await putView(tx, { ...view, sharedWith: ['it', 'dpo', 'auditor'], ownerId: author })
      await audit(tx).write({
        actor: systemActor('set-up'),
        action: 'view.saved',
        subjectKind: 'view',
        subjectId: id,
        detail: { screen: view.screen, name: view.name },
      })
    }
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

/** What the terminal says when everything stands: where to go, and how to sign in. */
export async function announce(house: House, url: string | null): Promise<string> {
  if (url === null) return 'Hjemmel: the worker is running. Ctrl-C stops it.\n'
  const lines = ['', `  Hjemmel: ${url}`, '']
  const manifest = house.demo ? demoManifest(house.demoDir) : null
  if (manifest) {
    lines.push('  Demonstration sign-ins (one click each on the sign-in page, no password):', '')
    const width = Math.max(...manifest.signIns.map(one => one.username.length))
    for (const one of manifest.signIns)
      lines.push(`    ${one.role.padEnd(12)} ${one.username.padEnd(width)}  ${one.firstLook.en}`)
    lines.push('')
  }
  const link = house.demo ? null : await house.auth.firstAdministratorLink()
  if (link)
    lines.push(
      '  No administrator yet. Open this link once, within 24 hours, to become the first:',
      '',
      `    ${link.url}`,
      '',
    )
  lines.push('  Ctrl-C stops everything. Start over with empty data: npm run start-over', '', '')
  return lines.join('\n')
}
