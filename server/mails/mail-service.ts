import { systemActor } from '../audit/audit-entry.ts'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Mailer } from '../platform/mail.ts'
import type { Db } from '../platform/unit-of-work.ts'
import { claimMail, gather, holdMails, settleMail, syncItems, tidyMails } from './mail-store.ts'
import { mailText } from './mail-texts.ts'

/** `mailer` null: there is no mail server, and mails are shown on the page only. */
export type MailParts = { db: Db; clock: Clock; log: Log; mailer: Mailer | null; publicUrl: string }

const JOB = 'send-mails'
const MINUTE = 60_000
/** After each attempt but the last: a quarter of an hour, an hour, four, sixteen. */
const ATTEMPTS = 5
const backoff = (attempts: number) => 15 * 4 ** (attempts - 1) * MINUTE
/** The one mail of the day comes when the town hall opens. */
const DAILY_FROM = 7

const local = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Copenhagen', hour: '2-digit', hourCycle: 'h23' })

/** What is due is written down and put into mails, and what waits is sent. May run in any number of processes. */
export async function sendMails(parts: MailParts): Promise<{ made: number; sent: number }> {
  const made = await makeMails(parts)
  const sent = parts.mailer ? await sendWaiting(parts, parts.mailer) : 0
  return { made, sent }
}

async function makeMails({ db, clock, mailer }: MailParts): Promise<number> {
  const now = clock.now()
  const today = clock.today()
  const hour = Number(local.format(now))
  const byMail = mailer !== null
  return db.transaction(async tx => {
    await holdMails(tx)
    await syncItems(tx, { today, now })
    let made = await gather(tx, { rhythm: 'now', slot: null, byMail, now })
    made += await gather(tx, { rhythm: 'hour', slot: `hour ${now.toISOString().slice(0, 13)}`, byMail, now })
    if (hour >= DAILY_FROM) made += await gather(tx, { rhythm: 'day', slot: `day ${today}`, byMail, now })
    await tidyMails(tx, now)
    return made
  })
}

/**
 * Each mail is taken in a transaction of its own before the server is asked, so that a process that dies in between leaves
 * it as `sending`: nobody gets a mail twice, and one that may not have come stands on its reader's page and on that of IT,
 * who can send it again. Only what the server certainly has not taken is tried again by itself.
 */
async function sendWaiting({ db, clock, log, publicUrl }: MailParts, mailer: Mailer): Promise<number> {
  let sent = 0
  for (;;) {
    const mail = await db.transaction(tx => claimMail(tx, clock.now()))
    if (!mail) return sent
    const settle = (
      state: 'sent' | 'shown' | 'waiting' | 'failed' | 'sending',
      error: string | null,
      tryAt: Date | null,
    ) =>
      db.transaction(async tx => {
        await settleMail(tx, mail.id, { state, error, tryAt, now: clock.now() })
        if (state === 'sent')
          await audit(tx).write({
            actor: systemActor(JOB),
            action: 'mail.sent',
            subjectKind: 'mail',
            subjectId: mail.id,
            detail: { kinds: [...new Set(mail.told.map(one => one.kind))], count: mail.told.length },
          })
      })
    if (mail.to === null || mail.told.length === 0) {
      await settle('shown', null, null)
      continue
    }
    const { outcome, error } = await mailer.send({
      to: mail.to,
      id: mail.id,
      ...mailText(mail.language, mail.told, publicUrl),
    })
    if (outcome === 'sent') sent++
    else log.warn({ part: 'mails', mail: mail.id, outcome, error }, 'a mail was not sent')
    if (outcome === 'later' && mail.attempts < ATTEMPTS)
      await settle('waiting', error, new Date(clock.now().getTime() + backoff(mail.attempts)))
    else await settle(outcome === 'sent' ? 'sent' : outcome === 'unsure' ? 'sending' : 'failed', error, null)
  }
}
