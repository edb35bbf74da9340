import { z } from 'zod'
import { sheetChange } from './catalogue.ts'
import { endpoint } from './endpoint.ts'
import * as imports from './imports.ts'
import * as s from './shapes.ts'
import { SHEET, type SheetField, sheetFields } from './sheet.ts'

/**
 * The catalogue from a file. What comes in is looked at, its columns are said, what it would do is shown
 * cell by cell, and only that is done. Every value becomes one set by hand: a file that somebody sends in once is no feed.
 */

/** Rows of one worksheet; a municipality has some hundred systems. */
export const MOST_IMPORT_ROWS = 10_000
const count = z.number().int()

/** What a column of the list of systems can say. Contracts and flows have lists of their own. */
export const importTargets = ['key', ...sheetFields.filter(name => !['contracts', 'flows'].includes(name))] as [
  'key',
  ...Exclude<SheetField, 'contracts' | 'flows'>[],
]
export const importTarget = z.enum(importTargets)
export type ImportTarget = z.output<typeof importTarget>
const columns = imports.columnsOf(importTarget)

export const importSettings = z.object({
  columns: columns.default([]),
  ...imports.importChoices,
  /** Who is meant where the file gives no employee number. What is not decided is skipped. */
  people: z
    .array(
      z.object({
        said: z.string().max(600),
        as: z.union([z.object({ person: z.uuid() }), z.literal('words'), z.literal('skip')]),
      }),
    )
    .max(2000)
    .default([]),
})
export type ImportSettings = z.output<typeof importSettings>

export const importPart = z.enum(['systems', 'contracts', 'flows'])
const table = z.object({ part: importPart, sheet: z.string().nullable(), rows: count })

export const uploadSystems = endpoint({
  id: 'uploadSystems',
  method: 'POST',
  path: '/catalogue/imports',
  permission: 'system.import',
  summary:
    'Send in systems as XLSX, CSV or the JSON of KITOS, as the body itself (`application/octet-stream`, at most 10 MB). Nothing is changed: the answer says what is in it and which columns seem to say what',
  query: imports.sentName,
  response: z.object({
    importId: s.id,
    name: z.string(),
    kind: z.enum(['table', 'kitos']),
    tables: z.array(table),
    headings: z.array(z.string()),
    /** For each column a value that stands in it. */
    examples: z.array(z.string()),
    columns,
    /** The file has the headings of our own export. */
    own: z.boolean(),
    /** Name of the saved columns that fit; null: proposed by the headings. */
    remembered: z.string().nullable(),
    saved: imports.fittingColumns(columns),
    /** Worksheets that are not read. */
    leftSheets: z.array(z.string()),
    /** They are kept with the system. */
    unknown: imports.unknownFields,
  }),
  problems: ['source-invalid', 'source-incomplete', 'payload-too-large'],
})
export type ImportUpload = z.output<(typeof uploadSystems)['response']>

export const FAULTS = [
  'key-missing',
  'key-invalid',
  'key-twice',
  'name-missing',
  'name-of-many',
  'not-a-choice',
  'not-yes-or-no',
  'unknown-number',
  'number-of-many',
  'number-ended',
  'unknown-unit',
  'unknown-system',
  'no-such-system',
  'itself',
  'ends-before-it-begins',
  'none-and-more',
  'relation-left',
  'frequency-left',
  'wrong-shape',
] as const
export const importFault = imports.faultOf(FAULTS)
export type ImportFault = z.output<typeof importFault>

export const importRow = z.object({
  sheet: z.string().nullable(),
  line: count,
  key: z.string().nullable(),
  name: z.string().nullable(),
  system: s.id.nullable(),
  op: z.enum(['bad', 'new', 'changed']),
  /** How the system was found; null: it is new. */
  found: z.enum(['key', 'kitos', 'name']).nullable(),
  /** Only facts that differ. */
  changes: z.array(sheetChange),
  faults: z.array(importFault),
})
export type ImportRow = z.output<typeof importRow>

