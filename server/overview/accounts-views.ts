import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import { linkSituation } from '#contract/shapes.ts'
import type { listAccounts } from '#contract/systems.ts'
import { personRefSql, visibleTo } from '../access/visible.ts'
import { containing, type Statement, searchWords, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'

type Query = BodyOf<typeof listAccounts>
type Answer = ResponseOf<typeof listAccounts>

/** How long an account may go unused before it is called unused; managers get no other figure than this. */
export const UNUSED_SQL = (acc: string) => `${acc}.last_sign_in < now() - interval '90 days'`
/** Enabled, a person's own, and everybody behind it has left. */
export const LEAVER_SQL = (acc: string, p: string) =>
  `${acc}.enabled and ${acc}.kind = 'personal' and ${acc}.gone_at is null and ${p}.status = 'ended'`

/** Accounts, those that need somebody first; counts a situation over the same filters but the situation. Two statements. */
export async function accountsView(tx: Tx, actor: Actor, query: Query): Promise<Answer> {
  const q = statement()
  const may = visibleTo(actor, q)
  const shown = may.name('p')
  const filter = conditions(query, actor, q)
  // What has left the source is listed only when asked for.
  const situation = query.situation ? `a.situation = ${q.bind(query.situation, 'text')}` : `a.situation <> 'gone'`
  const rows = await tx.query<Answer['rows'][number]>(
    `with found as (
       select a.* from account a left join person_current p on p.person_id = a.person_id
       where ${may.account('a', 'p')} and ${filter} and ${situation}
       order by array_position(array['disputed', 'unmatched', 'unlinked', 'linked', 'gone'], a.situation),
         lower(a.username), a.source, a.id
       offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}
     )
     select a.id, a.source, a.username, a.kind, a.situation, a.enabled, ${UNUSED_SQL('a')} as unused90,
       ${personRefSql('p', shown)} as person,
       (select count(*) from observed_right o join entitlement e on e.id = o.entitlement_id
        where o.account_id = a.id and ${may.observed('a', 'p', 'e')}) as observed,
       case
         when a.situation = 'disputed' then 'several-people'
         when a.situation <> 'unmatched' then null
         when a.kind <> 'personal' then 'not-personal'
         when a.employee_no is null and a.person_key is null then 'no-number'
         else 'number-unknown'
       end as reason
     from found a left join person_current p on p.person_id = a.person_id
     order by array_position(array['disputed', 'unmatched', 'unlinked', 'linked', 'gone'], a.situation),
       lower(a.username), a.source, a.id`,
    q.params,
  )
  const c = statement()
  const counted = await tx.query<{ situation: string; n: number }>(
    `select a.situation, count(*) as n from account a left join person_current p on p.person_id = a.person_id
     where ${visibleTo(actor, c).account('a', 'p')} and ${conditions(query, actor, c)} group by a.situation`,
    c.params,
  )
  const of = (one: string) => counted.find(row => row.situation === one)?.n ?? 0
  const counts = Object.fromEntries(linkSituation.options.map(one => [one, of(one)])) as Answer['counts']
  const total = query.situation
    ? counts[query.situation]
    : counted.reduce((sum, row) => sum + (row.situation === 'gone' ? 0 : row.n), 0)
  return { rows, total, counts }
}

function conditions(query: Query, actor: Actor, q: Statement): string {
  const all = ['true']
  if (query.source) all.push(`a.source = ${q.bind(query.source, 'text')}`)
  if (query.kind) all.push(`a.kind = ${q.bind(query.kind, 'text')}`)
  if (query.enabled !== undefined) all.push(`a.enabled = ${q.bind(query.enabled, 'boolean')}`)
  if (query.unused90 !== undefined) all.push(`(${UNUSED_SQL('a')}) is ${query.unused90 ? '' : 'not '}true`)
  if (query.leaver !== undefined) all.push(`(${LEAVER_SQL('a', 'p')}) is ${query.leaver ? '' : 'not '}true`)
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
