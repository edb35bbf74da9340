import type { BodyOf, QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { getPersonCase, listMerges, listPersonCases } from '#contract/person-matches.ts'
import { containing, type Statement, searchWords, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { allows } from '../policy/policy.ts'
import { type Compared, compareFields, type Side } from './compare-fields.ts'
import { personRecord } from './person-record-view.ts'
import { personRefSql, unitRefSql, visibleTo } from './visible.ts'

type List = ResponseOf<typeof listPersonCases>
type Detail = ResponseOf<typeof getPersonCase>
export type UserNames = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>

/**
 * One identity as it stands by itself, also while it is merged into somebody else: the policy judges it as the person it
 * counts as, and its name is protected where either is.
 */
const identity = (id: string, alias: string) => `join lateral (
  select i.id as identity_id, c.person_id as counts_as, i.id as person_id, c.kind, c.status, c.unit_ids, c.unit_path,
    c.protected or coalesce((s.attrs ->> 'protected')::boolean, false) as protected,
    trim(concat_ws(' ', s.attrs ->> 'givenName', s.attrs ->> 'familyName')) as name, c.title, c.unit_id, i.realm,
    s.attrs ->> 'birthDate' as birth_date, s.attrs ->> 'email' as email, s.attrs ->> 'phone' as phone
  from person i join person_current c on c.person_id = coalesce(i.merged_into, i.id)
  left join lateral (select x.attrs from person_state x where x.person_id = i.id and upper_inf(x.recorded)
    order by lower(x.valid) desc nulls last limit 1) s on true
  where i.id = ${id}) ${alias} on true`

const STATE = `case when a.counts_as = b.counts_as then 'merged' else m.state end`

const sideSql = (one: string, shown: string, unit: string) => `jsonb_build_object('person', ${personRefSql(one, shown)},
  'kind', ${one}.kind, 'status', ${one}.status, 'title', ${one}.title, 'unit', ${unitRefSql(unit)},
  'sources', array(select distinct k.source from person_key k where k.person_id = ${one}.person_id order by k.source))`

function caseSql(actor: Actor, q: Statement, where: string): string {
  const may = visibleTo(actor, q)
  return `select m.id, m.evidence, m.confidence, m.since, m.run_id as "runId", ${STATE} as state,
      jsonb_build_array(${sideSql('a', may.name('a'), 'ua')}, ${sideSql('b', may.name('b'), 'ub')}) as people
    from person_match m ${identity('m.person_a', 'a')} ${identity('m.person_b', 'b')}
    left join org_unit_current ua on ua.unit_id = a.unit_id left join org_unit_current ub on ub.unit_id = b.unit_id
    where ${may.person('a')} and ${may.person('b')} and ${where}`
}

/** Pairs that may be one person, oldest first; only those of whom the reader may know both. */
export async function personCasesView(tx: Tx, actor: Actor, query: BodyOf<typeof listPersonCases>): Promise<List> {
  const q = statement()
  const where = [`${STATE} = ${q.bind(query.state, 'text')}`]
  if (query.evidence) where.push(`m.evidence = ${q.bind(query.evidence, 'text')}`)
  const words = searchWords(query.text ?? '')
  if (words.length > 0) {
    const may = visibleTo(actor, q)
    const like = words.map(word => `search_fold(a.name || ' ' || b.name) like ${q.bind(containing(word), 'text')}`)
    where.push(may.name('a'), may.name('b'), ...like)
  }
  const cases = caseSql(actor, q, where.join(' and '))
  const rows = await tx.query<List['rows'][number] & { since: Date; total: number }>(
    `select *, (count(*) over ())::int as total from (${cases}) found
     order by since, id offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`,
    q.params,
  )
  return {
    rows: rows.map(({ total: _, ...row }) => ({ ...row, since: row.since.toISOString() })),
    total: rows[0]?.total ?? 0,
  }
}

export async function personCaseView(
  tx: Tx,
  actor: Actor,
  caseId: string,
  userNames: UserNames,
): Promise<Detail | null> {
  const q = statement()
  const [row] = await tx.query<List['rows'][number] & { since: Date }>(
    caseSql(actor, q, `m.id = ${q.bind(caseId, 'uuid')}`),
    q.params,
  )
  if (!row) return null
  const [one, other] = row.people.map(side => side.person.id) as [string, string]
  const [decided] = await tx.query<{
    by: string | null
    at: Date | null
    reason: string | null
    mergeId: string | null
  }>(
    `select m.decided_by as by, m.decided_at as at, m.reason,
       (select g.id from person_merge g where g.undone_at is null and g.survivor_id in (m.person_a, m.person_b)
         and g.absorbed_id in (m.person_a, m.person_b)) as "mergeId"
     from person_match m where m.id = $1`,
    [caseId],
  )
  const names = await userNames(decided?.by ? [decided.by] : [])
  const may = await mayMerge(tx, actor, [one, other])
  return {
    ...row,
    since: row.since.toISOString(),
    compared: await comparePeople(tx, actor, one, other),
    decision:
      decided?.by && decided.at
        ? { by: names.get(decided.by) ?? decided.by, at: decided.at.toISOString(), reason: decided.reason }
        : null,
    mergeId: decided?.mergeId ?? null,
    allowed: { decide: may && row.state !== 'merged', merge: may && row.state === 'open' },
  }
}

/** May the actor say whether these are one person? Judged on whom they count as. */
export async function mayMerge(tx: Tx, actor: Actor, ids: readonly string[]): Promise<boolean> {
  const roots = await tx.query<{ id: string }>(
    'select distinct coalesce(merged_into, id) as id from person where id = any($1)',
    [ids],
  )
  const records = await Promise.all(roots.map(root => personRecord(tx, root.id)))
  return records.length > 0 && records.every(record => record !== null && allows(actor, 'merge', 'Person', record))
}

type PersonSide = {
  id: string
  cpr: string | null
  realm: string
  name: string
  birthDate: string | null
  email: string | null
  phone: string | null
  employeeNumbers: string[]
  titles: string[]
  units: string[]
  shown: boolean
}

/** Two identities field by field, differences first. CPR numbers are compared and not shown. */
export async function comparePeople(tx: Tx, actor: Actor, one: string, other: string): Promise<Compared[]> {
  const q = statement()
  const may = visibleTo(actor, q)
  const sides = await tx.query<PersonSide>(
    `select a.person_id as id, encode(n.hash, 'hex') as cpr, a.realm, a.name, a.birth_date as "birthDate", a.email, a.phone,
       ${may.name('a')} as shown,
       array(select distinct f.employee_no from affiliation_current f join affiliation o on o.id = f.affiliation_id
         where o.identity_id = a.person_id and f.employee_no is not null) as "employeeNumbers",
       array(select distinct f.title from affiliation_current f join affiliation o on o.id = f.affiliation_id
         where o.identity_id = a.person_id and f.title is not null) as titles,
       array(select distinct u.name from affiliation_current f join affiliation o on o.id = f.affiliation_id
         join org_unit_current u on u.unit_id = f.unit_id where o.identity_id = a.person_id) as units
     from unnest(${q.bind([one, other], 'uuid[]')}) as w (id) ${identity('w.id', 'a')}
     left join person_cpr n on n.person_id = a.person_id`,
    q.params,
  )
  const here = sides.find(side => side.id === one)
  const there = sides.find(side => side.id === other)
  if (!here || !there) return []
  const record = await personRecord(tx, one)
  const birthDates = record !== null && allows(actor, 'read', 'Person', record, 'cpr')
  const hidden = !here.shown || !there.shown
  return compareFields(asSide(here), asSide(there), field =>
    field === 'cpr' ? true : field === 'birthDate' ? !birthDates : hidden && ['name', 'email', 'phone'].includes(field),
  )
}

const asSide = (side: PersonSide): Side => ({
  cpr: side.cpr,
  realm: side.realm,
  name: side.name,
  birthDate: side.birthDate,
  email: side.email,
  phone: side.phone,
  employeeNo: side.employeeNumbers,
  title: side.titles,
  unit: side.units,
})

export async function mergesView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof listMerges>,
  userNames: UserNames,
): Promise<ResponseOf<typeof listMerges>> {
  const q = statement()
  const may = visibleTo(actor, q)
  const rows = await tx.query<
    Omit<ResponseOf<typeof listMerges>['rows'][number], 'at' | 'undoneAt' | 'allowed'> & {
      at: Date
      undoneAt: Date | null
      total: number
    }
  >(
    `select m.id, ${personRefSql('a', may.name('a'))} as survivor, ${personRefSql('b', may.name('b'))} as absorbed, m.at,
       m.actor_id as by, m.reason, m.undone_at as "undoneAt", m.undone_by as "undoneBy", (count(*) over ())::int as total
     from person_merge m ${identity('m.survivor_id', 'a')} ${identity('m.absorbed_id', 'b')}
     where ${may.person('a')} and ${may.person('b')}
       and (${q.bind(query.personId ?? null, 'uuid')} is null or ${q.bind(query.personId ?? null, 'uuid')} in (m.survivor_id, m.absorbed_id))
     order by m.at desc, m.id offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`,
    q.params,
  )
  const names = await userNames(rows.flatMap(row => [row.by, ...(row.undoneBy ? [row.undoneBy] : [])]))
  const named = []
  for (const { total: _, ...row } of rows)
    named.push({
      ...row,
      at: row.at.toISOString(),
      by: names.get(row.by) ?? row.by,
      undoneAt: row.undoneAt?.toISOString() ?? null,
      undoneBy: row.undoneBy === null ? null : (names.get(row.undoneBy) ?? row.undoneBy),
      allowed: { undo: row.undoneAt === null && (await mayMerge(tx, actor, [row.survivor.id, row.absorbed.id])) },
    })
  return { rows: named, total: rows[0]?.total ?? 0 }
}
