import type { ReadItem } from '../../feeds/reading/reader.ts'
import type { Json, NormalAttrs } from '../../platform/feed-record.ts'
import type { Row } from './leave-out.ts'
import { MARKED, OPUS_NEVER } from './opus-record.ts'
import { dayAfter, implausible, payrollDate } from './payroll-dates.ts'
import { child, childrenOf, type Element, textOf } from './read-xml.ts'

/** Elements of SD Løn responses whose text nobody may see: where somebody lives, and accounts that pay goes to. */
export const SD_NEVER: ReadonlySet<string> = new Set([
  ...OPUS_NEVER,
  'StandardAddressIdentifier',
  'PostalCode',
  'DistrictName',
  'MunicipalityCode',
  'CountryIdentificationCode',
  'TelephoneNumberIdentifier',
  'AccountIdentifier',
  'BankIdentifier',
])

export type SdDepartment = { id: string; name: string | null; parent: string | null; at: string }

/** A department with those above it: each reference holds the one above. */
export function readReferences(reference: Element, at: string): SdDepartment[] {
  const found: SdDepartment[] = []
  for (let one: Element | undefined = reference; one; one = child(one, 'DepartmentReference')) {
    const above: Element | undefined = child(one, 'DepartmentReference')
    const id = textOf(one, 'DepartmentIdentifier')
    if (id !== '') found.push({ id, name: null, parent: (above && textOf(above, 'DepartmentIdentifier')) || null, at })
  }
  return found
}

export const cprOf = (person: Element): string => textOf(person, 'PersonCivilRegistrationIdentifier').replace(/\D/g, '')

export function readPerson(person: Element, key: string, at: string): ReadItem {
  const attrs: NormalAttrs = {
    givenName: textOf(person, 'PersonGivenName') || '-',
    familyName: textOf(person, 'PersonSurnameName') || '-',
    cpr: cprOf(person),
  }
  const mail = [person, ...childrenOf(person, 'Employment')]
    .flatMap(one => childrenOf(one, 'ContactInformation'))
    .map(one => textOf(one, 'EmailAddressIdentifier'))
    .find(one => one !== '' && !/^empty@empty/i.test(one))
  if (mail) attrs.email = mail
  const address = child(person, 'PostalAddress')
  if (address?.children.some(one => one.text === MARKED)) attrs.protected = true
  return { kind: 'person', key, attrs, at }
}

/** Status codes of SD Løn. 7 is migrated or dead, and sources disagree about 9: what is certain is that it is over. */
const EMPLOYED = new Set(['0', '1', '3', '4'])
const ON_LEAVE = new Set(['3', '4'])
const OVER = new Set(['7', '8', '9'])
const DELETED = 'S'

type Period = { code: string; from: string | null; to: string | null }

export type SdEmployment =
  | { is: 'deleted'; id: string }
  | { is: 'left-out'; id: string; why: string }
  | { is: 'rejected'; id: string; item: ReadItem }
  | { is: 'read'; id: string; attrs: NormalAttrs; department: string | null; inForce: boolean; row: Row }

/**
 * One `Employment`. `today` is the day of the response. Only the department of that day is read: what SD says of earlier
 * ones cannot be trusted.
 */
