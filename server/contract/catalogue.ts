import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { criticality, systemStatus } from './lists.ts'
import * as s from './shapes.ts'
import { flowFrequency, flowHow, sheetField, sheetShape, systemFlow } from './sheet.ts'

/** Where a value comes from: what a feed says, or what somebody has set by hand, which wins until it is released. */
export const valueOrigin = z.union([
  z.object({
    kind: z.literal('feed'),
    source: z.string(),
    sourceName: z.object({ da: z.string(), en: z.string() }).nullable(),
  }),
  z.object({ kind: z.literal('hand'), at: s.instant, by: z.string().nullable(), reason: z.string().nullable() }),
])
const given = z.record(z.string().max(50), z.unknown())
const reason = z.string().trim().max(500).nullable().default(null)
/**
 * Whom or which unit a value names, as a list of changes says it: `hidden` where the name is protected from the reader,
 * `unit` of the employment. Neither name nor words: somebody who is not kept here any more.
 */
export type NamedRef = { name: string | null; hidden: boolean; unit: string | null; words: string | null }
/**
 * A field with what it was and what it became; `null`: not known. People and units are `NamedRef`, and flows name the
 * other system by its name.
 */
export const sheetChange = z.object({ field: sheetField, before: z.unknown(), after: z.unknown() })
const namedPerson = z.object({
  /** Null where the words lead to nobody. */
  person: s.personRef.nullable(),
  words: z.string().nullable(),
  title: z.string().nullable(),
  unit: s.unitRef.nullable(),
  /** The employment has ended: somebody else has to take over. */
  ended: z.boolean(),
})
export const attestation = z.object({
  at: s.instant,
  by: z.string().nullable(),
  changed: z.boolean(),
  note: z.string().nullable(),
})

export const getSheet = endpoint({
  id: 'getSheet',
  path: '/systems/:systemId/sheet',
  permission: 'system.read',
  summary: 'The sheet of a system: its facts, where each comes from, today or as it stood at an instant',
  params: z.object({ systemId: s.id }),
  query: z.object({ at: s.instant.optional() }),
  response: z.object({
    system: s.systemRef,
    version: z.number().int(),
    values: sheetShape,
    origins: z.partialRecord(sheetField, valueOrigin),
    /** What the feed says where the value is set by hand. */
    feed: sheetShape,
    people: z.object({
      owner: namedPerson.nullable(),
      responsible: namedPerson.nullable(),
      contact: namedPerson.nullable(),
    }),
    unit: s.unitRef.nullable(),
    /** Systems that the flows name. */
    systems: z.array(s.systemRef),
    /** Flows with this system that others have told. */
    told: z.array(z.object({ by: s.systemRef, flow: systemFlow })),
    attestations: z.array(attestation),
    attestDue: s.civilDate.nullable(),
    today: s.civilDate,
    allowed: z.object({ change: z.boolean() }),
  }),
  problems: ['not-found'],
})

export const saveSheet = endpoint({
  id: 'saveSheet',
  method: 'PUT',
  path: '/systems/:systemId/sheet',
  permission: 'system.change',
  summary: 'Set facts of a system by hand, or release them so that the feed counts again',
  params: z.object({ systemId: s.id }),
  body: z.object({
    version: z.number().int(),
    set: given.default({}),
    release: z.array(sheetField).default([]),
    reason,
  }),
  response: z.object({ version: z.number().int(), changed: z.array(sheetField) }),
  problems: ['not-found', 'not-allowed', 'conflict', 'data-invalid', 'reason-needed'],
})

