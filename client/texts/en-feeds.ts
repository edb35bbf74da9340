import type { daFeeds } from './da-feeds.ts'
import { desk } from './en/desk.ts'
import { drops } from './en/drops.ts'
import { held } from './en/held.ts'
import { sources } from './en/sources.ts'
import { sync } from './en/sync.ts'
import type { Same } from './same.ts'

export const enFeeds: Same<typeof daFeeds> = {
  ...sync,
  ...sources,
  ...drops,
  ...held,
  ...desk,
}
