import { canonicalDn, dnDepth } from '../platform/dn.ts'
import type { DirectoryEntry } from './directory-entry.ts'

/** Entries from the top of the tree down. */
export function byDepth<T extends DirectoryEntry>(entries: readonly T[]): T[] {
  const depths = new Map(entries.map(entry => [entry, dnDepth(canonicalDn(entry.dn))]))
  return [...entries].sort((a, b) => depths.get(a)! - depths.get(b)!)
}
