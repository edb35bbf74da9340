import { TOOL_ROLES, type ToolRole } from '#contract/permissions.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'

/** Everything about a user that is the same in every session. */
export type LoadedUser = {
  base: Omit<Actor, 'via' | 'secondFactor'>
  username: string
  units: { id: string; name: string }[]
  actingFor: { id: string; name: string }[]
  disabled: boolean
  hasPassword: boolean
  factors: { totp: boolean; passkey: boolean; recoveryCodesLeft: number }
}

type Dated = { role: string; until: string | null }
type UnitRow = { id: string; name: string; school: boolean }
type Row = {
  id: string
  username: string
  kind: Actor['kind']
  personId: string | null
  displayName: string
  disabled: boolean
  hasPassword: boolean
  localRoles: Dated[]
  ruleRoles: Dated[]
  units: UnitRow[]
  actingFor: UnitRow[]
  reportsFor: string[]
  worksIn: string[]
  systems: string[]
  tends: string[]
  keeps: boolean
  agrees: boolean
  onCall: boolean
  locked: boolean
  totp: boolean
  passkey: boolean
  recoveryCodesLeft: number
}

/**
 * A user with the roles and scopes of `today` (civil date in Copenhagen), in one statement. Roles come from dated local
 * roles and from assignments on the system `hjemmel` (so the rights rules give them like any right); what a manager, deputy or
 * owner manages comes from the organisation and the catalogue. A role without its scope gives nothing. null: no such user.
 */
export async function loadUser(tx: Pick<Tx, 'prepared'>, userId: string, today: string): Promise<LoadedUser | null> {
  const [row] = await tx.prepared<Row>(
    'signed-in user',
    `with me as (
       -- Somebody who has been merged into another record signs in as the person that counts.
       select u.id, u.username, u.kind, u.display_name, u.disabled_at, u.password_hash,
         coalesce(i.merged_into, u.person_id) as person_id
       from tool_user u left join person i on i.id = u.person_id where u.id = $1),
     active as (
       select affiliation_id, unit_id, kind, on_leave from affiliation_current
       where person_id = (select person_id from me) and status = 'active'),
     -- A payroll row that counts as a reported employment may be the one that a post or a system names.
     mine as (
       select affiliation_id from active
       union all
       select a.id from affiliation a join active on active.affiliation_id = a.merged_into)
     select me.id, me.username, me.kind, me.person_id as "personId", coalesce(person.name, me.display_name, me.username) as "displayName",
       me.disabled_at is not null as disabled, me.password_hash is not null as "hasPassword",
       coalesce((select json_agg(json_build_object('role', role, 'until', upper(valid)) order by role)
         from local_role where user_id = me.id and valid @> $2::date), '[]') as "localRoles",
       coalesce((select json_agg(json_build_object('role', substr(entitlement.key, 9), 'until', assignment.valid_to))
         from assignment join entitlement on entitlement.id = assignment.entitlement_id
         where assignment.affiliation_id in (select affiliation_id from mine) and starts_with(entitlement.key, 'hjemmel/')
           and entitlement.gone_at is null and assignment.suspended is null and (assignment.valid_to is null or assignment.valid_to > $2::date)), '[]') as "ruleRoles",
       coalesce((select json_agg(json_build_object('id', unit_id, 'name', name, 'school', tree = 'school' or kind = 'school') order by name)
         from org_unit_current where active and tree in ('admin', 'school')
           and post_affiliation_id in (select affiliation_id from mine)), '[]') as units,
       coalesce((select json_agg(json_build_object('id', unit.unit_id, 'name', unit.name, 'school', unit.tree = 'school' or unit.kind = 'school') order by unit.name)
         from org_unit_current unit where unit.active and unit.tree in ('admin', 'school') and unit.unit_id in (
           select deputy.unit_id from deputy
           where deputy.deputy_affiliation_id in (select affiliation_id from mine) and deputy.valid @> $2::date)), '[]') as "actingFor",
       coalesce((select json_agg(distinct named.unit_id) from local_role role join local_role_unit named on named.local_role_id = role.id
         where role.user_id = me.id and role.role = 'reporter' and role.valid @> $2::date), '[]') as "reportsFor",
       coalesce((select json_agg(distinct unit_id) from active
         where kind = 'employment' and not on_leave and unit_id is not null), '[]') as "worksIn",
       coalesce((select json_agg(id order by key) from it_system
         where gone_at is null and owner_affiliation_id in (select affiliation_id from mine)), '[]') as systems,
       coalesce((select json_agg(id order by key) from it_system where gone_at is null
         and (responsible_affiliation_id in (select affiliation_id from mine)
           or task_deputy_affiliation_id in (select affiliation_id from mine)
           -- Nobody who is named works here any more: the unit it belongs to sees to it.
           or exists (select from org_unit_current where active and post_affiliation_id in (select affiliation_id from mine))
             and coalesce(it_system.unit_id, (select last.unit_id from affiliation_current last where last.affiliation_id = owner_affiliation_id))
               in (select unit_id from org_unit_current where active and post_affiliation_id in (select affiliation_id from mine))
             and owner_affiliation_id is not null
             and not exists (select from affiliation named join affiliation_current now
               on now.affiliation_id = coalesce(named.merged_into, named.id) and now.status = 'active'
               where named.id in (owner_affiliation_id, responsible_affiliation_id, task_deputy_affiliation_id)))), '[]') as tends,
       exists (select from activity_version where state in ('draft', 'proposed', 'in-force')
         and owner_id in (select affiliation_id from mine)) as keeps,
       exists (select from entitlement e where e.owner_person_id = me.person_id and e.approval = 'right'
         and e.gone_at is null) as agrees,
       exists (select from lock_roster r where r.person_id = me.person_id and r.ended_at is null
         and r.starts_at <= now() and r.ends_at > now()) as "onCall",
       exists (select from person_lock l join person i on i.id = l.person_id
         where coalesce(i.merged_into, i.id) = me.person_id and l.released_at is null) as locked,
       exists (select from second_factor where user_id = me.id and kind = 'totp' and confirmed_at is not null) as totp,
       exists (select from second_factor where user_id = me.id and kind = 'passkey' and confirmed_at is not null) as passkey,
       (select count(*)::int from recovery_code where user_id = me.id and used_at is null) as "recoveryCodesLeft"
     from me left join person_current person on person.person_id = me.person_id`,
    [userId, today],
  )
  return row ? fromRow(row) : null
}

