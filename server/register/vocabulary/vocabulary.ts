import {
  ADEQUACY_DAYS,
  type DataClass,
  dataClass,
  VOCABULARY_KINDS,
  type VocabularyKind,
  type VocabularyTerm,
} from '#contract/vocabularies.ts'
import { addDays } from '../../platform/civil-date.ts'

export type Term = VocabularyTerm
/** Of each kind the terms by code, retired ones too: a record may still use them. */
export type Vocabularies = Record<VocabularyKind, ReadonlyMap<string, Term>>

export function vocabulariesOf(terms: readonly Term[]): Vocabularies {
  const made = Object.fromEntries(VOCABULARY_KINDS.map(kind => [kind, new Map<string, Term>()])) as Record<
    VocabularyKind,
    Map<string, Term>
  >
  for (const term of terms) made[term.kind].set(term.code, term)
  return made
}

/** What the law calls a category of data; null where the vocabulary does not know the code or does not say. */
export function classOf(vocabularies: Vocabularies, data: string): DataClass | null {
  const known = dataClass.safeParse(vocabularies.data.get(data)?.class)
  return known.success ? known.data : null
}

/** Decisions on adequacy are dated: not looked at for 180 days, or never, somebody should look again. */
export const isStale = (term: Term, today: string): boolean =>
  term.kind === 'adequacy' &&
  !term.retired &&
  (term.checkedOn === null || addDays(term.checkedOn, ADEQUACY_DAYS) < today)

/** The data vocabulary's classes are the law's: a municipality may add data, not a new kind of law. */
export const classFits = (kind: VocabularyKind, value: string | null): boolean =>
  kind !== 'data' || dataClass.safeParse(value).success
