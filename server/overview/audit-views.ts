import type { getAuditEntry, listAudit } from '#contract/audit.ts'
import type { BodyOf, ParamsOf, ResponseOf } from '#contract/endpoint.ts'
import { visibleTo } from '../access/visible.ts'
import { releasedOnly } from '../audit/lookup-views.ts'
import { type Statement, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import type { ColumnMap } from '../policy/condition-to-sql.ts'
import { sqlFor } from '../policy/policy.ts'

type Query = BodyOf<typeof listAudit>
type Answer = ResponseOf<typeof listAudit>
type Entry = ResponseOf<typeof getAuditEntry>

const columns = {
  lookup: { sql: 'e.lookup', type: 'bool' },
  personId: { sql: 'e.person_id', type: 'uuid' },
} satisfies ColumnMap

/** Entries that the actor may read; one under a confidential case is there only from its release. */
const readable = (actor: Actor, q: Statement) =>
  `${q.use(startAt => sqlFor(actor, 'read', 'Audit', columns, { startAt }))} and ${releasedOnly('e')}`

const rowColumns = (actor: Actor, q: Statement) => {
  const may = visibleTo(actor, q)
  return `e.id, ${instant('e.at')} as at, e.actor_kind as "actorKind", e.actor_function as "actorFunction", e.action,
    e.subject_kind as "subjectKind", e.subject_id as "subjectId", e.lookup, ${instant('s.sealed_at')} as "sealedAt",
    case when e.actor_user_id is not null then jsonb_build_object('userId', e.actor_user_id,
      'name', coalesce(case when ${may.name('ap')} then ap.name end, u.display_name, u.username, e.actor_user_id::text)) end as actor,
    case when e.person_id is not null then jsonb_build_object('id', coalesce(pi.merged_into, e.person_id),
      'name', case when ${may.person('p')} and ${may.name('p')} then p.name end,
      'protected', coalesce(p.protected, false)) end as person`
}
const joins = `
  left join audit_seal s on s.entry_id = e.id
  left join tool_user u on u.id = e.actor_user_id
  left join person_current ap on ap.person_id = u.person_id
  left join person pi on pi.id = e.person_id
  left join person_current p on p.person_id = coalesce(pi.merged_into, e.person_id)`
const instant = (sql: string) => `to_char(${sql} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** Newest first, in three statements: the page, how many there are, and the actions to choose from. */
export async function auditView(tx: Tx, actor: Actor, query: Query): Promise<Answer> {
  const q = statement()
  const rows = await tx.query<Answer['rows'][number]>(
    `with page as (
       select e.* from audit_entry e where ${readable(actor, q)} and ${filters(query, q)}
       order by e.at desc, e.id desc offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}
     )
     select ${rowColumns(actor, q)} from page e ${joins} order by e.at desc, e.id desc`,
    q.params,
  )
  const c = statement()
  const [count] = await tx.query<{ total: number }>(
    `select count(*) as total from audit_entry e where ${readable(actor, c)} and ${filters(query, c)}`,
    c.params,
  )
  const a = statement()
  const actions = await tx.query<{ action: string }>(
    `select distinct e.action from audit_entry e where ${readable(actor, a)} order by e.action`,
    a.params,
  )
  return { rows, total: count?.total ?? 0, actions: actions.map(row => row.action) }
}

function filters(query: Query, q: Statement): string {
  const all = ['true']
  // Days of the town hall, not of UTC.
  const midnight = (date: string) => `(${q.bind(date, 'date')}::timestamp at time zone 'Europe/Copenhagen')`
  if (query.from) all.push(`e.at >= ${midnight(query.from)}`)
  if (query.to) all.push(`e.at < ${midnight(query.to)} + interval '1 day'`)
  if (query.action) all.push(`e.action = ${q.bind(query.action, 'text')}`)
  if (query.actorUser) all.push(`e.actor_user_id = ${q.bind(query.actorUser, 'uuid')}`)
  if (query.person) {
    const person = q.bind(query.person, 'uuid')
    all.push(`e.person_id = any(array(select id from person where merged_into = ${person}) || ${person})`)
  }
  if (query.subjectKind) all.push(`e.subject_kind = ${q.bind(query.subjectKind, 'text')}`)
  if (query.subjectId) all.push(`e.subject_id = ${q.bind(query.subjectId, 'text')}`)
  if (query.lookup !== undefined) all.push(`e.lookup = ${q.bind(query.lookup, 'boolean')}`)
  return all.join(' and ')
}

/** For a home: how many entries the log shows who asks for these; SQL of a number. */
export const countAuditSql = (actor: Actor, query: Pick<Query, 'lookup' | 'from'>, q: Statement): string =>
  `(select count(*) from audit_entry e where ${readable(actor, q)} and ${filters({ ...query, offset: 0, limit: 1 }, q)})`

type EntryRow = Omit<Entry, 'before' | 'after' | 'detail'> & { body: string | null }

/** One entry with what it was about; null where there is none that the actor may read. */
export async function auditEntryView(
  tx: Tx,
  actor: Actor,
  { entryId }: ParamsOf<typeof getAuditEntry>,
): Promise<Entry | null> {
  const q = statement()
  const [row] = await tx.query<EntryRow>(
    `select ${rowColumns(actor, q)}, e.request_id as "requestId", ${instant('b.erased_at')} as "erasedAt", b.body,
       case when s.seq is not null then jsonb_build_object('seq', s.seq, 'hash', encode(s.hash, 'hex')) end as seal
     from audit_entry e ${joins} left join audit_payload b on b.entry_id = e.id
     where e.id = ${q.bind(entryId, 'bigint')} and ${readable(actor, q)}`,
    q.params,
  )
  if (!row) return null
  const { body, ...entry } = row
  const payload = (body === null ? {} : JSON.parse(body)) as { before?: unknown; after?: unknown; detail?: unknown }
  return {
    ...entry,
    before: payload.before ?? null,
    after: payload.after ?? null,
    detail: payload.detail ?? null,
  }
}
