import type { ResponseOf } from '#contract/endpoint.ts'
import type { comparePeople, getColleagues } from '#contract/pages.ts'
import { type Moment, pastRightsSql, ruleThenSql, workSql } from '../../access/past-rights.ts'
import { readPersonHead } from '../../access/person-record-view.ts'
import { comparisonSql } from '../../access/person-rights-store.ts'
import { DANISH, personRefSql, visibleTo } from '../../access/visible.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows } from '../../policy/policy.ts'
import type { PolicyRecords } from '../../policy/subjects.ts'

type Answer = ResponseOf<typeof comparePeople>
type Side = Answer['rows'][number]['a']
export type Pair = { a: string; b: string }

/** The person, where the reader may know of them (and, of another day, see their history); null otherwise. */
export async function readable(
  tx: Tx,
  actor: Actor,
  personId: string,
  past: boolean,
): Promise<{ record: PolicyRecords['Person']; history: boolean } | null> {
  const found = await readPersonHead(tx, personId)
  if (!found || !allows(actor, 'read', 'Person', found.record)) return null
  const history = allows(actor, 'read', 'Person', found.record, 'history')
  return past && !history ? null : { record: found.record, history }
}

/**
 * `held`: what each of two has, as far as the reader may know. Today with its state; of another day only what was stored
 * as expected and seen as held.
 */
function heldSql(actor: Actor, q: Statement, people: string, past: Moment | null, today: Moment): string {
  if (past)
    return `${pastRightsSql(actor, q, { name: 'then', at: past, people })}, held as (
      select person_id, entitlement_id, expected, rests, observed, grounds, null::text as state from then_held)`
  const may = visibleTo(actor, q)
  return `then_moment as (select ${q.bind(today.known, 'timestamptz')} as at),
    ${comparisonSql(`PERSON in (${people})`)}, held as (
      select c.person_id, c.entitlement_id, c.expected, c.state in ('suspended', 'still-held') as rests, c.observed, c.state, (
        select array_agg(ac.affiliation_id) from affiliation_current ac
        join assignment a on a.affiliation_id = ac.affiliation_id and a.entitlement_id = c.entitlement_id
        where ac.person_id = c.person_id and ${may.assignment('ac', 'cp', 'e')}) as grounds
      from compared c join entitlement e on e.id = c.entitlement_id join person_current cp on cp.person_id = c.person_id
      where ${may.right('c', 'cp', 'e')})`
}

/** Two people whom the reader may know of, side by side, in two statements: what they are, what they have. */
export async function compareView(
  tx: Tx,
  actor: Actor,
  { a, b }: Pair,
  when: { past: Moment | null; now: Moment },
): Promise<Omit<Answer, 'history'>> {
  const at = when.past ?? when.now
  const facts = await factsOf(tx, actor, [a, b], at)
  const q = statement()
  const people = `select unnest(${q.bind([a, b], 'uuid[]')})`
  const rows = await tx.query<{
    entitlement: Answer['rows'][number]['entitlement']
    system: Answer['rows'][number]['system']
    sides: Record<string, NonNullable<Side>>
  }>(
    `with ${heldSql(actor, q, people, when.past, when.now)}, each as (
       select h.person_id, h.entitlement_id, jsonb_build_object('expected', h.expected, 'rests', h.rests, 'observed', h.observed,
         'state', h.state, 'since', why.since,
         'rules', coalesce(why.rules, '[]'::jsonb)) as side
       from held h left join lateral (
         select jsonb_agg(jsonb_build_object('key', r.key, 'name', r.name) order by r.name) as rules, min(r.since) as since
         from (select w.key, w.name, min(w.since) as since from unnest(h.grounds) as ground (id)
           cross join ${ruleThenSql('h.entitlement_id', 'array[ground.id]', 'then')} w group by w.key, w.name) r) why on true
     )
     select jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name, 'sensitivity', e.sensitivity,
         'privileged', e.privileged) as entitlement,
       jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) as system, g.sides
     from (select entitlement_id, jsonb_object_agg(person_id, side) as sides from each group by entitlement_id) g
     join entitlement e on e.id = g.entitlement_id join it_system s on s.id = e.system_id
     order by s.name ${DANISH}, e.name ${DANISH}, e.key`,
    q.params,
  )
  const sideOf = (side: NonNullable<Side> | undefined): Side =>
    side ? { ...side, since: side.since === null ? null : new Date(side.since).toISOString() } : null
  const all = rows.map(({ sides, ...row }) => ({ ...row, a: sideOf(sides[a]), b: sideOf(sides[b]) }))
  return {
    asOf: at.valid,
    past: when.past !== null,
    a: facts.get(a)!,
    b: facts.get(b)!,
    // Stable: within each part the order of systems and rights stays.
    rows: all.sort((x, y) => Number(same(x.a, x.b)) - Number(same(y.a, y.b))),
  }
}

