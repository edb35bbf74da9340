import type { Tx } from '../platform/unit-of-work.ts'

/**
 * What follows from rights having been decided anew, in the same transaction: orders, for instance. `people` are those
 * whose rights may differ; a function of this kind works set-based and answers nothing.
 */
export type AfterDecided = (tx: Tx, decided: Decided) => Promise<void>
export type Decided = { people: readonly string[] | 'all'; today: string; now: Date; cause: string }

/** For whoever changes what is seen or allowed without a right being decided: the same follows from it, in this order. */
export async function followed(tx: Tx, after: readonly AfterDecided[] | undefined, decided: Decided): Promise<void> {
  for (const follow of after ?? []) await follow(tx, decided)
}
