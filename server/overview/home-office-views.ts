import { countShownSql, shownByAgeSql } from '../access/drift/findings-sql.ts'
import { lackCounts } from '../access/entitlements/entitlement-views.ts'
import { countUncheckedSql } from '../access/grants/grant-views.ts'
import { countLockedSql, NOBODY_ON_CALL } from '../access/locks/lock-views.ts'
import { OPEN_GROUP } from '../access/mappings/proposal-store.ts'
import { countBindingsSql } from '../access/purposes/bindings-view.ts'
import { countProposals } from '../access/purposes/proposals-view.ts'
import { countRectificationsSql } from '../access/rectifications/rectification-views.ts'
import { HEALING_SQL } from '../feeds/sources/source-store.ts'
import { boardAhead } from '../lifecycle/board/board-views.ts'
import { countReportsSql } from '../lifecycle/cases/case-counts.ts'
import { countHandoversSql } from '../lifecycle/cases/handover-views.ts'
import { countOverdue } from '../lifecycle/proof/proof-views.ts'
import { countEscalatedSql, countHeldSql, countParkedSql, countTasksSql } from '../orders/order-visible.ts'
import { addDays } from '../platform/civil-date.ts'
import { statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { countAllActivitiesSql } from '../register/activities/activity-list-views.ts'
import { LEAVER_SQL, UNUSED_SQL } from './accounts-views.ts'
import { countAuditSql } from './audit-views.ts'
import { gapCounts, gapTodos } from './catalogue/gap-todos.ts'
import { lackTodos } from './entitlement-todos.ts'
import { STALE_SQL } from './freshness-view.ts'
import { movingCounts, movingCte, movingPeople } from './home-moving-views.ts'
import {
  AHEAD,
  at,
  findingFigures,
  knownFigures,
  movingTodos,
  number,
  purposeTodos,
  READ_SYSTEMS,
  type Reports,
  readNumbers,
  reportTodos,
  type Section,
  todos,
} from './home-parts.ts'

/*
 * The homes of those who work for the whole municipality. Each is one statement of numbers; a number is counted with the
 * filter of the list that it leads to.
 */

/** So far back a home counts who was looked up, in days. */
const LOOKUP_DAYS = 30

/** Rights that somebody holds, and how many of them no rule explains; everything that differs. */
const HELD = `(select coalesce(sum(observed), 0)::int as observed, coalesce(sum(unexplained), 0)::int as unexplained_rights,
    coalesce(sum(missing + unexplained + resting), 0)::int as drift from person_rights)`

export async function hrHome(tx: Tx, actor: Actor, today: string, now: Date): Promise<Section> {
  const q = statement()
  const n = await readNumbers<
    | 'starts'
    | 'leaves'
    | 'ends'
    | 'titles'
    | 'unmapped'
    | 'employees'
    | 'externals'
    | 'units'
    | 'locked'
    | 'uncalled'
    | 'rectifications'
    | Reports
  >(
    tx,
    `with ${movingCte(actor, today, q)}
     select ${movingCounts},
       (select count(distinct title_norm) from affiliation_current
         where title_norm is not null and position_key is null and status <> 'ended') as titles,
       (select count(*) from org_unit_current u where u.tree = 'pay' and u.active and u.maps_to_id is null) as unmapped,
       (select count(*) from person_current where kind = 'employee' and status = 'active') as employees,
       (select count(*) from person_current where kind = 'external' and status = 'active') as externals,
       ${countLockedSql(actor, q)} as locked, ${NOBODY_ON_CALL} as uncalled, ${countReportsSql(actor, q, today)},
       ${countRectificationsSql(actor, q, today)},
       (select count(*) from org_unit_current where tree = 'admin' and active) as units`,
    q.params,
  )
  const board = await boardAhead(tx, actor, { today, now })
  return {
    role: 'hr',
    todos: todos(
      at('board-late', 'act', board.late, '/lifecycle', { bucket: 'late' }),
      ...reportTodos(n),
      at('rectifications', 'act', n.rectifications, '/rectifications', { state: 'open' }),
      at('board-today', 'look', board.today, '/lifecycle', { bucket: 'today' }),
      at('people-locked', 'act', n.locked, '/locks'),
      at('nobody-on-call', 'look', n.uncalled, '/locks'),
      at('titles-unknown', 'act', n.titles, '/org'),
      at('units-unmapped', 'act', n.unmapped, '/org'),
      ...movingTodos(n),
    ),
    figures: [
      number('employees', n.employees, '/people', { kind: 'employee', status: 'active' }),
      number('externals', n.externals, '/people', { kind: 'external', status: 'active' }),
      number('units', n.units, '/org'),
    ],
    people: await movingPeople(tx, actor, today),
    ahead: board.units,
  }
}

export async function itHome(tx: Tx, actor: Actor, today: string): Promise<Section> {
  const q = statement()
  // The first one: `$1` below.
  q.bind(today, 'date')
  const n = await readNumbers(
    tx,
    `select
       (select count(*) from feed_run r join plan_item i on i.plan_id = r.plan_id and i.state = 'held' where r.state = 'held') as held,
       (select count(*) from rules_change where state = 'held') as rules_held,
       (select count(*) from mapping_change where state = 'held') as mappings_held,
       (select count(*) from directory_group g join group_proposal p on p.group_id = g.id and p.level = 'strong'
         where ${OPEN_GROUP}) as groups_strong,
       ${lackCounts()},
       (select count(*) from (select distinct on (source) * from feed_run where not dry_run order by source, started_at desc) latest
         where state = 'rejected' or state = 'failed' and not (${HEALING_SQL('latest')})) as failed,
       (select count(*) from source where ${STALE_SQL}) as stale,
       (select count(*) from account where situation = 'unmatched' and kind = 'personal' and not by_intent and not out_of_scope) as unmatched,
       (select count(*) from account where situation = 'disputed') as disputed,
       (select count(*) from account a join person_current p on p.person_id = a.person_id where ${LEAVER_SQL('a', 'p')}) as leavers,
       (select count(*) from account a where a.kind = 'admin' and a.enabled and a.situation <> 'gone' and ${UNUSED_SQL('a')}) as dormant,
       (select count(*) from rights_rule r where upper_inf(r.recorded) and r.state = 'active' and not r.inverted
         and r.valid @> $1::date and not exists (
           select from derivation d join assignment a on a.derivation_id = d.id where d.rule_key = r.key)) as nobody,
       (select count(*) from rights_rule r where upper_inf(r.recorded) and r.state = 'active' and r.valid @> $1::date
         and upper(r.valid) <= $1::date + ${AHEAD.ends}) as expiring,
       ${gapCounts('$1::date')},
       (select count(*) from person_current where status = 'active') as people,
       (select count(*) from account where situation <> 'gone') as accounts,
       (select count(*) from it_system where gone_at is null) as systems,
       (select count(*) from rights_rule r where upper_inf(r.recorded) and r.state = 'active' and r.valid @> $1::date) as rules,
       ${countLockedSql(actor, q)} as locked, ${NOBODY_ON_CALL} as uncalled, ${countUncheckedSql(actor, q)} as emergency,
       ${countTasksSql(actor, q, today)} as tasks, ${countParkedSql(actor, q)} as parked,
       ${countHandoversSql(actor, q, today)} as handovers,
       ${countHeldSql(actor, q)} as orders_held, ${countEscalatedSql(actor, q, today)} as escalated,
       ${countShownSql(actor, { mine: true }, q)} as findings_mine, ${countBindingsSql(actor, q, today)},
       ${countRectificationsSql(actor, q, today)}, ${countShownSql(actor, { code: 'no-purpose' }, q)} as unsaid,
       ages.*, ${READ_SYSTEMS}, held.observed, held.unexplained_rights, held.drift
     from ${HELD} held cross join ${shownByAgeSql(actor, q)} ages`,
    q.params,
  )
  const overdue = await countOverdue(tx, actor, { today, now: new Date() })
  const proposed = await countProposals(tx, actor, today)
  return {
    role: 'it',
    todos: todos(
      at('people-locked', 'act', n.locked, '/locks'),
      at('emergency-unchecked', 'act', n.emergency, '/emergency-access'),
      at('orders-parked', 'act', n.parked, '/orders', { state: 'parked' }),
      at('handovers-open', 'act', n.handovers, '/lifecycle/handovers'),
      at('orders-held', 'act', n.orders_held, '/orders'),
      at('tasks-escalated', 'act', n.escalated, '/tasks', { escalated: true }),
      at('proof-overdue', 'act', overdue, '/lifecycle/proof', { show: 'overdue' }),
      at('tasks-waiting', 'look', n.tasks, '/tasks'),
      at('findings-mine', 'act', n.findings_mine, '/findings', { mine: true }),
      at('findings-high', 'act', n.findings_high, '/findings', { severity: 'high' }),
      at('run-held', 'act', n.held, '/sync'),
      at('rules-held', 'act', n.rules_held, '/rules/changes'),
      at('mappings-held', 'act', n.mappings_held, '/group-mappings/changes'),
      at('run-failed', 'act', n.failed, '/sync'),
      at('source-stale', 'act', n.stale, '/sync'),
      at('leavers-active', 'act', n.leavers, '/accounts', { leaver: true }),
      at('accounts-dormant-admin', 'act', n.dormant, '/accounts', { kind: 'admin', enabled: true, unused90: true }),
      at('accounts-disputed', 'act', n.disputed, '/desk', { situation: 'disputed' }),
      at('accounts-unmatched', 'look', n.unmatched, '/desk', { situation: 'unmatched', kind: 'personal' }),
      ...gapTodos(n, 'all'),
      at('groups-unmapped', 'look', n.groups_strong, '/group-mappings/desk', { show: 'strong' }),
      ...lackTodos(n, {}),
      ...purposeTodos(n, proposed),
      at('nobody-on-call', 'look', n.uncalled, '/locks'),
      at('rules-expiring', 'look', n.expiring, '/rules', { state: 'active', sort: 'validTo' }),
      at('rules-catch-nobody', 'look', n.nobody, '/rules', { state: 'active', inverted: false, sort: 'caught' }),
    ),
    figures: [
      number('people', n.people, '/people', { status: 'active' }),
      number('accounts', n.accounts, '/accounts'),
      number('systems', n.systems, '/systems'),
      number('rules', n.rules, '/rules', { state: 'active' }),
      ...knownFigures(n),
      ...findingFigures(n),
      number('drift', n.drift, '/people', { drift: true, sort: 'drift', descending: true }),
    ],
    people: [],
  }
}

export async function dpoHome(tx: Tx, actor: Actor, today: string): Promise<Section> {
  const q = statement()
  const since = addDays(today, -LOOKUP_DAYS)
  const n = await readNumbers(
    tx,
    `select ${countAllActivitiesSql(q, today)}, ${countRectificationsSql(actor, q, today)}, ages.*, ${READ_SYSTEMS}, held.observed, held.unexplained_rights,
       (select count(*) from it_system where gone_at is null) as systems,
       (select count(*) from person_rights where protected_data > 0) as special,
       (select count(*) from person_rights where unexplained > 0) as unexplained,
       (select count(*) from account where kind = 'shared' and situation <> 'gone') as shared,
       (select count(*) from it_system where gone_at is null and reading = 'none') as unread,
       ${countAuditSql(actor, { lookup: true, from: since }, q)} as lookups,
       (select count(*) from account where situation = 'unmatched' and kind = 'personal') as unmatched
     from ${HELD} held cross join ${shownByAgeSql(actor, q)} ages`,
    q.params,
  )
  return {
    role: 'dpo',
    todos: todos(
      at('activities-proposed', 'look', n.activities_proposed, '/activities', { attention: 'proposal' }),
      at('activities-due', 'look', n.activities_due, '/activities', { attention: 'attest' }),
      at('rectifications-late', 'act', n.rectifications_late, '/rectifications', { state: 'open' }),
      at('special-rights', 'look', n.special, '/people', { protectedData: true }),
      at('team-drift', 'look', n.unexplained, '/people', { unexplained: true, sort: 'drift', descending: true }),
      at('systems-not-read', 'look', n.unread, '/systems', { reading: 'none' }),
      at('accounts-unmatched', 'look', n.unmatched, '/accounts', { situation: 'unmatched', kind: 'personal' }),
    ),
    figures: [
      number('special-people', n.special, '/people', { protectedData: true }),
      number('unexplained', n.unexplained, '/people', { unexplained: true }),
      number('shared-accounts', n.shared, '/accounts', { kind: 'shared' }),
      ...knownFigures(n),
      ...findingFigures(n),
      number('lookups', n.lookups, '/audit', { lookup: true, from: since }),
    ],
    people: [],
  }
}

/** Figures over whom an auditor may see: everybody but pupils. */
export async function auditorHome(tx: Tx, actor: Actor): Promise<Section> {
  const q = statement()
  const n = await readNumbers(
    tx,
    `select
       (select count(*) from person_current where kind <> 'pupil' and status = 'active') as people,
       (select count(*) from it_system where gone_at is null) as systems,
       (select count(*) from rights_rule where upper_inf(recorded) and state = 'active') as rules,
       r.expected, r.observed, r.missing, r.unexplained, r.unexplained as unexplained_rights, r.special, ${READ_SYSTEMS},
       ${countAuditSql(actor, {}, q)} as entries, ages.*
     from (
       select coalesce(sum(r.expected), 0)::int as expected, coalesce(sum(r.observed), 0)::int as observed,
         coalesce(sum(r.missing), 0)::int as missing, coalesce(sum(r.unexplained), 0)::int as unexplained,
         (count(*) filter (where r.protected_data > 0))::int as special
       from person_rights r join person_current p on p.person_id = r.person_id where p.kind <> 'pupil') r
     cross join ${shownByAgeSql(actor, q)} ages`,
    q.params,
  )
  return {
    role: 'auditor',
    todos: [],
    figures: [
      number('people', n.people, '/people', { status: 'active' }),
      number('systems', n.systems, '/systems'),
      number('rules', n.rules, '/rules'),
      ...knownFigures(n),
      ...findingFigures(n),
      number('expected', n.expected, '/people', { sort: 'expected', descending: true }),
      number('observed', n.observed, '/people'),
      number('missing', n.missing, '/people', { drift: true }),
      number('unexplained', n.unexplained, '/people', { unexplained: true }),
      number('special-people', n.special, '/people', { protectedData: true }),
      number('audit-entries', n.entries, '/audit'),
    ],
    people: [],
  }
}
