import { systemActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import { loadUser } from '../../auth/actor-views.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { lastDue, type Mailer } from '../../platform/mail.ts'
import { sendOnce } from '../../platform/send-once.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows } from '../../policy/policy.ts'
import { digestFigures, mayBeSent } from './digest-figures-view.ts'
import { digestMail, type Figures } from './digest-mail.ts'
import {
  addressOf,
  allSubscriptions,
  type Claimed,
  claimDigest,
  dropSubscription,
  figuresBefore,
  holdSubscription,
  putDigest,
  type Subscription,
  settleDigest,
  tidyDigests,
} from './subscription-store.ts'

/** `mailer` null: there is no mail server, and digests are shown on the page only. */
type Parts = { db: Db; clock: Clock; log: Log; mailer: Mailer | null; publicUrl: string }

const JOB = 'weekly-digests'
/** Digests older than half a year are removed. */
const KEPT_DAYS = 182

/** What is due is made, what waits is sent; returns how many mails the server took. May run in any number of processes. */
export async function weeklyDigests(parts: Parts): Promise<{ made: number; sent: number }> {
  const made = await makeDue(parts)
  const sent = parts.mailer ? await sendWaiting(parts, parts.mailer) : 0
  return { made, sent }
}

async function makeDue({ db, clock, mailer }: Parts): Promise<number> {
  const all = await db.snapshot(tx => allSubscriptions(tx))
  let made = 0
  for (const one of all) {
    const dueOn = lastDue(clock.now(), one.weekday, one.hour)
    if (dueOn < one.since || (one.lastDueOn !== null && one.lastDueOn >= dueOn)) continue
    if (await db.transaction(tx => makeDigest(tx, one.id, dueOn, clock, mailer !== null))) made++
  }
  await db.transaction(tx => tidyDigests(tx, daysBefore(clock, KEPT_DAYS)))
  return made
}

const daysBefore = (clock: Clock, days: number) =>
  new Date(Date.parse(clock.today()) - days * 86_400_000).toISOString().slice(0, 10)

/** The digest of a date; false where there is one, or where the subscription has ended because the access has. */
export async function makeDigest(
  tx: Tx,
  subscriptionId: string,
  dueOn: string,
  clock: Clock,
  byMail: boolean,
): Promise<boolean> {
  const held = await holdSubscription(tx, subscriptionId)
  if (!held) return false
  const reader = await readerOf(tx, held, clock)
  const figures = reader && (await digestFigures(tx, reader, held.view, clock))
  if (!reader || !figures) {
    await end(tx, held)
    return false
  }
  const before = await figuresBefore(tx, held.id, dueOn)
  const told: Figures = figures.map(figure => ({
    ...figure,
    before: before?.find(old => old.code === figure.code)?.value ?? null,
  }))
  const state = byMail && (await addressOf(tx, reader.personId)) !== null ? 'waiting' : 'shown'
  return putDigest(tx, { subscriptionId: held.id, dueOn, figures: told, state, now: clock.now() })
}

/** The subscriber with the roles of today; null when they may not see the view (any more). */
async function readerOf(
  tx: Tx,
  { userId, view }: Pick<Subscription, 'userId' | 'view'>,
  clock: Clock,
): Promise<Actor | null> {
  const user = await loadUser(tx, userId, clock.today())
  if (!user || user.disabled || user.base.roles.length === 0) return null
  // Nobody is signed in: what the policy asks of a session does not widen what the roles give.
  const reader: Actor = { ...user.base, via: 'directory', secondFactor: false }
  return mayBeSent(reader, view.screen) && allows(reader, 'read', 'SavedView', view) ? reader : null
}

async function end(tx: Tx, { id, userId, view }: Pick<Subscription, 'id' | 'userId' | 'view'>): Promise<void> {
  await dropSubscription(tx, id, userId)
  await audit(tx).write({
    actor: systemActor(JOB),
    action: 'view.subscription-ended',
    subjectKind: 'view',
    subjectId: view.id,
    detail: { userId },
  })
}

const sendWaiting = ({ db, clock, log, publicUrl }: Parts, mailer: Mailer): Promise<number> =>
  sendOnce<Claimed>({
    mailer,
    clock,
    claim: () => db.transaction(tx => claimDigest(tx, clock.now())),
    letter: async digest => {
      // Access may have ended since it was made.
      const to = await db.snapshot(async tx => {
        const reader = await readerOf(tx, digest, clock)
        return reader && (await addressOf(tx, reader.personId))
      })
      return to === null ? null : { to, ...digestMail(digest.language, digest.view, digest.figures, publicUrl) }
    },
    settle: (digest, to) =>
      db.transaction(async tx => {
        await settleDigest(tx, digest.id, { ...to, now: clock.now() })
        if (to.state === 'sent')
          await audit(tx).write({
            actor: systemActor(JOB),
            action: 'view.digest-sent',
            subjectKind: 'view',
            subjectId: digest.view.id,
            detail: { userId: digest.userId, digestId: digest.id },
          })
      }),
    notSent: (digest, { outcome, error }) =>
      log.warn({ part: 'digests', digest: digest.id, outcome, error }, 'a digest was not sent'),
  })
