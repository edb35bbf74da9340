import { problem } from '../platform/problem.ts'
import type { MergeRow } from './merge-rows-store.ts'

export type MergeSubject = {
  id: string
  realm: 'staff' | 'pupil'
  mergedInto: string | null
  /** Null: no source says anything about this identity. */
  kind: string | null
  cpr: string | null
}
export type PersonMerge = MergeRow

export type MergeStore = {
  lock(): Promise<void>
  subject(id: string): Promise<MergeSubject | null>
  insert(merge: { survivorId: string; absorbedId: string; actorId: string; reason: string }): Promise<string>
  read(id: string): Promise<PersonMerge | null>
  close(id: string, by: string, reason: string): Promise<void>
  /** Brings what is derived in line; answers every identity that it touched. */
  follow(ids: readonly string[]): Promise<string[]>
}

/**
 * Two records are one person. Both keep their keys and facts; the survivor stands for both until the merge is undone.
 * Throws `not-found`, `merge-refused` (with why), `reason-needed`.
 */
export async function mergePersons(
  store: MergeStore,
  input: { survivorId: string; absorbedId: string; reason: string },
  actor: { userId: string },
): Promise<{ mergeId: string; touched: string[] }> {
  const reason = reasonOf(input.reason)
  await store.lock()
  // Always in the same order, so that two who merge the same two the other way round do not wait for each other.
  const [first, second] = [input.survivorId, input.absorbedId].sort() as [string, string]
  const found = [await store.subject(first), await store.subject(second)]
  const survivor = found.find(one => one?.id === input.survivorId)
  const absorbed = found.find(one => one?.id === input.absorbedId)
  if (!survivor || !absorbed) throw problem('not-found')
  const why = whyNotMerge(survivor, absorbed)
  if (why) throw problem('merge-refused', { detail: why })
  const mergeId = await store.insert({
    survivorId: survivor.id,
    absorbedId: absorbed.id,
    actorId: actor.userId,
    reason,
  })
  return { mergeId, touched: await store.follow([survivor.id, absorbed.id]) }
}

/** Two people again. Throws `not-found`, `conflict` where it has been undone already, `reason-needed`. */
export async function unmergePersons(
  store: MergeStore,
  input: { mergeId: string; reason: string },
  actor: { userId: string },
): Promise<{ merge: PersonMerge; touched: string[] }> {
  const reason = reasonOf(input.reason)
  await store.lock()
  const merge = await store.read(input.mergeId)
  if (!merge) throw problem('not-found')
  if (merge.undoneAt) throw problem('conflict', { detail: 'These two have been taken apart already.' })
  await store.close(merge.id, actor.userId, reason)
  return { merge, touched: await store.follow([merge.survivorId, merge.absorbedId]) }
}

/** Why two are not merged, in words; null: nothing speaks against it. */
export function whyNotMerge(survivor: MergeSubject, absorbed: MergeSubject): string | null {
  if (survivor.id === absorbed.id) return 'This is one and the same person.'
  if (survivor.mergedInto !== null || absorbed.mergedInto !== null)
    return 'One of the two has been merged already. Use the person it was merged into, or take the two apart first.'
  if (survivor.realm !== absorbed.realm)
    return 'A pupil and an employee are two identities, also when they are one human being.'
  if (survivor.kind === null || absorbed.kind === null) return 'No source says anything about one of the two yet.'
  if (survivor.cpr && absorbed.cpr && survivor.cpr !== absorbed.cpr && !isReplacement(survivor.cpr, absorbed.cpr))
    return 'The two have different CPR numbers, so they are two people. If one number is wrong, correct it in the source first.'
  return null
}

/** Replacement numbers have 60 added to the day: whoever has one may get a real one later. */
const isReplacement = (...numbers: string[]): boolean => numbers.some(cpr => Number(cpr.slice(0, 2)) > 60)

function reasonOf(text: string): string {
  const reason = text.trim()
  if (reason.length < 5) throw problem('reason-needed')
  return reason
}
