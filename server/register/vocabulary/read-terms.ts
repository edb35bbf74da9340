import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { VOCABULARY_KINDS, vocabularyKind } from '#contract/vocabularies.ts'
import type { Term } from './vocabulary.ts'

/** Terms that come with Hjemmel, as they stand in the files beside this one. */
const FILES = ['basis', 'laws', 'data', 'people', 'measures', 'transfers', 'purposes'] as const

const told = z.strictObject({
  code: z.string().min(1).max(60),
  da: z.string().min(1).max(200),
  en: z.string().min(1).max(200),
  class: z.string().optional(),
  /** Terms of the Data Privacy Vocabulary, short, with spaces between. */
  dpv: z.string().optional(),
  /** Control of ISO/IEC 27002. */
  iso: z.string().optional(),
  noteDa: z.string().optional(),
  noteEn: z.string().optional(),
  link: z.url().optional(),
})
const file = z.partialRecord(vocabularyKind, z.array(told))

const PREFIXES: Record<string, string> = {
  dpv: 'https://w3id.org/dpv#',
  gdpr: 'https://w3id.org/dpv/legal/eu/gdpr#',
  pd: 'https://w3id.org/dpv/pd#',
  ps: 'https://w3id.org/dpv/sector/publicservices#',
  edu: 'https://w3id.org/dpv/sector/education#',
  health: 'https://w3id.org/dpv/sector/health#',
}

function iri(short: string): string {
  const [prefix = '', name = ''] = short.split(':')
  const base = PREFIXES[prefix]
  if (base === undefined) throw new Error(`the vocabulary names ${short}, whose prefix nobody knows`)
  return base + name
}

let kept: readonly Term[] | undefined

/** All terms that come with Hjemmel, in the order in which they are offered. */
export function shippedTerms(): readonly Term[] {
  kept ??= FILES.flatMap(name => {
    const path = join(import.meta.dirname, 'terms', `${name}.yaml`)
    const read = file.parse(parse(readFileSync(path, 'utf8')))
    return VOCABULARY_KINDS.flatMap(kind => (read[kind] ?? []).map(term => termOf(kind, term)))
  })
  return kept
}

function termOf(kind: Term['kind'], term: z.output<typeof told>): Term {
  const iso = term.iso ? `ISO/IEC 27002: ${term.iso}` : null
  return {
    ...{ kind, code: term.code, da: term.da, en: term.en, class: term.class ?? null },
    dpv: (term.dpv?.split(' ') ?? []).map(iri),
    noteDa: term.noteDa ?? iso,
    noteEn: term.noteEn ?? iso,
    link: term.link ?? null,
    ...{ checkedOn: null, expiresOn: null, origin: 'shipped', retired: false },
  }
}
