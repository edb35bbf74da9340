import type { z } from 'zod'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { assignFindings, findingChoice, listSettlers } from '#contract/findings.ts'
import type { ToolRole } from '#contract/permissions.ts'
import { assignFindings as storeAssigned } from '../../findings/finding-store.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { DANISH, personRefSql, visibleTo } from '../visible.ts'
import { choose } from './settle-service.ts'

type Choice = z.output<typeof findingChoice>
type When = { today: string; now: Date }
type Settler = { person: { id: string; name: string | null; protected: boolean }; roles: ToolRole[]; systems: string[] }

/**
 * People with the tool roles that findings are settled by, as signing in would give them: by rule or (not an owner) by hand,
 * and of an owner the systems. Whether they have ever signed in does not matter: what is handed to them waits on their home.
 */
async function settlers(tx: Tx, actor: Actor, today: string, only: string | null): Promise<Settler[]> {
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
const asActor = (one: Settler): Actor => ({
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

/** Who may settle how many of what is chosen. A statement for each way of judging: by role, and by owned systems together. */
export async function settlersView(
  tx: Tx,
  actor: Actor,
  choice: Choice,
  today: string,
): Promise<ResponseOf<typeof listSettlers>> {
  const ids = (await open(tx, actor, choice)).map(one => one.id)
  const all = await settlers(tx, actor, today, null)
  const everywhere = all.filter(one => one.roles.some(role => role !== 'systemowner'))
  const owners = all.filter(one => !everywhere.includes(one) && one.systems.length > 0)
  const system = new Map<string, number>()
  if (owners.length > 0) {
    // What all owners together may settle; a finding of a system is then its owner's.
    const together = asActor({ ...owners[0]!, roles: ['systemowner'], systems: owners.flatMap(one => one.systems) })
    for (const one of await decidable(tx, together, ids))
      system.set(one.systemId ?? '', (system.get(one.systemId ?? '') ?? 0) + 1)
  }
  const byRole = everywhere.length > 0 ? (await decidable(tx, asActor(everywhere[0]!), ids)).length : 0
  const people = [
    ...everywhere.map(one => ({ person: one.person, owner: 'it' as const, fits: byRole })),
    ...owners.map(one => ({
      person: one.person,
      owner: 'systemowner' as const,
      fits: one.systems.reduce((sum, id) => sum + (system.get(id) ?? 0), 0),
    })),
  ]
  // The owner who may settle all of it is nearer to it than IT, who may settle everything.
  people.sort((a, b) => b.fits - a.fits || Number(a.owner === 'it') - Number(b.owner === 'it'))
  return { of: ids.length, people: people.filter(one => one.fits > 0).slice(0, 100) }
}

/**
 * Hands over what the reader and that person may both settle. Throws `not-found` where there is no such person with a role
 * to settle by, `conflict` where nothing of it could be handed over.
 */
export async function assign(
  tx: Tx,
  actor: Actor,
  { choice, personId }: BodyOf<typeof assignFindings>,
  { today, now }: When,
): Promise<{ batchId: string; assigned: number; left: number; codes: string[] }> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel access'))`)
  const chosen = await choose(tx, actor, choice)
  let mine = chosen.filter(one => one.mayDecide && one.state === 'open')
  if (personId !== null) {
    const [to] = await settlers(tx, actor, today, personId)
    if (!to) throw problem('not-found')
    const theirs = new Set(
      (
        await decidable(
          tx,
          asActor(to),
          mine.map(one => one.id),
        )
      ).map(one => one.id),
    )
    mine = mine.filter(one => theirs.has(one.id))
  }
  const batchId = newId()
  const assigned = await storeAssigned(
    tx,
    mine.map(one => one.id),
    { personId, by: actor.userId, now, batchId },
  )
  if (assigned === 0) throw problem('conflict', { detail: 'None of these can be handed to that person' })
  return { batchId, assigned, left: chosen.length - assigned, codes: [...new Set(mine.map(one => one.code))] }
}

const open = async (tx: Tx, actor: Actor, choice: Choice) =>
  (await choose(tx, actor, choice)).filter(one => one.mayDecide && one.state === 'open')

/** Which of the findings the policy lets somebody settle. */
async function decidable(
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
