import { z } from 'zod'
import { type ConstraintSpec, constraintSpec } from './constraint.ts'

const key = z.string().min(1)

/** A named set of entitlements (Jobfunktionsrolle, rollebuket) that may contain other roles. */
export const role = z.strictObject({
  key,
  name: z.string().min(1),
  description: z.string().min(1).optional(),
  entitlements: z.array(z.strictObject({ key, constraints: z.array(constraintSpec).optional() })).default([]),
  roles: z.array(key).default([]),
})

export type Role = z.infer<typeof role>

/** One entitlement that a role gives. `rolePath` goes from the role asked for to the role that names the entitlement. */
export type RoleGrant = { entitlement: string; rolePath: readonly string[]; constraints: readonly ConstraintSpec[] }

export type RoleBook = { has: (key: string) => boolean; grants: (key: string) => readonly RoleGrant[] }

/**
 * Looks roles up and opens roles in roles; each role is opened once. Where an entitlement can be reached by several
 * paths the shortest counts, and among those the first written. An unknown role or a cycle throws: `validateRules`
 * finds both before anything is stored.
 */
export function roleBook(roles: readonly Role[]): RoleBook {
  const byKey = new Map(roles.map(one => [one.key, one]))
  const opened = new Map<string, readonly RoleGrant[]>()

  const open = (key: string, trail: readonly string[]): readonly RoleGrant[] => {
    const done = opened.get(key)
    if (done) return done
    const found = byKey.get(key)
    if (!found) throw new Error(`role "${key}" does not exist`)
    if (trail.includes(key)) throw new Error(`roles contain each other: ${[...trail, key].join(' > ')}`)
    const best = new Map<string, RoleGrant>()
    const offer = (grant: RoleGrant) => {
      const before = best.get(grant.entitlement)
      if (!before || grant.rolePath.length < before.rolePath.length) best.set(grant.entitlement, grant)
    }
    for (const one of found.entitlements)
      offer({ entitlement: one.key, rolePath: [key], constraints: one.constraints ?? [] })
    for (const inner of found.roles)
      for (const grant of open(inner, [...trail, key])) offer({ ...grant, rolePath: [key, ...grant.rolePath] })
    const grants = [...best.values()]
    opened.set(key, grants)
    return grants
  }

  return { has: key => byKey.has(key), grants: key => open(key, []) }
}

/** The roles that contain each other, each cycle once, as the path that closes it: `['a', 'b', 'a']`. */
export function roleCycles(roles: readonly Role[]): string[][] {
  const byKey = new Map(roles.map(one => [one.key, one]))
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[][] = []
  const visit = (key: string, trail: string[]) => {
    if (state.get(key) === 'done') return
    if (state.get(key) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(key)), key])
      return
    }
    state.set(key, 'open')
    for (const inner of byKey.get(key)?.roles ?? []) visit(inner, [...trail, key])
    state.set(key, 'done')
  }
  for (const one of roles) visit(one.key, [])
  return cycles
}
