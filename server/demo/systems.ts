import {
  equipmentRights,
  ordinaryRights,
  physicalRights,
  pupilRight,
  type RightWords,
  specialRights,
} from './entitlement-words.ts'
import type { DemoOrganisation, DemoUnit } from './organisation.ts'
import type { DemoAffiliation, DemoPeople } from './people.ts'
import { random, spread } from './random.ts'
import { otherSuppliers, type SystemArea, suppliers, systemAreas } from './system-names.ts'
import { slug } from './text.ts'

export type DemoEntitlement = {
  key: string
  system: string
  name: string
  description: string
  kind: 'role' | 'group' | 'licence' | 'mailbox' | 'equipment' | 'physical'
  sensitivity: 'none' | 'personal' | 'confidential' | 'special' | 'criminal'
  privileged: boolean
  constraints: string[]
  /** Set when the right belongs to one unit: its drive, its mailbox, its door. */
  unit: string | null
}

export type DemoSystem = {
  key: string
  name: string
  area: SystemArea
  kind: 'it' | 'equipment' | 'physical'
  reading: 'groups' | 'list' | 'none'
  /** Used by all staff of the field; otherwise by the positions it is dealt to. */
  general: boolean
  special: boolean
  criminal: boolean
  supplier: string
  criticality: 'low' | 'medium' | 'high' | 'critical'
  hosting: 'saas' | 'on-premise' | 'hosted'
  /** Archives of systems that have been replaced are still read now and then. */
  status: 'active' | 'archive'
  entitlements: DemoEntitlement[]
}

/** Systems that give something to each unit: the key's ending, what it is called, and what it means. */
const unitRights: Record<string, { kind: DemoEntitlement['kind']; endings: [string, string, string][] }> = {
  faellesdrev: { kind: 'group', endings: [['skriv', 'Fællesdrev', 'Kan læse og skrive på fællesdrevet for']] },
  'exchange-online': {
    kind: 'mailbox',
    endings: [['post', 'Fællespostkasse', 'Kan læse og sende fra postkassen for']],
  },
  'microsoft-teams': { kind: 'group', endings: [['team', 'Teams-rum', 'Er med i Teams-rummet for']] },
  'salto-adgangskontrol': { kind: 'physical', endings: [['doer', 'Dør', 'Kan åbne dørene hos']] },
}

/** The 420 systems with their rights. The rules name them, so neither size nor seed may change which there are. */
export function demoSystems(organisation: DemoOrganisation, seed: string): DemoSystem[] {
  const chance = random(seed, 'systems')
  const units = organisation.units.filter(unit => unit.tree === 'admin' && !unit.copy && unit.level > 1)
  return systemAreas.flatMap(area =>
    area.names.map(written => {
      const name = written.replace(/[*+!~^]/g, '').trim()
      const has = (mark: string) => written.includes(mark)
      const kind = area.name === 'Udstyr' ? 'equipment' : area.name === 'Fysisk adgang' ? 'physical' : 'it'
      const system: DemoSystem = {
        key: slug(name),
        name,
        area,
        kind,
        reading: has('*') ? 'groups' : has('^') ? 'list' : 'none',
        general: has('~'),
        special: has('+'),
        criminal: has('!'),
        supplier: suppliers.find(([pattern]) => pattern.test(name))?.[1] ?? chance.pick(otherSuppliers),
        criticality: has('~')
          ? chance.pick(['high', 'critical'] as const)
          : chance.pick(['low', 'medium', 'high'] as const),
        hosting: kind === 'it' ? chance.pick(['saas', 'saas', 'hosted', 'on-premise'] as const) : 'on-premise',
        status: /arkiv$|historik/i.test(name) ? 'archive' : 'active',
        entitlements: [],
      }
      const many = system.reading === 'groups' ? 4 + spread(system.key, 3) : 12 + spread(system.key, 8)
      system.entitlements = rightsOf(system, many, units)
      return system
    }),
  )
}

function rightsOf(system: DemoSystem, many: number, units: readonly DemoUnit[]): DemoEntitlement[] {
  const ordinary =
    system.kind === 'equipment'
      ? equipmentRights
      : system.kind === 'physical'
        ? physicalRights
        : ordinaryRights.slice(0, many)
  const special = specialRights[system.key] ?? []
  const words = system.key === 'hjemmel' ? special : [...ordinary, ...special]
  if (system.area.name === 'Skole' && system.general) words.push(pupilRight)
  const own = new Map(words.map(one => [one.key, entitlement(system, one)]))
  const perUnit = unitRights[system.key]
  if (!perUnit) return [...own.values()]
  return [
    ...own.values(),
    ...units.flatMap(unit =>
      perUnit.endings.map(
        ([ending, name, description]): DemoEntitlement => ({
          key: `${system.key}/${unit.key}-${ending}`,
          system: system.key,
          name: `${name}: ${unit.name}`,
          description: `${description} ${unit.name}.`,
          kind: perUnit.kind,
          sensitivity: perUnit.kind === 'physical' ? 'none' : 'personal',
          privileged: false,
          constraints: [],
          unit: unit.key,
        }),
      ),
    ),
  ]
}

function entitlement(system: DemoSystem, words: RightWords): DemoEntitlement {
  const content = system.criminal ? 'criminal' : system.special ? 'special' : 'personal'
  return {
    key: `${system.key}/${words.key}`,
    system: system.key,
    name: words.name,
    description: words.description.replace('{s}', system.name),
    kind:
      system.kind === 'equipment'
        ? 'equipment'
        : system.kind === 'physical'
          ? 'physical'
          : /^(e3|f3|visio|copilot)$/.test(words.key)
            ? 'licence'
            : 'role',
    sensitivity: words.content ? content : words.privileged ? 'confidential' : 'none',
    privileged: words.privileged ?? false,
    constraints: words.constraints ?? [],
    unit: null,
  }
}

/** The leader who owns a system: the department's, or the nearest above it who has one. Owners carry the function. */
export function systemOwners(
  systems: readonly DemoSystem[],
  organisation: DemoOrganisation,
  people: DemoPeople,
): Map<string, DemoAffiliation> {
  const byKey = new Map(people.affiliations.map(one => [one.key, one]))
  const owners = new Map<string, DemoAffiliation>()
  for (const system of systems) {
    const path = [...organisation.unit(system.area.units[0] as string).path].reverse()
    const leader = path.map(key => people.managers.get(key)).find(key => key !== undefined)
    const owner = byKey.get(leader as string)
    if (!owner) throw new Error(`system "${system.key}" has nobody above it who could own it`)
    owners.set(system.key, owner)
    if (!owner.functions.includes('Systemejer')) owner.functions.push('Systemejer')
  }
  return owners
}
