import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import { MAIL_STATES, type MailLanguage } from '#contract/mail-lists.ts'
import type { listMails, listOwnMails, MailRow } from '#contract/mails.ts'
import { personRefSql, visibleTo } from '../access/visible.ts'
import { statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { can } from '../policy/policy.ts'
import type { Told } from './mail-facts.ts'
import { TOLD } from './mail-store.ts'
import { mailText } from './mail-texts.ts'

type Row = Omit<MailRow, 'subject' | 'text' | 'kinds' | 'madeAt' | 'sentAt' | 'nextTryAt'> & {
  told: Told[]
  madeAt: Date
  sentAt: Date | null
  nextTryAt: Date | null
  total: number
}

async function mailRows(
  tx: Tx,
  actor: Actor,
  of: { own: boolean; state?: string | undefined; offset: number; limit: number },
): Promise<Row[]> {
  const q = statement()
  const where = [
    ...(of.own ? [`m.person_id = ${q.bind(actor.personId, 'uuid')}`] : []),
    ...(of.state ? [`m.state = ${q.bind(of.state, 'text')}`] : []),
  ]
  const may = visibleTo(actor, q)
  return tx.query<Row>(
    `select m.id, ${personRefSql('p', may.name('p'))} as "to", coalesce(l.language, 'da') as language, m.rhythm, m.state,
       m.attempts, m.error, m.made_at as "madeAt", m.sent_at as "sentAt", m.next_try_at as "nextTryAt",
       ${TOLD('m')} as told, m.total
     from (select m.*, (count(*) over ())::int as total from mail m ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
       order by m.made_at desc, m.id offset ${q.bind(of.offset, 'int')} limit ${q.bind(of.limit, 'int')}) m
     join person_current p on p.person_id = m.person_id left join mail_language l on l.person_id = m.person_id
     order by m.made_at desc, m.id`,
    q.params,
  )
}

/** The text is not kept: it is written again from what was told, with the names that may be written today. */
function rowOf(row: Row, publicUrl: string): MailRow {
  const { told, total: _, ...mail } = row
  const waits = mail.state === 'waiting' && row.nextTryAt
  return {
    ...mail,
    ...(told.length > 0 ? mailText(row.language, told, publicUrl) : { subject: '', text: '' }),
    kinds: [...new Set(told.map(one => one.kind))],
    madeAt: row.madeAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
    nextTryAt: waits ? waits.toISOString() : null,
  }
}

type Served = { server: boolean; publicUrl: string }

export async function ownMailsView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof listOwnMails>,
  { server, publicUrl }: Served,
): Promise<ResponseOf<typeof listOwnMails>> {
  const rows = await mailRows(tx, actor, { ...query, own: true })
  const [me] = await tx.query<{ email: string | null; language: MailLanguage }>(
    `select p.email, coalesce(l.language, 'da') as language from person_current p
     left join mail_language l on l.person_id = p.person_id where p.person_id = $1`,
    [actor.personId],
  )
  return {
    by: !server ? 'no-server' : me?.email ? 'mail' : 'no-address',
    language: me?.language ?? 'da',
    rows: rows.map(row => rowOf(row, publicUrl)),
    total: rows[0]?.total ?? 0,
  }
}

/** Two statements. */
export async function mailsView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof listMails>,
  { server, publicUrl }: Served,
): Promise<ResponseOf<typeof listMails>> {
  const rows = await mailRows(tx, actor, { ...query, own: false })
  const counted = await tx.query<{ state: MailRow['state']; count: number }>(
    'select state, count(*)::int as count from mail group by state',
  )
  const counts = new Map(counted.map(row => [row.state, row.count]))
  const again = server && can(actor, 'mail.send')
  return {
    server,
    rows: rows.map(row => ({
      ...rowOf(row, publicUrl),
      allowed: { sendAgain: again && ['failed', 'shown', 'sending'].includes(row.state) },
    })),
    total: rows[0]?.total ?? 0,
    counts: Object.fromEntries(MAIL_STATES.map(state => [state, counts.get(state) ?? 0])) as ResponseOf<
      typeof listMails
    >['counts'],
  }
}
