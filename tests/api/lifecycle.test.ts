import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ResponseOf } from '../../server/contract/endpoint.ts'
import type {
  CasePage,
  createCase,
  listCases,
  previewCase,
  saveCase,
  sendCase,
} from '../../server/contract/lifecycle.ts'
import type { findReported, listApprovals, proposeRights } from '../../server/contract/lifecycle-desk.ts'
import { rollTheDay } from '../../server/jobs.ts'
import { addDays } from '../../server/lifecycle/cases/case.ts'
import { find } from '../../server/lifecycle/cases/case-checks.ts'
import { casesView } from '../../server/lifecycle/cases/case-list-views.ts'
import { casePageView } from '../../server/lifecycle/cases/case-views.ts'
import { userNames } from '../../server/overview/user-names-view.ts'
import { fixedClock } from '../../server/platform/clock.ts'
import { newId } from '../../server/platform/ids.ts'
import { actor } from '../server/policy/actors.ts'
import { counted } from '../support/counted.ts'
import { demoTown } from '../support/demo-town.ts'
import { signIn, type Visitor } from '../support/visitors.ts'

/* One report from its first letter to the first day, on the real pipeline: nothing of it stands before it is sent. */
const town = demoTown()
type Seat = { unit: string; title: string; manager: string; path: string[]; path_keys: string[] }
let hr: Visitor
let manager: Visitor
let seat: Seat
let managed: { unit: string; title: string }
let today: string
let rolled: { plan: ReturnType<typeof said>; held: () => Promise<string[]> }
const sql = async <T>(text: string, params: unknown[] = []): Promise<T[]> =>
  (await town.house.db.source.query(text, params)) as T[]

beforeAll(async () => {
  hr = await signIn(town, 'hr')
  manager = await signIn(town, 'manager')
  today = town.house.clock.today()
  const session = await manager.session()
  const units = (session.actor?.units ?? []).map(unit => unit.id)
  const seats = (where: string, params: unknown[]) =>
    sql<Seat>(
      `select ac.unit_id as unit, ac.title, u.manager_person_id as manager, u.path, u.path_keys
       from affiliation_current ac join org_unit_current u on u.unit_id = ac.unit_id
       join assignment a on a.affiliation_id = ac.affiliation_id
       where ac.status = 'active' and ac.kind = 'employment' and ac.position_key is not null and not ac.is_manager
         and u.active and ${where}
       group by ac.unit_id, ac.title, u.manager_person_id, u.path, u.path_keys having count(distinct ac.person_id) >= 3
       order by count(*) desc limit 1`,
      params,
    )
  seat = (await seats('true', []))[0]!
  managed = (await seats('u.path && $1', [units]))[0]!
})

const formFor = (
  at: { unit: string; title: string },
  more: { person?: object; affiliation?: object; rights?: object[] } = {},
) => ({
  kind: 'hire',
  person: { givenName: 'Frida', familyName: 'Nyansat', birthDate: '1991-04-05', ...more.person },
  affiliation: {
    kind: 'employment',
    unitId: at.unit,
    title: at.title,
    startsOn: addDays(today, 14),
    hours: 37,
    ...more.affiliation,
  },
  rights: more.rights ?? [],
})
const create = async (who: Visitor, form: object, more: object = {}) => {
  const answer = await who.post<ResponseOf<typeof createCase>>('/lifecycle/cases', { form, ...more })
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}
const save = (who: Visitor, id: string, version: number, form: object, more: object = {}) =>
  who.send<ResponseOf<typeof saveCase>>('PUT', `/lifecycle/cases/${id}`, { version, form, ...more })
const preview = (who: Visitor, id: string) =>
  who.post<ResponseOf<typeof previewCase>>(`/lifecycle/cases/${id}/preview`, {})
const send = (who: Visitor, id: string, version: number) =>
  who.post<ResponseOf<typeof sendCase>>(`/lifecycle/cases/${id}/send`, { version })
const page = async (who: Visitor, id: string) => {
  const answer = await who.get<CasePage>(`/lifecycle/cases/${id}`)
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}
/** What a plan says, without ids of rows that a preview makes and takes back. */
const said = (plan: CasePage['plan']) =>
  plan.map(({ right, ...line }) => ({
    ...line,
    right: right?.key ?? null,
    // The address in a mail names the affiliation that the preview made and took back.
    text: line.text?.replace(/affiliation=[0-9a-f-]{36}/g, 'affiliation=') ?? null,
  }))
