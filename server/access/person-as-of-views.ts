import type { z } from 'zod'
import type { getPersonAsOf } from '#contract/people.ts'
import { type AffiliationAsOf, personAsOf } from '../people/people-views.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { ANY_PARTS, givenThenSql, includedThenSql, NO_PARTS, partThenSql, seenThenSql } from './past-state.ts'
import { purposesThen } from './purposes/purposes-then.ts'
import type { Viewer } from './viewer.ts'

const AT = '(select at from moment)'
type AsOf = z.output<(typeof getPersonAsOf)['response']>
type Right = AsOf['rights'][number]
/** As stored; `ends` of the rule or the decision, `constraints` for what it was for. */
type Way = Omit<Right['because'][number], 'rule' | 'since'> & {
  ruleKey: string | null
  ruleName: string | null
  rolePath: string[]
  since: string | null
  ends: string | null
  constraints: { on: string; values: string[] }[]
}
type Row = Omit<Right, 'because' | 'purposes' | 'until' | 'seenSince'> & {
  grounds: string[] | null
  ways: Way[]
  seenSince: Date | null
}

/**
 * SQL of rows entitlement_id, ways: what was recorded as the reason of each right of person $1 then, the deciding one first
 * and after it what would have given the right as well. A role has the name that it had last.
 */
const WAYS = `
  select w.entitlement_id, json_agg(json_build_object('kind', case when t.id is null then 'rule' else 'grant' end,
      'affiliationId', w.affiliation_id, 'ruleKey', case when t.id is null then w.rule_key end,
      'ruleName', case when t.id is null then coalesce(r.name, w.rule_key) end,
      'grant', case when t.id is not null then json_build_object('kind', t.kind, 'reason', t.reason,
        'by', case when coalesce(gp.protected, false) then null else coalesce(gp.name, gu.display_name) end) end,
      'rolePath', w.role_path, 'roles', (select coalesce(json_agg(coalesce(o.name, k.key) order by k.place), '[]')
        from unnest(w.role_path) with ordinality as k (key, place)
        left join lateral (select name from rights_role where key = k.key order by version desc limit 1) o on true),
      'since', to_char(w.since at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'ends', case when t.id is null then upper(r.valid)
        else least(t.valid_to, (t.expires_at at time zone 'Europe/Copenhagen')::date + 1) end,
      'constraints', w.constraints) order by w.affiliation_id, w.place) as ways
  from (
    select g.affiliation_id, g.entitlement_id, g.constraints, g.since, n.*
    from (
      select a.affiliation_id, a.entitlement_id, a.derivation_id, a.constraints, a.since
      from affiliation f join assignment a on a.affiliation_id = f.id
      where f.person_id = $1 and a.reason_since <= ${AT}
      union all
      select h.affiliation_id, h.entitlement_id, h.derivation_id, h.constraints, lower(h.held)
      from affiliation f join assignment_history h on h.affiliation_id = f.id
      where f.person_id = $1 and h.held @> ${AT}
    ) g join derivation d on d.id = g.derivation_id
    cross join lateral (
      select 0 as place, d.rule_key, d.rule_version, d.role_path, d.grant_id
      union all
      select x.place, x.also ->> 'ruleKey', (x.also ->> 'ruleVersion')::int,
        coalesce((select array_agg(p) from jsonb_array_elements_text(x.also -> 'rolePath') p), '{}'),
        (x.also ->> 'grantId')::uuid
      from jsonb_array_elements(d.also) with ordinality as x (also, place)
    ) n
  ) w left join rights_rule r on r.key = w.rule_key and r.version = w.rule_version
  left join right_grant t on t.id = w.grant_id
  left join tool_user gu on gu.id::text = t.created_by left join person_current gp on gp.person_id = gu.person_id
  group by w.entitlement_id`

/**
 * The person as of a civil date, as known at an instant: both time axes in one query each. Rights are what was stored
 * as expected, and seen as held, at the end of that date in the town hall (or at the instant, when that was earlier):
 * before the installation's first read it held no rights, and none are shown. Each with why, what for and until when, as
 * it was recorded. Eight statements at most.
 */
