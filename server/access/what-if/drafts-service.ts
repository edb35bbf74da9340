import { say } from '#contract/said.ts'
import type { WhatIfBase } from '#contract/what-if.ts'
import type { DraftChange, DraftState, HeldDraft } from '#contract/what-if-draft.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { loadRoles } from '../../rules/rules-store.ts'
import { mistakesOf, readRulesYaml } from '../../rules/rules-yaml.ts'
import { loadEntitlements } from '../../systems/system-store.ts'
import { announce, withdrawAnnouncements } from './announce-draft.ts'
import { carryOut, outcomeNow } from './carry-out-draft.ts'
import { type Computed, computeWhatIf } from './compute-what-if.ts'
import * as store from './draft-store.ts'
import { around, stampOf } from './guards-view.ts'
import { type Stamp, type Summary, summarise } from './summarise.ts'
import type { When } from './when.ts'

type Content = Pick<store.StoredDraft, 'name' | 'note' | 'onDate' | 'changes'>

const OPEN: readonly DraftState[] = ['draft', 'approved', 'stale']

export async function createDraft(tx: Tx, given: Content, by: string, when: When): Promise<string> {
  checkDate(given.onDate, when.today)
  const id = newId()
  await store.insertDraft(tx, id, given, by, when.now)
  return id
}

/** Throws `conflict` where somebody else has changed it since `version`, or it is decided. Announcements it made are void. */
export async function changeDraft(
  tx: Tx,
  draft: store.StoredDraft,
  given: Content & { version: number },
  when: When,
): Promise<number> {
  stillOpen(draft)
  if (draft.version !== given.version)
    throw problem('conflict', {
      detail: 'Somebody changed this draft in the meantime. Open it again.',
      said: say('draft-changed', {}),
    })
  if (given.onDate !== draft.onDate) checkDate(given.onDate, when.today)
  const seen = new Set<string>()
  for (const change of given.changes) {
    if (seen.has(change.id))
      throw problem('data-invalid', { errors: [{ where: change.id, what: 'Two changes have the same id' }] })
    seen.add(change.id)
  }
  await withdrawAnnouncements(tx, draft, when)
  return store.updateDraft(tx, draft.id, given, when.now)
}

/** Rules and roles of a YAML text as changes, one each. Throws `rules-invalid` with every problem and its line. */
export async function rulesAsChanges(tx: Tx, yaml: string): Promise<DraftChange[]> {
  const knownEntitlements = (await loadEntitlements(tx)).map(row => row.key)
  const read = readRulesYaml(yaml, 'draft.yaml', { knownEntitlements, knownRoles: await loadRoles(tx) })
  if (!read.content)
    throw problem('rules-invalid', {
      detail: `The rules are not valid: ${read.problems.length} problem(s); the first: ${read.problems[0]?.message ?? ''}`,
      errors: mistakesOf(read.problems),
    })
  if (read.content.rules.length + read.content.roles.length === 0)
    throw problem('rules-invalid', {
      detail: 'There is no rule and no role in it.',
      said: say('draft-without-rules', {}),
    })
  const id = () => newId().slice(0, 18)
  return [
    ...read.content.roles.map((role): DraftChange => ({ id: id(), kind: 'role-put', role: { ...role } })),
    ...read.content.rules.map((rule): DraftChange => ({ id: id(), kind: 'rule-put', rule: { ...rule } })),
  ]
}

export type Worked = { computed: Computed; summary: Summary; stamp: Stamp }

/** What the draft would do, in the caller's snapshot. Throws `data-invalid` or `rules-invalid` with the changes that are wrong. */
export async function workOut(
  tx: Tx,
  draft: Pick<store.StoredDraft, 'name' | 'onDate' | 'changes'>,
  base: WhatIfBase,
  when: Pick<When, 'today' | 'now'>,
): Promise<Worked> {
  const computed = await computeWhatIf(tx, draft, { today: when.today, now: when.now, base })
  const [first] = computed.worlds.problems
  if (first)
    throw problem(computed.worlds.problems.some(one => one.kind === 'rules') ? 'rules-invalid' : 'data-invalid', {
      detail: first.what,
      said: first.said,
      errors: computed.worlds.problems.slice(0, 100).map(({ change, what, said }) => ({ where: change, what, said })),
    })
  const stamp = await stampOf(tx, base === 'today' || draft.onDate < when.today ? when.today : draft.onDate)
  return { computed, summary: summarise(computed, await around(tx, computed)), stamp }
}

export async function saveWorked(
  tx: Tx,
  draft: Pick<store.StoredDraft, 'id' | 'version'>,
  base: store.StoredBase,
  { computed, summary, stamp }: Worked,
  now: Date,
): Promise<void> {
  const { hash } = computed
  await store.saveResult(
    tx,
    draft.id,
    base,
    { version: draft.version, hash, stamp, computedAt: now, summary },
    computed.differences,
  )
}

