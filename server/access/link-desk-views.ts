import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { listLinkCases } from '#contract/links.ts'
import { linkSituation } from '#contract/shapes.ts'
import { containing, type Statement, searchWords, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { personRefSql, unitRefSql, visibleTo } from './visible.ts'

type Query = BodyOf<typeof listLinkCases>
type Answer = ResponseOf<typeof listLinkCases>
export type LinkCase = Answer['rows'][number]

/**
 * Waits for somebody: nobody is behind it and nobody has said that this is meant; or it has left its source and a person
 * must end it. Machines' accounts without an owner wait too; whose they are is what the desk is for.
 */
export const OPEN_SQL = (a: string): string => `(
  ${a}.situation in ('unlinked', 'disputed')
  or ${a}.situation = 'unmatched' and not ${a}.by_intent and not ${a}.out_of_scope
    and (${a}.kind = 'personal' or ${a}.owner_person_id is null and ${a}.owner_unit_id is null)
  or ${a}.situation = 'gone' and ${a}.gone_at is null)`

/** What an account is to the desk, as a row over `account a` with its person `p`. */
export function caseColumns(actor: Actor, q: Statement): string {
  const may = visibleTo(actor, q)
  return `a.id, a.source, coalesce(s.name, jsonb_build_object('da', a.source, 'en', a.source)) as "sourceName", a.username,
    a.kind, a.enabled, a.situation, a.situation_since as since, a.situation_run as "runId",
    jsonb_build_object('foundLinked', a.found_linked, 'outOfScope', a.out_of_scope, 'protected', a.kind <> 'personal',
      'byIntent', a.by_intent) as flags,
    a.reason, a.evidence, a.confidence, jsonb_array_length(a.candidates) as candidates,
    ${personRefSql('p', may.name('p'))} as person,
    jsonb_build_object('person', ${personRefSql('op', may.name('op'))}, 'unit', ${unitRefSql('ou')}) as owner,
    (select count(*)::int from observed_right o where o.account_id = a.id) as observed,
    (select case when bool_or(k.decided_by = 'person') then 'person' else 'rule' end from account_link k
     where k.account_id = a.id and k.until is null and k.verdict <> 'not') as "decidedBy"`
}
export const CASE_JOINS = `left join source s on s.key = a.source left join person_current p on p.person_id = a.person_id
  left join person_current op on op.person_id = a.owner_person_id left join org_unit_current ou on ou.unit_id = a.owner_unit_id`

/** The desk: two statements and the open ones per source. */
export async function linkCasesView(tx: Tx, actor: Actor, query: Query): Promise<Answer> {
  const q = statement()
  const columns = caseColumns(actor, q)
  const filter = conditions(query, actor, q)
  const situation = query.situation ? `a.situation = ${q.bind(query.situation, 'text')}` : 'true'
  const order = {
    age: 'a.situation_since, lower(a.username), a.id',
    username: 'lower(a.username), a.source, a.id',
    rights: '(select count(*) from observed_right o where o.account_id = a.id) desc, a.situation_since, a.id',
  }[query.sort]
  const rows = await tx.query<LinkCase & { since: Date }>(
    `select ${columns} from account a ${CASE_JOINS} where ${filter} and ${situation}
     order by ${order} offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`,
    q.params,
  )
  const c = statement()
  const counted = await tx.query<{ situation: string; n: number }>(
    `select a.situation, count(*)::int as n from account a left join person_current p on p.person_id = a.person_id
     where ${conditions(query, actor, c)} group by a.situation`,
    c.params,
  )
  const of = (one: string) => counted.find(row => row.situation === one)?.n ?? 0
  const counts = Object.fromEntries(linkSituation.options.map(one => [one, of(one)])) as Answer['counts']
  const o = statement()
  const sources = await tx.query<Answer['sources'][number]>(
    `select a.source as key, coalesce(s.name, jsonb_build_object('da', a.source, 'en', a.source)) as name,
       count(*) filter (where ${OPEN_SQL('a')})::int as open
     from account a left join source s on s.key = a.source left join person_current p on p.person_id = a.person_id
     where ${visibleTo(actor, o).account('a', 'p')} group by a.source, s.name order by a.source`,
    o.params,
  )
  return {
    rows: rows.map(row => ({ ...row, since: row.since.toISOString() })),
    total: query.situation ? counts[query.situation] : counted.reduce((sum, row) => sum + row.n, 0),
    counts,
    sources,
  }
}

const FLAGS = {
  foundLinked: 'a.found_linked',
  outOfScope: 'a.out_of_scope',
  protected: `a.kind <> 'personal'`,
  byIntent: 'a.by_intent',
}

function conditions(query: Query, actor: Actor, q: Statement): string {
  const may = visibleTo(actor, q)
  const all = [may.account('a', 'p')]
  if (query.open) all.push(OPEN_SQL('a'))
  if (query.flag) all.push(FLAGS[query.flag])
  if (query.reason) all.push(`a.reason = ${q.bind(query.reason, 'text')}`)
  if (query.source) all.push(`a.source = ${q.bind(query.source, 'text')}`)
  if (query.kind) all.push(`a.kind = ${q.bind(query.kind, 'text')}`)
  if (query.enabled !== undefined) all.push(`a.enabled = ${q.bind(query.enabled, 'boolean')}`)
  if (query.olderThanDays !== undefined)
    all.push(`a.situation_since <= now() - make_interval(days => ${q.bind(query.olderThanDays, 'int')})`)
  const words = searchWords(query.text ?? '')
  if (words.length > 0) {
    const like = (column: string) =>
      words.map(word => `${column} like ${q.bind(containing(word), 'text')}`).join(' and ')
    all.push(`a.id in (
      select m.id from account m where ${like('search_fold(m.username)')}
      union all
      select m.id from person_current s join account m on m.person_id = s.person_id
      where ${like('s.search')} and ${visibleTo(actor, q).name('s')})`)
  }
  return all.join(' and ')
}
