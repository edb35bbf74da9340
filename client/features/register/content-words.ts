import type { ActivityNames } from '#contract/activities.ts'
import type { ControllerContent } from '#contract/activity-content.ts'
import type { Texts } from '../../texts/i18n.ts'
import type { Terms } from './use-terms.ts'

/** `P5Y6M` as words: "5 år 6 måneder". */
export function periodWords({ t }: Pick<Texts, 't'>, period: string): string {
  const [, years, months, weeks, days] = /^P(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$/.exec(period) ?? []
  const said = [
    years && t('activity.years', { count: Number.parseInt(years, 10) }),
    months && t('activity.months', { count: Number.parseInt(months, 10) }),
    weeks && t('activity.weeks', { count: Number.parseInt(weeks, 10) }),
    days && t('activity.days', { count: Number.parseInt(days, 10) }),
  ].filter(Boolean)
  return said.join(' ') || period
}

type Rule = ControllerContent['retention'][number]
export const ruleWords = (texts: Pick<Texts, 't'>, rule: Rule): string =>
  rule.period
    ? texts.t('activity.retentionLine', { period: periodWords(texts, rule.period), event: rule.startEvent })
    : texts.t('activity.retentionNoPeriod', { event: rule.startEvent })

type Provision = ControllerContent['purposes'][number]['provisions'][number]
/** Law and section, and how sure one may be of it. */
export function provisionWords({ t, date }: Pick<Texts, 't' | 'date'>, one: Provision): string {
  // Where even the section is missing, nobody has looked it up: said once.
  if (!one.section && !one.checkedOn) return `${one.law} (${t('activity.noSection')})`
  const name = [one.law, one.section ?? `(${t('activity.noSection')})`].join(' ')
  return `${name}, ${one.checkedOn ? t('activity.checked', { date: date(one.checkedOn) }) : t('activity.unchecked')}`
}

type Json = Record<string, unknown>
/** `people`: where a list names several who own or owned something, by their employment. */
type Words = { texts: Texts; terms: Terms; names: ActivityNames; people?: Readonly<Record<string, string>> }

/** A part of a content in words, for the list of differences. `field` and `part` as in the contract's changes. */
export function valueWords(words: Words, field: string, part: string | null, value: unknown): string {
  const { texts, terms, names } = words
  const { t, date } = texts
  if (value === null || value === undefined || value === '') return t('activity.diff.nothing')
  if (Array.isArray(value))
    return value.length === 0
      ? t('activity.diff.nothing')
      : value.map(one => valueWords(words, field, part, one)).join(', ')
  if (typeof value === 'number') return texts.number(value)
  const at = part ?? field
  if (typeof value === 'object') return objectWords(words, field, part, value as Json)
  const text = String(value)
  switch (at) {
    case 'broader':
      return terms.word('purpose-kind', text)
    case 'art6':
      return `${text} ${terms.word('basis6', text)}`
    case 'art9':
      return `${text} ${terms.word('basis9', text)}`
    case 'national':
      return terms.word('national', text)
    case 'measures':
      return terms.word('measure', text)
    case 'ground':
      return terms.word('transfer-ground', text)
    case 'archive':
      return t(`activity.archive.${text as 'keep'}`)
    case 'period':
      return periodWords(texts, text)
    case 'units':
      return names.units.find(one => one.id === text)?.name ?? text
    case 'owner':
      if (words.people) return words.people[text] ?? t('people.protectedPerson')
      return names.owner?.person.name ?? t('people.protectedPerson')
    case 'from':
    case 'to':
      return date(text)
    default:
      return text
  }
}

function objectWords(words: Words, field: string, part: string | null, value: Json): string {
  const { texts, terms, names } = words
  if (part === 'provisions') return provisionWords(texts, value as Provision)
  if (part === null && field === 'rows')
    return [
      terms.word('subject', String(value.subject)),
      terms.word('data', String(value.data)),
      value.recipient ? terms.word('recipient', String(value.recipient)) : texts.t('activity.noRecipient'),
      String(value.erasure ?? texts.t('activity.noErasure')),
    ].join(' · ')
  if (part === null && field === 'retention') return ruleWords(texts, value as Rule)
  if (part === null && field === 'systems')
    return [names.systems.find(one => one.id === value.systemId)?.name ?? value.systemId, value.use]
      .filter(Boolean)
      .join(': ')
  if (part === null && field === 'purposes')
    return [
      value.name,
      value.broader && terms.word('purpose-kind', String(value.broader)),
      value.art6 && `${value.art6} ${terms.word('basis6', String(value.art6))}`,
    ]
      .filter(Boolean)
      .join(' · ')
  if (part === null && field === 'processing') return objectWords(words, field, 'controller', value.controller as Json)
  return [value.name ?? value.recipient, value.contact ?? value.country, value.arrangement].filter(Boolean).join(', ')
}

/** What an entry of a list is called: the name of a purpose, the two ends of a row. */
export function entryWords({ texts, terms, names }: Words, field: string, key: string): string {
  if (field === 'rows') {
    const [subject = '', data = '', recipient] = key.replace(/ \(\d+\)$/, '').split('|')
    return [
      terms.word('subject', subject),
      terms.word('data', data),
      recipient ? terms.word('recipient', recipient) : texts.t('activity.noRecipient'),
    ].join(' · ')
  }
  if (field === 'systems') return names.systems.find(one => one.id === key)?.name ?? key
  if (field === 'transfers') return key.replace('|', ', ')
  return key
}
