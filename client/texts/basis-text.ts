import type { Texts } from './i18n.ts'

/** A basis as lawyers say it: `6.1.e` is art. 6, stk. 1, litra e. What is no such code is said as it stands. */
export function basisText(t: Texts['t'], code: string): string {
  const [, article, paragraph, letter] = /^(\d+)\.(\d+)\.([a-z])$/.exec(code) ?? []
  return article && paragraph && letter ? t('basis.article', { article, paragraph, letter }) : code
}
