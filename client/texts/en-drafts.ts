import type { daDrafts } from './da-drafts.ts'
import { drafts } from './en/drafts.ts'
import type { Same } from './same.ts'

export const enDrafts: Same<typeof daDrafts> = { ...drafts }
