import type { listLookupSamples } from '#contract/compliance.ts'
import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import { personRefSql, visibleTo } from '../../access/visible.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows } from '../../policy/policy.ts'

type Names = (tx: Tx, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
type Answer = ResponseOf<typeof listLookupSamples>

/** Three statements. The reason of a lookup is there for as long as the log keeps it. */
export async function samplesView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof listLookupSamples>,
  names: Names,
): Promise<Answer> {
  const q = statement()
  const may = visibleTo(actor, q)
  const rows = await tx.query<Omit<Answer['rows'][number], 'at' | 'allowed'> & { at: Date; total: number }>(
    `select s.entry_id as "entryId", s.month, e.at, e.action, e.actor_function as "byFunction", e.actor_user_id as by,
       case when ${may.person('p')} then ${personRefSql('p', may.name('p'))} end as person,
       y.body::jsonb #>> '{detail,reason}' as reason, s.answer, s.note, (count(*) over ())::int as total
     from lookup_sample s join audit_entry e on e.id = s.entry_id
     left join audit_payload y on y.entry_id = e.id
     left join person i on i.id = e.person_id left join person_current p on p.person_id = coalesce(i.merged_into, i.id)
     ${query.open ? 'where s.answer is null' : ''}
     order by s.month desc, s.entry_id offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`,
    q.params,
  )
  const months = await tx.query<Answer['months'][number]>(
    `select month, count(*)::int as drawn, count(answer)::int as answered, (count(*) filter (where answer = 'not-work'))::int as "notWork"
     from lookup_sample group by month order by month desc limit 12`,
  )
  const known = await names(
    tx,
    rows.flatMap(row => row.by ?? []),
  )
  return {
    rows: rows.map(({ total: _, ...row }) => ({
      ...row,
      at: row.at.toISOString(),
      by: row.by === null ? null : (known.get(row.by) ?? null),
      allowed: {
        answer:
          row.answer === null &&
          allows(actor, 'verify', 'LookupSample', { by: row.by === actor.userId ? 'self' : 'other' }),
      },
    })),
    total: rows[0]?.total ?? 0,
    months,
  }
}
