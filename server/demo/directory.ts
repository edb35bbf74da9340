import { decide } from '../rules/decide-rights.ts'
import type { RuleIndex } from '../rules/rule-index.ts'
import { type Accounts, accountDn, type DemoAccount, demoAccounts, directoryBase } from './accounts.ts'
import { factsOf } from './facts.ts'
import { groupName } from './group-names.ts'
import type { DemoOrganisation } from './organisation.ts'
import { activeOn, type DemoAffiliation, hasAccount } from './people.ts'
import { type Random, random } from './random.ts'
import type { DemoSystem } from './systems.ts'
import type { Workforce } from './workforce.ts'

export type DemoGroup = {
  guid: Uint8Array
  cn: string
  ou: string
  description: string
  /** Accounts by their place in the list. */
  members: number[]
  groups: DemoGroup[]
  /** What membership gives, when the group is of a system that is read. */
  entitlement: string | null
}

export type DemoDirectory = {
  accounts: Accounts
  groups: DemoGroup[]
  byEntitlement: Map<string, DemoGroup>
  /** What the rules give an affiliation in the systems that are read; also for one that is not in force. */
  readRightsOf: (one: DemoAffiliation) => string[]
  /** Rights in systems that send a list of their users, by account; `unit` is what the rule limits it to. */
  listed: { place: number; employeeNo: string; entitlement: string; unit: string | null }[]
  random: Random
}

export const groupDn = ({ cn, ou }: DemoGroup) => `CN=${cn},${ou},${directoryBase}`
export const memberDns = (group: DemoGroup, accounts: readonly DemoAccount[]) => [
  ...group.members.map(place => accountDn(accounts[place] as DemoAccount)),
  ...group.groups.map(groupDn),
]

const paidKinds = ['employment', 'temp', 'trainee']

/**
 * The directory as it would be if everything were in order: accounts, a group for each right of the systems that are
 * read, and a group per unit. Where a right is held by exactly the people of a unit, the unit's group is put in.
 */
export function demoDirectory(
  people: Workforce,
  organisation: DemoOrganisation,
  systems: readonly DemoSystem[],
  index: RuleIndex,
  seed: string,
  today: string,
): DemoDirectory {
  const chance = random(seed, 'directory')
  const accounts = demoAccounts(people, organisation, chance, today)
  const read = systems.filter(one => one.reading === 'groups')
  const byEntitlement = new Map<string, DemoGroup>()
  for (const system of read)
    for (const right of system.entitlements)
      byEntitlement.set(right.key, {
        guid: chance.bytes(16),
        cn: groupName(right.key),
        ou: 'OU=Adgange,OU=Grupper',
        description: `${system.name}: ${right.name}`,
        members: [],
        groups: [],
        entitlement: right.key,
      })
  const inLists = new Set(
    systems.filter(one => one.reading === 'list').flatMap(one => one.entitlements.map(right => right.key)),
  )
  const heldBy = (one: DemoAffiliation) => decide(index, factsOf(one, organisation, people.managers, today))
  const readRightsOf = (one: DemoAffiliation) =>
    heldBy(one)
      .map(held => held.entitlement)
      .filter(key => byEntitlement.has(key))
  const listed: DemoDirectory['listed'] = []

  const active = people.affiliations.filter(one => activeOn(one, today))
  for (const one of active) {
    const place = accounts.of.get(one.person)
    if (place === undefined) continue
    for (const { entitlement, constraints } of heldBy(one)) {
      byEntitlement.get(entitlement)?.members.push(place)
      if (inLists.has(entitlement) && one.employeeNo !== null)
        listed.push({
          ...{ place, employeeNo: one.employeeNo, entitlement },
          unit: constraints.length > 0 ? one.unit : null,
        })
    }
  }
  for (const group of byEntitlement.values()) group.members = sortedOnce(group.members)

  const unitGroups = groupsOfUnits(organisation, active, accounts, chance)
  nest([...byEntitlement.values()], unitGroups)
  const groups = [
    ...byEntitlement.values(),
    ...unitGroups.map(one => one.group),
    ...otherGroups(organisation, active, accounts, chance),
  ]
  return { accounts, groups, byEntitlement, readRightsOf, listed, random: chance }
}

const sortedOnce = (places: number[]) => [...new Set(places)].sort((a, b) => a - b)

type UnitGroup = { group: DemoGroup; reached: number[] }

function groupsOfUnits(
  organisation: DemoOrganisation,
  active: readonly DemoAffiliation[],
  accounts: Accounts,
  chance: Random,
): UnitGroup[] {
  const own = new Map<string, number[]>()
  for (const one of active) {
    const place = accounts.of.get(one.person)
    if (place === undefined || !paidKinds.includes(one.kind) || !hasAccount(one)) continue
    const list = own.get(one.unit)
    if (list) list.push(place)
    else own.set(one.unit, [place])
  }
  const made = new Map<string, UnitGroup>()
  // Units stand after the unit above them, so from the end every unit finds those below it made.
  for (const unit of organisation.units.toReversed()) {
    if (unit.tree !== 'admin') continue
    const below = organisation.units.filter(one => one.parent === unit.key).map(one => made.get(one.key) as UnitGroup)
    const members = sortedOnce(own.get(unit.key) ?? [])
    made.set(unit.key, {
      group: {
        guid: chance.bytes(16),
        cn: `ENH-${unit.key}`,
        ou: 'OU=Enheder,OU=Grupper',
        description: unit.name,
        members,
        groups: below.map(one => one.group),
        entitlement: null,
      },
      reached: sortedOnce([...members, ...below.flatMap(one => one.reached)]),
    })
  }
  return [...made.values()].reverse()
}

function nest(groups: readonly DemoGroup[], unitGroups: readonly UnitGroup[]): void {
  const byReach = new Map(unitGroups.filter(one => one.reached.length > 1).map(one => [one.reached.join(), one.group]))
  for (const group of groups) {
    const same = group.members.length > 1 ? byReach.get(group.members.join()) : undefined
    if (!same) continue
    group.members = []
    group.groups = [same]
  }
}

/** Distribution lists, printers and policies: groups that give no right that anybody has mapped. */
function otherGroups(
  organisation: DemoOrganisation,
  active: readonly DemoAffiliation[],
  accounts: Accounts,
  chance: Random,
): DemoGroup[] {
  const places = active.map(one => accounts.of.get(one.person)).filter(place => place !== undefined)
  const units = organisation.units.filter(one => one.tree === 'admin' && !one.copy && one.level > 2).slice(0, 90)
  const group = (cn: string, description: string, heads: number): DemoGroup => ({
    guid: chance.bytes(16),
    cn,
    ou: 'OU=Oevrige,OU=Grupper',
    description,
    members: sortedOnce(chance.sample(places, heads)),
    groups: [],
    entitlement: null,
  })
  return [
    ...units.map((unit, i) =>
      i % 2 === 0
        ? group(`DL-${unit.key}`, `Postliste ${unit.name}`, chance.between(3, 12))
        : group(`PRN-${unit.key}`, `Printere ${unit.name}`, chance.between(3, 20)),
    ),
    ...['Skaermlaas', 'USB-undtaget', 'Lokal-administrator', 'Bitlocker', 'Edge', 'Kiosk', 'Wi-Fi', 'VPN'].map(name =>
      group(`GPO-${name}`, `Politik: ${name}`, chance.between(5, 60)),
    ),
  ]
}
