import type { DemoAccount } from './accounts.ts'
import type { DemoDirectory } from './directory.ts'
import type { Mess } from './mess.ts'
import type { DemoOrganisation } from './organisation.ts'
import { activeOn, type DemoAffiliation } from './people.ts'
import type { UnmappedGroup } from './unmapped-groups.ts'
import type { Workforce } from './workforce.ts'

export type DemoRole = 'hr' | 'it' | 'systemowner' | 'manager' | 'deputy' | 'dpo' | 'auditor' | 'employee'
export type Bilingual = { da: string; en: string }
export type DemoSignIn = {
  role: DemoRole
  username: string
  /** The person and the affiliation by their keys in the source `hr`. */
  person: string
  affiliation: string
  name: string
  title: Bilingual
  firstLook: Bilingual
}

export type DemoManifest = {
  municipality: string
  seed: string
  today: string
  size: number
  signIns: DemoSignIn[]
  lookAt: { what: Bilingual; username?: string; person?: string; group?: string; count?: number }[]
  counts: Record<string, number>
  planted: Mess & {
    movers: { username: string | null; person: string; from: string; to: string; on: string }[]
    lookAlikes: [string, string][]
    pupilAndEmployee: { person: string; pupil: string }[]
    unmappedTitles: string[]
    unmappedGroups: UnmappedGroup[]
    /** What of each list is not as the rules say: user name of the directory, and name of the right. */
    userLists: { system: string; path: string; source: string; missing: string[]; extra: string[]; wider: string[] }[]
  }
}

type Parts = {
  organisation: DemoOrganisation
  people: Workforce
  directory: DemoDirectory
  today: string
}

/** One person per role, each with something worth seeing. */
export function signIns({ organisation, people, directory, today }: Parts): DemoSignIn[] {
  const { accounts } = directory
  const known = people.affiliations.filter(
    one => activeOn(one, today) && accounts.of.has(one.person) && !one.person.protected && one.leave === null,
  )
  const find = (test: (one: DemoAffiliation) => boolean) => {
    const found = known.find(test)
    if (!found) throw new Error('the demonstration has nobody for one of its sign-ins')
    return found
  }
  const byKey = new Map(people.affiliations.map(one => [one.key, one]))
  const permanent = new Set(people.deputies.filter(one => one.from === null).map(one => one.unit))
  const moved = new Set(
    people.movers.filter(({ after }) => accounts.of.has(after.person)).map(({ after }) => after.unit),
  )
  const led = organisation.units.filter(unit => permanent.has(unit.key) && people.managers.has(unit.key))
  const homeKey = (
    led.find(unit => moved.has(unit.key) && unit.family) ??
    led.find(unit => moved.has(unit.key)) ??
    led[0]
  )?.key as string
  const deputyKey = people.deputies.find(one => one.unit === homeKey && one.from === null)?.deputy as string
  const second = new Set(people.secondJobs.map(one => one.person))
  const twice = known.filter(one => one.primary && one.kind === 'employment' && second.has(one.person))
  const twoPosts = (twice.find(one => one.position?.startsWith('sosu-')) ?? twice[0]) as DemoAffiliation
  const entry = (role: DemoRole, one: DemoAffiliation, title: Bilingual, firstLook: Bilingual): DemoSignIn => ({
    role,
    username: (accounts.list[accounts.of.get(one.person) as number] as DemoAccount).username,
    person: one.person.key,
    affiliation: one.key,
    name: `${one.person.name.given} ${one.person.name.family}`,
    title,
    firstLook,
  })
  const homeName = organisation.unit(homeKey).name
  return [
    entry(
      'hr',
      find(one => one.position === 'hr-konsulent'),
      { da: 'HR-konsulent', en: 'HR consultant' },
      {
        da: 'Ukendte stillingsbetegnelser og dem, der starter om lidt',
        en: 'Unknown job titles, and those who start soon',
      },
    ),
    entry(
      'it',
      find(one => one.position === 'it-systemadministrator'),
      { da: 'IT-systemadministrator', en: 'IT systems administrator' },
      {
        da: 'Konti uden person og fratrådte, der stadig kan logge på',
        en: 'Accounts without a person, and leavers who can still sign in',
      },
    ),
    entry(
      'systemowner',
      find(one => one.key === people.managers.get('u-34')),
      { da: 'Afdelingschef, systemejer af KMD Nexus', en: 'Head of department, owner of KMD Nexus' },
      {
        da: 'KMD Nexus: hvem har adgang uden at nogen regel siger det?',
        en: 'KMD Nexus: who has access although no rule says so?',
      },
    ),
    entry(
      'manager',
      find(one => one.key === people.managers.get(homeKey)),
      { da: `Leder af ${homeName}`, en: `Leader of ${homeName}` },
      {
        da: 'Dine medarbejdere: find en, der er flyttet og har beholdt gamle rettigheder',
        en: 'Your staff: find one who has moved and kept old rights',
      },
    ),
    entry(
      'deputy',
      byKey.get(deputyKey) as DemoAffiliation,
      { da: `Stedfortræder på ${homeName}`, en: `Deputy at ${homeName}` },
      {
        da: 'Det samme som lederen ser, fordi du er stedfortræder',
        en: 'What the leader sees, because you are the deputy',
      },
    ),
    entry(
      'dpo',
      find(one => one.functions.includes('DPO')),
      { da: 'Databeskyttelsesrådgiver', en: 'Data protection officer' },
      {
        da: 'Hvem kan se børnesager i DUBU, og på hvilket grundlag?',
        en: 'Who can see child-welfare cases in DUBU, and on what grounds?',
      },
    ),
    entry(
      'auditor',
      find(one => one.functions.includes('Revisor')),
      { da: 'Ekstern revisor, adgang i en periode', en: 'External auditor, access for a period' },
      {
        da: 'Loggen, og administratorer der ikke har logget på længe',
        en: 'The log, and administrators who have not signed in for long',
      },
    ),
    entry(
      'employee',
      twoPosts,
      { da: `${twoPosts.title} med to stillinger`, en: 'Employee with two posts' },
      {
        da: 'Mine rettigheder: hvilken af dine to stillinger giver hvad?',
        en: 'My rights: which of your two posts gives what?',
      },
    ),
  ]
}

