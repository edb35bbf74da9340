import type { PlanLine } from '#contract/lifecycle.ts'
import type { AbsenceForm, EndForm, MoveForm } from '#contract/lifecycle-forms.ts'
import { loadAbsencePolicy, loadGracePolicy } from '../../access/policies/policy-store.ts'
import { rightsOn, type UpcomingRight } from '../../access/upcoming-rights.ts'
import { personRefSql, visibleTo } from '../../access/visible.ts'
import { addDays } from '../../platform/civil-date.ts'
import { startOfDay } from '../../platform/clock.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { type RightClass, rightClassSql } from '../../systems/right-class.ts'
import { peopleIn, type StoredCase } from './case.ts'
import { leaverLines } from './leaver-plan-view.ts'
import { type Carried, line, type Ref } from './plan-line.ts'

/** `told`: its system is steered, so an order or a task says it. */
type Classed = Ref & { class: RightClass; told: boolean }
type Ids = ReadonlyMap<string, Classed>
type Person = NonNullable<PlanLine['owner']>
type Head = {
  name: string | null
  unit: string | null
  /** Until which hour of the day access may stay in the unit: its cut-over. */
  untilHour: number | null
  managerBefore: Person | null
  manager: Person | null
}

/**
 * What a report about an affiliation that is there does with its rights: held on its day beside the day before, by the
 * decider itself. Read from what has been carried out, so a preview and the report afterwards are one function.
 */
export async function changeLines(
  tx: Tx,
  one: Pick<StoredCase, 'id' | 'form' | 'door'>,
  done: Carried,
  { actor, today }: { actor: Actor; today: string },
): Promise<PlanLine[]> {
  const { form } = one
  if (form.kind === 'hire') return []
  // A second affiliation has nothing to lose: the first goes on.
  if (form.kind === 'move' && form.how === 'beside') done = { ...done, base: form.affiliationId }
  const on = done.from
  // What strict mode holds back is not held, and so neither kept nor lost.
  const before = done.base ? [] : await heldBefore(tx, done.affiliationId, on)
  const ahead = await rightsOn(tx, [done.affiliationId], on)
  const after = ahead.filter(each => !each.withheld)
  const withheld = ahead.filter(each => each.withheld)
  const observed = form.kind === 'end' ? await observedOnly(tx, done) : []
  const known = await classed(tx, [...before, ...ahead].map(right => right.entitlementId).concat(observed))
  const people = peopleIn(form)
  const head = await headOf(tx, actor, done, people)
  const right = (what: PlanLine['what'], code: string, one: UpcomingRight, more: Partial<PlanLine> = {}) =>
    line({
      on,
      what,
      code,
      right: known.get(one.entitlementId) ?? null,
      limits: one.constraints.map(each => ({ ...each })),
      ...more,
    })
  const had = new Set(before.map(each => each.entitlementId))
  const has = new Set(after.map(each => each.entitlementId))
  const shared = { on, today, known, head, right }
  const gone = before.filter(each => !has.has(each.entitlementId))
  // What an absence has let rest comes back where it was never meant.
  if (form.kind === 'absence' && one.door === 'withdraw')
    return [
      line({ on, what: 'change', code: 'not-away', subject: head.name, text: head.unit }),
      ...after.map(each => right('kept', 'kept', each)),
    ]
  // A rule may say itself that it is not for who is away.
  if (form.kind === 'absence')
    return withNotSent(
      [
        ...absenceLines(form, after, await loadAbsencePolicy(tx), shared),
        ...gone.map(each => right('lost', 'at-once', each)),
      ],
      known,
    )
  const grace = form.kind === 'move' ? await loadGracePolicy(tx) : null
  const lines = [
    ...after.filter(each => had.has(each.entitlementId)).map(each => right('kept', 'kept', each)),
    ...after
      .filter(each => !had.has(each.entitlementId))
      .map(each => right('gained', each.grantId ? 'asked' : 'rule', each)),
    ...withheld.map(each => right('withheld', 'no-purpose', each)),
    ...gone.map(each => {
      const days = grace?.[known.get(each.entitlementId)?.class ?? 'sensitive'] ?? 0
      // Only what a rule has given stays for a while: what somebody has asked for ends with the reason it was asked for.
      return days > 0 && each.ruleKey !== null && on >= today
        ? right('lost', 'grace', each, { until: addDays(on, days) })
        : right('lost', 'at-once', each)
    }),
  ]
  const all =
    form.kind === 'move'
      ? [...moveHead(form, done, head), ...lines]
      : [
          ...endHead(one.door, form, head, on),
          ...lines,
          ...observed.flatMap(id => {
            const of = known.get(id)
            return of ? [line({ on, what: 'observed', code: 'unexpected', right: of })] : []
          }),
          ...(one.door === 'plain' && !form.death ? await leaverLines(tx, one.id, done, head.people, on) : []),
        ]
  return withNotSent(all, known)
}

