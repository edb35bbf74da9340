import type { ActivityContent } from '#contract/activity-content.ts'
import type { ContentChange } from '#contract/activity-versions.ts'

type Json = Record<string, unknown>

/**
 * What tells the entries of each list apart. The order of entries says nothing: moving a row is no change. Two entries
 * of one name are told apart by their number.
 */
const KEYS: Record<string, (entry: never) => string> = {
  purposes: (one: { key: string }) => one.key,
  retention: (one: { key: string }) => one.key,
  systems: (one: { systemId: string }) => one.systemId,
  rows: (one: { subject: string; data: string; recipient: string | null }) =>
    `${one.subject}|${one.data}|${one.recipient ?? ''}`,
  transfers: (one: { recipient: string; country: string }) => `${one.recipient}|${one.country}`,
  jointControllers: (one: { name: string }) => one.name,
  processing: (one: { controller: { name: string } }) => one.controller.name,
  units: String,
  kle: String,
  measures: String,
}

/** What sets two contents of one kind apart, field by field, in the order of the content. Equal contents: nothing. */
export function diffContent(before: ActivityContent, after: ActivityContent): ContentChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap(field => {
    const [was, is] = [(before as Json)[field], (after as Json)[field]]
    const keyOf = KEYS[field]
    return keyOf ? diffList(field, entries(was, keyOf), entries(is, keyOf)) : diffValue(field, null, null, was, is)
  })
}

/** The content that the changes lead to, with the entries of each list in the order of their keys. */
export function applyChanges(before: ActivityContent, changes: readonly ContentChange[]): ActivityContent {
  const result = structuredClone(before) as Json
  for (const [field, keyOf] of Object.entries(KEYS)) {
    if (!(field in result) && !changes.some(change => change.field === field)) continue
    const list = entries(result[field], keyOf)
    for (const change of changes.filter(one => one.field === field && one.key !== null)) {
      const key = change.key as string
      if (change.kind === 'removed') list.delete(key)
      else if (change.part === null) list.set(key, change.after)
      else list.set(key, { ...(list.get(key) as Json), [change.part]: change.after })
    }
    result[field] = [...list.keys()].sort().map(key => list.get(key))
  }
  for (const change of changes.filter(one => one.key === null)) {
    if (change.kind === 'removed' && change.after === undefined) delete result[change.field]
    else result[change.field] = change.after
  }
  return result as ActivityContent
}

function entries(list: unknown, keyOf: (entry: never) => string): Map<string, unknown> {
  const found = new Map<string, unknown>()
  for (const entry of (list ?? []) as unknown[]) {
    const key = keyOf(entry as never)
    let name = key
    for (let n = 2; found.has(name); n++) name = `${key} (${n})`
    found.set(name, entry)
  }
  return found
}

function diffList(field: string, before: Map<string, unknown>, after: Map<string, unknown>): ContentChange[] {
  const gone = [...before].filter(([key]) => !after.has(key))
  return [
    ...gone.map(([key, was]) => change(field, key, null, 'removed', was, null)),
    ...[...after].flatMap(([key, is]) => {
      if (!before.has(key)) return [change(field, key, null, 'added', null, is)]
      const was = before.get(key)
      if (typeof is !== 'object' || is === null) return []
      return [...new Set([...Object.keys(was as Json), ...Object.keys(is)])].flatMap(part =>
        diffValue(field, key, part, (was as Json)[part], (is as Json)[part]),
      )
    }),
  ]
}

function diffValue(field: string, key: string | null, part: string | null, was: unknown, is: unknown): ContentChange[] {
  if (same(was, is)) return []
  const kind = empty(was) ? 'added' : empty(is) ? 'removed' : 'changed'
  return [change(field, key, part, key !== null ? 'changed' : kind, was ?? null, is ?? null)]
}

const change = (
  field: string,
  key: string | null,
  part: string | null,
  kind: ContentChange['kind'],
  before: unknown,
  after: unknown,
): ContentChange => ({ field, key, part, kind, before, after })

const empty = (value: unknown) => value === null || value === undefined || (Array.isArray(value) && value.length === 0)

/** Equal as JSON, whatever the order of keys. */
function same(one: unknown, other: unknown): boolean {
  if (one === other || (one ?? null) === (other ?? null)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const [a, b] = [one as Json, other as Json]
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...names].every(name => same(a[name], b[name]))
}
