import { useCallback } from 'react'
import type { Problem } from '../lib/call.ts'
import { useTexts } from '../texts/i18n.ts'
import { saidText } from './said-text.tsx'

/**
 * What was refused, in the language of the screen: as the server says it in codes; else by its kind. The server's own
 * sentence is English, and for English screens only.
 */
export function useProblemText(): (problem: Problem) => string {
  const texts = useTexts()
  return useCallback(
    ({ said, detail, code }) =>
      (said && saidText(texts, said)) || (texts.language === 'en' && detail) || texts.t(`problem.${code}`),
    [texts],
  )
}

/** Each mistake in what was sent, with the line it stands on; what nobody has a text for, as the server says it. */
export function useMistakeTexts(): (problem: Problem) => string[] {
  const texts = useTexts()
  return ({ errors }) =>
    errors.map(({ path, message, said, line }) => {
      const text = said && saidText(texts, said)
      if (!text) return [path, message].filter(Boolean).join(': ')
      return line === undefined ? text : `${texts.t('problemLine', { line })} ${text}`
    })
}
