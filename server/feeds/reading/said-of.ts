import type { Said } from '#contract/said.ts'
import { isProblem } from '../../platform/problem.ts'

/** What a step that failed says: the English sentence, and the code of it where somebody foresaw it. */
export const saidOf = (error: unknown): { detail: string; said: Said | undefined } => ({
  detail: (error as Error).message,
  said: isProblem(error) ? error.info.said : undefined,
})
