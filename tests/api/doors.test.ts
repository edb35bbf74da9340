import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ResponseOf } from '../../server/contract/endpoint.ts'
import type { CasePage, createCase, previewCase, sendCase } from '../../server/contract/lifecycle.ts'
import type { listShifts } from '../../server/contract/lifecycle-shift.ts'
import type {
  getReportedSubject,
  listHandovers,
  listReportedAffiliations,
} from '../../server/contract/lifecycle-subject.ts'
import { endDueShifts, rollTheDay, settleDueHandovers } from '../../server/jobs.ts'
import { authority } from '../../server/lifecycle/cases/carry-out-case.ts'
import { addDays } from '../../server/lifecycle/cases/case.ts'
import { stateFacts } from '../../server/people/report-facts.ts'
import { fixedClock } from '../../server/platform/clock.ts'
import { demoTown } from '../support/demo-town.ts'
import { signIn, type Visitor } from '../support/visitors.ts'

/* Moves, absences and ends on the real pipeline, from the form to the day on which they take effect. */
const town = demoTown()
type Worker = { id: string; person: string; unit: string; title: string }
let hr: Visitor
let manager: Visitor
let today: string
const sql = async <T>(text: string, params: unknown[] = []): Promise<T[]> =>
  (await town.house.db.source.query(text, params)) as T[]

beforeAll(async () => {
  hr = await signIn(town, 'hr')
  manager = await signIn(town, 'manager')
  today = town.house.clock.today()
})

const used = new Set<string>()
/** Somebody with one job and some rights, none of which ends, who has not been reported about yet and represents nobody. */
async function worker(where = 'true', params: unknown[] = []): Promise<Worker> {
  const rows = await sql<Worker>(
    `select ac.affiliation_id as id, ac.person_id as person, ac.unit_id as unit, ac.title
     from affiliation_current ac join org_unit_current u on u.unit_id = ac.unit_id and u.active
     where ac.status = 'active' and ac.kind = 'employment' and not ac.is_manager and ac.ends_on is null
       and not ac.on_leave and ac.functions = '{}' and ac.position_key is not null and ac.starts_on < '${today}'::date - 400
       and not exists (select from assignment a where a.affiliation_id = ac.affiliation_id and a.valid_to is not null)
       and (select count(*) from affiliation_current o where o.person_id = ac.person_id) = 1
       and (select count(*) from assignment a where a.affiliation_id = ac.affiliation_id) >= 4 and ${where}
     order by ac.employee_no limit 60`,
    params,
  )
  const found = rows.find(row => !used.has(row.id))
  if (!found) throw new Error('nobody is left in the town')
  used.add(found.id)
  return found
}
const create = async (who: Visitor, form: object, door = 'plain') => {
  const answer = await who.post<ResponseOf<typeof createCase>>('/lifecycle/cases', { form, door })
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}
const preview = async (who: Visitor, id: string) => {
  const answer = await who.post<ResponseOf<typeof previewCase>>(`/lifecycle/cases/${id}/preview`, {})
  expect(answer.status, answer.text).toBe(200)
  expect(answer.body.missing).toEqual([])
  return answer.body.plan
}
const page = async (who: Visitor, id: string) => {
  const answer = await who.get<CasePage>(`/lifecycle/cases/${id}`)
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}
/** Sends a report; what its preview said is what it then says. */
async function report(who: Visitor, form: object, door = 'plain') {
  const draft = await create(who, form, door)
  expect(draft.missing).toEqual([])
  const looked = await preview(who, draft.id)
  const answer = await who.post<ResponseOf<typeof sendCase>>(`/lifecycle/cases/${draft.id}/send`, {
    version: draft.version,
  })
  expect(answer.status, answer.text).toBe(200)
  const said = (plan: CasePage['plan']) =>
    plan.map(({ right, ...line }) => ({
      ...line,
      right: right?.key ?? null,
      // The address in a mail names the affiliation that the preview made and took back.
      text: line.text?.replace(/affiliation=[0-9a-f-]{36}/g, 'affiliation=') ?? null,
    }))
  const after = await page(who, draft.id)
  expect(said(after.plan)).toEqual(said(looked))
  return { id: draft.id, plan: looked, affiliationId: answer.body.affiliationId! }
}
const keys = (plan: CasePage['plan'], ...what: string[]) =>
  plan.flatMap(line => (what.includes(line.what) && line.right ? [line.right.key] : [])).sort()
const held = async (affiliation: string, more = 'true') =>
  (
    await sql<{ key: string }>(
      `select e.key from assignment a join entitlement e on e.id = a.entitlement_id
       where a.affiliation_id = $1 and ${more} order by e.key collate "C"`,
      [affiliation],
    )
  ).map(row => row.key)
/** All that is derived about an affiliation, and nothing of how it came about. */
const derived = async (affiliation: string) => ({
  now: await sql('select * from affiliation_current where affiliation_id = $1', [affiliation]),
  states: await sql(
    'select valid::text, attrs, origin from affiliation_state where affiliation_id = $1 and upper_inf(recorded) order by valid',
    [affiliation],
  ),
  rights: await held(affiliation),
})
const facts = async () => (await sql<{ n: number }>('select count(*)::int as n from fact'))[0]?.n
const roll = (day: string) => rollTheDay({ ...town.house, clock: fixedClock(`${day}T09:00:00Z`) })

