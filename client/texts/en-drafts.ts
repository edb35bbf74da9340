import type { daDrafts } from './da-drafts.ts'
import { drafts } from './en/drafts.ts'
import { mining } from './en/mining.ts'
import type { Same } from './same.ts'

export const enDrafts: Same<typeof daDrafts> = { ...drafts, ...mining }
