import { useMemo } from 'react'
import { getVocabularies, type VocabularyKind, type VocabularyTerm } from '#contract/vocabularies.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'

type TermOption = { value: string; label: string }

export type Terms = {
  /** What a code is called in the reader's language; the code itself where nobody knows it (any more). */
  word: (kind: VocabularyKind, code: string) => string
  note: (kind: VocabularyKind, code: string) => string | null
  classOf: (data: string) => string | null
  /** What a form may choose from: retired terms only where they stand already. */
  choices: (kind: VocabularyKind, chosen?: readonly string[]) => TermOption[]
  /** The same by what they are sorted under; the municipality's own may be under nothing. */
  sorted: (kind: VocabularyKind, chosen?: readonly string[]) => { class: string | null; items: TermOption[] }[]
  ready: boolean
}

/** The words of the register's codes; read once and kept. */
export function useTerms(): Terms {
  const { language } = useTexts()
  const query = useCall(getVocabularies)
  const terms = query.data?.terms
  return useMemo(() => {
    const known = new Map<string, VocabularyTerm>()
    for (const term of terms ?? []) known.set(`${term.kind} ${term.code}`, term)
    const label = (term: VocabularyTerm) => (language === 'da' ? term.da : term.en)
    const offered = (kind: VocabularyKind, chosen: readonly string[] = []) =>
      (terms ?? []).filter(term => term.kind === kind && (!term.retired || chosen.includes(term.code)))
    const option = (term: VocabularyTerm): TermOption => ({
      value: term.code,
      label: coded(term.kind) ? `${term.code} ${label(term)}` : label(term),
    })
    return {
      word: (kind, code) => {
        const term = known.get(`${kind} ${code}`)
        return term ? label(term) : code
      },
      note: (kind, code) => {
        const term = known.get(`${kind} ${code}`)
        return (language === 'da' ? term?.noteDa : term?.noteEn) ?? null
      },
      classOf: data => known.get(`data ${data}`)?.class ?? null,
      choices: (kind, chosen) => offered(kind, chosen).map(option),
      sorted: (kind, chosen) =>
        [...Map.groupBy(offered(kind, chosen), term => term.class)].map(([sort, some]) => ({
          ...{ class: sort, items: some.map(option) },
        })),
      ready: terms !== undefined,
    }
  }, [terms, language])
}

/** Codes that people know by heart and look for. */
const coded = (kind: VocabularyKind) => kind === 'basis6' || kind === 'basis9'
