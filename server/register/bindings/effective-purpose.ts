import type { Binding, BindingLevel, BindingScope, BoundRight, Way } from './binding.ts'

export type EffectiveBinding<B extends Binding = Binding> = {
  binding: B
  level: BindingLevel
  /** The right reaches further than the binding says it needs: a type of limit that the scope has is wider or not there. */
  wider: boolean
}

/**
 * The purposes of a right on a day. Each way in which it is held has the bindings of the lowest level that has any: what is
 * said of this very assignment, else of the rule, else of the role nearest to the rule, else of the group by which it is held
 * or of the right itself, else of the system. Several bindings on one level all count. A binding whose scope has nothing in
 * common with the right's limits is about another use of the same right, and does not count. Empty: nobody has said why.
 */
export function effectivePurpose<B extends Binding>(
  right: BoundRight,
  bindings: readonly B[],
  day: string,
): EffectiveBinding<B>[] {
  const valid = bindings.filter(
    one => one.from <= day && (one.to === null || day < one.to) && touches(one.scope, right.limits),
  )
  const found = new Map<string, EffectiveBinding<B>>()
  for (const way of right.ways)
    for (const binding of lowest(right, way, valid))
      found.set(binding.id, {
        binding,
        level: binding.object.level,
        wider: reachesFurther(binding.scope, right.limits),
      })
  return [...found.values()]
}

/** The steps from the lowest level to the highest; the first with a binding counts. */
function lowest<B extends Binding>(right: BoundRight, way: Way, bindings: readonly B[]): readonly B[] {
  const steps: ((object: Binding['object']) => boolean)[] = [
    object =>
      object.level === 'assignment' &&
      object.affiliationId === way.affiliationId &&
      object.entitlementId === right.entitlementId,
    object => object.level === 'rule' && object.ruleKey === way.ruleKey,
    ...way.rolePath.map(key => (object: Binding['object']) => object.level === 'role' && object.roleKey === key),
    object => object.level === 'group' && way.groupIds.includes(object.groupId),
    object => object.level === 'entitlement' && object.entitlementId === right.entitlementId,
    object => object.level === 'system' && object.systemId === right.systemId,
  ]
  for (const step of steps) {
    const here = bindings.filter(one => step(one.object))
    if (here.length > 0) return here
  }
  return []
}

/** Something in common for every type of limit that the scope names; a right without that limit reaches all of it. */
function touches(scope: BindingScope, limits: BoundRight['limits']): boolean {
  return Object.entries(scope).every(([type, allowed]) => {
    const held = limits[type]
    return (
      held === undefined ||
      held.some(value => allowed.some(one => covers(type, one, value) || covers(type, value, one)))
    )
  })
}

function reachesFurther(scope: BindingScope, limits: BoundRight['limits']): boolean {
  return Object.entries(scope).some(([type, allowed]) => {
    const held = limits[type]
    return held === undefined || held.some(value => !allowed.some(one => covers(type, one, value)))
  })
}

/** KLE numbers are a hierarchy: 27 covers 27.36 and 27.36.04. Other limits are equal or not. */
const covers = (type: string, wide: string, narrow: string): boolean =>
  wide === narrow || (type === 'kle' && narrow.startsWith(`${wide}.`))
