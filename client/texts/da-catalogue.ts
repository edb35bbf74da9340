import { catalogue } from './da/catalogue.ts'
import { transfer } from './da/transfer.ts'

/** Texts of the system catalogue: sheets, imports, data flows. They come with the first of these screens. */
export const daCatalogue = { ...catalogue, ...transfer } as const
