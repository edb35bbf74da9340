import { useMemo } from 'react'
import { getVocabularies, type VocabularyKind, type VocabularyTerm } from '#contract/vocabularies.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'

export type Terms = {
  /** What a code is called in the reader's language; the code itself where nobody knows it (any more). */
  word: (kind: VocabularyKind, code: string) => string
  note: (kind: VocabularyKind, code: string) => string | null
  classOf: (data: string) => string | null
  /** What a form may choose from: retired terms only where they stand already. */
  choices: (kind: VocabularyKind, chosen?: readonly string[]) => { value: string; label: string }[]
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
      choices: (kind, chosen = []) =>
        (terms ?? [])
          .filter(term => term.kind === kind && (!term.retired || chosen.includes(term.code)))
          .map(term => ({ value: term.code, label: coded(kind) ? `${term.code} ${label(term)}` : label(term) })),
      ready: terms !== undefined,
    }
  }, [terms, language])
}

/** Codes that people know by heart and look for. */
const coded = (kind: VocabularyKind) => kind === 'basis6' || kind === 'basis9'