export async function personAsOfView(
  tx: Tx,
  personId: string,
  viewer: Viewer,
  at: { valid: string; known: Date },
): Promise<AsOf | null> {
  const [today] = await tx.query<{ protected: boolean; parts: boolean }>(
    `select protected, ${ANY_PARTS} as parts from person_current where person_id = $1`,
    [personId],
  )
  if (!today) return null
  const then = await personAsOf(tx, personId, at.valid, at.known)
  const affiliations = then ? await withScope(tx, then.affiliations) : []
  // Planned once a connection: of so many joins, planning takes longer than answering for one person.
  const rows = await tx.prepared<Row>(
    today.parts ? 'person as of, parts' : 'person as of',
    `with moment as (
       select least($2::timestamptz, ($3::date + 1)::timestamp at time zone 'Europe/Copenhagen') as at
     ), expected as materialized (
       select g.person_id, g.entitlement_id, array_agg(g.affiliation_id) as grounds, bool_and(g.rests) as rests
       from (${givenThenSql(AT, { from: '(select * from affiliation where person_id = $1) f' })}) g
       group by g.person_id, g.entitlement_id
     ), part as materialized (${today.parts ? partThenSql(AT) : NO_PARTS}
     ), observed as (
       ${seenThenSql(AT, { from: '(select * from account where person_id = $1) acc' })}
       union all ${includedThenSql(AT, 'expected', 'part')}
     ), way as (${WAYS}), seen as (
       select s.entitlement_id, min(s.since) as since from (
         select o.entitlement_id, o.first_seen_at as since from account acc join observed_right o on o.account_id = acc.id
         where acc.person_id = $1 and o.first_seen_at <= ${AT}
         union all
         select h.entitlement_id, lower(h.seen) from account acc join observed_right_history h on h.account_id = acc.id
         where acc.person_id = $1 and h.seen @> ${AT}) s group by s.entitlement_id
     )
     select e.id as "entitlementId", e.key, e.name, s.name as system, s.id as "systemId", x.grounds, x.grounds is not null and not x.rests as expected,
       coalesce(x.rests, false) as rests, e.id in (select entitlement_id from observed) as observed,
       coalesce(w.ways, '[]') as ways, seen.since as "seenSince"
     from entitlement e join it_system s on s.id = e.system_id left join expected x on x.entitlement_id = e.id
     left join way w on w.entitlement_id = e.id left join seen on seen.entitlement_id = e.id
     where e.id in (select entitlement_id from expected union select entitlement_id from observed)
     order by s.name, e.name`,
    [personId, at.known, at.valid],
  )
  const paths = new Map(affiliations.map(one => [one.id, one.path]))
  const everywhere = affiliations.flatMap(one => one.path)
  // As on the person page: judged by the affiliations it followed from; one that followed from none, by all of them.
  const told = rows.filter(right =>
    viewer.right({
      systemId: right.systemId,
      unitPath: right.grounds ? right.grounds.flatMap(id => paths.get(id) ?? []) : everywhere,
    }),
  )
  const ends = new Map(affiliations.map(one => [one.id, one.endsOn]))
  const purposes = told.length > 0 ? await purposesThen(tx, at, told) : () => []
  return {
    valid: at.valid,
    known: at.known.toISOString(),
    name: today.protected && !viewer.protectedName ? null : (then?.name ?? null),
    affiliations: affiliations
      .filter(one => viewer.details({ unitPath: one.path, kind: one.kind, status: one.status }))
      .map(one => ({
        id: one.id,
        kind: one.kind,
        unit: one.unit && { id: one.unit.id, name: one.unit.name },
        title: one.title,
        fraction: one.fraction,
        startsOn: one.startsOn,
        endsOn: one.endsOn,
        primary: one.primary,
      })),
    rights: told.map(({ grounds: _, ways: all, seenSince, ...right }) => {
      // A reason tells of its affiliation: of a job elsewhere the reader is told that the right was held, and no more.
      const ways = all.filter(way =>
        viewer.right({ systemId: right.systemId, unitPath: paths.get(way.affiliationId) ?? [] }),
      )
      return {
        ...right,
        because: ways.map(({ ruleKey, ruleName, rolePath: _, ends: __, constraints: ___, since, ...way }) => ({
          ...way,
          rule: ruleKey === null ? null : { key: ruleKey, name: ruleName ?? ruleKey },
          since: since === null ? null : new Date(since).toISOString(),
        })),
        purposes: namesOf(
          purposes(
            right,
            ways.map(way => ({ ...way, groupIds: [] })),
          ),
        ),
        until: endOf(ways.map(way => earliest(way.ends, ends.get(way.affiliationId) ?? null))),
        seenSince: right.observed && seenSince ? seenSince.toISOString() : null,
      }
    }),
  }
}

const namesOf = (found: readonly { purpose: string; activity: string }[]) =>
  found.map(({ purpose, activity }) => ({ purpose, activity }))
const earliest = (one: string | null, other: string | null): string | null =>
  one === null || other === null ? (one ?? other) : one < other ? one : other
/** The right lasts as long as anything gives it; null: something that gives it had no end. */
const endOf = (ends: readonly (string | null)[]): string | null =>
  ends.reduce<string | null>(
    (last, end) => (last === null || end === null ? null : end > last ? end : last),
    ends[0] ?? null,
  )

/** The scope in which the policy judges an affiliation is today's: who may see it now, not who could have then. */
async function withScope(tx: Tx, affiliations: readonly AffiliationAsOf[]) {
  const rows = await tx.query<{ id: string; status: string; path: string[] }>(
    `select w.affiliation as id, coalesce(c.status, 'ended') as status, coalesce(c.unit_path, u.path, '{}') as path
     from jsonb_to_recordset($1::jsonb) as w(affiliation uuid, unit uuid)
     left join affiliation_current c on c.affiliation_id = w.affiliation and c.unit_id is not distinct from w.unit
     left join org_unit_current u on u.unit_id = w.unit`,
    [JSON.stringify(affiliations.map(one => ({ affiliation: one.id, unit: one.unit?.id ?? null })))],
  )
  const scope = new Map(rows.map(row => [row.id, row]))
  return affiliations.map(one => ({
    ...one,
    path: scope.get(one.id)?.path ?? [],
    status: scope.get(one.id)?.status ?? 'ended',
  }))
}
