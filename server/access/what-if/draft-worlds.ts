import { DATE_CAUSE, type DraftChange } from '#contract/what-if-draft.ts'
import { type AffiliationFactsRow, type AffiliationNow, unitOf } from '../../people/affiliation.ts'
import { type Posts, type ResolvedUnit, resolveOrganisation, type UnitInput } from '../../people/organisation.ts'
import { factsOfPerson } from '../../people/place-person.ts'
import type { UnitLookup } from '../../rules/constraint.ts'
import type { RightsRule } from '../../rules/rights-rule.ts'
import { buildIndex, type RuleIndex, replaceRule } from '../../rules/rule-index.ts'
import { ruleProblemSaid } from '../../rules/rule-problem-said.ts'
import type { StoredRole } from '../../rules/rules-store.ts'
import { validateRules } from '../../rules/validate-rules.ts'
import { createDecider } from '../decide-assignments.ts'
import { lookupOf, managedOf } from '../resolved-units.ts'
import { type Move, organisationStep, type Reach, type StepProblem } from './draft-organisation.ts'
import { type RulesOf, rulesStep, type Translated } from './draft-rules.ts'

/** What is there without the draft: as read in one snapshot. */
export type Ground = {
  rules: readonly RightsRule[]
  roles: readonly StoredRole[]
  entitlements: readonly string[]
  positions: ReadonlyMap<string, { key: string; category: string }>
  today: Day
  onDate: Day
}
export type Day = { day: string; units: readonly UnitInput[]; posts: Posts }

/** The municipality after one more step: the date, or a change of the draft. */
export type World = {
  cause: string
  day: string
  index: RuleIndex
  rules: RulesOf
  inputs: readonly UnitInput[]
  units: ReadonlyMap<string, ResolvedUnit>
  lookup: UnitLookup
  managed: ReadonlyMap<string, readonly ResolvedUnit[]>
  decider: ReturnType<typeof createDecider>
  move: Move | null
}
export type Worlds = {
  /** Today, then the date without the draft, then one for each change. */
  steps: readonly World[]
  reach: Reach
  successions: ReadonlyMap<string, ReadonlySet<string>>
  translated: readonly Translated[]
  /** What is wrong with the changes, each with the change it is about. */
  problems: readonly (StepProblem & { change: string; kind: 'data' | 'rules' })[]
}

/** Every step of a draft on what is there; nothing is read or written. */
export function draftWorlds(
  ground: Ground,
  draft: { name: string; onDate: string; changes: readonly DraftChange[] },
): Worlds {
  const base: RulesOf = { rules: ground.rules, roles: ground.roles }
  const keys = [...ground.entitlements]
  const today = world(ground.today, buildIndex(base.rules, base.roles, keys, ground.today.day), base, 'today', null)
  const same = ground.onDate.day === ground.today.day
  const without = same
    ? { ...today, cause: DATE_CAUSE }
    : world(ground.onDate, buildIndex(base.rules, base.roles, keys, ground.onDate.day), base, DATE_CAUSE, null)
  const steps: World[] = [today, without]
  const reach = { unitIds: new Set<string>(), titles: new Set<string>(), affiliationIds: new Set<string>() }
  const successions = new Map<string, Set<string>>()
  const translated: Translated[] = []
  const problems: Worlds['problems'][number][] = []
  const stood = new Map(ground.onDate.units.map(unit => [unit.id, unit]))
  for (const change of draft.changes) {
    const last = steps.at(-1) as World
    const organisation = organisationStep(change, last.inputs, ground.positions)
    const rules = rulesStep(change, last.rules, { onDate: draft.onDate, draft: draft.name })
    for (const one of organisation?.problems ?? []) problems.push({ change: change.id, kind: 'data', ...one })
    const wrong = rules ? rulesProblems(rules, last.rules, keys) : []
    for (const one of [...(rules?.problems ?? []), ...wrong])
      problems.push({ change: change.id, kind: 'rules', ...one })
    if (wrong.length + (rules?.problems.length ?? 0) + (organisation?.problems.length ?? 0) > 0) continue
    translated.push(...(rules?.translated ?? []))
    for (const id of organisation?.reach.unitIds ?? []) reach.unitIds.add(id)
    for (const title of organisation?.reach.titles ?? []) reach.titles.add(title)
    for (const id of organisation?.reach.affiliationIds ?? []) reach.affiliationIds.add(id)
    for (const [from, to] of organisation?.successions ?? [])
      successions.set(from, (successions.get(from) ?? new Set()).add(to))
    const next = rules ? { rules: rules.rules, roles: rules.roles } : last.rules
    const index = rules ? indexAfter(last, next, keys) : last.index
    steps.push(
      organisation
        ? world(
            { ...ground.onDate, units: whereTheyStood(organisation.units, stood) },
            index,
            next,
            change.id,
            organisation.move,
          )
        : { ...last, cause: change.id, index, rules: next, decider: createDecider(index, last.lookup), move: null },
    )
  }
  return {
    steps,
    reach: { unitIds: [...reach.unitIds], titles: [...reach.titles], affiliationIds: [...reach.affiliationIds] },
    successions,
    translated,
    problems,
  }
}