const footprint = async () =>
  (
    await sql(
      `select (select count(*) from person) as people, (select count(*) from affiliation) as affiliations,
         (select count(*) from fact) as facts, (select count(*) from assignment) as rights,
         (select count(*) from right_grant) as grants, (select count(*) from provisioning_order) as orders,
         (select count(*) from lifecycle_approval) as approvals`,
    )
  )[0]

describe('a hire', () => {
  test('a draft is kept however little it says, names what is missing, and a second person cannot overwrite it', async () => {
    const draft = await create(hr, { kind: 'hire' })
    expect(draft.missing.map(one => one.where)).toEqual(
      expect.arrayContaining([
        'person/givenName',
        'person/cpr',
        'affiliation/unitId',
        'affiliation/title',
        'affiliation/startsOn',
      ]),
    )
    const kept = await save(hr, draft.id, draft.version, formFor(seat))
    expect(kept.status, kept.text).toBe(200)
    expect(kept.body.missing).toEqual([])
    expect(kept.body.manager?.id).toBe(seat.manager)
    const late = await save(hr, draft.id, draft.version, formFor(seat, { person: { givenName: 'Anden' } }))
    expect(late.body.code).toBe('conflict')
    const again = await page(hr, draft.id)
    expect(again.form).toMatchObject({ person: { givenName: 'Frida' } })
    expect(again.stage).toBe('draft')
    const refused = await send(hr, draft.id, draft.version)
    expect(refused.body.code).toBe('conflict')
  })

  test('what is wrong is said where it is: a number that is none, an external without sponsor and end, a year too long', async () => {
    const draft = await create(hr, formFor(seat, { person: { birthDate: null } }), { cpr: '311299' })
    expect(draft.missing).toEqual([{ where: 'person/cpr', what: 'number-invalid' }])
    const external = { kind: 'external', startsOn: addDays(today, 7), endsOn: addDays(today, 500) }
    const kept = await save(hr, draft.id, draft.version, formFor(seat, { affiliation: external }), { cpr: null })
    expect(kept.body.missing).toEqual([
      { where: 'affiliation/endsOn', what: 'end-too-late' },
      { where: 'affiliation/sponsorPersonId', what: 'sponsor-needed' },
    ])
    const empty = await save(
      hr,
      draft.id,
      kept.body.version,
      formFor(seat, { affiliation: { ...external, endsOn: null } }),
    )
    expect(empty.body.missing[0]).toEqual({ where: 'affiliation/endsOn', what: 'end-needed' })
    const answer = await send(hr, draft.id, empty.body.version)
    expect([answer.status, answer.body.code]).toEqual([422, 'case-incomplete'])
  })

  test('the preview changes nothing, sending does just that, twice is once, and on the day the rights are there', async () => {
    const rights = await sql<{ id: string; special: boolean }>(
      `select distinct on (e.sensitivity = 'special') e.id, e.sensitivity = 'special' as special
       from entitlement e join it_system s on s.id = e.system_id
       where e.gone_at is null and e.status = 'active' and e.constraints = '{}' and not e.privileged
         and e.sensitivity in ('none', 'special') and s.owner_affiliation_id is not null and e.key not like 'hjemmel/%'
         and not exists (select from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id
           where a.entitlement_id = e.id and ac.unit_id = $1)
       order by e.sensitivity = 'special', e.key`,
      [seat.unit],
    )
    expect(rights.map(one => one.special)).toEqual([false, true])
    const form = formFor(seat, {
      rights: rights.map(one => ({ entitlementId: one.id, limits: [], why: 'Skal afløse i afdelingen' })),
    })
    const draft = await create(hr, form)
    const before = await footprint()
    const looked = await preview(hr, draft.id)
    expect(looked.status, looked.text).toBe(200)
    expect(await footprint()).toEqual(before)
    const plan = said(looked.body.plan)
    expect(plan.filter(line => line.what === 'right' && line.code === 'rule').length).toBeGreaterThan(0)
    expect(plan.filter(line => line.what === 'right' && line.code === 'asked')).toHaveLength(1)
    expect(plan.filter(line => line.what === 'approval')).toHaveLength(1)

    const [first, second] = await Promise.all([send(hr, draft.id, 1), send(hr, draft.id, 1)])
    expect(first.status, first.text).toBe(200)
    expect(second.body).toEqual(first.body)
    expect((await send(hr, draft.id, 1)).body).toEqual(first.body)
    const sent = await page(hr, draft.id)
    expect(said(sent.plan)).toEqual(plan)
    expect(sent.stage).toBe('waiting')
    expect(sent.payroll.state).toBe('waiting')
    expect((await save(hr, draft.id, sent.version, form)).body.code).toBe('case-closed')

    const people = await hr.post<{ rows: { id: string; name: string }[] }>('/people/search', {
      text: 'Frida Nyansat',
      status: 'future',
    })
    expect(people.body.rows.map(row => row.id)).toEqual([first.body.personId])
    const held = async () =>
      (
        await sql<{ key: string }>(
          `select e.key from assignment a join entitlement e on e.id = a.entitlement_id where a.affiliation_id = $1 order by 1`,
          [first.body.affiliationId],
        )
      ).map(row => row.key)
    expect(await held()).toEqual([])

    // The owner says yes; the other rights have not waited for it.
    const owner = await sql<{ username: string }>(
      `select u.username from lifecycle_approval a join tool_user u on u.person_id = a.approver_person_id where a.case_id = $1`,
      [draft.id],
    )
    const [waiting] = sent.approvals
    expect(waiting?.state).toBe('waiting')
    expect(waiting?.remindOn).toHaveLength(3)
    // HR has asked, so HR does not answer.
    const self = await hr.post(`/lifecycle/approvals/${waiting!.id}`, { yes: true })
    expect(['second-person-needed', 'not-allowed']).toContain(self.body.code)
    expect(owner.length).toBeLessThanOrEqual(1)

    rolled = { plan, held }
  })

  test('somebody known is found before anybody is made: by number for HR, and a manager is told only that HR finds out', async () => {
    const draft = await create(hr, formFor(seat, { person: { givenName: 'Signe', familyName: 'Genansat' } }), {
      cpr: '0504911234',
    })
    expect(draft.cprMasked).toBe('050491-xxxx')
    const first = await send(hr, draft.id, 1)
    expect(first.status, first.text).toBe(200)
    expect(
      (await sql('select 1 from lifecycle_case where id = $1 and cpr_sealed is not null', [draft.id])).length,
    ).toBe(0)
    const found = await hr.post<ResponseOf<typeof findReported>>('/lifecycle/people/search', { cpr: '050491-1234' })
    expect(found.body.rows.map(row => [row.id, row.by])).toEqual([[first.body.personId, 'number']])
    const hidden = await manager.post<ResponseOf<typeof findReported>>('/lifecycle/people/search', {
      cpr: '0504911234',
    })
    const unknown = await manager.post<ResponseOf<typeof findReported>>('/lifecycle/people/search', {
      cpr: '0101911234',
    })
    expect(hidden.body).toEqual(unknown.body)
    expect(hidden.body.sees).toBe('own')
    // Two reports about one number are one person.
    const twice = await create(hr, formFor(managed, { person: { givenName: 'Signe', familyName: 'G' } }), {
      cpr: '0504911234',
    })
    const second = await send(hr, twice.id, 1)
    expect(second.body.personId).toBe(first.body.personId)
    expect(second.body.affiliationId).not.toBe(first.body.affiliationId)
    // A manager's preview does not tell either.
    const own = await create(manager, formFor(managed, { person: { givenName: 'Signe', familyName: 'G' } }), {
      cpr: '0504911234',
    })
    const looked = await preview(manager, own.id)
    expect(looked.body.plan.find(line => line.what === 'affiliation')).toMatchObject({
      code: 'new',
      subject: 'Signe G',
    })
    expect(
      (await manager.post('/lifecycle/cases', { form: formFor(managed, { person: { personId: newId() } }) })).status,
    ).toBe(404)
  })

  test('proposals: what the rules then give is what they propose; colleagues are counted', async () => {
    const asked = { kind: 'employment', unitId: seat.unit, title: seat.title, on: addDays(today, 14), hours: 37 }
    const answer = await hr.post<ResponseOf<typeof proposeRights>>('/lifecycle/proposals', asked)
    expect(answer.status, answer.text).toBe(200)
    const { given, usual, colleagues, titles, position } = answer.body
    expect(position).not.toBeNull()
    expect(titles).toContain(seat.title)
    expect(colleagues).toBeGreaterThanOrEqual(3)
    expect(usual.every(one => one.holders <= colleagues && !given.some(other => other.id === one.id))).toBe(true)
    const draft = await create(hr, formFor(seat))
    const looked = await preview(hr, draft.id)
    const byRule = looked.body.plan
      .filter(line => line.what === 'right' && line.code === 'rule')
      .map(line => line.right?.key)
    expect(byRule.sort()).toEqual(given.map(one => one.key).sort())
    expect(looked.body.plan.filter(line => line.what === 'not-sent').length).toBeGreaterThan(0)
  })
})

