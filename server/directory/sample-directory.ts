import type { SampleEntry } from '../feeds/reading/reader.ts'
import type { LdapClient } from '../platform/ldap-client.ts'
import { searchPages } from '../platform/ldap-search.ts'
import { asked, type DirectorySearch } from './ldap-source.ts'
import { entryMapper } from './map-entry.ts'
import { byDepth } from './order-entries.ts'
import { type Candidate, pickSample } from './sample-entries.ts'

/** Entries of a search that are looked at. */
const LOOKED_AT = 100

/**
 * Some live entries with all that they have (not only what the mapping asks for, so that it can be made from them) and
 * what the mapping makes of them. Searches for parents are read to their end: others refer to their entries.
 */
export async function sampleDirectory(
  client: LdapClient,
  searches: readonly DirectorySearch[],
  count: number,
): Promise<SampleEntry[]> {
  const keys = new Map<string, string>()
  const candidates: Candidate[] = []
  for (const search of searches) {
    const map = entryMapper(search.records, entry => entry.dn, keys)
    const whole = asked(search, LOOKED_AT)
    const entries = []
    for await (const page of searchPages(client, { ...whole, attributes: ['*', ...whole.attributes] })) {
      entries.push(...page)
      if (!search.parentsFirst) break
    }
    const mapped = byDepth(entries).map(entry => ({ entry, at: entry.dn, items: map(entry) }))
    candidates.push(...mapped.slice(0, LOOKED_AT))
  }
  return pickSample(candidates, count)
}
