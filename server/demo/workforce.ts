import { addDays, firstOfMonth } from './dates.ts'
import { type Hiring, hireEmployees, hiring } from './employees.ts'
import type { DemoOrganisation, DemoUnit } from './organisation.ts'
import { activeOn, type DemoAffiliation, type DemoPeople, hasAccount, noAccount } from './people.ts'
import { position } from './positions.ts'
import { random } from './random.ts'

/** What was planted among the people, by affiliation, for the mess in the directory and for the manifest. */
export type Workforce = DemoPeople & {
  leavers: DemoAffiliation[]
  movers: { before: DemoAffiliation; after: DemoAffiliation }[]
  lookAlikes: [DemoAffiliation, DemoAffiliation][]
  unmappedTitles: DemoAffiliation[]
  youngsters: DemoAffiliation[]
  secondJobs: DemoAffiliation[]
  future: DemoAffiliation[]
  counts: Record<
    'leave' | 'protected' | 'vacantLeaders' | 'networkPlaces' | 'elected' | 'external' | 'volunteer',
    number
  >
}

/** All who are not pupils. `size` 1 gives 3,000 active employees, and those around them. */
export function demoWorkforce(organisation: DemoOrganisation, seed: string, today: string, size: number): Workforce {
  const at = hiring(organisation, random(seed, 'people'), today)
  hireEmployees(at, size)
  const employed = [...at.people.affiliations]
  const youngsters = makeYoungsters(at, employed)
  const secondJobs = secondPosts(at, employed)
  const movers = changePosts(at, employed, 40 * size)
  const leavers = leave(at, 360 * size)
  const future = start(at, 45 * size)
  appoint(at, employed)
  const networkPlaces = fillNetworks(at, employed)
  const elected = elect(at)
  const external = engage(at, employed, 40 * size)
  const volunteer = welcome(at, 12 * size)
  const lookAlikes = [twin(at, employed), twin(at, employed)]
  const unmappedTitles = at.random.sample(employed.filter(plain), 14)
  const strange = [
    'Velfærdsalkymist',
    'Koord.',
    'Tovholder (projekt)',
    'Faglig fyrtårn',
    'Flexmedarb.',
    'Implementeringsagent',
  ]
  for (const [i, one] of unmappedTitles.entries()) {
    one.title = strange[i % strange.length] as string
    one.position = null
  }
  for (const one of at.random.sample(employed.filter(plain), 9 * size)) one.person.protected = true
  const people = at.people
  return {
    ...people,
    leavers,
    movers,
    lookAlikes,
    unmappedTitles,
    youngsters,
    secondJobs,
    future,
    counts: {
      leave: absence(at, employed),
      protected: people.staff.filter(one => one.protected).length,
      vacantLeaders: organisation.units.filter(unit => unit.vacant).length,
      networkPlaces,
      elected,
      external,
      volunteer,
    },
  }
}

/** Nobody that a story or a leading post hangs on. */
const plain = (one: DemoAffiliation) =>
  !one.manages && one.kind === 'employment' && one.functions.every(key => key === noAccount)

/** Two who go to school in the ninth class and work for the municipality after it. */
function makeYoungsters({ today, newCpr }: Hiring, employed: DemoAffiliation[]): DemoAffiliation[] {
  const found = employed.filter(one => one.position === 'biblioteksassistent' || one.position === 'klubmedarbejder')
  return [found[0], found.at(-1)].map(one => {
    const young = one as DemoAffiliation
    young.person.birthDate = `${Number(today.slice(0, 4)) - 15}-0${young === found[0] ? 3 : 5}-1${young === found[0] ? 2 : 7}`
    young.person.cpr = newCpr(young.person.birthDate, young.person.name.female)
    young.startsOn = firstOfMonth(addDays(today, -70))
    young.fraction = 0.2
    return young
  })
}

function secondPosts({ organisation, random, hire }: Hiring, employed: DemoAffiliation[]): DemoAffiliation[] {
  const places = new Map<string, DemoUnit[]>()
  for (const unit of organisation.units)
    for (const { position: key } of unit.staff) places.set(key, [...(places.get(key) ?? []), unit])
  const several = employed.filter(one => plain(one) && (places.get(one.position as string)?.length ?? 0) > 1)
  return random.sample(several, Math.round(employed.length * 0.06)).map(one => {
    const key = one.position as string
    const others = (places.get(key) as DemoUnit[]).filter(unit => unit.key !== one.unit)
    return hire(one.person, random.pick(others), key, { primary: false, fraction: random.pick([0.2, 0.27, 0.41]) })
  })
}

