import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { personPageView } from '../../../../server/access/person-page-views.ts'
import { personRecord } from '../../../../server/access/person-record-view.ts'
import { coverageView, keepCoverage } from '../../../../server/access/purposes/coverage-view.ts'
import { proposalsBehind, proposalsView } from '../../../../server/access/purposes/proposals-view.ts'
import { syncPurposes } from '../../../../server/access/purposes/purpose-findings.ts'
import { viewerOf } from '../../../../server/access/viewer.ts'
import { decideProposals } from '../../../../server/contract/bindings.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import type { BindingObject } from '../../../../server/register/bindings/binding.ts'
import * as bindings from '../../../../server/register/bindings/binding-service.ts'
import type { BindingTerms } from '../../../../server/register/bindings/binding-store.ts'
import { testDatabase } from '../../../support/database.ts'
import { activityInForce } from '../../../support/register.ts'
import { smallTown } from '../../overview/small-town.ts'

const database = await testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
let care: string
const today = '2026-03-02'
const now = new Date('2026-03-02T09:00:00Z')
const when = { today, now }

beforeEach(() =>
  database.db.transaction(async tx => {
    await tx.query('delete from purpose_binding')
    await tx.query('delete from purpose_rejection')
  }),
)
beforeAll(async () => {
  town = await smallTown(database.db)
  care = await database.db.transaction(tx =>
    activityInForce(tx, {
      ...{ ref: 'BA-1', name: 'Personlig pleje', kle: ['27'] },
      purposes: [
        {
          ...{ key: 'main', name: 'Pleje i hjemmet', art6: '6.1.e', art9: ['9.2.h'] },
          provisions: [{ law: 'ældreloven', section: '§ 9', checkedOn: '2026-01-10' }],
        },
      ],
      rows: [{ subject: 'ELD', data: 'HEA' }],
    }),
  )
})

const terms = (over: Partial<BindingTerms> = {}): BindingTerms => ({
  ...{ activityId: care, purposeKey: 'main', subjects: null, data: null, operations: [], scope: {}, until: null },
  ...{ necessity: 'Plejen skal kunne se og skrive i sagen.', reviewMonths: 12 },
  ...over,
})
const make = (actor: Actor, object: BindingObject, over: Partial<BindingTerms> = {}) =>
  database.db.transaction(tx => bindings.make(tx, actor, { object, terms: terms(over) }, when))
const idOf = async (key: string) =>
  (await database.db.snapshot(tx => tx.query<{ id: string }>('select id from entitlement where key = $1', [key])))[0]!
    .id

async function pageOf(name: string, actor: Actor, day = today) {
  return database.db.snapshot(async tx => {
    const record = (await personRecord(tx, town.people[name]!))!
    const page = await personPageView(tx, record.id, viewerOf(actor, record), { today: day, keyring: town.keyring })
    // As the client shows them: the words are said once a page.
    const said = new Map(page!.purposes.map(one => [one.bindingId, one]))
    const told = page!.systems
      .flatMap(system => system.rights)
      .map(right => ({ ...right, purposes: right.purposes.map(one => ({ ...said.get(one.bindingId)!, ...one })) }))
    return new Map(told.map(right => [right.key, right]))
  })
}

