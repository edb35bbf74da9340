import { beforeAll, describe, expect, test } from 'vitest'
import type { DemoRole } from '../../server/demo/manifest.ts'
import { newId } from '../../server/platform/ids.ts'
import { demoTown } from '../support/demo-town.ts'
import { personOf, signIn, type Visitor } from '../support/visitors.ts'
import { withoutIds } from '../support/without-ids.ts'

/*
 * Which rows each role sees, asked over HTTP and compared with what the database says they may see. The other side of
 * every fence is tried by its id: what one may not know of is not there.
 */
const town = demoTown()
const ROLES: DemoRole[] = ['hr', 'it', 'systemowner', 'manager', 'deputy', 'dpo', 'auditor', 'employee']
const as = {} as Record<DemoRole, Visitor>
const me = {} as Record<DemoRole, string>
let school: string

const ids = async (sql: string, params: unknown[] = []): Promise<string[]> =>
  ((await town.house.db.source.query(sql, params)) as { id: string }[]).map(row => row.id).sort()
const one = async (sql: string, params: unknown[] = []): Promise<string> => {
  const [id] = await ids(sql, params)
  if (!id) throw new Error(`nothing found: ${sql}`)
  return id
}
type PeopleAnswer = { rows: { id: string; name: string | null; kind: string }[]; total: number }
/** Everybody on a list, page by page. */
async function everybody(visitor: Visitor, filter: Record<string, unknown> = {}): Promise<PeopleAnswer['rows']> {
  const rows: PeopleAnswer['rows'] = []
  for (;;) {
    const { status, body, text } = await visitor.post<PeopleAnswer>('/people/search', {
      ...filter,
      limit: 200,
      offset: rows.length,
    })
    expect(status, text).toBe(200)
    rows.push(...body.rows)
    if (rows.length >= body.total || body.rows.length === 0) return rows
  }
}
const listed = async (visitor: Visitor, filter: Record<string, unknown> = {}) =>
  (await everybody(visitor, filter)).map(row => row.id).sort()

beforeAll(async () => {
  for (const role of ROLES) {
    as[role] = await signIn(town, role)
    me[role] = await personOf(town, role)
  }
  school = (await as.manager.session()).actor!.units[0]!.id
}, 300_000)

describe('the manager', () => {
  test('lists exactly those who work or are about to work in the own unit or below, and the pupils of an own school', async () => {
    const [{ school: isSchool }] = (await town.house.db.source.query(
      `select kind = 'school' or tree = 'school' as school from org_unit_current where unit_id = $1`,
      [school],
    )) as [{ school: boolean }]
    const expected = await ids(
      `select person_id as id from person_current where
         (kind <> 'pupil' and status = 'active' and $1 = any(unit_ids))
         or (kind <> 'pupil' and status = 'future' and $1 = any(unit_path))
         or ($2 and kind = 'pupil' and status = 'active' and $1 = any(unit_ids))
         or person_id = $3`,
      [school, isSchool, me.manager],
    )
    expect(expected.length).toBeGreaterThan(3)
    expect(await listed(as.manager)).toEqual(expected)
  })
  test('somebody of another unit is not there: page, timeline, past, why not', async () => {
    const stranger = await one(
      `select person_id as id from person_current where kind = 'employee' and status = 'active' and not $1 = any(unit_ids) order by 1 limit 1`,
      [school],
    )
    for (const path of [
      '',
      '/timeline',
      `/as-of?valid=${town.manifest.today}`,
      '/why-not?entitlement=hjemmel%2Femployee',
    ]) {
      const answer = await as.manager.get(`/people/${stranger}${path}`)
      const nobody = await as.manager.get(`/people/${newId()}${path}`)
      expect(answer.status, path).toBe(404)
      // Word for word what is said of somebody who does not exist, but for the id of the request.
      expect({ ...answer.body, requestId: '' }).toEqual({ ...nobody.body, requestId: '' })
    }
    expect(await listed(as.manager, { text: '', unit: undefined })).not.toContain(stranger)
  })
  test('a filter does not open what the list does not hold', async () => {
    const other = await one(
      `select unit_id as id from org_unit_current u where tree = 'admin' and active and not $1 = any(path)
         and not unit_id = any((select path from org_unit_current where unit_id = $1)::uuid[])
         and exists (select from person_current where status = 'active' and unit_id = u.unit_id and not $1 = any(unit_ids)) order by 1 limit 1`,
      [school],
    )
    const there = await ids(
      'select person_id as id from person_current where $1 = any(unit_ids) and $2 = any(unit_ids)',
      [other, school],
    )
    expect((await listed(as.manager, { unit: other })).filter(id => !there.includes(id) && id !== me.manager)).toEqual(
      [],
    )
  })
  test('no CPR number of anybody but oneself', async () => {
    const colleague = (await listed(as.manager)).find(id => id !== me.manager)!
    const { status, body } = await as.manager.get<{ person: { cprMasked: string | null } }>(`/people/${colleague}`)
    expect(status).toBe(200)
    expect(body.person.cprMasked).toBeNull()
    expect((await as.manager.post(`/people/${colleague}/cpr`, { reason: 'Jeg vil se det' })).status).toBe(403)
  })
})

