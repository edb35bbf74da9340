import type { AccountKind } from '#contract/shapes.ts'
import { problem } from '../platform/problem.ts'

export type LinkVerdict = 'is' | 'not' | 'nobody' | 'out-of-scope'
export type DecisionKind = 'link' | 'not-this-person' | 'nobody' | 'out-of-scope' | 'classify' | 'confirm-gone'

/** An account as a decision finds it; held until the transaction ends. */
export type DecidedAccount = {
  id: string
  personId: string | null
  situation: string
  /** To the microsecond, as text. */
  situationSince: string
  situationRun: string | null
  kind: AccountKind
  kindBy: 'feed' | 'rule' | 'person'
  kindRuleId: string | null
  ownerPersonId: string | null
  ownerUnitId: string | null
  goneAt: Date | null
  openLinks: string[]
  /** The last decision that stands. */
  decisionId: string | null
}
/** What a decision changes of the account itself; links carry their own history. */
export type AccountBefore = Pick<DecidedAccount, 'kind' | 'kindBy' | 'kindRuleId' | 'ownerPersonId' | 'ownerUnitId'> & {
  goneAt: string | null
  /** Links that stood: whatever rules have linked since a decision goes when it is undone. */
  openLinks: string[]
  /** Since when it stood as it did, and the run that saw it come there. Decisions of earlier versions did not note it. */
  stood?: { situation: string; since: string; run: string | null }
}
export type StoredDecision = {
  id: string
  personId: string | null
  accountId: string
  kind: DecisionKind
  at: Date
  before: AccountBefore
  undone: boolean
}

export type LinkStore = {
  account(id: string): Promise<DecidedAccount | null>
  decision(id: string): Promise<StoredDecision | null>
  /** A person whom something is known of and who counts as herself; `affiliationId` must be one of hers. */
  personExists(personId: string, affiliationId: string | null): Promise<boolean>
  unitExists(unitId: string): Promise<boolean>
  note(decision: {
    accountId: string
    kind: DecisionKind
    actorId: string
    reason: string | null
    personId: string | null
    accountKind: AccountKind | null
    before: AccountBefore
  }): Promise<string>
  /** Ends open links with these verdicts; of one person, or of rules only, where said. */
  end(
    accountId: string,
    decisionId: string,
    which: { verdicts: LinkVerdict[]; personId?: string; rulesOnly?: boolean },
  ): Promise<void>
  open(
    accountId: string,
    decisionId: string,
    link: { verdict: LinkVerdict; personId: string | null; affiliationId: string | null },
  ): Promise<void>
  setAccount(accountId: string, values: AccountBefore): Promise<void>
  /** Reopens what the decision ended, ends what it opened and what rules have opened since. */
  revert(decision: StoredDecision): Promise<void>
  markUndone(decisionId: string, by: string): Promise<void>
  /** Once what follows is settled: an account that stands again as it did before has waited since then, not since now. */
  restoreSince(decision: StoredDecision): Promise<void>
}

export type LinkDecisionInput = { version: string; reason?: string | undefined } & (
  | { kind: 'link'; personId: string; affiliationId?: string | undefined }
  | { kind: 'not-this-person'; personId: string }
  | { kind: 'nobody' | 'out-of-scope' | 'confirm-gone' }
  | { kind: 'classify'; accountKind: AccountKind; ownerPersonId?: string | undefined; ownerUnitId?: string | undefined }
)

/** Fits exactly one state of an account: what was decided last, and where it stands. */
export const versionOf = (account: Pick<DecidedAccount, 'decisionId' | 'situation'>): string =>
  `${account.decisionId ?? 'none'}.${account.situation}`

/**
 * What a person says about an account. It stands above every rule and survives every later run, until it is undone.
 * Nobody says which accounts are their own: who signs in with an account is whom it is linked to.
 * Throws `not-found`, `not-allowed`, `conflict` (somebody was quicker, or it does not fit the account), `invalid-request`.
 */
