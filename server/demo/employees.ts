import { cprNumbers } from './cpr.ts'
import { addDays, firstOfMonth, yearOf } from './dates.ts'
import { inventName } from './names.ts'
import type { DemoOrganisation, DemoUnit } from './organisation.ts'
import {
  type DemoAffiliation,
  type DemoAffiliationKind,
  type DemoPeople,
  type DemoPerson,
  noAccount,
} from './people.ts'
import { type DemoPosition, position } from './positions.ts'
import type { Random } from './random.ts'

export type Hiring = {
  organisation: DemoOrganisation
  people: DemoPeople
  random: Random
  today: string
  newPerson: (birthDate: string, given?: { name: DemoPerson['name']; cpr?: string }) => DemoPerson
  hire: (person: DemoPerson, unit: DemoUnit, positionKey: string, more?: Partial<DemoAffiliation>) => DemoAffiliation
  birthDate: (youngest: number, oldest: number) => string
  newCpr: (birthDate: string, female: boolean) => string
}

/** Payroll numbers; those who are not paid but have an account get a number of their own series. */
const numbered: Partial<Record<DemoAffiliationKind, string>> = {
  employment: '',
  temp: '',
  trainee: '',
  external: 'X',
  elected: 'B',
}

const partTime = [1, 1, 1, 0.95, 0.86, 0.81, 0.76, 0.65, 0.54, 0.41]

/** Numbers for persons, affiliations and employees, and a way to hire that gets the two trees right. */
export function hiring(organisation: DemoOrganisation, random: Random, today: string): Hiring {
  const people: DemoPeople = { staff: [], affiliations: [], managers: new Map(), deputies: [] }
  const nextCpr = cprNumbers(random)
  let personNumber = 100_000
  let affiliationNumber = 500_000
  let employeeNumber = 20_000

  const birthDate = (youngest: number, oldest: number) =>
    addDays(`${yearOf(today) - random.between(youngest, oldest) - 1}-01-01`, random.between(0, 364))

  const newPerson: Hiring['newPerson'] = (born, given) => {
    const name = given?.name ?? inventName(random)
    const person: DemoPerson = {
      key: `P${++personNumber}`,
      name,
      birthDate: born,
      cpr: given?.cpr ?? nextCpr(born, name.female),
      email: null,
      phone: random.chance(0.4)
        ? `+45 00 ${random.between(10, 99)} ${random.between(10, 99)} ${random.between(10, 99)}`
        : null,
      protected: false,
    }
    people.staff.push(person)
    return person
  }

  const hire: Hiring['hire'] = (person, unit, positionKey, more = {}) => {
    const post = position(positionKey)
    const kind: DemoAffiliationKind = more.kind ?? (post.category === 'elev' ? 'trainee' : 'employment')
    const paid = kind === 'employment' || kind === 'temp' || kind === 'trainee'
    const team = unit.kind === 'team'
    const fraction = paid ? (more.fraction ?? fractionFor(post.category, kind, random)) : null
    const affiliation: DemoAffiliation = {
      key: `T${++affiliationNumber}`,
      person,
      kind,
      employeeNo: numbered[kind] === undefined ? null : `${numbered[kind]}${++employeeNumber}`,
      unit: unit.key,
      payUnit: paid ? organisation.payUnitOf(unit.key) : null,
      // Teams are paid by the unit above them: only an override says in which team somebody works.
      unitOverride: paid && team ? unit.key : null,
      position: post.key,
      title: random.chance(0.7) ? post.name : random.pick(post.titles),
      fraction,
      startsOn: firstOfMonth(addDays(today, -Math.floor(40 + random.next() ** 2 * 7200))),
      endsOn: kind === 'temp' ? addDays(today, random.between(20, 200)) : null,
      primary: true,
      functions: paid && withoutAccount(post, fraction) ? [noAccount] : [],
      leave: null,
      sponsor: null,
      schoolClass: null,
      manages: false,
      ...more,
    }
    people.affiliations.push(affiliation)
    return affiliation
  }

  return { organisation, people, random, today, newPerson, hire, birthDate, newCpr: nextCpr }
}

/** Helpers without a desk of their own get a user from half time on. */
const withoutAccount = ({ account }: DemoPosition, fraction: number | null) =>
  account === 'never' || (account === 'some' && (fraction ?? 0) < 0.5)

function fractionFor(category: string, kind: DemoAffiliationKind, random: Random): number {
  if (kind === 'temp') return random.pick([0.2, 0.41, 0.54, 0.81])
  if (['pleje', 'paedagogik', 'service', 'kultur'].includes(category)) return random.pick(partTime)
  return random.chance(0.85) ? 1 : random.pick(partTime)
}

/** Leaders and staff of every administrative unit, and temps until there are 3,000 employees for each step of size. */
export function hireEmployees(at: Hiring, size: number): void {
  const { organisation, people, newPerson, hire, birthDate } = at
  const admin = organisation.units.filter(unit => unit.tree === 'admin')
  for (const unit of admin) {
    if (unit.leader && !unit.vacant) {
      const leads = hire(newPerson(birthDate(36, 64)), unit, unit.leader, { manages: true, fraction: 1 })
      people.managers.set(unit.key, leads.key)
    }
    for (const { position: key, heads } of unit.staff)
      for (let i = 0; i < heads; i++) {
        const young = position(key).category === 'elev' || key.endsWith('vikar')
        hire(newPerson(young ? birthDate(18, 32) : birthDate(22, 66)), unit, key)
      }
  }
  const wanted: Record<string, string> = {
    carehome: 'plejevikar',
    homecare: 'plejevikar',
    daycare: 'paedagogvikar',
    sfo: 'paedagogvikar',
    school: 'laerervikar',
  }
  const places = admin.filter(unit => unit.family && wanted[unit.family])
  for (let i = 0; people.staff.length < 3000 * size; i++) {
    const unit = places[i % places.length] as DemoUnit
    hire(newPerson(birthDate(18, 60)), unit, wanted[unit.family as string] as string, { kind: 'temp' })
  }
}
