import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { catchUp } from '../../../../server/access/access-store.ts'
import { readMatrix, widestScope } from '../../../../server/access/mining/held-matrix-store.ts'
import { createMining } from '../../../../server/access/mining/mining-runner.ts'
import { accept, reject, startRun, stopRun, undo } from '../../../../server/access/mining/mining-service.ts'
import { forgetOldRuns, loadRun, lockProposal } from '../../../../server/access/mining/mining-store.ts'
import { runsView, runView, scopesView } from '../../../../server/access/mining/mining-views.ts'
import { likeRules, proposalView } from '../../../../server/access/mining/proposal-view.ts'
import { refreshPersonRights } from '../../../../server/access/person-rights-store.ts'
import { draftOf } from '../../../../server/access/rule-desk/rule-draft-store.ts'
import { loadDraft, loadResult } from '../../../../server/access/what-if/draft-store.ts'
import type { MiningScope } from '../../../../server/contract/mining.ts'
import { systemClock } from '../../../../server/platform/clock.ts'
import { newId } from '../../../../server/platform/ids.ts'
import { createLog } from '../../../../server/platform/log.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import { counted } from '../../../support/counted.ts'
import { testDatabase } from '../../../support/database.ts'
import {
  account,
  entitlement,
  job,
  municipality,
  person,
  position,
  system,
  unit,
} from '../../../support/municipality.ts'
import { actor } from '../../policy/actors.ts'

/*
 * A town with planted roles: teachers of two schools, nurses of one unit, and everybody in the town hall. Two people hold
 * something that nobody else does, and a school has pupils.
 */
const database = testDatabase()
let town: ReturnType<typeof municipality>
const PLANTED = {
  teacher: ['skole/laes', 'skole/ret', 'intra/laes'],
  nurse: ['omsorg/journal', 'omsorg/medicin', 'intra/laes'],
  clerk: ['esdh/sag', 'esdh/arkiv', 'intra/laes'],
} as const
const STAFF: Record<string, { unit: string; title: string; rights: readonly string[] }> = {
  ...many('t', 12, { unit: 'skole1', title: 'Laerer', rights: PLANTED.teacher }),
  ...many('u', 9, { unit: 'skole2', title: 'Laerer', rights: PLANTED.teacher }),
  ...many('n', 10, { unit: 'pleje', title: 'Sosu', rights: PLANTED.nurse }),
  ...many('c', 8, { unit: 'hus', title: 'Kontor', rights: PLANTED.clerk }),
  // A teacher who holds nothing, and one who left it a year ago with a right that is only theirs.
  new: { unit: 'skole1', title: 'Laerer', rights: [] },
  odd: { unit: 'hus', title: 'Kontor', rights: [...PLANTED.clerk, 'esdh/admin'] },
}
function many(letter: string, count: number, one: (typeof STAFF)[string]): typeof STAFF {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`${letter}${n}`, one]))
}
const it_ = actor(['it'])
const options = { share: 0.8, people: 5, withoutDecided: true, unexplainedOnly: false }
const log = createLog('silent')