/** Five things that show what the tool is for. */
export function thingsToLookAt(
  { directory, people }: Parts,
  mess: Mess,
  all: readonly DemoSignIn[],
): DemoManifest['lookAt'] {
  const accountOf = (one: DemoAffiliation) => directory.accounts.list[directory.accounts.of.get(one.person) ?? -1]
  const employee = all.find(one => one.role === 'employee') as DemoSignIn
  const mover = people.movers.find(({ after }) => accountOf(after) && !after.manages)
  const moved = mover ? accountOf(mover.after) : undefined
  return [
    {
      what: {
        da: 'To stillinger, én person: hver rettighed viser, hvilken stilling den kommer af',
        en: 'Two posts, one person: each right shows which post it comes from',
      },
      username: employee.username,
      person: employee.person,
    },
    {
      what: {
        da: 'Er flyttet, men har beholdt rettighederne fra sit gamle job',
        en: 'Has moved, but kept the rights of the old job',
      },
      ...(moved ? { username: moved.username } : {}),
      ...(mover ? { person: mover.after.person.key } : {}),
    },
    {
      what: { da: 'Er fratrådt, men kontoen er stadig åben', en: 'Has left, but the account is still open' },
      username: mess.leaversStillActive[0] as string,
      count: mess.leaversStillActive.length,
    },
    {
      what: {
        da: 'En administrator, der ikke har logget på i et halvt år og stadig kan alt',
        en: 'An administrator who has not signed in for half a year and can still do everything',
      },
      username: mess.dormantAdministrators[0] as string,
      count: mess.dormantAdministrators.length,
    },
    {
      what: {
        da: 'En glemt projektgruppe giver adgang til fortrolige sager ad en omvej',
        en: 'A forgotten project group opens confidential cases by a detour',
      },
      group: mess.nestedProjectGroups[0] as string,
    },
  ]
}
