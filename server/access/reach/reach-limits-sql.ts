import { ANYTHING, KLE_NUMBER, OPERATION_BITS, SENSITIVITY_LEVELS } from './reach-limits.ts'

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
/** The level of a word, in SQL; null: nobody can say. */
export const LEVEL_OF = (word: string) =>
  `case lower(${word}) ${Object.entries(SENSITIVITY_LEVELS)
    .map(([name, level]) => `when ${quoted(name)} then ${level}`)
    .join(' ')} end`

const COVERS = (wide: string, narrow: string) => `(${wide} = ${narrow} or starts_with(${narrow}, ${wide} || '.'))`
const TOUCH = (a: string, b: string) => `(${COVERS(a, b)} or ${COVERS(b, a)})`

/**
 * What limits mean (`reach-limits.ts`), as one row: kle numbers and level (null: not limited by them), whether they leave a part
 * only, and the types of limit that nobody can hold against a record. `types`: relation of (type, held jsonb array), each type once.
 */
export const LIMIT_READ = (types: string) => `(
  select max(kle) as kle, min(level) as level, coalesce(bool_or(part), false) as part,
    coalesce(array_agg(type order by type) filter (where kle is null and level is null and not part), '{}') as uncounted
  from (
    select t.type,
      case when t.type = 'kle' and not exists (select from jsonb_array_elements_text(t.held) v (one) where v.one !~ '${KLE_NUMBER}')
        then array(select v.one from jsonb_array_elements_text(t.held) v (one) order by 1) end as kle,
      case when t.type = 'sensitivity' then (select case when bool_and(x.level is not null) then max(x.level) end
        from (select ${LEVEL_OF('v.one')} as level from jsonb_array_elements_text(t.held) v (one)) x) end as level,
      t.type = 'unit' and not exists (select from jsonb_array_elements_text(t.held) v (one)
        where v.one not in (select u.key from org_unit_current u where u.key is not null)) as part
    from ${types} t) one)`

const BITS = `(select bit_or(case o ${Object.entries(OPERATION_BITS)
  .map(([name, bit]) => `when '${name}' then ${bit}`)
  .join(' ')} else 0 end) from unnest(b.operations) o)`

/**
 * Of each binding that counts, under each limits under which a right is held for it: what the limits and the scope of the
 * binding leave together. `outside`: nothing of its activity.
 */
export const NARROWED = `
    select p.limit_id, p.binding, x.outside, case when not x.outside then y.level end as level, not x.outside and y.part as part,
      case when x.outside then '{}'::text[] else y.uncounted end as uncounted, case when b.operations = '{}' then ${ANYTHING} else ${BITS} end as ops,
      dense_rank() over (order by p.binding, x.outside, case when not x.outside then y.level end, not x.outside and y.part,
        case when x.outside then '{}'::text[] else y.uncounted end)::int as id
    from (
      select distinct h.limit_id, t.binding from reach_touching t join reach_shape h on h.id = t.shape where t.step = t.nearest
    ) p
    join reach_bound b on b.id = p.binding
    left join (select distinct id, kle, level, part, uncounted from reach_limit) l on l.id = p.limit_id
    cross join lateral ${LIMIT_READ('(select one.key as type, one.value as held from jsonb_each(b.scope) one)')} s
    cross join lateral (
      select array(select k.kle from activity_kle k where k.version_id = b.version_id) as own,
        case when l.kle is null then s.kle when s.kle is null then l.kle else array(select case when length(a) > length(c) then a else c end
          from unnest(l.kle) a, unnest(s.kle) c where ${TOUCH('a', 'c')}) end as kle
    ) k
    cross join lateral (
      select k.kle is not null and k.own <> '{}' and not exists (select from unnest(k.kle) a, unnest(k.own) c where ${TOUCH('a', 'c')}) as outside
    ) x
    cross join lateral (
      select least(l.level, s.level) as level,
        coalesce(l.part, false) or s.part or (k.kle is not null and exists (select from unnest(k.own) c
          where not exists (select from unnest(k.kle) a where ${COVERS('a', 'c')}))) as part,
        array(select distinct u from unnest(coalesce(l.uncounted, '{}') || s.uncounted
          || case when k.kle is not null and k.own = '{}' then '{kle}'::text[] else '{}' end) u order by 1) as uncounted
    ) y`
