import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { recordKind } from './lists.ts'
import { said } from './said.ts'
import * as s from './shapes.ts'

const names = z.object({ da: z.string(), en: z.string() })
const count = z.number().int()
const key = z.string().max(100)

/**
 * A source as somebody wrote it, in the words of the sources file: `{ key, name?, kind, schedule?, authority?, guards?, … }`
 * and what the reader of its kind takes. The screen and the YAML file say the same in the same words.
 */
export const declaration = z.record(z.string().max(100), z.unknown())

/** What is wrong with a declaration. `where` is a JSON pointer into it (`/files/0/map/name`), empty for the whole. */
export const sourceMistake = z.object({ where: z.string(), what: z.object({ da: z.string(), en: z.string() }) })

/** A secret that the declaration refers to, and whether there is one under that name. Never its value. */
export const secretState = z.object({
  where: z.string(),
  ref: z.union([z.object({ env: z.string() }), z.object({ file: z.string() })]),
  found: z.boolean(),
})

/** null: may be done. Otherwise the reason to show beside the greyed control. */
const blocked = z.enum(['not-allowed', 'file-owned', 'retired', 'not-retired', 'not-understood']).nullable()

export const sourceDetail = z.object({
  key,
  name: names,
  kind: z.string(),
  owner: z.enum(['file', 'screen']),
  /** False: retired, or no longer in the sources file. What it said stays, and nothing is read. */
  declared: z.boolean(),
  version: count,
  changedAt: s.instant,
  changedBy: z.string().nullable(),
  /** `kilder.yaml:12` for what the file owns. */
  place: z.string().nullable(),
  declaration: declaration.nullable(),
  /** The same with every default filled in: what really counts. null when this version does not understand it. */
  effective: declaration.nullable(),
  mistakes: z.array(sourceMistake),
  secrets: z.array(secretState),
  feeds: z.array(recordKind),
  blocked: z.object({ change: blocked, retire: blocked, restore: blocked, test: blocked, run: blocked }),
})
export type SourceDetail = z.output<typeof sourceDetail>

