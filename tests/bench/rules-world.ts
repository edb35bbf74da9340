import type { AffiliationFacts } from '../../server/rules/affiliation-facts.ts'
import type { Condition } from '../../server/rules/condition.ts'
import type { RightsRule } from '../../server/rules/rights-rule.ts'
import type { Role } from '../../server/rules/role.ts'

export type RulesWorld = {
  on: string
  entitlements: string[]
  rules: RightsRule[]
  roles: Role[]
  affiliations: AffiliationFacts[]
}

/** A municipality for figures: same seed, same world. 420 systems, 5,500 entitlements and as many rules as asked for. */
export function rulesWorld(affiliationCount = 3000, ruleCount = 1000, seed = 42): RulesWorld {
  const random = mulberry32(seed)
  const below = (n: number) => Math.floor(random() * n)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const some = <T>(list: readonly T[], n: number) => [...new Set(Array.from({ length: n }, () => pick(list)))]
  const on = '2026-03-03'

  const systems = Array.from({ length: 420 }, (_, i) => `system-${i}`)
  const entitlements = Array.from({ length: 5500 }, (_, i) => `${systems[i % 420]}/rolle-${Math.floor(i / 420)}`)
  const positions = Array.from({ length: 140 }, (_, i) => `stilling-${i}`)
  const functions = ['TR', 'AMR', 'it-kontakt', 'superbruger', 'praktikvejleder']
  const kle = Array.from({ length: 60 }, (_, i) => `${10 + (i % 20)}.${10 + Math.floor(i / 20)}`)

  // Six areas, departments in them, about 250 institutions below; most people work in an institution.
  const units: { key: string; path: string[]; kle: string[] }[] = []
  const grow = (path: string[], level: number) => {
    const key = `u-${units.length}`
    const here = [...path, key]
    units.push({ key, path: here, kle: some(kle, 2) })
    for (let i = 0; i < ([6, 5, 8, 0][level] ?? 0); i++) grow(here, level + 1)
  }
  grow([], 0)
  const institutions = units.filter(unit => unit.path.length === 4)

  const roles: Role[] = Array.from({ length: 120 }, (_, i) => ({
    key: `rolle-${i}`,
    name: `Rolle ${i}`,
    entitlements: some(entitlements, 4 + below(8)).map(key => ({ key })),
    roles: i < 100 ? some(roleKeys(100, 120), below(3)) : [],
  }))

  const where = (): Condition => {
    const chance = random()
    const position = () => pick(positions)
    if (chance < 0.35) return { position: position() }
    if (chance < 0.6) return { position: { $in: [position(), position()] }, unit: { $under: pick(units).key } }
    if (chance < 0.75) return { unit: { $under: pick(institutions).key }, kind: { $in: ['employment', 'temp'] } }
    if (chance < 0.83) return { functions: pick(functions), unit: { $under: pick(units.slice(0, 40)).key } }
    if (chance < 0.9) return { $or: [{ position: position() }, { kle: pick(kle), isManager: true }] }
    if (chance < 0.95) return { position: position(), onLeave: { $ne: true }, fraction: { $gte: 500 } }
    return { position: { $in: [position(), position()] }, $nor: [{ kind: 'temp' }, { title: { $exists: true } }] }
  }
  const rule = (i: number, change: Partial<RightsRule>): RightsRule => ({
    key: `regel-${i}`,
    version: 1,
    name: `Regel ${i}`,
    inverted: false,
    conditions: {},
    entitlements: [],
    roles: [],
    validFrom: '2020-01-01',
    validTo: null,
    state: 'active',
    owner: 'it',
    order: i,
    ...change,
  })
  // Prohibitions come last, as they do in practice. Cedar and casbin know only "a prohibition always wins", so this is
  // also what makes it possible to ask them the same questions.
  const prohibitions = Math.floor(ruleCount / 20)
  const rules = Array.from({ length: ruleCount }, (_, i) => {
    if (i < 5) return rule(i, { conditions: { kind: { $ne: 'pupil' } }, entitlements: some(entitlements, 6) })
    if (i >= ruleCount - prohibitions)
      return rule(i, {
        conditions: where(),
        inverted: true,
        reason: 'Funktionsadskillelse',
        entitlements: random() < 0.3 ? [`${pick(systems)}/*`] : some(entitlements, 5),
      })
    if (random() < 0.05) return rule(i, { conditions: where(), entitlements: [`${pick(systems)}/*`] })
    if (random() < 0.4) return rule(i, { conditions: where(), roles: [pick(roles).key] })
    return rule(i, { conditions: where(), entitlements: some(entitlements, 2 + below(5)) })
  })

  const affiliations = Array.from({ length: affiliationCount }, (_, i): AffiliationFacts => {
    const unit = random() < 0.8 ? pick(institutions) : pick(units)
    return {
      id: `a-${i}`,
      personId: `p-${i}`,
      kind: pick(['employment', 'employment', 'employment', 'employment', 'temp', 'external']),
      unitId: unit.key,
      unitKey: unit.key,
      unitPath: unit.path,
      unitKind: 'enhed',
      unitLevel: unit.path.length - 1,
      position: random() < 0.97 ? pick(positions) : null,
      positionCategory: null,
      title: random() < 0.1 ? 'Souschef' : null,
      kle: unit.kle,
      functions: random() < 0.1 ? [pick(functions)] : [],
      isManager: random() < 0.08,
      managerOf: [],
      // In thousandths: Cedar has whole numbers only.
      fraction: random() < 0.9 ? pick([400, 600, 800, 1000]) : null,
      primary: true,
      startsOn: '2020-01-01',
      endsOn: null,
      onLeave: random() < 0.03,
      networks: [],
      schoolClass: null,
    }
  })
  return { on, entitlements, rules, roles, affiliations }
}

const roleKeys = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `rolle-${from + i}`)

/** A small seeded generator of numbers from 0 to 1 (mulberry32, public domain). */
export function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
