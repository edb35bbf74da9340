import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linkAccounts } from '../../../server/systems/link-accounts.ts'
import { decideLink } from '../../../server/systems/link-service.ts'
import { createLinkStore } from '../../../server/systems/link-store.ts'
import { actor } from '../../support/actors.ts'
import { testDatabase } from '../../support/database.ts'
import { account, entitlement, group, job, municipality, person, system, unit } from '../../support/municipality.ts'
import { type Answer, deskApp } from './desk-app.ts'

const database = testDatabase()
let town: ReturnType<typeof municipality>
let app: Awaited<ReturnType<typeof deskApp>>
const it1 = actor(['it'])
const it2 = actor(['it'])
const dpo = actor(['dpo'])
const owner = actor(['employee', 'systemowner'])

const one = (key: string, attrs: Record<string, string | boolean> = {}) =>
  account(key, { username: key, dn: `cn=${key},ou=brugere,dc=x`, enabled: true, ...attrs })
const rows = <T>(sql: string, params: unknown[] = []) => database.db.snapshot(tx => tx.query<T>(sql, params))
const idOf = async (key: string) => (await rows<{ id: string }>('select id from account where key = $1', [key]))[0]!.id
const personOf = async (name: string) =>
  (await rows<{ id: string }>('select person_id as id from person_current where given_name = $1', [name]))[0]!.id
/** Everything that the desk keeps of an account, and since when it stands so. */
const standing = async (key: string) => ({
  account: await rows(
    `select situation, situation_since::text as since, situation_run as run, reason, evidence, confidence, person_id, affiliation_id, candidates, kind, kind_by, kind_rule_id,
       owner_person_id, owner_unit_id, found_linked, out_of_scope, by_intent, gone_at from account where key = $1`,
    [key],
  ),
  links: await rows(
    `select k.verdict, k.person_id, k.affiliation_id, k.decided_by, k.evidence, k.confidence from account_link k
     join account a on a.id = k.account_id where a.key = $1 and k.until is null order by 1, 2`,
    [key],
  ),
  rights: await rows(
    `select r.* from person_rights r where r.person_id in (select person_id from account where key = $1)`,
    [key],
  ),
})
const look = async (key: string, who = it1): Promise<Answer> => app.get(who, `/correlation/accounts/${await idOf(key)}`)
const decide = async (key: string, decision: Record<string, unknown>, who = it1): Promise<Answer> =>
  app.post(who, `/correlation/accounts/${await idOf(key)}/decisions`, {
    version: (await look(key)).body.version,
    ...decision,
  })
/** Another complete read that changes people and the account itself. */
const laterRuns = async (key: string, attrs: Record<string, string | boolean> = {}) => {
  await town.feed('ad', [one(key, { ...attrs, description: String(Math.random()) })])
  await town.feed('hr', [person('Ann', { phone: String(Math.random()) })])
  await town.feed('ad', [])
}

beforeAll(async () => {
  await database.reset()
  town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'top' }),
    unit('111', { name: 'Plejecenter Nord', unitKind: 'institution', parent: '100' }),
    person('Ann', { familyName: 'Ærlig', email: 'ann@x.dk' }),
    person('Bo', { familyName: 'Åben' }),
    person('Kim', { familyName: 'Hemmelig', protected: true }),
    job('e-ann', 'Ann', { unit: '111', title: 'SSA' }),
    job('e-bo', 'Bo', { unit: '111' }),
    job('e-kim', 'Kim', { unit: '111' }),
    job('twin-a', 'Ann', { employeeNo: 'twin', unit: '111' }),
    job('twin-b', 'Bo', { employeeNo: 'twin', unit: '111' }),
  ])
  await town.feed('systems', [
    system('sbsys', { name: 'SBSYS', reading: 'groups' }),
    entitlement('sbsys/all', { name: 'Alt' }),
  ])
  await town.rules('mappings:\n  - { source: ad, match: { cn: g-all }, entitlement: sbsys/all }\n')
  await town.feed('ad', [
    one('twins', { employeeNo: 'twin', displayName: 'Ann Ærlig', email: 'ann@x.dk' }),
    one('nobody', { displayName: 'Ann Ærlig' }),
    one('kim', { displayName: 'Kim Hemmelig', email: 'kim@x.dk' }),
    one('linked', { employeeNo: 'e-bo' }),
    one('scanner'),
    one('race', { employeeNo: 'twin' }),
    one('robot', { accountKind: 'service' }),
    group('g-all', { name: 'g-all', dn: 'cn=g-all,dc=x', members: 'cn=twins,ou=brugere,dc=x' }),
  ])
  // People decide an hour after what was read.
  const clock = { ...town.clock, now: () => new Date(town.clock.now().getTime() + 3_600_000) }
  app = await deskApp({ db: database.db, clock, keyring: town.keyring })
}, 120_000)
afterAll(() => app.close())

