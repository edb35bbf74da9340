import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { listCases } from '#contract/lifecycle.ts'
import { unitRefSql, visibleTo } from '../../access/visible.ts'
import { containing, type Statement, searchWords, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { caseFilter, stageSql } from './case-sql.ts'

type Query = BodyOf<typeof listCases>
type Answer = ResponseOf<typeof listCases>

const JOINS = `from lifecycle_case c left join org_unit_current u on u.unit_id = c.unit_id
  left join person_current p on p.person_id = c.person_id`
const WRITTEN = `trim(concat(c.form #>> '{person,givenName}', ' ', c.form #>> '{person,familyName}'))`

/** May the reader see whom it is about? A protected name in a draft is for those who may change it. */
const nameSql = (actor: Actor, q: Statement) => {
  const may = visibleTo(actor, q)
  const known = may.name('p')
  const changes = caseFilter(actor, q, 'c', 'u', 'change')
  // Of somebody whom the reader may not know of, the report says what was typed.
  return `case when p.person_id is not null and ${may.person('p')} then case when ${known} then p.name end
    when (c.form #>> '{person,protected}') = 'true' and not ${changes} then null else nullif(${WRITTEN}, '') end`
}

/** Reports that the reader may know of, what needs somebody first. Two statements. */
export async function casesView(tx: Tx, actor: Actor, query: Query, today: string): Promise<Answer> {
  const q = statement()
  const day = q.bind(today, 'date')
  const rows = await tx.query<Answer['rows'][number]>(
    `with seen as (
       select c.*, ${stageSql('c', day)} as stage, ${nameSql(actor, q)} as shown, u.unit_id as at_unit, u.name as unit_name,
         coalesce(p.protected, (c.form #>> '{person,protected}') = 'true', false) as is_protected
       ${JOINS} where ${caseFilter(actor, q, 'c', 'u')} and ${filters(actor, query, q)}
     )
     select c.id, c.kind, c.door, c.stage,
       jsonb_build_object('personId', c.person_id, 'name', c.shown, 'protected', c.is_protected) as about,
       ${unitRefSql('u')} as unit, nullif(c.form #>> '{affiliation,title}', '') as title, c.effective_on as "effectiveOn",
       c.confidential and c.released_at is null as confidential, c.deadline,
       coalesce(ap.name, au.display_name, au.username) as author,
       to_char(c.updated_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "updatedAt",
       (select count(*)::int from lifecycle_approval a where a.case_id = c.id and a.state = 'waiting') as waiting
     from seen c left join org_unit_current u on u.unit_id = c.unit_id
     left join tool_user au on au.id = c.author
     left join person_current ap on ap.person_id = au.person_id and not ap.protected
     where ${named(query, q, 'c.shown')} and ${query.stage ? `c.stage = ${q.bind(query.stage, 'text')}` : 'true'}
     order by c.stage in ('done', 'withdrawn'), c.state not in ('draft', 'prepared'), c.effective_on nulls first,
       c.updated_at desc, c.id
     offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`,
    q.params,
  )
  const n = statement()
  const now = n.bind(today, 'date')
  const counts = await tx.query<{ stage: keyof Answer['stages']; n: number }>(
    `select stage, count(*)::int as n from (
       select ${stageSql('c', now)} as stage, ${nameSql(actor, n)} as shown
       ${JOINS} where ${caseFilter(actor, n, 'c', 'u')} and ${filters(actor, query, n)}) c
     where ${named(query, n, 'c.shown')} group by stage`,
    n.params,
  )
  const none = { draft: 0, prepared: 0, waiting: 0, sent: 0, running: 0, done: 0, withdrawn: 0 }
  const stages = { ...none, ...Object.fromEntries(counts.map(row => [row.stage, row.n])) }
  const total = query.stage ? stages[query.stage] : counts.reduce((sum, row) => sum + row.n, 0)
  return { rows, total, stages }
}

const named = (query: Query, q: Statement, name: string): string =>
  searchWords(query.text ?? '')
    .map(word => `search_fold(${name}) like ${q.bind(containing(word), 'text')}`)
    .join(' and ') || 'true'

function filters(actor: Actor, query: Query, q: Statement): string {
  const all = ['true']
  if (query.kind) all.push(`c.kind = ${q.bind(query.kind, 'text')}`)
  if (query.unit) all.push(`u.path @> array[${q.bind(query.unit, 'uuid')}]`)
  if (query.mine) all.push(`${q.bind(actor.userId, 'uuid')} in (c.author, c.sent_by)`)
  return all.join(' and ')
}
