import { createHash } from 'node:crypto'
import type { AffiliationKind } from '#contract/shapes.ts'
import type { Json, NormalAttrs } from '../platform/feed-record.ts'
import { earlierOf } from './derive-timeline.ts'
import { canonical } from './fact.ts'
import type { ResolvedUnit } from './organisation.ts'

export type Status = 'active' | 'future' | 'ended'
export type PersonKind = 'employee' | 'pupil' | 'external' | 'other'

/** What the rights rules see of one affiliation; structurally the AffiliationFacts of the rules room above. */
export type AffiliationFactsRow = {
  id: string
  personId: string
  kind: AffiliationKind
  status: Status
  unitId: string
  unitKey: string
  /** Keys, root first, the unit itself last. Empty when the unit is not known. */
  unitPath: string[]
  unitKind: string
  unitLevel: number
  position: string | null
  positionCategory: string | null
  title: string | null
  kle: string[]
  functions: string[]
  isManager: boolean
  /** Keys of the units whose post this affiliation holds. */
  managerOf: string[]
  fraction: number | null
  primary: boolean
  startsOn: string
  endsOn: string | null
  onLeave: boolean
  networks: string[]
  schoolClass: string | null
}

/** One affiliation as derived for today, before the organisation is looked at. */
export type AffiliationNow = {
  id: string
  personId: string
  status: Status
  attrs: NormalAttrs
}

const kinds: Record<AffiliationKind, PersonKind> = {
  employment: 'employee',
  temp: 'employee',
  trainee: 'employee',
  external: 'external',
  elected: 'other',
  volunteer: 'other',
  network: 'other',
  pupil: 'pupil',
}
const strength: PersonKind[] = ['employee', 'external', 'pupil', 'other']

export function affiliationKindOf(attrs: NormalAttrs): AffiliationKind {
  return attrs.affiliationKind as AffiliationKind
}

/** What a person counts as: the strongest of the active affiliations, else of those to come, else of those ended. */
export function personKindOf(affiliations: readonly { status: Status; kind: AffiliationKind }[]): PersonKind {
  for (const status of ['active', 'future', 'ended'] as const) {
    const found = affiliations.filter(entry => entry.status === status).map(entry => kinds[entry.kind])
    const strongest = strength.find(kind => found.includes(kind))
    if (strongest) return strongest
  }
  return 'other'
}

export function personStatusOf(affiliations: readonly { status: Status }[]): Status {
  for (const status of ['active', 'future'] as const)
    if (affiliations.some(entry => entry.status === status)) return status
  return 'ended'
}

/**
 * Exactly one of a person's affiliations is primary: among those in force (else to come, else ended) the one the
 * source marks, then the largest fraction, then the one that started first, then the lowest employee number; only then the
 * lowest id, which is the installation's own.
 */
export function choosePrimary(affiliations: readonly AffiliationNow[]): string | null {
  const rank: Record<Status, number> = { active: 0, future: 1, ended: 2 }
  const network = (entry: AffiliationNow) => (affiliationKindOf(entry.attrs) === 'network' ? 1 : 0)
  const sorted = [...affiliations].sort(
    (a, b) =>
      rank[a.status] - rank[b.status] ||
      Number(b.attrs.primary === true) - Number(a.attrs.primary === true) ||
      network(a) - network(b) ||
      Number(b.attrs.fraction ?? 0) - Number(a.attrs.fraction ?? 0) ||
      compare(String(a.attrs.startsOn ?? ''), String(b.attrs.startsOn ?? '')) ||
      compare(String(a.attrs.employeeNo ?? ''), String(b.attrs.employeeNo ?? '')) ||
      compare(a.id, b.id),
  )
  return sorted[0]?.id ?? null
}

/**
 * Where an affiliation belongs in the administrative organisation: what a person decided for it, else what the source
 * says, else what its payroll unit (or the nearest mapped one above) maps to.
 */
export function unitOf(attrs: NormalAttrs, units: ReadonlyMap<string, Pick<ResolvedUnit, 'mapsToId'>>): string | null {
  const pay = typeof attrs.payUnit === 'string' ? units.get(attrs.payUnit) : undefined
  return (attrs.unitOverride ?? attrs.unit ?? pay?.mapsToId ?? null) as string | null
}

export function onLeave(attrs: NormalAttrs, today: string): boolean {
  const from = attrs.leaveFrom
  const to = attrs.leaveTo
  return typeof from === 'string' && from <= today && (typeof to !== 'string' || today < to)
}

/** An affiliation of somebody who died on a day is over from that day. */
export function endedByDeath<A extends AffiliationNow>(entry: A, diedOn: Json | undefined, today: string): A {
  if (typeof diedOn !== 'string') return entry
  const accessEndsOn = earlierOf(text(entry.attrs.accessEndsOn), diedOn)
  return {
    ...entry,
    attrs: { ...entry.attrs, accessEndsOn },
    status: diedOn <= today ? 'ended' : entry.status,
  }
}

const text = (value: Json | undefined) => (typeof value === 'string' ? value : null)

/** Digest of what rules can see: access recomputes an affiliation only when this changes. */
export function factsHash(facts: AffiliationFactsRow): Buffer {
  return createHash('sha256').update(canonical(facts)).digest()
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
