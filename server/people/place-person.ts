import type { NormalAttrs } from '../platform/feed-record.ts'
import {
  type AffiliationFactsRow,
  type AffiliationNow,
  affiliationKindOf,
  choosePrimary,
  factsHash,
  onLeave,
  personKindOf,
  personStatusOf,
  unitOf,
} from './affiliation.ts'
import { earlierOf, type Origin } from './derive-timeline.ts'
import { findManager, type ResolvedUnit } from './organisation.ts'
import { normaliseTitle } from './position.ts'
import { searchText } from './search-text.ts'

export type PersonNow = { id: string; realm: 'staff' | 'pupil'; attrs: NormalAttrs; origin: Origin; usernames: string }
export type AffiliationInput = AffiliationNow & { source: string; origin: Origin }
export type Surroundings = {
  today: string
  units: ReadonlyMap<string, ResolvedUnit>
  /** Title, normalised → position. */
  positions: ReadonlyMap<string, { key: string; category: string }>
  /** Affiliation → units whose post it holds. */
  managed: ReadonlyMap<string, ResolvedUnit[]>
}

/** A start that nobody stated: rules compare dates as text, and it lies before every real one. */
export const UNKNOWN_START = '0001-01-01'

/** The rows of `person_current` and `affiliation_current` of one person. */
export function placePerson(person: PersonNow, affiliations: readonly AffiliationInput[], around: Surroundings) {
  const primary = choosePrimary(affiliations)
  const networks = networksOf(affiliations, around)
  const placed = affiliations.map(entry => placeAffiliation(entry, entry.id === primary, networks, around))
  const main = placed.find(row => row.affiliation_id === primary)
  const kinds = placed.map(row => ({ status: row.status, kind: row.kind }))
  const givenName = text(person.attrs.givenName) ?? ''
  const familyName = text(person.attrs.familyName) ?? ''
  const name = `${givenName} ${familyName}`.trim()
  return {
    person: {
      person_id: person.id,
      name,
      given_name: givenName,
      family_name: familyName,
      usernames: person.usernames,
      search: searchText(name, person.usernames),
      kind: placed.length === 0 && person.realm === 'pupil' ? ('pupil' as const) : personKindOf(kinds),
      birth_date: text(person.attrs.birthDate),
      email: text(person.attrs.email),
      phone: text(person.attrs.phone),
      protected: person.attrs.protected === true,
      status: personStatusOf(placed),
      primary_affiliation_id: primary,
      unit_id: main?.unit_id ?? null,
      unit_path: main?.unit_path ?? [],
      unit_ids: [...new Set(placed.filter(row => row.status === 'active').flatMap(row => row.unit_path))],
      title: main?.title ?? null,
      died_on: text(person.attrs.diedOn),
      origin: originMap(person.origin),
    },
    affiliations: placed,
  }
}

/** What rules see of a person's affiliations on the day of the surroundings, and nothing else. */
export function factsOfPerson(
  affiliations: readonly AffiliationNow[],
  around: Omit<Surroundings, 'managed'> & { managed: ReadonlyMap<string, readonly ResolvedUnit[]> },
): AffiliationFactsRow[] {
  const primary = choosePrimary(affiliations)
  const networks = networksOf(affiliations, around)
  return affiliations.map(entry => factsOf(entry, entry.id === primary, networks, around))
}

function networksOf(affiliations: readonly AffiliationNow[], around: Pick<Surroundings, 'units'>): string[] {
  return affiliations
    .filter(entry => entry.status === 'active' && affiliationKindOf(entry.attrs) === 'network')
    .flatMap(entry => around.units.get(unitOf(entry.attrs, around.units) ?? '')?.key ?? [])
    .sort()
}

