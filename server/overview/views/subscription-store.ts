import type { z } from 'zod'
import type { digestState, subscription } from '#contract/views.ts'
import { DANISH } from '../../access/visible.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Figures } from './digest-mail.ts'
import type { StoredView } from './view-store.ts'

export type Subscription = {
  id: string
  userId: string
  language: 'da' | 'en'
  weekday: number
  hour: number
  /** Civil date in Copenhagen. */
  since: string
  view: StoredView
}
type Told = z.output<typeof subscription>
/** So many a reader has, so that nobody makes the nights of the database long. */
const MOST = 20
const SHOWN = 4

const VIEW = `jsonb_build_object('id', v.id, 'screen', v.screen, 'name', v.name, 'search', v.search,
  'sharedWith', to_jsonb(v.shared_with), 'ownerId', v.owner_id) as view`

export async function subscriptionsOf(tx: Tx, userId: string): Promise<Told[]> {
  const rows = await tx.query<Told & { digests: (Told['digests'][number] & { madeAt: string })[] }>(
    `select s.id, jsonb_build_object('id', v.id, 'screen', v.screen, 'name', v.name, 'search', v.search) as view,
       s.weekday, s.hour, coalesce((
         select jsonb_agg(jsonb_build_object('dueOn', d.due_on, 'state', d.state, 'figures', d.content, 'madeAt', d.made_at)
           order by d.due_on desc)
         from (select * from view_digest d where d.subscription_id = s.id order by d.due_on desc limit ${SHOWN}) d), '[]') as digests
     from view_subscription s join saved_view v on v.id = s.view_id
     where s.user_id = $1 order by v.name ${DANISH}, s.id`,
    [userId],
  )
  return rows.map(row => ({
    ...row,
    digests: row.digests.map(digest => ({ ...digest, madeAt: new Date(digest.madeAt).toISOString() })),
  }))
}

/** New, or at another hour. */
export async function putSubscription(
  tx: Tx,
  { viewId, userId, language, weekday, hour }: Omit<Subscription, 'id' | 'since' | 'view'> & { viewId: string },
): Promise<string> {
  const [row] = await tx.query<{ id: string }>(
    `insert into view_subscription (id, view_id, user_id, language, weekday, hour)
     select $1, $2::uuid, $3::uuid, $4, $5, $6
     where exists (select from view_subscription where user_id = $3::uuid and view_id = $2::uuid)
       or (select count(*) from view_subscription where user_id = $3::uuid) < ${MOST}
     on conflict (user_id, view_id) do update set language = excluded.language, weekday = excluded.weekday, hour = excluded.hour
     returning id`,
    [newId(), viewId, userId, language, weekday, hour],
  )
  if (!row) throw problem('conflict', { detail: `You have ${MOST} subscriptions. End one of them first.` })
  return row.id
}

/** Ends it; null where the user has none of that id. */
export async function dropSubscription(tx: Tx, id: string, userId: string): Promise<{ viewId: string } | null> {
  const [row] = await tx.query<{ viewId: string }>(
    `with gone as (delete from view_subscription where id = $1 and user_id = $2 returning view_id)
     select view_id as "viewId" from gone`,
    [id, userId],
  )
  return row ?? null
}

/** All, to see which are due. The time of day is the reader's, so the code decides. */
export async function allSubscriptions(tx: Tx): Promise<(Subscription & { lastDueOn: string | null })[]> {
  return tx.query(
    `select s.id, s.user_id as "userId", s.language, s.weekday, s.hour, ${VIEW},
       (s.created_at at time zone 'Europe/Copenhagen')::date::text as since,
       (select max(due_on)::text from view_digest d where d.subscription_id = s.id) as "lastDueOn"
     from view_subscription s join saved_view v on v.id = s.view_id order by s.id`,
  )
}

/** Holds the subscription until the transaction ends, so that two processes do not make its digest; null: it is gone. */
export async function holdSubscription(tx: Tx, id: string): Promise<Subscription | null> {
  const [row] = await tx.query<Subscription>(
    `select s.id, s.user_id as "userId", s.language, s.weekday, s.hour, ${VIEW},
       (s.created_at at time zone 'Europe/Copenhagen')::date::text as since
     from view_subscription s join saved_view v on v.id = s.view_id where s.id = $1 for update of s`,
    [id],
  )
  return row ?? null
}

/** The numbers of the latest digest before a date; null: there is none. */
export async function figuresBefore(tx: Tx, subscriptionId: string, dueOn: string): Promise<Figures | null> {
  const [row] = await tx.query<{ content: Figures }>(
    `select content from view_digest where subscription_id = $1 and due_on < $2 order by due_on desc limit 1`,
    [subscriptionId, dueOn],
  )
  return row?.content ?? null
}

/** One a date: false where there is one already. */
export async function putDigest(
  tx: Tx,
  digest: { subscriptionId: string; dueOn: string; figures: Figures; state: z.output<typeof digestState>; now: Date },
): Promise<boolean> {
  const rows = await tx.query(
    `with made as (
       insert into view_digest (id, subscription_id, due_on, content, state, next_try_at, made_at)
       values ($1, $2, $3, $4::jsonb, $5, case when $5 = 'waiting' then $6::timestamptz end, $6::timestamptz)
       on conflict (subscription_id, due_on) do nothing returning id)
     select id from made`,
    [newId(), digest.subscriptionId, digest.dueOn, JSON.stringify(digest.figures), digest.state, digest.now],
  )
  return rows.length > 0
}

export type Claimed = {
  id: string
  attempts: number
  figures: Figures
  userId: string
  language: 'da' | 'en'
  view: StoredView
}

/** Takes the next digest that waits. From here on it is `sending`: who dies now has perhaps sent it. */
export async function claimDigest(tx: Tx, now: Date): Promise<Claimed | null> {
  const [row] = await tx.query<Claimed>(
    `with next as (
       select id from view_digest where state = 'waiting' and next_try_at <= $1
       order by next_try_at, id limit 1 for update skip locked
     ), taken as (
       update view_digest d set state = 'sending', attempts = attempts + 1, next_try_at = null from next
       where d.id = next.id returning d.*)
     select d.id, d.attempts, d.content as figures, s.user_id as "userId", s.language, ${VIEW}
     from taken d join view_subscription s on s.id = d.subscription_id join saved_view v on v.id = s.view_id`,
    [now],
  )
  return row ?? null
}

export async function settleDigest(
  tx: Tx,
  id: string,
  to: { state: z.output<typeof digestState>; error: string | null; tryAt: Date | null; now: Date },
): Promise<void> {
  await tx.query(
    `update view_digest set state = $2, error = $3, next_try_at = $4,
       sent_at = case when $2 = 'sent' then $5::timestamptz end where id = $1`,
    [id, to.state, to.error, to.tryAt, to.now],
  )
}

/** Where mail to the user goes: the address of the person in the sources. null: there is none. */
export async function addressOf(tx: Tx, personId: string | null): Promise<string | null> {
  const [row] = await tx.query<{ email: string | null }>('select email from person_current where person_id = $1', [
    personId,
  ])
  return row?.email || null
}

/** Old numbers are of no use to anybody. */
export async function tidyDigests(tx: Tx, before: string): Promise<void> {
  await tx.query('delete from view_digest where due_on < $1', [before])
}
