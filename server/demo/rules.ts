import type { GroupMapping } from '../rules/group-mapping.ts'
import type { RightsRule } from '../rules/rights-rule.ts'
import type { Role } from '../rules/role.ts'
import { groupStyle } from './group-names.ts'
import type { DemoOrganisation } from './organisation.ts'
import { position } from './positions.ts'
import { spread } from './random.ts'
import { atScreen, paid, type RuleBookDraft, ruleBookDraft, usesScreen, withoutScreen } from './rule-writing.ts'
import { addCommonRules } from './rules-common.ts'
import { addExceptions } from './rules-exceptions.ts'
import { addToolRules } from './rules-tool.ts'
import type { DemoSystem } from './systems.ts'
import { slug } from './text.ts'

export type DemoRules = { rules: RightsRule[]; roles: Role[]; mappings: GroupMapping[] }

/** Rules, roles and group mappings: about a thousand rules and roles that give each employee 45 to 50 rights. */
export function demoRules(organisation: DemoOrganisation, systems: readonly DemoSystem[], today: string): DemoRules {
  const book = ruleBookDraft('2024-01-01')
  const fieldSystems = systems.filter(one => one.kind === 'it' && one.key !== 'hjemmel')
  addCommonRules(book, systems)
  addToolRules(book)
  addFieldRules(book, organisation, fieldSystems)
  addUnitRules(book, organisation, systems)
  addSystemRules(book, fieldSystems)
  addExceptions(book, today)
  return { rules: book.rules, roles: book.roles, mappings: groupMappings(systems) }
}

const holds = (system: DemoSystem, right: string) =>
  system.entitlements.some(one => one.key === `${system.key}/${right}`)
const keys = (systems: readonly DemoSystem[], ...rights: string[]) =>
  systems.flatMap(system => rights.filter(one => holds(system, one)).map(one => ({ key: `${system.key}/${one}` })))

/** Per field of work: what its staff share, what each position adds, and what its leaders get. */
function addFieldRules({ rule, role }: RuleBookDraft, organisation: DemoOrganisation, systems: readonly DemoSystem[]) {
  const staffed = organisation.units.filter(unit => unit.tree === 'admin' && !unit.copy)
  for (const [area, own] of Map.groupBy(systems, one => one.area)) {
    const field = slug(area.name)
    const under = { unit: { $under: area.units } }
    const general = own.filter(one => one.general)
    role({ key: `fag-${field}`, name: `Fælles for ${area.name}`, entitlements: keys(general, 'bruger'), roles: [] })
    for (const category of area.categories) {
      const dealt = own.filter(one => !one.general && spread(category + one.key, 6) < 1)
      const name = `${area.name}: ${category}`
      role({
        key: `fag-${field}-${category}`,
        name,
        entitlements: keys(dealt, 'laes'),
        roles: [`fag-${field}`],
      })
      rule({
        key: `fag-${field}-${category}`,
        name,
        conditions: { $and: [atScreen, { positionCategory: category }, under] },
        roles: [`fag-${field}-${category}`],
        owner: area.name,
        purpose: `Daglig drift i ${area.name}`,
      })
    }
    const here = staffed.filter(unit => area.units.some(key => unit.path.includes(key)))
    const posts = [...new Set(here.flatMap(unit => unit.staff.map(one => one.position)))].sort()
    for (const key of posts.filter(usesScreen)) {
      const post = position(key)
      if (!area.categories.includes(post.category)) continue
      const dealt = own.filter(one => !one.general && spread(key + one.key, 6) < 1)
      const entitlements = [...keys(dealt, 'bruger', 'mobil', 'skabeloner'), ...keys(general, 'sagsbehandler')]
      if (entitlements.length === 0) continue
      role({ key: `job-${field}-${key}`, name: `${post.name} i ${area.name}`, entitlements, roles: [] })
      rule({
        key: `job-${field}-${key}`,
        name: `${post.name} i ${area.name}`,
        conditions: { $and: [atScreen, { position: key }, under] },
        roles: [`job-${field}-${key}`],
        owner: area.name,
        purpose: `Opgaver som ${post.name.toLowerCase()}`,
        constraints: { '*': [{ on: 'unit', kind: spread(key, 3) === 0 ? 'own-unit-and-below' : 'own-unit' }] },
      })
    }
    role({
      key: `leder-${field}`,
      name: `Leder i ${area.name}`,
      entitlements: keys(general, 'leder', 'rapport'),
      roles: [],
    })
    rule({
      key: `leder-${field}`,
      name: `Ledere i ${area.name}`,
      conditions: { isManager: true, ...under },
      roles: [`leder-${field}`],
      owner: area.name,
      purpose: 'Ledelse og tilsyn',
      constraints: { '*': [{ on: 'unit', kind: 'own-unit-and-below' }] },
    })
  }
}

