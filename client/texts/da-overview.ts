import { matrix } from './da/matrix.ts'

/** Texts of the rights matrix, comparisons. They come with the first of these screens. */
export const daOverview = { ...matrix } as const