describe('what a right is for', () => {
  it('stands at the right, with basis, provision and the unit that does the work; where nobody has said it, nothing does', async () => {
    await make(town.actors.it, { level: 'entitlement', entitlementId: await idOf('sbsys/caseworker') })
    const before = await pageOf('Ann', town.actors.it)
    // Somebody else than who said it agrees; until then it does not count.
    expect(before.get('sbsys/caseworker')!.purposes).toMatchObject([{ activity: { ref: 'BA-1', confirmed: false } }])
    const [purpose] = before.get('sbsys/caseworker')!.purposes
    expect(purpose).toMatchObject({
      ...{ level: 'entitlement', art6: '6.1.e', art9: ['9.2.h'], kle: ['27'], wider: false },
      purpose: { key: 'main', name: 'Pleje i hjemmet' },
      provisions: [{ law: 'ældreloven', section: '§ 9', checkedOn: '2026-01-10' }],
      ...{ performs: true, units: ['Plejecenter Nord'], approvedOn: today, reviewOn: '2027-03-02' },
      // By function, as the log has it: who it was has no name on anybody's page.
      approvedBy: { function: 'it', unit: null },
    })
    expect(before.get('sbsys/reader')!.purposes).toEqual([])
  })

  it('is said of the system until something nearer to the person is said', async () => {
    await make(town.actors.it, { level: 'system', systemId: town.systems.sbsys! }, { necessity: 'Alle bruger sagen.' })
    expect((await pageOf('Ann', town.actors.it)).get('sbsys/reader')!.purposes).toMatchObject([{ level: 'system' }])
    const { id } = await make(town.actors.it, { level: 'rule', ruleKey: 'everybody' })
    // Of a rule, a second administrator says yes.
    expect((await pageOf('Ann', town.actors.it)).get('sbsys/reader')!.purposes).toMatchObject([{ level: 'system' }])
    const second = { ...town.actors.it, userId: '00000000-0000-4000-8000-00000000cccc' }
    await expect(database.db.transaction(tx => bindings.approve(tx, town.actors.it, id, when))).rejects.toMatchObject({
      problem: 'second-person-needed',
    })
    await database.db.transaction(tx => bindings.approve(tx, second, id, when))
    const after = await pageOf('Ann', town.actors.it)
    expect(after.get('sbsys/reader')!.purposes).toMatchObject([{ level: 'rule' }])
    expect(after.get('sbsys/caseworker')!.purposes).toMatchObject([{ level: 'system' }])
  })

  it('of what is held without a reason is told by the group; whose unit does not do the work is seen', async () => {
    const group = await database.db.snapshot(tx =>
      tx.query<{ id: string }>(`select id from directory_group where name = 'g-case'`),
    )
    const schooling = await database.db.transaction(tx =>
      activityInForce(tx, { ref: 'BA-2', name: 'Skole', kle: ['17'] }),
    )
    await make(town.actors.it, { level: 'group', groupId: group[0]!.id }, { activityId: schooling })
    const [purpose] = (await pageOf('Bo', town.actors.it)).get('sbsys/caseworker')!.purposes
    expect(purpose).toMatchObject({ level: 'group', performs: false, units: [] })
    // Ann has it by a rule: the group is only how it is seen.
    expect((await pageOf('Ann', town.actors.it)).get('sbsys/caseworker')!.purposes).toEqual([])
  })

  it('ends on a day, and nobody loses the right by it', async () => {
    const made = await make(town.actors.it, { level: 'system', systemId: town.systems.sbsys! })
    const rights = async () => (await pageOf('Ann', town.actors.it)).size
    const before = await rights()
    await database.db.transaction(tx =>
      bindings.end(tx, town.actors.it, made.id, 'Opgaven er flyttet til regionen', { ...when, today: '2026-03-02' }),
    )
    expect(await rights()).toBe(before)
    expect((await pageOf('Ann', town.actors.it)).get('sbsys/reader')!.purposes).toEqual([])
  })

  it('said twice of the same thing counts once, with the newer words', async () => {
    const object = { level: 'system' as const, systemId: town.systems.sbsys! }
    await make(town.actors.it, object)
    await make(town.actors.it, object, { necessity: 'Sagt igen med bedre ord.' })
    const { purposes } = (await pageOf('Ann', town.actors.it)).get('sbsys/reader')!
    expect(purposes.map(one => one.necessity)).toEqual(['Sagt igen med bedre ord.'])
  })

  it('takes of an activity only what its record says', async () => {
    const object = { level: 'system' as const, systemId: town.systems.sbsys! }
    await expect(make(town.actors.it, object, { purposeKey: 'other' })).rejects.toMatchObject({
      problem: 'invalid-request',
    })
    await expect(make(town.actors.it, object, { data: ['CRI'] })).rejects.toMatchObject({ problem: 'invalid-request' })
    await expect(make(town.actors.hr, object)).rejects.toMatchObject({ problem: 'not-allowed' })
  })
})