export const getSheetHistory = endpoint({
  id: 'getSheetHistory',
  path: '/systems/:systemId/sheet/history',
  permission: 'system.read',
  summary: 'Every change of a sheet: who or which feed, why, before and after',
  params: z.object({ systemId: s.id }),
  query: s.page,
  response: z.object({
    rows: z.array(
      z.object({
        version: z.number().int(),
        at: s.instant,
        origin: z.enum(['start', 'feed', 'hand', 'bulk', 'undo', 'import']),
        by: z.string().nullable(),
        source: z.string().nullable(),
        reason: z.string().nullable(),
        changes: z.array(sheetChange),
        /** Of a change of many systems at once: how many, and that the reader may take it back for all of them. */
        undo: z.object({ batch: s.id, systems: z.number().int() }).nullable(),
      }),
    ),
    total: z.number().int(),
  }),
  problems: ['not-found'],
})

export const createSystem = endpoint({
  id: 'createSystem',
  method: 'POST',
  path: '/catalogue/systems',
  permission: 'system.change',
  summary: 'Put a system into the catalogue by hand',
  body: z.object({ key: z.string().trim().max(100), set: given, reason }),
  response: z.object({ id: s.id, key: z.string(), version: z.number().int() }),
  problems: ['not-allowed', 'conflict', 'data-invalid', 'reason-needed'],
})

export const attestSheet = endpoint({
  id: 'attestSheet',
  method: 'POST',
  path: '/systems/:systemId/attest',
  permission: 'system.change',
  summary: 'Is this still true? Confirm the sheet as it stands; asked again in a year',
  params: z.object({ systemId: s.id }),
  body: z.object({ version: z.number().int(), note: reason }),
  response: z.object({ at: s.instant, due: s.civilDate, version: z.number().int() }),
  problems: ['not-found', 'not-allowed', 'conflict'],
})

const manySystems = z.array(s.id).min(1).max(2000)
const bulkBody = z.object({ systems: manySystems, set: given.default({}), release: z.array(sheetField).default([]) })
export const previewSheets = endpoint({
  id: 'previewSheets',
  method: 'POST',
  path: '/catalogue/bulk/preview',
  kind: 'search',
  permission: 'system.change',
  summary: 'What setting these facts for many systems would change; nothing is written',
  body: bulkBody,
  response: z.object({
    rows: z.array(
      z.object({ system: s.systemRef, changes: z.array(sheetChange), refused: z.enum(['not-allowed']).nullable() }),
    ),
    changed: z.number().int(),
    hash: z.string(),
  }),
  problems: ['not-found', 'data-invalid'],
})
export const changeSheets = endpoint({
  id: 'changeSheets',
  method: 'POST',
  path: '/catalogue/bulk',
  permission: 'system.change',
  summary: 'Set these facts for many systems, as previewed; can be undone in one step',
  body: bulkBody.extend({ hash: z.string().max(100), reason }),
  response: z.object({ batch: s.id, changed: z.number().int() }),
  problems: ['not-found', 'data-invalid', 'plan-stale', 'reason-needed'],
})
export const undoSheets = endpoint({
  id: 'undoSheets',
  method: 'POST',
  path: '/catalogue/bulk/:batch/undo',
  permission: 'system.change',
  summary: 'Take a change of many systems back; what has been changed since stays',
  params: z.object({ batch: s.id }),
  response: z.object({ undone: z.number().int(), kept: z.number().int() }),
  problems: ['not-found', 'conflict'],
})

export const getSystemMap = endpoint({
  id: 'getSystemMap',
  path: '/catalogue/map',
  permission: 'system.read',
  summary: 'Systems and the data that flow between them, with those whose loss cuts others off',
  response: z.object({
    systems: z.array(
      s.systemRef.extend({
        area: z.string().nullable(),
        status: systemStatus.nullable(),
        criticality: criticality.nullable(),
        /** Systems that get data of it, directly or by way of others. */
        dependents: z.number().int(),
        /** Systems that are cut off from the rest when it is lost. */
        cutsOff: z.number().int(),
      }),
    ),
    flows: z.array(
      z.object({
        from: s.id,
        to: s.id,
        data: z.array(z.string()),
        how: flowHow,
        frequency: flowFrequency.nullable(),
        owner: z.string().nullable(),
      }),
    ),
  }),
})
