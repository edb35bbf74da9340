import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { listDecisions } from '#contract/findings.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { personRefSql, visibleTo } from '../visible.ts'
import type { NamesOf } from './findings-views.ts'

type Answer = ResponseOf<typeof listDecisions>
type Stored = Omit<Answer['rows'][number], 'at'> & { at: Date; total: number }
const DAYS = 30

/**
 * What was decided or handed over in one go, the latest first, as far as the reader may know of it. It can be undone as long
 * as something of it stands, by whoever may decide about all of that. Two statements.
 */
export async function decisionsView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof listDecisions>,
  { now, userNames }: { now: Date; userNames: NamesOf },
): Promise<Answer> {
  const q = statement()
  const may = visibleTo(actor, q)
  const toName = may.name('tp')
  const rows = await tx.query<Stored>(
    `with one as (
       select e.batch_id, e.at, e.by, e.action, e.after, ${may.finding('f', 'p')} and (f.person_id is null or ${may.person('p')}) as seen,
         ${may.finding('f', 'p', 'decide')} as mine,
         case e.action when 'assigned' then f.closed_at is null and f.owner_person_id is not distinct from (e.after ->> 'assignee')::uuid
             and f.owner_person_id is distinct from (e.before ->> 'assignee')::uuid
             and not exists (select from finding_event l where l.finding_id = f.id and l.id > e.id and l.action = 'assigned')
           else f.batch_id = e.batch_id and (f.closed_at is null or e.action in ('exception', 'end')) end as stands,
         case e.action when 'assigned' then true else f.batch_id = e.batch_id end as asked
       from finding_event e join finding f on f.id = e.finding_id left join person_current p on p.person_id = f.person_id
       where e.batch_id is not null and e.at > ${q.bind(now, 'timestamptz')} - interval '${DAYS} days'
     ), batch as (
       select batch_id, min(at) as at, min(by) as by, min(action) as action, min(after ->> 'reason') as reason,
         min(after ->> 'until') as until, min(after ->> 'assignee')::uuid as to_id, count(*) filter (where seen)::int as count,
         count(*) filter (where seen and stands)::int as "left", bool_and(seen and mine) filter (where asked) as all_mine
       from one group by batch_id having bool_or(seen)
     ), page as (
       select *, count(*) over ()::int as total from batch order by at desc, batch_id
       offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}
     )
     select b.total, b.batch_id as "batchId", b.at, b.by, b.action, b.count, b."left", b.reason, b.until,
       ${personRefSql('tp', toName)} as to, b."left" > 0 and b.all_mine as "mayUndo"
     from page b left join person_current tp on tp.person_id = b.to_id order by b.at desc, b.batch_id`,
    q.params,
  )
  const by = [...new Set(rows.flatMap(row => row.by ?? []))]
  const names = by.length === 0 ? new Map<string, string>() : await userNames(tx, by)
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map(({ total: _, at, by: who, ...row }) => ({
      ...row,
      at: at.toISOString(),
      by: who === null ? null : (names.get(who) ?? who),
    })),
  }
}
