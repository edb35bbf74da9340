import { visibleTo } from '../../access/visible.ts'
import { MANUAL } from '../../people/fact.ts'
import type { Statement } from '../../platform/statement.ts'
import type { Actor } from '../../policy/actor.ts'
import { can, sqlFor } from '../../policy/policy.ts'
import { caseFilter } from '../cases/case-sql.ts'

/*
 * What has been said, by origin, in one shape: `origin, id, what, source, person_id, effective_on, at, state, why, actor,
 * ref`. Each part gives its newest rows first, so that a list of all is a merge of their beginnings.
 */

export type SaidOrigin = 'event' | 'report' | 'file' | 'manual'
/** SQL of rows of the shape, without an order; null where the actor may read none. */
type Part = (actor: Actor, q: Statement) => string | null

/** Facts that files state are about people and what they do here; units and titles are not anybody's. */
const KINDS = `('person', 'affiliation')`

/**
 * The parts that the actor may read, or the one of an origin. A confidential report is in none of them, whoever reads,
 * until it is released.
 */
export function saidParts(actor: Actor, q: Statement, origin?: SaidOrigin): string[] {
  const parts = { event: eventsSql, report: reportsSql, file: filesSql, manual: manualSql }
  const wanted = origin ? [parts[origin]] : Object.values(parts)
  return wanted.flatMap(part => part(actor, q) ?? [])
}

const eventsSql: Part = (actor, q) => {
  const seen = q.use(startAt =>
    sqlFor(actor, 'read', 'HrEvent', { feed: { sql: 'e.feed', type: 'text' } }, { startAt }),
  )
  return `select 'event' as origin, e.id::text as id, e.type as what, e.feed as source, s.person_id,
      e.effective_on::text as effective_on, e.received_at as at, s.state, s.why, null::uuid as actor, e.id as ref
    from hr_event e join hr_event_state s on s.event_id = e.id where ${seen}`
}

const reportsSql: Part = (actor, q) =>
  `select 'report', c.id::text, c.kind || case when c.door = 'plain' then '' else '/' || c.door end, null, c.person_id,
      c.effective_on::text, c.sent_at,
      case when c.state = 'withdrawn' then 'taken-back' when c.stated_at is null then 'waiting' else 'applied' end,
      case when c.state <> 'withdrawn' and c.stated_at is null then 'not-stated' end, c.sent_by, c.id
    from lifecycle_case c left join org_unit_current u on u.unit_id = c.unit_id
    where c.sent_at is not null and not (c.confidential and c.released_at is null) and ${caseFilter(actor, q, 'c', 'u')}`

const manualSql: Part = (actor, q) =>
  `select 'manual', encode(f.hash, 'hex'), case when f.op = 'retract' then 'retract'
        else (select string_agg(k, ', ' order by k) from jsonb_object_keys(f.attrs) as k) end,
      null, p.person_id, lower(f.valid)::text, f.recorded_at,
      case when exists (select from fact r where r.subject_id = f.subject_id and r.retracts = f.hash) then 'taken-back' else 'applied' end,
      null, f.actor_id, null::uuid
    from fact f left join affiliation a on f.subject_kind = 'affiliation' and a.id = f.subject_id
    join person i on i.id = case when f.subject_kind = 'person' then f.subject_id else a.person_id end
    join person_current p on p.person_id = coalesce(i.merged_into, i.id)
    where f.source = '${MANUAL}' and f.subject_kind in ${KINDS} and ${visibleTo(actor, q).person('p')}`

const filesSql: Part = (actor, q) => (can(actor, 'run.read') ? filesOf(visibleTo(actor, q).person('p')) : null)

/**
 * Rows of files and directories: those that were carried out, those that wait for a person, and those that nobody could
 * read. What is about somebody whom the reader may not know of, a pupil for instance, is not there at all.
 */
const filesOf = (
  mayKnow: string,
): string => `select 'file', r.id || '/' || i.n, i.op || '-' || i.kind, r.source, coalesce(a.person_id, k.person_id),
    case when i.op = 'add' then i.after ->> 'startsOn'
      when i.before -> 'endsOn' is distinct from i.after -> 'endsOn' then i.after ->> 'endsOn' end,
    r.started_at,
    case when i.state = 'planned' and pl.state in ('rejected', 'stale') or i.state in ('rejected', 'stale') then 'set-aside'
      when i.state = 'planned' then 'received' else i.state end,
    case when i.state = 'held' then 'guard'
      when i.state = 'rejected' or pl.state = 'rejected' then 'refused' when i.state = 'stale' or pl.state = 'stale' then 'overtaken' end,
    null::uuid, r.id
  from feed_run r join plan pl on pl.id = r.plan_id join plan_item i on i.plan_id = pl.id and i.kind in ${KINDS}
  left join affiliation a on i.kind = 'affiliation' and a.source = r.source and a.key = i.key
  left join person_key k on i.kind = 'person' and k.source = r.source and k.key = i.key
  left join person o on o.id = coalesce(a.person_id, k.person_id)
  left join person_current p on p.person_id = coalesce(o.merged_into, o.id)
  where not r.dry_run and case when p.person_id is null then o.realm is distinct from 'pupil' else ${mayKnow} end
  union all
  select 'file', r.id || '/x' || x.n, 'reject-' || coalesce(x.kind, 'row'), r.source, null, null, r.started_at, 'failed',
    'unreadable', null, r.id
  from feed_run r join feed_reject x on x.run_id = r.id and coalesce(x.kind, 'row') in ('person', 'affiliation', 'row')
  where not r.dry_run`