describe('the list', () => {
  it('holds what waits for somebody, counts over the same filters, and is not for who may not', async () => {
    const { body } = await app.post(it1, '/correlation/accounts/search', {})
    expect(body.rows.map((row: { username: string }) => row.username).sort()).toEqual([
      'kim',
      'nobody',
      'race',
      'robot',
      'scanner',
      'twins',
    ])
    expect(body.counts).toMatchObject({ disputed: 2, unmatched: 4, linked: 0 })
    const all = (await app.post(it1, '/correlation/accounts/search', { open: false })).body
    expect(all.counts.linked).toBe(1)
    expect(all.total).toBe(7)
    expect(all.sources).toEqual([{ key: 'ad', name: { da: 'ad', en: 'ad' }, open: 6 }])
    const filtered = await app.post(it1, '/correlation/accounts/search', { situation: 'disputed', text: 'TWI' })
    expect(filtered.body.rows).toMatchObject([
      { username: 'twins', reason: 'several-people', candidates: 2, observed: 1 },
    ])
    expect((await app.post(owner, '/correlation/accounts/search', {})).status).toBe(403)
    expect((await app.post(dpo, '/correlation/accounts/search', {})).status).toBe(200)
  })
})

describe('one account', () => {
  it('shows its candidates side by side, differences first, and nothing that the reader may not see', async () => {
    const { body } = await look('twins')
    expect(body.candidateList.map((row: { person: { name: string } }) => row.person.name).sort()).toEqual([
      'Ann Ærlig',
      'Bo Åben',
    ])
    const bo = body.candidateList.find((row: { person: { name: string } }) => row.person.name === 'Bo Åben')
    expect(bo.byRule).toBe(true)
    expect(bo.compared[0]).toEqual({ field: 'name', result: 'different', here: 'Ann Ærlig', there: 'Bo Åben' })
    expect(bo.compared.find((row: { field: string }) => row.field === 'employeeNo')).toMatchObject({ result: 'same' })
    // The name of a protected person is not told by the account that carries it.
    const kim = await look('kim')
    expect(kim.body.candidateList).toMatchObject([
      { person: { name: null, protected: true }, byRule: false, evidence: 'name' },
    ])
    expect(JSON.stringify(kim.body)).not.toMatch(/Hemmelig|kim@x/)
  })

  it('is not there for those who may not know of it, and a lookup is on record', async () => {
    expect((await look('twins', owner)).status).toBe(403)
    const [entry] = await rows<{ n: number }>(
      `select count(*) as n from audit_entry where action = 'link.viewed' and person_id = $1`,
      [await personOf('Bo')],
    )
    expect(entry!.n).toBeGreaterThan(0)
  })
})

