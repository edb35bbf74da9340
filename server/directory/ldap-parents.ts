import { canonicalDn, dnKey, isWithin, parentDn } from '../platform/dn.ts'
import type { LdapClient } from '../platform/ldap-client.ts'
import { searchPages } from '../platform/ldap-search.ts'
import { isProblem } from '../platform/problem.ts'
import type { DirectoryEntry } from './directory-entry.ts'
import { asked, type DirectorySearch } from './ldap-source.ts'
import { entryMapper } from './map-entry.ts'

/**
 * Keys of the entries above these, into `keys`, as they stand there after a full read: a few entries are read again and
 * say which unit they are in. One look-up for each entry above, by the searches that give units.
 */
export async function addParents(
  client: LdapClient,
  searches: readonly DirectorySearch[],
  entries: readonly DirectoryEntry[],
  keys: Map<string, string>,
): Promise<void> {
  const units = searches.filter(search => search.parentsFirst)
  if (units.length === 0) return
  const above = new Map(entries.map(entry => [dnKey(parentDn(canonicalDn(entry.dn))), parentDn(canonicalDn(entry.dn))]))
  for (const [name, dn] of above) {
    if (keys.has(name)) continue
    for (const search of units) {
      if (!isWithin(dn, search.base)) continue
      for (const entry of await readOne(client, search, dn)) entryMapper(search.records, one => one.dn, keys)(entry)
    }
  }
}

async function readOne(client: LdapClient, search: DirectorySearch, dn: string): Promise<DirectoryEntry[]> {
  const found: DirectoryEntry[] = []
  try {
    for await (const page of searchPages(client, { ...asked(search, 1), base: dn, scope: 'base' })) found.push(...page)
  } catch (error) {
    // Not there any more, or not to be seen: then it is nobody's unit.
    if (!isProblem(error) || error.problem !== 'source-invalid') throw error
  }
  return found
}