describe('a move', () => {
  test('kept, lost and gained are those of the very command, and on the day they are so, with grace by class', async () => {
    const one = await worker()
    const [other] = await sql<{ unit: string; title: string }>(
      `select ac.unit_id as unit, ac.title from affiliation_current ac join org_unit_current u on u.unit_id = ac.unit_id and u.active
       where ac.status = 'active' and ac.kind = 'employment' and ac.position_key is not null and not ac.is_manager
         and ac.position_key <> (select position_key from affiliation_current where affiliation_id = $1)
         and not u.path && (select array[path[2]] from org_unit_current where unit_id = $2)
       group by 1, 2 having count(*) >= 3 order by count(*) desc, 1 limit 1`,
      [one.id, one.unit],
    )
    const from = addDays(today, 10)
    const before = await derived(one.id)
    const draft = await create(hr, {
      kind: 'move',
      affiliationId: one.id,
      unitId: other!.unit,
      title: other!.title,
      from,
    })
    const count = await facts()
    const plan = await preview(hr, draft.id)
    expect(await facts()).toBe(count)
    expect(await derived(one.id)).toEqual(before)
    expect(keys(plan, 'kept', 'lost')).toEqual(before.rights)
    expect(keys(plan, 'gained').length).toBeGreaterThan(0)
    expect(keys(plan, 'lost').length).toBeGreaterThan(0)
    const sent = await hr.post(`/lifecycle/cases/${draft.id}/send`, { version: draft.version })
    expect(sent.status, sent.text).toBe(200)
    // Nothing before its day.
    expect(await held(one.id)).toEqual(before.rights)
    moved = { one, plan, from, unit: other!.unit, title: other!.title }
  })

  test('a second affiliation beside the first takes nothing from it, and has an end', async () => {
    const one = await worker()
    const without = await create(hr, {
      kind: 'move',
      how: 'beside',
      affiliationId: one.id,
      title: 'Konstitueret leder',
      from: today,
    })
    expect(without.missing).toEqual([{ where: 'to', what: 'end-needed' }])
    const rights = await held(one.id)
    const { affiliationId, plan } = await report(hr, {
      ...{ kind: 'move', how: 'beside', affiliationId: one.id, title: 'Konstitueret leder', from: today },
      to: addDays(today, 60),
    })
    expect(affiliationId).not.toBe(one.id)
    expect(keys(plan, 'lost')).toEqual([])
    expect(await held(one.id)).toEqual(rights)
    const [beside] = await sql<{ person: string; ends: string }>(
      'select person_id as person, ends_on as ends from affiliation_current where affiliation_id = $1',
      [affiliationId],
    )
    expect(beside).toEqual({ person: one.person, ends: addDays(today, 60) })
  })

  test('what payroll says later of the position counts from then on', async () => {
    const one = await worker()
    await report(hr, { kind: 'move', affiliationId: one.id, title: 'Specialkonsulent', from: today })
    const title = async () =>
      (await sql<{ title: string }>('select title from affiliation_current where affiliation_id = $1', [one.id]))[0]
        ?.title
    expect(await title()).toBe('Specialkonsulent')
    const [{ source } = { source: '' }] = await sql<{ source: string }>(
      'select source from affiliation_current where affiliation_id = $1',
      [one.id],
    )
    const now = new Date(town.house.clock.now().getTime() + 60_000)
    await town.house.db.transaction(async tx =>
      stateFacts(
        tx,
        [
          {
            kind: 'affiliation',
            ...{ subjectId: one.id, attrs: { title: 'Chefkonsulent' }, from: today, to: null },
            ...{ source, sourceKey: 'later', assertedAt: now },
          },
        ],
        { authority: await authority(tx), keyring: town.house.keyring, now, today },
      ),
    )
    expect(await title()).toBe('Chefkonsulent')
  })

  test('whoever leads the unit that somebody comes to reads the report, and the one they leave changes it', async () => {
    const [unit] = ((await manager.session()).actor?.units ?? []).map(each => each.id)
    const one = await worker('not ac.unit_path && $1', [[unit]])
    const draft = await create(hr, { kind: 'move', affiliationId: one.id, unitId: unit, from: addDays(today, 20) })
    const read = await manager.get<CasePage>(`/lifecycle/cases/${draft.id}`)
    expect(read.status, read.text).toBe(200)
    expect(read.body.allowed).toMatchObject({ change: false, send: false, withdraw: false })
    expect((await manager.post(`/lifecycle/cases/${draft.id}/send`, { version: draft.version })).status).toBe(403)
    const list = await manager.post<{ rows: { id: string }[] }>('/lifecycle/cases/search', {
      ...{ offset: 0, limit: 50 },
    })
    expect(list.body.rows.map(row => row.id)).toContain(draft.id)
    const elsewhere = await create(hr, {
      kind: 'move',
      affiliationId: one.id,
      title: 'Andet',
      from: addDays(today, 20),
    })
    expect((await manager.get(`/lifecycle/cases/${elsewhere.id}`)).status).toBe(404)
  })

  test('a right says itself who agrees to it: its own owner, the unit, or the system with its deputy', async () => {
    const colleague = await signIn(town, 'employee')
    const person = (await colleague.session()).actor?.personId
    const rights = await sql<{ id: string; system: string }>(
      `select e.id, e.system_id as system from entitlement e join it_system s on s.id = e.system_id and s.gone_at is null
       join affiliation_current oc on oc.affiliation_id = s.owner_affiliation_id and oc.status = 'active'
       where e.gone_at is null and e.status = 'active' and not e.privileged and e.sensitivity = 'none' and e.constraints = '{}'
         and e.owner_person_id is null and e.key not like 'hjemmel/%' and s.task_deputy_affiliation_id is null
         and not exists (select from assignment a where a.entitlement_id = e.id) order by e.key limit 60`,
    )
    const [own, unit] = rights
    const system = rights.find(each => each.system !== own!.system && each.system !== unit!.system) ?? rights[2]
    const it = await signIn(town, 'it')
    const say = async (id: string, values: object) => {
      const { body } = await it.get<{ stamp: string }>(`/entitlements/${id}`)
      return it.post(`/entitlements/${id}`, { stamp: body.stamp, reason: 'Aftalt med ejeren', values })
    }
    const none = await say(own!.id, { approval: 'right' })
    expect(none.body.code).toBe('entitlement-invalid')
    expect((await say(own!.id, { approval: 'right', ownerPersonId: person })).status).toBe(200)
    expect((await say(unit!.id, { approval: 'unit' })).status).toBe(200)
    expect((await say(system!.id, { approval: 'system' })).status).toBe(200)
    await sql(
      `update it_system set task_deputy_affiliation_id = (select primary_affiliation_id from person_current where person_id = $2)
       where id = $1`,
      [system!.system, person],
    )
    const one = await worker('ac.person_id <> $1', [person])
    const { id } = await report(hr, {
      ...{ kind: 'move', affiliationId: one.id, title: 'Konsulent', from: today },
      rights: [own, unit, system].map(each => ({ entitlementId: each!.id, why: 'Ny opgave' })),
    })
    const { approvals } = await page(hr, id)
    const via = new Map(approvals.map(row => [row.right.id, [row.via, row.because]]))
    expect(via.get(own!.id)).toEqual(['right', 'asked-for'])
    expect(via.get(unit!.id)).toEqual(['manager', 'asked-for'])
    expect(via.get(system!.id)).toEqual(['owner', 'asked-for'])
    expect(await held(one.id)).not.toContain(own!.id)
    type Waiting = { rows: { id: string; right: { id: string } }[] }
    // The actor is loaded anew with each request: what one owns counts at once.
    const mine = await colleague.get<Waiting>('/lifecycle/approvals')
    expect(mine.status, mine.text).toBe(200)
    expect(mine.body.rows.map(row => row.right.id).sort()).toEqual([own!.id, system!.id].sort())
    for (const row of mine.body.rows) {
      const yes = await colleague.post<{ state: string }>(`/lifecycle/approvals/${row.id}`, { yes: true })
      expect(yes.status, yes.text).toBe(200)
    }
    const unitOne = approvals.find(row => row.right.id === unit!.id)!
    expect((await colleague.post(`/lifecycle/approvals/${unitOne.id}`, { yes: true })).status).toBe(404)
    await sql(`update it_system set task_deputy_affiliation_id = null where id = $1`, [system!.system])
  })

  test('a move that changes nothing, and one of oneself, are refused', async () => {
    const one = await worker()
    const same = await create(hr, {
      kind: 'move',
      affiliationId: one.id,
      unitId: one.unit,
      title: one.title,
      from: today,
    })
    expect(same.missing).toEqual([{ where: 'unitId', what: 'nothing-changes' }])
    const session = await hr.session()
    const [own] = await sql<{ id: string }>(
      `select affiliation_id as id from affiliation_current where person_id = $1 and status = 'active' limit 1`,
      [session.actor?.personId],
    )
    const self = await hr.post('/lifecycle/cases', { form: { kind: 'move', affiliationId: own!.id, from: today } })
    expect(self.body.code).toBe('case-about-self')
  })
})
let moved: { one: Worker; plan: CasePage['plan']; from: string; unit: string; title: string }

