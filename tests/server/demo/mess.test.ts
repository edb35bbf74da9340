import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { factsOf } from '../../../server/demo/facts.ts'
import type { DemoManifest } from '../../../server/demo/manifest.ts'
import { demoOrganisation } from '../../../server/demo/organisation.ts'
import { activeOn } from '../../../server/demo/people.ts'
import { demoSystems, systemOwners } from '../../../server/demo/systems.ts'
import { demoWorkforce } from '../../../server/demo/workforce.ts'
import { writeDemo } from '../../../server/demo/write-demo.ts'
import { decide } from '../../../server/rules/decide-rights.ts'
import type { GroupMapping } from '../../../server/rules/group-mapping.ts'
import { buildIndex } from '../../../server/rules/rule-index.ts'
import { readRulesYaml } from '../../../server/rules/rules-yaml.ts'
import { mapGroups } from '../../../server/systems/group-mapping.ts'
import { csv, type Entry, readLdif } from './read-back.ts'

const today = '2026-11-21'
const seed = 'mess'
const dir = mkdtempSync(join(tmpdir(), 'hjemmel-demo-mess-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

let manifest: DemoManifest
let ad: Entry[]
/** `username entitlement` of everything the directory gives, by whatever path. */
let observed: Set<string>
/** The same of everything the rules give to somebody whose account it is, in the systems that are read. */
let expected: Set<string>
let assignments = 0
/** `affiliation entitlement` of the tool's own roles. */
const toolRoles = new Set<string>()
const disputed: string[] = []
const accountOf = new Map<string, string>()

const yaml = (path: string) =>
  readRulesYaml(readFileSync(join(dir, path), 'utf8'), path, { knownRoles: roles }).content ?? expect.fail(path)
let roles: NonNullable<ReturnType<typeof readRulesYaml>['content']>['roles'] = []

function observe(entries: Entry[], source: string, mappings: GroupMapping[], groupClass: string): Set<string> {
  const byDn = new Map(entries.map(one => [one.dn.toLowerCase(), one]))
  const found = new Set<string>()
  for (const group of entries.filter(one => one.all('objectClass').includes(groupClass))) {
    const name = group.get('cn') as string
    const mapped = mapGroups(
      [{ id: name, source, name }],
      mappings.map(({ match, ...one }) => ({ ...one, id: match.cn, pattern: match.cn })),
    )
    if (mapped.length === 0) continue
    expect(mapped, name).toHaveLength(1)
    const entitlement = mapped[0]?.entitlement
    const visited = new Set<Entry>()
    const visit = (one: Entry) => {
      if (visited.has(one)) return
      visited.add(one)
      for (const dn of one.all('member')) {
        const member = byDn.get(dn.toLowerCase())
        if (!member) expect.fail(`${one.dn} has the unknown member ${dn}`)
        if (member.all('objectClass').includes(groupClass)) visit(member)
        else found.add(`${member.get('sAMAccountName') ?? member.get('uid')} ${entitlement}`)
      }
    }
    visit(group)
  }
  return found
}

beforeAll(async () => {
  manifest = await writeDemo({ dir, seed, today })
  ad = readLdif(dir, 'ad/ad.ldif')
  roles = yaml('regler/roller.yaml').roles
  const { rules } = yaml('regler/regler.yaml')
  const { mappings } = yaml('regler/gruppekoblinger.yaml')
  observed = observe(ad, 'ad', mappings, 'group')

  const known = csv(dir, 'systemer/rettigheder.csv').map(one => one.Nøgle as string)
  const read = new Set(
    csv(dir, 'systemer/systemer.csv')
      .filter(one => one.Aflæsning === 'groups')
      .map(one => one.Nøgle),
  )
  const index = buildIndex(rules, roles, known, today)
  const organisation = demoOrganisation()
  const people = demoWorkforce(organisation, seed, today, 1)
  systemOwners(demoSystems(organisation, seed), organisation, people)
  // Accounts to persons as the product does it: by the employee number of an affiliation.
  const personsOf = new Map<string, Set<string>>()
  for (const one of csv(dir, 'hr/ansaettelser.csv'))
    if (one.Medarbejdernr !== '')
      personsOf.set(
        one.Medarbejdernr as string,
        (personsOf.get(one.Medarbejdernr as string) ?? new Set()).add(one.Personnr as string),
      )
  const accountsOf = new Map<string, string[]>()
  for (const one of ad.filter(entry => entry.get('employeeType') === 'Medarbejder')) {
    const [person, ...others] = personsOf.get(one.get('employeeID') ?? '') ?? []
    const username = one.get('sAMAccountName') as string
    if (others.length > 0) disputed.push(username)
    if (!person || others.length > 0) continue
    accountOf.set(username, person)
    accountsOf.set(person, [...(accountsOf.get(person) ?? []), username])
  }
  expected = new Set()
  for (const one of people.affiliations.filter(affiliation => activeOn(affiliation, today))) {
    const held = decide(index, factsOf(one, organisation, people.managers, today))
    assignments += held.length
    for (const { entitlement } of held)
      if (entitlement.startsWith('hjemmel/')) toolRoles.add(`${one.key} ${entitlement}`)
    for (const { entitlement } of held)
      if (read.has(entitlement.split('/')[0]))
        for (const username of accountsOf.get(one.person.key) ?? []) expected.add(`${username} ${entitlement}`)
  }
})

const userOf = (pair: string) => pair.split(' ')[0] as string

describe('the directory agrees with the rules but for what was planted', () => {
  test('there are about 150,000 assignments with those of the pupils, and a third of them can be seen in groups', () => {
    expect(assignments).toBeGreaterThan(130_000)
    expect(assignments).toBeLessThan(150_000)
    expect(observed.size).toBeGreaterThan(45_000)
  })

  test('exactly the planted memberships are missing, beside second accounts and accounts that are disputed', () => {
    const second = new Set(manifest.planted.duplicateAccounts.flat())
    const missing = [...expected].filter(pair => !observed.has(pair) && !second.has(userOf(pair)))
    const planted = manifest.planted.missingMemberships.map(one => `${one.username} ${one.entitlement}`)
    expect(missing.sort()).toEqual(planted.filter(pair => !second.has(userOf(pair))).sort())
    expect(planted).toHaveLength(60)
  })

  test('every right that no rule explains was planted', () => {
    const unexplained = [...observed].filter(pair => !expected.has(pair))
    const { planted } = manifest
    const extra = new Set(planted.extraRights.map(one => `${one.username} ${one.entitlement}`))
    const users = new Set([
      ...planted.leaversStillActive,
      ...planted.moversWithOldRights,
      ...planted.orphanAccounts,
      ...planted.sharedAccounts,
      ...planted.administrators,
      ...planted.reusedEmployeeNumbers,
    ])
    const projects = new Set(
      [...planted.nestedProjectGroups, ...planted.groupCycle].flatMap(
        cn =>
          ad
            .find(one => one.get('cn') === cn)
            ?.all('member')
            .map(dn => /^CN=([^,]+)/.exec(dn)?.[1] ?? '') ?? [],
      ),
    )
    const odd = unexplained.filter(pair => !extra.has(pair) && !users.has(userOf(pair)) && !projects.has(userOf(pair)))
    expect(odd).toEqual([])
    for (const pair of extra) expect(unexplained).toContain(pair)
  })

  test('leavers have an open account with rights, though nothing says that they are here', () => {
    const { leaversStillActive } = manifest.planted
    expect(leaversStillActive).toHaveLength(25)
    const entries = new Map(ad.map(one => [one.get('sAMAccountName'), one]))
    for (const username of leaversStillActive) {
      expect(Number(entries.get(username)?.get('userAccountControl')) & 2).toBe(0)
      expect([...expected].some(pair => userOf(pair) === username)).toBe(false)
    }
    const others = ad.filter(
      one => one.get('employeeType') === 'Medarbejder' && Number(one.get('userAccountControl')) & 2,
    )
    expect(others.length).toBeGreaterThan(20)
  })

  test('orphans lead to nobody, duplicates to one person twice', () => {
    expect(manifest.planted.orphanAccounts).toHaveLength(18)
    for (const username of manifest.planted.orphanAccounts) expect(accountOf.get(username)).toBeUndefined()
    for (const [first, second] of manifest.planted.duplicateAccounts) {
      expect(accountOf.get(first)).toBeDefined()
      expect(accountOf.get(first)).toBe(accountOf.get(second))
    }
  })

  test('a number that payroll has given twice leads to two people', () => {
    expect(disputed.sort()).toEqual([...manifest.planted.reusedEmployeeNumbers].sort())
    expect(disputed).toHaveLength(2)
  })

  test('those who are offered as sign-ins hold the role that they stand for, by a rule', () => {
    for (const { role, affiliation } of manifest.signIns) expect(toolRoles).toContain(`${affiliation} hjemmel/${role}`)
  })

  test('the leader to sign in as has somebody who moved in and kept old rights', () => {
    const leader = manifest.signIns.find(one => one.role === 'manager')?.affiliation
    const unit = csv(dir, 'hr/enheder.csv').find(one => one.Leder === leader)?.Enhedsnr
    const here = manifest.planted.movers.filter(one => one.to === unit && one.username !== null)
    expect(here.length).toBeGreaterThan(0)
    expect(manifest.planted.moversWithOldRights).toContain(here[0]?.username)
  })

  test('two groups contain each other, and dormant administrators have not signed in for half a year', () => {
    const [first, second] = manifest.planted.groupCycle
    const entry = (cn: string) => ad.find(one => one.get('cn') === cn) as Entry
    expect(entry(first).all('member')).toContain(entry(second).dn)
    expect(entry(second).all('member')).toContain(entry(first).dn)
    expect(manifest.planted.dormantAdministrators).toHaveLength(4)
    for (const username of manifest.planted.dormantAdministrators) {
      const last = Number(BigInt(entry(username).get('lastLogonTimestamp') as string) / 10_000n - 11_644_473_600_000n)
      expect(Date.parse(today) - last).toBeGreaterThan(180 * 86_400_000)
      expect(observed).toContain(`${username} active-directory/domain-admins`)
    }
  })

  test('every pupil gets what the schools give, by the class and nothing else', () => {
    const pupils = readLdif(dir, 'skole/skole.ldif')
    const { mappings } = yaml('regler/gruppekoblinger.yaml')
    const seen = observe(pupils, 'skole', mappings, 'groupOfNames')
    const names = pupils.map(one => one.get('uid')).filter(one => one !== undefined)
    const systems = new Set([...seen].map(pair => pair.split(' ')[1]))
    expect(systems).toContain('aula/elev')
    expect(seen.size).toBe(names.length * systems.size)
  })
})
