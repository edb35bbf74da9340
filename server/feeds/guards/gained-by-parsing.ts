import type { Aspect } from '#contract/held.ts'
import type { RecordKind } from '../../platform/feed-record.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { WeighedItem } from './decide-held.ts'

/** Attributes that no record of the kind had before, and how many records have gained them. */
export type Gained = { kind: RecordKind; attributes: string[]; count: number }

/** A gain of these is one of somebody's standing, whoever found it: it stays with the guards. */
const HARMLESS: ReadonlySet<Aspect> = new Set(['other', 'activity'])

/**
 * A newer version of this program reads more out of the same entries: primary groups, say. Its first full read would
 * look like a change of everybody and wait for a second person who has nothing to compare it with. So changes that do
 * nothing but give records a value of an attribute that no live record of the source had count with no guard. Anything
 * else about a record, also in the same change, makes it count; and so does a gain that moves, renames, disables or ends.
 * A record that is only written in another way, with nothing in it that was not there, counts with none either.
 */
export async function gainedByParsing(
  tx: Tx,
  source: string,
  every: readonly WeighedItem[],
): Promise<{ gained: Gained[]; items: ReadonlySet<number> }> {
  const filling = every.filter(item => item.fills && [...item.aspects].every(aspect => HARMLESS.has(aspect)))
  const named = new Map(
    filling.flatMap(({ kind, changes }) =>
      changes.map(({ attribute }) => [`${kind} ${attribute}`, { kind, attribute }] as const),
    ),
  )
  const known =
    named.size === 0
      ? []
      : await tx.query<{ name: string }>(
          `select w.kind || ' ' || w.attribute as name from jsonb_to_recordset($2::jsonb) as w(kind text, attribute text)
     where exists (select from source_record r where r.source = $1 and r.kind = w.kind and r.gone_at is null
       and coalesce(r.payload ->> w.attribute, '') not in ('', '[]'))`,
          [source, JSON.stringify([...named.values()])],
        )
  const had = new Set(known.map(row => row.name))
  const items = filling.filter(({ kind, changes }) =>
    changes.every(({ attribute }) => !had.has(`${kind} ${attribute}`)),
  )
  const gaining = items.filter(item => item.changes.length > 0)
  const gained = [...Map.groupBy(gaining, item => item.kind)].map(([kind, of]) => ({
    kind: kind as RecordKind,
    attributes: [...new Set(of.flatMap(item => item.changes.map(change => change.attribute)))].sort(),
    count: of.length,
  }))
  return { gained, items: new Set(items.map(item => item.n)) }
}
