/**
 * Why a right may be held: a link from what gives the right to a purpose of a processing activity. Stated at the highest
 * level at which it is true, overridden below. The legal basis is never stated here: it follows from the purpose.
 */
export const BINDING_LEVELS = ['system', 'entitlement', 'group', 'role', 'rule', 'assignment'] as const
export type BindingLevel = (typeof BINDING_LEVELS)[number]

/** What the binding is about. Only the fields of its level are set. */
export type BindingObject =
  | { level: 'system'; systemId: string }
  | { level: 'entitlement'; entitlementId: string }
  | { level: 'group'; groupId: string }
  | { level: 'role'; roleKey: string }
  | { level: 'rule'; ruleKey: string }
  | { level: 'assignment'; affiliationId: string; entitlementId: string }

/** Under which values of the right's limits it counts, by type of limit (`kle`, `unit`, `sensitivity`). Empty: under all. */
export type BindingScope = Readonly<Record<string, readonly string[]>>

export type Binding = {
  id: string
  object: BindingObject
  activityId: string
  purposeKey: string
  scope: BindingScope
  /** Civil, closed-open; `to` null: open. */
  from: string
  to: string | null
}

/** One way in which a right comes to somebody. Roles from the one that the rule names down to the one that holds the right. */
export type Way = {
  affiliationId: string | null
  ruleKey: string | null
  rolePath: readonly string[]
  /** Groups by which it is held, where it is seen. */
  groupIds: readonly string[]
}
export type BoundRight = {
  systemId: string
  entitlementId: string
  ways: readonly Way[]
  /** Limits under which the right is held, by type; a type that is not there is not limited. */
  limits: Readonly<Record<string, readonly string[]>>
}