describe('the deputy', () => {
  test('sees what the manager sees, only while standing in', async () => {
    const asManager = (await listed(as.manager)).filter(id => id !== me.manager && id !== me.deputy)
    const asDeputy = (await listed(as.deputy)).filter(id => id !== me.manager && id !== me.deputy)
    expect(asDeputy).toEqual(asManager)
    const somebody = asManager[0]!
    expect((await as.deputy.get(`/people/${somebody}`)).status).toBe(200)

    const today = town.house.clock.today()
    // The time ends: the very next request of the same session is answered without it.
    await town.house.db.source.query(
      `update deputy set valid = daterange(coalesce(lower(valid), $2::date - 30), $2::date - 1) where deputy_person_id = $1`,
      [me.deputy, today],
    )
    expect((await as.deputy.get(`/people/${somebody}`)).status).toBe(404)
    expect((await as.deputy.post('/people/search', {})).status).toBe(403)
    expect((await as.deputy.session()).actor!.roles).toEqual(['employee'])

    // A dated deputy whose days have not come yet, and one whose days are now.
    const dated = (from: number, to: number) =>
      town.house.db.source.query(
        `update deputy set kind = 'dated', valid = daterange($2::date + $3::int, $2::date + $4::int) where deputy_person_id = $1`,
        [me.deputy, today, from, to],
      )
    await dated(1, 9)
    expect((await as.deputy.get(`/people/${somebody}`)).status).toBe(404)
    await dated(-1, 9)
    expect((await as.deputy.get(`/people/${somebody}`)).status).toBe(200)
  })
})

