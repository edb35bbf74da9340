import { refreshCurrent } from '../../people/current-store.ts'
import { type Fact, MANUAL, makeFact } from '../../people/fact.ts'
import { applyFacts, lockPeople } from '../../people/fact-store.ts'
import type { AuthorityLookup, NormalAttrs } from '../../platform/feed-record.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Computed } from './compute-what-if.ts'
import type { World } from './draft-worlds.ts'

type Meta = { now: Date; today: string; actorId: string | null; reason: string }

/**
 * Writes what a draft does to the organisation as facts by hand, from its date on: units made, moved, renamed and closed,
 * people in other units or with other titles. Only those for whom `mine` says so: where a source tells of a unit or an
 * employment, the source has to say it, and Hjemmel waits. Answers how many were written and whose facts changed.
 */
export async function recordOrganisation(
  tx: Tx,
  { ground, worlds, moved, retitled }: Computed,
  mine: { unit: (id: string) => boolean; affiliation: (source: string) => boolean },
  authority: AuthorityLookup,
  meta: Meta,
): Promise<{ recorded: number; changed: string[] }> {
  const [before, after] = [worlds.steps[1] as World, worlds.steps.at(-1) as World]
  const from = ground.onDate.day
  await lockPeople(tx)
  const fact = (kind: Fact['kind'], id: string, attrs: NormalAttrs, start: string | null): Fact =>
    makeFact({
      ...{ source: MANUAL, kind, subjectId: id, sourceKey: id, attrs },
      ...{ from: start, to: null, assertedAt: meta.now.toISOString() },
    })
  const known = new Map(before.inputs.map(unit => [unit.id, unit]))
  const made = new Map<string, string>()
  for (const unit of after.inputs)
    if (!known.has(unit.id) && mine.unit(unit.id)) {
      const id = newId()
      made.set(unit.id, id)
      await tx.query(`insert into org_unit (id, tree, key, pay) values ($1, $2, $3, false)`, [id, unit.tree, unit.key])
    }
  const idOf = (id: string | null): string | null => (id === null ? null : (made.get(id) ?? id))
  const units: Fact[] = []
  for (const unit of after.inputs) {
    const was = known.get(unit.id)
    if (!mine.unit(unit.id)) continue
    const id = idOf(unit.id) as string
    if (!was) {
      const { name, kind, tree } = unit
      units.push(fact('unit', id, { name, unitKind: kind, tree, parent: idOf(unit.parentId), validFrom: from }, null))
      continue
    }
    const changed: NormalAttrs = {}
    if (was.name !== unit.name) changed.name = unit.name
    if (was.parentId !== unit.parentId) changed.parent = idOf(unit.parentId)
    if (Object.keys(changed).length > 0) units.push(fact('unit', id, changed, from))
    if (was.active && !unit.active) units.push(fact('unit', id, { validTo: from }, null))
  }
  const unitIds = new Map(after.inputs.map(unit => [unit.key, idOf(unit.id) as string]))
  const affiliations = new Map<string, NormalAttrs>()
  for (const one of moved) {
    const to = one.to === null ? undefined : unitIds.get(one.to)
    if (to && mine.affiliation(one.source)) affiliations.set(one.affiliationId, { unitOverride: to })
  }
  for (const one of retitled)
    if (mine.affiliation(one.source))
      affiliations.set(one.affiliationId, { ...affiliations.get(one.affiliationId), title: one.to })
  const about = [...affiliations].map(([id, attrs]) => fact('affiliation', id, attrs, from))
  if (units.length + about.length === 0) return { recorded: 0, changed: [] }
  await applyFacts(tx, 'unit', units, authority, meta, new Set(made.values()))
  await applyFacts(tx, 'affiliation', about, authority, meta)
  const changed = await refreshCurrent(
    tx,
    { units: units.flatMap(one => one.subjectId ?? []), affiliations: [...affiliations.keys()] },
    meta.today,
  )
  return { recorded: units.length + about.length, changed }
}
