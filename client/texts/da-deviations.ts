import { findings } from './da/findings.ts'

/** Texts of the worklist of what does not fit. They come with the first of these screens. */
export const daDeviations = { ...findings } as const