describe('the system owner', () => {
  test('sees the holders of the own systems, and of other systems nobody', async () => {
    const foreign = await one(
      `select s.id from it_system s join entitlement e on e.system_id = s.id join assignment a on a.entitlement_id = e.id
         join affiliation_current ac on ac.affiliation_id = a.affiliation_id
         left join affiliation_current o on o.affiliation_id = s.owner_affiliation_id
       where o.person_id is distinct from $1 and s.key <> 'hjemmel' group by s.id order by count(*) desc limit 1`,
      [me.systemowner],
    )
    const own = await one(
      `select s.id from it_system s join affiliation_current o on o.affiliation_id = s.owner_affiliation_id
         join entitlement e on e.system_id = s.id join assignment a on a.entitlement_id = e.id
       where o.person_id = $1 group by s.id order by count(*) desc limit 1`,
      [me.systemowner],
    )
    const units = (await as.systemowner.session()).actor!.units.map(unit => unit.id)
    type Holders = { rows: { person: { id: string } | null }[]; total: number }
    const mine = await as.systemowner.get<Holders>(`/systems/${own}/holders?limit=200`)
    expect(mine.body.total).toBeGreaterThan(0)
    const theirs = await as.systemowner.get<Holders>(`/systems/${foreign}/holders?limit=200`)
    expect(theirs.status).toBe(200)
    // The demonstration's owner leads a department too, and sees its people there as its leader.
    const led = await ids('select person_id as id from person_current where unit_ids && $1::uuid[] or person_id = $2', [
      units,
      me.systemowner,
    ])
    expect(theirs.body.rows.map(row => row.person?.id).filter(id => !id || !led.includes(id))).toEqual([])
    const all = await as.it.get<Holders>(`/systems/${foreign}/holders?limit=200`)
    expect(all.body.total).toBeGreaterThan(theirs.body.total)
  })
  test('of a person, only the rights in the own systems, no history, no contact', async () => {
    const holder = await one(
      `select p.person_id as id from person_current p join affiliation_current ac on ac.person_id = p.person_id
         join assignment a on a.affiliation_id = ac.affiliation_id join entitlement e on e.id = a.entitlement_id
         join it_system s on s.id = e.system_id join affiliation_current o on o.affiliation_id = s.owner_affiliation_id
       where o.person_id = $1 and p.kind = 'employee' and p.status = 'active' and not p.unit_ids && $2::uuid[] order by 1 limit 1`,
      [me.systemowner, (await as.systemowner.session()).actor!.units.map(unit => unit.id)],
    )
    type Page = {
      person: { email: string | null; phone: string | null; cprMasked: string | null }
      systems: { system: { id: string } }[]
    }
    const { status, body } = await as.systemowner.get<Page>(`/people/${holder}`)
    expect(status).toBe(200)
    const owned = await ids(
      `select s.id from it_system s join affiliation_current o on o.affiliation_id = s.owner_affiliation_id where o.person_id = $1`,
      [me.systemowner],
    )
    expect(body.systems.length).toBeGreaterThan(0)
    expect(body.systems.map(one => one.system.id).filter(id => !owned.includes(id))).toEqual([])
    expect(body.person).toMatchObject({ email: null, phone: null, cprMasked: null })
    expect((await as.systemowner.get(`/people/${holder}/timeline`)).status).toBe(404)
  })
})

describe('pupils', () => {
  test('HR, auditor and system owner list none and open none; IT and DPO do', async () => {
    const pupil = await one(
      `select person_id as id from person_current where kind = 'pupil' and status = 'active' order by 1 limit 1`,
    )
    for (const role of ['hr', 'auditor', 'systemowner', 'employee'] as const) {
      expect((await as[role].get(`/people/${pupil}`)).status, role).toBe(404)
      if (role !== 'employee')
        expect((await as[role].post<PeopleAnswer>('/people/search', { kind: 'pupil' })).body.total, role).toBe(0)
    }
    for (const role of ['it', 'dpo'] as const) expect((await as[role].get(`/people/${pupil}`)).status, role).toBe(200)
  })
  test('a school leader sees the pupils of the own school, and of no other', async () => {
    // Who signs in as a manager leads whichever unit the day's files made the example: here somebody who leads a school does.
    const head = await one(
      `select ac.person_id as id from org_unit_current u join affiliation_current ac on ac.affiliation_id = u.manager_affiliation_id
       where not exists (select from tool_user t where t.person_id = ac.person_id and ac.person_id <> $1)
         and u.kind = 'school'
         -- Of one school: whoever leads something above leads pupils of other schools too.
         and not exists (select from org_unit_current above where above.manager_affiliation_id = u.manager_affiliation_id and above.level < u.level)
         and (select count(*) from person_current p where p.kind = 'pupil' and p.status = 'active' and u.unit_id = any(p.unit_ids)) > 10
       order by 1 limit 1`,
      [me.manager],
    )
    const sits = (from: string, to: string) =>
      town.house.db.source.query('update tool_user set person_id = $2 where person_id = $1', [from, to])
    await sits(me.manager, head)
    try {
      const leader = (await as.manager.session()).actor!
      const pupils = await ids(
        `select person_id as id from person_current where kind = 'pupil' and status = 'active' and unit_ids && $1::uuid[]`,
        [leader.units.map(unit => unit.id)],
      )
      const foreign = await one(
        `select person_id as id from person_current where kind = 'pupil' and status = 'active' and not unit_ids && $1::uuid[] order by 1 limit 1`,
        [leader.units.map(unit => unit.id)],
      )
      expect(pupils.length).toBeGreaterThan(10)
      expect(await listed(as.manager, { kind: 'pupil' })).toEqual(pupils)
      expect((await as.manager.get(`/people/${pupils[0]}`)).status).toBe(200)
      expect((await as.manager.get(`/people/${foreign}`)).status).toBe(404)
    } finally {
      await sits(head, me.manager)
    }
  })
  test('somebody who was a pupil and is employed now is two people that nobody joins', async () => {
    expect(town.manifest.planted.pupilAndEmployee.length).toBeGreaterThan(0)
    const hrRows = await listed(as.hr)
    const pupils = await ids(`select person_id as id from person_current where kind = 'pupil'`)
    expect(hrRows.filter(id => pupils.includes(id))).toEqual([])
  })
})