function world(day: Day, index: RuleIndex, rules: RulesOf, cause: string, move: Move | null): World {
  const units = resolveOrganisation(day.units, day.posts)
  const managed = managedOf(units)
  const lookup = lookupOf(units)
  return {
    ...{ cause, day: day.day, index, rules, inputs: day.units, units, lookup, managed, move },
    decider: createDecider(index, lookup),
  }
}

/** A unit that the draft closes has no day on which it could stand elsewhere: it ends where it stood. */
function whereTheyStood(units: readonly UnitInput[], stood: ReadonlyMap<string, UnitInput>): readonly UnitInput[] {
  return units.map(unit => {
    const was = stood.get(unit.id)
    return was?.active && !unit.active ? { ...unit, parentId: was.parentId, name: was.name } : unit
  })
}

function indexAfter(last: World, next: RulesOf, keys: string[]): RuleIndex {
  const known = new Set(last.rules.rules)
  const kept = new Set(next.rules.map(rule => rule.key))
  const put = next.rules.filter(rule => !known.has(rule))
  const gone = last.rules.rules.filter(rule => !kept.has(rule.key))
  const [one] = [...put.map(rule => ({ key: rule.key, rule })), ...gone.map(({ key }) => ({ key, rule: null }))]
  const sameRoles = next.roles === last.rules.roles || JSON.stringify(next.roles) === JSON.stringify(last.rules.roles)
  if (!sameRoles || put.length + gone.length > 1) return buildIndex(next.rules, next.roles, keys, last.day)
  return one ? replaceRule(last.index, one.key, one.rule) : last.index
}

/** Problems of rules and roles that this change has made; what was wrong before is not its fault. */
function rulesProblems(next: RulesOf, before: RulesOf, keys: readonly string[]): StepProblem[] {
  const old = new Set([...before.rules, ...before.roles])
  const all = validateRules(next.rules, next.roles, keys)
  const list = { rule: next.rules, role: next.roles } as const
  return all
    .filter(one => one.code !== 'entitlement-unknown' || !old.has(list[one.kind][one.index] as RightsRule))
    .map(one => ({
      what: `${one.kind} "${one.key}": ${one.code} ${Object.values(one.params).join(' ')}`.trim(),
      said: ruleProblemSaid(one),
    }))
}

/**
 * Facts of one person's affiliations in every world. `entries` are the affiliations as they are on each of the two days;
 * the changes move them one after the other.
 */
export function factsThrough(
  worlds: Worlds,
  ground: Ground,
  entries: { today: readonly AffiliationNow[]; onDate: readonly AffiliationNow[] },
): ReadonlyMap<string, AffiliationFactsRow>[] {
  const around = (one: World) => ({
    ...{ today: one.day, units: one.units, managed: one.managed, positions: ground.positions },
  })
  const byId = (facts: AffiliationFactsRow[]) => new Map(facts.map(one => [one.id, one]))
  const result: ReadonlyMap<string, AffiliationFactsRow>[] = []
  let now = entries.onDate
  let before: World | null = null
  for (const [place, step] of worlds.steps.entries()) {
    if (place === 0) {
      result.push(byId(factsOfPerson(entries.today, around(step))))
      continue
    }
    const { move } = step
    const moved: readonly AffiliationNow[] = move
      ? now.map(entry => {
          const attrs = move(entry, step.units)
          return attrs ? { ...entry, attrs } : entry
        })
      : now
    const same = before !== null && before.units === step.units && moved.every((entry, i) => entry === now[i])
    result.push(same ? (result.at(-1) as (typeof result)[number]) : byId(factsOfPerson(moved, around(step))))
    now = moved
    before = step
  }
  return result
}

/** Ids of units that are not the same to a rule in two worlds, or in one of them only. */
export function differingUnits(a: World, b: World): string[] {
  if (a.units === b.units) return []
  const seen = (unit: ResolvedUnit | undefined) =>
    unit &&
    JSON.stringify([
      ...[unit.key, unit.kind, unit.pathKeys, unit.path, unit.kle, unit.kleInherited, unit.active],
      ...[unit.mapsToId, unit.postAffiliationId],
    ])
  const ids = new Set([...a.units.keys(), ...b.units.keys()])
  return [...ids].filter(id => seen(a.units.get(id)) !== seen(b.units.get(id)))
}

/** Ids of units below which there are other units than before: "own unit and below" means something else there. */
export function unitsWithOtherBelow(a: World, b: World): string[] {
  if (a.units === b.units) return []
  return [...b.units.values()]
    .filter(unit => a.lookup.below(unit.key).join(' ') !== b.lookup.below(unit.key).join(' '))
    .map(unit => unit.id)
}

/** The unit that an affiliation belongs to, as its key; null: none. */
export const unitKeyOf = (entry: AffiliationNow, units: ReadonlyMap<string, ResolvedUnit>): string | null =>
  units.get(unitOf(entry.attrs, units) ?? '')?.key ?? null