beforeAll(async () => {
  town = municipality(database.db)
  await town.feed('hr', [
    position('laerer', { name: 'Lærer', category: 'school', titles: ['Laerer'] }),
    position('sosu', { name: 'Sosu', category: 'care', titles: ['Sosu'] }),
    position('kontor', { name: 'Kontor', category: 'office', titles: ['Kontor'] }),
    unit('top', { name: 'Kommunen', unitKind: 'top' }),
    unit('born', { name: 'Børn', parent: 'top' }),
    ...['skole1', 'skole2'].map(key => unit(key, { name: key, parent: 'born' })),
    ...['pleje', 'hus'].map(key => unit(key, { name: key, parent: 'top' })),
    ...Object.entries(STAFF).flatMap(([key, { unit: where, title }]) => [
      person(`p-${key}`),
      job(`e-${key}`, `p-${key}`, { unit: where, title }),
    ]),
    person('pupil'),
    job('e-pupil', 'pupil', { unit: 'skole1', affiliationKind: 'pupil' }),
  ])
  await town.feed('systems', [
    ...['skole', 'omsorg', 'esdh', 'intra'].map(key =>
      system(key, { name: key, area: key === 'skole' ? 'Børn' : 'Alle' }),
    ),
    ...[...new Set([...Object.values(PLANTED).flat(), 'esdh/admin'])].map(key => entitlement(key, { name: key })),
  ])
  await town.feed(
    'ad',
    Object.keys(STAFF).map(key => account(key, { username: key, employeeNo: `e-${key}` })),
  )
  await database.db.transaction(async tx => {
    for (const [key, { rights }] of Object.entries(STAFF))
      await tx.query(
        `insert into observed_right (account_id, entitlement_id, via, first_seen_at)
         select a.id, e.id, '{}', now() from account a, entitlement e where a.key = $1 and e.key = any($2)`,
        [key, [...rights]],
      )
    await tx.query(
      `insert into observed_right (account_id, entitlement_id, via, first_seen_at)
       select a.id, e.id, '{}', now() from account a, entitlement e where a.key = 'pupil' and e.key = 'skole/laes'`,
    )
    await catchUp(tx, { ...town.when, cause: 'test' })
    await refreshPersonRights(tx, 'all')
  })
})
beforeEach(() => database.db.transaction(tx => tx.query('truncate mining_run cascade')))

const read = <T>(work: (tx: Tx) => Promise<T>) => database.db.transaction(work)
type Asked = { scope?: MiningScope; aim?: 'few' | 'light' | 'broad'; more?: Partial<typeof options> }
async function run({ scope = { kind: 'all' }, aim = 'few', more = {} }: Asked = {}) {
  const mining = createMining({ db: database.db, log })
  const body = { scope, aim, options: { ...options, ...more } }
  const id = await read(tx => startRun(tx, it_, body, town.when.now))
  await mining.carryOut(id)
  return id
}
const page = (id: string, state?: 'open' | 'accepted' | 'rejected') =>
  read(async tx => (await runView(tx, it_, id, { state, offset: 0, limit: 200 }))!)
const one = (runId: string, nr: number) =>
  read(async tx => (await proposalView(tx, it_, { runId, nr }, town.when.today))!)
const lock = (tx: Tx, runId: string, nr: number) => lockProposal(tx, runId, nr).then(row => row!)
const idOf = async (table: string, key: string): Promise<string> => {
  const rows = await database.db.source.query(`select * from ${table} where key = $1`, [key])
  return rows[0].id ?? rows[0].unit_id
}
const detailOf = async (runId: string, key: string) => {
  const { proposals } = await page(runId)
  for (const row of proposals) {
    const found = await one(runId, row.nr)
    if (found.rights.some(right => right.key === key)) return found
  }
  throw new Error(`no proposal has ${key}`)
}

