import { pastRightsSql } from '../../access/past-rights.ts'
import { type PurposeThen, purposesThen, type WayThen } from '../../access/purposes/purposes-then.ts'
import { cursorRows } from '../../platform/cursor.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import type { ScopeThen } from './scope-view.ts'

/** One right that somebody was given or seen with on the day. */
export type RightThen = {
  systemId: string
  entitlementId: string
  right: string
  personId: string | null
  /** Of that day; null for an account of nobody. */
  name: string | null
  protected: boolean
  username: string | null
  title: string | null
  unitId: string | null
  expected: boolean
  rests: boolean
  observed: boolean
  ways: (WayThen & { rule: string | null; owner: string | null; grant: string | null; since: string | null })[]
  seenSince: string | null
  purposes: PurposeThen[]
}

/** SQL of the people who worked in any of these units on the day. */
export const peopleThenSql = (units: string, valid: string, known: string): string => `
  select f.person_id from affiliation_state s join affiliation f on f.id = s.affiliation_id
  left join org_unit_current pay on pay.unit_id::text = s.attrs ->> 'payUnit'
  where s.valid @> ${valid} and s.recorded @> ${known}
    and coalesce(s.attrs ->> 'unitOverride', s.attrs ->> 'unit', pay.maps_to_id::text) = any(${units}::text[])`

const rightsOf = (q: Statement, { systems }: Pick<ScopeThen, 'systems'>): string =>
  `select id from entitlement where system_id = any(${q.bind(
    systems.map(one => one.id),
    'uuid[]',
  )})`
const peopleOf = (q: Statement, { at, unitIds }: Pick<ScopeThen, 'at' | 'unitIds'>): string | null =>
  unitIds && peopleThenSql(q.bind(unitIds, 'uuid[]'), q.bind(at.valid, 'date'), q.bind(at.known, 'timestamptz'))

/** How many rights and people it is about; who works elsewhere is counted, and not in it. One statement. */
export async function countRights(
  tx: Tx,
  actor: Actor,
  then: Pick<ScopeThen, 'at' | 'systems' | 'unitIds'>,
): Promise<{
  rights: number
  people: number
  protectedPeople: number
  elsewhere: number
  firstReading: string | null
}> {
  const q = statement()
  const rights = rightsOf(q, then)
  const people = peopleOf(q, then)
  const inside = people ? `h.person_id in (${people})` : 'true'
  const [row] = await tx.query<Awaited<ReturnType<typeof countRights>>>(
    `with ${pastRightsSql(actor, q, { name: 'then', at: then.at, rights })},
     counted as (select h.person_id, ${inside} as inside, coalesce(p.protected, false) as protected
       from then_held h left join person_current p on p.person_id = h.person_id)
     select count(*) filter (where inside)::int as rights, count(distinct person_id) filter (where inside)::int as people,
       count(distinct person_id) filter (where inside and protected)::int as "protectedPeople",
       count(*) filter (where not coalesce(inside, false))::int as elsewhere,
       (select min(started_at at time zone 'Europe/Copenhagen')::date::text from access_run) as "firstReading"
     from counted`,
    q.params,
  )
  return row ?? { rights: 0, people: 0, protectedPeople: 0, elsewhere: 0, firstReading: null }
}

/**
 * Who held what in the systems, right by right, as a stream: memory does not grow with the number of rights. Three statements
 * beside the batches.
 */
export async function* rightsThen(
  tx: Tx,
  actor: Actor,
  then: Pick<ScopeThen, 'at' | 'systems' | 'unitIds'>,
): AsyncGenerator<RightThen> {
  const purposes = await purposesThen(tx, then.at)
  const q = statement()
  const rights = rightsOf(q, then)
  const among = peopleOf(q, then)
  const people = among === null ? {} : { people: among }
  const [valid, known] = [q.bind(then.at.valid, 'date'), q.bind(then.at.known, 'timestamptz')]
  // Systems in the order of their names.
  const order = q.bind(
    then.systems.map(one => one.id),
    'uuid[]',
  )
  const sql = `with ${pastRightsSql(actor, q, { name: 'then', at: then.at, rights, ...people })}, named as materialized (
      select e.id, coalesce((select v.content ->> 'name' from entitlement_version v where v.entitlement_id = e.id
          and (v.recorded_at <= ${known} or v.version = 1) order by v.version desc limit 1), e.name) as name
      from entitlement e where e.id in (${rights})
    ), place as materialized (
      select distinct on (w.person_id) w.person_id, w.unit_id, w.attrs ->> 'title' as title from then_work w
      order by w.person_id, (w.attrs ->> 'primary')::boolean desc nulls last, w.affiliation_id)
    select h.system_id as "systemId", h.entitlement_id as "entitlementId", n.name as right, h.person_id as "personId",
      nullif(concat_ws(' ', ps.attrs ->> 'givenName', ps.attrs ->> 'familyName'), '') as name,
      coalesce(p.protected, false) as protected, acc.username, place.title, place.unit_id as "unitId",
      h.expected, h.rests, h.observed, coalesce(given.ways, '[]') as ways,
      (select min(s.since) at time zone 'Europe/Copenhagen' from (
        select o.first_seen_at as since from observed_right o join account oa on oa.id = o.account_id
        where o.entitlement_id = h.entitlement_id and (oa.person_id = h.person_id or oa.id = h.account_id)
          and o.first_seen_at <= (select at from then_moment)
        union all
        select lower(o.seen) from observed_right_history o join account oa on oa.id = o.account_id
        where o.entitlement_id = h.entitlement_id and (oa.person_id = h.person_id or oa.id = h.account_id)
          and o.seen @> (select at from then_moment)) s)::date::text as "seenSince"
    from then_held h join named n on n.id = h.entitlement_id left join person_current p on p.person_id = h.person_id
    left join person_state ps on ps.person_id = h.person_id and ps.valid @> ${valid} and ps.recorded @> ${known}
    left join place on place.person_id = h.person_id left join account acc on acc.id = h.account_id
    left join lateral (
      select json_agg(json_build_object('affiliationId', g.affiliation_id, 'ruleKey', d.rule_key, 'rolePath', d.role_path,
        'groupIds', '{}'::text[], 'constraints', g.constraints, 'rule', r.name, 'owner', r.owner, 'grant', t.kind,
        'since', (g.since at time zone 'Europe/Copenhagen')::date) order by d.rule_key, g.affiliation_id) as ways
      from (
        select x.affiliation_id, x.derivation_id, x.constraints, lower(x.held) as since from assignment_history x
        where x.affiliation_id = any(h.grounds) and x.entitlement_id = h.entitlement_id and x.held @> (select at from then_moment)
        union all
        select x.affiliation_id, x.derivation_id, x.constraints, x.since from assignment x
        where x.affiliation_id = any(h.grounds) and x.entitlement_id = h.entitlement_id
          and x.reason_since <= (select at from then_moment)) g
      join derivation d on d.id = g.derivation_id
      left join rights_rule r on r.key = d.rule_key and r.version = d.rule_version
      left join right_grant t on t.id = d.grant_id) given on true
    order by array_position(${order}, h.system_id), n.name collate "da-x-icu", h.entitlement_id,
      ps.attrs ->> 'familyName' collate "da-x-icu" nulls last, ps.attrs ->> 'givenName' collate "da-x-icu", h.person_id, h.account_id`
  for await (const row of cursorRows<Omit<RightThen, 'purposes'>>(tx, sql, q.params))
    yield { ...row, purposes: purposes(row, row.ways) }
}
