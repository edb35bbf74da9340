import type { VocabularyTerm } from '#contract/vocabularies.ts'
import { useTexts } from '../../texts/i18n.ts'

/** What a term is sorted under: for data what the law calls them, for others a heading. */
export function useTermHeading(): (term: Pick<VocabularyTerm, 'kind' | 'class'>) => string {
  const { all } = useTexts()
  const headings: Record<string, string> = all.vocabulary.heading
  const classes: Record<string, string> = all.activity.class
  return term => (term.class === null ? '' : ((term.kind === 'data' ? classes : headings)[term.class] ?? term.class))
}
