import type { z } from 'zod'
import type { comparedField } from '#contract/links.ts'

export type Compared = z.output<typeof comparedField>
export type ComparedName = Compared['field']
/** What one side says of a field; several where there are several affiliations. */
export type Side = Partial<Record<ComparedName, string | readonly string[] | null>>

const ORDER: Record<Compared['result'], number> = {
  different: 0,
  similar: 1,
  'only-here': 2,
  'only-there': 2,
  same: 3,
  none: 4,
}
/** Those that decide who somebody is stand first among equals. */
const FIELDS: readonly ComparedName[] = [
  'cpr',
  'employeeNo',
  'realm',
  'birthDate',
  'name',
  'unit',
  'title',
  'email',
  'phone',
  'username',
]

/**
 * Two sides of a question, differences first; fields that neither side says are left out. Where one side has several
 * values, one that is the same is enough. `hidden` fields are compared, and their values not shown.
 */
export function compareFields(
  here: Side,
  there: Side,
  hidden: (field: ComparedName) => boolean = () => false,
): Compared[] {
  return FIELDS.map(field => {
    const one = valuesOf(here[field])
    const other = valuesOf(there[field])
    const shown = (values: readonly string[]) => (values.length === 0 || hidden(field) ? null : values.join(', '))
    return { field, result: resultOf(field, one, other), here: shown(one), there: shown(other) }
  })
    .filter(row => row.result !== 'none')
    .sort((a, b) => ORDER[a.result] - ORDER[b.result])
}

function resultOf(field: ComparedName, here: readonly string[], there: readonly string[]): Compared['result'] {
  if (here.length === 0 && there.length === 0) return 'none'
  if (here.length === 0) return 'only-there'
  if (there.length === 0) return 'only-here'
  const pairs = here.flatMap(one => there.map(other => [plain(one), plain(other)] as const))
  if (pairs.some(([one, other]) => one === other)) return 'same'
  if (field === 'name' && pairs.some(([one, other]) => similarNames(one, other))) return 'similar'
  return 'different'
}

const valuesOf = (value: string | readonly string[] | null | undefined): readonly string[] =>
  (typeof value === 'string' ? [value] : (value ?? [])).filter(one => one.trim() !== '')

const plain = (value: string): string => value.trim().normalize('NFC').toLocaleLowerCase('da').replace(/\s+/gu, ' ')

/** One holds all words of the other (a middle name more or less), or they are two letters apart at the most. */
export function similarNames(one: string, other: string): boolean {
  const [short, long] = [one.split(/[\s-]+/u), other.split(/[\s-]+/u)].sort((a, b) => a.length - b.length) as [
    string[],
    string[],
  ]
  if (short.length > 1 && short.every(word => long.includes(word))) return true
  return distance(one, other) <= 2
}

/** Letters to change, add or take away; stops counting at three. */
function distance(one: string, other: string): number {
  const a = [...one]
  const b = [...other]
  if (Math.abs(a.length - b.length) > 2) return 3
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of a.entries()) {
    const next = [i + 1]
    for (const [j, against] of b.entries())
      next.push(Math.min((row[j] ?? 0) + (letter === against ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    row = next
  }
  return Math.min(3, row.at(-1) ?? 3)
}
