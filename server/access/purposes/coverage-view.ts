import type { getCoverage } from '#contract/bindings.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { sqlFor } from '../../policy/policy.ts'

type Coverage = ResponseOf<typeof getCoverage>
type Of = { whole?: boolean; system?: string | undefined; unit?: string | undefined }
type AreaRow = { area: string | null; rights: number; withPurpose: number }

/** Under a limit: of each type that the binding names, the right has a value in common with it, or no limit at all. */
const TOUCHES = (
  constraints: string,
) => `not exists (select from jsonb_each(b.scope) s join jsonb_array_elements(${constraints}) c on c ->> 'on' = s.key
  where not exists (select from jsonb_array_elements_text(s.value) want, jsonb_array_elements_text(c -> 'values') has
    where want = has or (s.key = 'kle' and (has like want || '.%' or want like has || '.%'))))`

/**
 * Rights in people's hands by the area of their systems, and how many of them have a purpose on a day: that a right has one is
 * that anything is said of it on any level, within whose scope it is held. Counted once a person and right, given or seen.
 */
async function countRights(tx: Tx, day: string, only = { sql: 'true', params: [] as unknown[] }): Promise<AreaRow[]> {
  return tx.query<AreaRow>(
    `with counts as materialized (
       select b.* from purpose_binding b join activity_in_force f on f.activity_id = b.activity_id and upper_inf(f.recorded)
         and f.valid @> $1::date
       where upper_inf(b.recorded) and b.approved_at is not null and b.valid @> $1::date
     ), free as materialized (select * from counts where scope = '{}'),
     limited as materialized (select * from counts where scope <> '{}'),
     shape as materialized (
       -- A hundred thousand rights are a few thousand of one kind: said of the kind once, not of each.
       select k.*, e.system_id, d.rule_key, d.role_path
       from (select distinct entitlement_id, derivation_id, constraints from assignment) k
       join derivation d on d.id = k.derivation_id join entitlement e on e.id = k.entitlement_id
     ), judged as materialized (
       select g.entitlement_id, g.derivation_id, g.constraints, g.system_id,
         g.system_id in (select system_id from free where level = 'system')
         or g.entitlement_id in (select entitlement_id from free where level = 'entitlement')
         or g.rule_key in (select rule_key from free where level = 'rule')
         or g.role_path && (select coalesce(array_agg(role_key), '{}') from free where level = 'role')
         or exists (select from limited b where (b.system_id = g.system_id or (b.level = 'entitlement' and b.entitlement_id = g.entitlement_id)
               or b.rule_key = g.rule_key or b.role_key = any(g.role_path))
             and ${TOUCHES('g.constraints')}) as said
       from shape g
     ), own as materialized (
       select a.affiliation_id, a.entitlement_id from counts b
       join assignment a on a.affiliation_id = b.affiliation_id and a.entitlement_id = b.entitlement_id
       where b.level = 'assignment' and (b.scope = '{}' or ${TOUCHES('a.constraints')})
     ), given as materialized (
       select ac.person_id, a.entitlement_id, j.system_id,
         j.said or (a.affiliation_id, a.entitlement_id) in (select affiliation_id, entitlement_id from own) as said
       from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id
       join judged j on j.entitlement_id = a.entitlement_id and j.derivation_id = a.derivation_id and j.constraints = a.constraints
     ), seen as (
       select acc.person_id, o.entitlement_id, e.system_id,
         e.system_id in (select system_id from counts where level = 'system')
         or o.entitlement_id in (select entitlement_id from counts where level = 'entitlement')
         or o.via && (select coalesce(array_agg(group_id), '{}') from counts where level = 'group') as said
       from observed_right o join account acc on acc.id = o.account_id and acc.gone_at is null
       join entitlement e on e.id = o.entitlement_id
       where acc.person_id is not null and not exists (select from given g where g.person_id = acc.person_id and g.entitlement_id = o.entitlement_id)
     ), held as (
       select person_id, entitlement_id, system_id, bool_or(said) as said
       from (select * from given union all select * from seen) every group by 1, 2, 3
     )
     select s.area, count(*)::int as rights, (count(*) filter (where h.said))::int as "withPurpose"
     from held h join it_system s on s.id = h.system_id where ${only.sql} group by 1 order by 1 nulls last`,
    [day, ...only.params],
  )
}

/**
 * Of the systems that the reader sees bindings of, now; and as it was day by day, for those who see all of them. With `whole`,
 * or of one system or unit, it is the figure that everybody sees who reads the register: a share, about nobody. Of a unit:
 * what those hold who work there or below it.
 */
export async function coverageView(tx: Tx, actor: Actor, day: string, of: Of = {}): Promise<Coverage> {
  const q = statement()
  q.bind(day, 'date')
  const own = (startAt: number) =>
    sqlFor(actor, 'read', 'Binding', { systemId: { sql: 's.id', type: 'uuid' } }, { startAt })
  const may = of.system
    ? `s.id = ${q.bind(of.system, 'uuid')}`
    : of.unit
      ? `h.person_id in (select ac.person_id from affiliation_current ac where ${q.bind(of.unit, 'uuid')} = any(ac.unit_path))`
      : of.whole
        ? '(true)'
        : q.use(own)
  const areas = await countRights(tx, day, { sql: may, params: q.params.slice(1) })
  const everything = may === '(true)'
  const days = everything
    ? await tx.query<Coverage['days'][number]>(
        `select on_date as on, sum(rights)::int as rights, sum(with_purpose)::int as "withPurpose" from purpose_coverage_day
         where on_date > $1::date - 400 group by 1 order by 1`,
        [day],
      )
    : []
  const sum = (what: 'rights' | 'withPurpose') => areas.reduce((total, row) => total + row[what], 0)
  return { rights: sum('rights'), withPurpose: sum('withPurpose'), areas, days }
}

/** Keeps the figures of a day, once; a later count of the same day replaces the earlier one. */
export async function keepCoverage(tx: Tx, day: string): Promise<void> {
  const rows = await countRights(tx, day)
  await tx.query(
    `insert into purpose_coverage_day (on_date, area, rights, with_purpose)
     select $1, coalesce(r.area, ''), r.rights, r."withPurpose" from jsonb_to_recordset($2::jsonb) as r(area text, rights int, "withPurpose" int)
     on conflict (on_date, area) do update set rights = excluded.rights, with_purpose = excluded.with_purpose`,
    [day, JSON.stringify(rows)],
  )
}
