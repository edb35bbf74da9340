import type { Tx } from '../platform/unit-of-work.ts'
import { sourceLateSql } from '../systems/observation-age.ts'

/** Names of what facts and reasons refer to by key: units, positions, roles; and of sources, with what they were last read. */
export type Names = {
  unit: Map<string, string>
  position: Map<string, string>
  role: Map<string, string>
  source: Sources
}
/** `seenAt`: when it was last read, everything or changes. `late`: it has a rhythm and has missed it twice. */
export type Sources = ReadonlyMap<string, { name: string; seenAt: string | null; late: boolean }>
type SourceNames = Record<string, { name: string | { da?: string; en?: string }; seenAt: string | null; late: boolean }>

export type Keys = Record<'unit' | 'position' | 'role', string[]>

/** Something else that a page asks at the same time: SQL of one row, numbered from where it is asked to start. */
export type Beside = { name: string; sql: (place: number) => string; params: readonly unknown[] }

/** All names, or those of some keys, with all sources (there are few). One statement. */
export const readNames = async (tx: Tx, keys: Keys | null = null): Promise<Names> => (await namesBeside(tx, keys)).names

/** The same, and what is asked beside it, in the same statement. */
export async function namesBeside<Row>(
  tx: Tx,
  keys: Keys | null,
  beside?: Beside,
): Promise<{ names: Names; beside: Row | null }> {
  const some = (place: number) => (keys ? `key = any($${place})` : 'true')
  // One value a kind, not a row a name: a thousand rows take longer to take apart than to read.
  const known = keys ? [keys.unit, keys.position, keys.role] : []
  const [row] = await tx.prepared<
    Record<keyof Keys, Record<string, string>> & { source: SourceNames; beside: Row | null }
  >(
    [keys ? 'some names' : 'names', ...(beside ? [beside.name] : [])].join(', '),
    `select (select coalesce(json_object_agg(key, name), '{}') from org_unit_current where ${some(1)}) as unit,
       (select coalesce(json_object_agg(key, name), '{}') from position where ${some(2)}) as position,
       (select coalesce(json_object_agg(key, name), '{}') from rights_role where upper_inf(recorded) and ${some(3)}) as role,
       (select coalesce(json_object_agg(key, json_build_object('name', name, 'seenAt', greatest(complete_at, changes_at),
         'late', ${sourceLateSql('source')})), '{}') from source) as source,
       ${beside ? `(select row_to_json(b) from (${beside.sql(known.length + 1)}) b)` : 'null'} as beside`,
    [...known, ...(beside?.params ?? [])],
  )
  const named = (kind: 'unit' | 'position' | 'role') => new Map(Object.entries(row?.[kind] ?? {}))
  const names = {
    unit: named('unit'),
    position: named('position'),
    role: named('role'),
    source: new Map(
      Object.entries(row?.source ?? {}).map(([key, { name, seenAt, late }]) => [
        key,
        {
          name: typeof name === 'string' ? name : (name.da ?? name.en ?? key),
          seenAt: seenAt === null ? null : new Date(seenAt).toISOString(),
          late,
        },
      ]),
    ),
  }
  return { names, beside: row?.beside ?? null }
}

/** A fact's value as a person reads it: names instead of keys; "unit is at or below" is the unit's name. */
export function factText(names: Names, field: string, value: unknown): string {
  if (Array.isArray(value)) return value.map(one => factText(names, field, one)).join(', ')
  const key = String(value ?? '')
  const kind = namedBy(field)
  return kind ? (names[kind].get(key) ?? key) : key
}

/** The kind of name behind the values of a fact, where they are keys. */
export function namedBy(field: string): 'unit' | 'position' | null {
  if (field === 'position') return 'position'
  return field === 'unitPath' || field === 'unitKey' || field === 'networks' || field === 'managerOf' ? 'unit' : null
}

/** Where something comes from, as pages say it. */
export const originOf = (sources: Sources, source: string) => ({
  source,
  sourceName: sources.get(source)?.name ?? source,
  seenAt: sources.get(source)?.seenAt ?? null,
})
