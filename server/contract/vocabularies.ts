import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/** The lists of words that a record of processing activities is made of. A municipality may extend each of them. */
export const VOCABULARY_KINDS = [
  'basis6',
  'basis9',
  'national',
  'law',
  'purpose-kind',
  'data',
  'subject',
  'recipient',
  'transfer-ground',
  'measure',
  'operation',
  'adequacy',
] as const
export const vocabularyKind = z.enum(VOCABULARY_KINDS)
export type VocabularyKind = z.output<typeof vocabularyKind>

/**
 * What the law calls a category of data. `special` is Art. 9 and nothing else; `criminal` is Art. 10 and § 8, `cpr` § 11;
 * `confidential` is what Danish practice guards without the regulation having a word for it.
 */
export const DATA_CLASSES = ['ordinary', 'confidential', 'special', 'criminal', 'cpr'] as const
export const dataClass = z.enum(DATA_CLASSES)
export type DataClass = z.output<typeof dataClass>

/** Days after which somebody should look again whether a decision on adequacy still stands. */
export const ADEQUACY_DAYS = 180

export const vocabularyTerm = z.object({
  kind: vocabularyKind,
  code: z.string(),
  da: z.string(),
  en: z.string(),
  /** Of data a `DataClass`; of others the heading that they are sorted under. */
  class: z.string().nullable(),
  /** Terms of the Data Privacy Vocabulary, as IRIs. */
  dpv: z.array(z.string()),
  noteDa: z.string().nullable(),
  noteEn: z.string().nullable(),
  link: z.string().nullable(),
  /** When somebody here last looked that it is so. */
  checkedOn: s.civilDate.nullable(),
  /** From this day it counts no more (a decision that runs out). */
  expiresOn: s.civilDate.nullable(),
  origin: z.enum(['shipped', 'own']),
  retired: z.boolean(),
})
export type VocabularyTerm = z.output<typeof vocabularyTerm>

/** What forms choose from: everything that counts, and retired terms for records that still use them. */
export const getVocabularies = endpoint({
  id: 'getVocabularies',
  path: '/vocabularies',
  permission: 'activity.read',
  summary: 'Terms of all vocabularies, in the order in which they are offered',
  query: z.object({ kind: vocabularyKind.optional() }),
  response: z.object({ terms: z.array(vocabularyTerm) }),
  large: true,
})

export const vocabularyRow = vocabularyTerm.extend({
  /** Activities whose version in force, or whose draft, uses the term. */
  activities: z.number().int(),
  /** Not looked at for so long that somebody should (decisions on adequacy). */
  stale: z.boolean(),
})
export type VocabularyRow = z.output<typeof vocabularyRow>

export const listVocabulary = endpoint({
  id: 'listVocabulary',
  path: '/vocabularies/:kind',
  permission: 'activity.read',
  summary: 'One vocabulary, with how many activities use each term',
  params: z.object({ kind: vocabularyKind }),
  query: z.object({
    search: z.string().trim().max(100).optional(),
    state: z.enum(['used', 'unused', 'own', 'retired', 'stale']).optional(),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(vocabularyRow),
    total: z.number().int(),
    /** How many need to be looked at again. */
    stale: z.number().int(),
    allowed: z.object({ change: z.boolean() }),
  }),
})

const name = z.string().trim().min(1).max(200)
const words = z.string().trim().max(1000).nullable()
const told = {
  da: name,
  en: name,
  class: z.string().trim().min(1).max(60).nullable(),
  noteDa: words,
  noteEn: words,
  link: z
    .url({ protocol: /^https$/ })
    .max(500)
    .nullable(),
  expiresOn: s.civilDate.nullable(),
}
const ofTerm = z.object({ kind: vocabularyKind, code: z.string().min(1).max(60) })

export const addTerm = endpoint({
  id: 'addTerm',
  method: 'POST',
  path: '/vocabularies/:kind',
  permission: 'vocabulary.change',
  summary: 'Add a term of our own',
  params: z.object({ kind: vocabularyKind }),
  body: z.object({
    code: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$/),
    ...told,
  }),
  response: vocabularyTerm,
  problems: ['conflict', 'data-invalid'],
})

export const changeTerm = endpoint({
  id: 'changeTerm',
  method: 'PUT',
  path: '/vocabularies/:kind/:code',
  permission: 'vocabulary.change',
  summary: 'Change a term of our own; what came with Hjemmel keeps its words',
  params: ofTerm,
  body: z.object(told),
  response: vocabularyTerm,
  problems: ['not-found', 'conflict', 'data-invalid'],
})

/** A retired term stands in the records that use it and is offered no more. It is never deleted. */
export const retireTerm = endpoint({
  id: 'retireTerm',
  method: 'POST',
  path: '/vocabularies/:kind/:code/retired',
  permission: 'vocabulary.change',
  summary: 'Offer a term no more, or again',
  params: ofTerm,
  body: z.object({ retired: z.boolean() }),
  response: vocabularyTerm,
  problems: ['not-found'],
})

/** Somebody has looked up today that it is still so: a decision on adequacy, a law and its link. */
export const checkTerm = endpoint({
  id: 'checkTerm',
  method: 'POST',
  path: '/vocabularies/:kind/:code/checked',
  permission: 'vocabulary.change',
  summary: 'Looked up today: it still stands',
  params: ofTerm,
  body: z.object({ expiresOn: s.civilDate.nullable() }),
  response: vocabularyTerm,
  problems: ['not-found'],
})
