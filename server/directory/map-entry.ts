import { z } from 'zod'
import { compileMapping, type Mapper, mapping, namesIn } from '../feeds/reading/map-record.ts'
import type { ReadItem } from '../feeds/reading/reader.ts'
import { recordKind } from '../feeds/sources/source.ts'
import { canonicalDn, dnKey, parentDn } from '../platform/dn.ts'
import type { RecordKind } from '../platform/feed-record.ts'
import { type DirectoryEntry, realNames, textValues } from './directory-entry.ts'
import { rawOf } from './sample-entries.ts'

const matchValue = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])
export const entryRecord = z.strictObject({
  record: recordKind,
  /** Each attribute must have one of the values, in any case of letters; `*` is any value. */
  match: z.record(z.string(), matchValue),
  /** None of these may. */
  unless: z.record(z.string(), matchValue).optional(),
  key: z.string().min(1),
  map: mapping,
})
export type EntryRecord = z.output<typeof entryRecord>

type Compiled = {
  kind: RecordKind
  matches(entry: DirectoryEntry): boolean
  key: string
  map: Mapper
}

/**
 * Entries to records: each rule that fits an entry gives one record. Keys of entries above are kept by DN while the
 * directory is read (`parent: true`), so parents must come first; they do in exports and in the searches made here.
 */
export function entryMapper(
  rules: readonly EntryRecord[],
  placeOf: (entry: DirectoryEntry) => string,
  units: Map<string, string> = new Map(),
) {
  const compiled: Compiled[] = rules.map(rule => ({
    kind: rule.record,
    matches: matcher(rule),
    key: rule.key,
    map: compileMapping(lowerMembers(rule.map)),
  }))
  return (entry: DirectoryEntry): ReadItem[] => {
    const items: ReadItem[] = []
    let cut: string | undefined
    for (const name of entry.attributes.keys()) if (name.includes(';range=')) cut = name
    const values = (name: string) => textValues(entry, name)
    const parent = () => units.get(dnKey(parentDn(canonicalDn(entry.dn)))) ?? null
    for (const { kind, matches, key: keyName, map } of compiled) {
      if (!matches(entry)) continue
      const key = values(keyName)[0]
      const at = placeOf(entry)
      if (!key) {
        items.push({ reject: 'key-missing', kind, at, params: { attribute: keyName }, raw: rawOf(entry) })
        continue
      }
      if (cut) {
        // A member list that the server cut is no list: taking it would end the rights of those it leaves out.
        items.push({ reject: 'values-cut', kind, key, at, params: { attribute: cut } })
        continue
      }
      const mapped = map(values, parent)
      if (!mapped.ok) items.push({ reject: mapped.reason, kind, key, at, params: mapped.params, raw: rawOf(entry) })
      else {
        if (kind === 'unit') units.set(dnKey(canonicalDn(entry.dn)), key)
        items.push({ kind, key, attrs: mapped.attrs, at })
      }
    }
    return items
  }
}

/** Names of the attributes that the rules read, for asking a server for these and no others. */
export function attributesOf(rules: readonly EntryRecord[]): string[] {
  const names = new Map<string, string>()
  for (const { match, unless, key, map } of rules)
    for (const name of [...Object.keys(match), ...Object.keys(unless ?? {}), key, ...namesIn(map)])
      for (const real of realNames(name)) names.set(real.toLowerCase(), real)
  return [...names.values()]
}

function matcher({ match, unless }: EntryRecord): (entry: DirectoryEntry) => boolean {
  const wanted = Object.entries(match).map(compileMatch)
  const unwanted = Object.entries(unless ?? {}).map(compileMatch)
  return entry => wanted.every(one => one(entry)) && !unwanted.some(one => one(entry))
}

function compileMatch([name, value]: [string, string | string[]]): (entry: DirectoryEntry) => boolean {
  const values = new Set([value].flat().map(text => text.toLowerCase()))
  const any = values.has('*')
  return entry => textValues(entry, name).some(text => (any ? text !== '' : values.has(text.toLowerCase())))
}

/** Members are compared as DNs: without regard to case and free blanks. Done here once, so that every source does. */
function lowerMembers(map: EntryRecord['map']): EntryRecord['map'] {
  const rule = map.members
  if (rule === undefined) return map
  return { ...map, members: { ...(typeof rule === 'string' ? { attribute: rule } : rule), lower: true, dn: true } }
}
