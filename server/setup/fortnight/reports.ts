import { audit } from '../../audit/audit-store.ts'
import { addDays } from '../../lifecycle/cases/case.ts'
import { concealCase, prepareCase } from '../../lifecycle/cases/case-service.ts'
import { confirmShift, saveTemplate, startShift } from '../../lifecycle/cases/shift-service.ts'
import { settle } from '../../orders/task-service.ts'
import { auditActor } from '../../policy/policy.ts'
import { endsNext, rightToAdd, systemsOf, unitOf, type Worker } from './choice.ts'
import { contextOf, draft, REQUEST, report, type Stage, teller } from './stage.ts'

/** Started before payroll had heard of it. */
export const UNCONFIRMED = { given: 'Karla', family: 'Nørremark', born: '1984-01-30' }

export async function comings(stage: Stage): Promise<void> {
  const { tx, today, people, workers } = stage
  const colleague = workers({ own: true, steered: true })
  const job = (startsOn: number, more: object = {}) => ({
    unitId: colleague.unitId,
    title: colleague.title,
    startsOn: addDays(today, startsOn),
    hours: 37,
    ...more,
  })
  const named = (givenName: string, familyName: string, birthDate: string) => ({ givenName, familyName, birthDate })
  const extra = await rightToAdd(tx, colleague.id, await systemsOf(tx, colleague.id))
  await report(stage, people.manager, {
    form: {
      kind: 'hire',
      person: named('Signe', 'Bregnedal', '1989-03-14'),
      affiliation: job(12),
      rights: extra.map(entitlementId => ({ entitlementId, why: 'Skal dække for en kollega på barsel' })),
    },
  })
  // Somebody from abroad who has no number of their own yet, so that the office has given one in its place.
  await report(stage, people.hr, {
    form: {
      kind: 'hire',
      person: named('Ilona', 'Kovacs', '1991-05-09'),
      affiliation: {
        ...job(19),
        unitId: (await unitOf(tx, 'Sygeplejerske')) ?? colleague.unitId,
        title: 'Sygeplejerske',
      },
      rights: (await rightToAdd(tx, colleague.id, people.systemowner.systems)).map(entitlementId => ({
        entitlementId,
        why: 'Skal læse journaler i nattevagter',
      })),
    },
    cpr: '6905913458',
  })
  await report(stage, people.hr, {
    form: {
      kind: 'hire',
      person: named('Thor', 'Egevang', '1978-11-02'),
      affiliation: {
        ...job(5, { kind: 'external', endsOn: addDays(today, 185), organisation: 'Egevang Rådgivning' }),
        title: 'Konsulent',
        sponsorPersonId: colleague.personId,
      },
    },
  })
  const regretted = await report(stage, people.hr, {
    form: { kind: 'hire', person: named('Malte', 'Skovhus', '1995-07-21'), affiliation: job(26) },
  })
  await report(stage, people.hr, {
    door: 'withdraw',
    form: { kind: 'end', affiliationId: regretted.affiliationId, reason: 'Tog et andet arbejde' },
  })
  // Started last week, and payroll does not know of it yet.
  await report(stage, people.hr, {
    form: {
      kind: 'hire',
      person: named(UNCONFIRMED.given, UNCONFIRMED.family, UNCONFIRMED.born),
      affiliation: job(-6),
    },
  })
  await report(stage, people.hr, {
    door: 'emergency',
    form: { kind: 'hire', person: named('Rasmus', 'Holtegård', '1987-06-16'), affiliation: job(0) },
  })
  await draft(stage, people.manager, {
    form: {
      kind: 'hire',
      person: { givenName: 'Anton' },
      affiliation: { unitId: colleague.unitId, title: colleague.title },
    },
  })
  const ready = await draft(stage, people.deputy, {
    form: { kind: 'hire', person: named('Vilma', 'Lyngby', '1999-09-18'), affiliation: job(33) },
  })
  await prepareCase(tx, ready.one.id, ready.one.version, contextOf(stage, people.deputy))
}