describe('an absence', () => {
  test('what rests is what the policy says, HR lets a class be otherwise, and others do not read why', async () => {
    const one = await worker(
      `exists (select from assignment a join entitlement e on e.id = a.entitlement_id
         where a.affiliation_id = ac.affiliation_id and e.sensitivity in ('confidential', 'special'))`,
    )
    const rights = await held(one.id)
    const form = {
      kind: 'absence',
      affiliationId: one.id,
      absence: 'sick',
      from: today,
      to: addDays(today, 20),
      reason: 'Brækket ben',
    }
    const { id, plan } = await report(hr, form)
    const rests = keys(plan, 'rest')
    expect(rests.length).toBeGreaterThan(0)
    expect(keys(plan, 'rest', 'kept', 'lost')).toEqual(rights)
    expect(await held(one.id, `a.suspended = 'absence'`)).toEqual(rests)
    expect(await held(one.id)).toEqual(keys(plan, 'rest', 'kept'))
    for (const role of ['dpo', 'auditor'] as const) {
      const read = await (await signIn(town, role)).get<CasePage>(`/lifecycle/cases/${id}`)
      expect(read.status).toBe(200)
      expect(read.text).not.toContain('Brækket')
      expect(read.body.form).toMatchObject({ absence: 'other', reason: '' })
    }
    const other = await worker(
      `exists (select from assignment a join entitlement e on e.id = a.entitlement_id
         where a.affiliation_id = ac.affiliation_id and e.sensitivity in ('confidential', 'special'))`,
    )
    const kept = await report(hr, {
      ...form,
      affiliationId: other.id,
      exceptions: [{ class: 'sensitive', effect: 'keep' }],
    })
    expect(keys(kept.plan, 'rest')).toEqual(await held(other.id, `a.suspended = 'absence'`))
    expect(
      await held(
        other.id,
        `a.suspended = 'absence' and e.sensitivity in ('confidential', 'special') and not e.privileged`,
      ),
    ).toEqual([])
    away = { one, rests, rights }
  })

  test('who comes back sooner is reported with the same first day, and is back then', async () => {
    const one = await worker()
    const form = { kind: 'absence', affiliationId: one.id, absence: 'parental', from: today, to: addDays(today, 200) }
    await report(hr, form)
    const sooner = addDays(today, 5)
    await report(hr, { ...form, to: sooner })
    const [leave] = await sql<{ days: string[] }>(
      `select array_agg(upper(valid)::text) as days from affiliation_state
       where affiliation_id = $1 and upper_inf(recorded) and attrs ? 'leaveFrom'`,
      [one.id],
    )
    expect(leave).toEqual({ days: [sooner] })
  })

  test('an absence that was reported in error is as if it had never been reported', async () => {
    const one = await worker(
      `exists (select from assignment a join entitlement e on e.id = a.entitlement_id
         where a.affiliation_id = ac.affiliation_id and e.sensitivity in ('confidential', 'special'))`,
    )
    const before = await derived(one.id)
    const form = { kind: 'absence', affiliationId: one.id, absence: 'sick', from: today, to: addDays(today, 30) }
    const exceptions = [{ class: 'ordinary', effect: 'suspend' }]
    const { plan } = await report(hr, { ...form, exceptions })
    expect(keys(plan, 'rest').length).toBeGreaterThan(0)
    const subject = await hr.get<ResponseOf<typeof getReportedSubject>>(`/lifecycle/affiliations/${one.id}`)
    expect(subject.body.absences).toEqual([{ from: today, to: addDays(today, 30) }])
    const wrong = await create(hr, { ...form, from: addDays(today, 1) }, 'withdraw')
    expect(wrong.missing).toEqual([{ where: 'from', what: 'no-absence-known' }])
    const back = await report(hr, form, 'withdraw')
    expect(keys(back.plan, 'kept')).toEqual(before.rights)
    expect(await derived(one.id)).toEqual(before)
    expect(await held(one.id, 'a.suspended is not null')).toEqual([])
    expect(await sql('select 1 from absence_exception where affiliation_id = $1', [one.id])).toEqual([])
  })

  test('only HR lets a class of right be otherwise than the policy', async () => {
    const one = await worker(`ac.unit_path && $1`, [
      ((await manager.session()).actor?.units ?? []).map(unit => unit.id),
    ])
    const form = {
      kind: 'absence',
      affiliationId: one.id,
      from: today,
      exceptions: [{ class: 'sensitive', effect: 'keep' }],
    }
    const refused = await manager.post('/lifecycle/cases', { form })
    expect(refused.body.code).toBe('not-allowed')
    expect((await create(manager, { ...form, exceptions: [] })).missing).toEqual([])
  })
})
let away: { one: Worker; rests: string[]; rights: string[] }