describe('a decision', () => {
  it.each([
    ['link', 'twins', async () => ({ kind: 'link', personId: await personOf('Ann') }), { situation: 'linked' }],
    [
      'not this person',
      'twins',
      async () => ({ kind: 'not-this-person', personId: await personOf('Ann') }),
      // The other one is left, and the number is his.
      { situation: 'linked' },
    ],
    [
      'nobody',
      'nobody',
      async () => ({ kind: 'nobody', reason: 'Printer' }),
      { situation: 'unmatched', by_intent: true },
    ],
    ['nobody after all', 'linked', async () => ({ kind: 'nobody' }), { situation: 'unmatched', by_intent: true }],
    ['out of scope', 'nobody', async () => ({ kind: 'out-of-scope' }), { situation: 'unmatched', out_of_scope: true }],
    [
      'a kind with an owner',
      'scanner',
      async () => ({ kind: 'classify', accountKind: 'ward-tablet', ownerPersonId: await personOf('Bo') }),
      { kind: 'ward-tablet', kind_by: 'person', reason: 'not-personal' },
    ],
    [
      'a service account that a rule took for a person’s',
      'linked',
      async () => ({ kind: 'classify', accountKind: 'service', ownerPersonId: await personOf('Ann') }),
      { kind: 'service', situation: 'unmatched', person_id: null },
    ],
  ])('%s: holds through later runs, and undone everything is as before', async (_name, key, decision, expected) => {
    const attrs: Record<string, string> =
      key === 'twins' ? { employeeNo: 'twin' } : key === 'linked' ? { employeeNo: 'e-bo' } : {}
    await laterRuns(key, attrs)
    const before = await standing(key)
    const answer = await decide(key, await decision())
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    const after = await standing(key)
    expect(after.account).toMatchObject([expected])
    expect(after).not.toEqual(before)
    await laterRuns(key, attrs)
    expect(await standing(key)).toEqual(after)
    const undone = await app.post(it2, `/correlation/decisions/${answer.body.decisionId}/undo`)
    expect(undone.status, JSON.stringify(undone.body)).toBe(200)
    expect(await standing(key)).toEqual(before)
    const shown = (await look(key)).body.decisions[0]
    expect(shown).toMatchObject({ kind: (await decision()).kind, undoneBy: it2.userId, by: it1.userId })
  })

  it('that somebody else has overtaken is refused, and of two at once one wins', async () => {
    const { version } = (await look('race')).body
    const [ann, bo] = [await personOf('Ann'), await personOf('Bo')]
    const path = `/correlation/accounts/${await idOf('race')}/decisions`
    const answers = await Promise.all([
      app.post(it1, path, { kind: 'link', version, personId: ann }),
      app.post(it2, path, { kind: 'link', version, personId: bo }),
    ])
    expect(answers.map(one => one.status).sort()).toEqual([200, 409])
    expect(answers.find(one => one.status === 409)!.body).toMatchObject({ code: 'conflict' })
    expect((await standing('race')).links).toHaveLength(1)
    expect((await app.post(it1, path, { kind: 'nobody', version })).status).toBe(409)
  })

  it('stands whether a run links before, after or while it is made', async () => {
    await town.feed('ad', [one('while', { employeeNo: 'e-bo' })])
    const id = await idOf('while')
    const link = () =>
      database.db.transaction(tx => linkAccounts(tx, 'select $1::uuid', [id], { now: town.clock.now(), runId: null }))
    for (const order of ['run first', 'decision first', 'together']) {
      const version = (await look('while')).body.version
      let running: Promise<unknown>[] = []
      const body = { kind: 'nobody', version }
      const made = () => app.post(it1, `/correlation/accounts/${id}/decisions`, body)
      if (order === 'together') running = [link(), made(), link()]
      else
        await database.db.transaction(async tx => {
          if (order === 'run first') {
            await linkAccounts(tx, 'select $1::uuid', [id], { now: town.clock.now(), runId: null })
            running = [made()]
          } else {
            const store = createLinkStore(tx, { now: town.clock.now() })
            await decideLink(store, id, { kind: 'nobody', version }, { userId: 'x', personId: null, now: new Date() })
            running = [link()]
          }
          // The other one is on its way now, and must wait for this transaction to end.
          await new Promise(resolve => setTimeout(resolve, 150))
        })
      await Promise.all(running)
      expect((await standing('while')).account, order).toMatchObject([{ situation: 'unmatched', by_intent: true }])
      const last = (await look('while')).body.decisions[0].id
      expect((await app.post(it1, `/correlation/decisions/${last}/undo`)).status, order).toBe(200)
      expect((await standing('while')).account, order).toMatchObject([{ situation: 'linked' }])
    }
  })

  it('can only be taken back while it is the last one', async () => {
    const first = await decide('nobody', { kind: 'nobody' })
    const second = await decide('nobody', { kind: 'out-of-scope' })
    const path = (id: string) => `/correlation/decisions/${id}/undo`
    expect((await app.post(it1, path(first.body.decisionId))).status).toBe(409)
    expect((await app.post(it1, path(second.body.decisionId))).status).toBe(200)
    expect((await app.post(it1, path(second.body.decisionId))).status).toBe(409)
    expect((await app.post(it1, path(first.body.decisionId))).status).toBe(200)
  })

  it('needs a kind’s owner, a person who is there, and a role that may', async () => {
    expect((await decide('scanner', { kind: 'classify', accountKind: 'service' })).status).toBe(400)
    expect((await decide('scanner', { kind: 'link', personId: it1.userId })).status).toBe(404)
    expect((await decide('scanner', { kind: 'nobody' }, dpo)).status).toBe(403)
    expect((await decide('scanner', { kind: 'confirm-gone' })).status).toBe(409)
  })

  it('about one’s own account is somebody else’s', async () => {
    const ann = actor(['employee', 'it'], { personId: await personOf('Ann') })
    const path = `/correlation/accounts/${await idOf('scanner')}/decisions`
    const { version } = (await look('scanner')).body
    const own = { kind: 'link', version, personId: ann.personId }
    expect((await app.post(ann, path, own)).body).toMatchObject({ code: 'not-allowed' })
    const made = await app.post(it1, path, own)
    expect(made.status).toBe(200)
    expect((await decide('scanner', { kind: 'nobody' }, ann)).status).toBe(403)
    expect((await app.post(ann, `/correlation/decisions/${made.body.decisionId}/undo`)).status).toBe(403)
    expect((await app.post(it1, `/correlation/decisions/${made.body.decisionId}/undo`)).status).toBe(200)
  })

  it('ends a machine’s account that has left: only a person does, and can take it back', async () => {
    await town.feed('ad', [], ['account/robot'])
    await town.feed('ad', [])
    expect((await standing('robot')).account).toMatchObject([{ situation: 'gone', gone_at: null }])
    const answer = await decide('robot', { kind: 'confirm-gone' })
    expect(answer.status).toBe(200)
    expect((await standing('robot')).account).toMatchObject([{ situation: 'gone', gone_at: expect.any(Date) }])
    await app.post(it1, `/correlation/decisions/${answer.body.decisionId}/undo`)
    expect((await standing('robot')).account).toMatchObject([{ situation: 'gone', gone_at: null }])
  })

  it('leaves its trace with what was before', async () => {
    const entries = await rows<{ action: string; body: string }>(
      `select e.action, p.body from audit_entry e join audit_payload p on p.entry_id = e.id
       where e.action in ('link.decided', 'link.undone') order by e.id`,
    )
    expect(entries.length).toBeGreaterThan(15)
    expect(JSON.parse(entries[0]!.body)).toMatchObject({ before: { kind: 'personal' }, after: { kind: 'link' } })
  })
})

