import { ANYTHING, OPERATION_BITS, type Operation } from './reach-limits.ts'
import { LEVEL_OF } from './reach-limits-sql.ts'
import { type ReachNarrow, reachCtes, WAYS } from './reach-sql.ts'

/*
 * Who can reach which data, as one set of the day (gdpr: employee, assignment, right, system, activity, category).
 *
 * Maximum: everything that the records in force of the system's activities state, and of those that its rights are bound to;
 * without any limits, whatever may be done with it. Constrained: of that, what the binding that counts names, within the limits
 * of the right and the scope of the binding, and for what is asked to be done. A right of which nothing is said reaches the
 * maximum of its system, and is unexplained; where no record names the system, nobody can say what it reaches: data and subject
 * are null.
 */

/**
 * The CTEs of `reachCtes`, and `reach_cell` what a footprint reaches: (footprint, system_id, activity_id, data, subject, how,
 * bindings that name it). `beyond`: why it is not more than maximum: `category` no purpose names it, `limits` one does, outside
 * of its limits, `operation` one does, for something else. `ops` what may be done by those within their limits, as bits. `part`:
 * of a part of the people only. `uncounted`: types of limit that could not be counted, by lines, where it rests on such alone.
 */
export const reachCellCtes = (day: string, narrow: ReachNarrow = {}, operation?: Operation): string => `${reachCtes(
  day,
  { ...narrow, limits: true },
)}, reach_level as materialized (
    select code, ${LEVEL_OF('class')} as level from vocabulary_term where kind = 'data'
  ), reach_cell as materialized (
    select footprint, system_id, activity_id, data, subject,
      case when unsaid then 'unexplained' when bool_or(within and does) then 'constrained' else 'maximum' end as how,
      case when unsaid or bool_or(within and does) then null when bool_or(within) then 'operation' when bool_or(named) then 'limits'
        else 'category' end as beyond,
      coalesce(bit_or(ops) filter (where within), 0) as ops,
      coalesce(bool_and(part) filter (where within and does), false) as part,
      case when bool_and(uncounted <> '') filter (where within and does)
        then string_agg(distinct uncounted, E'\n') filter (where within and does) end as uncounted,
      coalesce(array_agg(distinct binding) filter (where named), '{}') as bindings
    from (
      select e.*, named and not outside and (cap is null or level is null or level <= cap) as within
      from (
        select f.footprint, f.system_id, false as unsaid, b.activity_id, r.data, r.subject, b.id as binding,
          coalesce((b.data is null or r.data = any(b.data)) and (b.subjects is null or r.subject = any(b.subjects)), true) as named,
          n.outside, n.level as cap, t.level, n.ops, n.ops & ${operation ? OPERATION_BITS[operation] : ANYTHING} <> 0 as does, n.part,
          array_to_string(n.uncounted || case when n.level is not null and r.data is not null and t.level is null
            then '{sensitivity}'::text[] else '{}' end, E'\n') as uncounted
        from reach_foot f cross join lateral unnest(f.narrows) x (id)
        join (select distinct on (id) * from reach_narrow order by id) n on n.id = x.id join reach_bound b on b.id = n.binding
        left join activity_row r on r.version_id = b.version_id left join reach_level t on t.code = r.data
        union all
        select f.footprint, f.system_id, f.bindings = '{}', y.activity_id, r.data, r.subject, null, false, false, null, null, 0, false, false, ''
        from reach_foot f join activity_system s on s.system_id = f.system_id join reach_record y on y.version_id = s.version_id
        left join activity_row r on r.version_id = y.version_id
        union all
        select f.footprint, f.system_id, true, null, null, null, null, false, false, null, null, 0, false, false, ''
        from reach_foot f where f.bindings = '{}' and f.system_id not in (
          select s.system_id from activity_system s join reach_record y on y.version_id = s.version_id)
      ) e
    ) every
    group by footprint, system_id, unsaid, activity_id, data, subject
  )`

/** One row a way and cell: `c` the cell. */
export const REACH = `reach_print n join reach_cell c on c.footprint = n.footprint ${WAYS}`
