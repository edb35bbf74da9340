import { z } from 'zod'
import { draftState } from './lists.ts'
import * as s from './shapes.ts'

/** A draft of a what-if: the changes that it may hold, and what its page says. */

const key = z.string().trim().min(1).max(200)
const text = z.string().trim().min(1).max(200)
const count = z.number().int()
const changeId = z.string().min(1).max(40)

/** A unit that an old one continues as. Several rows of one `from` are a split, several of one `to` a merger. */
export const unitMapRow = z.object({ from: key, to: key })

/**
 * One change of a draft. Units, systems and entitlements by key: a unit that the draft makes has none other yet.
 * Rules and roles as in a rules file; the server checks them.
 */
export const draftChange = z.discriminatedUnion('kind', [
  z.object({ id: changeId, kind: z.literal('rule-put'), rule: z.record(z.string(), z.unknown()) }),
  z.object({ id: changeId, kind: z.literal('rule-retire'), key }),
  z.object({ id: changeId, kind: z.literal('role-put'), role: z.record(z.string(), z.unknown()) }),
  z.object({ id: changeId, kind: z.literal('role-retire'), key }),
  z.object({ id: changeId, kind: z.literal('unit-create'), unit: key, name: text, unitKind: s.unitKind, parent: key }),
  z.object({ id: changeId, kind: z.literal('unit-rename'), unit: key, name: text }),
  z.object({ id: changeId, kind: z.literal('unit-move'), unit: key, parent: key }),
  z.object({ id: changeId, kind: z.literal('unit-close'), unit: key }),
  /** Everybody in the units goes to `into`, units below go below it, and the units close. */
  z.object({ id: changeId, kind: z.literal('unit-merge'), units: z.array(key).min(1).max(100), into: key }),
  /**
   * Who goes where: those named by employment first, then by title, then by position in the catalogue, each to the first
   * part that names them. Who is not named stays.
   */
  z.object({
    id: changeId,
    kind: z.literal('unit-split'),
    unit: key,
    parts: z
      .array(
        z
          .object({
            into: key,
            titles: z.array(text).max(100).default([]),
            positions: z.array(key).max(100).optional(),
            affiliations: z.array(s.id).max(5000).optional(),
          })
          .refine(
            part => part.titles.length + (part.positions?.length ?? 0) + (part.affiliations?.length ?? 0) > 0,
            'Say who goes there: titles, positions or people',
          ),
      )
      .min(1)
      .max(50),
  }),
  /** `unit`: only there and below; null: everywhere. */
  z.object({ id: changeId, kind: z.literal('title-change'), title: text, unit: key.nullable(), to: text }),
  z.object({
    id: changeId,
    kind: z.literal('affiliations-move'),
    affiliations: z.array(s.id).min(1).max(5000),
    into: key,
  }),
  z.object({ id: changeId, kind: z.literal('system-close'), system: key }),
  z.object({ id: changeId, kind: z.literal('entitlement-retire'), entitlement: key }),
  /**
   * Which unit an old one continues as. `carry`: the people of an old unit with one new one go there, and the old one
   * closes. `translate`: rules and roles that name an old unit name the new ones as well.
   */
  z.object({
    id: changeId,
    kind: z.literal('unit-map'),
    rows: z.array(unitMapRow).min(1).max(500),
    carry: z.boolean(),
    translate: z.boolean(),
  }),
])
export const draftChangeKind = z.enum([
  'rule-put',
  'rule-retire',
  'role-put',
  'role-retire',
  'unit-create',
  'unit-rename',
  'unit-move',
  'unit-close',
  'unit-merge',
  'unit-split',
  'title-change',
  'affiliations-move',
  'system-close',
  'entitlement-retire',
  'unit-map',
])

/** What has moved under a result since it was computed. */
export const movedBase = z.enum(['changes', 'rules', 'units', 'people', 'date'])
/** The change of the draft that is to blame, or that time passes. */
export const DATE_CAUSE = 'date'

/** Why a draft whose date has come waits. */
export const heldBecause = z.object({
  reason: z.enum(['other-outcome', 'sources-behind', 'invalid']),
  /** Rights that would change now and were not approved. */
  unexpected: count,
  /** Approved, and not what would come of it any more. */
  vanished: count,
  at: s.instant,
})

export const draftRow = z.object({
  id: s.id,
  name: z.string(),
  note: z.string(),
  /** The day on which it takes effect. */
  onDate: s.civilDate,
  state: draftState,
  owner: z.string(),
  own: z.boolean(),
  /** Whoever may read what-ifs may open it by its address; before that only its owner. */
  shared: z.boolean(),
  changes: count,
  /** People who would gain or lose something, of the latest result; null: not computed. */
  people: count.nullable(),
  updatedAt: s.instant,
  held: heldBecause.nullable(),
})
export const draftPage = draftRow.extend({
  /** Goes up with every change; a command names the one that it was made on. */
  version: count,
  changes: z.array(draftChange),
  /** Names of what the changes speak of, by key. */
  names: z.object({
    units: z.record(z.string(), z.string()),
    positions: z.record(z.string(), z.string()),
    systems: z.record(z.string(), z.string()),
    entitlements: z.record(z.string(), z.string()),
  }),
  timeline: z.array(
    z.object({
      what: z.enum(['made', 'shared', 'approved', 'held', 'applied', 'withdrawn']),
      at: s.instant,
      by: z.string().nullable(),
    }),
  ),
  /** Hash of the result that was approved. */
  approvedHash: z.string().nullable(),
  /** What carrying it out did beside the rules; null before. */
  carriedOut: z
    .object({
      rules: count,
      roles: count,
      /** Mass changes announced to the guards, by source. */
      announced: z.array(z.object({ id: s.id, source: z.string(), changes: count })),
      /** Written by hand in Hjemmel, since no source tells of it. */
      recorded: count,
    })
    .nullable(),
  may: z.object({
    change: z.boolean(),
    share: z.boolean(),
    approve: z.boolean(),
    withdraw: z.boolean(),
    apply: z.boolean(),
  }),
  /** Why the reader may not approve. */
  mayNot: z.enum(['own', 'no-permission', 'not-shared', 'not-computed', 'moved']).nullable(),
})

export type DraftChange = z.output<typeof draftChange>
export type DraftChangeKind = z.output<typeof draftChangeKind>
export type DraftState = z.output<typeof draftState>
export type DraftRow = z.output<typeof draftRow>
export type DraftPage = z.output<typeof draftPage>
export type MovedBase = z.output<typeof movedBase>
export type UnitMapRow = z.output<typeof unitMapRow>
export type HeldDraft = z.output<typeof heldBecause>
