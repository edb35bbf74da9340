import type { NamedRef } from '#contract/catalogue.ts'
import { SHEET } from '#contract/sheet.ts'
import { personRefSql, visibleTo } from '../../access/visible.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import type { SheetChange } from '../../systems/catalogue/effective-sheet.ts'

type Ref = { affiliation?: string; unit?: string; words?: string }
type Found = {
  people: Record<string, { person: { name: string | null } | null; unit: string | null }>
  units: Record<string, string>
  systems: Record<string, string>
  heard: { kind: 'affiliation' | 'unit'; key: string; id: string }[]
}

/**
 * Changes as people read them: whom and which unit they name, and the systems of flows by name, as far as the reader may
 * know. A feed's words that are somebody's number lead to whom they lead on the sheet. One statement, or none where
 * nothing has to be looked up.
 */
export async function namedChanges(
  tx: Tx,
  actor: Actor,
  changes: readonly (readonly SheetChange[])[],
): Promise<SheetChange[][]> {
  const refs = { people: [] as Ref[], units: [] as Ref[], systems: new Set<string>() }
  for (const { field, before, after } of changes.flat())
    for (const value of [before, after]) {
      if (value === null || value === undefined) continue
      if (SHEET[field].kind === 'person') refs.people.push(value as Ref)
      if (SHEET[field].kind === 'unit') refs.units.push(value as Ref)
      if (field === 'flows') for (const flow of value as { system: string }[]) refs.systems.add(flow.system)
    }
  if (refs.people.length + refs.units.length + refs.systems.size === 0) return changes.map(one => [...one])
  const found = await look(tx, actor, refs)
  const heard = new Map(found.heard.map(one => [`${one.kind} ${one.key}`, one.id]))
  const person = (ref: Ref): NamedRef => {
    const known = found.people[ref.affiliation ?? heard.get(`affiliation ${ref.words}`) ?? '']
    const name = known?.person?.name ?? null
    const hidden = known?.person !== undefined && known.person !== null && name === null
    return {
      name,
      hidden,
      unit: hidden ? null : (known?.unit ?? null),
      words: known?.person ? null : (ref.words ?? null),
    }
  }
  const unit = (ref: Ref): NamedRef => {
    const name = found.units[ref.unit ?? heard.get(`unit ${ref.words}`) ?? ''] ?? null
    return { name, hidden: false, unit: null, words: name === null ? (ref.words ?? null) : null }
  }
  const named = (field: SheetChange['field'], value: unknown): unknown => {
    if (value === null || value === undefined) return value
    if (SHEET[field].kind === 'person') return person(value as Ref)
    if (SHEET[field].kind === 'unit') return unit(value as Ref)
    if (field !== 'flows') return value
    return (value as { system: string }[]).map(one => ({ ...one, system: found.systems[one.system] ?? one.system }))
  }
  return changes.map(row =>
    row.map(({ field, before, after }) => ({ field, before: named(field, before), after: named(field, after) })),
  )
}

async function look(
  tx: Tx,
  actor: Actor,
  { people, units, systems }: { people: Ref[]; units: Ref[]; systems: ReadonlySet<string> },
): Promise<Found> {
  const q = statement()
  const may = visibleTo(actor, q)
  const of = (refs: readonly Ref[], name: keyof Ref) => [...new Set(refs.flatMap(one => one[name] ?? []))]
  const affiliations = q.bind(of(people, 'affiliation'), 'uuid[]')
  const unitIds = q.bind(of(units, 'unit'), 'uuid[]')
  const numbers = q.bind(of(people, 'words'), 'text[]')
  const unitKeys = q.bind(of(units, 'words'), 'text[]')
  const keys = q.bind([...systems], 'text[]')
  const [row] = await tx.query<Found>(
    `with heard as materialized (
       -- As linkReferences (link-references.ts) reads words.
       select r.kind, r.key, min(r.subject_id::text) as id from source_record r
       where r.subject_id is not null and (r.kind = 'affiliation' and r.key = any(${numbers})
         or r.kind = 'unit' and r.key = any(${unitKeys}))
       group by r.kind, r.key
     )
     select
       coalesce((select jsonb_object_agg(a.id, jsonb_build_object('person', ${personRefSql('p', may.name('p'))}, 'unit', u.name))
         from affiliation a left join affiliation_current ac on ac.affiliation_id = coalesce(a.merged_into, a.id)
         left join person_current p on p.person_id = coalesce(ac.person_id, a.person_id)
         left join org_unit_current u on u.unit_id = ac.unit_id
         where a.id = any(${affiliations}) or a.id in (select id::uuid from heard where kind = 'affiliation')), '{}') as people,
       coalesce((select jsonb_object_agg(u.unit_id, u.name) from org_unit_current u
         where u.unit_id = any(${unitIds}) or u.unit_id in (select id::uuid from heard where kind = 'unit')), '{}') as units,
       coalesce((select jsonb_object_agg(s.key, s.name) from it_system s where s.key = any(${keys})), '{}') as systems,
       coalesce((select jsonb_agg(to_jsonb(h)) from heard h), '[]') as heard`,
    q.params,
  )
  if (!row) throw new Error('no answer of one row')
  return row
}
