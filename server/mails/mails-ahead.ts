import type { PlanLine } from '#contract/lifecycle.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { type AheadRow, type DueOf, dueOfCase } from './mail-due-views.ts'
import type { Told } from './mail-facts.ts'
import { mailText } from './mail-texts.ts'

export type MailAhead = {
  on: string
  kind: AheadRow['kind']
  reader: NonNullable<PlanLine['owner']>
  /** Of the mail in which it was told; null: not yet. */
  state: string | null
  subject: string
  text: string
}

/**
 * Mails that a report leads to, each with its text as its reader gets it; read from what carrying out has made, so that a
 * preview shows them too. What a reader is told on one day is one mail, as when it is sent. Reminders, which come only
 * where something is not done, are left out.
 */
export async function mailsAhead(
  tx: Tx,
  actor: Actor,
  of: DueOf,
  { today, publicUrl }: { today: string; publicUrl: string },
): Promise<MailAhead[]> {
  const rows = await dueOfCase(tx, actor, of, today)
  const mails = new Map<string, AheadRow[]>()
  for (const row of rows) {
    const key = `${row.dueOn < today ? today : row.dueOn} ${row.rhythm} ${row.personId} ${row.state ?? ''}`
    mails.set(key, [...(mails.get(key) ?? []), row])
  }
  return [...mails].map(([key, [first, ...more]]) => {
    const row = first as AheadRow
    return {
      on: key.slice(0, 10),
      kind: row.kind,
      reader: row.reader,
      state: row.state,
      ...mailText(row.language, [row, ...more] as readonly AheadRow[] as readonly Told[], publicUrl),
    }
  })
}
