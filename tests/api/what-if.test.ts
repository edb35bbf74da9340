import { beforeAll, describe, expect, test } from 'vitest'
import { applyDueDrafts } from '../../server/access/what-if/apply-due.ts'
import type { ResponseOf } from '../../server/contract/endpoint.ts'
import type { WhatIfPerson, WhatIfResult } from '../../server/contract/what-if.ts'
import type { DraftChange, DraftPage } from '../../server/contract/what-if-draft.ts'
import type { getDraftForm } from '../../server/contract/what-if-form.ts'
import { rollTheDay } from '../../server/jobs.ts'
import { daysAhead, daysLater } from '../support/days.ts'
import { demoTown } from '../support/demo-town.ts'
import { signIn, signInAdministrator, type Visitor } from '../support/visitors.ts'

const town = demoTown()
/** The background jobs of a later day; the sessions of the test stay those of today. */
const later = (days: number) => ({ db: town.house.db, clock: daysLater(days) })
const day = daysAhead

let it: Visitor
let other: Visitor
let units: { key: string; name: string; people: number }[]
beforeAll(async () => {
  it = await signIn(town, 'it')
  other = await signInAdministrator(town)
  units = await town.house.db.source.query(
    `select u.key, u.name, count(*)::int as people from org_unit_current u
     join affiliation_current a on a.unit_id = u.unit_id and a.status = 'active' and a.kind <> 'pupil'
     where u.active and u.tree = 'admin' and not exists (select from org_unit_current c where c.parent_id = u.unit_id)
     group by 1, 2 having count(*) between 3 and 40 order by 1 limit 6`,
  )
})

const make = async (visitor: Visitor, changes: DraftChange[], onDate = day(0), name = 'Proeve') => {
  const made = await visitor.post<{ id: string }>('/drafts', { name, onDate, changes })
  expect(made.status, made.text).toBe(200)
  return made.body.id
}
const work = async (visitor: Visitor, id: string, base = 'same-date') => {
  const done = await visitor.post<{ hash: string }>(`/drafts/${id}/compute`, { base })
  expect(done.status, done.text).toBe(200)
  const answer = await visitor.get<{ result: WhatIfResult }>(`/drafts/${id}/result?base=${base}`)
  expect(answer.status, answer.text).toBe(200)
  return answer.body.result
}
const page = async (visitor: Visitor, id: string) => (await visitor.get<DraftPage>(`/drafts/${id}`)).body
const merger = (): DraftChange[] => {
  const [a, b, c] = units as [(typeof units)[0], (typeof units)[0], (typeof units)[0]]
  return [
    {
      id: 'one',
      kind: 'unit-map',
      carry: true,
      translate: true,
      rows: [
        { from: a.key, to: c.key },
        { from: b.key, to: c.key },
      ],
    },
  ]
}

test('the examples of the demonstration are made by a person, shown by name', async () => {
  const [me] = await town.house.db.source.query(
    `select p.name from tool_user u join person_current p on p.person_id = u.person_id where u.username = $1`,
    [town.manifest.signIns.find(one => one.role === 'it')!.username],
  )
  const drafts = await it.get<{ rows: { owner: string; own: boolean }[] }>('/drafts')
  expect(drafts.body.rows.length).toBeGreaterThan(1)
  expect(new Set(drafts.body.rows.map(one => one.owner))).toEqual(new Set([me.name]))
  expect(drafts.body.rows.every(one => one.own)).toBe(true)
  const runs = await it.get<{ rows: { startedBy: string }[] }>('/mining/runs')
  expect(runs.body.rows.map(one => one.startedBy)).toEqual([me.name])
})