describe('a search', () => {
  it('finds exactly what is held, of whom it is, and puts it in words', async () => {
    const id = await run()
    const found = await page(id)
    expect(found.run.state).toBe('done')
    expect(found.matrix).toEqual({ people: 41, holders: 40, rights: 8, held: 121 })
    expect(found.result).toMatchObject({ left: 0, deviation: [], fewest: true, structure: 'good', rejectedBefore: 0 })
    // What the roles give together is what is held, cell by cell.
    const cells = new Set<string>()
    for (const { nr } of found.proposals) {
      const [row] = await database.db.source.query(
        'select rights, holders from mining_proposal where run_id = $1 and nr = $2',
        [id, nr],
      )
      for (const holder of row.holders) for (const right of row.rights) cells.add(`${holder} ${right}`)
    }
    const [{ held }] = await database.db.source.query(
      `select array_agg(distinct acc.person_id || ' ' || o.entitlement_id) as held
       from observed_right o join account acc on acc.id = o.account_id where acc.person_id is not null`,
    )
    expect(cells).toEqual(new Set(held))

    const teacher = await detailOf(id, 'skole/ret')
    expect(teacher.description.position?.key).toBe('laerer')
    expect(teacher).toMatchObject({ holders: 21, hits: 21, meets: 22, newly: 1 })
    // The one who would get it is shown, with what that person holds now: nothing.
    expect(teacher.people.filter(row => row.group === 'newly').map(row => row.held)).toEqual([[]])
    expect(teacher.people.filter(row => row.group === 'inside').every(row => row.held.length > 0)).toBe(true)
    expect(teacher.byUnit.map(row => [row.unit?.name, row.people])).toEqual([
      ['skole1', 12],
      ['skole2', 9],
    ])
    const admin = await detailOf(id, 'esdh/admin')
    expect(admin.holders).toBe(1)
  })

  it('of one unit says the unit where it would say anywhere; of a system or an area looks at its rights alone', async () => {
    const inUnit = await run({ scope: { kind: 'unit', id: await idOf('org_unit_current', 'born') } })
    expect((await page(inUnit)).matrix).toMatchObject({ people: 22, rights: 3 })
    const [only] = (await page(inUnit)).proposals
    expect(only?.description.unit?.key).toBe('born')
    expect(only).toMatchObject({ rights: 3, holders: 21, meets: 22 })
    const inSystem = await run({ scope: { kind: 'system', id: await idOf('it_system', 'esdh') } })
    expect((await page(inSystem)).matrix).toMatchObject({ people: 41, holders: 9, rights: 3 })
    const inArea = await run({ scope: { kind: 'area', area: 'Børn' } })
    expect((await page(inArea)).matrix).toMatchObject({ rights: 2, held: 42 })
  })

  it('with few broad roles states what stays outside', async () => {
    const found = await page(await run({ aim: 'broad', more: { share: 0.9 } }))
    expect(found.result?.left).toBeGreaterThan(0)
    expect(found.result?.deviation.reduce((sum, row) => sum + row.people, 0)).toBe(found.result?.left)
    expect(found.result?.deviation).toContainEqual(expect.objectContaining({ name: 'esdh/admin', people: 1 }))
    expect(found.proposals.every(row => row.holders >= 5)).toBe(true)
  })

  it('is refused for more people than one search takes, and a part of the organisation is proposed', async () => {
    const everybody = Object.keys(STAFF).length
    const begin = (scope: MiningScope, most: number) =>
      read(tx => startRun(tx, it_, { scope, aim: 'few', options }, town.when.now, most))
    await expect(begin({ kind: 'all' }, everybody - 1)).rejects.toMatchObject({
      problem: 'data-invalid',
      info: { said: { code: 'search-too-many', params: { people: everybody, most: everybody - 1 } } },
    })
    expect(await read(tx => widestScope(tx, everybody))).toEqual({ kind: 'all' })
    // The schools together: the largest part below the whole.
    const part = await read(tx => widestScope(tx, everybody - 1))
    expect(part).toEqual({ kind: 'unit', id: await idOf('org_unit_current', 'born') })
    expect(await begin(part, everybody - 1)).toEqual(expect.any(String))
    await begin({ kind: 'all' }, everybody)
  })

  it('leaves out what is decided, and what a rule explains where only the rest is asked for', async () => {
    const right = await idOf('entitlement', 'esdh/admin')
    const before = await read(tx => readMatrix(tx, { kind: 'all' }, options))
    const cells = (held: typeof before) => held.matrix.rows.reduce((sum, row) => sum + row.length, 0)
    const rest = () => read(tx => readMatrix(tx, { kind: 'all' }, { ...options, unexplainedOnly: true }))
    expect(cells(await rest())).toBe(cells(before))
    await database.db.source.query('delete from right_deviation where entitlement_id = $1', [right])
    expect(cells(await rest())).toBe(cells(before) - 1)
    expect(before.entitlementKeys).toContain('esdh/admin')
    await database.db.source.query(
      `insert into right_exception (person_id, entitlement_id, valid_from, valid_to, reason, in_force, created_by)
       select a.person_id, $1, $2::date, $2::date + 30, 'proeve', true, 'test' from account a where a.key = 'odd'`,
      [right, systemClock.today()],
    )
    const without = await read(tx => readMatrix(tx, { kind: 'all' }, options))
    expect(without.entitlementKeys).not.toContain('esdh/admin')
    const all = await read(tx => readMatrix(tx, { kind: 'all' }, { ...options, withoutDecided: false }))
    expect(all.entitlementKeys).toContain('esdh/admin')
    await database.db.source.query('delete from right_exception')
    await database.db.source.query(`update entitlement set status = 'retired' where id = $1`, [right])
    const gone = await read(tx => readMatrix(tx, { kind: 'all' }, options))
    expect(gone.entitlementKeys).not.toContain('esdh/admin')
    await database.db.source.query(`update entitlement set status = 'active' where id = $1`, [right])
  })

  it('takes what a held right includes for held, and names it in no role that gives the whole', async () => {
    const [whole, part] = [await idOf('entitlement', 'skole/ret'), await idOf('entitlement', 'skole/laes')]
    const inSchool2 = `entitlement_id = $1 and account_id in (select id from account where key ~ '^u')`
    const teachers = async () => {
      const id = await run()
      const { proposals } = await page(id)
      return Promise.all(
        proposals.map(async row => {
          const { rights } = await one(id, row.nr)
          return `${row.holders}: ${rights.map(right => right.key).sort()}`
        }),
      )
    }
    await database.db.source.query(`delete from observed_right where ${inSchool2}`, [part])
    const apart = (await teachers()).filter(line => line.includes('skole/'))
    expect(apart.some(line => line.includes('skole/laes'))).toBe(true)
    await database.db.source.query('insert into entitlement_include (entitlement_id, includes_id) values ($1, $2)', [
      whole,
      part,
    ])
    try {
      const together = (await teachers()).filter(line => line.includes('skole/'))
      expect(together).toEqual(['21: intra/laes,skole/ret'])
      const { matrix, parts } = await read(tx => readMatrix(tx, { kind: 'all' }, options))
      expect(parts).toHaveLength(1)
      const [[has, [held]]] = parts as [[number, [number]]]
      const rows = matrix.rows.filter(row => row.includes(has))
      expect(rows).toHaveLength(21)
      expect(rows.every(row => row.includes(held))).toBe(true)
    } finally {
      await database.db.source.query('delete from entitlement_include')
      await database.db.source.query(
        `insert into observed_right (account_id, entitlement_id, via, first_seen_at)
         select id, $1, '{}', now() from account where key ~ '^u'`,
        [part],
      )
    }
  })

  it('of the same rights runs once at a time, and a scope that is not there is not found', async () => {
    const body = { scope: { kind: 'all' as const }, aim: 'few' as const, options }
    const first = await read(tx => startRun(tx, it_, body, town.when.now))
    await expect(read(tx => startRun(tx, it_, body, town.when.now))).rejects.toMatchObject({ problem: 'conflict' })
    const nowhere = { ...body, scope: { kind: 'unit' as const, id: newId() } }
    await expect(read(tx => startRun(tx, it_, nowhere, town.when.now))).rejects.toMatchObject({ problem: 'not-found' })
    // Its process is dead: it is interrupted for whoever looks, and the next may begin.
    await database.db.source.query(`update mining_run set beat_at = now() - interval '2 minutes'`)
    expect((await page(first)).run.state).toBe('interrupted')
    const second = await read(tx => startRun(tx, it_, body, town.when.now))
    expect((await read(tx => loadRun(tx, first)))?.state).toBe('interrupted')
    await createMining({ db: database.db, log }).carryOut(second)
    expect((await page(second)).run.state).toBe('done')
  })

  it('that is stopped keeps the best so far; one whose process ends is interrupted', async () => {
    await big(300, 0.2)
    const body = { scope: { kind: 'all' as const }, aim: 'light' as const, options }
    const mining = createMining({ db: database.db, log, beat: 30 })
    const stopped = await read(tx => startRun(tx, it_, body, town.when.now))
    const working = mining.carryOut(stopped)
    await until(async () => (await page(stopped)).progress?.phase === 'light')
    await read(async tx => stopRun(tx, (await loadRun(tx, stopped))!))
    await working
    const found = await page(stopped)
    expect(found.run.state).toBe('stopped')
    expect(found.result?.left).toBe(0)
    expect(found.total).toBeGreaterThan(3)
    await expect(read(async tx => stopRun(tx, (await loadRun(tx, stopped))!))).rejects.toMatchObject({
      problem: 'conflict',
    })

    const killed = await read(tx => startRun(tx, it_, body, town.when.now))
    const lost = mining.carryOut(killed)
    await until(async () => (await page(killed)).matrix !== null)
    await mining.close()
    await lost
    expect((await page(killed)).run.state).toBe('interrupted')
    await database.db.source.query(
      `delete from observed_right where entitlement_id in (select id from entitlement where key like 'big/%')`,
    )
    await database.db.source.query(`delete from entitlement where key like 'big/%'`)
  })
})

