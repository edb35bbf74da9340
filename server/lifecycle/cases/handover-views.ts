import type { ResponseOf } from '#contract/endpoint.ts'
import type { listHandovers } from '#contract/lifecycle-subject.ts'
import { personRefSql, visibleTo } from '../../access/visible.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { handoverFilter } from './case-sql.ts'

type Answer = ResponseOf<typeof listHandovers>
/** How near the last day is, in days: the notice within which somebody must be found. */
const NEAR = 14

const OPEN = (actor: Actor, q: Statement, today: string) =>
  `from case_handover h join lifecycle_case c on c.id = h.case_id
   left join org_unit_current u on u.unit_id = c.unit_id join person_current p on p.person_id = h.person_id
   left join person_current t on t.person_id = h.to_person_id
   where h.settled_at is null and h.due_on <= ${q.bind(today, 'date')} + ${NEAR}
     and ${visibleTo(actor, q).person('p')} and ${handoverFilter(actor, q)}`

/** A column for a home: how many the list holds. */
export const countHandoversSql = (actor: Actor, q: Statement, today: string): string =>
  `(select count(*) ${OPEN(actor, q, today)})`

/** Open handovers of reports that the reader may know of, the oldest first. One statement. */
export async function handoversView(
  tx: Tx,
  actor: Actor,
  page: { offset: number; limit: number },
  today: string,
): Promise<Answer> {
  const q = statement()
  const may = visibleTo(actor, q)
  const rows = await tx.query<Answer['rows'][number] & { all: number }>(
    `select h.case_id as "caseId", h.kind, h.subject_id as id, h.name, ${personRefSql('p', may.name('p'))} as person,
       ${personRefSql('t', may.name('t'))} as to, h.due_on as "dueOn", count(*) over ()::int as all
     ${OPEN(actor, q, today)}
     order by h.due_on, h.case_id, h.kind, h.name
     offset ${q.bind(page.offset, 'int')} limit ${q.bind(page.limit, 'int')}`,
    q.params,
  )
  return { rows: rows.map(({ all, ...row }) => row), total: rows[0]?.all ?? 0 }
}