describe('the employee', () => {
  test('has the own page and nobody else’s, whatever id is asked for', async () => {
    expect((await as.employee.get('/me')).status).toBe(200)
    expect((await as.employee.get(`/people/${me.employee}`)).status).toBe(200)
    for (const role of ROLES.filter(role => role !== 'employee'))
      expect((await as.employee.get(`/people/${me[role]}`)).status, role).toBe(404)
    expect((await as.employee.post(`/people/${me.employee}/cpr`, { reason: 'Mit eget nummer' })).status).toBe(403)
  })
  test('searching finds no people', async () => {
    const found = await as.employee.post<{ people: unknown[]; rules: unknown[] }>('/search', { text: 'an' })
    expect(found.status).toBe(200)
    expect(found.body.people).toEqual([])
    expect(found.body.rules).toEqual([])
  })
  test('sees who has looked, by function and time, not by name', async () => {
    const before = (await as.employee.get<{ total: number }>('/me/log')).body.total
    expect((await as.hr.get(`/people/${me.employee}`)).status).toBe(200)
    // The same screen again within ten minutes is the same lookup.
    expect((await as.hr.get(`/people/${me.employee}`)).status).toBe(200)
    const log = await as.employee.get<{ total: number; lookups: { byFunction: string }[] }>('/me/log')
    expect(log.body.total).toBe(before + 1)
    expect(log.body.lookups[0]!.byFunction).toBe('hr')
    const hr = town.manifest.signIns.find(entry => entry.role === 'hr')!
    expect(log.text).not.toContain(hr.name)
    expect(log.text).not.toContain(hr.username)
  })
})

describe('the CPR number', () => {
  test('is masked, is shown with a reason to HR alone, and each showing is on record with its reason', async () => {
    const page = await as.hr.get<{ person: { cprMasked: string } }>(`/people/${me.employee}`)
    expect(page.body.person.cprMasked).toMatch(/^\d{6}-x{4}$/)
    expect((await as.hr.post(`/people/${me.employee}/cpr`, { reason: '' })).status).toBe(400)
    for (const _ of [1, 2]) {
      const shown = await as.hr.post<{ cpr: string }>(`/people/${me.employee}/cpr`, { reason: 'Sag om løn 2026-88' })
      expect(shown.status).toBe(200)
      expect(shown.body.cpr).toMatch(/^\d{6}-?\d{4}$/)
    }
    const rows = (await town.house.db.source.query(
      `select payload.body from audit_entry entry join audit_payload payload on payload.entry_id = entry.id
       where action = 'person.cpr-revealed' and person_id = $1`,
      [me.employee],
    )) as { body: string }[]
    expect(rows).toHaveLength(2)
    expect(rows[0]!.body).toContain('Sag om løn 2026-88')
    expect(withoutIds(rows[0]!.body)).not.toMatch(/\d{6}-?\d{4}/)
  })
  test('of a pupil is nobody’s to see', async () => {
    const pupil = await one(`select person_id as id from person_current where kind = 'pupil' order by 1 limit 1`)
    for (const role of ROLES)
      expect([403, 404], role).toContain((await as[role].post(`/people/${pupil}/cpr`, { reason: 'Skolesag 4' })).status)
  })
})