describe('who agreed to what a right is for', () => {
  const agreed = async () =>
    (await pageOf('Ann', town.actors.it)).get('sbsys/reader')!.purposes.map(one => one.approvedBy)
  const object = () => ({ level: 'system' as const, systemId: town.systems.sbsys! })
  const user = '00000000-0000-4000-8000-00000000aaaa'

  it('is told by the role in which they did and the unit where they work, also where many were agreed to together', async () => {
    await database.db.transaction(tx =>
      tx.query(`insert into tool_user (id, kind, username, person_id) values ($1, 'person', 'leder-of-sbsys', $2)`, [
        ...[user, town.people.Leder],
      ]),
    )
    const owner = { ...town.actors.it, userId: user, personId: town.people.Leder!, roles: ['systemowner' as const] }
    await make({ ...owner, systems: [town.systems.sbsys!] }, object())
    expect(await agreed()).toEqual([{ function: 'systemowner', unit: 'Plejecenter Nord' }])
    const proposal: bindings.Proposed = {
      ...{ key: 'p1', object: object(), systemId: town.systems.sbsys!, activityId: care, purposeKey: 'main' },
      ...{ source: 'limits-kle', confidence: 'strong', scope: {}, necessity: 'Som foreslået.' },
    }
    await database.db.transaction(async tx => {
      await tx.query('delete from purpose_binding')
      await bindings.decide(tx, { ...town.actors.it, userId: user }, [{ action: 'accept', proposal }], when)
    })
    expect(await agreed()).toEqual([{ function: 'it', unit: 'Plejecenter Nord' }])
  })

  it('is not told where nothing is known of it', async () => {
    await make(town.actors.it, object())
    await database.db.transaction(tx => tx.query(`update purpose_binding set approved_by = 'import'`))
    expect(await agreed()).toEqual([{ function: null, unit: null }])
  })
})

describe('decisions about proposals', () => {
  it('other words take nothing else of a proposal away: what is not said stays as proposed', async () => {
    const system = town.systems.sbsys!
    const proposal: bindings.Proposed = {
      ...{ key: 'p9', object: { level: 'system', systemId: system }, systemId: system, activityId: care },
      ...{ purposeKey: 'main', source: 'limits-kle', confidence: 'strong', scope: { kle: ['27.36'] } },
      necessity: 'Rettigheden er afgrænset til KLE 27.36.',
    }
    // As it comes over HTTP: through the contract.
    const { decisions } = decideProposals.body.parse({
      decisions: [{ action: 'accept', key: 'p9', terms: { necessity: 'Plejen bevilger hjælpemidler.' } }],
    })
    const [asked] = decisions
    if (asked?.action !== 'accept') throw new Error('it was accepted')
    await database.db.transaction(tx =>
      bindings.decide(tx, town.actors.it, [{ action: 'accept', proposal, terms: asked.terms }], when),
    )
    const rows = await database.db.snapshot(tx =>
      tx.query('select necessity, scope, review_months from purpose_binding where upper_inf(recorded)'),
    )
    expect(rows).toEqual([{ necessity: 'Plejen bevilger hjælpemidler.', scope: { kle: ['27.36'] }, review_months: 12 }])
  })

  const proposed = (confidence: 'strong' | 'weak', systemId: string, key = 'p1'): bindings.Proposed => ({
    ...{ key, object: { level: 'system', systemId }, systemId, activityId: care, purposeKey: 'main' },
    ...{ source: 'system-kle', confidence, scope: {}, necessity: 'Systemet løser opgaven efter KLE 27.' },
  })

  it('are made together, except where only names are alike, and taken back together', async () => {
    const systems = Object.values(town.systems)
    const accept = (one: bindings.Proposed) => ({ action: 'accept' as const, proposal: one })
    await expect(
      database.db.transaction(tx =>
        bindings.decide(
          tx,
          town.actors.it,
          systems.map((id, n) => accept(proposed('weak', id, `p${n}`))),
          when,
        ),
      ),
    ).rejects.toMatchObject({ problem: 'invalid-request' })
    const done = await database.db.transaction(tx =>
      bindings.decide(
        tx,
        town.actors.it,
        [
          accept(proposed('strong', systems[0]!)),
          { action: 'reject', proposal: proposed('weak', systems[1]!, 'p2'), reason: 'Navnene ligner kun hinanden' },
        ],
        when,
      ),
    )
    expect(done).toMatchObject({ accepted: 1, rejected: 1 })
    const noes = () => database.db.snapshot(tx => tx.query('select key from purpose_rejection'))
    expect(await noes()).toHaveLength(1)
    const undone = await database.db.transaction(tx => bindings.undo(tx, town.actors.it, done.batchId, when))
    expect(undone).toEqual({ undone: 2 })
    expect(await noes()).toEqual([])
    await expect(
      database.db.transaction(tx => bindings.undo(tx, town.actors.it, done.batchId, when)),
    ).rejects.toMatchObject({ problem: 'not-found' })
  })
})

