import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { recordKind } from './lists.ts'
import { said } from './said.ts'
import * as s from './shapes.ts'
import { givenDeclaration, sourceKey } from './sources.ts'

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

export const testSource = endpoint({
  id: 'testSource',
  method: 'POST',
  path: '/sources-test',
  permission: 'source.change',
  summary:
    'Try a source, saved (`key`) or not (`declaration`), step by step; the first step that fails says what to do',
  body: z.union([z.object({ key: sourceKey }).strict(), givenDeclaration.strict()]),
  response: z.object({ ok: z.boolean(), steps: z.array(testStep) }),
  problems: ['not-found', 'source-invalid', 'secret-unconfirmed'],
})
export const sampleSource = endpoint({
  id: 'sampleSource',
  method: 'POST',
  path: '/sources-sample',
  permission: 'source.change',
  summary: 'Ten live entries of a source, saved or not, before and after mapping. Nothing is stored',
  body: z.union([z.object({ key: sourceKey }).strict(), givenDeclaration.strict()]),
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
  body: givenDeclaration,
  response: z.object({ runId: s.id }),
  problems: ['source-invalid', 'secret-unconfirmed', 'run-in-progress'],
})