describe('rules on kinds of account', () => {
  it('say before what they would catch, catch it from then on, and give it back when they go', async () => {
    await town.feed('ad', [
      one('svc-a', { employeeNo: 'e-ann' }),
      one('svc_b'),
      one('percent%', {}),
      account('tablet', { username: 'tablet', dn: 'cn=tablet,OU=Tavler, OU=Afdelinger,dc=x' }),
      account('trick', { username: 'trick', dn: 'cn=trick\\,ou=Tavler,ou=Afdelinger,dc=x' }),
    ])
    const rule = { pattern: 'SVC*', accountKind: 'service', ownerUnitId: null }
    const preview = (await app.post(it1, '/correlation/account-rules/preview', rule)).body
    expect(preview).toMatchObject({ total: 2, linked: 1, changes: 2 })
    const made = await app.post(it1, '/correlation/account-rules', rule)
    expect(made.body).toMatchObject({ changed: 2 })
    expect((await standing('svc-a')).account).toMatchObject([
      { kind: 'service', kind_by: 'rule', situation: 'unmatched' },
    ])
    await town.feed('ad', [one('svc-c'), one('svc-a', { employeeNo: 'e-ann', description: 'ny' })])
    expect((await standing('svc-c')).account).toMatchObject([{ kind: 'service', kind_by: 'rule' }])
    expect((await standing('svc-a')).account).toMatchObject([{ kind: 'service' }])
    // What a person says stands above it.
    expect((await decide('svc-c', { kind: 'classify', accountKind: 'personal' })).status).toBe(200)
    const list = (await app.get(it1, '/correlation/account-rules')).body
    expect(list).toMatchObject({ rows: [{ pattern: 'SVC*', accounts: 2 }], allowed: { change: true } })
    const changed = await app.put(it1, `/correlation/account-rules/${made.body.id}`, { ...rule, pattern: 'svc-*' })
    expect(changed.body).toMatchObject({ changed: 1 })
    expect((await standing('svc_b')).account).toMatchObject([{ kind: 'personal', kind_by: 'feed' }])
    expect((await app.remove(it1, `/correlation/account-rules/${made.body.id}`)).body).toMatchObject({ changed: 1 })
    expect((await standing('svc-a')).account).toMatchObject([{ kind: 'personal', situation: 'linked' }])
  })

  it('take no letter but the star for more than itself, and a part of the directory for that part', async () => {
    const total = async (rule: Record<string, string>) =>
      (await app.post(it1, '/correlation/account-rules/preview', { accountKind: 'test', ...rule })).body.total
    expect(await total({ pattern: 'svc_*' })).toBe(1)
    expect(await total({ pattern: '*%' })).toBe(1)
    expect(await total({ ou: 'ou=tavler,ou=afdelinger,DC=x' })).toBe(1)
    expect(await total({ ou: 'ou=Afdelinger, dc=x' })).toBe(2)
    const bad = await app.post(it1, '/correlation/account-rules/preview', { pattern: '**', accountKind: 'test' })
    expect(bad.status).toBe(400)
    expect((await app.post(dpo, '/correlation/account-rules', { pattern: 'x*', accountKind: 'test' })).status).toBe(403)
  })
})
