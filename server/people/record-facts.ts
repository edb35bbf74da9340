import type { NormalAttrs, RecordChange } from '../platform/feed-record.ts'
import { canonical, type Fact, makeFact, type StateKind } from './fact.ts'

const lifespanKeys: Record<StateKind, string[]> = {
  person: [],
  affiliation: ['startsOn', 'endsOn', 'accessEndsOn'],
  unit: ['validFrom', 'validTo'],
}
const endKey: Record<StateKind, string | null> = { person: null, affiliation: 'endsOn', unit: 'validTo' }

export type Statement = {
  source: string
  kind: StateKind
  subjectId: string
  today: string
  assertedAt: Date
}

/**
 * What a changed record states. The first record holds for as long as the subject exists; a later one states only
 * what is different, from the day it was read, because a list says what is, not since when. Changed start or end
 * dates hold for the whole. A record that is gone for good ends its affiliation or unit today; a person's last known
 * name stays, since people do not end.
 */
export function factOfChange(change: RecordChange, to: Statement): Fact | null {
  const attrs = attrsOfChange(change, to)
  if (attrs === null || Object.keys(attrs).length === 0) return null
  const datesOnly = Object.keys(attrs).every(key => lifespanKeys[to.kind].includes(key))
  return makeFact({
    source: to.source,
    kind: to.kind,
    subjectId: to.subjectId,
    sourceKey: change.key,
    attrs,
    from: change.op === 'add' || datesOnly ? null : to.today,
    to: null,
    assertedAt: to.assertedAt.toISOString(),
  })
}

function attrsOfChange(change: RecordChange, to: Statement): NormalAttrs | null {
  const end = endKey[to.kind]
  const { before, after } = change
  if (change.op === 'gone') {
    if (end === null) return null
    const known = before?.[end]
    return typeof known === 'string' && known <= to.today ? null : { [end]: to.today }
  }
  if (after === null) return null
  if (change.op === 'add') return after
  if (change.op === 'return') return end === null ? after : { ...after, [end]: after[end] ?? null }
  return difference(before ?? {}, after)
}

/** Attributes that differ; one that is no longer there is stated as null. */
function difference(before: NormalAttrs, after: NormalAttrs): NormalAttrs {
  const changed: NormalAttrs = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const next = after[key] ?? null
    if (canonical(before[key] ?? null) !== canonical(next)) changed[key] = next
  }
  return changed
}

/** Attributes without these keys. */
export function without(attrs: NormalAttrs | null, ...keys: string[]): NormalAttrs | null {
  if (attrs === null) return null
  return Object.fromEntries(Object.entries(attrs).filter(([key]) => !keys.includes(key)))
}

/** Replace source keys by ids in both halves of a change, so that facts point at identities. */
export function resolveRefs(
  change: RecordChange,
  refs: Readonly<Record<string, (key: string) => string | undefined>>,
): RecordChange {
  const resolve = (attrs: NormalAttrs | null): NormalAttrs | null => {
    if (attrs === null) return null
    const resolved = { ...attrs }
    for (const [name, find] of Object.entries(refs)) {
      const key = resolved[name]
      if (typeof key === 'string') resolved[name] = find(key) ?? null
    }
    return resolved
  }
  return { ...change, before: resolve(change.before), after: resolve(change.after) }
}

/** Source keys that one attribute names, before and after, over many changes. */
export function keysOf(changes: readonly RecordChange[], ...names: string[]): Set<string> {
  const keys = new Set<string>()
  for (const { before, after } of changes)
    for (const attrs of [before, after])
      for (const name of names) {
        const value = attrs?.[name]
        if (typeof value === 'string') keys.add(value)
      }
  return keys
}
