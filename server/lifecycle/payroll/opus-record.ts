import type { ReadItem } from '../../feeds/reading/reader.ts'
import type { Json, NormalAttrs } from '../../platform/feed-record.ts'
import type { Row } from './leave-out.ts'
import { dayAfter, fractionOf, implausible, payrollDate } from './payroll-dates.ts'
import { childrenOf, type Element, textOf } from './read-xml.ts'

/**
 * One `employee` of a KMD OPUS file as records. What stands in the pay slip, in the address and in levels of pay is not
 * read at all, so that it can be stored nowhere.
 */
export type OpusUnit = { id: string; parent: string | null; name: string; attrs: NormalAttrs; at: string }

export type OpusSettings = {
  tree: 'pay' | 'admin'
  leaveDate: 'last-day' | 'day-after'
  hourlyContracts: readonly string[]
  protectedMarks: readonly string[]
}

/** Elements whose text nobody may see: where somebody lives, and how to reach them there. */
export const OPUS_NEVER: ReadonlySet<string> = new Set([
  'address',
  'addressSupplement',
  'postalCode',
  'city',
  'country',
  'privatePhone',
  'mobile',
])
/** What the text of an address becomes: whether it says that it is protected, and nothing else. */
export const MARKED = 'protected'
export const glanceAt =
  (marks: readonly string[]) =>
  (_name: string, text: string): string =>
    hasMark(text, marks) ? MARKED : ''
const hasMark = (text: string, marks: readonly string[]): boolean => {
  const folded = text.toLowerCase()
  return marks.some(mark => folded.includes(mark.toLowerCase()))
}

const ANNULLED = /annulleret/i

export function readUnit(element: Element, { tree }: OpusSettings, at: string): OpusUnit | { reject: ReadItem } {
  const id = element.attributes.id?.trim() ?? ''
  if (id === '') return { reject: { reject: 'key-missing', kind: 'unit', at } }
  const parent = textOf(element, 'parentOrgUnit') || null
  const name = textOf(element, 'longName') || textOf(element, 'shortName') || id
  const from = payrollDate(textOf(element, 'startDate'))
  const to = payrollDate(textOf(element, 'endDate'))
  if (from === 'invalid' || to === 'invalid') {
    const attribute = from === 'invalid' ? 'validFrom' : 'validTo'
    return { reject: { reject: 'date-invalid', kind: 'unit', key: id, at, params: { attribute } } }
  }
  const attrs: NormalAttrs = { name, tree, unitKind: 'department' }
  if (parent !== null) attrs.parent = parent
  // 1900 is how payroll says "always".
  if (from !== null && from > '1901') attrs.validFrom = from
  if (to !== null) attrs.validTo = dayAfter(to)
  return { id, parent, name, attrs, at }
}

export type OpusEmployee =
  /** The employment is over, or never was: what is known of it stays, and it ends. */
  | { is: 'over'; id: string; why: 'left' | 'annulled' }
  | { is: 'left-out'; id: string; why: string }
  | { is: 'rejected'; id: string; item: ReadItem }
  | {
      is: 'read'
      id: string
      unit: string | null
      items: ReadItem[]
      manager: boolean
      /** Working hours that cannot be right. */
      oddFraction: boolean
      row: Row
    }

/**
 * `today` is the day of the file: what holds then is what it says. Throws nothing; a row that cannot be read is rejected
 * with its reason, and its raw half holds what may be shown only.
 */
