import type { LdapEntry } from './ldap-entry.ts'

/** `member;range=0-1499`, and with `*` where it is the last part. */
const RANGE = /^(.+);range=(\d+)-(\d+|\*)$/

export function isCut(entry: LdapEntry): boolean {
  for (const name of entry.attributes.keys()) if (name.includes(';range=')) return true
  return false
}

type Ask = (base: string, names: string[]) => Promise<LdapEntry | null>
type Values = (string | Buffer)[]

/**
 * Reads the rest of values that the server gives in parts, in place: `member;range=0-1499`, then `member;range=1500-*`,
 * until a part says `*`. What cannot be read to its end stays under its range name, by which whoever maps the entry
 * knows that it is cut and takes none of it.
 */
export async function completeValues(entry: LdapEntry, ask: Ask): Promise<void> {
  for (const [given, values] of [...entry.attributes]) {
    const part = RANGE.exec(given)
    if (!part) continue
    const name = part[1]!
    const all = part[3] === '*' ? values : await readWhole(entry.dn, name, ask)
    if (!all) continue
    entry.attributes.delete(given)
    entry.attributes.set(name, all)
  }
}

const ATTEMPTS = 3

/**
 * All parts from the first on. They are counted by place, so a member that leaves in between moves another over the cut
 * and out of sight: the entry's change number, where the server has one, must be the same with every part.
 */
async function readWhole(dn: string, name: string, ask: Ask): Promise<Values | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const read = await readParts(dn, name, ask)
    if (read !== 'changed') return read
  }
  return null
}

async function readParts(dn: string, name: string, ask: Ask): Promise<Values | 'changed' | null> {
  const all = new Set<string | Buffer>()
  let mark: string | undefined
  for (let next = 0; ; ) {
    const entry = await ask(dn, [`${name};range=${next}-*`, 'uSNChanged'])
    if (!entry) return null
    const changed = String(entry.attributes.get('usnchanged')?.[0] ?? '')
    if (mark !== undefined && changed !== mark) return 'changed'
    mark = changed
    const found = [...entry.attributes].find(([given]) => RANGE.exec(given)?.[1] === name)
    // No part, with the rest read and nothing changed: what was asked for lies behind the end.
    if (!found) return next === 0 ? (entry.attributes.get(name) ?? null) : [...all]
    const [, , low, high] = RANGE.exec(found[0])!
    if (Number(low) !== next) return null
    for (const value of found[1]) all.add(value)
    if (high === '*') return [...all]
    if (Number(high) < next) return null
    next = Number(high) + 1
  }
}