function fromRow(row: Row): LoadedUser {
  // A tool role of an unknown name, a hand-made `hjemmel/admin`, a deputy and a reporter by rule count as nothing.
  const byRule = row.ruleRoles.filter(
    ({ role }) => isToolRole(role) && role !== 'admin' && role !== 'deputy' && role !== 'reporter',
  )
  const dated = [...row.localRoles, ...byRule]
  const holds = (role: ToolRole) => dated.some(each => each.role === role)
  const deputy = row.actingFor.length > 0
  const roles = TOOL_ROLES.filter(role => (role === 'deputy' ? deputy : holds(role)))
  const ends = dated.flatMap(({ until }) => (until === null ? [] : [until])).sort()
  return {
    base: {
      userId: row.id,
      personId: row.personId,
      displayName: row.displayName,
      kind: row.kind,
      roles,
      units: holds('manager') ? row.units.map(unit => unit.id) : [],
      actingFor: row.actingFor.map(unit => unit.id),
      reportsFor: row.reportsFor,
      ...(row.worksIn.length > 0 ? { worksIn: row.worksIn } : {}),
      schools: [...row.units, ...row.actingFor].filter(unit => unit.school).map(unit => unit.id),
      systems: holds('systemowner') ? row.systems : [],
      until: ends[0] ?? null,
      ...(row.tends.length > 0 ? { tends: row.tends } : {}),
      ...(row.keeps ? { keeps: true } : {}),
      ...(row.agrees ? { agrees: true } : {}),
      ...(row.onCall ? { onCall: true } : {}),
    },
    username: row.username,
    units: (holds('manager') ? row.units : []).map(({ id, name }) => ({ id, name })),
    actingFor: row.actingFor.map(({ id, name }) => ({ id, name })),
    // Somebody who is locked comes in as little as somebody who was shut out.
    disabled: row.disabled || row.locked,
    hasPassword: row.hasPassword,
    factors: { totp: row.totp, passkey: row.passkey, recoveryCodesLeft: row.recoveryCodesLeft },
  }
}

const isToolRole = (role: string): role is ToolRole => (TOOL_ROLES as readonly string[]).includes(role)