/** Changes in systems that are only read: nobody is told by an order, so the line says so. */
function withNotSent(lines: readonly PlanLine[], known: Ids): PlanLine[] {
  const untold = lines.filter(
    one =>
      one.right !== null &&
      ['gained', 'lost', 'rest', 'observed'].includes(one.what) &&
      known.get(one.right.id)?.told === false,
  )
  return [
    ...lines,
    ...untold.map(one =>
      line({
        on: one.on,
        what: 'not-sent',
        code: one.what === 'gained' ? 'grant' : 'revoke',
        right: one.right,
        subject: one.right?.system.name ?? null,
      }),
    ),
  ]
}

type Shared = {
  on: string
  today: string
  known: Ids
  head: Head & { people: ReadonlyMap<string, Person> }
  right: (what: PlanLine['what'], code: string, one: UpcomingRight, more?: Partial<PlanLine>) => PlanLine
}

function absenceLines(
  form: AbsenceForm,
  rights: readonly UpcomingRight[],
  policy: Awaited<ReturnType<typeof loadAbsencePolicy>>,
  { on, known, head, right }: Shared,
): PlanLine[] {
  const otherwise = new Map(form.exceptions.map(one => [one.class, one.effect]))
  return [
    line({ on, what: 'change', code: 'away', subject: head.name, text: head.unit, until: form.to }),
    ...rights.map(one => {
      const of = known.get(one.entitlementId)?.class ?? 'sensitive'
      const effect = otherwise.get(of) ?? policy[form.absence][of]
      return right(effect === 'suspend' ? 'rest' : 'kept', otherwise.has(of) ? 'exception' : 'policy', one)
    }),
    ...(form.to === null ? [] : [line({ on: form.to, what: 'change', code: 'returns', subject: head.name })]),
  ]
}

function moveHead(form: MoveForm, done: Carried, head: Head): PlanLine[] {
  const on = done.from
  const elsewhere = form.unitId !== null
  const to = elsewhere && head.manager?.id !== done.personId ? head.manager : head.managerBefore
  const before = to?.id === head.managerBefore?.id ? null : head.managerBefore
  const code = done.base ? 'beside' : elsewhere ? 'moved' : 'changed'
  return [
    line({ on, what: 'change', code, subject: head.name, text: head.unit, until: form.to }),
    ...(before ? [line({ on, what: 'inform', code: 'manager-from', owner: before })] : []),
    ...(to ? [line({ on, what: 'inform', code: 'manager-to', owner: to })] : []),
    ...(form.to !== null && !done.base
      ? [line({ on: form.to, what: 'change', code: 'back', subject: head.name })]
      : []),
  ]
}

function endHead(door: StoredCase['door'], form: EndForm, head: Head, on: string): PlanLine[] {
  const code =
    door === 'withdraw'
      ? 'never'
      : door === 'extend'
        ? 'extended'
        : door === 'postpone'
          ? form.endsOn === null
            ? 'goes-on'
            : 'postponed'
          : 'ends'
  return [
    line({
      on,
      what: 'change',
      code,
      subject: head.name,
      text: head.unit,
      until: form.endsOn,
      state: head.untilHour === null ? null : String(head.untilHour),
    }),
  ]
}