/** What each unit gives its own: drive, mailbox, Teams, doors. Those without a screen still have the door. */
function addUnitRules({ rule }: RuleBookDraft, organisation: DemoOrganisation, systems: readonly DemoSystem[]) {
  const byUnit = Map.groupBy(
    systems.flatMap(one => one.entitlements).filter(one => one.unit !== null),
    one => one.unit as string,
  )
  for (const [key, entitlements] of byUnit) {
    const unit = organisation.unit(key)
    const leaf = !organisation.units.some(one => one.parent === key)
    const together = (right: string) => leaf || !/-(post|team)$/.test(right)
    rule({
      key: `enhed-${key}`,
      name: `Alle ved skærm i ${unit.name}`,
      conditions: { $and: [atScreen, { unit: { $under: key } }] },
      entitlements: entitlements.map(one => one.key).filter(together),
      owner: unit.name,
    })
    // A department's mailbox and room are for its own staff, not for everybody in the units below it.
    if (!leaf && (unit.staff.length > 0 || unit.leader !== null))
      rule({
        key: `enhed-${key}-egne`,
        name: `Egne medarbejdere i ${unit.name}`,
        conditions: { $and: [atScreen, { unitKey: key }] },
        entitlements: entitlements.map(one => one.key).filter(one => !together(one)),
        owner: unit.name,
      })
    if (unit.staff.some(one => position(one.position).account !== 'always'))
      rule({
        key: `enhed-${key}-uden-skaerm`,
        name: `Dørene hos ${unit.name} for dem uden skærm`,
        conditions: { $and: [withoutScreen, { unit: { $under: key } }] },
        entitlements: [`salto-adgangskontrol/${key}-doer`],
        owner: unit.name,
      })
  }
}

/** Each system has its super users in its field; IT runs what it runs. */
function addSystemRules({ rule, role }: RuleBookDraft, systems: readonly DemoSystem[]) {
  for (const system of systems)
    rule({
      key: `superbruger-${system.key}`,
      name: `Superbrugere i ${system.name}`,
      conditions: {
        ...paid,
        functions: 'Superbruger',
        positionCategory: { $in: system.area.categories },
        unit: { $under: system.area.units },
      },
      entitlements: keys([system], 'superbruger').map(one => one.key),
      owner: system.area.name,
    })
  const run = systems.filter(one => one.area.name === 'Fælles IT')
  const parts = ['it-systemadministrator', 'it-arkitekt', 'sikkerhedskonsulent', 'digitaliseringskonsulent']
  for (const [i, key] of parts.entries()) {
    const own = systems.filter((one, n) => (run.includes(one) ? i === 0 || n % 4 === i : i === 0 && n % 9 === 0))
    role({
      key: `drift-${key}`,
      name: `Drift: ${position(key).name}`,
      entitlements: keys(own, 'administrator'),
      roles: [],
    })
    rule({
      key: `drift-${key}`,
      name: `Drift: ${position(key).name}`,
      conditions: { kind: 'employment', position: key, unit: { $under: 'u-13' } },
      roles: [`drift-${key}`],
      purpose: 'Drift og sikkerhed',
    })
  }
}

/** One mapping for the groups that follow the naming standard, one for each system whose groups are older than it. */
function groupMappings(systems: readonly DemoSystem[]): GroupMapping[] {
  const read = systems.filter(one => one.reading === 'groups')
  return [
    ...read
      .filter(one => groupStyle(one.key) === 'old')
      .map(one => ({ source: 'ad', match: { cn: `GG-${one.key.toUpperCase()}-*` }, entitlement: `${one.key}/{1}` })),
    { source: 'ad', match: { cn: 'APP_*_*' }, entitlement: '{1}/{2}' },
    { source: 'skole', match: { cn: 'app-*-elev' }, entitlement: '{1}/elev' },
  ]
}