export const sourceVersion = z.object({
  version: count,
  change: z.enum(['file', 'create', 'change', 'retire', 'restore', 'import', 'take-over']),
  at: s.instant,
  by: z.string().nullable(),
  reason: z.string().nullable(),
  declaration,
  /** What differs from the version before it, one line per setting: `/guards/gone`. */
  changes: z.array(z.object({ where: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
})
export type SourceVersion = z.output<typeof sourceVersion>

/** What is wrong between here and a directory: as many words as there are different things to do about it. */
export const directoryTrouble = z.enum([
  'host-unknown',
  'refused',
  'timeout',
  'connection-lost',
  'certificate',
  'tls',
  'encryption-required',
  'credentials',
  'rights',
  'base',
  'referral',
  'size-limit',
  'time-limit',
  'admin-limit',
  'busy',
  'paging',
  'unending',
])
export type DirectoryTrouble = z.output<typeof directoryTrouble>

export const testStep = z.object({
  step: z.string(),
  ok: z.boolean(),
  detail: z.string(),
  /** The same as `detail`, as a code with values: what the screen says. */
  said: said.optional(),
  /** Of a step that failed, where it is one of these. */
  why: directoryTrouble.optional(),
  /** Works, but somebody should know. */
  warning: z.string().optional(),
  /** The same as `warning`. */
  warned: said.optional(),
  /** Which of several servers. */
  server: z.string().optional(),
  /** What the server shows of itself, also when it is not trusted: to compare with what it should be. */
  certificate: z
    .object({
      subject: z.string(),
      issuer: z.string(),
      names: z.array(z.string()),
      validFrom: z.string(),
      validTo: z.string(),
      fingerprint: z.string(),
      trusted: z.boolean(),
    })
    .optional(),
  /** Attributes that are asked for and had no value in any entry looked at. */
  empty: z.array(z.string()).optional(),
})

const line = z.object({ name: z.string(), value: z.string() })
export const sampleEntry = z.object({
  /** `file:line` or the DN. */
  at: z.string(),
  /** As the source has it; CPR numbers, secrets and contact data are masked. */
  raw: z.array(line),
  records: z.array(
    z.object({
      kind: recordKind.nullable(),
      key: z.string().nullable(),
      attributes: z.array(line),
      /** Why the entry would be rejected; null when it would be taken. */
      reject: z
        .object({ reason: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) })
        .nullable(),
    }),
  ),
})
export type SampleEntry = z.output<typeof sampleEntry>

export const mappingAttribute = z.object({
  name: z.string(),
  required: z.boolean(),
  type: z.enum(['text', 'date', 'instant', 'flag', 'number', 'list', 'choice', 'reference']),
  choices: z.array(z.string()),
})

/** What a mapping can do with a value, in the words of the sources file. */
export const TRANSFORMS = [
  'case',
  'split',
  'part',
  'strip',
  'join',
  'map',
  'date',
  'flag',
  'const',
  'default',
  'list',
  'dn',
] as const

export const sourceOptions = z.object({
  kinds: z.array(z.enum(['ldap', 'ldif', 'csv'])),
  /** Names that may stand in `{ env: … }` and have a value here. */
  secretNames: z.array(z.string()),
  /** Files that may stand in `{ file: … }`, and as `caFile`; null: no folder is set for them. */
  secretFiles: z.array(z.string()).nullable(),
  /** Files and folders that CSV and LDIF sources may name; null: no folder is set for them. */
  dropFiles: z.array(z.string()).nullable(),
  hosts: z.array(z.string()),
  records: z.array(z.object({ kind: recordKind, attributes: z.array(mappingAttribute) })),
  transforms: z.array(z.enum(TRANSFORMS)),
  schedules: z.array(z.string()),
})
export type SourceOptions = z.output<typeof sourceOptions>

const at = z.object({ sourceKey: key })
const given = z.object({
  declaration,
  /** Needed when a secret would be sent to somebody it was not sent to before; the problem `secret-unconfirmed` asks. */
  confirmSecret: z.boolean().default(false),
})
const changed = z.object({ key, version: count })
const reason = z.string().trim().max(500).optional()

export const getSource = endpoint({
  id: 'getSource',
  path: '/sources/:sourceKey',
  permission: 'source.read',
  summary: 'A source as it is declared: by whom, since when, with which defaults, and what may be done with it',
  params: at,
  response: sourceDetail,
  problems: ['not-found'],
})
export const listSourceVersions = endpoint({
  id: 'listSourceVersions',
  path: '/sources/:sourceKey/versions',
  permission: 'source.read',
  summary: 'Every version of a source, newest first: who changed what, when and why',
  params: at,
  response: z.object({ rows: z.array(sourceVersion) }),
  problems: ['not-found'],
})
export const getSourceOptions = endpoint({
  id: 'getSourceOptions',
  path: '/source-options',
  permission: 'source.change',
  summary: 'What a form for a source offers: kinds, names of secrets, files, attributes, transforms',
  response: sourceOptions,
})
export const validateSource = endpoint({
  id: 'validateSource',
  method: 'POST',
  path: '/sources-validate',
  kind: 'search',
  permission: 'source.change',
  summary: 'Is this a declaration? Every mistake with its place, and what differs from the one that counts',
  body: z.object({ declaration }),
  response: z.object({
    ok: z.boolean(),
    mistakes: z.array(sourceMistake),
    effective: declaration.nullable(),
    secrets: z.array(secretState),
    /** A secret would go to somebody new: `confirmSecret` will be asked for. */
    confirmSecret: z.boolean(),
    changes: sourceVersion.shape.changes,
  }),
})
export const createSource = endpoint({
  id: 'createSource',
  method: 'POST',
  path: '/sources',
  permission: 'source.change',
  summary: 'Declare a source. It is read from its next time on, or when somebody starts a run',
  body: given.extend({ reason }),
  response: changed,
  problems: ['source-invalid', 'source-exists', 'secret-unconfirmed'],
})
export const changeSource = endpoint({
  id: 'changeSource',
  method: 'PUT',
  path: '/sources/:sourceKey',
  permission: 'source.change',
  summary: 'Change a source; `version` is the one that was looked at',
  params: at,
  body: given.extend({ version: count, reason }),
  response: changed,
  problems: [
    'not-found',
    'source-invalid',
    'source-read-only',
    'secret-unconfirmed',
    'conflict',
    'second-person-needed',
  ],
})
export const retireSource = endpoint({
  id: 'retireSource',
  method: 'POST',
  path: '/sources/:sourceKey/retire',
  permission: 'source.change',
  summary: 'Read a source no more. What it said stays',
  params: at,
  body: z.object({ version: count, reason: z.string().trim().min(5).max(500) }),
  response: changed,
  problems: ['not-found', 'source-read-only', 'conflict'],
})
export const restoreSource = endpoint({
  id: 'restoreSource',
  method: 'POST',
  path: '/sources/:sourceKey/restore',
  permission: 'source.change',
  summary: 'Read a retired source again, as it was declared last',
  params: at,
  body: z.object({ version: count, reason }),
  response: changed,
  problems: ['not-found', 'source-read-only', 'source-invalid', 'conflict'],
})
export const testSource = endpoint({
  id: 'testSource',
  method: 'POST',
  path: '/sources-test',
  permission: 'source.change',
  summary:
    'Try a source, saved (`key`) or not (`declaration`), step by step; the first step that fails says what to do',
  body: z.union([z.object({ key }).strict(), given.strict()]),
  response: z.object({ ok: z.boolean(), steps: z.array(testStep) }),
  problems: ['not-found', 'source-invalid', 'secret-unconfirmed'],
})
export const sampleSource = endpoint({
  id: 'sampleSource',
  method: 'POST',
  path: '/sources-sample',
  permission: 'source.change',
  summary: 'Ten live entries of a source, saved or not, before and after mapping. Nothing is stored',
  body: z.union([z.object({ key }).strict(), given.strict()]),
  response: z.object({ entries: z.array(sampleEntry) }),
  problems: ['not-found', 'source-invalid', 'source-unreachable', 'source-incomplete', 'secret-unconfirmed'],
})
export const previewSource = endpoint({
  id: 'previewSource',
  method: 'POST',
  path: '/sources-preview',
  permission: 'source.change',
  summary:
    'Dry run of a declaration that is not saved. Answers at once with a run to follow: its counts, plan and rejects are those of any run',
  body: given,
  response: z.object({ runId: s.id }),
  problems: ['source-invalid', 'secret-unconfirmed', 'run-in-progress'],
})
export const exportSources = endpoint({
  id: 'exportSources',
  path: '/sources-export',
  permission: 'source.read',
  summary: 'Sources as the text of a sources file; one of them with `key`',
  query: z.object({ key: key.optional() }),
  response: z.object({ yaml: z.string() }),
  problems: ['not-found'],
})
const imported = z.object({
  key,
  outcome: z.enum(['create', 'change', 'same', 'file-owned']),
  changes: sourceVersion.shape.changes,
})
export const previewSourceImport = endpoint({
  id: 'previewSourceImport',
  method: 'POST',
  path: '/sources-import-preview',
  kind: 'search',
  permission: 'source.change',
  summary: 'What importing a sources file would create and change',
  body: z.object({ yaml: z.string().max(200_000) }),
  response: z.object({ rows: z.array(imported), hash: z.string(), confirmSecret: z.boolean() }),
  problems: ['source-invalid'],
})
export const importSources = endpoint({
  id: 'importSources',
  method: 'POST',
  path: '/sources-import',
  permission: 'source.change',
  summary: 'Import a sources file, all or nothing; `hash` is that of the preview that was looked at',
  body: z.object({
    yaml: z.string().max(200_000),
    hash: z.string().max(100),
    confirmSecret: z.boolean().default(false),
  }),
  response: z.object({ rows: z.array(imported) }),
  problems: ['source-invalid', 'source-read-only', 'secret-unconfirmed', 'plan-stale', 'second-person-needed'],
})

/** How fresh what is shown is, per source; beside whatever is shown of the kinds that it feeds. */
export const freshness = z.object({
  source: key,
  name: names,
  feeds: z.array(recordKind),
  /** The last read that was let in. */
  readAt: s.instant.nullable(),
  /** fresh; delayed: late by its own rhythm; failing: the last reads did not come through; never: not read yet. */
  state: z.enum(['fresh', 'delayed', 'failing', 'never']),
  reading: z.boolean(),
})
export type Freshness = z.output<typeof freshness>
export const getFreshness = endpoint({
  id: 'getFreshness',
  path: '/freshness',
  permission: 'signed-in',
  summary: 'How fresh the data are: for everybody who sees any',
  response: z.object({ rows: z.array(freshness) }),
})

export const retryRun = endpoint({
  id: 'retryRun',
  method: 'POST',
  path: '/runs/:runId/retry',
  permission: 'run.start',
  summary: 'Read the source of a run that failed or was rejected once more. Answers at once, the new run goes on',
  params: z.object({ runId: s.id }),
  response: z.object({ runId: s.id }),
  problems: ['not-found', 'run-in-progress', 'plan-stale', 'source-invalid'],
})
