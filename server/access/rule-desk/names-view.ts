import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { formTree } from '../../rules/condition-tree.ts'
import type { RightsRule } from '../../rules/rights-rule.ts'
import type { Role } from '../../rules/role.ts'
import { readNames } from '../person-names-views.ts'
import type { DifferenceNames } from './difference.ts'
import { type Person, peopleNamed, personsIn } from './form-views.ts'

/** Names of rules, roles and rights by key; of a right its system's too, of a whole system that alone. */
export type BookNames = {
  rule: ReadonlyMap<string, string>
  role: ReadonlyMap<string, string>
  right: ReadonlyMap<string, { name: string; full: string }>
}

/** Names of whatever of these keys there is, in one statement. */
export async function bookNames(tx: Tx, keys: readonly string[]): Promise<BookNames> {
  const names = { rule: new Map(), role: new Map(), right: new Map() }
  if (keys.length === 0) return names
  const rows = await tx.query<{ kind: 'rule' | 'role' | 'right'; key: string; name: string; full: string }>(
    `select 'rule' as kind, key, name, name as full from rights_rule where upper_inf(recorded) and key = any($1)
     union all select 'role', key, name, name from rights_role where upper_inf(recorded) and key = any($1)
     union all select 'right', e.key, e.name, e.name || ', ' || s.name from entitlement e
       join it_system s on s.id = e.system_id where e.key = any($1)
     union all select 'right', key || '/*', name, name from it_system where key || '/*' = any($1)`,
    [[...new Set(keys)]],
  )
  for (const { kind, key, name, full } of rows) names[kind].set(key, kind === 'right' ? { name, full } : name)
  return names
}

const fullNames = (names: BookNames): Map<string, string> =>
  new Map([...names.right].map(([key, { full }]) => [key, full]))

/** "Sagsbehandler, SBSYS" by key; a whole system by its name. */
export const rightNames = async (tx: Tx, keys: readonly string[]): Promise<Map<string, string>> =>
  fullNames(await bookNames(tx, keys))

type Spoken = {
  rules?: readonly (RightsRule | null | undefined)[]
  roles?: readonly (Role | null | undefined)[]
  /** Keys of rules, roles and rights whose names are wanted as well. */
  keys?: readonly string[]
}

/**
 * Names for everything that these rules and roles speak of; people only where the reader may know their name. `people`:
 * those spoken of whom the reader may know, with or without their name. Three statements.
 */
export async function namesFor(
  tx: Tx,
  actor: Actor,
  { rules = [], roles = [], keys = [] }: Spoken,
): Promise<DifferenceNames & { book: BookNames; people: Person[] }> {
  const there = rules.filter(rule => rule !== null && rule !== undefined)
  const rights = [
    ...there.flatMap(rule => rule.entitlements),
    ...roles.flatMap(role => role?.entitlements.map(one => one.key) ?? []),
  ]
  const names = await readNames(tx)
  const book = await bookNames(tx, [...rights, ...keys])
  const persons = there.flatMap(rule => {
    const tree = formTree(rule.conditions)
    return [...(rule.ownerPerson ? [rule.ownerPerson] : []), ...(tree ? personsIn(tree) : [])]
  })
  const people = await peopleNamed(tx, actor, [...new Set(persons)])
  return {
    unit: names.unit,
    position: names.position,
    role: names.role,
    right: fullNames(book),
    person: new Map(people.flatMap(({ id, name }) => (name === null ? [] : [[id, name]]))),
    book,
    people,
  }
}
