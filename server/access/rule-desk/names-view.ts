import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { formTree } from '../../rules/condition-tree.ts'
import type { RightsRule } from '../../rules/rights-rule.ts'
import type { Role } from '../../rules/role.ts'
import { readNames } from '../person-names-views.ts'
import { visibleTo } from '../visible.ts'
import type { DifferenceNames } from './difference.ts'
import { personsIn } from './form-views.ts'

/** Names for everything that these rules and roles speak of; people only where the reader may know their name. */
export async function namesFor(
  tx: Tx,
  actor: Actor,
  rules: readonly (RightsRule | null | undefined)[],
  roles: readonly (Role | null | undefined)[],
): Promise<DifferenceNames> {
  const there = rules.filter(rule => rule !== null && rule !== undefined)
  const rights = [
    ...there.flatMap(rule => rule.entitlements),
    ...roles.flatMap(role => role?.entitlements.map(one => one.key) ?? []),
  ]
  const names = await readNames(tx)
  const persons = there.flatMap(rule => {
    const tree = formTree(rule.conditions)
    return [...(rule.ownerPerson ? [rule.ownerPerson] : []), ...(tree ? personsIn(tree) : [])]
  })
  return {
    unit: names.unit,
    position: names.position,
    role: names.role,
    right: await rightNames(tx, rights),
    person: await personNames(tx, actor, persons),
  }
}

/** "Sagsbehandler, SBSYS" by key; a whole system by its name. */
export async function rightNames(tx: Tx, keys: readonly string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map()
  const rows = await tx.query<{ key: string; name: string }>(
    `select e.key, e.name || ', ' || s.name as name from entitlement e join it_system s on s.id = e.system_id
     where e.key = any($1)
     union all select key || '/*', name from it_system where key || '/*' = any($1)`,
    [[...new Set(keys)]],
  )
  return new Map(rows.map(row => [row.key, row.name]))
}

async function personNames(tx: Tx, actor: Actor, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const q = statement()
  const may = visibleTo(actor, q)
  const rows = await tx.query<{ id: string; name: string }>(
    `select p.person_id as id, p.name from person_current p
     where p.person_id::text = any(${q.bind(ids, 'text[]')}) and ${may.person('p')} and ${may.name('p')}`,
    q.params,
  )
  return new Map(rows.map(row => [row.id, row.name]))
}
