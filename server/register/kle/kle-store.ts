import type { Tx } from '../../platform/unit-of-work.ts'
import type { KleEntry } from './kle-entry.ts'

/** Stores what a file says; numbers that it does not name stay, and those that it says are gone go. */
export async function storeKle(
  tx: Tx,
  { entries, gone, file, now }: { entries: readonly KleEntry[]; gone: readonly string[]; file: string; now: Date },
): Promise<void> {
  await tx.query(
    `insert into kle_entry (number, title, preservation, erase_after, file, read_at)
     select e.number, e.title, e.preservation, e."eraseAfter", $2, $3
     from jsonb_to_recordset($1::jsonb) as e(number text, title text, preservation text, "eraseAfter" text)
     on conflict (number) do update set title = excluded.title, preservation = excluded.preservation,
       erase_after = excluded.erase_after, file = excluded.file, read_at = excluded.read_at`,
    [JSON.stringify(entries), file, now],
  )
  await tx.query('delete from kle_entry where number = any($1)', [gone])
}

/** Entries at or below these numbers. */
export const loadKle = (tx: Tx, numbers: readonly string[]): Promise<KleEntry[]> =>
  tx.query(
    `select number, title, preservation, erase_after as "eraseAfter", 0 as line from kle_entry
     where exists (select from unnest($1::text[]) n where number = n or number like n || '.%') order by number`,
    [numbers],
  )

export async function kleStanding(
  tx: Tx,
): Promise<{ entries: number; erased: number; readAt: string | null; file: string | null }> {
  const [row] = await tx.query<{ entries: number; erased: number; readAt: Date | null; file: string | null }>(
    `select count(*)::int as entries, count(erase_after)::int as erased, max(read_at) as "readAt",
       (select file from kle_entry order by read_at desc, number limit 1) as file from kle_entry`,
  )
  return { entries: 0, erased: 0, file: null, ...row, readAt: row?.readAt?.toISOString() ?? null }
}
