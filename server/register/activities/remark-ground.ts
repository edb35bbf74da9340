import type { RemarkCode } from '#contract/register.ts'
import type { VocabularyKind } from '#contract/vocabularies.ts'
import type { Vocabularies } from '../vocabulary/vocabulary.ts'

/** Adds a remark; `terms` become the values `da` and `en`, the same words in two languages. */
export type Tell = (
  code: RemarkCode,
  at: string,
  values?: Record<string, string>,
  terms?: { kind: VocabularyKind; codes: readonly string[] },
) => void

/** What remarks are judged by. */
export type Ground = { vocabularies: Vocabularies; today: string; tell: Tell }
