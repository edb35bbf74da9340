import { catchUp } from '../access/access-store.ts'
import { giveEmergency } from '../access/grants/emergency-service.ts'
import { addGrants } from '../access/grants/grant-store.ts'
import { planEnding } from '../access/purpose-plans/on-ending.ts'
import { answer, ask } from '../access/rectifications/rectification-service.ts'
import { setStrict } from '../access/strict/strict-service.ts'
import type { DemoManifest, DemoRole } from '../demo/manifest.ts'
import { askPackage } from '../overview/packages/ask-package.ts'
import { addDays } from '../platform/civil-date.ts'
import { startOfDay } from '../platform/clock.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { changeDraft, propose, putInForce, startChange } from '../register/activities/activity-service.ts'
import { loadVersion } from '../register/activities/activity-store.ts'
import { checkContent } from '../register/activities/check-content.ts'
import { make } from '../register/bindings/binding-service.ts'
import { loadVocabularies } from '../register/vocabulary/vocabulary-store.ts'
import { AFTER_DECIDED, type House, localAdministrators } from '../wiring.ts'
import { actorOfLeader, actorOfRole, actorOfUsername } from './actors.ts'
import { firstTime } from './once.ts'

type Parts = Pick<House, 'db' | 'clock'>
type Stage = { tx: Tx; clock: Parts['clock']; today: string; now: Date; as: (role: DemoRole) => Promise<Actor> }
const hooks = { after: AFTER_DECIDED, localAdministrators }

/**
 * What the register of the demonstration has under way, each case by the command that everybody uses: a strict system that
 * holds something back, a purpose that ended, words of people about themselves, a binding to be looked at, a package. After
 * the fortnight, which it leaves as it is. Whom and what it is about is picked by keys, never by ids of our own making.
 */
export async function demoCases(house: Parts, manifest: DemoManifest): Promise<void> {
  await house.db.transaction(async tx => {
    if (!(await firstTime(tx, 'cases'))) return
    const [today, now] = [house.clock.today(), house.clock.now()]
    const as = (role: DemoRole) => actorOfRole(tx, manifest, role, today)
    const stage: Stage = { tx, clock: house.clock, today, now, as }
    await strictSystem(stage)
    await purposeEnds(stage)
    await reviewIsDue(stage)
    await saidToBeWrong(stage)
    await packageAsked(stage)
  })
}

/** Nobody has said anything of it, few use it, and what is in it matters. None of them is somebody who signs in. */
const UNSAID = `select s.id from it_system s
  where s.gone_at is null and s.key <> 'hjemmel' and s.reading = 'groups' and s.owner_affiliation_id is not null
    and exists (select from entitlement e where e.system_id = s.id and e.gone_at is null and e.emergency and not e.privileged
      and e.sensitivity in ('special', 'criminal'))
    and not exists (select from purpose_binding b left join entitlement e on e.id = b.entitlement_id where s.id in (b.system_id, e.system_id))
    and not exists (select from strict_mode m where m.system_id = s.id)
    and (select count(*) from assignment a join entitlement e on e.id = a.entitlement_id where e.system_id = s.id) between 4 and 80
    and not exists (select from assignment a join entitlement e on e.id = a.entitlement_id
      join affiliation_current ac on ac.affiliation_id = a.affiliation_id join tool_user t on t.person_id = ac.person_id where e.system_id = s.id)
  order by s.key limit 1`

/** Strict since today: what a report gave is held back, and what could not wait came by emergency access. */
async function strictSystem({ tx, today, now, as }: Stage): Promise<void> {
  const [system] = await tx.query<{ id: string }>(UNSAID)
  if (!system) return
  const it = await as('it')
  const reason = 'Følsomme oplysninger: intet nyt, før formålet er beskrevet'
  await setStrict(tx, it, { systemId: system.id, on: true, reason }, { today, now }, hooks)
  const [right] = await tx.query<{ id: string }>(
    `select id from entitlement where system_id = $1 and gone_at is null and emergency and not privileged
       and sensitivity in ('special', 'criminal') order by key limit 1`,
    [system.id],
  )
  // Colleagues of those who have it, who do not have it themselves, and whom no rule forbids it.
  const colleagues = await tx.query<{ id: string }>(
    `select ac.affiliation_id as id from affiliation_current ac join person_current p on p.person_id = ac.person_id
     where ac.status = 'active' and ac.kind = 'employment' and ac.ends_on is null and not ac.on_leave and not p.protected
       and ac.unit_id in (select o.unit_id from assignment a join entitlement e on e.id = a.entitlement_id and e.system_id = $1
         join affiliation_current o on o.affiliation_id = a.affiliation_id)
       and not exists (select from assignment a where a.affiliation_id = ac.affiliation_id and a.entitlement_id = $2)
       and not exists (select from tool_user t where t.person_id = ac.person_id)
     order by ac.employee_no limit 2`,
    [system.id, right?.id ?? null],
  )
  const [waits, urgent] = colleagues
  if (!right || !waits || !urgent) return
  await addGrants(
    tx,
    [
      {
        ...{ affiliationId: waits.id, entitlementId: right.id, constraints: [], from: today, to: null },
        ...{ kind: 'report', reason: 'Ny opgave i enheden', caseId: null, by: (await as('hr')).userId },
      },
    ],
    { now },
  )
  await catchUp(tx, { today, now, cause: 'report', ...hooks }, [waits.id])
  const asked = { affiliationId: urgent.id, entitlementId: right.id, hours: 12 }
  await giveEmergency(
    tx,
    it,
    { ...asked, reason: 'En borger kan ikke vente, til formålet er på plads' },
    { today, now },
    hooks,
  )
}