export async function changes(stage: Stage): Promise<void> {
  const { tx, today, people, workers } = stage
  for (const from of [0, 9]) {
    const mover = workers({ own: true })
    const [to] = await tx.query<{ unitId: string; title: string }>(
      `select ac.unit_id as "unitId", ac.title from affiliation_current ac join org_unit_current u on u.unit_id = ac.unit_id and u.active
         where ac.status = 'active' and ac.kind = 'employment' and not ac.is_manager and ac.unit_id <> $2
           and ac.position_key <> (select position_key from affiliation_current where affiliation_id = $1)
         group by ac.unit_id, ac.title, u.path, u.key having count(*) >= 3
           order by u.path && (select path[2:2] from org_unit_current where unit_id = $2) desc, count(*) desc, u.key, ac.title limit 1 offset $3`,
      [mover.id, mover.unitId, from],
    )
    if (to)
      await report(stage, people.hr, {
        form: { kind: 'move', affiliationId: mover.id, ...to, from: addDays(today, from) },
      })
    // Beside them somebody stays where they are, and is something else now: the network account says so too.
    if (to && from === 0) {
      const { id, unitId } = workers({ own: true })
      await report(stage, people.hr, {
        form: { kind: 'move', affiliationId: id, unitId, title: to.title, from: today },
      })
    }
  }
  await report(stage, people.hr, {
    form: {
      kind: 'absence',
      affiliationId: workers({ own: true }).id,
      absence: 'parental',
      from: addDays(today, 4),
      to: addDays(today, 180),
    },
  })
  const away = workers({ own: true })
  await report(stage, teller(stage, away), {
    form: {
      kind: 'absence',
      affiliationId: away.id,
      absence: 'other',
      from: today,
      to: addDays(today, 45),
      reason: 'Orlov til uddannelse',
    },
  })
}

export async function goings(stage: Stage): Promise<void> {
  const { tx, today, people, workers, clock } = stage
  const end = (worker: Worker, on: number, more: object = {}) => ({
    form: { kind: 'end' as const, affiliationId: worker.id, endsOn: addDays(today, on), ...more },
  })
  const heir = workers().personId
  await report(
    stage,
    people.hr,
    end(workers({ own: true, steered: true }), 10, { reason: 'Pension', equipmentTo: heir }),
  )
  const late = workers({ own: true, steered: true })
  await report(stage, teller(stage, late), end(late, -3))
  const gone = workers({ own: true, steered: true })
  await report(stage, people.hr, end(gone, -1))
  const next = await endsNext(tx, today)
  if (next)
    await report(stage, people.hr, {
      door: 'extend',
      form: { kind: 'end', affiliationId: next.id, endsOn: addDays(next.endsOn, 90) },
    })
  await saidToBeDone(stage, gone.personId, { today, now: clock.now() })
  // Prepared before the hearing: nobody but those who know of it sees it.
  const { one } = await draft(stage, people.hr, end(workers(), 14, { reason: 'Påtænkt afsked' }))
  const secret = { version: one.version, confidential: true, named: [] }
  await concealCase(tx, one.id, secret, contextOf(stage, people.hr))
}

/** A task that somebody says is done, and that nobody else has looked at yet. */
async function saidToBeDone({ tx, system, people }: Stage, personId: string, when: { today: string; now: Date }) {
  const tasks = await tx.query<{ id: string; version: number }>(
    `select id, version from task where system_id = $1 and person_id = $2 and state = 'open' order by id limit 1`,
    [system, personId],
  )
  const [task] = tasks
  if (!task) return
  const { second } = await settle(tx, people.it, { tasks, note: 'Lukket i systemet' }, when)
  await audit(tx).write({
    actor: auditActor(people.it),
    ...{ action: 'task.settled', subjectKind: 'task', subjectId: task.id, personId, requestId: REQUEST },
    detail: { second },
  })
}

/** Two for today's shift: one whom a second person has seen, and one who still waits for that. */
export async function substitutes(stage: Stage): Promise<void> {
  const { tx, people, workers, clock } = stage
  const beside = workers({ own: true })
  const rights = await tx.query<{ id: string }>(
    `select e.id from assignment a join entitlement e on e.id = a.entitlement_id and e.gone_at is null
     where a.affiliation_id = $1 and not e.privileged and e.sensitivity in ('none', 'personal') order by e.key collate "C" limit 4`,
    [beside.id],
  )
  const template = await saveTemplate(
    tx,
    { unitId: beside.unitId, title: beside.title, entitlementIds: rights.map(right => right.id) },
    contextOf(stage, people.hr),
  )
  const asker = contextOf(stage, teller(stage, beside))
  const endsAt = new Date(clock.now().getTime() + 8 * 3_600_000).toISOString()
  const ask = (givenName: string, familyName: string, birthDate: string) =>
    startShift(
      tx,
      { templateId: template, givenName, familyName, birthDate, agency: 'Lindevang Vikarservice', endsAt },
      asker,
    )
  const { caseId } = await ask('Mathilde', 'Rosendal', '1996-04-27')
  await confirmShift(tx, caseId, contextOf(stage, beside.own ? people.deputy : people.manager))
  await ask('Jonas', 'Havgaard', '2000-10-08')
}
