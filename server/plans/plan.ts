import type { Json } from '../platform/feed-record.ts'

/** A stored plan: what would change, computed before anything does. It knows no nouns: `kind` and `key` are its caller's. */
export type PlanOp = 'add' | 'change' | 'gone' | 'return'
export type PlanItemState = 'planned' | 'held' | 'applied' | 'rejected'
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

/** What a guard holds back: the part, how many changes it has, and how many would have been let through. */
export type HeldBack = {
  guard: string
  kind: string
  op: PlanOp
  /** null: all changes of the kind and op. */
  part: string | null
  count: number
  limit: number
}
