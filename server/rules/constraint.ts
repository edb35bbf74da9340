import { z } from 'zod'
import type { AffiliationFacts } from './affiliation-facts.ts'

const values = z.array(z.string().min(1)).min(1)
/** The constraint type that the entitlement takes, such as `unit`, `kle` or `sensitivity`. */
const on = z.string().min(1)

export const constraintSpec = z.discriminatedUnion('kind', [
  z.strictObject({ on, kind: z.literal('own-unit') }),
  z.strictObject({ on, kind: z.literal('own-unit-and-below') }),
  z.strictObject({ on, kind: z.literal('ancestor-at-level'), level: z.int().min(0) }),
  /** The KLE numbers of the unit, or those of them that start with one of `values`. */
  z.strictObject({ on, kind: z.literal('kle'), values: values.optional() }),
  z.strictObject({ on, kind: z.literal('fixed'), values }),
  /** Chosen when assigned; from `values` only, when they are given. */
  z.strictObject({ on, kind: z.literal('chosen'), values: values.optional() }),
])

export type ConstraintSpec = z.infer<typeof constraintSpec>
export type ResolvedConstraint = { on: string; kind: ConstraintSpec['kind']; values: string[] }

/** Units by source key. `below` gives the unit itself and every unit under it. */
export type UnitLookup = {
  level: (unitKey: string) => number | undefined
  below: (unitKey: string) => readonly string[]
}

/**
 * What a constraint means for one affiliation. Null when it resolves to nothing, and then the right must not be held:
 * a limit that nobody could work out never widens a right.
 * `chosen` are the values given at assignment, by constraint type.
 */
export function resolveConstraint(
  spec: ConstraintSpec,
  facts: AffiliationFacts,
  units: UnitLookup,
  chosen: Readonly<Record<string, readonly string[]>> = {},
): ResolvedConstraint | null {
  const found = [...new Set(resolve(spec, facts, units, chosen))].filter(value => value !== '')
  return found.length === 0 ? null : { on: spec.on, kind: spec.kind, values: found }
}

function resolve(
  spec: ConstraintSpec,
  facts: AffiliationFacts,
  units: UnitLookup,
  chosen: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  switch (spec.kind) {
    case 'own-unit':
      return units.level(facts.unitKey) === undefined ? [] : [facts.unitKey]
    case 'own-unit-and-below':
      return units.level(facts.unitKey) === undefined ? [] : units.below(facts.unitKey)
    case 'ancestor-at-level':
      return facts.unitPath.filter(key => units.level(key) === spec.level).slice(0, 1)
    case 'kle': {
      const wanted = spec.values
      return wanted ? facts.kle.filter(number => wanted.some(prefix => kleCovers(prefix, number))) : facts.kle
    }
    case 'fixed':
      return spec.values
    case 'chosen': {
      const given = Object.hasOwn(chosen, spec.on) ? (chosen[spec.on] as readonly string[]) : []
      const allowed = spec.values
      // One value outside the list spoils the choice: dropping it in silence would give something nobody asked for.
      return allowed && given.some(value => !allowed.includes(value)) ? [] : given
    }
  }
}

/** KLE numbers are a hierarchy: 27 covers 27.36 and 27.36.04. */
const kleCovers = (prefix: string, number: string) => number === prefix || number.startsWith(`${prefix}.`)

/**
 * All constraints of a right at once: every one must resolve, or null. Two constraints on the same type narrow each
 * other (what both allow).
 */
export function resolveConstraints(
  specs: readonly ConstraintSpec[],
  facts: AffiliationFacts,
  units: UnitLookup,
  chosen: Readonly<Record<string, readonly string[]>> = {},
): ResolvedConstraint[] | null {
  const byType = new Map<string, ResolvedConstraint>()
  for (const spec of specs) {
    const next = resolveConstraint(spec, facts, units, chosen)
    if (!next) return null
    const before = byType.get(spec.on)
    const values = before ? next.values.filter(value => before.values.includes(value)) : next.values
    if (values.length === 0) return null
    byType.set(spec.on, { ...next, values })
  }
  return [...byType.values()]
}
