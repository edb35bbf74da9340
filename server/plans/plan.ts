import type { Json } from '../platform/feed-record.ts'

/** A stored plan: what would change, computed before anything does. It knows no nouns: `kind` and `key` are its caller's. */
export type PlanOp = 'add' | 'change' | 'gone' | 'return'
export type PlanItemState = 'planned' | 'held' | 'applied' | 'rejected' | 'stale'
export type PlanState = 'open' | 'applying' | 'applied' | 'held' | 'rejected' | 'stale'

export type PlanItem = {
  n: number
  kind: string
  key: string
  op: PlanOp
  part: string | null
  before: { [key: string]: Json } | null
  after: { [key: string]: Json } | null
  subjectId: string | null
}

/** A guard that trips: the part, how many changes it has, and how many would have been let through. */
export type Trip = {
  guard: string
  kind: string
  op: PlanOp
  /** null: all changes of the kind and op. */
  part: string | null
  count: number
  limit: number
}

/** What most of the changes have in common: the attribute, and from what to what where that is one and the same. */
export type Because = { attribute: string; from: string | null; to: string | null; count: number }

/** What a guard holds back; stored with the plan, and named by its items' `cause`. */
export type HeldBack = Trip & {
  cause: string
  /** What the guard met in all: another cause may hold the rest. */
  total: number
  /** What the changes are about, where the guard looks at that. */
  aspect: string | null
  because: Because | null
  /** Let through only when it is named itself. */
  alwaysOn: boolean
}

/** Which items: by number, or all of the kind, op and part. */
export type Hold = HeldBack & { items: readonly number[] | null }

/** One person's word on held items. */
export type Decision = {
  by: string
  at: string
  approved: boolean
  items: number
  reason: string | null
}
