import type { z } from 'zod'
import type { MailLanguage, mailRhythm, mailState } from '#contract/mail-lists.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { DUE, nameInMail } from './mail-due-views.ts'
import type { Told } from './mail-facts.ts'

type Rhythm = z.output<typeof mailRhythm>
type State = z.output<typeof mailState>
/** Mails and what was told are kept so long; longer than anything in `DUE` looks back. */
const KEPT = `interval '182 days'`
/** What is about somebody under a legal hold stays, however old. */
const HELD = (today: string, ...people: string[]) =>
  `exists (select from legal_hold h left join lifecycle_case hc on h.kind = 'case' and hc.id = h.subject_id
    where h.ended_at is null and h.expires_on > ${today}
      and case when h.kind = 'person' then h.subject_id else hc.person_id end in (${people.join(', ')}))`

/** One process works out what is due at a time; another one waits, and then finds it done. */
export const holdMails = (tx: Tx) => tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel mails'))`)

/** Writes down what is due today and not written down yet; what has ceased to be so before anybody was told is dropped. */
export async function syncItems(tx: Tx, { today, now }: { today: string; now: Date }): Promise<number> {
  const [row] = await tx.query<{ made: number }>(
    `${DUE}, latest as materialized (
       select distinct on (family, subject_id, person_id) * from due where due_on <= $1::date
       order by family, subject_id, person_id, due_on desc, place),
     gone as (
       delete from mail_item i where not exists (select from due d where d.key = i.key)
           and i.told_at < $2::timestamptz - ${KEPT} and not ${HELD('$1::date', 'i.person_id', 'i.about_person_id')}
         or i.told_at is null and not exists (select from latest d where d.key = i.key) returning i.id),
     made as (
       insert into mail_item (key, person_id, kind, stage, subject_id, about_person_id, facts, rhythm, due_on, made_at)
       select key, person_id, kind, stage, subject_id, about_person_id, jsonb_strip_nulls(facts), rhythm, due_on, $2::timestamptz
       from latest on conflict (key) do nothing returning id)
     select (select count(*) from made)::int as made from (select count(*) from gone) g`,
    [today, now, null, null],
  )
  return row?.made ?? 0
}

/**
 * Puts what waits to be told into one mail a reader: `slot` names the hour or the day whose one mail it is, null makes
 * one at once. Who has had that hour's mail waits for the next.
 */
export async function gather(
  tx: Tx,
  { rhythm, slot, byMail, now }: { rhythm: Rhythm; slot: string | null; byMail: boolean; now: Date },
): Promise<number> {
  const [row] = await tx.query<{ made: number }>(
    `with made as (
       insert into mail (id, person_id, rhythm, slot, state, next_try_at, made_at)
       select n.id, n.person_id, $1, coalesce($2, 'now ' || n.id),
         case when $3 and coalesce(p.email, '') <> '' then 'waiting' else 'shown' end, $4, $4
       from (select gen_random_uuid() as id, person_id from (
           select distinct person_id from mail_item where told_at is null and rhythm = $1) d) n
       join person_current p on p.person_id = n.person_id
       on conflict (person_id, slot) do nothing returning id, person_id),
     told as (
       update mail_item i set told_at = $4, mail_id = made.id from made
       where i.person_id = made.person_id and i.rhythm = $1 and i.told_at is null returning i.id)
     select (select count(*) from made)::int as made from (select count(*) from told) t`,
    [rhythm, slot, byMail, now],
  )
  return row?.made ?? 0
}

export type ClaimedMail = {
  id: string
  attempts: number
  language: MailLanguage
  /** null: there is none (any more), or nobody to read it. */
  to: string | null
  told: Told[]
}

/** What a mail tells, with names as they may be written now. */
export const TOLD = (
  m: string,
) => `coalesce((select jsonb_agg(jsonb_build_object('kind', i.kind, 'facts', i.facts || jsonb_build_object(
    'unit', i.facts -> 'unit', 'title', i.facts -> 'title', 'fromUnit', i.facts -> 'fromUnit', 'from', i.facts -> 'from'),
    'subjectId', i.subject_id, 'name', ${nameInMail('a', 'i.kind')}) order by i.due_on, i.kind, i.facts ->> 'system', i.key)
  from mail_item i left join person_current a on a.person_id = i.about_person_id where i.mail_id = ${m}.id), '[]')`

/** Takes the next mail that waits. From here on it is `sending`: who dies now has perhaps sent it. */
export async function claimMail(tx: Tx, now: Date): Promise<ClaimedMail | null> {
  const [row] = await tx.query<ClaimedMail>(
    `with next as (
       select id from mail where state = 'waiting' and next_try_at <= $1
       order by next_try_at, id limit 1 for update skip locked
     ), taken as (
       update mail m set state = 'sending', attempts = m.attempts + 1, next_try_at = null, tried_at = $1 from next
       where m.id = next.id returning m.*)
     select m.id, m.attempts, coalesce(l.language, 'da') as language,
       case when p.status = 'active' and p.died_on is null then nullif(p.email, '') end as "to", ${TOLD('m')} as told
     from taken m left join person_current p on p.person_id = m.person_id
     left join mail_language l on l.person_id = m.person_id`,
    [now],
  )
  return row ?? null
}

export async function settleMail(
  tx: Tx,
  id: string,
  to: { state: State; error: string | null; tryAt: Date | null; now: Date },
): Promise<void> {
  await tx.query(
    `update mail set state = $2, error = $3, next_try_at = $4, sent_at = case when $2 = 'sent' then $5::timestamptz end
     where id = $1`,
    [id, to.state, to.error, to.tryAt, to.now],
  )
}

/** False where it is waiting, was sent, or is being sent this very moment. */
export async function tryAgain(tx: Tx, id: string, now: Date): Promise<'done' | 'not-now' | 'unknown'> {
  const [row] = await tx.query<{ done: boolean }>(
    `with one as (select id, state, tried_at from mail where id = $1 for update),
     again as (update mail m set state = 'waiting', attempts = 0, next_try_at = $2, error = null from one
       where m.id = one.id and (one.state in ('failed', 'shown') or one.state = 'sending' and one.tried_at < $2::timestamptz - interval '15 minutes')
       returning m.id)
     select exists (select from again) as done from one`,
    [id, now],
  )
  return row === undefined ? 'unknown' : row.done ? 'done' : 'not-now'
}

export async function setLanguage(tx: Tx, personId: string, language: MailLanguage): Promise<void> {
  await tx.query(
    `insert into mail_language (person_id, language) values ($1, $2)
     on conflict (person_id) do update set language = excluded.language`,
    [personId, language],
  )
}

export async function tidyMails(tx: Tx, now: Date): Promise<void> {
  const today = `($1::timestamptz at time zone 'Europe/Copenhagen')::date`
  await tx.query(
    `delete from mail m where m.made_at < $1::timestamptz - ${KEPT} and not ${HELD(today, 'm.person_id')}`,
    [now],
  )
}
