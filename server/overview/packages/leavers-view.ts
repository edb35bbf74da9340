import { visibleTo } from '../../access/visible.ts'
import { cursorRows } from '../../platform/cursor.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { type ScopeThen, systemNameThen } from './scope-view.ts'

/** One right of somebody who left, in one of the systems; without rights there: one row without a system. */
export type LeaverThen = {
  personId: string
  name: string | null
  protected: boolean
  title: string | null
  unitId: string | null
  /** The first day away. */
  endsOn: string
  system: string | null
  right: string | null
  /** Something still expected it on the day. */
  expected: boolean
  /** The day on which nothing expected it any more; null where it is, or never was. */
  unexpectedOn: string | null
  seen: 'still' | 'never' | 'gone'
  /** The day on which it was seen no more. */
  goneOn: string | null
  /** Another affiliation goes on. */
  elsewhere: boolean
}
type Asked = Pick<ScopeThen, 'at' | 'systems' | 'unitIds'> & { leaversFrom: string }

/** CTE `gone`: affiliations that ended in the period, as was known; of one with a later state, that state counts. */
function goneSql(actor: Actor, q: Statement, { at, unitIds, leaversFrom }: Asked) {
  const may = visibleTo(actor, q)
  const [valid, known] = [q.bind(at.valid, 'date'), q.bind(at.known, 'timestamptz')]
  const from = q.bind(leaversFrom, 'date')
  const units = q.bind(unitIds, 'uuid[]')
  return {
    valid,
    known,
    cte: `gone as materialized (
      select f.id, f.person_id, s.attrs, upper(s.valid) as ends_on, p.protected,
        coalesce(s.attrs ->> 'unitOverride', s.attrs ->> 'unit', pay.maps_to_id::text) as unit_id
      from affiliation_state s join affiliation f on f.id = s.affiliation_id join person_current p on p.person_id = f.person_id
      left join org_unit_current pay on pay.unit_id::text = s.attrs ->> 'payUnit'
      where s.recorded @> ${known} and upper(s.valid) >= ${from} and upper(s.valid) <= ${valid}
        and coalesce(s.attrs ->> 'affiliationKind', '') <> 'pupil'
        and not exists (select from affiliation_state n where n.affiliation_id = s.affiliation_id and n.recorded @> ${known}
          and lower(n.valid) >= upper(s.valid))
        and (${units} is null or coalesce(s.attrs ->> 'unitOverride', s.attrs ->> 'unit', pay.maps_to_id::text) = any(${units}::text[]))
        and ${may.person('p')} and ${may.history('p')})`,
  }
}

/** How many have left, and which kinds of dated records are kept here: both small, in one statement. */
export async function countLeavers(tx: Tx, actor: Actor, asked: Asked): Promise<{ leavers: number; kept: string[] }> {
  const q = statement()
  const { cte } = goneSql(actor, q, asked)
  const [row] = await tx.query<{ leavers: number; kept: string[] }>(
    `with ${cte} select count(*)::int as leavers, array(select kind from record_keeping where kept) as kept from gone`,
    q.params,
  )
  return row ?? { leavers: 0, kept: [] }
}

/** Leavers and what they held in the systems: when it should have ended, and when it was seen to be gone. As a stream. */
export async function* leaversThen(tx: Tx, actor: Actor, asked: Asked): AsyncGenerator<LeaverThen> {
  const q = statement()
  const { cte, valid, known } = goneSql(actor, q, asked)
  const systems = q.bind(
    asked.systems.map(one => one.id),
    'uuid[]',
  )
  const sql = `with ${cte}, moment as (
      select least(${known}, (${valid} + 1)::timestamp at time zone 'Europe/Copenhagen') as at
    ), mine as (select id, system_id, name from entitlement where system_id = any(${systems})
    ), given as (
      select g.id, h.entitlement_id, max(upper(h.held)) as until, false as still
      from gone g join affiliation m on m.id = g.id or m.merged_into = g.id
      join assignment_history h on h.affiliation_id = m.id and not isempty(h.held)
        and upper(h.held) >= g.ends_on::timestamp at time zone 'Europe/Copenhagen' and lower(h.held) <= (select at from moment)
      join mine on mine.id = h.entitlement_id group by 1, 2
      union all
      select g.id, a.entitlement_id, null, true from gone g join assignment a on a.affiliation_id = g.id
      join mine on mine.id = a.entitlement_id where a.reason_since <= (select at from moment)
    ), seen as (
      select g.id, o.entitlement_id, null::timestamptz as until from gone g
      join account acc on acc.person_id = g.person_id and (acc.gone_at is null or acc.gone_at > (select at from moment))
      join observed_right o on o.account_id = acc.id and o.first_seen_at <= (select at from moment)
      join mine on mine.id = o.entitlement_id
      union all
      select g.id, h.entitlement_id, upper(h.seen) from gone g join account acc on acc.person_id = g.person_id
      join observed_right_history h on h.account_id = acc.id and lower(h.seen) <= (select at from moment)
        and upper(h.seen) >= g.ends_on::timestamp at time zone 'Europe/Copenhagen'
      join mine on mine.id = h.entitlement_id
    ), held as (
      select coalesce(x.id, s.id) as id, coalesce(x.entitlement_id, s.entitlement_id) as entitlement_id,
        -- What ended later than the day was still so on it.
        case when x.id is null or not (x.still or x.until > (select at from moment)) then x.until end as until,
        coalesce(x.still or x.until > (select at from moment), false) as expected,
        s.id is not null as seen, coalesce(s.open or s.until > (select at from moment), false) as open, s.until as gone_at
      from (select id, entitlement_id, max(until) as until, bool_or(still) as still from given group by 1, 2) x
      full join (select id, entitlement_id, max(until) as until, bool_or(until is null) as open from seen group by 1, 2) s
        on s.id = x.id and s.entitlement_id = x.entitlement_id)
    select g.person_id as "personId", nullif(concat_ws(' ', ps.attrs ->> 'givenName', ps.attrs ->> 'familyName'), '') as name,
      g.protected, g.attrs ->> 'title' as title, g.unit_id as "unitId", g.ends_on::text as "endsOn",
      ${systemNameThen('s', known)} as system, mine.name as right,
      coalesce(h.expected, false) as expected, case when not h.expected then (h.until at time zone 'Europe/Copenhagen')::date::text end as "unexpectedOn",
      case when h.open then 'still' when h.seen then 'gone' else 'never' end as seen,
      case when h.seen and not h.open then (h.gone_at at time zone 'Europe/Copenhagen')::date::text end as "goneOn",
      exists (select from affiliation_state n join affiliation nf on nf.id = n.affiliation_id
        where nf.person_id = g.person_id and nf.id <> g.id and n.valid @> ${valid} and n.recorded @> ${known}) as elsewhere
    from gone g left join held h on h.id = g.id left join mine on mine.id = h.entitlement_id
    left join it_system s on s.id = mine.system_id
    left join person_state ps on ps.person_id = g.person_id and ps.valid @> (g.ends_on - 1) and ps.recorded @> ${known}
    order by g.ends_on, ps.attrs ->> 'familyName' collate "da-x-icu" nulls last, g.person_id, g.id, system, mine.name, mine.id`
  yield* cursorRows<LeaverThen>(tx, sql, q.params)
}
