import type { DemoAccount } from './accounts.ts'
import { addDays } from './dates.ts'
import type { DemoDirectory, DemoGroup } from './directory.ts'
import { activeOn, type DemoAffiliation, type DemoPerson, domain, hasAccount } from './people.ts'
import type { Workforce } from './workforce.ts'

/** What was planted, by the user name or the group that shows it. Counts of these are the oracle of the tests. */
export type Mess = {
  leaversStillActive: string[]
  moversWithOldRights: string[]
  orphanAccounts: string[]
  duplicateAccounts: [string, string][]
  sharedAccounts: string[]
  serviceAccounts: string[]
  administrators: string[]
  dormantAdministrators: string[]
  reusedEmployeeNumbers: string[]
  missingMemberships: { username: string; entitlement: string }[]
  extraRights: { username: string; entitlement: string }[]
  nestedProjectGroups: string[]
  groupCycle: [string, string]
}

/** Puts the mess of real life into a directory that was in order. */
export function plantMess(directory: DemoDirectory, people: Workforce, today: string, size: number): Mess {
  const { accounts, random } = directory
  const byPlace = (place: number) => accounts.list[place] as DemoAccount
  const join = (key: string, place: number) => {
    const group = directory.byEntitlement.get(key)
    if (group && !group.members.includes(place)) group.members.push(place)
  }
  const add = (username: string, more: Partial<DemoAccount>): number =>
    accounts.list.push({
      guid: random.bytes(16),
      username,
      given: null,
      family: null,
      displayName: username,
      ou: 'OU=Servicekonti',
      employeeNo: null,
      kind: 'Tjeneste',
      enabled: true,
      lastSignIn: addDays(today, -random.between(0, 9)),
      created: addDays(today, -random.between(200, 2500)),
      title: null,
      department: null,
      description: null,
      email: null,
      person: null,
      ...more,
    }) - 1
  const present = people.affiliations.filter(
    one => activeOn(one, today) && one.kind === 'employment' && accounts.of.has(one.person),
  )
  const placeOf = (one: DemoAffiliation) => accounts.of.get(one.person) as number

  const leavers = random
    .sample(
      people.leavers.filter(one => accounts.of.has(one.person)),
      25 * size,
    )
    .map(one => {
      const account = byPlace(placeOf(one))
      account.enabled = true
      account.ou = 'OU=Boern,OU=Brugere'
      account.lastSignIn = random.chance(0.4)
        ? addDays(today, -random.between(1, 3))
        : addDays(one.endsOn as string, -1)
      for (const key of directory.readRightsOf(one)) join(key, placeOf(one))
      return account.username
    })

  const movers = people.movers
    .filter(({ before, after }) => hasAccount(after) && !people.unmappedTitles.includes(before))
    .map(({ before, after }) => {
      for (const key of directory.readRightsOf(before)) join(key, placeOf(after))
      return byPlace(placeOf(after)).username
    })

  const loose = [...directory.byEntitlement.values()].filter(one => one.groups.length === 0 && one.members.length > 2)
  const orphans = Array.from({ length: 18 * size }, (_, i) => {
    const name = random.pick(people.staff).name
    const username = accounts.username(name)
    const place = add(username, {
      given: name.given,
      family: name.family,
      displayName: `${name.given} ${name.family}`,
      ou: 'OU=By,OU=Brugere',
      kind: 'Medarbejder',
      // Some carry a number that payroll has never heard of, the rest none at all.
      employeeNo: i % 3 === 0 ? String(9_000_000 + i) : null,
      lastSignIn: addDays(today, -random.between(1, 500)),
    })
    for (const group of random.sample(loose, random.between(1, 6))) group.members.push(place)
    return username
  })

  const duplicates = random.sample(present, 3 * size).map((one): [string, string] => {
    const first = byPlace(placeOf(one))
    const username = accounts.username(one.person.name)
    const place = add(username, {
      ...first,
      guid: random.bytes(16),
      username,
      email: `${username}@${domain}`,
      created: addDays(today, -30),
    })
    for (const key of directory.readRightsOf(one).slice(0, 4)) join(key, place)
    return [first.username, username]
  })

  const shared = [
    'vagt-tablet-1',
    'vagt-tablet-2',
    'skolebib-skranke',
    'borgerservice-kiosk',
    'materialegaard-pc',
    'klub-nord-pc',
  ].map(username => {
    const place = add(username, {
      kind: 'Fælles',
      ou: 'OU=Fællesbrugere',
      description: `Fællesbruger; ansvarlig: ${byPlace(placeOf(random.pick(present))).username}`,
    })
    for (const group of random.sample(loose, 2)) group.members.push(place)
    return username
  })

  const service = [
    'svc-backup',
    'svc-opus',
    'svc-nexus',
    'svc-print',
    'svc-scan',
    'svc-sbsys',
    'svc-aula',
    'svc-gis',
    'svc-sftp',
    'svc-monitor',
    'svc-mail',
    'svc-robot-1',
    'svc-robot-2',
    'svc-adgang',
  ].map(username => {
    add(username, { description: 'Servicekonto' })
    return username
  })

  const { administrators, dormant } = plantAdministrators(directory, people, today, add)
  const reused = reuseNumbers(people, present, accounts.of, byPlace)

  const missing: Mess['missingMemberships'] = []
  const ofPerson = Map.groupBy(people.affiliations, one => one.person)
  const expected = (person: DemoPerson, key: string) =>
    (ofPerson.get(person) ?? []).some(one => activeOn(one, today) && directory.readRightsOf(one).includes(key))
  const direct = loose.filter(one => one.members.length > 8 && !projectTargets.includes(one.entitlement as string))
  while (missing.length < 60 * size) {
    const group = random.pick(direct)
    const place = random.pick(group.members)
    const account = byPlace(place)
    if (!account.person || !account.enabled || leavers.includes(account.username)) continue
    if (!expected(account.person, group.entitlement as string)) continue
    group.members = group.members.filter(one => one !== place)
    missing.push({ username: account.username, entitlement: group.entitlement as string })
  }

  const extra = random.sample(present, 45 * size).flatMap(one => {
    const held = new Set(directory.readRightsOf(one))
    return random
      .sample(
        loose.filter(group => !held.has(group.entitlement as string)),
        random.between(1, 3),
      )
      .map(group => {
        join(group.entitlement as string, placeOf(one))
        return { username: byPlace(placeOf(one)).username, entitlement: group.entitlement as string }
      })
  })

  return {
    leaversStillActive: leavers,
    moversWithOldRights: movers,
    orphanAccounts: orphans,
    duplicateAccounts: duplicates,
    sharedAccounts: shared,
    serviceAccounts: service,
    administrators,
    dormantAdministrators: dormant,
    reusedEmployeeNumbers: reused,
    missingMemberships: missing,
    extraRights: extra,
    ...plantProjects(directory, present.map(placeOf)),
  }
}

