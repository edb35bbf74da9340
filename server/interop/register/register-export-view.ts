import type { BodyOf } from '#contract/endpoint.ts'
import type { exportRegister } from '#contract/register-export.ts'
import { visibleTo } from '../../access/visible.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { activityFilters } from '../../register/activities/activity-list-views.ts'
import { activitiesSql, mayActivity, SPEAKING } from '../../register/activities/activity-sql.ts'
import type { KnownRecord } from './known-register.ts'
import type { ExportRecord, Named } from './record-lines.ts'

type Filter = BodyOf<typeof exportRegister>['filter']
type Row = ExportRecord & {
  mayChange: boolean
  openId: string | null
  openState: 'draft' | 'proposed'
  openLock: number
}

/** Records that the reader may see, as filtered, by their reference, with words for what they name. One statement. */
export async function recordsView(
  tx: Tx,
  actor: Actor,
  filter: Filter,
  today: string,
): Promise<(ExportRecord & Pick<KnownRecord, 'open' | 'mayChange'>)[]> {
  const q = statement()
  const day = q.bind(today, 'date')
  const { activityId, ...rest } = filter
  const conditions = [mayActivity(actor, q, 'read'), ...activityFilters(rest, q, day, actor)]
  if (activityId) conditions.push(`g.id = ${q.bind(activityId, 'uuid')}`)
  const number = visibleTo(actor, q).affiliation('owner_c', 'details')
  const rows = await tx.query<Row & { named: Named }>(
    `select g.id, g.ref, g.standing, sv.content, ${mayActivity(actor, q, 'change')} as "mayChange",
       g.open_id as "openId", g.open_state as "openState", open_v.lock as "openLock",
       jsonb_build_object(
         'owner', case when owner_p.person_id is not null then jsonb_build_object('id', sv.owner_id,
            'name', case when owner_p.protected then '' else owner_p.name end,
            'number', case when ${number} then owner_c.employee_no end, 'hidden', owner_p.protected) end,
         'units', coalesce((select jsonb_agg(jsonb_build_object('id', u.unit_id, 'name', u.name, 'key', u.key))
            from activity_unit au join org_unit_current u on u.unit_id = au.unit_id where au.version_id = sv.id), '[]'),
         'systems', coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name))
            from activity_system ys join it_system s on s.id = ys.system_id where ys.version_id = sv.id), '[]')) as named
     from ${activitiesSql(day)} g ${SPEAKING}
     left join affiliation_current owner_c on owner_c.affiliation_id = coalesce(oa.merged_into, oa.id)
     left join person_current owner_p on owner_p.person_id = owner_c.person_id
     left join activity_version open_v on open_v.id = g.open_id
     where ${conditions.join(' and ')} order by g.ref`,
    q.params,
  )
  return rows.map(({ openId, openState, openLock, ...row }) => ({
    ...row,
    open: openId === null ? null : { versionId: openId, state: openState, lock: openLock },
  }))
}

/** Who holds something in each of the systems that are read, as is read today: never typed. One statement. */
export async function peopleOfSystems(
  tx: Tx,
  systemIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await tx.query<{ id: string; people: string[] }>(
    `select s.id, coalesce((select array_agg(distinct acc.person_id::text) from entitlement e
         join observed_right o on o.entitlement_id = e.id join account acc on acc.id = o.account_id
         where e.system_id = s.id and acc.person_id is not null), '{}') as people
     from it_system s where s.id = any($1::uuid[]) and s.reading <> 'none'`,
    [systemIds],
  )
  return new Map(rows.map(row => [row.id, row.people]))
}

/** What KITOS calls the systems that came from there. */
export async function kitosKeys(tx: Tx, systemIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ id: string; key: string }>(
    `select distinct on (system_id) system_id as id, key from system_external_key
     where scheme = 'kitos' and system_id = any($1::uuid[]) order by system_id, key`,
    [systemIds],
  )
  return new Map(rows.map(row => [row.id, row.key]))
}