describe('who may', () => {
  test('a manager reports for the own units, not for others, and not about themselves', async () => {
    const own = await create(manager, formFor(managed))
    expect((await page(manager, own.id)).allowed).toMatchObject({ send: true, change: true })
    const elsewhere = await sql<{ unit: string }>(
      `select unit_id as unit from org_unit_current u where active and tree = 'admin' and not exists (
         select from org_unit_current m where m.unit_id = $1 and m.path && array[u.unit_id] or u.path && array[m.unit_id] and m.unit_id = $1)
       order by level desc limit 1`,
      [managed.unit],
    )
    const refused = await manager.post('/lifecycle/cases', {
      form: formFor({ unit: elsewhere[0]!.unit, title: 'Pedel' }),
    })
    expect(refused.body.code).toBe('not-allowed')
    const session = await manager.session()
    const me = session.actor?.personId ?? null
    const self = await manager.post('/lifecycle/cases', { form: formFor(managed, { person: { personId: me } }) })
    expect(self.body.code).toBe('case-about-self')
  })

  test('a confidential report is nowhere for anybody but HR and its author, states nothing, and is one like others when released', async () => {
    const draft = await create(hr, formFor(managed, { person: { givenName: 'Hemmelig', familyName: 'Sag' } }))
    const hidden = await hr.post<{ version: number }>(`/lifecycle/cases/${draft.id}/confidential`, {
      version: draft.version,
      confidential: true,
      named: [],
    })
    expect(hidden.status, hidden.text).toBe(200)
    const others = await Promise.all(
      (['manager', 'dpo', 'auditor', 'it', 'employee'] as const).map(role => signIn(town, role)),
    )
    const before = await footprint()
    const sent = await send(hr, draft.id, hidden.body.version)
    expect(sent.status, sent.text).toBe(200)
    expect(sent.body.personId).toBeNull()
    expect(await footprint()).toEqual(before)
    for (const one of others) {
      expect([403, 404]).toContain((await one.get(`/lifecycle/cases/${draft.id}`)).status)
      const list = await one.post<ResponseOf<typeof listCases>>('/lifecycle/cases/search', { text: 'Hemmelig' })
      if (list.status === 200) expect(list.body.rows).toEqual([])
      const hits = await one.post<{ people: unknown[] }>('/search', { text: 'Hemmelig Sag' })
      expect(hits.body.people).toEqual([])
      const log = await one.post<{ rows: { subjectId: string }[] }>('/audit/search', {
        subjectKind: 'case',
        subjectId: draft.id,
      })
      if (log.status === 200) expect(log.body.rows).toEqual([])
    }
    const mine = await hr.post<ResponseOf<typeof listCases>>('/lifecycle/cases/search', { text: 'Hemmelig' })
    expect(mine.body.rows.map(row => [row.id, row.confidential])).toEqual([[draft.id, true]])

    const { version } = await page(hr, draft.id)
    const freed = await hr.post(`/lifecycle/cases/${draft.id}/release`, { version })
    expect(freed.status, freed.text).toBe(200)
    const after = await page(hr, draft.id)
    expect(after.about.personId).not.toBeNull()
    expect((await page(manager, draft.id)).about.name).toBe('Hemmelig Sag')
    expect(
      (await sql('select 1 from audit_case where case_id = $1 and released_at is not null', [draft.id])).length,
    ).toBe(1)
  })

  test('who may know of a confidential report is chosen as a person, who has to be somebody who comes in here', async () => {
    const draft = await create(hr, formFor(seat, { person: { givenName: 'Navngiven' } }))
    const mine = (await manager.session()).actor
    const choose = (version: number, named: (string | undefined)[]) =>
      hr.post<{ version: number; code?: string }>(`/lifecycle/cases/${draft.id}/confidential`, {
        version,
        confidential: true,
        named,
      })
    const [stranger] = await sql<{ id: string }>(
      `select person_id as id from person_current p where not exists (select from tool_user u where u.person_id = p.person_id) limit 1`,
    )
    expect((await choose(draft.version, [stranger?.id])).body.code).toBe('data-invalid')
    const chosen = await choose(draft.version, [mine?.personId as string])
    expect(chosen.status, chosen.text).toBe(200)
    expect((await page(hr, draft.id)).named.map(one => one.userId)).toEqual([mine?.userId])
    expect((await manager.get(`/lifecycle/cases/${draft.id}`)).status).toBe(200)
    // Named already, by what the page answers.
    const again = await choose(chosen.body.version, [mine?.userId])
    expect(again.status, again.text).toBe(200)
    expect((await choose(again.body.version, [])).status).toBe(200)
    expect((await manager.get(`/lifecycle/cases/${draft.id}`)).status).toBe(404)
  })

  test('who prepares reports does so for the named units and below, hands over, and never sends', async () => {
    const employee = await signIn(town, 'employee')
    const session = await employee.session()
    const userId = session.actor?.userId ?? ''
    const role = newId()
    await sql(
      `insert into local_role (id, user_id, role, valid, reason) values ($1, $2, 'reporter', daterange($3::date, $4::date), 'Skolesekretær')`,
      [role, userId, today, addDays(today, 30)],
    )
    await sql('insert into local_role_unit (local_role_id, unit_id) values ($1, $2)', [role, managed.unit])
    const me = await employee.session()
    expect(me.signedIn && me.permissions.includes('case.write') && !me.permissions.includes('case.send')).toBe(true)
    const draft = await create(employee, formFor(managed, { person: { givenName: 'Klar', familyName: 'Gjort' } }))
    expect((await send(employee, draft.id, 1)).status).toBe(403)
    const ready = await employee.post<{ version: number }>(`/lifecycle/cases/${draft.id}/prepare`, { version: 1 })
    expect(ready.status, ready.text).toBe(200)
    const list = await manager.post<ResponseOf<typeof listCases>>('/lifecycle/cases/search', { stage: 'prepared' })
    expect(list.body.rows.map(row => row.id)).toContain(draft.id)
    const outside = await employee.post('/lifecycle/cases', { form: formFor(seat) })
    expect(outside.status).toBe(seat.unit === managed.unit ? 200 : 403)
    expect((await send(manager, draft.id, ready.body.version)).status).toBe(200)
    await sql('delete from local_role where id = $1', [role])
  })

  test('a right that needs a yes: the owner of its system sees it, says no with a reason or yes, and then it is given', async () => {
    const owner = await signIn(town, 'systemowner')
    const [right] = await sql<{ id: string }>(
      `select e.id from entitlement e join it_system s on s.id = e.system_id
       join affiliation_current oa on oa.affiliation_id = s.owner_affiliation_id
       join tool_user u on u.person_id = oa.person_id and u.username = $1
       where e.gone_at is null and e.status = 'active' and (e.privileged or e.sensitivity in ('confidential', 'special', 'criminal'))
       order by e.key limit 1`,
      [town.manifest.signIns.find(one => one.role === 'systemowner')!.username],
    )
    const rights = [{ entitlementId: right!.id, limits: [], why: 'Vagtordning' }]
    const sendOne = async (family: string) => {
      const draft = await create(
        hr,
        formFor(seat, { person: { familyName: family }, affiliation: { startsOn: today }, rights }),
      )
      const answer = await send(hr, draft.id, 1)
      expect(answer.status, answer.text).toBe(200)
      return { draft, affiliation: answer.body.affiliationId }
    }
    const yes = await sendOne('Ja')
    const no = await sendOne('Nej')
    const waiting = await owner.get<ResponseOf<typeof listApprovals>>('/lifecycle/approvals')
    const of = (id: string) => waiting.body.rows.find(row => row.caseId === id)!
    expect(of(yes.draft.id).allowed.decide).toBe(true)
    const silent = await owner.post(`/lifecycle/approvals/${of(no.draft.id).id}`, { yes: false })
    expect(silent.body.code).toBe('reason-needed')
    expect(
      (await owner.post(`/lifecycle/approvals/${of(no.draft.id).id}`, { yes: false, reason: 'Ikke nødvendig' })).status,
    ).toBe(200)
    const said = await owner.post(`/lifecycle/approvals/${of(yes.draft.id).id}`, { yes: true })
    expect(said.status, said.text).toBe(200)
    expect((await owner.post(`/lifecycle/approvals/${of(yes.draft.id).id}`, { yes: true })).body.code).toBe(
      'case-closed',
    )
    const holds = (affiliation: string | null) =>
      sql('select 1 from assignment where affiliation_id = $1 and entitlement_id = $2', [affiliation, right!.id])
    expect(await holds(yes.affiliation)).toHaveLength(1)
    expect(await holds(no.affiliation)).toHaveLength(0)
    expect((await page(hr, no.draft.id)).approvals[0]).toMatchObject({ state: 'refused', reason: 'Ikke nødvendig' })
  })
})

