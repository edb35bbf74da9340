import type { listHolds } from '#contract/compliance.ts'
import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import { personRefSql, visibleTo } from '../../access/visible.ts'
import { addDays } from '../../platform/civil-date.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { can } from '../../policy/policy.ts'
import { type CaseFacts, mayKnow } from './held-case.ts'
import { caseFacts } from './hold-store.ts'

/** So long before it runs out a hold asks to be looked at. */
export const SOON_DAYS = 30

type Row = ResponseOf<typeof listHolds>['rows'][number]

/** One statement. Those in force first, the one that runs out next on top. */
export async function holdsView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof listHolds>,
  today: string,
): Promise<ResponseOf<typeof listHolds>> {
  const q = statement()
  const may = visibleTo(actor, q)
  const day = q.bind(today, 'date')
  const rows = await tx.query<
    Omit<Row, 'placedAt' | 'hidden'> & { placedAt: Date; total: number; soonCount: number; report: CaseFacts | null }
  >(
    `with held as (
       select h.*, ${caseFacts('c')} as report, coalesce(c.person_id, case when h.kind = 'person' then h.subject_id end) as about,
         case when h.ended_at is not null then 'ended' when h.expires_on <= ${day} then 'expired'
           when h.expires_on <= ${q.bind(addDays(today, SOON_DAYS), 'date')} then 'soon' else 'in-force' end as state
       from legal_hold h left join lifecycle_case c on h.kind = 'case' and c.id = h.subject_id),
     shown as (select * from held where ${query.all ? 'true' : `state <> 'ended'`})
     select s.id, s.kind, s.subject_id as "subjectId", case when ${may.person('p')} then ${personRefSql('p', may.name('p'))} end as person,
       case when ${may.person('o')} then ${personRefSql('o', may.name('o'))} end as owner, s.reason, s.placed_at as "placedAt", s.expires_on as "expiresOn", s.state,
       s.ended_reason as "endedReason", s.report, (select count(*) from shown)::int as total,
       (select count(*) from held where state = 'soon')::int as "soonCount"
     from shown s left join person a on a.id = s.about
     left join person_current p on p.person_id = coalesce(a.merged_into, a.id)
     left join person_current o on o.person_id = s.owner_id
     order by s.ended_at is not null, s.expires_on, s.id offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`,
    q.params,
  )
  return {
    rows: rows.map(({ total: _, soonCount: __, placedAt, report, ...row }) => ({
      ...row,
      ...(mayKnow(actor, report) ? { hidden: false } : { hidden: true, person: null, reason: null, endedReason: null }),
      placedAt: placedAt.toISOString(),
    })),
    total: rows[0]?.total ?? 0,
    soon: rows[0]?.soonCount ?? 0,
    allowed: { change: can(actor, 'hold.change') },
  }
}