function factsOf(
  entry: AffiliationNow,
  primary: boolean,
  networks: string[],
  around: Pick<Surroundings, 'today' | 'units' | 'positions'> & {
    managed: ReadonlyMap<string, readonly ResolvedUnit[]>
  },
): AffiliationFactsRow {
  const { attrs } = entry
  const unitId = unitOf(attrs, around.units)
  const unit = around.units.get(unitId ?? '')
  const title = text(attrs.title)
  const position = title === null ? undefined : around.positions.get(normaliseTitle(title))
  const managed = around.managed.get(entry.id) ?? []
  return {
    id: entry.id,
    personId: entry.personId,
    kind: affiliationKindOf(attrs),
    status: entry.status,
    unitId: unitId ?? '',
    unitKey: unit?.key ?? '',
    unitPath: unit?.pathKeys ?? [],
    unitKind: unit?.kind ?? '',
    unitLevel: unit?.level ?? 0,
    position: position?.key ?? null,
    positionCategory: position?.category ?? null,
    title,
    kle: unit ? (unit.kle.length > 0 ? unit.kle : unit.kleInherited) : [],
    functions: list(attrs.functions),
    isManager: managed.length > 0,
    managerOf: managed.map(one => one.key).sort(),
    fraction: typeof attrs.fraction === 'number' ? attrs.fraction : null,
    primary,
    startsOn: text(attrs.startsOn) ?? UNKNOWN_START,
    endsOn: earlierOf(text(attrs.endsOn), text(attrs.accessEndsOn)),
    onLeave: onLeave(attrs, around.today),
    networks,
    schoolClass: text(attrs.schoolClass),
  }
}

function placeAffiliation(entry: AffiliationInput, primary: boolean, networks: string[], around: Surroundings) {
  const { attrs } = entry
  const facts = factsOf(entry, primary, networks, around)
  const unitId = facts.unitId === '' ? null : facts.unitId
  const unit = around.units.get(facts.unitId)
  const manager = findManager(unitId, entry.personId, around.units)
  const managed = around.managed.get(entry.id) ?? []
  return {
    affiliation_id: entry.id,
    person_id: entry.personId,
    source: entry.source,
    employee_no: text(attrs.employeeNo),
    kind: facts.kind,
    status: entry.status,
    unit_id: unitId,
    unit_path: unit?.path ?? [],
    unit_keys: facts.unitPath,
    pay_unit_id: text(attrs.payUnit),
    title: facts.title,
    title_norm: facts.title === null ? null : normaliseTitle(facts.title),
    position_key: facts.position,
    position_category: facts.positionCategory,
    fraction: facts.fraction,
    is_primary: primary,
    starts_on: text(attrs.startsOn),
    ends_on: facts.endsOn,
    on_leave: facts.onLeave,
    leave_kind: facts.onLeave ? text(attrs.leaveKind) : null,
    functions: facts.functions,
    kle: facts.kle,
    is_manager: facts.isManager,
    manager_of: managed.map(one => one.id).sort(),
    networks,
    school_class: facts.schoolClass,
    sponsor_affiliation_id: text(attrs.sponsor),
    manager_person_id: manager?.personId ?? null,
    manager_affiliation_id: manager?.affiliationId ?? null,
    manager_unit_id: manager?.viaUnitId ?? null,
    manager_reason: manager?.reason ?? null,
    origin: originMap(entry.origin),
    contract_ends_on: text(attrs.endsOn),
    access_ends_on: text(attrs.accessEndsOn),
    last_working_day: text(attrs.lastWorkingDay),
    released_from: text(attrs.releasedFrom),
    end_governs: text(attrs.endGoverns),
    agency: text(attrs.agency),
    hourly_paid: attrs.hourlyPaid === true,
    payroll_confirmed: typeof attrs.payrollConfirmed === 'boolean' ? attrs.payrollConfirmed : null,
    facts_hash: `\\x${factsHash(facts).toString('hex')}`,
  }
}

function originMap(origin: Origin): Record<string, { source: string; since: string }> {
  const map: Record<string, { source: string; since: string }> = {}
  for (const { source, since, attrs } of origin) for (const attr of attrs) map[attr] = { source, since }
  return map
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}