/** Second accounts for administration; four have not been used for half a year and still open everything. */
function plantAdministrators(
  { accounts, random, byEntitlement }: DemoDirectory,
  people: Workforce,
  today: string,
  add: (username: string, more: Partial<DemoAccount>) => number,
) {
  const staff = people.affiliations.filter(
    one => one.unit === 'u-13' && one.position?.startsWith('it-') && accounts.of.has(one.person),
  )
  const administrators: string[] = []
  const dormant: string[] = []
  for (const [i, one] of staff.slice(0, 9).entries()) {
    const own = accounts.list[accounts.of.get(one.person) as number] as DemoAccount
    const username = `adm-${own.username}`
    const asleep = i >= 5
    const place = add(username, {
      kind: 'Administrator',
      ou: 'OU=Administratorer',
      displayName: `${own.displayName} (administrator)`,
      employeeNo: own.employeeNo,
      lastSignIn: addDays(today, asleep ? -random.between(190, 600) : -random.between(0, 10)),
    })
    administrators.push(username)
    if (asleep) dormant.push(username)
    for (const key of ['active-directory/domain-admins', 'active-directory/administrator'])
      byEntitlement.get(key)?.members.push(place)
  }
  return { administrators, dormant }
}

/** Payroll has given a leaver's number to somebody else: one account that leads to two people. */
function reuseNumbers(
  people: Workforce,
  present: readonly DemoAffiliation[],
  of: ReadonlyMap<DemoPerson, number>,
  byPlace: (place: number) => DemoAccount,
): string[] {
  const long = people.leavers.filter(one => !of.has(one.person)).slice(0, 2)
  return long.map((left, i) => {
    const now = present[100 + i * 50] as DemoAffiliation
    left.employeeNo = now.employeeNo
    const account = byPlace(of.get(now.person) as number)
    account.employeeNo = now.employeeNo
    return account.username
  })
}

const projectTargets = [
  'sbsys/fortrolig',
  'kmd-nexus/laes',
  'targit-bi/laes',
  'os2forms/bruger',
  'bbr/laes',
  'dubu/laes',
]

/** Project groups put into access groups, and two groups that contain each other. */
function plantProjects({ groups, byEntitlement, random }: DemoDirectory, places: readonly number[]) {
  const make = (cn: string, description: string, heads: number): DemoGroup => {
    const group: DemoGroup = {
      guid: random.bytes(16),
      cn,
      ou: 'OU=Oevrige,OU=Grupper',
      description,
      members: random.sample(places, heads),
      groups: [],
      entitlement: null,
    }
    groups.push(group)
    return group
  }
  const nested = projectTargets.map((key, i) => {
    const project = make(`PRJ-${2019 + i}-${key.split('/')[0]}`, `Projektgruppe fra ${2019 + i}`, random.between(3, 8))
    byEntitlement.get(key)?.groups.push(project)
    return project.cn
  })
  const first = make('PRJ-Digital-A', 'Digitaliseringsprojekt, gruppe A', 5)
  const second = make('PRJ-Digital-B', 'Digitaliseringsprojekt, gruppe B', 4)
  first.groups.push(second)
  second.groups.push(first)
  byEntitlement.get('os2rollekatalog/laes')?.groups.push(first)
  return { nestedProjectGroups: nested, groupCycle: [first.cn, second.cn] as [string, string] }
}