/** Who it is, where and under whom, on the day itself and the day before; and people the form names. One statement. */
async function headOf(tx: Tx, actor: Actor, done: Carried, people: readonly string[]): Promise<Shared['head']> {
  const q = statement()
  const may = visibleTo(actor, q)
  const affiliation = q.bind(done.affiliationId, 'uuid')
  const base = q.bind(done.base ?? done.affiliationId, 'uuid')
  const person = q.bind(done.personId, 'uuid')
  const unitAt = (day: string) => `(select coalesce(s.attrs ->> 'unitOverride', s.attrs ->> 'unit',
      (select pu.maps_to_id::text from org_unit_current pu where pu.unit_id::text = s.attrs ->> 'payUnit'))
    from affiliation_state s where s.affiliation_id = ${affiliation} and upper_inf(s.recorded) and s.valid @> ${day})`
  const on = q.bind(done.from, 'date')
  const [row] = await tx.query<Head & { people: Person[] }>(
    `with at as (select coalesce(${unitAt(on)}, (select unit_id::text from affiliation_current where affiliation_id = ${affiliation})) as unit)
     select (select case when ${may.name('p')} then p.name end from person_current p where p.person_id = ${person}) as name,
       (select u.name from at, org_unit_current u where u.unit_id::text = at.unit) as unit,
       (select k.ends_until_hour from at, org_unit_current u join unit_cutover k on k.unit_id = any(u.path)
          where u.unit_id::text = at.unit order by array_position(u.path, k.unit_id) desc limit 1) as "untilHour",
       (select ${personRefSql('m', may.name('m'))} from affiliation_current ac
          join person_current m on m.person_id = ac.manager_person_id where ac.affiliation_id = ${base}) as "managerBefore",
       (select ${personRefSql('n', may.name('n'))} from at, org_unit_current u
          join person_current n on n.person_id = u.manager_person_id where u.unit_id::text = at.unit) as manager,
       coalesce((select json_agg(${personRefSql('w', may.name('w'))}) from person_current w
          where w.person_id = any(${q.bind(people, 'uuid[]')}) and ${may.person('w')}), '[]') as people`,
    q.params,
  )
  const { people: named = [], ...head } = row ?? {
    name: null,
    unit: null,
    untilHour: null,
    managerBefore: null,
    manager: null,
  }
  return { ...head, people: new Map(named.map(one => [one.id, one])) }
}

/**
 * What was held the day before. Carried out today, what the report has taken is not held any more when this is read, and
 * would be new to strict mode: the record says that it was not.
 */
async function heldBefore(tx: Tx, affiliationId: string, on: string): Promise<UpcomingRight[]> {
  const all = await rightsOn(tx, [affiliationId], addDays(on, -1))
  const doubtful = all.filter(each => each.withheld).map(each => each.entitlementId)
  if (doubtful.length === 0) return all
  const rows = await tx.query<{ id: string }>(
    `select entitlement_id as id from assignment_history
     where affiliation_id = $1 and entitlement_id = any($2) and upper(held) >= $3`,
    [affiliationId, doubtful, startOfDay(on)],
  )
  const held = new Set(rows.map(row => row.id))
  return all.filter(each => !each.withheld || held.has(each.entitlementId))
}

/** Rights that accounts of the person are seen to hold although nothing gives them: they go as well. */
async function observedOnly(tx: Tx, done: Carried): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select distinct o.entitlement_id as id from account acc join observed_right o on o.account_id = acc.id
     join entitlement e on e.id = o.entitlement_id and e.gone_at is null
     where acc.person_id = $1 and acc.gone_at is null and not exists (
       select from affiliation_current ac join assignment a on a.affiliation_id = ac.affiliation_id
       where ac.person_id = $1 and a.entitlement_id = o.entitlement_id)`,
    [done.personId],
  )
  return rows.map(row => row.id)
}

async function classed(tx: Tx, ids: readonly string[]): Promise<Ids> {
  const rows = await tx.query<Classed>(
    `select e.id, e.key, e.name, jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) as system,
       ${rightClassSql('e', 's')} as class,
       s.rung <> 'observe' as told
     from entitlement e join it_system s on s.id = e.system_id where e.id = any($1)`,
    [[...new Set(ids)]],
  )
  return new Map(rows.map(row => [row.id, row]))
}
