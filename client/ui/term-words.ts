import { useMemo } from 'react'
import { getVocabularies } from '#contract/vocabularies.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'

/** What codes of data and of people are called in the reader's language; the code itself where nobody knows it. */
export function useTermWords(): (kind: 'data' | 'subject', code: string) => string {
  const { language } = useTexts()
  const terms = useCall(getVocabularies).data?.terms
  return useMemo(() => {
    const known = new Map((terms ?? []).map(term => [`${term.kind} ${term.code}`, term]))
    return (kind, code) => known.get(`${kind} ${code}`)?.[language] ?? code
  }, [terms, language])
}
