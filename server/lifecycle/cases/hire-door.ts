import type { Missing } from '#contract/lifecycle.ts'
import type { HireForm } from '#contract/lifecycle-forms.ts'
import { findOrMakePerson, makeAffiliation, type StatedFact } from '../../people/report-facts.ts'
import type { NormalAttrs } from '../../platform/feed-record.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import {
  addMonths,
  affiliationKindOf,
  EARLIEST_MONTHS,
  fractionOf,
  LONGEST_MONTHS,
  missingAt,
  needsEnd,
  needsSponsor,
} from './case.ts'
import type { Door } from './door.ts'
import { limitsMissing } from './limits-view.ts'

export const SOURCE = 'report'

/** Somebody starts. The same form for those whom payroll will never know. */
export const hireDoor: Door<HireForm> = {
  place: form => ({
    personId: form.person.personId,
    affiliationId: null,
    unitId: form.affiliation.unitId,
    effectiveOn: form.affiliation.startsOn,
  }),
  title: form => form.affiliation.title || null,

  missing: async (tx, { form, door, cprSealed }, { cpr, by, today }) => {
    const looked = await look(tx, form)
    const starts = form.affiliation.startsOn
    const limits =
      looked.unit && starts
        ? await limitsMissing(tx, form.rights, hireAttrs(form, looked.sponsor), starts > today ? starts : today)
        : []
    return [
      ...personMissing(form, { sealed: cprSealed !== null, cpr, mine: by.personId }),
      ...affiliationMissing(form, looked, today, door === 'emergency'),
      ...limits,
    ]
  },

  facts: async (tx, one, { cpr, by }, deps) => {
    const { form } = one
    const { person } = form
    const { sponsor } = await look(tx, form)
    const { personId, made } = await findOrMakePerson(
      tx,
      {
        ...(person.personId ? { personId: person.personId } : {}),
        ...(!person.personId && cpr ? { cpr } : {}),
        givenName: person.givenName,
        familyName: person.familyName,
        birthDate: person.birthDate,
        source: SOURCE,
        key: one.id,
      },
      deps,
    )
    if (personId === by.personId) throw problem('case-about-self')
    // Payroll was first: what the report says is about the affiliation that payroll has made.
    const affiliationId = one.affiliationId ?? (await makeAffiliation(tx, { source: SOURCE, key: one.id, personId }))
    const stated = { from: null, to: null, source: SOURCE, sourceKey: one.id, assertedAt: deps.now, actorId: by.userId }
    const facts: StatedFact[] = [
      { ...stated, kind: 'affiliation', subjectId: affiliationId, attrs: hireAttrs(form, sponsor) },
    ]
    if (made && person.protected)
      facts.push({ ...stated, kind: 'person', subjectId: personId, attrs: { protected: true } })
    return { personId, made, affiliationId, facts }
  },

  copy: form => ({
    ...form,
    person: { personId: null, givenName: '', familyName: '', birthDate: null, protected: false },
    affiliation: { ...form.affiliation, startsOn: null, endsOn: null },
    rights: [],
    checks: { childrenCertificate: null, authorisation: null },
    note: '',
  }),
}

/** The affiliation as feeds say it; references are ids. `sponsor`: the affiliation of whoever answers for it. */
export function hireAttrs(form: HireForm, sponsor: string | null): NormalAttrs {
  const { affiliation } = form
  const attrs: NormalAttrs = {
    affiliationKind: affiliationKindOf(affiliation.kind),
    unit: affiliation.unitId,
    title: affiliation.title || null,
    startsOn: affiliation.startsOn,
    endsOn: affiliation.endsOn,
    fraction: fractionOf(affiliation.hours),
    sponsor,
    agency: affiliation.organisation || null,
  }
  if (affiliation.hourlyPaid) attrs.hourlyPaid = true
  // What is not said is not stated: payroll says it later, and null would speak against it.
  return Object.fromEntries(Object.entries(attrs).filter(([, value]) => value !== null))
}

type Looked = { unit: boolean; sponsor: string | null }
async function look(tx: Tx, { affiliation }: HireForm): Promise<Looked> {
  const [row] = await tx.query<Looked>(
    `select exists (select from org_unit_current u where u.unit_id = $1::uuid and u.active and u.tree <> 'pay') as unit,
       (select p.primary_affiliation_id from person_current p
        where p.person_id = $2::uuid and p.status = 'active' and p.kind = 'employee') as sponsor`,
    [affiliation.unitId, affiliation.sponsorPersonId],
  )
  return row ?? { unit: false, sponsor: null }
}

function personMissing(
  { person }: HireForm,
  { sealed, cpr, mine }: { sealed: boolean; cpr: string | null; mine: string | null },
): Missing[] {
  if (person.personId) return person.personId === mine ? [missingAt('person/personId', 'about-yourself')] : []
  return [
    ...(person.givenName === '' ? [missingAt('person/givenName', 'name-needed')] : []),
    ...(person.familyName === '' ? [missingAt('person/familyName', 'name-needed')] : []),
    ...(sealed && cpr === null ? [missingAt('person/cpr', 'number-invalid')] : []),
    ...(!sealed && person.birthDate === null ? [missingAt('person/cpr', 'number-or-birth-date')] : []),
  ]
}

function affiliationMissing({ affiliation }: HireForm, looked: Looked, today: string, emergency: boolean): Missing[] {
  const { kind, startsOn, endsOn } = affiliation
  const at = (field: string, what: Missing['what'] = 'needed') => missingAt(`affiliation/${field}`, what)
  const titled = kind !== 'volunteer' && kind !== 'network'
  return [
    ...(affiliation.unitId === null ? [at('unitId')] : looked.unit ? [] : [at('unitId', 'unit-unknown')]),
    ...(titled && affiliation.title === '' ? [at('title')] : []),
    ...(startsOn === null
      ? [at('startsOn')]
      : emergency && startsOn !== today
        ? [at('startsOn', 'starts-today')]
        : startsOn < addMonths(today, -EARLIEST_MONTHS)
          ? [at('startsOn', 'start-too-early')]
          : []),
    ...(endsOn === null && needsEnd(kind) ? [at('endsOn', 'end-needed')] : []),
    ...(startsOn && endsOn && endsOn <= startsOn ? [at('endsOn', 'end-before-start')] : []),
    ...(needsSponsor(kind) && startsOn && endsOn && endsOn > addMonths(startsOn, LONGEST_MONTHS)
      ? [at('endsOn', 'end-too-late')]
      : []),
    ...(needsSponsor(kind) && affiliation.sponsorPersonId === null ? [at('sponsorPersonId', 'sponsor-needed')] : []),
    ...(affiliation.sponsorPersonId !== null && looked.sponsor === null
      ? [at('sponsorPersonId', 'sponsor-unknown')]
      : []),
  ]
}
