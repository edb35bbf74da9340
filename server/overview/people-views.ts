import type { z } from 'zod'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { listPeople, personRow } from '#contract/people.ts'
import { comparisonSql, deviationSql } from '../access/person-rights-store.ts'
import { DANISH, unitRefSql, visibleTo } from '../access/visible.ts'
import { oneSlip } from '../platform/fold.ts'
import { containing, type Statement, searchWords, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { nearWords, rawWords } from './near-words.ts'
import { seesWholePeople } from './whole-people.ts'

type Query = BodyOf<typeof listPeople>
type Row = z.output<typeof personRow>

/**
 * The list of people in two statements, whatever its length: which people, in which order, and how many; then what is
 * shown of the fifty on the page. Somebody whose name is protected from the reader is never found by it, nor sorted by it.
 */
export async function peopleView(
  tx: Tx,
  actor: Actor,
  query: Query,
  today: string,
): Promise<ResponseOf<typeof listPeople>> {
  const whole = seesWholePeople(actor)
  const q = statement()
  const may = visibleTo(actor, q)
  const drifting = query.drift === true || query.sort === 'drift'
  const counted = query.sort === 'expected'
  const shown = may.name('p')
  const [found] = await tx.query<{ total: number; ids: string[] }>(
    `with found as (
       select p.person_id, ${sortColumns(query, shown, q)}
       from person_current p
       left join org_unit_current u on u.unit_id = p.unit_id
       where ${may.person('p')} and ${filters(query, actor, today, q)}
     )${counted ? `, ${countsSql(actor, whole, 'select person_id from found', q)}` : ''}
     ${drifting ? `, ${driftSql(actor, whole, 'select person_id from found', q)}` : ''}
     , kept as (
       select f.*${counted ? ', coalesce(n.expected, 0) as expected' : ''}${drifting ? ', coalesce(d.drift, 0) as drift' : ''}
       from found f ${counted ? 'left join counts n on n.person_id = f.person_id' : ''}
       ${drifting ? 'left join drifting d on d.person_id = f.person_id' : ''}
       ${query.drift === true ? 'where d.drift > 0' : ''}
     )
     select (select count(*) from kept) as total,
       array(select person_id from kept order by ${order(query)} offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}) as ids`,
    q.params,
  )
  const ids = found?.ids ?? []
  return { rows: ids.length === 0 ? [] : await readRows(tx, actor, whole, ids), total: found?.total ?? 0 }
}

async function readRows(tx: Tx, actor: Actor, whole: boolean, ids: readonly string[]): Promise<Row[]> {
  const q = statement()
  const may = visibleTo(actor, q)
  const page = q.bind(ids, 'uuid[]')
  return tx.query<Row>(
    `with ${countsSql(actor, whole, `select unnest(${page})`, q)}
     select p.person_id as id, case when ${may.name('p')} then p.name end as name, p.protected, p.kind, p.status,
       job.title, ${unitRefSql('u')} as unit,
       (select count(*) from affiliation_current ac where ac.person_id = p.person_id and ac.status <> 'ended'
         and ${may.affiliation('ac')}) as affiliations,
       (select count(*) from account acc where acc.person_id = p.person_id and acc.gone_at is null
         and ${may.account('acc', 'p')}) as accounts,
       coalesce(n.expected, 0) as expected, coalesce(n.observed, 0) as observed, coalesce(n.drift, 0) as drift
     from unnest(${page}) with ordinality as wanted (person_id, place)
     join person_current p on p.person_id = wanted.person_id
     left join counts n on n.person_id = p.person_id
     ${jobSql('p', may.affiliation('ac', 'details'), may.affiliation('ac'))}
     left join org_unit_current u on u.unit_id = job.unit_id
     order by wanted.place`,
    q.params,
  )
}

/**
 * The affiliation under which the reader knows a person: one whose details they may see, the primary one first. Of
 * another one only the unit is told.
 */
export const jobSql = (p: string, details: string, basic: string): string =>
  `left join lateral (
     select ac.unit_id, case when ${details} then ac.title end as title
     from affiliation_current ac where ac.person_id = ${p}.person_id and ${basic}
     order by coalesce(${details}, false) desc, ac.status = 'active' desc, ac.is_primary desc, ac.affiliation_id limit 1) job on true`

/** CTEs that end in `drifting(person_id, drift)` for those of `set` who have a deviation that the reader may know of. */
export function driftSql(actor: Actor, whole: boolean, set: string, q: Statement): string {
  if (whole)
    return `drifting as (
      select person_id, missing + unexplained + resting as drift from person_rights
      where missing + unexplained + resting > 0 and person_id in (${set}))`
  return `${deviationSql(set)}, drifting as (
    select c.person_id, count(*) as drift
    from deviation c join entitlement e on e.id = c.entitlement_id join person_current cp on cp.person_id = c.person_id
    where ${visibleTo(actor, q).right('c', 'cp', 'e')} group by c.person_id)`
}

/**
 * CTEs that end in `counts(person_id, expected, observed, drift)` for the people of `set`. Who may see all rights of
 * those people reads the stored counts; everybody else gets the counts of the rights that they may know of.
 */
export function countsSql(actor: Actor, whole: boolean, set: string, q: Statement): string {
  if (whole)
    return `counts as (
      select person_id, expected, observed, missing + unexplained + resting as drift from person_rights where person_id in (${set}))`
  const right = visibleTo(actor, q).right('c', 'cp', 'e')
  return `${comparisonSql(`PERSON in (${set})`)}, counts as (
    select c.person_id, count(*) filter (where c.expected) as expected, count(*) filter (where c.observed) as observed,
      count(*) filter (where c.state in ('missing', 'unexplained', 'still-held')) as drift
    from compared c join entitlement e on e.id = c.entitlement_id join person_current cp on cp.person_id = c.person_id
    where ${right} group by c.person_id)`
}

/** Data that the law protects more than others: Art. 9, Art. 10 and what is confidential. */
const PROTECTED = `('special', 'criminal', 'confidential')`

/**
 * Staff who come or go, one row a person, from the affiliations whose dates the reader may see. `leaves`: nothing is
 * left after it.
 */
export const movingSql = (
  today: string,
  days: { starts: number; ends: number; leaves: number },
  details: string,
): string => `
  select ac.person_id,
    bool_or(ac.status = 'future' and ac.starts_on <= ${today} + ${days.starts}) as starts,
    bool_or(ac.status = 'active' and ac.ends_on is not null and ac.ends_on <= ${today} + ${days.ends}) as ends,
    bool_and(ac.ends_on is not null and ac.ends_on <= ${today} + ${days.leaves}) and bool_and(ac.status = 'active') as leaves,
    min(ac.starts_on) filter (where ac.status = 'future') as starts_on, max(ac.ends_on) as ends_on
  from affiliation_current ac where ac.status <> 'ended' and ac.kind <> 'pupil' and ${details} group by ac.person_id`

function filters(query: Query, actor: Actor, today: string, q: Statement): string {
  const may = visibleTo(actor, q)
  const all: string[] = ['true']
  if (query.kind) all.push(`p.kind = ${q.bind(query.kind, 'text')}`)
  if (query.status) all.push(`p.status = ${q.bind(query.status, 'text')}`)
  if (query.unit) {
    const unit = q.bind([query.unit], 'uuid[]')
    all.push(`(p.unit_ids && ${unit} or p.unit_path && ${unit})`)
  }
  if (query.system)
    all.push(`p.person_id in (
      with ${comparisonSql('true', `RIGHT in (select id from entitlement where system_id = ${q.bind(query.system, 'uuid')})`)}
      select c.person_id from compared c join entitlement e on e.id = c.entitlement_id
        join person_current cp on cp.person_id = c.person_id where ${may.right('c', 'cp', 'e')})`)
  if (query.rule)
    all.push(`p.person_id in (
      select ac.person_id from derivation d join assignment a on a.derivation_id = d.id
        join affiliation_current ac on ac.affiliation_id = a.affiliation_id
        join entitlement e on e.id = a.entitlement_id join person_current cp on cp.person_id = ac.person_id
      where d.rule_key = ${q.bind(query.rule, 'text')} and ${may.assignment('ac', 'cp', 'e')})`)
  for (const [days, what] of [
    [query.startsWithin, 'starts'],
    [query.endsWithin, 'ends'],
    [query.leavesWithin, 'leaves'],
  ] as const)
    if (days !== undefined)
      all.push(`p.person_id in (
        select m.person_id from (${movingSql(q.bind(today, 'date'), { starts: days, ends: days, leaves: days }, may.affiliation('ac', 'details'))}) m
        where m.${what})`)
  if (query.locked)
    all.push(`exists (select from person_lock l join person i on i.id = l.person_id
        where l.released_at is null and coalesce(i.merged_into, i.id) = p.person_id)
      and exists (select from affiliation_current ac where ac.person_id = p.person_id and ${may.affiliation('ac', 'details')})`)
  if (query.onLeave) all.push(onLeaveSql(actor, q))
  if (query.protectedData || query.unexplained) all.push(rightsSql(query, actor, q))
  if (query.text) all.push(nearTextSql(query.text, actor, q))
  return all.join(' and ')
}

/** SQL condition on `person_current p`: on leave from a job that the reader knows details of. */
export const onLeaveSql = (actor: Actor, q: Statement): string =>
  `exists (select from affiliation_current ac where ac.person_id = p.person_id and ac.on_leave and ac.status = 'active'
    and ${visibleTo(actor, q).affiliation('ac', 'details')})`

/** By stored counts for those who see all rights of a person; by the rights that one may know of for everybody else. */
function rightsSql(query: Query, actor: Actor, q: Statement): string {
  if (seesWholePeople(actor)) {
    const asked = [
      ...(query.protectedData ? ['protected_data > 0'] : []),
      ...(query.unexplained ? ['unexplained > 0'] : []),
    ]
    return asked.map(one => `p.person_id in (select person_id from person_rights where ${one})`).join(' and ')
  }
  const mine = `mine as materialized (select m.person_id from person_current m where ${visibleTo(actor, q).person('m')})`
  const seen = (rows: string) => `
    select c.person_id from ${rows} c join entitlement e on e.id = c.entitlement_id
      join person_current cp on cp.person_id = c.person_id where ${visibleTo(actor, q).right('c', 'cp', 'e')}`
  return [
    ...(query.protectedData
      ? [
          `p.person_id in (with ${mine}, ${comparisonSql(
            'PERSON in (select person_id from mine)',
            `RIGHT in (select id from entitlement where sensitivity in ${PROTECTED})`,
          )} ${seen('compared')})`,
        ]
      : []),
    ...(query.unexplained
      ? [
          `p.person_id in (with ${mine}, ${deviationSql('select person_id from mine')} ${seen('deviation')} and c.observed)`,
        ]
      : []),
  ].join(' and ')
}

/**
 * Which people a list's text leaves: every word somewhere in names or user names, or the whole text an employee number;
 * where nobody's is spelt so, those that are but for one slip in a word, as in search.
 */
export function nearTextSql(text: string, actor: Actor, q: Statement): string {
  const spelt = speltSql(text, actor, q)
  if (spelt === null) return 'true'
  const raw = rawWords(text)
  const slips = raw.map(oneSlip)
  if (slips.every(slip => slip === null)) return `p.person_id in (${spelt})`
  return `p.person_id in (with spelt as materialized (${spelt})
    select person_id from spelt
    union all select s.person_id from person_current s where not exists (select from spelt)
      and ${nearWords('s.search', raw, slips, q, true)} and ${visibleTo(actor, q).name('s')})`
}

/** So many who fit are looked at of each way to fit; of more than that the eight that are shown are not the first of all. */
const CANDIDATES = 200
/** So many people the search box shows. */
export const SHOWN = 8

/**
 * The same, as it is spelt, for a box that shows a few while somebody types: those who have the first word as a word, those who have one
 * that begins so, those who have it anywhere, no more than `CANDIDATES` of each. Three letters fit a tenth of a country:
 * to go through all of them takes time by their number, and nobody reads them. So what a name or user name begins with is
 * looked up in sorted lists, other words only while there is room for more, and parts of words where not even as many
 * begin so as are shown.
 */
export function candidatesSql(text: string, actor: Actor, q: Statement): string {
  const may = visibleTo(actor, q)
  const words = searchWords(text)
  const [first] = words
  if (first === undefined) return 'true'
  const escaped = first.replace(/[\\%_]/g, '\\$&')
  const those = (fits: string) =>
    `(select c.person_id from person_current c where ${may.person('c')} and ${may.name('c')} and ${fits} limit ${CANDIDATES})`
  const like = (pattern: string) =>
    those([`c.search like ${q.bind(pattern, 'text')}`, ...likesOf('c', words.slice(1), q)].join(' and '))
  const anywhere = those(likesSql('c', text, q))
  const byNumber = byNumberSql(text, actor, q)
  // Of several words the rarer decides how many fit, and which that is the trigrams know.
  if (words.length > 1)
    return `p.person_id in (${like(`% ${escaped} %`)} union all ${like(`% ${escaped}%`)} union all ${anywhere} ${byNumber})`
  const start = q.bind(`${escaped}%`, 'text')
  const sorted = ['family_name', 'given_name', 'usernames'].map(column =>
    those(`search_fold(c.${column}) like ${start}`),
  )
  const word = `'${first.replace(/['\\]/g, '$&$&')}'`
  const hasWord = (asked: string) => those(`search_lexemes(c.search) @@ ${q.bind(asked, 'tsquery')}`)
  return `p.person_id in (
    with begins as materialized (${sorted.join(' union all ')}),
    further as materialized (
      select person_id from ${hasWord(`${word}:*`)} f where (select count(*) from begins) < ${CANDIDATES}),
    beginning as materialized (select person_id from begins union select person_id from further)
    ${hasWord(word)}
    union all select person_id from beginning
    union all select person_id from ${anywhere} a where (select count(*) from beginning) < ${SHOWN} ${byNumber})`
}

/**
 * SQL of people's ids (trigram index); null where no word is left to look for. A union, because an "or" over two tables
 * would read all people.
 */
function speltSql(text: string, actor: Actor, q: Statement): string | null {
  if (searchWords(text).length === 0) return null
  return `select s.person_id from person_current s where ${likesSql('s', text, q)} and ${visibleTo(actor, q).name('s')}
    ${byNumberSql(text, actor, q)}`
}

const likesSql = (table: string, text: string, q: Statement): string =>
  likesOf(table, searchWords(text), q).join(' and ')

function likesOf(table: string, words: readonly string[], q: Statement): string[] {
  // One letter is an initial.
  const pattern = (word: string) => (word.length === 1 ? `% ${containing(word).slice(1)}` : containing(word))
  return words.map(word => `${table}.search like ${q.bind(pattern(word), 'text')}`)
}

const byNumberSql = (text: string, actor: Actor, q: Statement): string =>
  /^[\p{L}\d-]*\d[\p{L}\d-]*$/u.test(text)
    ? `union all select ac.person_id from affiliation_current ac
       where ac.employee_no = ${q.bind(text, 'text')} and ${visibleTo(actor, q).affiliation('ac', 'details')}`
    : ''

function sortColumns(query: Query, shown: string, q: Statement): string {
  const first = searchWords(query.text ?? '')[0]
  const starts = first ? `(' ' || p.search like ${q.bind(`% ${first.replace(/[\\%_]/g, '\\$&')}%`, 'text')})` : 'true'
  return `${starts} as starts, case when ${shown} then p.family_name end as family_name,
    case when ${shown} then p.given_name end as given_name, u.name as unit, p.title`
}

function order(query: Query): string {
  const way = query.descending ? 'desc nulls last' : 'asc nulls last'
  const name = `family_name ${DANISH} ${way}, given_name ${DANISH} ${way}, person_id`
  switch (query.sort) {
    case 'unit':
      return `unit ${DANISH} ${way}, ${name}`
    case 'title':
      return `title ${DANISH} ${way}, ${name}`
    case 'expected':
    case 'drift':
      return `${query.sort} ${way}, ${name}`
    default:
      // What begins with the text stands before what only holds it.
      return `starts desc, ${name}`
  }
}
