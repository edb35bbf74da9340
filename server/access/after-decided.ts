import type { Tx } from '../platform/unit-of-work.ts'

/**
 * What follows from rights having been decided anew, in the same transaction: orders, for instance. `people` are those
 * whose rights may differ; a function of this kind works set-based and answers nothing.
 */
export type AfterDecided = (
  tx: Tx,
  decided: { people: readonly string[] | 'all'; today: string; now: Date; cause: string },
) => Promise<void>
