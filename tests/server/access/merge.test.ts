import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { merge, unmerge } from '../../../server/access/merge-people.ts'
import { personRecord } from '../../../server/access/person-record-view.ts'
import { personTimeline } from '../../../server/access/person-timeline-views.ts'
import { viewerOf } from '../../../server/access/viewer.ts'
import { audit } from '../../../server/audit/audit-store.ts'
import { lookupsOf } from '../../../server/audit/lookup-views.ts'
import { loadUser } from '../../../server/auth/actor-views.ts'
import { readCpr } from '../../../server/people/cpr-store.ts'
import { identitiesOf } from '../../../server/people/merge-store.ts'
import type { FeedRecord } from '../../../server/platform/feed-record.ts'
import { newId } from '../../../server/platform/ids.ts'
import { auditActor } from '../../../server/policy/policy.ts'
import { actor } from '../../support/actors.ts'
import { testDatabase } from '../../support/database.ts'
import {
  account,
  entitlement,
  group,
  job,
  municipality,
  person,
  position,
  system,
  unit,
} from '../../support/municipality.ts'
import { deskApp } from './desk-app.ts'

const database = testDatabase()
let town: ReturnType<typeof municipality>
let app: Awaited<ReturnType<typeof deskApp>>
const hr = actor(['hr'])
const admin = actor(['it'])

const rows = <T>(sql: string, params: unknown[] = []) => database.db.snapshot(tx => tx.query<T>(sql, params))
const personOf = async (key: string, source = 'hr') =>
  (
    await rows<{ id: string }>('select person_id as id from person_key where source = $1 and key = $2', [source, key])
  )[0]!.id
const parts = () => ({ keyring: town.keyring, ...town.when })
const mergeNow = (survivorId: string, absorbedId: string) =>
  database.db.transaction(tx =>
    merge(tx, { survivorId, absorbedId, reason: 'Samme person' }, { userId: 'tester' }, parts()),
  )
const unmergeNow = (mergeId: string) =>
  database.db.transaction(tx => unmerge(tx, { mergeId, reason: 'To personer' }, { userId: 'tester' }, parts()))

/** Everything that follows from facts and links, of everybody. */
async function world(): Promise<Record<string, unknown[]>> {
  const tables: Record<string, string> = {
    person: 'select id, realm, merged_into from person order by 1',
    affiliation: 'select id, person_id, identity_id from affiliation order by 1',
    deputy: 'select id, deputy_person_id from deputy order by 1',
    person_current: 'select * from person_current order by person_id',
    affiliation_current: 'select * from affiliation_current order by affiliation_id',
    org_unit_current: 'select * from org_unit_current order by unit_id',
    person_state: `select person_id, valid::text, attrs, origin from person_state where upper_inf(recorded) order by 1, 2`,
    affiliation_state: `select affiliation_id, valid::text, attrs, origin from affiliation_state where upper_inf(recorded) order by 1, 2`,
    fact: "select encode(hash, 'hex') as hash, subject_id from fact order by 1",
    account: `select id, person_id, affiliation_id, situation, reason, evidence, confidence, candidates, found_linked, kind
      from account order by 1`,
    account_link: `select account_id, verdict, person_id, affiliation_id, decided_by from account_link where until is null order by 1, 2, 3`,
    assignment: 'select affiliation_id, entitlement_id, constraints, valid_to from assignment order by 1, 2',
    observed_right: 'select account_id, entitlement_id, via from observed_right order by 1, 2',
    person_rights: 'select * from person_rights order by person_id',
    right_deviation: 'select * from right_deviation order by person_id, entitlement_id',
  }
  const found: Record<string, unknown[]> = {}
  for (const [name, sql] of Object.entries(tables)) found[name] = await rows(sql)
  return found
}

