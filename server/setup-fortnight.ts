import type { CaseFormInput } from '#contract/lifecycle-forms.ts'
import { caseForm } from '#contract/lifecycle-forms.ts'
import { setLock } from './access/locks/lock-service.ts'
import { systemActor } from './audit/audit-entry.ts'
import { audit } from './audit/audit-store.ts'
import { loadUser } from './auth/actor-views.ts'
import { effectiveActor } from './auth/decide-sign-in.ts'
import { makeApiToken } from './auth/tokens/token-service.ts'
import { tokenStore } from './auth/tokens/token-store.ts'
import { userStore } from './auth/user-store.ts'
import type { DemoManifest, DemoRole } from './demo/manifest.ts'
import { fortnightEvents } from './demo/write-events.ts'
import { addDays, type CaseDoor } from './lifecycle/cases/case.ts'
import type { CaseContext } from './lifecycle/cases/case-checks.ts'
import { concealCase, createCase, prepareCase, sendCase } from './lifecycle/cases/case-service.ts'
import { confirmShift, saveTemplate, startShift } from './lifecycle/cases/shift-service.ts'
import { receiveEvents } from './lifecycle/events/event-service.ts'
import { eventRows } from './lifecycle/events/event-store.ts'
import { changeRungOf, previewRungOf } from './orders/rung-service.ts'
import { settle } from './orders/task-service.ts'
import { problem } from './platform/problem.ts'
import type { Tx } from './platform/unit-of-work.ts'
import type { Actor } from './policy/actor.ts'
import { auditActor } from './policy/policy.ts'
import {
  type Chooser,
  chooser,
  endsNext,
  rightToAdd,
  systemsOf,
  systemToSteer,
  unitKeys,
  unitOf,
  type Worker,
} from './setup-fortnight-choice.ts'
import { payrollArrives } from './setup-fortnight-payroll.ts'
import { connectSystem } from './setup-fortnight-systems.ts'
import { AFTER_DECIDED, type House, localAdministrators, ON_LOCK } from './wiring.ts'

/** What the fortnight needs of a house. */
type Parts = Pick<House, 'db' | 'clock' | 'keyring' | 'events' | 'connectors' | 'feeds' | 'sources' | 'screen'>
type Stage = Parts & {
  tx: Tx
  today: string
  /** The system that is steered. */
  system: string
  people: Record<'hr' | 'it' | 'manager' | 'deputy' | 'systemowner', Actor>
  workers: Chooser
}

const REQUEST = 'set-up'
/** Started before payroll had heard of it. */
const UNCONFIRMED = { given: 'Karla', family: 'Nørremark', born: '1984-01-30' }

/**
 * A fortnight in which people come, move, are away and go, sent through the doors that everybody uses: reports, events of
 * a personnel program, a lock, a system that is steered. Nothing is written past them, so what is seen afterwards is what
 * they make of it. All of it is said today; days that are past are late reports, as such days are in any town hall.
 */
export async function liveFortnight(parts: Parts, manifest: DemoManifest): Promise<void> {
  // All of the reports or none: a set-up that was cut off here begins here again. Events may come twice.
  await parts.db.transaction(async tx => {
    const [before] = await tx.query('select from lifecycle_case limit 1')
    if (before) return
    const stage = await stageOf(tx, parts, manifest)
    await steer(stage)
    await connectSystem({ ...stage, requestId: REQUEST }, stage.people)
    await comings(stage)
    await changes(stage)
    await goings(stage)
    await substitutes(stage)
    await somebodyIsLocked(stage)
  })
  await eventsArrive(parts, manifest)
  const it = await parts.db.transaction(tx => actorOf(tx, parts, manifest, 'it'))
  await payrollArrives(parts, it, { ...UNCONFIRMED, requestId: REQUEST })
}

async function stageOf(tx: Tx, parts: Parts, manifest: DemoManifest): Promise<Stage> {
  const people = {
    hr: await actorOf(tx, parts, manifest, 'hr'),
    it: await actorOf(tx, parts, manifest, 'it'),
    manager: await actorOf(tx, parts, manifest, 'manager'),
    deputy: await actorOf(tx, parts, manifest, 'deputy'),
    systemowner: await actorOf(tx, parts, manifest, 'systemowner'),
  }
  const system = await systemToSteer(tx, people.manager.units)
  const today = parts.clock.today()
  const workers = await chooser(tx, people.manager.units, system, today)
  return { ...parts, tx, people, system, workers, today }
}

