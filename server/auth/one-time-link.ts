import { createHash, randomBytes } from 'node:crypto'

export type LinkPurpose = 'first-administrator' | 'invitation' | 'reset'

/** 256 random bits. Only the hash is stored: who reads the database cannot use the links in it. */
export const newLinkToken = () => randomBytes(32).toString('base64url')
export const linkHash = (token: string) => createHash('sha256').update(token).digest()

export const LINK_HOURS = 24
export const linkExpiry = (now: Date) => new Date(now.getTime() + LINK_HOURS * 3_600_000)

/** The page of the client that takes the token. */
export const linkUrl = (publicUrl: string, token: string) => `${publicUrl.replace(/\/$/, '')}/link/${token}`