describe('an end', () => {
  test('the day that HR chooses closes everything, whatever payroll says of the employment later', async () => {
    const one = await worker()
    const rights = await held(one.id)
    const worked = addDays(today, 12)
    const { plan } = await report(hr, {
      ...{ kind: 'end', affiliationId: one.id, endsOn: addDays(today, 40), lastWorkingDay: worked },
      ...{ governs: 'last-working-day', reason: 'Opsigelse' },
    })
    expect(keys(plan, 'lost')).toEqual(rights)
    const [now] = await sql<{ ends: string; contract: string }>(
      'select ends_on as ends, contract_ends_on as contract from affiliation_current where affiliation_id = $1',
      [one.id],
    )
    expect(now).toEqual({ ends: addDays(worked, 1), contract: addDays(today, 40) })
    ended = { one, on: addDays(worked, 1) }
  })

  test('what a leaver answers for is listed, given to others at the end or stays open', async () => {
    const [owner] = await sql<Worker>(
      `select ac.affiliation_id as id, ac.person_id as person, ac.unit_id as unit, ac.title from affiliation_current ac
       join it_system s on s.owner_affiliation_id = ac.affiliation_id and s.gone_at is null
       where ac.status = 'active' and ac.ends_on is null and ac.unit_id is not null
         and not exists (select from tool_user u where u.person_id = ac.person_id) order by ac.employee_no limit 1`,
    )
    const subject = await hr.get<ResponseOf<typeof getReportedSubject>>(`/lifecycle/affiliations/${owner!.id}`)
    expect(subject.status, subject.text).toBe(200)
    expect(subject.body.held.map(row => row.right.key).length).toBeGreaterThan(0)
    const systems = subject.body.delegated.filter(row => row.kind === 'system')
    expect(systems.length).toBeGreaterThan(0)
    const heir = await worker()
    const { id, plan } = await report(hr, {
      ...{ kind: 'end', affiliationId: owner!.id, endsOn: addDays(today, 30), equipmentTo: heir.person },
      handovers: [{ kind: 'system', id: systems[0]!.id, toPersonId: heir.person }],
    })
    const lines = plan.filter(line => line.what === 'handover')
    expect(lines).toHaveLength(subject.body.delegated.length)
    expect(lines.filter(line => line.state === 'named')).toMatchObject([{ code: 'system', owner: { id: heir.person } }])
    // Not before its day: the owner is still the owner.
    await settleDueHandovers({ ...town.house, clock: fixedClock(`${today}T09:00:00Z`) })
    const ownerOf = async () =>
      (
        await sql<{ person: string }>(
          `select f.person_id as person from it_system s join affiliation f on f.id = s.owner_affiliation_id where s.id = $1`,
          [systems[0]!.id],
        )
      )[0]?.person
    expect(await ownerOf()).toBe(owner!.person)
    const open = async (who: Visitor) =>
      (await who.get<ResponseOf<typeof listHandovers>>('/lifecycle/handovers')).body.rows.filter(
        row => row.caseId === id,
      )
    // Its day is not near yet; then it is a line for those who may know of the report.
    expect(await open(hr)).toEqual([])
    await sql('update case_handover set due_on = $2 where case_id = $1', [id, addDays(today, 3)])
    expect(await open(hr)).toHaveLength(subject.body.delegated.length)
    // On the day it is the one who was named, on the sheet of the system, with a version that says so.
    await sql('update case_handover set due_on = $2 where case_id = $1', [id, today])
    await settleDueHandovers({ ...town.house, clock: fixedClock(`${today}T09:00:00Z`) })
    expect(await ownerOf()).toBe(heir.person)
    // What waits for a yes from the owner of that system waits for the new one, and is no line any more.
    const lasting = (rows: readonly { kind: string }[]) => rows.filter(row => row.kind !== 'approval')
    expect(lasting(await open(hr))).toHaveLength(lasting(subject.body.delegated).length - 1)
    const log = await sql<{ n: number }>(
      `select count(*)::int as n from audit_entry where subject_id = $1 and action = 'case.handed-over'`,
      [id],
    )
    expect(log).toEqual([{ n: 1 }])
  })

  test('what somebody answers for by name is given on by kind: rights, accounts, exceptions, findings', async () => {
    const one = await worker()
    const heir = await worker()
    const [right] = await sql<{ id: string; name: string }>(
      `update entitlement set owner_person_id = $1 where id = (select id from entitlement
         where gone_at is null and owner_person_id is null and key not like 'hjemmel/%' order by key limit 1) returning id, name`,
      [one.person],
    ).then(rows => rows.flat())
    const [account] = await sql<{ id: string }>(
      `update account set owner_person_id = $1 where id = (select id from account
         where gone_at is null and kind = 'shared' order by key limit 1) returning id`,
      [one.person],
    ).then(rows => rows.flat())
    const [finding] = await sql<{ id: string }>(
      `update finding set owner_person_id = $1 where id = (select id from finding where closed_at is null order by id limit 1)
       returning id`,
      [one.person],
    ).then(rows => rows.flat())
    const subject = await hr.get<ResponseOf<typeof getReportedSubject>>(`/lifecycle/affiliations/${one.id}`)
    const kinds = new Set(subject.body.delegated.map(row => row.kind))
    expect([...kinds]).toEqual(expect.arrayContaining(['right', 'account', 'finding']))
    await report(hr, {
      ...{ kind: 'end', affiliationId: one.id, endsOn: today },
      handovers: subject.body.delegated.map(({ kind, id }) => ({ kind, id, toPersonId: heir.person })),
    })
    await settleDueHandovers(town.house)
    expect(await sql('select owner_person_id as owner from entitlement where id = $1', [right!.id])).toEqual([
      { owner: heir.person },
    ])
    expect(await sql('select owner_person_id as owner from account where id = $1', [account!.id])).toEqual([
      { owner: heir.person },
    ])
    expect(await sql('select owner_person_id as owner from finding where id = $1', [finding!.id])).toEqual([
      { owner: heir.person },
    ])
    // The right says so among its versions.
    const [version] = await sql<{ owner: string }>(
      `select content ->> 'owner' as owner from entitlement_version where entitlement_id = $1 order by version desc limit 1`,
      [right!.id],
    )
    expect(version).toEqual({ owner: heir.person })
  })

  test('mailbox, drive, cases and things: orders of the systems that keep them, tasks to settle, lines of the proof', async () => {
    const it = await signIn(town, 'it')
    const one = await worker()
    const heir = await worker()
    const reader = await worker()
    const [system] = await sql<{ id: string }>(
      `select e.system_id as id from assignment a join entitlement e on e.id = a.entitlement_id join it_system s on s.id = e.system_id
       where a.affiliation_id = $1 and s.key <> 'hjemmel' and s.kind = 'it' and s.rung = 'observe' order by s.key limit 1`,
      [one.id],
    )
    const words = await it.send('PUT', `/systems/${system!.id}/task-words`, {
      ...{ words: { 'hand-over': 'Overdrag i Exchange' }, sample: 1, carries: ['mailbox', 'drive'] },
    })
    expect(words.status, words.text).toBe(200)
    await sql(`update it_system set rung = 'apply', rung_at = $2 where id = $1`, [system!.id, `${today}T00:00:00+02`])
    const until = addDays(today, 90)
    const form = {
      ...{ kind: 'end', affiliationId: one.id, endsOn: today, driveTo: heir.person, casesTo: heir.person },
      mailbox: { reply: 'Jeg er stoppet', receiver: heir.person, readers: [reader.person], until },
    }
    const { id, plan } = await report(hr, form)
    const lines = plan.filter(line => line.what === 'mailbox' || line.what === 'files')
    expect(lines.map(line => [line.on, line.code, line.state === 'nobody', line.owner?.id ?? null])).toEqual([
      [today, 'cases', true, heir.person],
      [today, 'drive', false, heir.person],
      [today, 'read-by', false, heir.person],
      [until, 'closed', false, null],
    ])
    expect(plan.filter(line => line.what === 'task' && ['hand-over', 'close'].includes(line.code))).toEqual([])
    const orders = () =>
      sql(
        `select l.what, o.action, o.due_on as due, o.state from provisioning_order o join left_behind l on l.id = o.left_id
         where l.case_id = $1 order by o.due_on, l.what`,
        [id],
      )
    expect(await orders()).toEqual([
      { what: 'drive', action: 'hand-over', due: today, state: 'task' },
      { what: 'mailbox', action: 'hand-over', due: today, state: 'task' },
      { what: 'mailbox', action: 'close', due: until, state: 'task' },
    ])
    type Tasks = {
      rows: { id: string; version: number; dueOn: string; orders: { words: string | null; left: object | null }[] }[]
    }
    const tasks = await it.get<Tasks>(`/tasks?person=${one.person}&system=${system!.id}`)
    const [task] = tasks.body.rows
    expect(task?.orders.flatMap(order => (order.left ? [[order.words, order.left]] : []))).toEqual(
      expect.arrayContaining([
        [
          'Overdrag i Exchange',
          expect.objectContaining({
            what: 'mailbox',
            reply: 'Jeg er stoppet',
            to: expect.objectContaining({ id: heir.person }),
          }),
        ],
      ]),
    )
    const proof = async () => {
      const answer = await hr.get<{ lines: { kind: string; name: string; state: string }[] }>(
        `/lifecycle/proof/${one.id}`,
      )
      expect(answer.status, answer.text).toBe(200)
      return answer.body.lines
        .filter(line => line.kind === 'left')
        .map(line => [line.name, line.state])
        .sort()
    }
    // What is to be closed later is no line before its day.
    expect(await proof()).toEqual([
      ['drive', 'open'],
      ['mailbox', 'open'],
    ])
    const done = await it.post<{ second: number }>('/tasks/settle', {
      tasks: [{ id: task!.id, version: task!.version }],
      note: 'Sat op i Exchange',
    })
    expect(done.status, done.text).toBe(200)
    expect(await proof()).toEqual([
      ['drive', 'said'],
      ['mailbox', 'said'],
    ])
    await sql(`update it_system set rung = 'observe', carries = '{}' where id = $1`, [system!.id])
  })

  test('an end on another day takes what is left along, and an end that is none calls it off', async () => {
    const one = await worker()
    const heir = await worker()
    const [system] = await sql<{ id: string }>(
      `update it_system set carries = '{drive}', rung = 'add', rung_at = now() where id = (
         select e.system_id from assignment a join entitlement e on e.id = a.entitlement_id join it_system s on s.id = e.system_id
         where a.affiliation_id = $1 and s.key <> 'hjemmel' and s.kind = 'it' and s.rung = 'observe' order by s.key limit 1)
       returning id`,
      [one.id],
    ).then(rows => rows.flat())
    const first = addDays(today, 20)
    const { id } = await report(hr, { kind: 'end', affiliationId: one.id, endsOn: first, driveTo: heir.person })
    const open = () =>
      sql<{ due: string }>(
        `select o.due_on as due from provisioning_order o join left_behind l on l.id = o.left_id
         where l.case_id = $1 and l.what = 'drive' and o.state in ('planned', 'task')`,
        [id],
      )
    expect(await open()).toEqual([{ due: first }])
    const later = addDays(today, 45)
    await report(hr, { kind: 'end', affiliationId: one.id, endsOn: later }, 'postpone')
    expect(await open()).toEqual([{ due: later }])
    await report(hr, { kind: 'end', affiliationId: one.id }, 'postpone')
    expect(await open()).toEqual([])
    await sql(`update it_system set rung = 'observe', carries = '{}' where id = $1`, [system!.id])
  })

  test('equipment goes back to whom it is said, thing by thing', async () => {
    const [one] = await sql<Worker>(
      `select ac.affiliation_id as id, ac.person_id as person, ac.unit_id as unit, ac.title from affiliation_current ac
       where ac.status = 'active' and ac.kind = 'employment' and ac.ends_on is null and not ac.is_manager
         and (select count(*) from assignment a join entitlement e on e.id = a.entitlement_id join it_system s on s.id = e.system_id
           where a.affiliation_id = ac.affiliation_id and (e.kind in ('equipment', 'physical') or s.kind in ('equipment', 'physical'))) >= 2
         and not ac.affiliation_id = any($1) order by ac.employee_no limit 1`,
      [[...used]],
    )
    const [janitor, leader] = [await worker(), await worker()]
    const subject = await hr.get<ResponseOf<typeof getReportedSubject>>(`/lifecycle/affiliations/${one!.id}`)
    const things = subject.body.held.filter(row => row.class === 'kit')
    expect(things.length).toBeGreaterThanOrEqual(2)
    const { plan } = await report(hr, {
      ...{ kind: 'end', affiliationId: one!.id, endsOn: addDays(today, 10), equipmentTo: leader.person },
      returns: [{ entitlementId: things[0]!.right.id, toPersonId: janitor.person }],
    })
    const back = plan.filter(line => line.what === 'return').map(line => [line.subject, line.owner?.id])
    const named = ({ right }: (typeof things)[number]) => `${right.system.name}: ${right.name}`
    expect(back).toContainEqual([named(things[0]!), janitor.person])
    expect(back).toContainEqual([named(things[1]!), leader.person])
  })

  test('a dismissal that is prepared is nowhere until it is released; then access is closed at once', async () => {
    const one = await worker()
    const before = await derived(one.id)
    const draft = await create(hr, {
      kind: 'end',
      affiliationId: one.id,
      endsOn: addDays(today, 90),
      atOnce: true,
      reason: 'Bortvist',
    })
    const hidden = await hr.post<{ version: number }>(`/lifecycle/cases/${draft.id}/confidential`, {
      ...{ version: draft.version, confidential: true, named: [] },
    })
    const sent = await hr.post(`/lifecycle/cases/${draft.id}/send`, { version: hidden.body.version })
    expect(sent.status, sent.text).toBe(200)
    expect(await derived(one.id)).toEqual(before)
    const { version } = await page(hr, draft.id)
    expect((await hr.post(`/lifecycle/cases/${draft.id}/release`, { version })).status).toBe(200)
    expect(await held(one.id)).toEqual([])
  })

  test('a death closes everything of the person, and only HR says it', async () => {
    const units = ((await manager.session()).actor?.units ?? []).map(unit => unit.id)
    const one = await worker(`ac.unit_path && $1`, [units])
    const form = { kind: 'end', affiliationId: one.id, endsOn: today, death: true }
    expect((await manager.post('/lifecycle/cases', { form })).body.code).toBe('not-allowed')
    await report(hr, form)
    expect(await held(one.id)).toEqual([])
    // The form keeps the first day after the one that is said.
    expect(await sql('select died_on as day from person_current where person_id = $1', [one.person])).toEqual([
      { day: addDays(today, -1) },
    ])
  })

  test('an end that is cancelled is as if it had never been said; postponed is said on another day', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          days: fc.integer({ min: 2, max: 80 }),
          governs: fc.constantFrom('end', 'last-working-day', 'released'),
          postponed: fc.option(fc.integer({ min: 81, max: 200 })),
        }),
        async ({ days, governs, postponed }) => {
          const one = await worker()
          const before = await derived(one.id)
          const endsOn = addDays(today, days)
          const end = {
            ...{ kind: 'end', affiliationId: one.id, endsOn, governs },
            ...{ lastWorkingDay: addDays(today, days - 1), releasedFrom: addDays(today, days - 1) },
          }
          await report(hr, end)
          expect((await derived(one.id)).now).not.toEqual(before.now)
          if (postponed !== null) {
            await report(hr, { kind: 'end', affiliationId: one.id, endsOn: addDays(today, postponed) }, 'postpone')
            expect((await derived(one.id)).now).toMatchObject([{ ends_on: addDays(today, postponed) }])
          }
          await report(hr, { kind: 'end', affiliationId: one.id }, 'postpone')
          expect(await derived(one.id)).toEqual(before)
        },
      ),
      { numRuns: 5, endOnFailure: true },
    )
  }, 120_000)
})
let ended: { one: Worker; on: string }

