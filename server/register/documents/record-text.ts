import type { ControllerContent } from '#contract/activity-content.ts'
import type { Language } from '../../platform/documents/document.ts'
import type { RecordWords } from './record-words.ts'

/** `2026-03-02` as it is said: `2. marts 2026`. */
export function dayWords(language: Language): (date: string) => string {
  const format = new Intl.DateTimeFormat(language === 'da' ? 'da-DK' : 'en-GB', { timeZone: 'UTC', dateStyle: 'long' })
  return date => format.format(new Date(`${date}T00:00:00Z`))
}

type Rule = Pick<ControllerContent['retention'][number], 'period' | 'startEvent'>
/** `5 år efter: sagen er afsluttet`. */
export const ruleText = (words: RecordWords, rule: Rule): string =>
  rule.period
    ? `${periodText(words, rule.period)} ${words.after}: ${rule.startEvent}`
    : `${rule.startEvent} (${words.noPeriod})`

function periodText(words: RecordWords, period: string): string {
  const [, years, months, weeks, days] = /^P(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$/.exec(period) ?? []
  const said = (part: string | undefined, [one, many]: readonly string[]) => {
    if (!part) return []
    const count = Number.parseInt(part, 10)
    return [`${count} ${count === 1 ? one : many}`]
  }
  const parts = [
    ...said(years, words.years),
    ...said(months, words.months),
    ...said(weeks, words.weeks),
    ...said(days, words.days),
  ]
  return parts.join(' ') || period
}