/** A new post that began lately; the old one has ended on the same day. */
function changePosts({ random, today, organisation, hire }: Hiring, employed: DemoAffiliation[], count: number) {
  const staffed = organisation.units.filter(unit => unit.tree === 'admin' && unit.staff.length > 0)
  const from = employed.filter(one => plain(one) && hasAccount(one))
  return random.sample(from, count).map(after => {
    after.startsOn = addDays(today, -random.between(3, 60))
    const other = random.pick(staffed.filter(unit => unit.path[2] !== organisation.unit(after.unit).path[2]))
    const key =
      random.pick(other.staff.filter(one => position(one.position).account === 'always') ?? []) ?? other.staff[0]
    const before = hire(after.person, other, key.position, {
      kind: 'employment',
      startsOn: firstOfMonth(addDays(today, -random.between(400, 2500))),
      endsOn: after.startsOn,
      primary: false,
    })
    return { before, after }
  })
}

function leave({ organisation, random, today, newPerson, hire, birthDate }: Hiring, count: number): DemoAffiliation[] {
  const staffed = organisation.units.filter(unit => unit.tree === 'admin' && unit.staff.length > 0)
  return Array.from({ length: count }, () => {
    const unit = random.pick(staffed)
    const { position: key } = random.pick(unit.staff)
    const endsOn = addDays(today, -random.between(1, 364))
    const startsOn = firstOfMonth(addDays(endsOn, -random.between(90, 4000)))
    return hire(newPerson(birthDate(24, 68)), unit, key, { kind: 'employment', startsOn, endsOn })
  })
}

function start({ organisation, random, today, newPerson, hire, birthDate }: Hiring, count: number): DemoAffiliation[] {
  const staffed = organisation.units.filter(unit => unit.tree === 'admin' && unit.staff.length > 0)
  return Array.from({ length: count }, () => {
    const unit = random.pick(staffed)
    const { position: key } = random.pick(unit.staff)
    const startsOn = firstOfMonth(addDays(today, random.between(31, 120)))
    return hire(newPerson(birthDate(22, 60)), unit, key, { kind: 'employment', startsOn })
  })
}

/** Functions beside the post: representatives, contacts, super users, deputies, the DPO. */
function appoint({ organisation, random, today, people }: Hiring, employed: DemoAffiliation[]): void {
  const byUnit = Map.groupBy(employed, one => one.unit)
  for (const unit of organisation.units) {
    const staff = (byUnit.get(unit.key) ?? []).filter(one => plain(one) && hasAccount(one))
    if (staff.length < 3) continue
    random.pick(staff).functions.push('IT-kontakt')
    for (const one of random.sample(staff, Math.max(1, Math.round(staff.length * 0.05))))
      one.functions.push('Superbruger')
    if (staff.length > 8) random.pick(staff).functions.push('TR')
    if (staff.length > 8) random.pick(staff).functions.push('AMR')
    if (!unit.leader || random.chance(0.25)) continue
    const deputy =
      staff.find(one => one.position === 'souschef' || one.position === 'viceskoleleder') ?? random.pick(staff)
    deputy.functions.push('Stedfortræder')
    const dated = random.chance(0.15)
    people.deputies.push({
      key: `S${people.deputies.length + 1}`,
      unit: unit.key,
      deputy: deputy.key,
      from: dated ? addDays(today, -random.between(2, 20)) : null,
      to: dated ? addDays(today, random.between(5, 40)) : null,
    })
  }
  for (const one of employed) {
    if (one.position === 'databeskyttelsesraadgiver') one.functions.push('DPO')
    if (one.position === 'afdelingschef' || one.position === 'sikkerhedskonsulent') one.functions.push('Systemejer')
  }
}

