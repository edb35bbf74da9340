import type { NamedRef } from '#contract/catalogue.ts'
import { SHEET, type SheetField, type SystemContract, type SystemFlow } from '#contract/sheet.ts'
import type { Texts } from '../../texts/i18n.ts'

/** Values of a sheet and what changed in them, as text. */
type Words = Pick<Texts, 't' | 'date' | 'number'>

export const fieldKey = (field: SheetField) => `catalogue.field.${field}` as const
export const choiceKey = (field: SheetField, value: string) =>
  `catalogue.choice.${field}.${value}` as 'catalogue.choice.status.planned'

/** A value in words: one line. */
export function valueText(words: Words, field: SheetField, value: unknown): string {
  const { t, date, number } = words
  if (value === null || value === undefined) return t('catalogue.none')
  switch (SHEET[field].kind) {
    case 'choice':
      return t(choiceKey(field, String(value)))
    case 'choices':
      return (value as string[]).map(one => t(choiceKey(field, one))).join(', ')
    case 'flag':
      return value ? t('catalogue.yes') : t('catalogue.no')
    case 'date':
      return date(String(value))
    case 'number':
      return number(Number(value))
    case 'list':
      return (value as string[]).join(', ')
    case 'person':
    case 'unit':
      return refText(words, value as Partial<NamedRef>)
    case 'contracts':
      return (value as SystemContract[]).map(one => contractText(words, one)).join('; ')
    case 'flows':
      return (value as SystemFlow[]).map(one => flowText(words, one)).join('; ')
    default:
      return String(value)
  }
}

function refText({ t }: Words, { name, hidden, unit, words }: Partial<NamedRef>): string {
  if (hidden) return t('people.protectedPerson')
  if (name) return unit ? t('catalogue.nameAt', { name, unit }) : name
  return words ?? t('catalogue.notKept')
}

const said = (parts: readonly (string | null | false | undefined)[]): string[] =>
  parts.filter((one): one is string => Boolean(one))

/** What a contract says besides its name and number. */
export function contractParts({ t, date, number }: Words, one: SystemContract): string[] {
  return said([
    said([
      one.from && date(one.from),
      one.to ? t('catalogue.contract.until', { date: date(one.to) }) : t('catalogue.contract.open'),
    ]).join(' '),
    one.noticeOn
      ? t('catalogue.contract.noticeOn', { date: date(one.noticeOn) })
      : one.noticeMonths !== null && t('catalogue.contract.notice', { count: one.noticeMonths }),
    one.renewal && t(`catalogue.contract.renewalName.${one.renewal}`),
    one.pricePerYear !== null && t('catalogue.contract.price', { price: number(one.pricePerYear) }),
    one.agreement &&
      t('catalogue.contract.agreed', { agreement: t(`catalogue.contract.agreementName.${one.agreement}`) }),
    one.agreementOn && t('catalogue.contract.agreedOn', { date: date(one.agreementOn) }),
    one.agreementLink,
  ])
}
const contractText = (words: Words, one: SystemContract): string =>
  [said([one.name, one.number]).join(' '), ...contractParts(words, one)].join(' · ')

/** What flows, besides where to and from. */
export function flowParts({ t }: Words, one: SystemFlow): string[] {
  return said([
    one.data.join(', '),
    t(`catalogue.flow.howName.${one.how}`),
    one.frequency && t(`catalogue.flow.frequencyName.${one.frequency}`),
    one.owner,
  ])
}
export const flowWay = ({ t }: Words, away: boolean, name: string): string =>
  t(away ? 'catalogue.flow.to' : 'catalogue.flow.from', { name })
const flowText = (words: Words, one: SystemFlow): string =>
  [flowWay(words, one.direction === 'out', one.system), ...flowParts(words, one)].join(' · ')

/** One thing that differs: what it is, and how it read before and after. `gone`: nothing stands there any more. */
export type ChangeLine = { key: string; what: string; before: string; after: string; gone: boolean }

/**
 * A change of one field as what differs: of contracts and flows each fact of each that is not as it was, of all else the
 * field itself.
 */
export function changeLines(
  words: Words,
  change: { field: SheetField; before?: unknown; after?: unknown },
): ChangeLine[] {
  const { field, before = null, after = null } = change
  const { t } = words
  const label = t(fieldKey(field))
  if (field === 'contracts')
    return pairs((before ?? []) as SystemContract[], (after ?? []) as SystemContract[], SAME_CONTRACT).flatMap(
      ({ was, is }, place) => {
        const named = (is ?? was) as SystemContract
        const alike = [before, after].some(
          list => ((list ?? []) as SystemContract[]).filter(one => one.name === named.name).length > 1,
        )
        const what = `${label} · ${alike ? said([(was ?? named).name, (was ?? named).number]).join(' ') : (was ?? named).name}`
        return lineOf(words, `contract${place}`, what, was, is, {
          facts: CONTRACT_FACTS,
          whole: one => contractParts(words, one).join(' · '),
          fact: (name, one) => contractFact(words, name, one),
          label: name => t(`catalogue.contract.${name}`),
        })
      },
    )
  if (field === 'flows')
    return pairs((before ?? []) as SystemFlow[], (after ?? []) as SystemFlow[], SAME_FLOW).flatMap(
      ({ was, is }, place) => {
        const named = (was ?? is) as SystemFlow
        const what = `${label} · ${flowWay(words, named.direction === 'out', named.system)}`
        return lineOf(words, `flow${place}`, what, was, is, {
          facts: FLOW_FACTS,
          whole: one => flowParts(words, one).join(' · '),
          fact: (name, one) => flowFact(words, name, one),
          label: name => t(`catalogue.flow.${name}`),
        })
      },
    )
  return [
    {
      ...{ key: field, what: label, gone: after === null },
      ...{ before: valueText(words, field, before), after: valueText(words, field, after) },
    },
  ]
}