/**
 * Approves the result with this hash for the draft's date: worked out once more, so that what is approved is what is
 * so now. Above the guards' limits another person than the owner must. What payroll and HR are to bring is announced to
 * the guards of their feeds from here on.
 */
export async function approveDraft(
  tx: Tx,
  draft: store.StoredDraft,
  { hash, by }: { hash: string; by: string },
  when: When,
): Promise<Summary> {
  stillOpen(draft)
  const worked = await workOut(tx, draft, 'same-date', when)
  if (worked.computed.hash !== hash)
    throw problem('plan-stale', {
      detail: 'What the draft would do has changed since. Work it out again and look.',
      said: say('draft-outcome-changed', {}),
    })
  const own = draft.createdBy === by
  if (own && worked.summary.guards.length > 0)
    throw problem('second-person-needed', {
      detail:
        'This draft is above the limit of what one person may change. Share it and ask a colleague to approve it.',
      said: say('draft-above-limit', {}),
    })
  await saveWorked(tx, draft, 'same-date', worked, when.now)
  await saveWorked(tx, draft, 'approved', worked, when.now)
  await withdrawAnnouncements(tx, draft, when)
  const announced = await announce(tx, draft, worked.computed, { by, second: !own }, when)
  await store.setApproved(tx, draft.id, { by, at: when.now, hash })
  await store.setAnnounced(tx, draft.id, { rules: 0, roles: 0, recorded: 0, announced })
  return worked.summary
}

export type Applied =
  | { state: 'applied'; carriedOut: NonNullable<store.StoredDraft['carriedOut']> }
  | { state: 'stale' | 'approved'; held: HeldDraft }

/**
 * Carries out an approved draft whose date has come, if it still does what was approved; otherwise it is held and says
 * why. `stale`: somebody must look and approve again. `approved`: it waits for payroll or HR, and is tried again.
 */
export async function applyDraft(tx: Tx, draft: store.StoredDraft, by: string | null, when: When): Promise<Applied> {
  if (draft.state !== 'approved')
    throw problem('conflict', {
      detail: 'Only an approved draft can be carried out.',
      said: say('draft-not-approved', {}),
    })
  if (draft.onDate > when.today)
    throw problem('conflict', { detail: 'Its date has not come yet.', said: say('draft-day-not-come', {}) })
  const hold = async (state: 'stale' | 'approved', held: Omit<HeldDraft, 'at'>): Promise<Applied> => {
    const why = { ...held, at: when.now.toISOString() }
    await store.setHeld(tx, draft.id, state, why)
    return { state, held: why }
  }
  const computed = await computeWhatIf(tx, draft, { today: when.today, now: when.now, base: 'same-date' })
  if (computed.worlds.problems.length > 0) return hold('stale', { reason: 'invalid', unexpected: 0, vanished: 0 })
  const agreed = await store.agreedOn(tx, draft.id)
  const against = await outcomeNow(tx, agreed, computed)
  if (against.unexpected + against.vanished > 0) return hold('stale', { reason: 'other-outcome', ...against })
  const done = await carryOut(tx, draft, computed, agreed, when)
  if ('early' in done) return hold('approved', { reason: 'sources-behind', unexpected: done.early, vanished: 0 })
  const carriedOut = { ...done, announced: draft.carriedOut?.announced ?? [] }
  await store.saveSuccessions(tx, draft.id, draft.onDate, computed.worlds.successions)
  await store.setDecided(tx, draft.id, { state: 'applied', by, at: when.now, reason: null, carriedOut })
  return { state: 'applied', carriedOut }
}

export async function withdrawDraft(
  tx: Tx,
  draft: store.StoredDraft,
  given: { by: string; reason: string },
  when: When,
): Promise<void> {
  stillOpen(draft)
  await withdrawAnnouncements(tx, draft, when)
  await store.setDecided(tx, draft.id, { state: 'withdrawn', at: when.now, ...given })
}

/** What an approval stands on cannot be hidden again. */
export async function shareDraft(tx: Tx, draft: store.StoredDraft, shared: boolean, when: When): Promise<void> {
  if (!shared && draft.state !== 'draft')
    throw problem('conflict', {
      detail: 'A draft that is approved or decided stays shared.',
      said: say('draft-stays-shared', {}),
    })
  await store.setShared(tx, draft.id, shared ? when.now : null)
}

function stillOpen(draft: store.StoredDraft): void {
  if (!OPEN.includes(draft.state))
    throw problem('conflict', {
      detail: 'This draft is carried out or withdrawn. Make a new one.',
      said: say('draft-ended', {}),
    })
}

function checkDate(onDate: string, today: string): void {
  if (onDate < today)
    throw problem('data-invalid', {
      detail: 'The date must be today or later.',
      said: say('day-past', {}),
      errors: [{ where: 'body/onDate', what: 'must not be before today' }],
    })
}