async function actorOf(tx: Tx, { clock }: Parts, manifest: DemoManifest, role: DemoRole): Promise<Actor> {
  const username = manifest.signIns.find(one => one.role === role)?.username ?? ''
  const users = userStore(tx)
  const person = await users.personOfUsername(username)
  const user = person && (await users.ofPerson(person.personId, person.username))
  const loaded = user && (await loadUser(tx, user.id, clock.today()))
  const actor = loaded && effectiveActor(loaded, { via: 'demo', secondFactor: false }, false)
  if (!actor) throw problem('not-found', { detail: `Nobody signs in as "${role}" in the demonstration.` })
  return actor
}

/** Managers report about their own people. */
const teller = ({ people }: Stage, about: Worker): Actor => (about.own ? people.manager : people.hr)

const contextOf = (stage: Stage, actor: Actor): CaseContext => ({
  keyring: stage.keyring,
  localAdministrators,
  afterDecided: AFTER_DECIDED,
  actor,
  when: { now: stage.clock.now(), today: stage.today },
  requestId: REQUEST,
})

type Report = { form: CaseFormInput; door?: CaseDoor; cpr?: string }
const draft = (stage: Stage, actor: Actor, { form, door = 'plain', cpr }: Report) =>
  createCase(stage.tx, { door, form: caseForm.parse(form), ...(cpr ? { cpr } : {}) }, contextOf(stage, actor))
async function report(stage: Stage, actor: Actor, given: Report) {
  const { one } = await draft(stage, actor, given)
  return sendCase(stage.tx, one.id, one.version, contextOf(stage, actor))
}

async function steer({ tx, clock, today, people, system }: Stage): Promise<void> {
  const when = { today, now: clock.now() }
  const { hash } = await previewRungOf(tx, system, 'apply', when)
  const asked = { rung: 'apply' as const, reason: 'Ejeren får opgaver, når nogen kommer eller går', hash }
  const done = await changeRungOf(tx, system, { ...asked, by: people.it.userId }, when)
  await audit(tx).write({
    actor: auditActor(people.it),
    ...{ action: done.state === 'changed' ? 'rung.changed' : 'rung.asked', subjectKind: 'system', subjectId: system },
    ...{ before: { rung: done.before }, after: { rung: asked.rung }, requestId: REQUEST },
    detail: { reason: asked.reason, orders: done.preview.made.length, removals: done.preview.removals },
  })
}

async function comings(stage: Stage): Promise<void> {
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

async function changes(stage: Stage): Promise<void> {
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

async function goings(stage: Stage): Promise<void> {
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
async function substitutes(stage: Stage): Promise<void> {
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

async function somebodyIsLocked({ tx, clock, today, people, workers }: Stage): Promise<void> {
  const { personId } = workers()
  const reason = 'Adgangskoden er set på en fremmed side'
  const hooks = { onLock: ON_LOCK, after: AFTER_DECIDED }
  await setLock(tx, people.it, { personId, reason }, { today, now: clock.now() }, hooks)
}

/** What a personnel program would have sent, with a token of its own: as it comes, once more, and in the wrong order. */
async function eventsArrive(parts: Parts, manifest: DemoManifest): Promise<void> {
  const { db, clock, keyring, events } = parts
  const feed = 'hr-events'
  const today = clock.today()
  const { tokenId, units } = await db.transaction(async tx => {
    const it = await actorOf(tx, parts, manifest, 'it')
    const manager = await actorOf(tx, parts, manifest, 'manager')
    const [known] = await tx.query<{ id: string }>('select id from api_token where feed = $1', [feed])
    const made =
      known ??
      (await makeApiToken(
        { name: 'Vikarservice', rights: ['hr-event.send'], feed, days: 90 },
        {
          rows: { ...tokenStore(tx), feeds: async () => [] },
          ...{ audit: audit(tx).write, now: clock.now(), actor: auditActor(it), requestId: REQUEST },
        },
      ))
    return { tokenId: made.id, units: await unitKeys(tx, manager.units) }
  })
  for (const batch of fortnightEvents(today, units)) {
    await db.transaction(tx =>
      receiveEvents(
        batch,
        { tokenId, rights: ['hr-event.send'], feed },
        {
          rows: eventRows(tx, keyring),
          ...{ keyring, now: clock.now(), audit: audit(tx).write, requestId: REQUEST },
          actor: systemActor('token'),
        },
      ),
    )
    await events.applyDue()
  }
}
