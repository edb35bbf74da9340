import { matrix } from './da/matrix.ts'
import { views } from './da/views.ts'

/** Texts of the rights matrix, comparisons, saved views and subscriptions. They come with the first of these screens. */
export const daOverview = { ...matrix, ...views } as const