describe('names that are protected', () => {
  test('IT and DPO see the person without the name, in the list, on the page and in the search; HR sees it', async () => {
    const person = await one(
      // Somebody whose name nobody else has: a namesake may be shown.
      `select p.person_id as id from person_current p where p.protected and p.kind = 'employee' and p.status = 'active'
         and not exists (select from person_current o where o.name = p.name and o.person_id <> p.person_id) order by 1 limit 1`,
    )
    const [{ name }] = (await town.house.db.source.query('select name from person_current where person_id = $1', [
      person,
    ])) as [{ name: string }]
    for (const role of ['it', 'dpo', 'auditor'] as const) {
      const page = await as[role].get(`/people/${person}`)
      expect(page.status, role).toBe(200)
      expect(page.text, role).not.toContain(name)
      const found = await as[role].post('/people/search', { text: name })
      expect(found.text, role).not.toContain(name)
      const search = await as[role].post('/search', { text: name })
      expect(search.text, role).not.toContain(name)
    }
    expect((await as.hr.get<{ person: { name: string } }>(`/people/${person}`)).body.person.name).toBe(name)
  })
})

describe('a role that has ended', () => {
  test('an auditor whose period is over is out with the next request', async () => {
    expect((await as.auditor.post('/people/search', {})).status).toBe(200)
    const [row] = (await town.house.db.source.query(
      `select a.affiliation_id, a.entitlement_id from assignment a join entitlement e on e.id = a.entitlement_id
         join affiliation_current ac on ac.affiliation_id = a.affiliation_id
       where ac.person_id = $1 and e.key = 'hjemmel/auditor'`,
      [me.auditor],
    )) as { affiliation_id: string; entitlement_id: string }[]
    await town.house.db.source.query(
      'update assignment set valid_to = $3 where affiliation_id = $1 and entitlement_id = $2',
      [row!.affiliation_id, row!.entitlement_id, town.house.clock.today()],
    )
    const answer = await as.auditor.post('/people/search', {})
    expect([401, 403]).toContain(answer.status)
    expect((await as.auditor.session()).actor?.roles ?? []).not.toContain('auditor')
  })
})

test('one’s own part of the log: IT sees what was done to the tool, not who looked at whom', async () => {
  const lookups = await ids('select id::text from audit_entry where lookup order by id limit 1')
  expect(lookups).toHaveLength(1)
  expect((await as.it.get(`/audit/${lookups[0]}`)).status).toBe(404)
  expect((await as.dpo.get(`/audit/${lookups[0]}`)).status).toBe(200)
  const list = await as.it.post<{ rows: { lookup: boolean }[] }>('/audit/search', { lookup: true })
  expect(list.body.rows).toEqual([])
})

test('ids of another kind, of nobody and of no shape at all come to nothing', async () => {
  const account = await one('select id from account order by 1 limit 1')
  for (const id of [account, newId(), '00000000-0000-0000-0000-000000000000'])
    for (const role of ['manager', 'it', 'employee'] as const)
      expect((await as[role].get(`/people/${id}`)).status, `${role} ${id}`).toBe(404)
  for (const id of ["1' or '1'='1", '../me', '%2e%2e%2fme', 'x'.repeat(5000), '%00'])
    for (const path of [
      `/people/${encodeURIComponent(id)}`,
      `/org/${encodeURIComponent(id)}`,
      `/runs/${encodeURIComponent(id)}`,
    ])
      expect([400, 404], path.slice(0, 60)).toContain((await as.it.get(path)).status)
})
