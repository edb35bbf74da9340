import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { recordKind } from './lists.ts'

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
  kinds: z.array(z.enum(['ldap', 'ldif', 'csv', 'opus', 'sd'])),
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

export const getSourceOptions = endpoint({
  id: 'getSourceOptions',
  path: '/source-options',
  permission: 'source.change',
  summary: 'What a form for a source offers: kinds, names of secrets, files, attributes, transforms',
  response: sourceOptions,
})
