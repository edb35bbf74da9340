import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { listTasks, TaskRow } from '#contract/tasks.ts'
import { personRefSql, unitRefSql, visibleTo } from '../access/visible.ts'
import { type Statement, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { LEFT_SQL } from './left-store.ts'
import { instant, mayTask, NOTICE_DAYS } from './order-visible.ts'
import { ageingOf, escalatedSql } from './task-ageing.ts'
import { DOER_AS, DOER_JOINS, DOER_PERSON, OWNER_LEFT } from './task-doer.ts'

type List = ResponseOf<typeof listTasks>

/** Tasks of those whom the reader may know of. Three statements. */
export async function tasksView(tx: Tx, actor: Actor, query: QueryOf<typeof listTasks>, today: string): Promise<List> {
  const q = statement()
  const where = [mayTask(actor, q, 'read'), `k.state = ${q.bind(query.state, 'text')}`]
  if (query.system) where.push(`k.system_id = ${q.bind(query.system, 'uuid')}`)
  if (query.person) where.push(`k.person_id = ${q.bind(query.person, 'uuid')}`)
  if (query.own) where.push(ownSql(actor, q))
  if (query.escalated) where.push(escalatedSql(q.bind(today, 'date')))
  if (query.state === 'open' && !query.coming && !query.escalated)
    where.push(`k.due_on <= ${q.bind(today, 'date')} + ${NOTICE_DAYS}`)
  const shown = (p: string) => visibleTo(actor, q).name(p)
  const rows = await tx.query<
    Omit<TaskRow, 'allowed' | 'ageing'> & { settle: boolean; second: boolean; total: number }
  >(
    `select k.id, jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) as system, ${personRefSql('pc', shown('pc'))} as person,
       ${unitRefSql('u')} as unit, k.due_on as "dueOn", k.direction, k.state, k.version,
       k.state = 'open' and k.due_on < ${q.bind(today, 'date')} as late, k.reopened_at is not null and k.state = 'open' as reopened,
       ${personRefSql('doer', shown('doer'))} as "doer", ${DOER_AS} as "doerAs", ${OWNER_LEFT} as "ownerLeft",
       exists (select from provisioning_order o where o.task_id = k.id and o.urgent) as urgent,
       coalesce((select jsonb_agg(jsonb_build_object('id', o.id, 'action', o.action, 'what', coalesce(e.name, t.name, ''),
           'words', s.task_words ->> o.action, 'username', coalesce(o.content ->> 'username', acc.username), 'cause', o.cause, 'kept', o.content -> 'kept',
           'left', ${LEFT_SQL})
           order by o.action, coalesce(e.name, t.name))
         from provisioning_order o left join entitlement e on e.id = o.entitlement_id
         left join account_type t on t.id = o.account_type_id
         left join lateral (select a.username from account a join observed_right r on r.account_id = a.id and r.entitlement_id = o.entitlement_id
           where a.person_id = o.person_id and a.gone_at is null order by a.id limit 1) acc on true
         where o.task_id = k.id and o.state <> 'cancelled'), '[]') as orders,
       coalesce((select jsonb_agg(jsonb_build_object('id', v.id, 'kind', v.kind, 'note', v.note, 'fileName', v.file_name, 'at', v.at, 'by', coalesce(tu.display_name, tu.username, '')) order by v.at)
         from task_evidence v left join tool_user tu on tu.id = v.by where v.task_id = k.id), '[]') as evidence,
       ${mayTask(actor, q, 'decide')} and k.state in ('open', 'done', 'second') as settle,
       ${mayTask(actor, q, 'decide')} and k.state = 'second' and k.done_by <> ${q.bind(actor.userId, 'uuid')} as second,
       count(*) over () as total
     ${FROM} left join org_unit_current u on u.unit_id = pc.unit_id
     where ${where.join(' and ')}
     order by k.due_on, s.name, pc.family_name, pc.given_name, k.id
     offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`,
    q.params,
  )
  const n = statement()
  const on = n.bind(today, 'date')
  const [counts] = await tx.query<List['counts'] & { systems: List['systems'] }>(
    `select count(*) filter (where k.state = 'open' and k.due_on <= ${on} + ${NOTICE_DAYS}) as open,
       count(*) filter (where k.state = 'open' and k.due_on < ${on}) as late,
       count(*) filter (where k.state = 'open' and k.due_on > ${on} + ${NOTICE_DAYS}) as coming,
       count(*) filter (where k.state = 'second') as second, count(*) filter (where ${escalatedSql(on)}) as escalated,
       coalesce(jsonb_agg(distinct jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name)), '[]') as systems
     ${FROM} where k.state in ('open', 'second') and ${mayTask(actor, n, 'read')}
       ${query.own ? `and ${ownSql(actor, n)}` : ''}`,
    n.params,
  )
  const none = { open: 0, late: 0, coming: 0, second: 0, escalated: 0, systems: [] }
  const { systems, ...numbers } = counts ?? none
  return {
    rows: rows.map(({ settle, second, total: _, ...row }) => ({
      ...row,
      ageing: row.state === 'open' ? ageingOf(row, today) : null,
      evidence: row.evidence.map(one => ({ ...one, at: instant(new Date(one.at)) ?? '' })),
      allowed: { settle, second },
    })),
    total: rows[0]?.total ?? 0,
    counts: numbers,
    systems: [...systems].sort((a, b) => a.name.localeCompare(b.name, 'da')),
  }
}

const FROM = `from task k join it_system s on s.id = k.system_id left join person_current pc on pc.person_id = k.person_id
  ${DOER_JOINS} left join person_current doer on doer.person_id = ${DOER_PERSON}`

/** The reader's own to do: by the system, or by the unit where something changes hands. */
const ownSql = (actor: Actor, q: Statement) =>
  `(${q.bind(actor.personId, 'uuid')} in (doer.person_id, rc.person_id, dc.person_id)
    or exists (select from provisioning_order h where h.task_id = k.id and h.action in ('hand-out', 'take-back'))
      and pc.unit_path && ${q.bind([...actor.units, ...actor.actingFor], 'uuid[]')})`

/** A file of a task that the reader sees; null: there is none. */
export async function evidenceView(
  tx: Tx,
  actor: Actor,
  { taskId, evidenceId }: { taskId: string; evidenceId: string },
): Promise<{ personId: string; name: string; media: string; base64: string } | null> {
  const q = statement()
  const [row] = await tx.query<{ personId: string; name: string; media: string; file: Buffer }>(
    `select k.person_id as "personId", v.file_name as name, v.media, v.file from task_evidence v join task k on k.id = v.task_id
     left join person_current pc on pc.person_id = k.person_id
     where v.id = ${q.bind(evidenceId, 'uuid')} and k.id = ${q.bind(taskId, 'uuid')} and v.kind = 'file' and ${mayTask(actor, q, 'read')}`,
    q.params,
  )
  return row ? { personId: row.personId, name: row.name, media: row.media, base64: row.file.toString('base64') } : null
}
