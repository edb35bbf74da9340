import type { ToolRole } from '#contract/permissions.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { DANISH, personRefSql, visibleTo } from '../visible.ts'

export type Settler = {
  person: { id: string; name: string | null; protected: boolean }
  roles: ToolRole[]
  systems: string[]
}

/**
 * People with the tool roles that findings are settled by, as signing in would give them: by rule or (not an owner) by hand,
 * and of an owner the systems. Whether they have ever signed in does not matter: what is handed to them waits on their home.
 */
export async function settlers(tx: Tx, actor: Actor, today: string, only: string | null): Promise<Settler[]> {
  const q = statement()
  const name = visibleTo(actor, q).name('p')
  const day = q.bind(today, 'date')
  const one = q.bind(only, 'uuid')
  return tx.query<Settler>(
    `with held as (
       select ac.person_id, substr(e.key, 9) as role
       from entitlement e join assignment a on a.entitlement_id = e.id
       join affiliation_current ac on ac.affiliation_id = a.affiliation_id and ac.status = 'active'
       where e.key in ('hjemmel/it', 'hjemmel/systemowner') and e.gone_at is null and a.suspended is null and (a.valid_to is null or a.valid_to > ${day})
       union
       select u.person_id, l.role from local_role l join tool_user u on u.id = l.user_id
       where u.disabled_at is null and u.person_id is not null and l.role in ('it', 'admin') and l.valid @> ${day}
     )
     select ${personRefSql('p', name)} as person, h.roles, case when 'systemowner' = any(h.roles) then array(
         select y.id::text from it_system y join affiliation_current ac on ac.affiliation_id = y.owner_affiliation_id
         where ac.person_id = h.person_id and ac.status = 'active' and y.gone_at is null) else '{}' end as systems
     from (select person_id, array_agg(role) as roles from held group by person_id) h
     join person_current p on p.person_id = h.person_id
     where ${one} is null or h.person_id = ${one}
     order by p.family_name ${DANISH}, p.given_name ${DANISH}, p.person_id`,
    q.params,
  )
}

/** The settler as the policy judges them. */
export const asActor = (one: Settler): Actor => ({
  userId: one.person.id,
  personId: one.person.id,
  displayName: '',
  kind: 'person',
  roles: one.roles,
  units: [],
  actingFor: [],
  schools: [],
  systems: one.systems,
  via: 'local',
  secondFactor: true,
  until: null,
})

/** Which of the findings the policy lets somebody settle. */
export async function decidable(
  tx: Tx,
  who: Actor,
  ids: readonly string[],
): Promise<{ id: string; systemId: string | null }[]> {
  const q = statement()
  const may = visibleTo(who, q)
  return tx.query(
    `select f.id, f.system_id as "systemId" from finding f left join person_current p on p.person_id = f.person_id
     where f.id = any(${q.bind(ids, 'uuid[]')}) and ${may.finding('f', 'p', 'decide')}`,
    q.params,
  )
}