beforeAll(async () => {
  await database.reset()
  town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'top' }),
    unit('111', { name: 'Nord', unitKind: 'institution', parent: '100' }),
    unit('112', { name: 'Syd', unitKind: 'institution', parent: '100', manager: 'boss' }),
    position('ssa', { name: 'SSA', category: 'care', titles: 'SSA' }),
    position('leader', { name: 'Leder', category: 'management', titles: 'Leder' }),
    person('Boss'),
    job('boss', 'Boss', { unit: '112', title: 'Leder' }),
  ])
  await town.feed('systems', [
    system('sbsys', { name: 'SBSYS', reading: 'groups' }),
    ...['care', 'main', 'lead', 'any'].map(name => entitlement(`sbsys/${name}`, { name })),
  ])
  await town.rules(`
rules:
  - { key: care, name: Pleje, conditions: { position: ssa }, entitlements: [sbsys/care], validFrom: '2020-01-01', state: active, owner: HR, order: 10 }
  - { key: main, name: Hovedjob, conditions: { primary: true }, entitlements: [sbsys/main], validFrom: '2020-01-01', state: active, owner: HR, order: 20 }
  - { key: lead, name: Leder, conditions: { isManager: true }, entitlements: [sbsys/lead], validFrom: '2020-01-01', state: active, owner: HR, order: 30 }
mappings:
  - { source: ad, match: { cn: g-any }, entitlement: sbsys/any }
`)
  app = await deskApp({ db: database.db, clock: town.clock, keyring: town.keyring })
}, 120_000)
afterAll(() => app.close())

const attrs = fc.record({
  phone: fc.constantFrom('1', '2', '3'),
  email: fc.constantFrom('a@x.dk', 'b@x.dk'),
  familyName: fc.constantFrom('Holm', 'Lund'),
})
const jobs = fc.array(
  fc.record({
    unit: fc.constantFrom('111', '112'),
    title: fc.constantFrom('SSA', 'Leder', 'Ukendt'),
    fraction: fc.constantFrom(0.3, 0.5, 1),
    startsOn: fc.constantFrom('2019-01-01', '2024-06-01'),
    endsOn: fc.constantFrom(null, '2025-01-01', '2026-12-31'),
    future: fc.boolean(),
    account: fc.boolean(),
    enabled: fc.boolean(),
  }),
  { maxLength: 3 },
)
const one = fc.record({ attrs, later: attrs, jobs, cpr: fc.boolean(), manages: fc.boolean(), deputises: fc.boolean() })
type One = typeof one extends fc.Arbitrary<infer T> ? T : never

/** The records of a random person under a key; `later` as a further read says them. */
function records(key: string, it: One, cpr: string): { hr: FeedRecord[]; ad: FeedRecord[]; later: FeedRecord[] } {
  const hr: FeedRecord[] = [person(key, { ...it.attrs, ...(it.cpr ? { cpr } : {}) })]
  const ad: FeedRecord[] = []
  for (const [n, { account: has, enabled }] of it.jobs.entries()) {
    const job_ = asJob(it.jobs[n]!)
    hr.push(job(`${key}-${n}`, key, job_))
    if (has)
      ad.push(
        account(`${key}-${n}`, {
          username: `${key}-${n}`,
          employeeNo: `${key}-${n}`,
          enabled,
          dn: `cn=${key}-${n},dc=x`,
        }),
      )
  }
  if (it.manages && it.jobs.length > 0)
    hr.push(unit(`u-${key}`, { name: key, unitKind: 'team', parent: '111', manager: `${key}-0` }))
  if (it.deputises && it.jobs.length > 0)
    hr.push({ kind: 'deputy', key: `d-${key}`, attrs: { unit: '112', deputy: `${key}-0` } })
  const later: FeedRecord[] = [person(key, { ...it.later, ...(it.cpr ? { cpr } : {}) })]
  if (it.jobs[0]) later.push(job(`${key}-0`, key, { ...asJob(it.jobs[0]), title: 'SSA', fraction: 0.8 }))
  later.push(job(`${key}-new`, key, { unit: '111', title: 'SSA' }))
  return { hr, ad, later }
}
const asJob = ({ account: _, enabled: __, future, ...rest }: One['jobs'][number]) =>
  future ? { ...rest, startsOn: '2026-05-01', endsOn: null } : rest

let n = 0

