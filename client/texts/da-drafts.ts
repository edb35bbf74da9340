import { drafts } from './da/drafts.ts'
import { mining } from './da/mining.ts'

/** Texts of what-if drafts and of proposals of roles. They come with the first of these screens. */
export const daDrafts = { ...drafts, ...mining } as const
