import { z } from 'zod'
import type { ChangeLimits, Limit } from '../../plans/decide-guards.ts'
import type { AuthorityLookup, Json } from '../../platform/feed-record.ts'
import { RECORD_KINDS } from '../../platform/feed-record.ts'
import { type CorrelationSettings, correlationSettings } from './correlation-settings.ts'

export const recordKind = z.enum(RECORD_KINDS)

const limit = z.strictObject({ percent: z.number().min(0).max(100), floor: z.number().int().min(0) })

/** On by default; a source may set its own limits, and `false` takes one away in plain sight. */
export const guardSettings = z
  .strictObject({
    empty: z.boolean().default(true),
    stale: z.boolean().default(true),
    truncated: z.union([limit, z.literal(false)]).default({ percent: 2, floor: 25 }),
    shifted: z.union([limit, z.literal(false)]).default({ percent: 5, floor: 10 }),
    encoding: z.union([limit, z.literal(false)]).default({ percent: 0.5, floor: 10 }),
    add: z.union([limit, z.literal(false)]).default({ percent: 50, floor: 500 }),
    change: z.union([limit, z.literal(false)]).default({ percent: 10, floor: 50 }),
    gone: z.union([limit, z.literal(false)]).default({ percent: 5, floor: 25 }),
    part: z.union([limit, z.literal(false)]).default({ percent: 50, floor: 20 }),
    /** Records that lie side by side in the feed, whole units or letters of the alphabet that are missing. */
    hole: z.union([limit, z.literal(false)]).default({ percent: 1, floor: 3 }),
    /** Keys that come more than once. */
    keys: z.union([limit, z.literal(false)]).default({ percent: 1, floor: 5 }),
    format: z.boolean().default(true),
    /** Changes of one sort: names, managers, units, disabled accounts, ends, who somebody is. */
    aspect: z.union([limit, z.literal(false)]).default({ percent: 5, floor: 25 }),
    /** Changes that one cause explains: the same attribute from the same to the same value. */
    cause: z.union([limit, z.literal(false)]).default({ percent: 5, floor: 25 }),
    /** Members that one group gains or loses. */
    group: z.union([limit, z.literal(false)]).default({ percent: 50, floor: 20 }),
    /** Groups that lose all their members. */
    emptied: z.union([limit, z.literal(false)]).default({ percent: 2, floor: 3 }),
    /** Limits come down to what is usual, never below the floor. */
    learn: z.boolean().default(true),
    /** Days after which nobody can let through what waits; the next complete read finds it anew. */
    expireDays: z.number().int().min(1).max(30).default(7),
  })
  .prefault({})
export type GuardSettings = z.output<typeof guardSettings>

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const
export const schedule = z
  .string()
  .regex(/^\d{1,3}[smhd]$/, 'must be a number and a unit: 30s, 15m, 1h or 1d')
  .transform(text => Number(text.slice(0, -1)) * SECONDS[text.at(-1) as keyof typeof SECONDS])

/** A number for everything, or one per attribute beside the default. The higher number wins. */
export const authority = z.union([
  z.number().int().min(0).max(1000),
  z.object({ default: z.number().int().min(0).max(1000) }).catchall(z.number().int().min(0).max(1000)),
])

export const sourceName = z
  .union([
    z
      .string()
      .min(1)
      .max(100)
      .transform(text => ({ da: text, en: text })),
    z.strictObject({ da: z.string().min(1).max(100), en: z.string().min(1).max(100) }),
  ])
  .describe('a text, or { da, en }')

/** How often a source that can tell of changes is compared as a whole, where it does not say. */
export const FULL_EVERY_SECONDS = 86_400

/** What every declaration has, whatever its kind. The rest belongs to the reader of the kind. */
export const commonDeclaration = {
  key: z.string().regex(/^[a-z][a-z0-9-]{0,49}$/, 'must be lower-case letters, digits and hyphens'),
  name: sourceName.optional(),
  authority: authority.default(10),
  guards: guardSettings,
  correlation: correlationSettings.optional(),
  schedule: schedule.optional(),
  /** A source that can tell of changes is read whole this often all the same: nobody tells of everything. */
  fullEvery: schedule.prefault('1d'),
}

export type SourceDeclaration = {
  key: string
  name: { da: string; en: string }
  kind: string
  authority: z.output<typeof authority>
  guards: GuardSettings
  /** How accounts find their people; the defaults where it is not said. */
  correlation?: CorrelationSettings
  scheduleSeconds: number | null
  fullEverySeconds: number
  /** Where relative paths in the declaration start: the folder of the sources file, or one that the settings name. */
  folder: string
  /** Who says what it is; `file` unless said. What the file owns is read-only everywhere else. */
  owner?: 'file' | 'screen'
  /** As it was written, before defaults; absent where a program declared it. */
  written?: { [key: string]: Json }
  /** `file:line` in the sources file. */
  place?: string
  /** The part that the reader of this kind understands, as its schema made it. */
  settings: unknown
}

/** Manual facts outrank every feed unless somebody declares a feed above them. */
export const MANUAL_AUTHORITY = 100

/** What HR decides in a report stands above payroll, which learns of it later or never; the rest is payroll's to say. */
const REPORT_DECIDES = 90
const REPORT_AUTHORITY = {
  default: 20,
  ...Object.fromEntries(
    [
      'accessEndsOn',
      'lastWorkingDay',
      'releasedFrom',
      'endGoverns',
      'endReason',
      'leaveFrom',
      'leaveTo',
      'leaveKind',
      'leaveReason',
      'sponsor',
      'unitOverride',
    ].map(name => [name, REPORT_DECIDES]),
  ),
}
/** Programs that send events without being a declared source. */
export const EVENTS = 'hr-events'
const EVENTS_AUTHORITY = 15
/** What a report changes in something that payroll has said. */
const CHANGE = 'report-change'

function ownAuthority(source: string): z.output<typeof authority> {
  if (source === 'manual') return MANUAL_AUTHORITY
  if (source === 'report') return REPORT_AUTHORITY
  return source === EVENTS || source.startsWith(`${EVENTS}-`) ? EVENTS_AUTHORITY : 0
}

export function authorityOf(declarations: readonly Pick<SourceDeclaration, 'key' | 'authority'>[]): AuthorityLookup {
  const byKey = new Map(declarations.map(declaration => [declaration.key, declaration.authority]))
  const of = (value: z.output<typeof authority>, attribute: string) =>
    typeof value === 'number' ? value : (value[attribute] ?? value.default)
  return (source, attribute) =>
    // A change stands beside whoever says it otherwise, and among equals the later statement counts: what the report says
    // until payroll says something new, and that from then on.
    source === CHANGE && !byKey.has(source)
      ? Math.max(
          ...[...byKey.values()].map(value => of(value, attribute)).filter(value => value < MANUAL_AUTHORITY),
          of(ownAuthority('report'), attribute),
        )
      : of(byKey.get(source) ?? ownAuthority(source), attribute)
}

export function changeLimits(guards: GuardSettings): { limits: ChangeLimits; partLimits: ChangeLimits } {
  const or = (value: Limit | false) => (value === false ? null : value)
  const part = or(guards.part)
  return {
    limits: { add: or(guards.add), change: or(guards.change), gone: or(guards.gone), return: or(guards.add) },
    partLimits: { add: null, change: part, gone: part, return: null },
  }
}
