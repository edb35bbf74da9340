import { countShownSql, shownByAgeSql } from '../access/drift/findings-sql.ts'
import { lackCounts } from '../access/entitlements/entitlement-views.ts'
import { countGraceSql, countUncheckedSql } from '../access/grants/grant-views.ts'
import { comparisonSql } from '../access/person-rights-store.ts'
import { countBindingsSql } from '../access/purposes/bindings-view.ts'
import { countProposals } from '../access/purposes/proposals-view.ts'
import { countAnswersSql, countRectificationsSql } from '../access/rectifications/rectification-views.ts'
import { visibleTo } from '../access/visible.ts'
import { boardAhead } from '../lifecycle/board/board-views.ts'
import { countApprovalsSql, countReportsSql } from '../lifecycle/cases/case-counts.ts'
import { countOverdue } from '../lifecycle/proof/proof-views.ts'
import { countEscalatedSql, countOwnTasksSql, countTasksSql } from '../orders/order-visible.ts'
import { statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { countActivitiesSql } from '../register/activities/activity-list-views.ts'
import { gapCounts, gapTodos } from './catalogue/gap-todos.ts'
import { lackTodos } from './entitlement-todos.ts'
import { movingCounts, movingCte, movingPeople } from './home-moving-views.ts'
import {
  at,
  findingFigures,
  knownFigures,
  movingTodos,
  number,
  purposeTodos,
  type Reports,
  readNumbers,
  registerTodos,
  reportTodos,
  type Section,
  todos,
} from './home-parts.ts'
import { driftSql, onLeaveSql } from './people-views.ts'
import { rightTotals, teamSql } from './systems-views.ts'

/** A leader's home: the own units and those one stands in for, and everything below them. */
export async function managerHome(tx: Tx, actor: Actor, today: string, now: Date): Promise<Section> {
  const q = statement()
  const may = visibleTo(actor, q)
  const units = q.bind([...actor.units, ...actor.actingFor], 'uuid[]')
  const n = await readNumbers<
    | 'starts'
    | 'leaves'
    | 'ends'
    | 'team'
    | 'drift'
    | 'leave'
    | 'systems'
    | 'systems_read'
    | 'observed'
    | 'unexplained_rights'
    | `findings_${'week' | 'month' | 'quarter' | 'older'}`
    | 'vacant'
    | 'findings'
    | 'emergency'
    | 'grace'
    | 'tasks'
    | 'locked'
    | 'activities_decide'
    | 'activities_attest'
    | 'activities_advice'
    | Reports
  >(
    tx,
    `with ${movingCte(actor, today, q)}, team as materialized (${teamSql(actor, q)}
     ), ${driftSql(actor, false, 'select person_id from team', q)}, ${comparisonSql('PERSON in (select person_id from team)')},
     held as materialized (
       select e.system_id, c.observed, c.state from compared c join entitlement e on e.id = c.entitlement_id
       join person_current cp on cp.person_id = c.person_id where ${may.right('c', 'cp', 'e')}
     ), used as (select reading from it_system where gone_at is null and id in (select system_id from held))
     select ${movingCounts},
       (select count(*) from team) as team,
       (select count(*) from person_lock l join person i on i.id = l.person_id
         join team t on t.person_id = coalesce(i.merged_into, i.id) where l.released_at is null) as locked,
       (select count(*) from drifting) as drift,
       (select count(*) from person_current p where ${may.person('p')} and ${onLeaveSql(actor, q)}) as leave,
       (select count(*) from used) as systems, (select count(*) from used where reading <> 'none') as systems_read,
       (select count(*) from held where observed) as observed,
       (select count(*) from held where state = 'unexplained') as unexplained_rights, ages.*,
       (select count(*) from org_unit_current u where u.active and u.tree in ('admin', 'school') and u.path && ${units}
         and u.post_person_id is null) as vacant,
       ${countUncheckedSql(actor, q)} as emergency, ${countGraceSql(actor, q, today)} as grace,
       ${countReportsSql(actor, q, today)}, ${countActivitiesSql(actor, q, today)}, ${countOwnTasksSql(actor, q, today)} as tasks,
       ${countShownSql(actor, {}, q)} as findings
     from ${shownByAgeSql(actor, q)} ages`,
    q.params,
  )
  const board = await boardAhead(tx, actor, { today, now })
  return {
    role: 'manager',
    todos: todos(
      at('board-late', 'act', board.late, '/lifecycle', { bucket: 'late' }),
      ...reportTodos(n),
      ...registerTodos(n),
      at('team-locked', 'look', n.locked, '/people', { locked: true }),
      at('board-today', 'look', board.today, '/lifecycle', { bucket: 'today' }),
      at('emergency-unchecked', 'act', n.emergency, '/emergency-access'),
      at('tasks-waiting', 'act', n.tasks, '/tasks', { own: true }),
      at('team-drift', 'act', n.drift, '/people', { drift: true, sort: 'drift', descending: true }),
      at('grace-after-move', 'look', n.grace, '/emergency-access'),
      at('vacant-posts', 'look', n.vacant, '/org'),
      ...movingTodos(n),
    ),
    figures: [
      number('team', n.team, '/people', { status: 'active' }),
      number('starters', n.starts, '/people', { startsWithin: 14 }),
      number('leavers', n.leaves, '/people', { leavesWithin: 14 }),
      number('on-leave', n.leave, '/people', { onLeave: true }),
      ...knownFigures(n, { team: true }),
      number('findings', n.findings, '/findings'),
      ...findingFigures(n),
    ],
    people: await movingPeople(tx, actor, today),
    ahead: board.units,
  }
}

export async function systemOwnerHome(tx: Tx, actor: Actor, today: string): Promise<Section> {
  const q = statement()
  const own = q.bind(actor.systems, 'uuid[]')
  const totals = rightTotals(actor, `select unnest(${own})`, q)
  const n = await readNumbers(
    tx,
    `with ${totals.ctes}
     select (select count(*) from it_system where id = any(${own}) and gone_at is null) as systems,
       ${gapCounts(q.bind(today, 'date'), `s.id = any(${own})`)}, ${lackCounts(`s.id = any(${own})`)}, ${totals.columns},
       ${countUncheckedSql(actor, q)} as emergency, ${countApprovalsSql(actor, q)} as approvals,
       ${countActivitiesSql(actor, q, today)}, ${countBindingsSql(actor, q, today)}, ${countRectificationsSql(actor, q, today)},
       ${countShownSql(actor, { code: 'no-purpose' }, q)} as unsaid,
       ${countTasksSql(actor, q, today)} as tasks, ${countEscalatedSql(actor, q, today)} as escalated,
       (select count(*) from it_system where id = any(${own}) and gone_at is null and reading <> 'none') as systems_read,
       ${countShownSql(actor, {}, q)} as findings, ${countShownSql(actor, { mine: true }, q)} as mine, ages.*
     from ${shownByAgeSql(actor, q)} ages`,
    q.params,
  )
  const overdue = await countOverdue(tx, actor, { today, now: new Date() })
  const proposed = await countProposals(tx, actor, today)
  return {
    role: 'systemowner',
    todos: todos(
      at('approvals-waiting', 'act', n.approvals, '/lifecycle/approvals'),
      at('emergency-unchecked', 'act', n.emergency, '/emergency-access'),
      at('tasks-escalated', 'act', n.escalated, '/tasks', { escalated: true }),
      at('proof-overdue', 'act', overdue, '/lifecycle/proof', { show: 'overdue' }),
      at('tasks-waiting', 'act', n.tasks, '/tasks'),
      // Who leads a unit too has been told above: the list is one.
      ...(actor.units.length + actor.actingFor.length > 0 ? [] : registerTodos(n)),
      at('findings-mine', 'act', n.mine, '/findings', { mine: true }),
      ...purposeTodos(n, proposed),
      at('system-drift', 'act', n.drift, '/systems', { own: true, sort: 'drift', descending: true }),
      ...lackTodos(n, { own: true }),
      ...gapTodos(n, 'own'),
    ),
    figures: [
      number('systems', n.systems, '/systems', { own: true }),
      number('expected', n.expected, '/systems', { own: true, sort: 'expected', descending: true }),
      number('observed', n.observed, '/systems', { own: true }),
      ...knownFigures(n, { own: true }),
      // Who leads a unit too has been told above: the list is one.
      ...(actor.units.length + actor.actingFor.length > 0
        ? []
        : [number('findings', n.findings, '/findings'), ...findingFigures(n)]),
    ],
    people: [],
  }
}

/** Everybody's own page; nobody but oneself is counted. */
export async function employeeHome(tx: Tx, actor: Actor): Promise<Section> {
  const q = statement()
  const self = q.bind(actor.personId, 'uuid')
  const n = await readNumbers(
    tx,
    `select coalesce(sum(expected), 0)::int as expected, coalesce(sum(missing + unexplained), 0)::int as drift,
       (select count(*) from account where person_id = ${self} and gone_at is null) as accounts,
       ${countAnswersSql(actor, q)} as answers
     from person_rights where person_id = ${self}`,
    q.params,
  )
  return {
    role: 'employee',
    todos: todos(
      at('rectifications-answered', 'act', n.answers, '/me'),
      at('own-drift', 'look', n.drift, '/me', { show: 'diff' }),
    ),
    figures: [number('rights', n.expected, '/me'), number('accounts', n.accounts, '/me', { tab: 'accounts' })],
    people: [],
  }
}
