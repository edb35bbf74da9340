import { fold } from '../../platform/fold.ts'
import { cleanText, isNone } from '../../systems/transfer/cell-text.ts'
import type { Ground } from './compose-ground.ts'
import type { Keyed } from './known-register.ts'
import { keyedCell, ownerCell } from './record-lines.ts'
import { fault, type Place, type ToldCell } from './told-record.ts'

const marked = (text: string): { name: string; key: string | null } => {
  const [, name, key] = /^(.*?)\s*\[([^[\]]+)\]$/s.exec(text) ?? []
  return key === undefined ? { name: text, key: null } : { name: name ?? '', key: key.trim() }
}

/** What a text comes to among things with a key and a name; `many`: more than one has the name. */
export function findKeyed(text: string, all: readonly Keyed[]): { id: string } | { many: string[] } | null {
  const { name, key } = marked(text)
  if (key !== null) {
    const byKey = all.filter(one => one.key === key || one.id === key)
    if (byKey.length > 0) return byKey.length === 1 ? { id: byKey[0]!.id } : narrowed(byKey, name)
  }
  const plain = all.filter(one => one.key === text)
  if (plain.length === 1) return { id: plain[0]!.id }
  return narrowed(all, name)
}
function narrowed(among: readonly Keyed[], name: string): { id: string } | { many: string[] } | null {
  const named = among.filter(one => fold(cleanText(one.name)) === fold(name))
  if (named.length === 1) return { id: named[0]!.id }
  return named.length > 1 ? { many: named.map(one => one.key) } : null
}

/** Units by `Name [key]`, by key or by name. What we have written for a unit that stands there is that unit. */
export function readUnits(texts: readonly string[], cell: ToldCell, ground: Ground): string[] {
  const { told, before, named, known, faults } = ground
  const old = new Map(
    (before?.units ?? []).map(id => [
      keyedCell(
        named?.units.find(one => one.id === id),
        id,
      ),
      id,
    ]),
  )
  return texts
    .filter(text => !isNone(text))
    .flatMap(text => {
      const same = old.get(text)
      if (same) return [same]
      const found = findKeyed(text, known.units)
      if (found && 'id' in found) return [found.id]
      faults.push(
        found
          ? fault(told, cell.column, text, 'unit-of-many', found.many.join(', '))
          : fault(told, cell.column, text, 'unknown-unit'),
      )
      return []
    })
}

/** The same for a system; null where it is none, and that is said. */
export function readSystem(text: string, column: string, place: Place, ground: Ground): string | null {
  const { before, named, known, faults } = ground
  const same = before?.systems.find(
    ({ systemId }) =>
      keyedCell(
        named?.systems.find(one => one.id === systemId),
        systemId,
      ) === text,
  )
  if (same) return same.systemId
  const found = findKeyed(text, known.systems)
  if (found && 'id' in found) return found.id
  faults.push(fault(place, column, text, 'unknown-system', found ? found.many.join(', ') : null))
  return null
}

/**
 * An employment by its number: nobody is meant by a name alone, since two people may have it. undefined: nobody can be
 * told; what we have written for whoever answers for the record now is them.
 */
export function readOwner(text: string, { before, named, known }: Ground): string | null | undefined {
  if (isNone(text)) return null
  const owner = named?.owner ?? null
  const mine = (number: string | null, hidden: boolean) =>
    owner ? (['da', 'en'] as const).map(language => ownerCell({ ...owner, number, hidden }, language)) : []
  const written = owner
    ? [owner.number, null].flatMap(number => [true, false].flatMap(hidden => mine(number, hidden)))
    : before?.owner
      ? [`[${before.owner}]`]
      : []
  if (written.includes(text)) return before?.owner ?? null
  const { key } = marked(text)
  const people = known.numbers.get(key ?? text) ?? []
  if (people.length === 0 || new Set(people.map(one => one.person)).size > 1) return undefined
  return people.find(one => one.affiliation === before?.owner)?.affiliation ?? people[0]!.affiliation
}
