import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { WIDE_FUNCTIONS } from '../retention/row-parts.ts'

/** So many lookups a month of each function that sees most of others. */
export const PER_FUNCTION = 5

/**
 * Lookups of the month before, by chance, once: a month that was drawn is not drawn again. Under a confidential case that
 * nobody has released a lookup is not shown to anybody. Answers how many were drawn.
 */
export async function drawMonth(tx: Tx, month: string, now: Date): Promise<number> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel lookup samples'))`)
  const rows = await tx.query(
    `insert into lookup_sample (entry_id, month, drawn_at)
     select e.id, $1::date, $2 from (
       select e.id, row_number() over (partition by e.actor_function order by random()) as place
       from audit_entry e
       where e.lookup and e.actor_kind = 'user' and e.actor_function = any($3) and e.person_id is not null and e.case_id is null
         and (e.at at time zone 'Europe/Copenhagen')::date >= $1::date
         and (e.at at time zone 'Europe/Copenhagen')::date < ($1::date + interval '1 month')::date) e
     where e.place <= $4 and not exists (select from lookup_sample s where s.month = $1::date)
     returning entry_id`,
    [month, now, WIDE_FUNCTIONS, PER_FUNCTION],
  )
  return rows.length
}

/** Who made the lookup, with its row locked. Throws `not-found`. */
export async function lockSample(tx: Tx, entryId: number): Promise<{ by: string | null; personId: string | null }> {
  const [row] = await tx.query<{ by: string | null; personId: string | null }>(
    `select e.actor_user_id as by, e.person_id as "personId" from lookup_sample s join audit_entry e on e.id = s.entry_id
     where s.entry_id = $1 for update of s`,
    [entryId],
  )
  if (!row) throw problem('not-found')
  return row
}

export async function storeAnswer(
  tx: Tx,
  entryId: number,
  given: { answer: string; note: string; by: string; now: Date },
): Promise<void> {
  await tx.query(
    `update lookup_sample set answer = $2, note = nullif($3, ''), answered_at = $4, answered_by = $5 where entry_id = $1`,
    [entryId, given.answer, given.note, given.now, given.by],
  )
}