describe('a draft', () => {
  test('is its owner’s until it is shared, and says what it would do, by unit, system, cause and person', async () => {
    const id = await make(it, merger())
    expect((await other.get(`/drafts/${id}`)).status).toBe(404)
    const result = await work(it, id)
    expect(result.moved).toEqual([])
    expect(result.total.carried).toBeGreaterThan(0)
    expect(result.total.movers).toBe(0)
    const { gains, losses, limits } = result.total
    expect(gains + losses + limits).toBeGreaterThan(0)
    for (const list of [result.byUnit, result.bySystem, result.byCause])
      expect(list.reduce((sum, one) => sum + one.gains + one.losses + one.limits, 0)).toBe(gains + losses + limits)
    const people = await it.post<{ rows: WhatIfPerson[]; total: number; hidden: number }>(
      `/drafts/${id}/people/search`,
      { limit: 200 },
    )
    expect(people.body.hidden).toBe(0)
    const rights = people.body.rows.flatMap(row => [...row.gains, ...row.losses, ...row.limits])
    // What a strict system would hold back stands with the people, and is no gain.
    if (people.body.total <= 200) expect(rights.length).toBe(gains + losses + limits + result.total.withheld)
    expect((await it.post(`/drafts/${id}/share`, { shared: true })).status).toBe(200)
    const dpo = await signIn(town, 'dpo')
    expect((await dpo.get(`/drafts/${id}`)).status).toBe(200)
    expect((await dpo.post(`/drafts/${id}/withdraw`, { reason: 'Det vil jeg ikke' })).status).toBe(403)
    const file = await dpo.post<{ base64: string }>(`/drafts/${id}/export`, { format: 'csv' })
    expect(Buffer.from(file.body.base64, 'base64').toString().split('\r\n').length).toBeGreaterThan(1)
    const sheet = await dpo.post<{ base64: string }>(`/drafts/${id}/export`, { format: 'xlsx' })
    expect(Buffer.from(sheet.body.base64, 'base64').subarray(0, 2).toString()).toBe('PK')
  })

  test('that is not valid says which change is wrong', async () => {
    const id = await make(it, [{ id: 'x', kind: 'unit-move', unit: 'findes-ikke', parent: units[0]!.key }])
    const answer = await it.post<{ errors: { where: string }[] }>(`/drafts/${id}/compute`, {})
    expect(answer.status).toBe(422)
    expect(answer.body.errors[0]?.where).toBe('x')
  })

  test('has its rules and roles written by form, in the rules as the draft has them', async () => {
    const id = await make(it, merger())
    type Page = ResponseOf<typeof getDraftForm>
    const open = async (query: string) => {
      const answer = await it.get<Page>(`/drafts/${id}/form?${query}`)
      expect(answer.status, answer.text).toBe(200)
      return answer.body
    }
    const save = async (isNew: boolean, change: object) =>
      it.send<{ version: number; code: string }>('PUT', `/drafts/${id}/form`, {
        ...{ version: (await page(it, id)).version, isNew, change },
      })
    const [right] = await town.house.db.source.query(
      `select key from entitlement e where gone_at is null and not privileged and not starts_with(key, 'hjemmel/')
         and not exists (select from assignment a where a.entitlement_id = e.id) order by key limit 1`,
    )
    const role = {
      key: 'ny-rolle',
      name: 'Ny rolle',
      description: null,
      entitlements: [{ key: right.key, limits: [] }],
    }
    const madeRole = await save(true, { kind: 'role', form: { ...role, roles: [] } })
    expect(madeRole.status, madeRole.text).toBe(200)
    const empty = await open('kind=rule')
    expect(empty.made).toMatchObject([{ key: 'ny-rolle', name: 'Ny rolle', kind: 'role', gone: false }])
    const form = {
      ...empty.change.form,
      ...{ key: 'ny-regel', name: 'Ny regel', owner: 'IT', roles: ['ny-rolle'] },
      conditions: { join: 'all', parts: [{ field: 'unit', op: 'under', values: [units[3]!.key] }] },
      exceptions: [
        {
          ...{ key: null, reason: 'Ikke dem', validFrom: day(0), validTo: day(90) },
          conditions: { join: 'all', parts: [{ field: 'kind', op: 'in', values: ['elected'] }] },
        },
      ],
    }
    expect((await save(true, { kind: 'rule', form })).status).toBe(200)
    expect((await page(it, id)).changes.map(one => one.kind)).toEqual(['unit-map', 'role-put', 'rule-put', 'rule-put'])
    // The rule is in the draft only, with its exception, and is opened as it was written.
    const again = await open('kind=rule&key=ny-regel')
    expect(again.isNew).toBe(false)
    expect(again.grantable).toMatchObject([{ key: 'ny-rolle', gone: false }])
    expect(again.change.form).toMatchObject({ name: 'Ny regel', exceptions: [{ key: 'ny-regel--1' }] })
    expect(await save(true, { kind: 'rule', form })).toMatchObject({ status: 409, body: { code: 'conflict' } })
    const bad = await save(false, { kind: 'rule', form: { ...again.change.form, roles: ['findes-ikke'] } })
    expect(bad).toMatchObject({ status: 422, body: { code: 'rules-invalid' } })
    const result = await work(it, id)
    expect(result.bySystem.map(one => one.system)).toContain(right.key.split('/')[0])
    // Without the exception, and then as if nothing had been written.
    const less = { ...again.change.form, exceptions: [] }
    expect((await save(false, { kind: 'rule', form: less })).status).toBe(200)
    expect((await page(it, id)).changes.map(one => one.kind)).toEqual(['unit-map', 'role-put', 'rule-put'])
    expect((await open('kind=rule&key=ny-regel')).change.form).toEqual(less)
    const [stored] = await town.house.db.source.query(
      `select key from rights_rule where upper_inf(recorded) and not inverted order by key limit 1`,
    )
    const known = await open(`kind=rule&key=${encodeURIComponent(stored.key)}`)
    expect((await save(false, known.change)).status).toBe(200)
    expect((await page(it, id)).changes).toHaveLength(3)
    const dpo = await signIn(town, 'dpo')
    await it.post(`/drafts/${id}/share`, { shared: true })
    expect((await dpo.get(`/drafts/${id}/form?kind=rule`)).status).toBe(403)
  })

  test('offers the catalogue’s titles and positions to choose from', async () => {
    const ask = async (kind: string) =>
      (await it.get<{ rows: { key: string; name: string; note: string }[] }>(`/drafts-choices?kind=${kind}&text=a`))
        .body.rows
    const [titles, positions] = [await ask('catalogue-title'), await ask('position')]
    expect(titles.length).toBeGreaterThan(3)
    expect(positions.length).toBeGreaterThan(3)
    for (const one of titles) expect(one.name.toLocaleLowerCase('da')).toBe(one.key)
    const known = await town.house.db.source.query('select name from position')
    expect(known.map((one: { name: string }) => one.name)).toEqual(expect.arrayContaining(titles.map(one => one.note)))
  })

  test('above the limit needs another person; is carried out on its date as it was approved, or held', async () => {
    const { source } = town.house.db
    const [system] = (await source.query(
      `select s.key from it_system s join entitlement e on e.system_id = s.id join assignment a on a.entitlement_id = e.id
       where s.key <> 'hjemmel' group by 1 order by count(*) desc limit 1`,
    )) as { key: string }[]
    const id = await make(it, [{ id: 'close', kind: 'system-close', system: system!.key }], day(1), 'Systemet lukkes')
    const result = await work(it, id)
    expect(result.guards.length).toBeGreaterThan(0)
    const own = await it.post<{ code: string }>(`/drafts/${id}/approve`, { hash: result.hash })
    expect([own.status, own.body.code]).toEqual([409, 'second-person-needed'])
    await it.post(`/drafts/${id}/share`, { shared: true })
    expect((await other.post(`/drafts/${id}/approve`, { hash: 'en anden' })).status).toBe(409)
    const approved = await other.post(`/drafts/${id}/approve`, { hash: result.hash })
    expect(approved.status, approved.text).toBe(200)
    expect((await other.post(`/drafts/${id}/apply`)).status).toBe(409)

    // Two drafts of the same: once one of them is carried out, the other does not do what was approved any more.
    const [rule] = (await source.query(
      `select r.key from rights_rule r join derivation d on d.rule_key = r.key join assignment a on a.derivation_id = d.id
       where upper_inf(r.recorded) and r.roles = '{}' and not r.inverted
         and not exists (select from unnest(r.entitlements) e where starts_with(e, $1) or starts_with(e, 'hjemmel/'))
       group by 1 having count(*) between 2 and 60 order by 1 limit 1`,
      [`${system!.key}/`],
    )) as { key: string }[]
    const retire: DraftChange[] = [{ id: 'r', kind: 'rule-retire', key: rule!.key }]
    const added: DraftChange[] = [...retire, ...merger()]
    const [first, second] = [await make(it, retire, day(2), 'Den ene'), await make(it, added, day(2), 'Den anden')]
    for (const one of [first, second]) {
      const { hash } = await work(it, one)
      await it.post(`/drafts/${one}/share`, { shared: true })
      const answer = await other.post(`/drafts/${one}/approve`, { hash })
      expect(answer.status, answer.text).toBe(200)
    }
    type Compared = { counts: { same: number; onlyOne: number; onlyOther: number }; total: number; rows: object[] }
    const compared = (await it.get<Compared>(`/drafts/${first}/compare/${second}`)).body
    expect(compared.counts.same).toBeGreaterThan(0)
    expect(compared.counts.onlyOther).toBeGreaterThan(0)
    expect(compared.rows.length).toBe(Math.min(50, compared.total))

    // What payroll is to bring is announced to its guards, approved with the draft.
    const { announced } = (await page(it, second)).carriedOut!
    expect(announced.length).toBeGreaterThan(0)
    const announcement = await it.get<{ state: string }>(`/announcements/${announced[0]!.id}`)
    expect(announcement.body.state).toBe('approved')

    const tomorrow = later(1)
    await rollTheDay(tomorrow)
    expect(await applyDueDrafts(tomorrow)).toEqual({ applied: 1, held: 0 })
    expect((await page(it, id)).state).toBe('applied')
    const [left] = await source.query(
      `select count(*)::int as n from assignment a join entitlement e on e.id = a.entitlement_id where starts_with(e.key, $1)`,
      [`${system!.key}/`],
    )
    expect(left.n).toBe(0)
  }, 300_000)
})
