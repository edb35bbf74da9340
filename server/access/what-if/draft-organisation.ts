import { type Said, say } from '#contract/said.ts'
import type { DraftChange } from '#contract/what-if-draft.ts'
import { type AffiliationNow, unitOf } from '../../people/affiliation.ts'
import type { ResolvedUnit, UnitInput } from '../../people/organisation.ts'
import { normaliseTitle } from '../../people/position.ts'
import type { NormalAttrs } from '../../platform/feed-record.ts'

/** What a change does to one affiliation: other attributes, or null where it leaves it alone. */
export type Move = (entry: AffiliationNow, units: ReadonlyMap<string, ResolvedUnit>) => NormalAttrs | null
/** Whom a change may reach beside those in units that differ by it. */
export type Reach = { unitIds: readonly string[]; titles: readonly string[]; affiliationIds: readonly string[] }
/** What is wrong with a change of a draft: in English, and as a code for screens. */
export type StepProblem = { what: string; said: Said }
export type OrganisationStep = {
  units: UnitInput[]
  move: Move | null
  reach: Reach
  /** Which unit continues as which, by key. */
  successions: readonly (readonly [from: string, to: string])[]
  problems: readonly StepProblem[]
}

/** The id of a unit that does not exist yet. */
const MADE = 'new:'
export const madeUnitId = (key: string) => `${MADE}${key}`
const NOBODY: Reach = { unitIds: [], titles: [], affiliationIds: [] }

/**
 * One change of a draft on the organisation as the changes before it have left it; null: it is about something else.
 * `positions`: the catalogue, by normal title.
 */