describe('two people merged and taken apart', () => {
  it('are what they were before, whatever is known of them, and everybody else is', async () => {
    await fc.assert(
      fc.asyncProperty(one, one, fc.boolean(), async (first, second, swap) => {
        const [a, b] = [`m${++n}a`, `m${n}b`]
        const [ra, rb] = [records(a, first, '0101804000'), records(b, { ...second, cpr: false }, '')]
        // Numbers are one per person: only the first of this run has one, and only in the first run.
        const hr = [...ra.hr.map(record => (n > 1 ? withoutCpr(record) : record)), ...rb.hr]
        await town.feed('hr', hr)
        await town.feed('ad', [
          ...ra.ad,
          ...rb.ad,
          group('g-any', {
            name: 'g-any',
            dn: 'cn=g-any,dc=x',
            members: [...ra.ad, ...rb.ad].map(record => String(record.attrs.dn)).join('|'),
          }),
        ])
        const before = await world()
        const pair = [await personOf(a), await personOf(b)] as [string, string]
        const [survivor, absorbed] = swap ? [pair[1], pair[0]] : pair
        const { mergeId } = await mergeNow(survivor, absorbed)
        const during = await world()
        expect(during.person_current).toHaveLength(before.person_current!.length - 1)
        expect(during.fact).toEqual(before.fact)
        expect(
          (during.affiliation_current as { person_id: string }[]).filter(row => row.person_id === absorbed),
        ).toEqual([])
        // One of all their affiliations is the primary one.
        const own = (during.affiliation_current as { person_id: string; is_primary: boolean }[]).filter(
          row => row.person_id === survivor,
        )
        expect(own.filter(row => row.is_primary)).toHaveLength(own.length === 0 ? 0 : 1)
        await unmergeNow(mergeId)
        expect(await world()).toEqual(before)
      }),
      { numRuns: 12 },
    )
  }, 240_000)

  it('have what was said of each in the meantime, as if they had never been merged', async () => {
    await fc.assert(
      fc.asyncProperty(one, one, async (first, second) => {
        n++
        const kin = (prefix: string) => [
          records(`${prefix}${n}a`, { ...first, cpr: false }, ''),
          records(`${prefix}${n}b`, { ...second, cpr: false }, ''),
        ]
        // Two pairs with the same story; one of them is merged for a while.
        const [merged, apart] = [kin('x'), kin('y')]
        const all = [...merged, ...apart]
        await town.feed(
          'hr',
          all.flatMap(it => it.hr),
        )
        await town.feed(
          'ad',
          all.flatMap(it => it.ad),
        )
        const { mergeId } = await mergeNow(await personOf(`x${n}a`), await personOf(`x${n}b`))
        await town.feed(
          'hr',
          all.flatMap(it => it.later),
        )
        await town.feed(
          'ad',
          all.flatMap(it => it.ad.map(record => ({ ...record, attrs: { ...record.attrs, enabled: true } }))),
        )
        await unmergeNow(mergeId)
        for (const side of ['a', 'b']) expect(await story(`x${n}${side}`)).toEqual(await story(`y${n}${side}`))
      }),
      { numRuns: 8 },
    )
  }, 240_000)
})

/** What is known of one person without ids and the prefix of the key. */
async function story(key: string): Promise<unknown> {
  const id = await personOf(key)
  const plain = async (sql: string) =>
    JSON.stringify(await rows(sql, [id])).replaceAll(key.slice(0, 1) + key.slice(1, -1), '#')
  return {
    state: await plain(
      `select valid::text, attrs, origin from person_state where person_id = $1 and upper_inf(recorded) order by 1`,
    ),
    current: await plain(
      `select name, usernames, kind, email, phone, status, title, unit_id from person_current where person_id = $1`,
    ),
    jobs: await plain(`select employee_no, title, fraction, status, is_primary, is_manager, starts_on, ends_on, manager_person_id,
      (select array_agg(e.key order by e.key) from assignment g join entitlement e on e.id = g.entitlement_id where g.affiliation_id = a.affiliation_id) as rights
      from affiliation_current a where person_id = $1 order by 1`),
    accounts: await plain(
      'select username, situation, evidence, enabled, found_linked from account where person_id = $1 order by 1',
    ),
    counts: await plain(
      'select systems, expected, observed, missing, unexplained from person_rights where person_id = $1',
    ),
  }
}
const withoutCpr = (record: FeedRecord): FeedRecord => {
  const { cpr: _, ...rest } = record.attrs
  return { ...record, attrs: rest }
}