test('whatever is reported: what the preview says is what sending does', async () => {
  const seats = await sql<{ unit: string; title: string }>(
    `select distinct on (u.key) ac.unit_id as unit, ac.title from affiliation_current ac
     join org_unit_current u on u.unit_id = ac.unit_id and u.active
     where ac.status = 'active' and ac.kind = 'employment' and ac.title is not null order by u.key, ac.title limit 40`,
  )
  const rights = (
    await sql<{ id: string; takes: string[] }>(
      `select e.id, e.constraints as takes from entitlement e join it_system s on s.id = e.system_id and s.gone_at is null
       where e.gone_at is null and e.status = 'active' and e.key not like 'hjemmel/%' and not 'sensitivity' = any(e.constraints)
       order by md5(e.key) limit 60`,
    )
  ).map(one => ({
    entitlementId: one.id,
    limits: one.takes.map(on => ({ on, kind: on === 'kle' ? 'kle' : 'own-unit', values: [] })),
    why: 'Afprøvning',
  }))
  let nth = 0
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seat: fc.constantFrom(...seats),
        kind: fc.constantFrom('employment', 'temp', 'trainee', 'network', 'elected'),
        from: fc.integer({ min: -20, max: 60 }),
        days: fc.option(fc.integer({ min: 30, max: 300 }), { nil: 90 }),
        hours: fc.option(fc.constantFrom(8, 20, 30, 37)),
        rights: fc.subarray(rights, { maxLength: 4 }),
      }),
      async given => {
        const startsOn = addDays(today, given.from)
        const draft = await create(
          hr,
          formFor(given.seat, {
            person: { familyName: `Vilkårlig ${++nth}` },
            affiliation: { kind: given.kind, startsOn, endsOn: addDays(startsOn, given.days), hours: given.hours },
            rights: given.rights,
          }),
        )
        const looked = await preview(hr, draft.id)
        expect(looked.status, looked.text).toBe(200)
        // A limit that means nothing in that unit is refused beforehand, and by sending too.
        if (looked.body.missing.length > 0) {
          expect(looked.body.plan).toEqual([])
          expect((await send(hr, draft.id, 1)).body.code).toBe('case-incomplete')
          return
        }
        const sent = await send(hr, draft.id, 1)
        expect(sent.status, sent.text).toBe(200)
        expect(said((await page(hr, draft.id)).plan)).toEqual(said(looked.body.plan))
      },
    ),
    { numRuns: 8, endOnFailure: true },
  )
}, 180_000)

