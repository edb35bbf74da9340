import type { z } from 'zod'
import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { Approval } from '#contract/lifecycle.ts'
import type { approvalRow, listApprovals } from '#contract/lifecycle-desk.ts'
import { personRefSql, unitRefSql, visibleTo } from '../../access/visible.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import type { ColumnMap } from '../../policy/condition-to-sql.ts'
import { allows, sqlFor } from '../../policy/policy.ts'
import type { PolicyAction } from '../../policy/subjects.ts'
import type { StoredApproval } from './approval-store.ts'

type Row = z.output<typeof approvalRow>

/** Where the names of the policy stand, over `lifecycle_approval a`, its case `c` and its right `e`. */
const columns = (me: string, mine: string) =>
  ({
    asked: {
      sql: `case when c.sent_by = ${me} or ${mine} in (c.sent_person_id, a.person_id) then 'self' else 'other' end`,
      type: 'text',
    },
    via: { sql: 'a.via', type: 'text' },
    systemId: { sql: 'e.system_id', type: 'uuid' },
    unitId: { sql: 'a.unit_id', type: 'uuid' },
    approverId: { sql: 'a.approver_person_id', type: 'uuid' },
  }) satisfies ColumnMap

export const approvalFilter = (actor: Actor, q: Statement, action: PolicyAction) => {
  const me = q.bind(actor.userId, 'uuid')
  const mine = q.bind(actor.personId, 'uuid')
  // Where no rule speaks of them, the parameters are named all the same: the database has to know their types.
  return `((${me}, ${mine}) is not distinct from (${me}, ${mine})
    and ${q.use(startAt => sqlFor(actor, action, 'CaseApproval', columns(me, mine), { startAt }))})`
}

/** The same for one approval that is loaded. */
export const mayDecide = (actor: Actor, one: StoredApproval, action: 'read' | 'decide' = 'decide'): boolean =>
  allows(actor, action, 'CaseApproval', {
    asked:
      one.sentBy === actor.userId ||
      (actor.personId !== null && (actor.personId === one.sentPersonId || actor.personId === one.personId))
        ? 'self'
        : 'other',
    via: one.via,
    systemId: one.systemId,
    unitId: one.unitId,
    approverId: one.approverId,
  })

const instant = (sql: string) => `to_char(${sql} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const rowSql = (actor: Actor, q: Statement) => {
  const may = visibleTo(actor, q)
  return `a.id, jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name,
      'system', jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name)) as right,
    a.because, a.via, ${personRefSql('ap', may.name('ap'))} as approver, a.state, a.why, a.constraints as limits,
    ${instant('a.created_at')} as "createdAt", ${instant('a.decided_at')} as "decidedAt",
    coalesce(case when ${may.name('dp')} then dp.name end, du.username) as "decidedBy", a.reason,
    coalesce((select json_agg(r.due_on order by r.due_on) from lifecycle_reminder r where r.approval_id = a.id), '[]')
      as "remindOn",
    jsonb_build_object('decide', a.state = 'waiting' and ${approvalFilter(actor, q, 'decide')}) as allowed,
    a.case_id as "caseId", c.kind, ${personRefSql('p', `(${may.name('p')} or ${approvalFilter(actor, q, 'decide')})`)} as person,
    ${unitRefSql('u')} as unit, ac.title, a.valid_from as "from",
    jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) as system,
    coalesce(case when ${may.name('sp')} then sp.name end, su.username) as "askedBy"`
}
const JOINS = `from lifecycle_approval a join lifecycle_case c on c.id = a.case_id
  join entitlement e on e.id = a.entitlement_id join it_system s on s.id = e.system_id
  left join person_current ap on ap.person_id = a.approver_person_id
  left join tool_user du on du.id = a.decided_by left join person_current dp on dp.person_id = du.person_id
  left join tool_user su on su.id = c.sent_by left join person_current sp on sp.person_id = su.person_id
  left join person_current p on p.person_id = a.person_id
  left join affiliation_current ac on ac.affiliation_id = a.affiliation_id
  left join org_unit_current u on u.unit_id = c.unit_id`

/** What waits in one report, whoever has to answer it: for those who may know of the report. */
export async function approvalRows(tx: Tx, actor: Actor, of: { caseId: string }): Promise<Approval[]> {
  const q = statement()
  return tx.query<Approval>(
    `select ${rowSql(actor, q)} ${JOINS} where a.case_id = ${q.bind(of.caseId, 'uuid')} order by s.name, e.name`,
    q.params,
  )
}

/** What waits for the reader (or was decided); `mine` false: all that the reader may know of. */
export async function approvalsView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof listApprovals>,
): Promise<ResponseOf<typeof listApprovals>> {
  const where = (q: Statement) =>
    `a.state = ${q.bind(query.state, 'text')} and ${approvalFilter(actor, q, query.mine ? 'decide' : 'read')}`
  const q = statement()
  const rows = await tx.query<Row>(
    `select ${rowSql(actor, q)} ${JOINS} where ${where(q)}
     order by ${query.state === 'waiting' ? 'a.valid_from, a.created_at' : 'a.decided_at desc'}, a.id
     offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`,
    q.params,
  )
  const c = statement()
  const [count] = await tx.query<{ total: number }>(
    `select count(*)::int as total ${JOINS} where ${where(c)}`,
    c.params,
  )
  return { rows, total: count?.total ?? 0 }
}