export async function decideLink(
  store: LinkStore,
  accountId: string,
  input: LinkDecisionInput,
  actor: { userId: string; personId: string | null; now: Date },
): Promise<{ decisionId: string; before: AccountBefore }> {
  const account = await store.account(accountId)
  if (!account) throw problem('not-found')
  if (versionOf(account) !== input.version)
    throw problem('conflict', { detail: 'Somebody has decided about this account in the meantime. Look at it again.' })
  const personId = input.kind === 'link' || input.kind === 'not-this-person' ? input.personId : null
  const affiliationId = input.kind === 'link' ? (input.affiliationId ?? null) : null
  if (personId !== null && !(await store.personExists(personId, affiliationId))) throw problem('not-found')
  if (input.kind === 'confirm-gone' && (account.situation !== 'gone' || account.goneAt !== null))
    throw problem('conflict', { detail: 'Only an account that has left its source and is protected can be ended.' })
  if (input.kind === 'classify') await checkOwner(store, input)
  if (actor.personId !== null && (account.personId === actor.personId || personId === actor.personId))
    throw problem('not-allowed', {
      detail: 'This is your own account, or would be. Somebody else must decide about it.',
    })
  const before = beforeOf(account)
  const decisionId = await store.note({
    accountId,
    kind: input.kind,
    actorId: actor.userId,
    reason: input.reason?.trim() || null,
    personId,
    accountKind: input.kind === 'classify' ? input.accountKind : null,
    before,
  })
  switch (input.kind) {
    case 'link':
      await store.end(accountId, decisionId, { verdicts: ['is', 'nobody', 'out-of-scope'] })
      await store.end(accountId, decisionId, { verdicts: ['not'], personId: input.personId })
      await store.open(accountId, decisionId, { verdict: 'is', personId, affiliationId })
      break
    case 'not-this-person':
      await store.end(accountId, decisionId, { verdicts: ['is', 'not'], personId: input.personId })
      await store.open(accountId, decisionId, { verdict: 'not', personId, affiliationId: null })
      break
    case 'nobody':
    case 'out-of-scope':
      await store.end(accountId, decisionId, { verdicts: ['is', 'nobody', 'out-of-scope'] })
      await store.open(accountId, decisionId, { verdict: input.kind, personId: null, affiliationId: null })
      break
    case 'classify':
      // A machine's account is nobody's own: what a rule took it for does not hold any longer.
      if (input.accountKind !== 'personal')
        await store.end(accountId, decisionId, { verdicts: ['is'], rulesOnly: true })
      await store.setAccount(accountId, {
        ...before,
        kind: input.accountKind,
        kindBy: 'person',
        kindRuleId: null,
        ownerPersonId: input.ownerPersonId ?? null,
        ownerUnitId: input.ownerUnitId ?? null,
      })
      break
    case 'confirm-gone':
      await store.setAccount(accountId, { ...before, goneAt: actor.now.toISOString() })
      break
  }
  return { decisionId, before }
}

/** Takes the last decision about an account back. Throws `not-found`, `conflict` where a later one stands. */
export async function undoDecision(
  store: LinkStore,
  decisionId: string,
  actor: { userId: string; personId: string | null },
): Promise<StoredDecision> {
  const decision = await store.decision(decisionId)
  if (!decision) throw problem('not-found')
  const account = await store.account(decision.accountId)
  if (decision.undone || account?.decisionId !== decisionId)
    throw problem('conflict', { detail: 'Only the last decision about an account can be undone. Look at it again.' })
  if (actor.personId !== null && (account.personId === actor.personId || decision.personId === actor.personId))
    throw problem('not-allowed', { detail: 'This is your own account, or was. Somebody else must decide about it.' })
  await store.revert(decision)
  await store.markUndone(decisionId, actor.userId)
  return decision
}

async function checkOwner(
  store: LinkStore,
  { accountKind, ownerPersonId, ownerUnitId }: Extract<LinkDecisionInput, { kind: 'classify' }>,
): Promise<void> {
  if (accountKind !== 'personal' && (ownerPersonId === undefined) === (ownerUnitId === undefined))
    throw problem('invalid-request', {
      detail: 'Name who answers for the account: one person or one unit.',
      errors: [{ where: 'body/ownerUnitId', what: 'one owner is needed' }],
    })
  if (ownerPersonId !== undefined && !(await store.personExists(ownerPersonId, null))) throw problem('not-found')
  if (ownerUnitId !== undefined && !(await store.unitExists(ownerUnitId))) throw problem('not-found')
}

const beforeOf = ({
  kind,
  kindBy,
  kindRuleId,
  ownerPersonId,
  ownerUnitId,
  goneAt,
  openLinks,
  situation,
  situationSince,
  situationRun,
}: DecidedAccount): AccountBefore => ({
  kind,
  kindBy,
  kindRuleId,
  ownerPersonId,
  ownerUnitId,
  goneAt: goneAt?.toISOString() ?? null,
  openLinks,
  stood: { situation, since: situationSince, run: situationRun },
})
