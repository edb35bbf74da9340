/*
 * What was so at a moment, for every question about another day. `moment` is SQL of an instant throughout.
 */

type Rows = {
  /** SQL that gives `affiliation f` or `account acc`, with what it is joined to. */
  from: string
  /** SQL conditions on the right, with `RIGHT` for its id. */
  rights?: string
}

const onRight = (rights: string | undefined, id: string) => (rights ? ` and ${rights.replaceAll('RIGHT', id)}` : '')

/** Rows person_id, entitlement_id, affiliation_id, rests: what was stored as given, and whether it rested (absence, lock). */
export const givenThenSql = (moment: string, { from, rights }: Rows): string => `
  select f.person_id, a.entitlement_id, f.id as affiliation_id, a.suspended is not null as rests
  from ${from} join assignment a on a.affiliation_id = f.id
  where a.reason_since <= ${moment}${onRight(rights, 'a.entitlement_id')}
  union all
  select f.person_id, h.entitlement_id, f.id, h.suspended is not null
  from ${from} join assignment_history h on h.affiliation_id = f.id
  where h.held @> ${moment}${onRight(rights, 'h.entitlement_id')}`

/** Rows person_id, account_id, source, entitlement_id: what accounts were seen with. */
export const seenThenSql = (moment: string, { from, rights }: Rows): string => `
  select acc.person_id, acc.id as account_id, acc.source, o.entitlement_id
  from ${from} join observed_right o on o.account_id = acc.id
  where o.first_seen_at <= ${moment} and (acc.gone_at is null or acc.gone_at > ${moment})${onRight(rights, 'o.entitlement_id')}
  union all
  select acc.person_id, acc.id, acc.source, h.entitlement_id
  from ${from} join observed_right_history h on h.account_id = acc.id
  where h.seen @> ${moment}${onRight(rights, 'h.entitlement_id')}`

/**
 * Rows entitlement_id, part_id: what rights included then, by however many steps, by the versions of them; of one that
 * nobody has changed since versions are kept, as it is. `union` ends a circle.
 */
export const partThenSql = (moment: string): string => `
  with recursive whole as (
    select entitlement_id from entitlement_include
    union select entitlement_id from entitlement_version where content -> 'includes' <> '[]'
  ), direct as (
    select w.entitlement_id, p.id as includes_id from whole w
    left join lateral (select v.content -> 'includes' as keys from entitlement_version v
      where v.entitlement_id = w.entitlement_id and (v.recorded_at <= ${moment} or v.version = 1)
      order by v.version desc limit 1) then_ on true
    cross join lateral (
      select i.includes_id as id from entitlement_include i where i.entitlement_id = w.entitlement_id and then_.keys is null
      union all
      select e.id from jsonb_array_elements_text(then_.keys) k join entitlement e on e.key = k) p
  ), part (entitlement_id, part_id) as (
    select entitlement_id, includes_id from direct
    union
    select p.entitlement_id, d.includes_id from part p join direct d on d.entitlement_id = p.part_id
  )
  select entitlement_id, part_id from part where entitlement_id <> part_id`

/**
 * Rows entitlement_id, part_id, span: when which right included which, by however many steps; of one that nobody has changed
 * since versions are kept, always. Said for all time at once, where `partThenSql` says it for a moment.
 */
export const PART_SPANS_SQL = `
  with recursive told as (
    select entitlement_id, content -> 'includes' as keys,
      tstzrange(case when version > 1 then recorded_at end,
        lead(recorded_at) over (partition by entitlement_id order by version)) as span
    from entitlement_version
  ), direct as (
    select t.entitlement_id, e.id as includes_id, t.span
    from told t cross join jsonb_array_elements_text(t.keys) k join entitlement e on e.key = k where not isempty(t.span)
    union all
    select entitlement_id, includes_id, tstzrange(null, null) from entitlement_include i
    where not exists (select from entitlement_version v where v.entitlement_id = i.entitlement_id)
  ), part (entitlement_id, part_id, span) as (
    select entitlement_id, includes_id, span from direct
    union
    select p.entitlement_id, d.includes_id, p.span * d.span
    from part p join direct d on d.entitlement_id = p.part_id and d.span && p.span
  )
  select entitlement_id, part_id, span from part where entitlement_id <> part_id`

/**
 * SQL that says whether any right includes another, or ever did. Where none does, `NO_PARTS` stands for `partThenSql`: of a
 * recursion PostgreSQL expects millions of rows and makes room for them, which takes longer than all the rest of a page.
 */
export const ANY_PARTS = `(exists (select from entitlement_include)
  or exists (select from entitlement_version where content -> 'includes' <> '[]'))`
export const NO_PARTS = 'select null::uuid as entitlement_id, null::uuid as part_id where false'

/**
 * Rows person_id, account_id, source, entitlement_id: what was held through a right that includes it, of what should be
 * held. `given` has person_id, entitlement_id, rests; `part` is what `partThenSql` gave. Where nothing includes anything,
 * which is asked once, nothing is read.
 */
export const includedThenSql = (moment: string, given: string, part: string): string => `
  select acc.person_id, acc.id as account_id, acc.source, g.entitlement_id
  from ${given} g join ${part} p on p.part_id = g.entitlement_id join account acc on acc.person_id = g.person_id
  where (select exists (select from ${part})) and not g.rests and (
    exists (select from observed_right o where o.account_id = acc.id and o.entitlement_id = p.entitlement_id
      and o.first_seen_at <= ${moment} and (acc.gone_at is null or acc.gone_at > ${moment}))
    or exists (select from observed_right_history h where h.account_id = acc.id and h.entitlement_id = p.entitlement_id
      and h.seen @> ${moment}))`

/** Rows source, read_at: sources that were too old to conclude from, and when each had been read last. */
export const staleThenSql = (moment: string): string => `
  select source, read_at from stale_source where since <= ${moment}
  union all
  select source, read_at from stale_source_history where since <= ${moment} and until > ${moment}`
