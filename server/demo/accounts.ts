import { addDays } from './dates.ts'
import { usernames } from './names.ts'
import type { DemoOrganisation } from './organisation.ts'
import { activeOn, type DemoAffiliation, type DemoPerson, domain, hasAccount, onLeave } from './people.ts'
import type { Random } from './random.ts'
import { ascii } from './text.ts'
import type { Workforce } from './workforce.ts'

export type DemoAccount = {
  guid: Uint8Array
  username: string
  given: string | null
  family: string | null
  displayName: string
  ou: string
  employeeNo: string | null
  kind: 'Medarbejder' | 'Administrator' | 'Tjeneste' | 'Fælles'
  enabled: boolean
  /** Null: never. */
  lastSignIn: string | null
  created: string
  title: string | null
  department: string | null
  description: string | null
  email: string | null
  person: DemoPerson | null
}

export const directoryBase = 'DC=lindevang,DC=example'
export const accountDn = ({ username, ou }: DemoAccount) => `CN=${username},${ou},${directoryBase}`

export const organisationalUnits = [
  'OU=Brugere',
  'OU=Stab,OU=Brugere',
  'OU=By,OU=Brugere',
  'OU=Boern,OU=Brugere',
  'OU=Eksterne,OU=Brugere',
  'OU=Politikere,OU=Brugere',
  'OU=Fratraadte,OU=Brugere',
  'OU=Fællesbrugere',
  'OU=Administratorer',
  'OU=Servicekonti',
  'OU=Grupper',
  'OU=Adgange,OU=Grupper',
  'OU=Enheder,OU=Grupper',
  'OU=Oevrige,OU=Grupper',
]

export type Accounts = {
  list: DemoAccount[]
  /** The account of a person, as its place in the list. */
  of: Map<DemoPerson, number>
  username: (name: DemoPerson['name']) => string
}

/**
 * An account for everybody whose work needs one: enabled while they are here, made ready before they start, and
 * disabled for three months after they have left.
 */
export function demoAccounts(
  people: Workforce,
  organisation: DemoOrganisation,
  random: Random,
  today: string,
): Accounts {
  const username = usernames()
  const list: DemoAccount[] = []
  const of = new Map<DemoPerson, number>()
  for (const [person, all] of Map.groupBy(people.affiliations, one => one.person)) {
    const own = all.filter(hasAccount)
    const current = own.filter(one => activeOn(one, today))
    const coming = own.filter(one => one.startsOn > today && one.startsOn <= addDays(today, 45))
    const left = own.filter(one => one.endsOn !== null && one.endsOn <= today && one.endsOn > addDays(today, -90))
    const holder = current.find(one => one.primary) ?? current[0] ?? coming[0] ?? left[0]
    if (!holder) continue
    const name = username(person.name)
    const { given, family } = person.name
    const unit = organisation.unit(holder.unit)
    const active = current.length > 0
    of.set(person, list.length)
    person.email = `${ascii(given).replace(/[^a-z]+/g, '.')}.${ascii(family).replace(/[^a-z]+/g, '.')}.${name}@${domain}`
    list.push({
      guid: random.bytes(16),
      username: name,
      given,
      family,
      displayName: `${given} ${family}`,
      ou: active || coming.length > 0 ? ouOf(holder, unit.path[1]) : 'OU=Fratraadte,OU=Brugere',
      employeeNo: holder.employeeNo,
      kind: 'Medarbejder',
      enabled: active,
      lastSignIn: active
        ? lastSignIn(holder, random, today)
        : holder.endsOn && holder.endsOn <= today
          ? addDays(holder.endsOn, -1)
          : null,
      created: addDays(holder.startsOn, -10) > today ? today : addDays(holder.startsOn, -10),
      title: holder.title,
      department: unit.name,
      description: null,
      email: person.email,
      person,
    })
  }
  return { list, of, username }
}

function ouOf(holder: DemoAffiliation, area: string | undefined): string {
  if (holder.kind === 'external') return 'OU=Eksterne,OU=Brugere'
  if (holder.kind === 'elected') return 'OU=Politikere,OU=Brugere'
  const ou = area === 'u-20' ? 'By' : area === 'u-30' ? 'Boern' : 'Stab'
  return `OU=${ou},OU=Brugere`
}

function lastSignIn(holder: DemoAffiliation, random: Random, today: string): string | null {
  const at = random.next()
  if (onLeave(holder, today)) return addDays((holder.leave as { from: string }).from, -1)
  if (at < 0.01) return null
  // lastLogonTimestamp is only written every 9 to 14 days ([MS-ADA1] 2.351), so even daily users look a little stale.
  const days = at < 0.03 ? random.between(95, 300) : random.between(0, 14)
  const day = addDays(today, -days)
  if (day < holder.startsOn) return holder.startsOn
  return day
}