export function readEmployment(
  employment: Element,
  person: string,
  today: string,
  at: string,
  tree: 'pay' | 'admin',
): SdEmployment {
  const id = textOf(employment, 'EmploymentIdentifier')
  const key = `${person}:${id}`
  const raw = rawOf(employment)
  const rejected = (reject: string, params: Record<string, string>): SdEmployment => ({
    is: 'rejected',
    id,
    item: { reject, kind: 'affiliation', key, at, params, raw },
  })
  if (id === '') return { is: 'rejected', id, item: { reject: 'key-missing', kind: 'affiliation', at, raw } }
  const periods: Period[] = []
  for (const one of childrenOf(employment, 'EmploymentStatus')) {
    const from = payrollDate(textOf(one, 'ActivationDate'))
    const to = payrollDate(textOf(one, 'DeactivationDate'))
    if (from === 'invalid' || to === 'invalid') return rejected('date-invalid', { attribute: 'startsOn' })
    periods.push({ code: textOf(one, 'EmploymentStatusCode').toUpperCase(), from, to })
  }
  periods.sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1))
  const strange = periods.find(one => !EMPLOYED.has(one.code) && !OVER.has(one.code) && one.code !== DELETED)
  if (strange) return rejected('status-unknown', { status: strange.code.slice(0, 10) })
  if (periods.some(one => one.code === DELETED)) return { is: 'deleted', id }

  const begun = payrollDate(textOf(employment, 'EmploymentDate'))
  if (begun === 'invalid') return rejected('date-invalid', { attribute: 'startsOn' })
  const first = periods.find(one => EMPLOYED.has(one.code))
  const starts = begun ?? first?.from ?? null
  const last = periods.findLast(one => EMPLOYED.has(one.code))
  const over = periods.find(one => OVER.has(one.code) && (one.from ?? '') >= (last?.from ?? ''))
  // Over, and it is not said since when it began: nothing that could hold a right.
  if (starts === null) return { is: 'left-out', id, why: over ? 'left-unknown' : 'no-entry-date' }
  if (implausible(starts, today)) return rejected('date-implausible', { attribute: 'startsOn' })
  const ends = over ? (over.from ?? starts) : last?.to ? dayAfter(last.to) : null

  const attrs: NormalAttrs = { person, affiliationKind: 'employment', employeeNo: id, startsOn: starts }
  if (ends !== null) attrs.endsOn = ends < starts ? starts : ends
  const leave = periods.find(one => ON_LEAVE.has(one.code) && (one.to === null || one.to >= today))
  if (leave) {
    attrs.leaveFrom = leave.from ?? starts
    attrs.leaveKind = 'other'
    if (leave.to !== null) attrs.leaveTo = dayAfter(leave.to)
  }
  const department =
    textOf(onDay(childrenOf(employment, 'EmploymentDepartment'), today), 'DepartmentIdentifier') || null
  if (department !== null) attrs[tree === 'pay' ? 'payUnit' : 'unit'] = department
  const profession = onDay(childrenOf(employment, 'Profession'), today)
  const title = textOf(profession, 'EmploymentName')
  if (title !== '') attrs.title = title
  const time = onDay(childrenOf(employment, 'WorkingTime'), today)
  const rate = Number(textOf(time, 'OccupationRate').replace(',', '.') || Number.NaN)
  if (rate >= 0 && rate <= 1.5) attrs.fraction = Math.round(rate * 10_000) / 10_000
  if (/^false$/i.test(textOf(time, 'SalariedIndicator'))) attrs.hourlyPaid = true

  const inForce = starts <= today && (ends === null || today < ends)
  const row: Row = {
    jobPosition: textOf(profession, 'JobPositionIdentifier'),
    employmentName: title,
    appointmentCode: textOf(profession, 'AppointmentCode'),
    department,
    statusCode: [...periods].reverse().find(one => (one.from ?? '') <= today)?.code ?? first?.code,
    salaried: textOf(time, 'SalariedIndicator'),
    rate: Number.isNaN(rate) ? null : rate,
  }
  return { is: 'read', id, attrs, department, inForce, row }
}
export const SD_FIELDS = [
  'jobPosition',
  'employmentName',
  'appointmentCode',
  'department',
  'departmentName',
  'departmentOrAbove',
  'statusCode',
  'salaried',
  'rate',
] as const

const NONE: Element = { name: '', attributes: {}, text: '', children: [], line: 0 }

/** Of several periods the one that the day is in, else the one that begins first after it, else the last. */
function onDay(elements: readonly Element[], today: string): Element {
  const dated = elements
    .map(element => ({ element, from: dateIn(element, 'ActivationDate'), to: dateIn(element, 'DeactivationDate') }))
    .sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1))
  const now = dated.findLast(one => (one.from ?? '') <= today && (one.to === null || today <= one.to))
  return (now ?? dated.find(one => (one.from ?? '') > today) ?? dated.at(-1))?.element ?? NONE
}
const dateIn = (element: Element, name: string): string | null => {
  const date = payrollDate(textOf(element, name))
  return date === 'invalid' ? null : date
}

export const rawOf = (employment: Element): Record<string, Json> => ({
  EmploymentIdentifier: textOf(employment, 'EmploymentIdentifier'),
  EmploymentDate: textOf(employment, 'EmploymentDate'),
  EmploymentStatusCode: childrenOf(employment, 'EmploymentStatus').map(one => textOf(one, 'EmploymentStatusCode')),
})

/** The primary employment of one person: the highest rate, then the lowest number (the source marks none). */
export function primaryOf(all: readonly { id: string; rate: number; inForce: boolean }[]): string | null {
  const sorted = all
    .filter(one => one.inForce)
    .sort((a, b) => b.rate - a.rate || a.id.length - b.id.length || (a.id < b.id ? -1 : 1))
  return sorted[0]?.id ?? null
}
