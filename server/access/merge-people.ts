import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { mergePreview } from '#contract/person-matches.ts'
import { authorityOf, type SourceDeclaration } from '../feeds/sources/source.ts'
import { mergePersons, unmergePersons } from '../people/merge-service.ts'
import { createMergeStore } from '../people/merge-store.ts'
import type { Keyring } from '../platform/keyring.ts'
import { problem } from '../platform/problem.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { relinkPeople } from '../systems/link-store.ts'
import { catchUp } from './access-store.ts'
import type { AfterDecided } from './after-decided.ts'
import { moveExceptions } from './drift/exception-store.ts'
import type { LocalAdministrators } from './last-administrator.ts'
import { refreshPersonRights } from './person-rights-store.ts'

export type MergeParts = {
  keyring: Keyring
  now: Date
  today: string
  localAdministrators?: LocalAdministrators
  after?: readonly AfterDecided[]
}
type Pair = { survivorId: string; absorbedId: string }
type Preview = z.output<typeof mergePreview>
/** A preview without what only the reader decides: names, and the values that are compared. */
export type MergeEffect = {
  survivor: Counts
  absorbed: Counts
  after: Counts
  affiliations: (Omit<Preview['affiliations'][number], 'unit'> & { unitId: string | null })[]
  accounts: Preview['accounts']
  gains: Preview['gains']
  losses: Preview['losses']
  hash: string
}
type Counts = { affiliations: number; accounts: number; expected: number; observed: number }

/** Merges, with everything that follows from it, in one transaction. Throws as `mergePersons` of the people room. */
export async function merge(
  tx: Tx,
  input: Pair & { reason: string },
  actor: { userId: string },
  parts: MergeParts,
): Promise<{ mergeId: string }> {
  const { mergeId, touched } = await mergePersons(await storeOn(tx, parts), input, actor)
  await moveExceptions(tx, input.absorbedId, input.survivorId, parts.now)
  await consequences(tx, touched, { ...parts, cause: `merge ${mergeId}` })
  return { mergeId }
}

/** Takes two people apart again, with everything that follows from it. */
export async function unmerge(
  tx: Tx,
  input: { mergeId: string; reason: string },
  actor: { userId: string },
  parts: MergeParts,
): Promise<Pair> {
  const { merge: undone, touched } = await unmergePersons(await storeOn(tx, parts), input, actor)
  await consequences(tx, touched, { ...parts, cause: `unmerge ${undone.id}` })
  return { survivorId: undone.survivorId, absorbedId: undone.absorbedId }
}

/**
 * What a merge would change: it is carried out and taken back within the transaction, so that the preview cannot say
 * anything else than what the merge does.
 */
export async function mergeEffect(tx: Tx, pair: Pair, parts: MergeParts): Promise<MergeEffect> {
  const ids = [pair.survivorId, pair.absorbedId]
  await tx.query('savepoint merge_preview')
  const before = await stateOf(tx, ids)
  await merge(tx, { ...pair, reason: 'preview' }, { userId: 'preview' }, parts)
  const after = await stateOf(tx, ids)
  await tx.query('rollback to savepoint merge_preview')
  const side = (personId: string): 'survivor' | 'absorbed' => (personId === pair.survivorId ? 'survivor' : 'absorbed')
  const had = new Map(before.rights.map(right => [right.key, right]))
  const has = new Map(after.rights.map(right => [right.key, right]))
  const primary = new Set(before.affiliations.filter(one => one.primary).map(one => one.id))
  const now = new Map(after.affiliations.map(one => [one.id, one.primary]))
  const effect = {
    survivor: countsOf(before, pair.survivorId),
    absorbed: countsOf(before, pair.absorbedId),
    after: countsOf(after, pair.survivorId),
    affiliations: before.affiliations.map(({ personId, primary: _, ...one }) => ({
      ...one,
      from: side(personId),
      primaryBefore: primary.has(one.id),
      primaryAfter: now.get(one.id) ?? false,
    })),
    accounts: before.accounts.map(({ personId, ...one }) => ({ ...one, from: side(personId) })),
    gains: [...has.values()].filter(right => !had.has(right.key)),
    losses: [...had.values()].filter(right => !has.has(right.key)),
  }
  return {
    ...effect,
    hash: createHash('sha256')
      .update(JSON.stringify([pair, effect]))
      .digest('hex'),
  }
}

/** Throws `plan-stale` where the merge would do something else than what was looked at. */
export async function checkUnchanged(tx: Tx, pair: Pair, hash: string, parts: MergeParts): Promise<void> {
  const effect = await mergeEffect(tx, pair, parts)
  if (effect.hash !== hash)
    throw problem('plan-stale', {
      detail: 'The merge would change something else than what you looked at. Look again.',
    })
}

async function storeOn(tx: Tx, parts: MergeParts) {
  const sources = await tx.query<Pick<SourceDeclaration, 'key' | 'authority'>>(
    `select key, declaration -> 'authority' as authority from source where declaration ? 'authority'`,
  )
  return createMergeStore(tx, { authority: authorityOf(sources), ...parts })
}

async function consequences(tx: Tx, touched: readonly string[], when: MergeParts & { cause: string }): Promise<void> {
  const people = await relinkPeople(tx, touched, when.now)
  await catchUp(tx, when)
  await refreshPersonRights(tx, [...new Set([...touched, ...people])])
}

type State = {
  affiliations: {
    id: string
    personId: string
    kind: Preview['affiliations'][number]['kind']
    status: Preview['affiliations'][number]['status']
    title: string | null
    unitId: string | null
    primary: boolean
  }[]
  accounts: { id: string; personId: string; source: string; username: string }[]
  rights: { key: string; name: string; system: string }[]
  counts: { personId: string; expected: number; observed: number }[]
}

async function stateOf(tx: Tx, ids: readonly string[]): Promise<State> {
  return {
    affiliations: await tx.query(
      `select affiliation_id as id, person_id as "personId", kind, status, title, unit_id as "unitId", is_primary as primary
       from affiliation_current where person_id = any($1) order by affiliation_id`,
      [ids],
    ),
    accounts: await tx.query(
      `select id, person_id as "personId", source, username from account where person_id = any($1) and situation <> 'gone'
       order by source, username, id`,
      [ids],
    ),
    rights: await tx.query(
      `select distinct e.key, e.name, s.name as system from affiliation_current ac
       join assignment a on a.affiliation_id = ac.affiliation_id join entitlement e on e.id = a.entitlement_id
       join it_system s on s.id = e.system_id where ac.person_id = any($1) order by s.name, e.name, e.key`,
      [ids],
    ),
    counts: await tx.query(
      `select person_id as "personId", expected, observed from person_rights where person_id = any($1)`,
      [ids],
    ),
  }
}

function countsOf(state: State, personId: string): Counts {
  const counted = state.counts.find(one => one.personId === personId)
  return {
    affiliations: state.affiliations.filter(one => one.personId === personId).length,
    accounts: state.accounts.filter(one => one.personId === personId).length,
    expected: counted?.expected ?? 0,
    observed: counted?.observed ?? 0,
  }
}