const CONTRACT_FACTS = [
  'name',
  'number',
  'from',
  'to',
  'noticeMonths',
  'renewal',
  'pricePerYear',
  'agreement',
  'agreementOn',
  'agreementLink',
] as const
function contractFact({ t, date, number }: Words, name: (typeof CONTRACT_FACTS)[number], one: SystemContract): string {
  const value = one[name] ?? null
  if (value === null) return t('catalogue.none')
  if (name === 'from' || name === 'to' || name === 'agreementOn') return date(String(value))
  if (name === 'renewal') return t(`catalogue.contract.renewalName.${value as 'none'}`)
  if (name === 'agreement') return t(`catalogue.contract.agreementName.${value as 'yes'}`)
  return typeof value === 'number' ? number(value) : value
}

const FLOW_FACTS = ['system', 'direction', 'data', 'how', 'frequency', 'owner'] as const
function flowFact({ t }: Words, name: (typeof FLOW_FACTS)[number], one: SystemFlow): string {
  const value = one[name]
  if (value === null || value.length === 0) return t('catalogue.none')
  if (name === 'direction') return t(`catalogue.flow.directionName.${value as 'out'}`)
  if (name === 'how') return t(`catalogue.flow.howName.${value as 'api'}`)
  if (name === 'frequency') return t(`catalogue.flow.frequencyName.${value as 'daily'}`)
  return typeof value === 'string' ? value : value.join(', ')
}

function lineOf<T extends object, F extends keyof T & string>(
  { t }: Words,
  key: string,
  what: string,
  was: T | null,
  is: T | null,
  how: { facts: readonly F[]; whole(one: T): string; fact(name: F, one: T): string; label(name: F): string },
): ChangeLine[] {
  if (!was || !is)
    return [
      {
        ...{ key, what, gone: is === null },
        before: was ? how.whole(was) : t('catalogue.notThere'),
        after: is ? how.whole(is) : t('catalogue.notThere'),
      },
    ]
  return how.facts
    .filter(name => JSON.stringify(was[name] ?? null) !== JSON.stringify(is[name] ?? null))
    .map(name => ({
      ...{ key: `${key}${name}`, what: `${what} · ${how.label(name)}`, gone: false },
      ...{ before: how.fact(name, was), after: how.fact(name, is) },
    }))
}

/** What two entries have in common that are one and the same, the surest first. */
const SAME_CONTRACT: readonly ((one: SystemContract) => string | null)[] = [
  one => JSON.stringify([one.name, one.number, one.from]),
  one => JSON.stringify([one.name, one.number]),
  one => one.number,
  one => one.name,
]
const SAME_FLOW: readonly ((one: SystemFlow) => string | null)[] = [
  one => JSON.stringify([one.system, one.direction, one.how]),
  one => JSON.stringify([one.system, one.direction]),
  one => one.system,
]

/** Entries of two lists that are one and the same, put side by side; one that has no other stands alone. */
function pairs<T>(
  before: readonly T[],
  after: readonly T[],
  same: readonly ((one: T) => string | null)[],
): { was: T | null; is: T | null }[] {
  const left = [...before]
  const found = new Map<T, T>()
  // Letter for letter the same is the same, whatever else would fit.
  for (const of of [(one: T) => JSON.stringify(one), ...same])
    for (const is of after) {
      const key = of(is)
      if (found.has(is) || key === null) continue
      const at = left.findIndex(was => of(was) === key)
      if (at >= 0) found.set(is, left.splice(at, 1)[0] as T)
    }
  // The only one that is left on either side has another name now.
  const alone = after.filter(is => !found.has(is))
  if (before.length === after.length && left.length === 1 && alone.length === 1)
    found.set(alone[0] as T, left.pop() as T)
  return [...after.map(is => ({ was: found.get(is) ?? null, is })), ...left.map(was => ({ was, is: null }))]
}

/** What taking a change of many systems back came to. */
export const undoneText = ({ t }: Pick<Words, 't'>, { undone, kept }: { undone: number; kept: number }): string =>
  [
    t('catalogue.bulk.undone', { count: undone }),
    ...(kept > 0 ? [t('catalogue.bulk.kept', { count: kept })] : []),
  ].join(' ')
