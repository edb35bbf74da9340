import { views } from './da/views.ts'

/** Texts of saved views and what is mailed of them. They come with the first list that has views. */
export const daViews = { ...views } as const
