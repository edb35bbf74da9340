import { z } from 'zod'
import { contentChange } from './activity-versions.ts'
import { endpoint } from './endpoint.ts'
import * as imports from './imports.ts'
import { remark } from './register.ts'
import * as s from './shapes.ts'

/**
 * The register from a file. What comes in is looked at, its columns are said, what it would do is shown record by
 * record, and only that is done: new records become drafts, changes become proposals, and nothing is in force by a file.
 */

/** Rows of one worksheet: a large municipality has some hundred records with some dozen rows each. */
export const MOST_REGISTER_ROWS = 20_000
export const MOST_REGISTER_RECORDS = 1000
const count = z.number().int()

/** The sheets of the workbook; the first has one line a record, the others name the record that each line belongs to. */
export const REGISTER_PARTS = [
  'activities',
  'rows',
  'purposes',
  'retention',
  'transfers',
  'systems',
  'measures',
  'parties',
] as const
export const registerPart = z.enum(REGISTER_PARTS)
export type RegisterPart = z.output<typeof registerPart>

/** What a column says, by the name that the column of our own workbook has; null: not read. */
const columns = imports.columnsOf(z.string().max(40))

export const registerSettings = z.object({
  /** By the table, in the order in which they were found. */
  columns: z.array(columns).max(20).default([]),
  /** An empty list counts as an empty cell, and a record as a line. */
  ...imports.importChoices,
  /** The area of new records of which the file does not say it. */
  area: z.string().trim().max(100).default(''),
})
export type RegisterSettings = z.output<typeof registerSettings>

export const uploadRegister = endpoint({
  id: 'uploadRegister',
  method: 'POST',
  path: '/register/imports',
  permission: 'activity.change',
  summary:
    'Send in records of processing as XLSX, CSV or the JSON of a package, as the body itself (`application/octet-stream`, at most 10 MB). Nothing is changed: the answer says what is in it and which columns seem to say what',
  query: imports.sentName,
  response: z.object({
    importId: s.id,
    name: z.string(),
    kind: z.enum(['table', 'package']),
    /** Records of a package. */
    records: count,
    tables: z.array(
      z.object({
        part: registerPart,
        sheet: z.string().nullable(),
        rows: count,
        headings: z.array(z.string()),
        /** For each column a value that stands in it. */
        examples: z.array(z.string()),
        columns,
        /** What a column of this table can say, as our own workbook calls it. */
        targets: z.array(z.object({ name: z.string(), da: z.string(), en: z.string() })),
      }),
    ),
    /** The file has the headings of our own workbook. */
    own: z.boolean(),
    /** Name of the saved columns that fit; null: proposed by the headings. */
    remembered: z.string().nullable(),
    saved: imports.fittingColumns(z.array(columns)),
    /** Worksheets that are not read. */
    leftSheets: z.array(z.string()),
    unknown: imports.unknownFields,
    /** What the package is called: a proposal for the area of its records. */
    area: z.string(),
  }),
  problems: ['source-invalid', 'source-incomplete', 'payload-too-large'],
})
export type RegisterUpload = z.output<(typeof uploadRegister)['response']>

export const REGISTER_FAULTS = [
  'title-missing',
  'title-twice',
  'ref-twice',
  'ref-unknown',
  'name-of-many',
  'no-such-activity',
  'area-missing',
  'not-a-term',
  'not-a-choice',
  'not-a-kle',
  'not-a-period',
  'not-a-link',
  'unknown-unit',
  'unit-of-many',
  'unknown-system',
  'too-many',
  'not-for-kind',
  'kind-changed',
  'open-change',
  'proposed',
  'not-allowed',
  'unknown-basis',
  'wrong-shape',
  'owner-unknown',
  'heading-alone',
  'kle-missing',
  'basis-missing',
] as const
export const registerFault = imports.faultOf(REGISTER_FAULTS)
export type RegisterFault = z.output<typeof registerFault>

export const registerImportRow = z.object({
  sheet: z.string().nullable(),
  line: count,
  ref: z.string().nullable(),
  name: z.string().nullable(),
  activityId: s.id.nullable(),
  op: z.enum(['bad', 'new', 'changed']),
  /** How the record was found; null: it is new. */
  found: z.enum(['ref', 'name']).nullable(),
  /** What becomes of it: a draft to go on with, or a proposal that somebody decides. */
  becomes: z.enum(['draft', 'proposal']).nullable(),
  changes: z.array(contentChange),
  faults: z.array(registerFault),
  /** What is not taken although the record is. */
  notes: z.array(registerFault),
  /** What a colleague would remark on in the record as it will be. */
  remarks: z.array(remark),
})

export const planRegister = endpoint({
  id: 'planRegister',
  method: 'POST',
  path: '/register/imports/:importId/plan',
  kind: 'search',
  large: true,
  permission: 'activity.change',
  summary:
    'What a file would do, record by record, and everything that cannot be taken with what to do. Nothing is written',
  params: imports.ofImport,
  body: registerSettings,
  response: z.object({
    hash: z.string(),
    counts: z.object({ ...imports.importCounts, faults: count, remarks: count }),
    /** Records with mistakes first, then new and changed ones; the first 300. */
    rows: z.array(registerImportRow),
    total: count,
    /** Words for the ids that the changes name. */
    names: z.record(z.string(), z.string()),
  }),
  problems: ['not-found', 'data-invalid'],
})
export type RegisterPlan = z.output<(typeof planRegister)['response']>

export const applyRegister = endpoint({
  id: 'applyRegister',
  method: 'POST',
  path: '/register/imports/:importId/apply',
  permission: 'activity.change',
  summary: 'Do what was shown, all of it or nothing. `saveAs` keeps the columns under a name',
  params: imports.ofImport,
  body: registerSettings.extend(imports.importApplying),
  response: z.object({ drafts: count, proposals: count, left: count }),
  problems: ['not-found', 'data-invalid', 'plan-stale', 'conflict', 'not-allowed'],
})

export const undoRegister = endpoint({
  id: 'undoRegister',
  method: 'POST',
  path: '/register/imports/:importId/undo',
  permission: 'activity.change',
  summary: 'Take an import back: drafts and proposals that nobody has touched since are withdrawn, the others stay',
  params: imports.ofImport,
  response: z.object({ withdrawn: count, kept: count }),
  problems: ['not-found', 'conflict'],
})

export const listRegisterImports = endpoint({
  id: 'listRegisterImports',
  path: '/register/imports',
  permission: 'activity.change',
  summary: 'The last files of records that the reader has let in',
  response: z.object({ rows: z.array(imports.pastImport.extend({ drafts: count, proposals: count })) }),
})

export const listRegisterColumns = endpoint({
  id: 'listRegisterColumns',
  path: '/register/columns',
  permission: 'activity.change',
  summary: 'Columns of files of records that were saved under a name',
  response: imports.savedColumns,
})
export const renameRegisterColumns = endpoint({
  id: 'renameRegisterColumns',
  method: 'POST',
  path: '/register/columns/rename',
  permission: 'activity.change',
  summary: 'Call saved columns something else',
  body: imports.renamedColumns,
  response: imports.columnsName,
  problems: ['not-found', 'conflict'],
})
export const deleteRegisterColumns = endpoint({
  id: 'deleteRegisterColumns',
  method: 'POST',
  path: '/register/columns/delete',
  permission: 'activity.change',
  summary: 'Forget saved columns; no import that used them changes',
  body: imports.namedColumns,
  response: imports.columnsName,
  problems: ['not-found'],
})