describe('proposals', () => {
  const find = (actor: Actor, over = {}) =>
    database.db.snapshot(tx => proposalsView(tx, actor, { offset: 0, limit: 50, ...over }, today))
  const sql = (text: string, params: unknown[] = []) => database.db.transaction(tx => tx.query(text, params))

  it('come from KLE numbers, from records that name a system and from names, as strong as what they rest on', async () => {
    expect((await find(town.actors.it)).total).toBe(0)
    await sql(`update it_system set kle = '{27.36}' where key = 'sbsys'`)
    const pay = await database.db.transaction(tx =>
      activityInForce(tx, { ref: 'BA-3', name: 'Løn', kle: ['81'], systems: [town.systems.kmd!] }),
    )
    await database.db.transaction(tx => activityInForce(tx, { ref: 'BA-4', name: 'SBSYS sager' }))
    const { rows, systems } = await find(town.actors.it)
    expect(rows.map(row => [row.label, row.activity.ref, row.source, row.confidence]).sort()).toEqual([
      ['KMD løn', 'BA-3', 'record-systems', 'medium'],
      ['SBSYS sag', 'BA-1', 'system-kle', 'medium'],
      ['SBSYS sag', 'BA-4', 'name', 'weak'],
    ])
    expect(rows.at(-1)!.confidence).toBe('weak')
    expect(systems.map(one => [one.name, one.proposals])).toEqual([
      ['KMD løn', 1],
      ['SBSYS sag', 2],
    ])
    const hold = async (system: string) =>
      new Set(
        (
          await sql(
            `select ac.person_id as who from assignment a join entitlement e on e.id = a.entitlement_id and e.system_id = $1
             join affiliation_current ac using (affiliation_id)
             union all select acc.person_id from observed_right o join entitlement e on e.id = o.entitlement_id and e.system_id = $1
             join account acc on acc.id = o.account_id where acc.person_id is not null`,
            [system],
          )
        ).map(row => (row as { who: string }).who),
      ).size
    for (const row of rows) expect(row.people, row.label).toBe(await hold(row.system.id))
    expect(rows.find(row => row.activity.id === pay)!.people).toBeGreaterThan(0)
    // The owner of one system sees, and decides about, that system.
    const owner = town.actors.owner
    const own = await find(owner)
    expect(own.rows.every(row => row.allowed.decide)).toBe(true)
    expect(own.total).toBeLessThan(3)
    // What was refused does not come back, nor what is said already.
    const behind = await database.db.snapshot(tx =>
      proposalsBehind(
        tx,
        town.actors.it,
        rows.map(row => row.key),
        today,
      ),
    )
    await database.db.transaction(tx =>
      bindings.decide(
        tx,
        town.actors.it,
        rows.map(row =>
          row.confidence === 'weak'
            ? { action: 'reject' as const, proposal: behind.get(row.key)!, reason: 'Kun navnet ligner' }
            : { action: 'accept' as const, proposal: behind.get(row.key)! },
        ),
        when,
      ),
    )
    expect((await find(town.actors.it)).total).toBe(0)
    await expect(
      database.db.snapshot(tx => proposalsBehind(tx, town.actors.it, [rows[0]!.key], today)),
    ).rejects.toMatchObject({ problem: 'conflict' })
  })

  it('how much is said is counted right by right, as a hand would', async () => {
    await make(town.actors.it, { level: 'entitlement', entitlementId: await idOf('sbsys/caseworker') })
    const answer = await database.db.snapshot(tx => coverageView(tx, town.actors.dpo, today))
    let rights = 0
    let said = 0
    for (const name of Object.keys(town.people))
      for (const right of (await pageOf(name, town.actors.dpo)).values()) {
        rights++
        if (right.purposes.length > 0) said++
      }
    expect(said).toBeGreaterThan(1)
    expect(answer).toMatchObject({ rights, withPurpose: said })
    expect(answer.areas.find(row => row.area === 'Løn')).toMatchObject({ withPurpose: 0 })
    await database.db.transaction(tx => keepCoverage(tx, today))
    const later = await database.db.snapshot(tx => coverageView(tx, town.actors.dpo, today))
    expect(later.days).toEqual([{ on: today, rights, withPurpose: said }])
    const owner = await database.db.snapshot(tx => coverageView(tx, town.actors.owner, today))
    expect(owner.rights).toBeLessThan(rights)
    expect(owner.days).toEqual([])
  })
})