describe('a merge', () => {
  it('is previewed as it happens, needs a reason and what was looked at, and shows in both logs', async () => {
    await town.feed('hr', [
      person('Per', { familyName: 'Dobbelt', birthDate: '1990-02-03' }),
      job('e-per', 'Per', { unit: '111', title: 'SSA', fraction: 0.5 }),
    ])
    await town.feed('hr2', [
      person('Per', { familyName: 'Dobbelt', birthDate: '1990-02-03' }),
      job('e2-per', 'Per', { unit: '112', title: 'Ukendt', fraction: 0.2 }),
    ])
    const cases = await app.post(hr, '/correlation/people/search', {})
    expect(cases.body).toMatchObject({ total: 1, rows: [{ evidence: 'name-birth-date', state: 'open' }] })
    const caseId = cases.body.rows[0].id
    const pair = { survivorId: await personOf('Per'), absorbedId: await personOf('Per', 'hr2') }
    const before = await world()
    const { status, body: preview } = await app.post(hr, '/correlation/merges/preview', pair)
    expect(status, JSON.stringify(preview)).toBe(200)
    expect(await world()).toEqual(before)
    expect(preview).toMatchObject({
      survivor: { affiliations: 1, expected: 2 },
      absorbed: { affiliations: 1, expected: 1 },
      after: { affiliations: 2, expected: 2 },
      gains: [],
      losses: [],
    })
    const path = '/correlation/merges'
    expect((await app.post(hr, path, { ...pair, hash: preview.hash, reason: '' })).body).toMatchObject({
      code: 'reason-needed',
    })
    expect((await app.post(hr, path, { ...pair, hash: 'x', reason: 'Samme person' })).body).toMatchObject({
      code: 'plan-stale',
    })
    const self = actor(['employee', 'hr'], { personId: pair.survivorId })
    expect((await app.post(self, path, { ...pair, hash: preview.hash, reason: 'Samme person' })).body).toMatchObject({
      code: 'not-allowed',
    })
    const merged = await app.post(hr, path, { ...pair, hash: preview.hash, reason: 'Samme person' })
    expect(merged.status, JSON.stringify(merged.body)).toBe(200)
    expect((await app.get(hr, `/correlation/people/${caseId}`)).body).toMatchObject({
      state: 'merged',
      mergeId: merged.body.mergeId,
    })
    expect((await app.get(hr, `${path}?personId=${pair.absorbedId}`)).body).toMatchObject({
      total: 1,
      rows: [{ survivor: { name: 'Per Dobbelt' }, absorbed: { name: 'Per Dobbelt' }, undoneAt: null }],
    })
    const logged = await rows<{ person_id: string }>(`select person_id from audit_entry where action = 'person.merged'`)
    expect(logged.map(row => row.person_id).sort()).toEqual([pair.survivorId, pair.absorbedId].sort())
    // What a source says of the absorbed one goes on counting, for the survivor.
    await town.feed('hr2', [job('e2-per', 'Per', { unit: '112', title: 'Ukendt', fraction: 1 })])
    expect(
      await rows('select employee_no, is_primary from affiliation_current where person_id = $1 order by 1', [
        pair.survivorId,
      ]),
    ).toEqual([
      { employee_no: 'e-per', is_primary: false },
      { employee_no: 'e2-per', is_primary: true },
    ])
    const undo = `${path}/${merged.body.mergeId}/undo`
    expect((await app.post(hr, undo, { reason: 'Det var to' })).status).toBe(200)
    expect((await app.post(hr, undo, { reason: 'Det var to' })).status).toBe(409)
    // The question is open again; answered, no later run asks it.
    expect((await app.post(hr, '/correlation/people/search', {})).body.total).toBe(1)
    expect((await app.post(hr, `/correlation/people/${caseId}/different`, { reason: 'Fætre' })).status).toBe(200)
    await town.feed('hr2', [person('Per', { familyName: 'Dobbelt', birthDate: '1990-02-03', phone: '9' })])
    expect((await app.post(hr, '/correlation/people/search', {})).body.total).toBe(0)
    expect((await app.post(hr, '/correlation/people/search', { state: 'different' })).body.total).toBe(1)
    expect((await app.post(hr, `/correlation/people/${caseId}/different/undo`)).status).toBe(200)
    expect((await app.post(hr, '/correlation/people/search', {})).body.total).toBe(1)
  })

  it('that is wrong is refused, with why', async () => {
    await town.feed('hr', [
      person('Una', { cpr: '0201804001' }),
      person('Uno', { cpr: '0301804002' }),
      person('Elev', { realm: 'pupil' }),
      job('e-una', 'Una'),
      job('e-uno', 'Uno'),
      job('k-elev', 'Elev', { affiliationKind: 'pupil' }),
      person('Tre'),
      job('e-tre', 'Tre'),
    ])
    const [una, uno, elev, tre] = [
      await personOf('Una'),
      await personOf('Uno'),
      await personOf('Elev'),
      await personOf('Tre'),
    ]
    await expect(mergeNow(una, uno)).rejects.toThrow(/different CPR numbers/)
    await expect(mergeNow(una, elev)).rejects.toThrow(/pupil and an employee/)
    await expect(mergeNow(una, una)).rejects.toThrow(/one and the same/)
    const { mergeId } = await mergeNow(una, tre)
    await expect(mergeNow(uno, tre)).rejects.toThrow(/has been merged already/)
    await unmergeNow(mergeId)
    // HR may not know of pupils, and IT settles no employees.
    const path = '/correlation/merges/preview'
    expect((await app.post(hr, path, { survivorId: una, absorbedId: elev })).status).toBe(404)
    expect((await app.post(admin, path, { survivorId: una, absorbedId: tre })).status).toBe(404)
    expect((await app.post(actor(['dpo']), path, { survivorId: una, absorbedId: tre })).status).toBe(403)
  })

  it('is asked about where two records with a history of their own turn out to have one number', async () => {
    await town.feed('hr', [person('Gro', { cpr: '0501804004' }), job('e-gro', 'Gro', { unit: '111', title: 'SSA' })])
    await town.feed('hr2', [person('Groa'), job('e-groa', 'Groa', { unit: '112', title: 'SSA' })])
    await town.feed('hr2', [person('Groa', { cpr: '0501804004' })])
    const pair = [await personOf('Gro'), await personOf('Groa', 'hr2')]
    expect(pair[0]).not.toBe(pair[1])
    const { body } = await app.post(hr, '/correlation/people/search', { evidence: 'same-cpr' })
    expect(body.rows).toMatchObject([{ evidence: 'same-cpr', confidence: 98 }])
    const { body: detail } = await app.get(hr, `/correlation/people/${body.rows[0].id}`)
    // The number is compared, and shown to nobody here.
    expect(detail.compared).toContainEqual({ field: 'cpr', result: 'same', here: null, there: null })
    expect(JSON.stringify(detail)).not.toMatch(/0501804004|050180/)
    const { mergeId } = await mergeNow(pair[0]!, pair[1]!)
    await unmergeNow(mergeId)
    // Somebody who is new and brings a number that is known is that person, and nothing is asked.
    await town.feed('hr3', [person('Gro tre', { cpr: '0501804004' })])
    expect([pair[0], pair[1]]).toContain(await personOf('Gro tre', 'hr3'))
  })

  it('shows the history of both under the survivor, and splits it back', async () => {
    await town.feed('hr', [
      person('Hans', { cpr: '0401804003' }),
      job('e-hans', 'Hans', { unit: '111', title: 'SSA' }),
      person('Hanne', { phone: '1' }),
      job('e-hanne', 'Hanne', { unit: '112', title: 'SSA' }),
    ])
    await town.feed('hr', [person('Hanne', { phone: '2' })])
    const [hans, hanne] = [await personOf('Hans'), await personOf('Hanne')]
    const user = newId()
    await database.db.transaction(async tx => {
      await tx.query(`insert into tool_user (id, kind, username, person_id) values ($1, 'person', 'hans', $2)`, [
        user,
        hans,
      ])
      for (const personId of [hans, hanne])
        await audit(tx).lookup({ actor: auditActor(hr), personId, action: 'person.viewed' })
    })
    const history = (id: string) =>
      database.db.snapshot(async tx => {
        const record = await personRecord(tx, id)
        const page = { offset: 0, limit: 50 }
        const events = record ? (await personTimeline(tx, id, viewerOf(hr, record), page, town.when.today)).events : []
        return {
          kinds: events
            .map(event => event.kind)
            .filter(kind => kind.startsWith('affiliation') || kind.startsWith('person')),
          phones: events.flatMap(event => event.changes).filter(change => change.field === 'phone'),
          lookups: (await lookupsOf(tx, await identitiesOf(tx, id), page)).total,
          cpr: await readCpr(tx, town.keyring, id),
          signsInAs: (await loadUser(tx, user, town.when.today))?.base.personId,
        }
      })
    const before = [await history(hans), await history(hanne)]
    expect(before).toMatchObject([
      { lookups: 1, cpr: '0401804003', signsInAs: hans },
      { lookups: 1, cpr: null },
    ])
    const { mergeId } = await mergeNow(hanne, hans)
    const during = await history(hanne)
    expect(during).toMatchObject({ lookups: 2, cpr: '0401804003', signsInAs: hanne })
    expect(during.kinds).toContain('person-merged')
    expect(during.kinds.filter(kind => kind === 'affiliation-started')).toHaveLength(2)
    await unmergeNow(mergeId)
    const after = [await history(hans), await history(hanne)]
    const own = (one: (typeof after)[number]) => ({
      ...one,
      kinds: one.kinds.filter(kind => kind.startsWith('affiliation')),
      phones: one.phones.filter(change => change.before === '1' && change.after === '2'),
    })
    expect(after.map(own)).toEqual(before.map(own))
    expect(after.every(one => one.kinds.includes('person-split'))).toBe(true)
  })

  it('leads from the old page to the new one, for whoever may see that', async () => {
    await town.feed('hr', [
      ...[person('old'), job('old', 'old', { unit: '111', title: 'SSA' })],
      ...[person('kept'), job('kept', 'kept', { unit: '112', title: 'SSA' })],
    ])
    const [kept, old] = [await personOf('kept'), await personOf('old')]
    const { mergeId } = await mergeNow(kept, old)
    for (const path of ['', '/timeline']) {
      const moved = await app.get(hr, `/people/${old}${path}`)
      expect(moved).toMatchObject({ status: 404, body: { code: 'not-found', params: { mergedInto: kept } } })
    }
    expect((await app.get(hr, `/people/${kept}`)).status).toBe(200)
    for (const who of [actor(['employee']), actor(['manager'])]) {
      const nothing = await app.get(who, `/people/${old}`)
      expect(nothing.status).toBe(404)
      expect(JSON.stringify(nothing.body)).not.toContain(kept)
    }
    expect((await app.get(hr, `/people/${newId()}`)).body).not.toHaveProperty('params')
    await unmergeNow(mergeId)
    expect((await app.get(hr, `/people/${old}`)).status).toBe(200)
  })

  it('of three is taken apart in any order, and two at once merge one pair once', async () => {
    await town.feed(
      'hr',
      ['T1', 'T2', 'T3'].flatMap(key => [person(key), job(`e-${key}`, key, { unit: '111' })]),
    )
    const [a, b, c] = [await personOf('T1'), await personOf('T2'), await personOf('T3')]
    const before = await world()
    const first = await mergeNow(b, c)
    const second = await mergeNow(a, b)
    const holder = async () =>
      (await rows<{ n: number }>('select count(*)::int as n from affiliation_current where person_id = $1', [a]))[0]!.n
    expect(await holder()).toBe(3)
    await unmergeNow(first.mergeId)
    expect(await holder()).toBe(2)
    await unmergeNow(second.mergeId)
    expect(await world()).toEqual(before)
    const both = await Promise.allSettled([mergeNow(a, b), mergeNow(b, a)])
    expect(both.map(one => one.status).sort()).toEqual(['fulfilled', 'rejected'])
  })
})
