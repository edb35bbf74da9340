import { systemActor } from '../audit/audit-entry.ts'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Mailer } from '../platform/mail.ts'
import { sendOnce } from '../platform/send-once.ts'
import type { Db } from '../platform/unit-of-work.ts'
import { type ClaimedMail, claimMail, gather, holdMails, settleMail, syncItems, tidyMails } from './mail-store.ts'
import { mailOf } from './mail-texts.ts'

/** `mailer` null: there is no mail server, and mails are shown on the page only. */
export type MailParts = { db: Db; clock: Clock; log: Log; mailer: Mailer | null; publicUrl: string }

const JOB = 'send-mails'
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

/** A mail that may not have come stands on its reader's page and on that of IT, who can send it again. */
const sendWaiting = ({ db, clock, log, publicUrl }: MailParts, mailer: Mailer): Promise<number> =>
  sendOnce<ClaimedMail>({
    mailer,
    clock,
    claim: () => db.transaction(tx => claimMail(tx, clock.now())),
    letter: async ({ to, told, language }) =>
      to === null || told.length === 0 ? null : { to, ...mailOf(language, told, publicUrl) },
    settle: (mail, to) =>
      db.transaction(async tx => {
        await settleMail(tx, mail.id, { ...to, now: clock.now() })
        if (to.state === 'sent')
          await audit(tx).write({
            actor: systemActor(JOB),
            action: 'mail.sent',
            subjectKind: 'mail',
            subjectId: mail.id,
            detail: { kinds: [...new Set(mail.told.map(one => one.kind))], count: mail.told.length },
          })
      }),
    notSent: (mail, { outcome, error }) =>
      log.warn({ part: 'mails', mail: mail.id, outcome, error }, 'a mail was not sent'),
  })