export function organisationStep(
  change: DraftChange,
  before: readonly UnitInput[],
  positions: ReadonlyMap<string, { key: string }>,
): OrganisationStep | null {
  const units = before.map(unit => ({ ...unit }))
  const byKey = new Map(units.filter(unit => unit.tree !== 'pay').map(unit => [unit.key, unit]))
  const problems: StepProblem[] = []
  const find = (key: string): UnitInput | undefined => {
    const unit = byKey.get(key)
    if (!unit) problems.push({ what: `There is no unit "${key}"`, said: say('unit-unknown', { unit: key }) })
    return unit
  }
  const ending = (key: string): UnitInput | undefined => {
    const unit = find(key)
    if (!unit?.id.startsWith(MADE)) return unit
    problems.push({
      what: `"${key}" is made by this draft: leave it out instead of closing it`,
      said: say('unit-of-draft', { unit: key }),
    })
    return undefined
  }
  const step = (rest: Partial<OrganisationStep> = {}): OrganisationStep => ({
    ...{ units, move: null, reach: NOBODY, successions: [], problems },
    ...rest,
  })
  const place = (unit: UnitInput, parent: UnitInput): void => {
    if (isBelow(parent, unit, units))
      problems.push({
        what: `"${unit.key}" cannot stand below itself`,
        said: say('unit-below-itself', { unit: unit.key }),
      })
    else unit.parentId = parent.id
  }
  /** `from` ends in `into`: what stood below it does so below the new one, and everybody in it goes there. */
  const end = (from: UnitInput, into: UnitInput): void => {
    if (isBelow(into, from, units)) into.parentId = from.parentId
    for (const child of units) if (child.parentId === from.id && child !== into) child.parentId = into.id
    from.active = false
  }
  switch (change.kind) {
    case 'unit-create': {
      if (byKey.has(change.unit))
        problems.push({
          what: `There is a unit "${change.unit}" already`,
          said: say('unit-key-taken', { unit: change.unit }),
        })
      const parent = find(change.parent)
      if (!parent || problems.length > 0) return step()
      units.push({
        ...{ id: madeUnitId(change.unit), key: change.unit, tree: parent.tree, name: change.name },
        ...{ kind: change.unitKind, parentId: parent.id, postId: null, kle: [], mapsToId: null, active: true },
      })
      return step()
    }
    case 'unit-rename': {
      const unit = find(change.unit)
      if (unit) unit.name = change.name
      return step()
    }
    case 'unit-move': {
      const [unit, parent] = [find(change.unit), find(change.parent)]
      if (unit && parent) place(unit, parent)
      return step()
    }
    case 'unit-close': {
      const unit = ending(change.unit)
      if (unit) unit.active = false
      return step()
    }
    case 'unit-merge': {
      const into = find(change.into)
      const from = change.units.flatMap(key => ending(key) ?? [])
      if (from.some(unit => unit === into))
        problems.push({
          what: `"${change.into}" cannot be merged into itself`,
          said: say('unit-into-itself', { unit: change.into }),
        })
      if (!into || problems.length > 0) return step()
      for (const unit of from) end(unit, into)
      return step(
        carry(
          new Map(from.map(unit => [unit.id, into.id])),
          from.map(unit => [unit.key, into.key]),
        ),
      )
    }
    case 'unit-split': {
      const unit = find(change.unit)
      const parts = change.parts.map(part => ({ ...part, unit: find(part.into) }))
      if (!unit || problems.length > 0) return step()
      const target = (of: (part: (typeof parts)[number]) => readonly string[]) =>
        new Map(parts.toReversed().flatMap(part => of(part).map(one => [one, part.unit!.id] as const)))
      const [byWho, byTitle, byPosition] = [
        target(part => part.affiliations ?? []),
        target(part => part.titles.map(normaliseTitle)),
        target(part => part.positions ?? []),
      ]
      return step({
        move: (entry, now) => {
          if (unitOf(entry.attrs, now) !== unit.id) return null
          const title = typeof entry.attrs.title === 'string' ? normaliseTitle(entry.attrs.title) : ''
          const to = byWho.get(entry.id) ?? byTitle.get(title) ?? byPosition.get(positions.get(title)?.key ?? '')
          return to && to !== unit.id ? { ...entry.attrs, unitOverride: to } : null
        },
        reach: { ...NOBODY, unitIds: [unit.id] },
        successions: [...new Set([unit.key, ...change.parts.map(part => part.into)])].map(to => [unit.key, to]),
      })
    }
    case 'title-change': {
      const within = change.unit === null ? null : find(change.unit)
      const wanted = normaliseTitle(change.title)
      if (problems.length > 0) return step()
      return step({
        move: (entry, now) => {
          if (typeof entry.attrs.title !== 'string' || normaliseTitle(entry.attrs.title) !== wanted) return null
          if (within && !now.get(unitOf(entry.attrs, now) ?? '')?.path.includes(within.id)) return null
          return { ...entry.attrs, title: change.to }
        },
        reach: { ...NOBODY, titles: [wanted] },
      })
    }
    case 'affiliations-move': {
      const into = find(change.into)
      if (!into) return step()
      const who = new Set(change.affiliations)
      return step({
        move: (entry, now) =>
          who.has(entry.id) && unitOf(entry.attrs, now) !== into.id ? { ...entry.attrs, unitOverride: into.id } : null,
        reach: { ...NOBODY, affiliationIds: change.affiliations },
      })
    }
    case 'unit-map': {
      const rows = change.rows.flatMap(row => {
        const [from, to] = [row.from === row.to ? find(row.from) : ending(row.from), find(row.to)]
        return from && to ? [{ from, to }] : []
      })
      const successions = rows.map(({ from, to }) => [from.key, to.key] as const)
      if (problems.length > 0 || !change.carry) return step({ successions })
      const gone = new Map<string, string>()
      for (const [from, targets] of Map.groupBy(rows, row => row.from)) {
        const [only] = targets
        if (targets.length !== 1 || !only || only.to === from) continue
        end(from, only.to)
        gone.set(from.id, only.to.id)
      }
      return step(carry(gone, successions))
    }
    default:
      return null
  }

  function carry(gone: ReadonlyMap<string, string>, successions: OrganisationStep['successions']) {
    return {
      move: (entry: AffiliationNow, now: ReadonlyMap<string, ResolvedUnit>) => {
        const to = gone.get(unitOf(entry.attrs, now) ?? '')
        return to ? { ...entry.attrs, unitOverride: to } : null
      },
      reach: { ...NOBODY, unitIds: [...gone.keys()] },
      successions,
    }
  }
}

/** Whether `unit` is `above` or stands somewhere below it. */
function isBelow(unit: UnitInput, above: UnitInput, units: readonly UnitInput[]): boolean {
  const byId = new Map(units.map(one => [one.id, one]))
  const seen = new Set<string>()
  for (let at: UnitInput | undefined = unit; at && !seen.has(at.id); at = byId.get(at.parentId ?? '')) {
    if (at.id === above.id) return true
    seen.add(at.id)
  }
  return false
}
