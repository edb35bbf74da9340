import type { Expectation } from '#contract/announcements.ts'
import type { DraftPage } from '#contract/what-if-draft.ts'
import { storeAnnouncement, storeDecision } from '../../feeds/guards/announcement-store.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Computed } from './compute-what-if.ts'
import type { StoredDraft } from './draft-store.ts'
import type { World } from './draft-worlds.ts'
import type { When } from './when.ts'

type Announced = NonNullable<DraftPage['carriedOut']>['announced']
/** Payroll may be early by this, and late by the other. */
const DAYS_BEFORE = 14
const DAYS_AFTER = 31

/**
 * Says to the guards of the feeds what is going to come from them: units, moves and titles, each with how many. Of what
 * a second person has approved, the announcement is approved with it; else it waits to be tried and approved like any.
 */
export async function announce(
  tx: Tx,
  draft: StoredDraft,
  computed: Computed,
  { by, second }: { by: string; second: boolean },
  when: When,
): Promise<Announced> {
  const announced: Announced = []
  for (const [source, counted] of await expectedOf(tx, computed)) {
    const id = newId()
    const lines = [...counted.values()].slice(0, MOST_LINES)
    await storeAnnouncement(tx, {
      ...{ id, source, reason: draft.name, by: draft.createdBy },
      startsOn: later(addDays(draft.onDate, -DAYS_BEFORE), when.today),
      endsOn: addDays(later(draft.onDate, when.today), DAYS_AFTER),
      expected: lines.map(({ count, ...line }) => ({
        ...line,
        least: Math.floor(count * 0.9),
        most: Math.ceil(count * 1.1) + 1,
      })),
    })
    if (second) {
      await tx.query('update announcement set simulated = $2 where id = $1', [
        id,
        JSON.stringify({ lines: lines.map(line => line.count), held: 0 }),
      ])
      await storeDecision(tx, id, { state: 'approved', by, reason: null, now: when.now })
    }
    announced.push({ id, source, changes: lines.reduce((sum, line) => sum + line.count, 0) })
  }
  return announced
}

/** A draft that is changed or given up expects nothing any more; what was let through stays. */
export async function withdrawAnnouncements(tx: Tx, draft: StoredDraft, when: When): Promise<void> {
  for (const { id } of draft.carriedOut?.announced ?? [])
    await tx.query(
      `update announcement set state = 'cancelled', decided_by = $2, decided_at = $3, decision_reason = $4
       where id = $1 and state <> 'cancelled'`,
      [id, draft.createdBy, when.now, draft.name],
    )
}

const MOST_LINES = 200
type Line = Omit<Expectation, 'least' | 'most'> & { count: number }

async function expectedOf(tx: Tx, computed: Computed): Promise<Map<string, Map<string, Line>>> {
  const [before, after] = [computed.worlds.steps[1] as World, computed.worlds.steps.at(-1) as World]
  const found = new Map<string, Map<string, Line>>()
  const count = (source: string, line: Omit<Line, 'count'>): void => {
    const lines = found.get(source) ?? new Map<string, Line>()
    found.set(source, lines)
    const key = JSON.stringify(line)
    lines.set(key, { ...line, count: (lines.get(key)?.count ?? 0) + 1 })
  }
  const declared = await tx.query<{ key: string; units: boolean }>(
    `select key, exists (select from source_record r where r.source = s.key and r.kind = 'unit' and r.gone_at is null) as units
     from source s where declared`,
  )
  const read = new Set(declared.map(one => one.key))
  const anything = { part: null, from: null, to: null } as const
  for (const one of computed.moved)
    if (read.has(one.source))
      count(
        one.source,
        one.by === 'unit'
          ? { kind: 'affiliation', op: 'change', part: null, attribute: 'unit', from: one.from, to: one.to }
          : { kind: 'affiliation', op: 'change', ...anything, attribute: one.by },
      )
  for (const one of computed.retitled)
    if (read.has(one.source))
      count(one.source, {
        kind: 'affiliation',
        op: 'change',
        part: null,
        attribute: 'title',
        from: one.from,
        to: one.to,
      })
  const tellsOfUnits = declared.find(one => one.units)?.key
  const known = new Map(before.inputs.map(unit => [unit.id, unit]))
  const keyOf = (id: string | null) => (id === null ? null : (after.units.get(id)?.key ?? null))
  if (tellsOfUnits)
    for (const unit of after.inputs) {
      const was = known.get(unit.id)
      if (!was) count(tellsOfUnits, { kind: 'unit', op: 'add', ...anything, attribute: null })
      else if (was.active && !unit.active)
        count(tellsOfUnits, { kind: 'unit', op: 'gone', ...anything, attribute: null })
      else {
        if (was.parentId !== unit.parentId)
          count(tellsOfUnits, {
            ...{ kind: 'unit', op: 'change', part: null, attribute: 'parent' },
            ...{ from: keyOf(was.parentId), to: keyOf(unit.parentId) },
          })
        if (was.name !== unit.name) count(tellsOfUnits, { kind: 'unit', op: 'change', ...anything, attribute: 'name' })
      }
    }
  return found
}

const later = (one: string, other: string) => (one > other ? one : other)
const addDays = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