/** A purpose that a record had beside others ends today; what people hold for it waits for the owner of its system. */
async function purposeEnds({ tx, today, now, as }: Stage): Promise<void> {
  const it = await as('it')
  const [found] = await tx.query<{ activityId: string; purposeKey: string; systemId: string }>(
    `select f.activity_id as "activityId", p.key as "purposeKey", s.id as "systemId"
     from activity_in_force f join activity g on g.id = f.activity_id
     cross join lateral (select p.* from activity_purpose p where p.version_id = f.version_id order by p.place desc limit 1) p
     join activity_system y on y.version_id = f.version_id join it_system s on s.id = y.system_id and s.key <> 'hjemmel'
     where upper_inf(f.recorded) and f.valid @> $1::date and p.place > 1
       and not exists (select from purpose_binding b where b.activity_id = f.activity_id and b.purpose_key = p.key)
       and not exists (select from purpose_binding b left join entitlement e on e.id = b.entitlement_id where s.id in (b.system_id, e.system_id))
       and not exists (select from strict_mode m where m.system_id = s.id)
       and not exists (select from activity_version v where v.activity_id = f.activity_id and v.state in ('draft', 'proposed'))
       and exists (select from assignment a join entitlement e on e.id = a.entitlement_id where e.system_id = s.id)
     order by g.ref, s.key limit 1`,
    [today],
  )
  if (!found) return
  const terms = {
    ...{
      activityId: found.activityId,
      purposeKey: found.purposeKey,
      subjects: null,
      data: null,
      operations: [],
      scope: {},
    },
    ...{ necessity: 'Brugt til den del af opgaven, som nu ligger et andet sted.', until: null, reviewMonths: 12 },
  }
  await make(tx, it, { object: { level: 'system', systemId: found.systemId }, terms }, { today, now })
  const ctx = { tx, today, now, actor: it }
  const vocabularies = await loadVocabularies(tx)
  const check = async (_: Tx, content: Parameters<typeof checkContent>[0]) => checkContent(content, vocabularies, today)
  const at = await startChange(ctx, found.activityId)
  const version = await loadVersion(tx, at.activityId, at.versionId)
  if (version?.content.kind !== 'controller') return
  const purposes = version.content.purposes.filter(one => one.key !== found.purposeKey)
  const summary = 'Et formål er udgået: opgaven er flyttet'
  const { lock } = await changeDraft(
    ctx,
    at,
    { content: { ...version.content, purposes }, summary, lock: version.lock },
    check,
  )
  await propose(ctx, at, { summary, effectiveOn: today, lock }, check)
  const [town] = await tx.query<{ owner: string | null }>(
    `select manager_affiliation_id as owner from org_unit_current where key = 'u-1' and tree = 'admin'`,
  )
  const decider = { tx, today, now, actor: await actorOfLeader(tx, town, today) }
  const proposed = await loadVersion(tx, at.activityId, at.versionId)
  await putInForce(decider, at, { effectiveOn: today, reason: summary, lock: proposed?.lock ?? lock }, planEnding)
}

