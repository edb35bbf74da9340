import { decide } from '../rules/decide-rights.ts'
import type { RuleIndex } from '../rules/rule-index.ts'
import type { DemoDirectory, DemoGroup } from './directory.ts'
import { factsOf } from './facts.ts'
import type { DemoOrganisation } from './organisation.ts'
import { activeOn } from './people.ts'
import { type Random, random } from './random.ts'
import type { DemoEntitlement, DemoSystem } from './systems.ts'
import { slug } from './text.ts'
import type { Workforce } from './workforce.ts'

/** A group that gives a right and that nobody has mapped; null: it is not about rights. `plain`: its name says so. */
export type UnmappedGroup = { group: string; entitlement: string | null; plain: boolean }

const NOT_RIGHTS: readonly [string, string][] = [
  ['Frokostordning', 'Tilmeldt frokostordningen'],
  ['Julefrokost-2024', ''],
  ['Loebeklubben', 'Løber onsdag efter arbejde'],
  ['MFA-pilot', 'Prøvede totrinslogin først'],
  ['Brandvagter', 'Hjælper ved evakuering'],
  ['Elevrepraesentanter', ''],
  ['Nyhedsbrev-By', 'Får nyhedsbrevet fra By og Miljø'],
  ['Flytning-foraar', 'Flyttede kontor i foråret'],
]

/**
 * Groups as systems leave them behind when somebody else names them: most say system and right in another way than the
 * standard, some only in short, and some are no rights at all. In each are nearly those who should hold the right.
 */
export function plantUnmappedGroups(
  directory: DemoDirectory,
  people: Workforce,
  organisation: DemoOrganisation,
  systems: readonly DemoSystem[],
  index: RuleIndex,
  seed: string,
  today: string,
): UnmappedGroup[] {
  const chance = random(seed, 'unmapped groups')
  const holders = new Map<string, Set<number>>()
  const known = new Map<string, [DemoSystem, DemoEntitlement]>()
  for (const system of systems)
    if (system.key !== 'hjemmel' && system.status === 'active' && system.kind === 'it')
      for (const right of system.entitlements)
        if (right.unit === null && !right.privileged) known.set(right.key, [system, right])
  for (const one of people.affiliations) {
    const place = directory.accounts.of.get(one.person)
    if (place === undefined || !activeOn(one, today)) continue
    for (const { entitlement } of decide(index, factsOf(one, organisation, people.managers, today)))
      if (known.has(entitlement)) holders.set(entitlement, (holders.get(entitlement) ?? new Set()).add(place))
  }
  const fitting = [...known.values()]
    .filter(([, right]) => {
      const count = holders.get(right.key)?.size ?? 0
      return count >= 8 && count <= 120
    })
    .sort(([, a], [, b]) => (a.key < b.key ? -1 : 1))
  const of = (read: boolean) => fitting.filter(([system]) => (system.reading === 'groups') === read)
  // One of a system, so that each is a case of its own.
  const once = (from: [DemoSystem, DemoEntitlement][], count: number) =>
    chance.sample([...new Map(from.map(one => [one[0].key, one])).values()], count)
  const unread = once(of(false), 26)
  const read = once(of(true), 8)
  const make = (cn: string, description: string, members: number[]): DemoGroup => {
    const group: DemoGroup = {
      guid: chance.bytes(16),
      cn,
      ou: 'OU=Oevrige,OU=Grupper',
      description,
      members: [...new Set(members)].sort((a, b) => a - b),
      groups: [],
      entitlement: null,
    }
    directory.groups.push(group)
    return group
  }
  const everybody = [...directory.accounts.of.values()]
  const nearly = (key: string) => [
    ...[...(holders.get(key) ?? [])].filter(() => chance.chance(0.92)),
    ...chance.sample(everybody, chance.between(0, 2)),
  ]
  const planted: UnmappedGroup[] = []
  for (const [place, [system, right]] of [...unread, ...read].entries()) {
    const plain = place % 4 !== 3
    const cn = plain ? plainName(system, right, place) : shortName(system, right, chance)
    const taken = directory.groups.some(group => group.cn.toLowerCase() === cn.toLowerCase())
    const group = make(
      taken ? `${cn}-2` : cn,
      plain && place % 3 !== 2 ? `${system.name}, ${right.name.toLowerCase()}` : '',
      nearly(right.key),
    )
    planted.push({ group: group.cn, entitlement: right.key, plain })
  }
  for (const [cn, description] of NOT_RIGHTS) {
    make(cn, description, chance.sample(everybody, chance.between(6, 40)))
    planted.push({ group: cn, entitlement: null, plain: false })
  }
  return planted
}

/** In the ways in which suppliers and colleagues write system and right. */
function plainName(system: DemoSystem, right: DemoEntitlement, place: number): string {
  const joined = system.name.replace(/[^\p{L}\p{N}]+/gu, '')
  const words = slug(right.name)
  if (place % 3 === 0) return `GRP-${joined}-${words}`
  if (place % 3 === 1) return `SEC_${system.key.toUpperCase()}_${words}`
  return `${system.name} ${right.name}`
}

/** The beginnings of the words only: who is in it must tell. */
function shortName(system: DemoSystem, right: DemoEntitlement, chance: Random): string {
  const short = system.key
    .split('-')
    .map(word => word.slice(0, 3))
    .join('')
  return `${chance.pick(['SEC', 'GRP'])}_${short.toUpperCase()}_${(right.key.split('/')[1] ?? '').slice(0, 3)}`
}