const candidate = z.object({
  person: s.personRef,
  title: z.string().nullable(),
  unit: s.unitRef.nullable(),
  why: z.enum(['email', 'name']),
})
export const planSystems = endpoint({
  id: 'planSystems',
  method: 'POST',
  path: '/catalogue/imports/:importId/plan',
  kind: 'search',
  large: true,
  permission: 'system.import',
  summary: 'What a file would do, cell by cell, and every row that cannot be taken with what to do. Nothing is written',
  params: imports.ofImport,
  body: importSettings,
  response: z.object({
    hash: z.string(),
    counts: z.object({ ...imports.importCounts, values: count, skipped: count }),
    /** Rows with mistakes first, then new and changed ones; the first 500. */
    rows: z.array(importRow),
    total: count,
    /** What another register says and we do not take, though its system is taken: relations that lead nowhere. The first 500. */
    notTaken: z.array(importFault.extend({ system: z.string().nullable() })),
    notTakenTotal: count,
    /** People whom the file names without an employee number: never taken by name or mail address alone. */
    people: z.array(
      z.object({
        said: z.string(),
        name: z.string().nullable(),
        email: z.string().nullable(),
        /** How many times it stands in the file. */
        count,
        fields: z.array(z.enum(Object.keys(SHEET) as [SheetField, ...SheetField[]])),
        candidates: z.array(candidate),
      }),
    ),
  }),
  problems: ['not-found', 'data-invalid'],
})
export type ImportPlan = z.output<(typeof planSystems)['response']>

export const applySystems = endpoint({
  id: 'applySystems',
  method: 'POST',
  path: '/catalogue/imports/:importId/apply',
  permission: 'system.import',
  summary: 'Do what was shown, all of it or nothing; can be undone. `saveAs` keeps the columns under a name',
  params: imports.ofImport,
  body: importSettings.extend(imports.importApplying),
  response: z.object({ created: count, changed: count, left: count }),
  problems: ['not-found', 'data-invalid', 'plan-stale', 'conflict'],
})

export const undoSystems = endpoint({
  id: 'undoSystems',
  method: 'POST',
  path: '/catalogue/imports/:importId/undo',
  permission: 'system.import',
  summary: 'Take an import back; what has been changed since stays, and is named',
  params: imports.ofImport,
  response: z.object({
    undone: count,
    /** Systems that the import had made and that are out of the catalogue again. */
    removed: count,
    kept: z.array(z.object({ system: s.systemRef, fields: z.array(z.enum(sheetFields)) })),
  }),
  problems: ['not-found', 'conflict'],
})

export const listImports = endpoint({
  id: 'listImports',
  path: '/catalogue/imports',
  permission: 'system.import',
  summary: 'The last imports: who, what it changed, and whether it was undone',
  response: z.object({
    rows: z.array(imports.pastImport.extend({ kind: z.enum(['table', 'kitos']), created: count, changed: count })),
  }),
})

export const listSavedColumns = endpoint({
  id: 'listSavedColumns',
  path: '/catalogue/columns',
  permission: 'system.import',
  summary: 'Columns of files of systems that were saved under a name',
  response: imports.savedColumns,
})
export const renameSavedColumns = endpoint({
  id: 'renameSavedColumns',
  method: 'POST',
  path: '/catalogue/columns/rename',
  permission: 'system.import',
  summary: 'Call saved columns something else',
  body: imports.renamedColumns,
  response: imports.columnsName,
  problems: ['not-found', 'conflict'],
})
export const deleteSavedColumns = endpoint({
  id: 'deleteSavedColumns',
  method: 'POST',
  path: '/catalogue/columns/delete',
  permission: 'system.import',
  summary: 'Forget saved columns; no import that used them changes',
  body: imports.namedColumns,
  response: imports.columnsName,
  problems: ['not-found'],
})