/** Said a good year ago, and to be looked at each year. */
async function reviewIsDue({ tx, today, as }: Stage): Promise<void> {
  const then = addDays(today, -372)
  const [right] = await tx.query<{ id: string; name: string; activityId: string; purposeKey: string }>(
    `select e.id, e.name, b.activity_id as "activityId", b.purpose_key as "purposeKey" from entitlement e
     join purpose_binding b on b.system_id = e.system_id and upper_inf(b.recorded) and b.approved_at is not null and upper_inf(b.valid)
     join activity g on g.id = b.activity_id
     join activity_in_force f on f.activity_id = b.activity_id and upper_inf(f.recorded) and f.valid @> $1::date
     where e.gone_at is null and e.sensitivity = 'confidential'
       and exists (select from assignment a where a.entitlement_id = e.id)
       and not exists (select from purpose_binding o where o.entitlement_id = e.id)
     order by e.key, g.ref, b.purpose_key limit 1`,
    [today],
  )
  if (!right) return
  const terms = {
    ...{ activityId: right.activityId, purposeKey: right.purposeKey, subjects: null, data: null, scope: {} },
    ...{ operations: ['read' as const], until: null, reviewMonths: 12 },
    necessity: `${right.name} skal kunne følge sagerne uden at ændre i dem.`,
  }
  const object = { level: 'entitlement' as const, entitlementId: right.id }
  await make(tx, await as('it'), { object, terms }, { today: then, now: startOfDay(then) })
}

/** Two who have said that something about them is wrong: one about the job, which HR has answered, one about a right. */
async function saidToBeWrong({ tx, today, now, as }: Stage): Promise<void> {
  const people = await tx.query<{ username: string; affiliationId: string; entitlementId: string }>(
    `select distinct on (ac.employee_no) acc.username, ac.affiliation_id as "affiliationId", e.id as "entitlementId"
     from affiliation_current ac join person_current p on p.person_id = ac.person_id and not p.protected and p.kind = 'employee'
     join account acc on acc.person_id = ac.person_id and acc.situation = 'linked' and acc.enabled and acc.gone_at is null and acc.kind = 'personal'
     join assignment a on a.affiliation_id = ac.affiliation_id and a.suspended is null
     join entitlement e on e.id = a.entitlement_id and e.sensitivity = 'confidential'
     join it_system s on s.id = e.system_id and s.owner_affiliation_id is not null and s.owner_affiliation_id <> ac.affiliation_id
     where ac.status = 'active' and ac.kind = 'employment' and ac.ends_on is null and not ac.is_manager and not ac.on_leave
       and not exists (select from tool_user t where t.person_id = ac.person_id)
     order by ac.employee_no, acc.username, e.key limit 2`,
  )
  const [first, second] = people
  if (!first || !second) return
  const before = new Date(now.getTime() - 6 * 86_400_000)
  const one = await actorOfUsername(tx, first.username, today)
  const words = 'Min stilling er ikke længere den, der står her. Jeg skiftede opgaver i foråret.'
  const object = { about: 'affiliation' as const, affiliationId: first.affiliationId }
  const { id } = await ask(tx, one, { object, words }, before)
  const said = 'Du har ret. Lønkontoret retter stillingen, så den står rigtigt efter næste lønkørsel.'
  await answer(tx, await as('hr'), id, { outcome: 'will-be', answer: said }, now)
  const other = await actorOfUsername(tx, second.username, today)
  const about = { about: 'right' as const, entitlementId: second.entitlementId }
  await ask(tx, other, { object: about, words: 'Jeg bruger ikke systemet og ved ikke, hvorfor jeg har adgang.' }, now)
}

/** What an inspection asked for about one unit: small, so that a first start does not wait for it. */
async function packageAsked({ tx, clock, today, as }: Stage): Promise<void> {
  const [found] = await tx.query<{ unit: string; system: string }>(
    `select ac.unit_id as unit, s.id as system from affiliation_current ac
     join org_unit_current u on u.unit_id = ac.unit_id and u.active and u.tree = 'admin'
     join assignment a on a.affiliation_id = ac.affiliation_id join entitlement e on e.id = a.entitlement_id
     join it_system s on s.id = e.system_id and s.key <> 'hjemmel' and s.gone_at is null
     where ac.status = 'active' and e.sensitivity in ('special', 'criminal')
       and not exists (select from org_unit_current b where b.parent_id = u.unit_id)
       and not exists (select from affiliation_current o join tool_user t on t.person_id = o.person_id where o.unit_id = u.unit_id)
     group by ac.unit_id, u.key, s.id, s.key having count(distinct ac.person_id) between 3 and 12 order by u.key, s.key limit 1`,
  )
  if (!found) return
  const scope = {
    ...{ unit: found.unit, systems: [found.system], day: today, known: 'then' as const },
    ...{ leaversFrom: addDays(today, -30), names: false, language: 'da' as const },
  }
  await askPackage(
    tx,
    await as('dpo'),
    { scope, reason: 'Datatilsynet spørger til enhedens adgang til systemet' },
    clock,
  )
}