describe('findings', () => {
  const open = () =>
    database.db.snapshot(async tx =>
      (
        await tx.query<{ line: string }>(
          `select f.code || ' ' || coalesce(e.key, y.key) as line from finding f left join it_system y on y.id = f.system_id
           left join entitlement e on e.id = f.object_id where f.closed_at is null and f.code in ('no-purpose', 'purpose-ended') order by 1`,
        )
      ).map(row => row.line),
    )
  const look = (day = today) => database.db.transaction(tx => syncPurposes(tx, day))

  it('a system of which nothing is said is one; of which something is said, what is left out', async () => {
    await look()
    expect(await open()).toEqual(['no-purpose kmd', 'no-purpose sbsys'])
    await make(town.actors.it, { level: 'system', systemId: town.systems.kmd! })
    await make(town.actors.it, { level: 'entitlement', entitlementId: await idOf('sbsys/reader') })
    await look()
    expect(await open()).toEqual(['no-purpose sbsys/caseworker'])
    const group = await database.db.snapshot(tx =>
      tx.query<{ id: string }>(`select id from directory_group where name = 'g-case'`),
    )
    await make(town.actors.it, { level: 'group', groupId: group[0]!.id })
    await look()
    expect(await open()).toEqual([])
  })

  it('a purpose that has come to its end is one, until something else is said', async () => {
    await make(town.actors.it, { level: 'system', systemId: town.systems.kmd! }, { until: '2026-03-05' })
    await make(town.actors.it, { level: 'system', systemId: town.systems.sbsys! })
    await look('2026-03-05')
    expect(await open()).toEqual([])
    await look('2026-03-06')
    expect(await open()).toEqual(['no-purpose kmd', 'purpose-ended kmd'])
    await database.db.transaction(tx =>
      bindings.make(
        tx,
        town.actors.it,
        { object: { level: 'system', systemId: town.systems.kmd! }, terms: terms() },
        { ...when, today: '2026-03-06' },
      ),
    )
    await look('2026-03-06')
    expect(await open()).toEqual([])
  })

  it('nothing is found where no record is in force', async () => {
    await look('2019-01-01')
    expect(await open()).toEqual([])
  })
})