describe('withdrawn, extended, again', () => {
  test('somebody who does not start after all has nothing: no right, no grant, no order', async () => {
    const seat = await worker()
    const draft = await create(hr, {
      kind: 'hire',
      person: { givenName: 'Aldrig', familyName: 'Begyndt', birthDate: '1990-01-02' },
      affiliation: {
        kind: 'employment',
        unitId: seat.unit,
        title: seat.title,
        startsOn: addDays(today, 14),
        hours: 37,
      },
    })
    const hired = await hr.post<ResponseOf<typeof sendCase>>(`/lifecycle/cases/${draft.id}/send`, { version: 1 })
    const affiliationId = hired.body.affiliationId!
    const started = await worker()
    const late = await create(hr, { kind: 'end', affiliationId: started.id }, 'withdraw')
    expect(late.missing).toEqual([{ where: 'affiliationId', what: 'not-started-only' }])
    const taken = await create(hr, { kind: 'end', affiliationId }, 'withdraw')
    const sent = await hr.post(`/lifecycle/cases/${taken.id}/send`, { version: 1 })
    expect(sent.status, sent.text).toBe(200)
    withdrawn = affiliationId
    expect(
      await sql(`select 1 from affiliation_current where affiliation_id = $1 and status <> 'ended'`, [affiliationId]),
    ).toEqual([])
    expect(
      await sql(
        `select 1 from provisioning_order where affiliation_id = $1 and state in ('planned', 'task', 'sending', 'retry')`,
        [affiliationId],
      ),
    ).toEqual([])
    expect((await page(hr, taken.id)).plan[0]).toMatchObject({ what: 'change', code: 'never' })
  })

  test('whoever comes again is the same person with a new affiliation; old rights are history for HR, and none comes back', async () => {
    const one = await worker()
    const before = await held(one.id)
    await report(hr, { kind: 'end', affiliationId: one.id, endsOn: today })
    expect(await held(one.id)).toEqual([])
    const [seat] = await sql<{ unit: string; title: string }>(
      `select ac.unit_id as unit, ac.title from affiliation_current ac join org_unit_current u on u.unit_id = ac.unit_id and u.active
       where ac.status = 'active' and ac.kind = 'employment' and ac.position_key is not null
         and ac.position_key <> (select position_key from affiliation_current where affiliation_id = $1)
       group by 1, 2 having count(*) >= 3 order by count(*) desc, 1 limit 1`,
      [one.id],
    )
    const again = await report(hr, {
      kind: 'hire',
      person: { personId: one.person },
      affiliation: { kind: 'employment', unitId: seat!.unit, title: seat!.title, startsOn: today, hours: 37 },
    })
    expect((await page(hr, again.id)).door).toBe('rehire')
    expect(again.affiliationId).not.toBe(one.id)
    expect(await held(one.id)).toEqual([])
    expect(await held(again.affiliationId)).toEqual(keys(again.plan, 'right'))
    type Former = { rows: { right: { key: string } }[] }
    const former = (who: Visitor) => who.post<Former>('/lifecycle/former-rights', { personId: one.person })
    const shown = (await former(hr)).body.rows.map(row => row.right.key)
    expect(shown.sort()).toEqual(before.filter(key => !key.startsWith('hjemmel/')))
    expect((await former(manager)).body.rows).toEqual([])
  })

  test('a door leads into its own kind of report, and which day governs HR says', async () => {
    const units = ((await manager.session()).actor?.units ?? []).map(unit => unit.id)
    const one = await worker('ac.unit_path && $1', [units])
    const wrong = await hr.post('/lifecycle/cases', { door: 'extend', form: { kind: 'move', affiliationId: one.id } })
    expect(wrong.body.code).toBe('data-invalid')
    const day = addDays(today, 30)
    const form = { kind: 'end', affiliationId: one.id, endsOn: day, lastWorkingDay: today, governs: 'last-working-day' }
    expect((await manager.post('/lifecycle/cases', { form })).body.code).toBe('not-allowed')
    const late = { ...form, governs: 'end', mailbox: { receiver: one.person, until: addDays(today, 500) } }
    expect((await create(manager, late)).missing).toEqual([{ where: 'mailbox/until', what: 'mailbox-too-long' }])
  })

  test('an affiliation with an end gets a later one', async () => {
    const seat = await worker()
    const draft = await create(hr, {
      kind: 'hire',
      person: { givenName: 'Bliver', familyName: 'Længere', birthDate: '1990-01-03' },
      affiliation: { kind: 'temp', unitId: seat.unit, title: seat.title, startsOn: today, endsOn: addDays(today, 20) },
    })
    const hired = await hr.post<ResponseOf<typeof sendCase>>(`/lifecycle/cases/${draft.id}/send`, { version: 1 })
    const affiliationId = hired.body.affiliationId!
    const early = await create(hr, { kind: 'end', affiliationId, endsOn: addDays(today, 10) }, 'extend')
    expect(early.missing).toEqual([{ where: 'endsOn', what: 'end-before-start' }])
    await report(hr, { kind: 'end', affiliationId, endsOn: addDays(today, 50) }, 'extend')
    expect(
      await sql('select ends_on as ends from affiliation_current where affiliation_id = $1', [affiliationId]),
    ).toEqual([{ ends: addDays(today, 50) }])
  })
})
let withdrawn: string

