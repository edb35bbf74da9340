import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

/**
 * Whom and what the fortnight of the demonstration is about: picked by what they are, since the files differ by day, and
 * by numbers and keys, never by ids of our own making: two first starts from the same files come to the same town.
 */
export type Worker = { id: string; personId: string; unitId: string; title: string; own: boolean; steered: boolean }
/** `own`: of the manager who signs in. `steered`: holds something of the system that is steered. */
export type Chooser = (wanted?: { own?: boolean; steered?: boolean }) => Worker

/** Of the systems that nobody can read, one that the manager's people use: then its owner does by hand what is ordered. */
export async function systemToSteer(tx: Tx, units: readonly string[]): Promise<string> {
  const [row] = await tx.query<{ id: string }>(
    `select e.system_id as id from assignment a join entitlement e on e.id = a.entitlement_id and e.gone_at is null
       join it_system s on s.id = e.system_id and s.gone_at is null and s.key <> 'hjemmel'
       join affiliation_current ac on ac.affiliation_id = a.affiliation_id and ac.kind = 'employment'
     where e.kind not in ('equipment', 'physical') and s.kind = 'it'
       and not exists (select from entitlement o join group_entitlement ge on ge.entitlement_id = o.id where o.system_id = s.id)
     group by e.system_id, s.key
     order by 10 * count(distinct ac.person_id) filter (where ac.unit_path && $1::uuid[]) >= 6 * (
         select count(distinct o.person_id) from affiliation_current o
           where o.status = 'active' and o.kind = 'employment' and o.unit_path && $1::uuid[]) desc,
       count(*), s.key limit 1`,
    [units],
  )
  if (!row) throw problem('not-found', { detail: 'The demonstration has no system that is not read.' })
  return row.id
}

/** Hands out each employee once: people with one ordinary job, whom nobody signs in as. The manager's own people first. */
export async function chooser(tx: Tx, units: readonly string[], system: string, today: string): Promise<Chooser> {
  const rows = await tx.query<Worker>(
    `select ac.affiliation_id as id, ac.person_id as "personId", ac.unit_id as "unitId", ac.title, ac.unit_path && $1::uuid[] as own,
       exists (select from assignment a join entitlement e on e.id = a.entitlement_id
         where a.affiliation_id = ac.affiliation_id and e.system_id = $2) as steered
     from affiliation_current ac join person_current pc on pc.person_id = ac.person_id and not pc.protected
       join org_unit_current u on u.unit_id = ac.unit_id and u.active
     where ac.status = 'active' and ac.kind = 'employment' and not ac.is_manager and ac.ends_on is null and not ac.on_leave
       and ac.position_key is not null and ac.starts_on < $3::date - 400
       and not exists (select from affiliation_current o where o.person_id = ac.person_id and o.affiliation_id <> ac.affiliation_id)
       and not exists (select from tool_user t where t.person_id = ac.person_id)
       and not exists (select from it_system s where s.owner_affiliation_id = ac.affiliation_id)
       and not exists (select from deputy d where d.deputy_affiliation_id = ac.affiliation_id)
     order by own desc, steered desc, ac.employee_no, ac.affiliation_id limit 400`,
    [units, system, today],
  )
  const given = new Set<string>()
  return ({ own = false, steered = false } = {}) => {
    const left = rows.filter(row => !given.has(row.id))
    // The manager's unit is small: where it has nobody left of that kind, somebody else's does.
    const found =
      left.find(row => row.own === own && (!steered || row.steered)) ??
      left.find(row => !steered || row.steered) ??
      left[0]
    if (!found) throw problem('not-found', { detail: 'Nobody is left in the demonstration to report about.' })
    given.add(found.id)
    return found
  }
}

/** Where most people of a title work. */
export async function unitOf(tx: Tx, title: string): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `select ac.unit_id as id from affiliation_current ac join org_unit_current u on u.unit_id = ac.unit_id and u.active
     where ac.title = $1 and ac.status = 'active' group by ac.unit_id, u.key order by count(*) desc, u.key limit 1`,
    [title],
  )
  return row?.id ?? null
}

/** The systems that an affiliation has rights in. */
export async function systemsOf(tx: Tx, affiliation: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select distinct e.system_id as id from assignment a join entitlement e on e.id = a.entitlement_id
     where a.affiliation_id = $1`,
    [affiliation],
  )
  return rows.map(row => row.id)
}

/** A right of one of these systems that the rules do not give, and that somebody has to say yes to. */
export async function rightToAdd(tx: Tx, affiliation: string, systems: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select e.id from entitlement e
     where e.gone_at is null and not e.privileged and e.sensitivity in ('confidential', 'special', 'criminal')
       and e.system_id = any($2::uuid[])
       and not exists (select from assignment a where a.affiliation_id = $1 and a.entitlement_id = e.id)
     order by e.key collate "C" limit 1`,
    [affiliation, systems],
  )
  return rows.map(row => row.id)
}

/** Whose time runs out next. */
export async function endsNext(tx: Tx, today: string): Promise<{ id: string; endsOn: string } | null> {
  const [row] = await tx.query<{ id: string; endsOn: string }>(
    `select ac.affiliation_id as id, ac.ends_on::text as "endsOn" from affiliation_current ac
       join person_current pc on pc.person_id = ac.person_id and not pc.protected
       join org_unit_current u on u.unit_id = ac.unit_id and u.active
     where ac.status = 'active' and ac.kind in ('temp', 'employment') and ac.ends_on > $1
       and not exists (select from lifecycle_case c where c.affiliation_id = ac.affiliation_id)
       and not exists (select from tool_user t where t.person_id = ac.person_id)
     order by ac.ends_on, ac.employee_no, ac.affiliation_id limit 1`,
    [today],
  )
  return row ?? null
}

/** Units by their numbers, the manager's own first. */
export async function unitKeys(tx: Tx, first: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ key: string }>(
    `select u.key from org_unit_current u where u.active and u.tree = 'admin'
       and exists (select from affiliation_current a where a.unit_id = u.unit_id and a.status = 'active')
     order by u.unit_id = any($1::uuid[]) desc, u.key limit 4`,
    [first],
  )
  return rows.map(row => row.key)
}
