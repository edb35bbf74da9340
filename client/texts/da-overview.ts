import { matrix } from './da/matrix.ts'
import { pages } from './da/pages.ts'

/** Texts of the rights matrix, comparisons. They come with the first of these screens. */
export const daOverview = { ...matrix, ...pages } as const
