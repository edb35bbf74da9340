import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { searchSaid } from '#contract/fact-inbox.ts'
import { nameOfType } from '#contract/hr-event-types.ts'
import { visibleTo } from '../../access/visible.ts'
import { type Statement, searchWords, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { saidParts } from './said-sql.ts'

type Query = BodyOf<typeof searchSaid>
type Answer = ResponseOf<typeof searchSaid>

/** Everything that was said and the reader may see, the newest first, with what became of it. Two statements. */
export async function saidView(tx: Tx, actor: Actor, query: Query): Promise<Answer> {
  const q = statement()
  const meant = await peopleMeant(tx, actor, query.text)
  const until = `limit ${q.bind(query.offset + query.limit, 'int')}`
  const newest = 'order by at desc, id desc'
  const parts = saidParts(actor, q, query.origin)
  const where = filters(q, query, meant)
  const may = visibleTo(actor, q)
  const counts = await countsOf(tx, actor, meant)
  if (parts.length === 0) return { rows: [], total: 0, counts }
  const rows = await tx.query<Answer['rows'][number]>(
    `with said (origin, id, what, source, person_id, effective_on, at, state, why, actor, ref) as (
       ${parts
         .map(
           part =>
             `(select * from (${part}) as part (origin, id, what, source, person_id, effective_on, at, state, why, actor, ref) where ${where} ${newest} ${until})`,
         )
         .join(' union all ')}
     ), page as (
       select * from said ${newest} offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}
     )
     select x.origin, x.id, x.what, x.source, x.effective_on as "effectiveOn", x.state, x.why, x.ref,
       to_char(x.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
       case when p.person_id is not null then jsonb_build_object('id', p.person_id, 'protected', p.protected,
         'name', case when ${may.person('p')} and ${may.name('p')} then p.name end) end as person,
       coalesce(ap.name, case when au.person_id is null then coalesce(au.display_name, au.username) end) as by
     from page x left join person i on i.id = x.person_id
     left join person_current p on p.person_id = coalesce(i.merged_into, i.id)
     left join tool_user au on au.id = x.actor left join person_current ap on ap.person_id = au.person_id and not ap.protected
     order by x.at desc, x.id desc`,
    q.params,
  )
  const total = counts
    .filter(one => (query.origin ?? one.origin) === one.origin && (query.state ?? one.state) === one.state)
    .reduce((sum, one) => sum + one.count, 0)
  return { rows: rows.map(row => ({ ...row, what: wordOf(row) })), total, counts }
}

/** A type of event by its short name, where it is one that is known. */
const wordOf = ({ origin, what }: { origin: string; what: string }): string =>
  origin === 'event' ? (nameOfType(what) ?? what) : what

async function countsOf(tx: Tx, actor: Actor, meant: readonly string[] | null): Promise<Answer['counts']> {
  const q = statement()
  const parts = saidParts(actor, q)
  const where = filters(q, {}, meant)
  return tx.query(
    `select origin, state, count(*)::int as count from (${parts.join(' union all ')})
       as said (origin, id, what, source, person_id, effective_on, at, state, why, actor, ref)
     where ${where} group by origin, state order by origin, state`,
    q.params,
  )
}

function filters(q: Statement, query: Pick<Query, 'state'>, meant: readonly string[] | null): string {
  const all = ['true']
  if (query.state) all.push(`state = ${q.bind(query.state, 'text')}`)
  if (meant) all.push(`person_id = any(${q.bind(meant, 'uuid[]')})`)
  return all.join(' and ')
}

/** Ids, also merged ones, of people with this name that the reader may be shown; null: nobody was asked for. */
async function peopleMeant(tx: Tx, actor: Actor, text: string | undefined): Promise<string[] | null> {
  const words = searchWords(text ?? '')
  if (words.length === 0) return null
  const q = statement()
  const may = visibleTo(actor, q)
  const rows = await tx.query<{ id: string }>(
    `select i.id from person_current p join person i on coalesce(i.merged_into, i.id) = p.person_id
     where ${may.person('p')} and ${may.name('p')}
       and ${words.map(word => `p.search like '% ' || ${q.bind(word, 'text')} || '%'`).join(' and ')} limit 1000`,
    q.params,
  )
  return rows.map(row => row.id)
}
