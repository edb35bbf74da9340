/** Two values of a limit of which one covers the other: KLE numbers are a hierarchy, others are equal or not. */
const TOUCH = (a: string, b: string) =>
  `(${a} = ${b} or (one.key = 'kle' and (starts_with(${a}, ${b} || '.') or starts_with(${b}, ${a} || '.'))))`
/** The values of a limit of one type; of a type that is said twice the later, as limits are read elsewhere. */
const HELD = `(select c.value -> 'values' from jsonb_array_elements(g.constraints) with ordinality c (value, place)
    where c.value ->> 'on' = one.key order by c.place desc limit 1)`

/**
 * SQL of those rows of `given` for which nothing says what they are for on a day: `effectivePurpose` is empty. `given`: name
 * of a relation with affiliation_id, entitlement_id, system_id, rule_key, role_path and constraints; answers its columns.
 * Groups say what is seen, not what is given. `day`: placeholder of a date. A property test holds the two equal.
 */
export const withoutPurposeSql = (given: string, day: string): string => `
  select g.* from ${given} g where not exists (
    select from purpose_binding b
    join activity_in_force f on f.activity_id = b.activity_id and upper_inf(f.recorded) and f.valid @> ${day}::date
    join activity_purpose p on p.version_id = f.version_id and p.key = b.purpose_key
    where upper_inf(b.recorded) and b.approved_at is not null and b.valid @> ${day}::date
      and (b.level = 'system' and b.system_id = g.system_id
        or b.level = 'entitlement' and b.entitlement_id = g.entitlement_id
        or b.level = 'assignment' and b.entitlement_id = g.entitlement_id and b.affiliation_id = g.affiliation_id
        or b.level = 'rule' and b.rule_key = g.rule_key
        or b.level = 'role' and b.role_key = any(g.role_path))
      and (b.scope = '{}' or not exists (
        select from jsonb_each(b.scope) one where ${HELD} is not null and not exists (
          select from jsonb_array_elements_text(one.value) want, jsonb_array_elements_text(${HELD}) has where ${TOUCH('want', 'has')}))))`
