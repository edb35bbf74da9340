import type { Remark } from '#contract/register.ts'
import { useTexts } from '../../texts/i18n.ts'

/** A remark as a sentence; `da` and `en` among its values are the same terms in each language. */
export function useRemarkWords(): (remark: Remark) => string {
  const { t } = useTexts()
  return ({ code, values }) => t(`remarks.${code}`, values)
}