describe('a substitute for a shift', () => {
  /** Rights that no rule gives anybody, so that what is held is seen to come from the template. */
  const spare = () =>
    sql<{ id: string; key: string; privileged: boolean }>(
      `select distinct on (e.privileged) e.id, e.key, e.privileged from entitlement e join it_system s on s.id = e.system_id
       where e.gone_at is null and e.status = 'active' and e.constraints = '{}' and e.key not like 'hjemmel/%'
         and s.gone_at is null and (e.privileged or e.sensitivity in ('none', 'personal'))
         and not exists (select from assignment a where a.entitlement_id = e.id) order by e.privileged, e.key`,
    )
  const inHours = (hours: number) => new Date(town.house.clock.now().getTime() + hours * 3_600_000)
  const body = (templateId: string, givenName: string) => ({
    ...{ templateId, givenName, familyName: 'Vikar', birthDate: '1995-05-05', agency: 'Vikar ApS' },
    endsAt: inHours(8).toISOString(),
  })
  const later = (hours: number) => ({
    ...town.house,
    clock: {
      now: () => inHours(hours),
      today: () => inHours(hours).toLocaleDateString('sv-SE', { timeZone: 'Europe/Copenhagen' }),
    },
  })
  const waiting = async (who: Visitor) =>
    (await who.get<ResponseOf<typeof listShifts>>('/lifecycle/shifts')).body.waiting.map(row => [
      row.name,
      row.birthDate,
      row.allowed.confirm,
    ])

  test('nobody and nothing before a colleague on duty has confirmed; then what is agreed, until the hour', async () => {
    // Somebody who works there without leading anybody, and signs in like everybody else.
    const colleague = await signIn(town, 'employee')
    const session = await colleague.session()
    const [place] = await sql<{ unit: string; title: string }>(
      `select unit_id as unit, title from affiliation_current
       where person_id = $1 and status = 'active' and kind = 'employment' and not on_leave limit 1`,
      [session.actor?.personId],
    )
    const rights = await spare()
    const right = rights.find(one => !one.privileged)!
    const template = (entitlementIds: string[]) =>
      hr.send<{ id: string }>('PUT', '/lifecycle/shift-templates', {
        ...{ unitId: place!.unit, title: place!.title, entitlementIds },
      })
    const privileged = rights.find(one => one.privileged)
    if (privileged) expect((await template([privileged.id])).status).toBe(422)
    const made = await template([right.id])
    expect(made.status, made.text).toBe(200)
    const week = await hr.post('/lifecycle/shifts', {
      ...body(made.body.id, 'Vita'),
      endsAt: inHours(90).toISOString(),
    })
    expect(week.body.code).toBe('data-invalid')
    const people = await sql('select count(*)::int as n from person')
    const started = await hr.post<{ caseId: string }>('/lifecycle/shifts', body(made.body.id, 'Vita'))
    expect(started.status, started.text).toBe(200)
    const { caseId } = started.body
    // Nothing at all: no person, no affiliation, no right, no order.
    expect(await sql('select count(*)::int as n from person')).toEqual(people)
    expect(
      await sql('select person_id, affiliation_id, stated_at from lifecycle_case where id = $1', [caseId]),
    ).toEqual([{ person_id: null, affiliation_id: null, stated_at: null }])
    expect((await hr.post(`/lifecycle/shifts/${caseId}/confirm`, {})).body.code).toBe('second-person-needed')
    expect(await waiting(colleague)).toEqual([['Vita Vikar', '1995-05-05', true]])
    const yes = await colleague.post<{ rights: number; affiliationId: string }>(
      `/lifecycle/shifts/${caseId}/confirm`,
      {},
    )
    expect(yes.status, yes.text).toBe(200)
    const { affiliationId } = yes.body
    expect(
      await sql('select status, kind, agency from affiliation_current where affiliation_id = $1', [affiliationId]),
    ).toEqual([{ status: 'active', kind: 'temp', agency: 'Vikar ApS' }])
    const got = await held(affiliationId)
    expect(got).toContain(right.key)
    expect(await waiting(colleague)).toEqual([])
    // Before the hour nothing ends; by the hour everything does, what rules gave as well.
    expect(await endDueShifts(later(7))).toBe(0)
    expect(await held(affiliationId)).toEqual(got)
    expect(await endDueShifts(later(9))).toBe(1)
    expect(await held(affiliationId)).toEqual([])
    expect(
      await sql(`select 1 from affiliation_current where affiliation_id = $1 and status <> 'ended'`, [affiliationId]),
    ).toEqual([])
    expect(await endDueShifts(later(10))).toBe(0)
    const log = await sql<{ action: string }>(`select action from audit_entry where subject_id = $1`, [caseId])
    expect(log.map(one => one.action)).toContain('shift.ended')
  })

  test('whom nobody confirms is never made, and somebody who works elsewhere neither sees nor confirms', async () => {
    const [unit] = ((await manager.session()).actor?.units ?? []).map(one => one.id)
    const right = (await spare()).find(one => !one.privileged)!
    const made = await manager.send<{ id: string }>('PUT', '/lifecycle/shift-templates', {
      ...{ unitId: unit, title: 'Afløser', entitlementIds: [right.id] },
    })
    const asked = await manager.post<{ caseId: string }>('/lifecycle/shifts', body(made.body.id, 'Ingen'))
    const elsewhere = await signIn(town, 'employee')
    expect(await waiting(elsewhere)).toEqual([])
    expect((await elsewhere.post(`/lifecycle/shifts/${asked.body.caseId}/confirm`, {})).status).toBe(404)
    expect(await waiting(manager)).toEqual([['Ingen Vikar', '1995-05-05', false]])
    expect(await endDueShifts(later(9))).toBe(1)
    expect((await hr.post(`/lifecycle/shifts/${asked.body.caseId}/confirm`, {})).body.code).toBe('case-closed')
    expect(await sql('select state, person_id from lifecycle_case where id = $1', [asked.body.caseId])).toEqual([
      { state: 'withdrawn', person_id: null },
    ])
  })
})

