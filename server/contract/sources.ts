import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { recordKind } from './lists.ts'
import * as s from './shapes.ts'

export const sourceNames = z.object({ da: z.string(), en: z.string() })
const count = z.number().int()
export const sourceKey = z.string().max(100)

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
  key: sourceKey,
  name: sourceNames,
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

const at = z.object({ sourceKey })
export const givenDeclaration = z.object({
  declaration,
  /** Needed when a secret would be sent to somebody it was not sent to before; the problem `secret-unconfirmed` asks. */
  confirmSecret: z.boolean().default(false),
})
const changed = z.object({ key: sourceKey, version: count })
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
  body: givenDeclaration.extend({ reason }),
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
  body: givenDeclaration.extend({ version: count, reason }),
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
export const exportSources = endpoint({
  id: 'exportSources',
  path: '/sources-export',
  permission: 'source.read',
  summary: 'Sources as the text of a sources file; one of them with `key`',
  query: z.object({ key: sourceKey.optional() }),
  response: z.object({ yaml: z.string() }),
  problems: ['not-found'],
})
const imported = z.object({
  key: sourceKey,
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
