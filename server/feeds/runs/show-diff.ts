import type { PlanItemRow } from '#contract/feeds.ts'
import type { Json } from '../../platform/feed-record.ts'

type Attrs = { [key: string]: Json } | null
const HIDDEN = '•••'
/** What is kept of a CPR number in a record; on a screen it is one line that says only whether it changed. */
const CPR_PARTS = new Set(['cprHash', 'cprSealed'])
const NAMES = ['name', 'username']
/** What a protected person's record shows to those who may not see who it is. */
const SHOWN_WHEN_PROTECTED = new Set(['protected', 'affiliationKind', 'startsOn', 'endsOn', 'fraction'])

/** The difference of two versions of a record, one line per attribute that differs, for a person to read. */
export function diffLines(
  before: Attrs,
  after: Attrs,
  may: { seeProtected: boolean; seeBirthDates: boolean },
): PlanItemRow['changes'] {
  const hide = !may.seeProtected && isProtected(before, after)
  const lines: PlanItemRow['changes'] = []
  const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  for (const key of keys) {
    if (CPR_PARTS.has(key)) continue
    const was = show(before?.[key])
    const is = show(after?.[key])
    if (was === is) continue
    const hidden = (hide && !SHOWN_WHEN_PROTECTED.has(key)) || (key === 'birthDate' && !may.seeBirthDates)
    lines.push({
      attribute: key,
      before: hidden && was !== null ? HIDDEN : was,
      after: hidden && is !== null ? HIDDEN : is,
    })
  }
  if (before?.cprHash !== after?.cprHash)
    lines.push({ attribute: 'cpr', before: before?.cprHash ? HIDDEN : null, after: after?.cprHash ? HIDDEN : null })
  return lines
}

/** Attributes whose value is the key of a unit; true where it is one of the pay office's. */
const UNIT_ATTRIBUTES = new Map([
  ['unit', false],
  ['unitOverride', false],
  ['parent', false],
  ['mapsTo', false],
  ['payUnit', true],
])

export const unitKeys = (rows: readonly Pick<PlanItemRow, 'changes'>[]): string[] =>
  rows.flatMap(row =>
    row.changes
      .filter(line => UNIT_ATTRIBUTES.has(line.attribute))
      .flatMap(line => [line.before, line.after].filter(key => key !== null && key !== HIDDEN)),
  ) as string[]

/** `4711` becomes `Hjemmeplejen Nord (4711)` where the unit is known. */
export function nameUnits(
  changes: PlanItemRow['changes'],
  nameOf: (key: string, pay: boolean) => string | undefined,
): PlanItemRow['changes'] {
  return changes.map(line => {
    const pay = UNIT_ATTRIBUTES.get(line.attribute)
    if (pay === undefined) return line
    const named = (key: string | null) => {
      const name = key === null ? undefined : nameOf(key, pay)
      return name === undefined || name === key ? key : `${name} (${key})`
    }
    return { ...line, before: named(line.before), after: named(line.after) }
  })
}

export function labelOf(before: Attrs, after: Attrs, seeProtected: boolean): string | null {
  if (!seeProtected && isProtected(before, after)) return null
  const attrs = after ?? before ?? {}
  if (typeof attrs.givenName === 'string') return `${attrs.givenName} ${attrs.familyName ?? ''}`.trim()
  for (const name of NAMES) if (typeof attrs[name] === 'string') return attrs[name] as string
  return typeof attrs.title === 'string' ? attrs.title : null
}

const isProtected = (before: Attrs, after: Attrs) => before?.protected === true || after?.protected === true

const LONGEST = 500
function show(value: Json | undefined): string | null {
  if (value === undefined || value === null || value === '') return null
  if (Array.isArray(value)) return value.length === 0 ? null : cut(value.map(one => String(one)).join(' · '))
  return cut(typeof value === 'object' ? JSON.stringify(value) : String(value))
}
const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