test('whom one may report about: a manager the own people, nobody whom one may not see', async () => {
  const units = ((await manager.session()).actor?.units ?? []).map(unit => unit.id)
  const own = await worker('ac.unit_path && $1', [units])
  const other = await worker('not ac.unit_path && $1', [units])
  const list = (person: string) =>
    manager.post<ResponseOf<typeof listReportedAffiliations>>('/lifecycle/affiliations/search', { personId: person })
  expect((await list(own.person)).body.rows.map(row => row.id)).toEqual([own.id])
  expect((await list(other.person)).body.rows).toEqual([])
  expect((await manager.get(`/lifecycle/affiliations/${other.id}`)).status).toBe(404)
  const refused = await manager.post('/lifecycle/cases', {
    form: { kind: 'end', affiliationId: other.id, endsOn: today },
  })
  expect([403, 404]).toContain(refused.status)
})

test('on the day: a move has moved, an end has ended, who was away is back', async () => {
  await roll(moved.from)
  const [now] = await sql<{ unit: string; title: string }>(
    'select unit_id as unit, title from affiliation_current where affiliation_id = $1',
    [moved.one.id],
  )
  expect(now).toEqual({ unit: moved.unit, title: moved.title })
  const grace = moved.plan.flatMap(line =>
    line.what === 'lost' && line.code === 'grace' && line.right ? [line.right.key] : [],
  )
  expect(await held(moved.one.id)).toEqual([...new Set([...keys(moved.plan, 'kept', 'gained'), ...grace])].sort())
  await roll(ended.on)
  expect(await held(ended.one.id)).toEqual([])
  expect(await held(withdrawn)).toEqual([])
  await roll(addDays(today, 21))
  expect(await held(away.one.id, 'a.suspended is not null')).toEqual([])
  expect(await held(away.one.id)).toEqual(away.rights)
})
