import type { daCatalogue } from './da-catalogue.ts'
import { catalogue } from './en/catalogue.ts'
import { helpKeys } from './en/help-keys.ts'
import { transfer } from './en/transfer.ts'
import type { Same } from './same.ts'

export const enCatalogue: Same<typeof daCatalogue> = { ...catalogue, ...helpKeys, ...transfer }