test('the list and a draft ask the database few things', async () => {
  const draft = await create(hr, formFor(seat))
  const who = actor(['hr'])
  await town.house.db.snapshot(async tx => {
    const list = counted(tx)
    await casesView(list.tx, who, { offset: 0, limit: 50 }, today)
    expect(list.statements.length).toBeLessThanOrEqual(2)
    const one = counted(tx)
    const loaded = await find(one.tx, draft.id, { actor: who })
    await casePageView(one.tx, who, loaded, [], {
      keyring: town.house.keyring,
      today,
      publicUrl: town.house.publicUrl,
      userNames,
    })
    expect(one.statements.length).toBeLessThanOrEqual(6)
  })
})

test('a copy has the unit and the position, and nothing of the person or of anybody’s rights', async () => {
  const draft = await create(hr, formFor(seat, { rights: [{ entitlementId: newId() }] }))
  const copy = await hr.post<{ id: string }>(`/lifecycle/cases/${draft.id}/copy`, {})
  const { form } = await page(hr, copy.body.id)
  expect(form).toMatchObject({
    affiliation: { unitId: seat.unit, title: seat.title, startsOn: null },
    person: { givenName: '' },
    rights: [],
  })
})

test('on the first day the rights are there, and no sooner', async () => {
  const { plan, held } = rolled
  await rollTheDay({ ...town.house, clock: fixedClock(`${addDays(today, 14)}T09:00:00Z`) })
  const expected = plan.filter(line => line.what === 'right').map(line => line.right)
  expect(await held()).toEqual([...expected].sort())
})