export function readEmployee(element: Element, settings: OpusSettings, today: string, at: string): OpusEmployee {
  const id = element.attributes.id?.trim() ?? ''
  if (id === '') return { is: 'rejected', id, item: { reject: 'key-missing', kind: 'affiliation', at } }
  const say = (name: string) => textOf(element, name)
  if (element.attributes.action?.trim().toLowerCase() === 'leave') return { is: 'over', id, why: 'left' }
  if (ANNULLED.test(say('workContractText')) || ANNULLED.test(say('position')) || ANNULLED.test(say('positionShort')))
    return { is: 'over', id, why: 'annulled' }
  const rejected = (reject: string, attribute: string): OpusEmployee => ({
    is: 'rejected',
    id,
    item: { reject, kind: 'affiliation', key: id, at, params: { attribute }, raw: rawOf(element) },
  })
  const starts = payrollDate(say('entryDate'))
  const leaves = payrollDate(say('leaveDate'))
  if (starts === 'invalid') return rejected('date-invalid', 'startsOn')
  if (leaves === 'invalid') return rejected('date-invalid', 'endsOn')
  if (starts === null) return { is: 'left-out', id, why: 'no-entry-date' }
  if (implausible(starts, today)) return rejected('date-implausible', 'startsOn')
  const fraction = fractionOf(say('numerator'), say('denominator'))
  const oddFraction = fraction === 'odd'
  const share = typeof fraction === 'number' ? fraction : null
  const unit = say('orgUnit') || null

  const ends = leaves === null ? null : settings.leaveDate === 'last-day' ? dayAfter(leaves) : leaves
  const affiliation: NormalAttrs = { person: id, affiliationKind: 'employment', employeeNo: id, startsOn: starts }
  if (unit !== null) affiliation[settings.tree === 'pay' ? 'payUnit' : 'unit'] = unit
  const title = say('position') || say('job')
  if (title !== '') affiliation.title = title
  if (ends !== null) affiliation.endsOn = ends
  if (share !== null) affiliation.fraction = share
  if (settings.hourlyContracts.includes(say('workContract'))) affiliation.hourlyPaid = true
  const functions = functionsOn(element, today)
  if (functions.length > 0) affiliation.functions = functions

  const marks = settings.protectedMarks
  const person: NormalAttrs = {
    givenName: unmarked(say('firstName'), marks) || '-',
    familyName: unmarked(say('lastName'), marks) || '-',
  }
  const cpr = say('cpr').replace(/\D/g, '')
  if (cpr !== '' && !/^0+$/.test(cpr)) person.cpr = cpr
  if (say('email') !== '') person.email = say('email')
  if (say('workPhone') !== '') person.phone = say('workPhone')
  if (isProtected(element, marks)) person.protected = true

  const inForce = starts <= today && (ends === null || today < ends)
  return {
    is: 'read',
    id,
    unit,
    items: [
      { kind: 'person', key: id, attrs: person, at },
      { kind: 'affiliation', key: id, attrs: affiliation, at },
    ],
    manager: inForce && /^(true|1|ja)$/i.test(say('isManager')),
    oddFraction,
    row: rowOf(element, share),
  }
}

/** Fields that a rule of the declaration may ask about. */
export const OPUS_FIELDS = [
  'workContract',
  'workContractText',
  'positionId',
  'position',
  'positionShort',
  'jobId',
  'job',
  'jobShort',
  'payGrade',
  'payGradeText',
  'productionNumber',
  'itUser',
  'orgUnit',
  'orgUnitName',
  'orgUnitOrAbove',
  'fraction',
] as const
const rowOf = (element: Element, fraction: number | null): Row => ({
  ...Object.fromEntries(OPUS_FIELDS.map(name => [name, textOf(element, name)])),
  fraction,
})

/** Functions that hold on a day; `end` is the last of them. */
function functionsOn(element: Element, today: string): string[] {
  const held = element.children
    .filter(one => one.name === 'function' || one.name.startsWith('function'))
    .filter(one => {
      const from = payrollDate(part(one, 'start') || part(one, 'startDate'))
      const to = payrollDate(part(one, 'end') || part(one, 'endDate'))
      return (from === null || from === 'invalid' || from <= today) && (to === null || to === 'invalid' || today <= to)
    })
    .map(one => part(one, 'artId') || one.text)
    .filter(one => one !== '')
  return [...new Set(held)].sort()
}
const part = (element: Element, name: string): string => element.attributes[name]?.trim() || textOf(element, name)

function isProtected(element: Element, marks: readonly string[]): boolean {
  const flagged = childrenOf(element, 'address').some(one => /^(true|1|ja|x)$/i.test(one.attributes.protected ?? ''))
  const marked = element.children.some(one => OPUS_NEVER.has(one.name) && one.text === MARKED)
  return (
    flagged || marked || hasMark(textOf(element, 'firstName'), marks) || hasMark(textOf(element, 'lastName'), marks)
  )
}

/** A name without the mark that payroll has put behind it: `Holm (adr.besk.)`. */
function unmarked(name: string, marks: readonly string[]): string {
  let left = name
  for (const mark of marks) {
    const at = left.toLowerCase().indexOf(mark.toLowerCase())
    if (at >= 0) left = left.slice(0, at) + left.slice(at + mark.length)
  }
  return left === name
    ? name
    : left
        .replace(/[([{]\s*[)\]}]/g, '')
        .replace(/[\s,;-]+$/, '')
        .trim()
}

/** What of a row may stand beside a reject: nothing of who it is, and nothing of where they live. */
const SHOWN = ['entryDate', 'leaveDate', 'orgUnit', 'positionId', 'workContract', 'numerator', 'denominator']
export const rawOf = (element: Element): Record<string, Json> => ({
  id: element.attributes.id ?? null,
  ...Object.fromEntries(SHOWN.map(name => [name, textOf(element, name)])),
})