/** Do both have it in the same way? The reason may differ: that is told beside it, and is no difference of rights. */
const same = (a: Side, b: Side): boolean =>
  a !== null && b !== null && a.expected === b.expected && a.observed === b.observed

async function factsOf(tx: Tx, actor: Actor, ids: readonly string[], at: Moment): Promise<Map<string, Answer['a']>> {
  const q = statement()
  const may = visibleTo(actor, q)
  const shown = may.name('p')
  const details = may.affiliation('w', 'details')
  const [valid, known] = [q.bind(at.valid, 'date'), q.bind(at.known, 'timestamptz')]
  const people = `select unnest(${q.bind(ids, 'uuid[]')})`
  const rows = await tx.query<Answer['a'] & { id: string }>(
    `with ${workSql('then', { valid, known, people })}
     select p.person_id as id, ${personRefSql('p', shown)} as person, coalesce((
       select jsonb_agg(jsonb_build_object(
         'unit', case when u.id is not null then jsonb_build_object('id', u.id, 'name', coalesce(us.attrs ->> 'name', u.key)) end,
         'title', case when ${details} then w.attrs ->> 'title' end,
         'position', case when ${details} then po.name end, 'kind', w.kind,
         'fraction', case when ${details} then (w.attrs ->> 'fraction')::numeric end)
         order by (w.attrs ->> 'primary')::boolean desc nulls last, w.affiliation_id)
       from then_work w left join org_unit u on u.id = w.unit_id
       left join org_unit_state us on us.unit_id = u.id and us.valid @> ${valid} and us.recorded @> ${known}
       left join affiliation_current ac on ac.affiliation_id = w.affiliation_id
         -- Of another title than today's the position is not kept.
         and ac.title is not distinct from w.attrs ->> 'title'
       left join position po on po.key = ac.position_key
       where w.person_id = p.person_id and ${may.affiliation('w')}), '[]') as facts
     from person_current p where p.person_id in (${people})`,
    q.params,
  )
  return new Map(rows.map(({ id, ...row }) => [id, row]))
}

/** Active people of the units that somebody works in, the same position first. One statement. */
export async function colleaguesView(
  tx: Tx,
  actor: Actor,
  personId: string,
): Promise<ResponseOf<typeof getColleagues>> {
  const q = statement()
  const may = visibleTo(actor, q)
  const shown = may.name('p')
  const details = may.affiliation('ac', 'details')
  const id = q.bind(personId, 'uuid')
  const rows = await tx.query<ResponseOf<typeof getColleagues>['rows'][number]>(
    `with own as (
       select unit_id, position_key from affiliation_current where person_id = ${id} and status <> 'ended'
     ), found as (
       select distinct on (p.person_id) p.*, case when ${details} then ac.title end as shown_title,
         ${details} and exists (select from own where own.position_key = ac.position_key) as "samePosition"
       from affiliation_current ac join person_current p on p.person_id = ac.person_id
       where ac.status = 'active' and p.person_id <> ${id} and ac.unit_id in (select unit_id from own)
         and ${may.affiliation('ac')} and ${may.person('p')}
       order by p.person_id, exists (select from own where own.position_key = ac.position_key) desc)
     select ${personRefSql('p', shown)} as person, p.shown_title as title, p."samePosition"
     from found p
     order by p."samePosition" desc, case when ${shown} then p.family_name end ${DANISH} nulls last,
       case when ${shown} then p.given_name end ${DANISH} nulls last, p.person_id limit 60`,
    q.params,
  )
  return { rows }
}
