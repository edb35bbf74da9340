import { desk } from './da/desk.ts'
import { drops } from './da/drops.ts'
import { held } from './da/held.ts'
import { sources } from './da/sources.ts'
import { sync } from './da/sync.ts'

/** Texts of the screens of feeds and of the desk: they come with the first of these screens, not with every first screen. */
export const daFeeds = {
  ...sync,
  ...sources,
  ...drops,
  ...held,
  ...desk,
} as const