function fillNetworks({ organisation, random, today, hire }: Hiring, employed: DemoAffiliation[]): number {
  const fit = employed.filter(
    one =>
      plain(one) &&
      ['administration', 'sundhed', 'social', 'undervisning', 'teknik'].includes(
        position(one.position as string).category,
      ),
  )
  let places = 0
  for (const unit of organisation.units.filter(one => one.tree === 'network' && one.level === 2)) {
    const innovation = unit.key.startsWith('n-2')
    for (const member of random.sample(fit, random.between(9, 15))) {
      const past = random.chance(0.1)
      const startsOn = firstOfMonth(addDays(today, -random.between(60, 500)))
      const endsOn = past
        ? addDays(today, -random.between(5, 40))
        : innovation
          ? addDays(today, random.between(30, 300))
          : null
      const place = hire(member.person, unit, member.position as string, {
        kind: 'network',
        primary: false,
        startsOn,
        endsOn,
      })
      place.title = null
      place.position = null
      places++
    }
  }
  return places
}

function elect({ organisation, random, today, newPerson, hire, birthDate }: Hiring): number {
  const bodies = organisation.units.filter(one => one.tree === 'political')
  const [council, ...committees] = bodies as [DemoUnit, ...DemoUnit[]]
  const year = Number(today.slice(0, 4))
  // Councils sit four years from 1 January after the November election (2025, 2029, ...).
  const term = year - ((((year - 2026) % 4) + 4) % 4)
  const dates = { kind: 'elected' as const, startsOn: `${term}-01-01`, endsOn: `${term + 4}-01-01` }
  for (let seat = 0; seat < 21; seat++) {
    const member = newPerson(birthDate(21, 74))
    hire(member, council, seat === 0 ? 'borgmester' : 'byraadsmedlem', dates)
    for (const body of random.sample(committees, random.between(1, 2)))
      hire(member, body, 'udvalgsmedlem', { ...dates, primary: false })
  }
  return 21
}

/** Externals have a municipal contact and an end. */
function engage(
  { organisation, random, today, newPerson, hire, birthDate }: Hiring,
  employed: DemoAffiliation[],
  count: number,
): number {
  const hosts = ['u-13', 'u-12', 'u-213', 'u-24', 'u-224', 'u-34', 'u-32'].map(organisation.unit)
  for (let i = 0; i < count; i++) {
    const unit = i === 0 ? organisation.unit('u-12') : random.pick(hosts)
    const sponsor = employed.find(one => one.unit === unit.key && activeOn(one, today)) as DemoAffiliation
    const key = i === 0 ? 'revisor' : random.chance(0.5) ? 'ekstern-konsulent' : 'leverandoertekniker'
    hire(newPerson(birthDate(26, 62)), unit, key, {
      kind: 'external',
      sponsor: sponsor.key,
      functions: i === 0 ? ['Revisor'] : [],
      startsOn: addDays(today, -random.between(30, 300)),
      endsOn: addDays(today, i === 0 ? 120 : random.between(10, 180)),
    })
  }
  return count
}

function welcome({ organisation, random, today, newPerson, hire, birthDate }: Hiring, count: number): number {
  const homes = organisation.units.filter(one => one.family === 'carehome')
  for (let i = 0; i < count; i++)
    hire(newPerson(birthDate(55, 78)), random.pick(homes), 'frivillig', {
      kind: 'volunteer',
      endsOn: addDays(today, random.between(60, 360)),
    })
  return count
}

/** Somebody of the same name, born on the same day, in another unit: two persons, however much they look like one. */
function twin(
  { organisation, random, newPerson, hire }: Hiring,
  employed: DemoAffiliation[],
): [DemoAffiliation, DemoAffiliation] {
  const first = random.pick(employed.filter(one => plain(one) && one.position === 'paedagog'))
  const other = random.pick(organisation.units.filter(one => one.family === 'school'))
  return [first, hire(newPerson(first.person.birthDate, { name: first.person.name }), other, 'laerer')]
}

function absence({ random, today }: Hiring, employed: DemoAffiliation[]): number {
  const away = random.sample(employed.filter(plain), Math.round(employed.length * 0.03))
  for (const one of away) {
    const kind = random.pick(['Barsel', 'Barsel', 'Orlov', 'Langtidssygdom', 'Uddannelse'])
    const from = addDays(today, -random.between(15, 200))
    one.leave = { from, to: kind === 'Langtidssygdom' ? null : addDays(today, random.between(20, 200)), kind }
    if (one.startsOn > from) one.startsOn = firstOfMonth(addDays(from, -400))
  }
  return away.length
}
