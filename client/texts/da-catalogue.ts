import { catalogue } from './da/catalogue.ts'
import { helpKeys } from './da/help-keys.ts'
import { transfer } from './da/transfer.ts'

/** Texts of the system catalogue: sheets, imports, data flows. They come with the first of these screens. */
export const daCatalogue = { ...catalogue, ...helpKeys, ...transfer } as const
