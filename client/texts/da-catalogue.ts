import { catalogue } from './da/catalogue.ts'

/** Texts of the system catalogue: sheets, imports, data flows. They come with the first of these screens. */
export const daCatalogue = { ...catalogue } as const
