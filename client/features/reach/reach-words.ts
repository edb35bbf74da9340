import { useMemo } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { searchReach } from '#contract/reach.ts'
import type { ReachSearch } from '../../lib/search.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { Term } from './read-question.ts'

export type ReachData = ResponseOf<typeof searchReach>
/** What a question can be put together from; all of it but the systems is known before the figures are. */
export type AskTerms = Pick<ReachData, 'data' | 'subjects' | 'systems' | 'kept'>
export type How = ReachData['why'][number]['how']
export type Change = (next: Partial<ReachSearch>) => void

export const codesOf = (text: string | undefined): string[] => (text ?? '').split(',').filter(Boolean)
export const textOf = (codes: readonly string[]): string | undefined => codes.join(',') || undefined

/** The question as the server takes it. */
export function askedOf(search: ReachSearch) {
  return {
    data: codesOf(search.data),
    subjects: codesOf(search.about),
    ...(search.unit ? { unit: search.unit } : {}),
    ...(search.system ? { system: search.system } : {}),
    ...(search.activity ? { activity: search.activity } : {}),
    // Figures of another day are kept without it.
    ...(search.operation && !search.day ? { operation: search.operation } : {}),
  }
}

/** What categories are called in the reader's language. */
export function useTermNames(terms: Pick<ReachData, 'data' | 'subjects'> | undefined) {
  const { t, language } = useTexts()
  return useMemo(() => {
    const names = (list: readonly Term[]) => new Map(list.map(one => [one.code, language === 'da' ? one.da : one.en]))
    const [data, subjects] = [names(terms?.data ?? []), names(terms?.subjects ?? [])]
    const list = (known: Map<string, string>, codes: readonly string[], none: string) =>
      codes.length === 0 ? none : codes.map(code => known.get(code) ?? code).join(', ')
    return {
      data: (code: string) => data.get(code) ?? code,
      subject: (code: string) => subjects.get(code) ?? code,
      /** "health data about children", with everything that was asked. */
      question: (asked: { data: readonly string[]; subjects: readonly string[] }) =>
        t('reach.about', {
          data: list(data, asked.data, t('reach.anyData')),
          subject: list(subjects, asked.subjects, t('reach.anySubject')),
        }),
    }
  }, [terms, language, t])
}

/** Data that need protection, named as what they are: only Art. 9 is called sensitive. */
export const isGuarded = (group: string | null): group is 'special' | 'criminal' | 'cpr' | 'confidential' =>
  group === 'special' || group === 'criminal' || group === 'cpr' || group === 'confidential'
export const CLASS_ORDER = ['special', 'criminal', 'cpr', 'confidential', 'ordinary', null] as const
