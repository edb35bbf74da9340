import type { AuthorityLookup } from '../../platform/feed-record.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { authorityOf, type SourceDeclaration } from './source.ts'

/** Whose word counts for which attribute, as the sources are declared now. */
export async function authorityNow(tx: Tx): Promise<AuthorityLookup> {
  return authorityOf(
    await tx.query<Pick<SourceDeclaration, 'key' | 'authority'>>(
      `select key, declaration -> 'authority' as authority from source where declaration ? 'authority'`,
    ),
  )
}