/** Rights without an order of their own, so that there is something to look for for a while. */
async function big(rights: number, density: number): Promise<void> {
  // By hand, as the rights of the town are: a run of a source would work them out anew, from groups that are not there.
  await database.db.source.query(
    `insert into entitlement (key, system_id, name, source)
     select 'big/r' || n, (select id from it_system where key = 'esdh'), 'r' || n, 'systems' from generate_series(1, $1) n`,
    [rights],
  )
  await database.db.source.query(`select setseed(0.5)`)
  await database.db.source.query(
    `insert into observed_right (account_id, entitlement_id, via, first_seen_at)
     select a.id, e.id, '{}', now() from account a cross join entitlement e
     where a.person_id is not null and e.key like 'big/%' and random() < $1`,
    [density],
  )
}
/** Fails after twenty seconds in all: what is waited for comes or never does. */
async function until(done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await done()); tries++) {
    if (tries > 400) throw new Error('it never came')
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

describe('a proposal', () => {
  const given = { name: 'Lærer på skole', purpose: 'Undervisning i folkeskolen', owner: 'Børn', by: it_.userId }

  it('that is accepted becomes a draft of role and rule that takes nothing from anybody and is not in force', async () => {
    const id = await run()
    const { nr } = await detailOf(id, 'skole/ret')
    const made = await read(async tx => accept(tx, await lock(tx, id, nr), given, town.when))
    expect(made.ruleKey).toBe('laerer-paa-skole')
    const result = await read(tx => loadResult(tx, made.draftId, 'same-date'))
    expect(result?.summary.total).toMatchObject({ losses: 0, people: 22 })
    expect((await read(tx => loadDraft(tx, made.draftId)))?.changes.map(change => change.kind)).toEqual([
      'role-put',
      'rule-put',
    ])
    expect((await read(tx => draftOf(tx, it_, 'rule', made.ruleKey)))?.change).toMatchObject({
      form: { roles: [made.roleKey], state: 'draft' },
    })
    const [{ rules }] = await database.db.source.query('select count(*)::int as rules from rights_rule')
    expect(rules).toBe(0)
    const [{ assigned }] = await database.db.source.query('select count(*)::int as assigned from assignment')
    expect(assigned).toBe(0)
    await expect(read(async tx => accept(tx, await lock(tx, id, nr), given, town.when))).rejects.toMatchObject({
      problem: 'conflict',
    })
    const seen = await one(id, nr)
    expect(seen).toMatchObject({ state: 'accepted', draft: made, may: { accept: false, undo: true } })

    await read(async tx => undo(tx, it_, await lock(tx, id, nr), town.when))
    expect(await one(id, nr)).toMatchObject({ state: 'open', draft: null })
    expect((await read(tx => loadDraft(tx, made.draftId)))?.state).toBe('withdrawn')
    expect(await read(tx => draftOf(tx, it_, 'role', made.roleKey))).toBe(null)
    // The same name again gets the same key: nothing of the first is left.
    const again = await read(async tx => accept(tx, await lock(tx, id, nr), given, town.when))
    expect(again.ruleKey).toBe(made.ruleKey)
    await read(async tx => undo(tx, it_, await lock(tx, id, nr), town.when))
  })

  it('that is rejected is not proposed again, until that is taken back', async () => {
    const id = await run()
    const { nr } = await detailOf(id, 'skole/ret')
    const before = (await page(id)).total
    const reason = 'Det er to roller i virkeligheden'
    await read(async tx => reject(tx, await lock(tx, id, nr), { by: it_.userId, reason }, town.when.now))
    const second = await page(await run())
    expect(second.result?.rejectedBefore).toBe(1)
    expect(second.total).toBe(before - 1)
    await read(async tx => undo(tx, it_, await lock(tx, id, nr), town.when))
    expect((await page(await run())).total).toBe(before)
  })

  it('names the roles that are like it and the rules that give nothing else', () => {
    const role = (key: string, ...rights: string[]) => ({
      ...{ key, name: key, roles: [] },
      entitlements: rights.map(right => ({ key: right })),
    })
    const rule = (key: string, entitlements: string[], roles: string[] = [], inverted = false) => ({
      ...{ key, version: 1, name: key, inverted, conditions: {}, entitlements, roles, validFrom: '2020-01-01' },
      ...{ validTo: null, state: 'active' as const, owner: 'IT', order: 1 },
    })
    const found = likeRules(
      [role('same', 'a/1', 'a/2', 'a/3'), role('near', 'a/1', 'a/2'), role('far', 'b/1', 'a/1')],
      [
        rule('part', ['a/1']),
        rule('by-role', [], ['near']),
        rule('more', ['a/1', 'b/1']),
        rule('not', ['a/1'], [], true),
      ],
      new Set(['a/1', 'a/2', 'a/3']),
    )
    expect(found.likeRoles.map(one => [one.key, one.common])).toEqual([
      ['same', 3],
      ['near', 2],
    ])
    expect(found.coversRules.map(one => one.key)).toEqual(['part', 'by-role'])
  })

  it('of an own system is for its owner, of nobody else’s, and never accepted by them', async () => {
    const esdh = await idOf('it_system', 'esdh')
    const owner = actor(['systemowner'], { systems: [esdh] })
    const other = actor(['systemowner'], { systems: [await idOf('it_system', 'skole')] })
    const all = await run()
    const own = await run({ scope: { kind: 'system', id: esdh } })
    const list = (who: typeof owner) => read(tx => runsView(tx, who, { offset: 0, limit: 50 }))
    expect((await list(owner)).rows.map(row => row.id)).toEqual([own])
    expect((await list(other)).rows).toEqual([])
    expect((await list(owner)).may.start).toBe('own')
    expect((await list(actor(['dpo']))).may.start).toBe('no')
    expect((await read(tx => scopesView(tx, owner))).systems.map(row => row.id)).toEqual([esdh])
    expect(await read(tx => runView(tx, owner, all, { offset: 0, limit: 50 }))).toBe(null)
    expect((await read(tx => runView(tx, owner, own, { offset: 0, limit: 50 })))?.may).toEqual({
      run: true,
      accept: false,
    })
    const body = { scope: { kind: 'all' as const }, aim: 'few' as const, options }
    await expect(read(tx => startRun(tx, owner, body, town.when.now))).rejects.toMatchObject({ problem: 'not-allowed' })
    const foreign = { ...body, scope: { kind: 'system' as const, id: esdh } }
    await expect(read(tx => startRun(tx, other, foreign, town.when.now))).rejects.toMatchObject({
      problem: 'not-found',
    })
  })

  it('is read in five statements, a run in two, and old ones are forgotten but for what was decided', async () => {
    const id = await run()
    const { nr } = await detailOf(id, 'skole/ret')
    await read(async tx => {
      const detail = counted(tx)
      await proposalView(detail.tx, it_, { runId: id, nr }, town.when.today)
      expect(detail.statements.length).toBeLessThanOrEqual(5)
      const list = counted(tx)
      await runView(list.tx, it_, id, { offset: 0, limit: 50 })
      expect(list.statements.length).toBeLessThanOrEqual(3)
    })
    const reason = 'Ikke en rolle for os'
    await read(async tx => reject(tx, await lock(tx, id, nr), { by: it_.userId, reason }, town.when.now))
    await read(tx => forgetOldRuns(tx, new Date(town.when.now.getTime() + 1000)))
    const left = await page(id)
    expect(left.proposals.map(row => row.nr)).toEqual([nr])
    expect(left.proposals[0]?.holders).toBe(0)
  })
})
