/** Texts of the rights matrix, comparisons, saved views and subscriptions. They come with the first of these screens. */
export const daOverview = {} as const
