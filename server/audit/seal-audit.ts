import { timingSafeEqual } from 'node:crypto'
import type { Keyring } from '../platform/keyring.ts'
import { problem } from '../platform/problem.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import { CHAIN_START, type EntryText, entryColumns, headText, sealHash } from './audit-entry.ts'

const BATCH = 5000
/** Advisory lock of the sealing job: two workers never seal at once. */
const SEALING = 7_211_001

/**
 * The job that chains what commands have written. It takes only entries of transactions that are older than the oldest
 * one still running, so nothing can appear later in front of what is sealed. Returns how many entries it sealed.
 * One transaction a batch, so a long backlog never holds back other work.
 */
export async function sealAudit(db: Db, keyring: Keyring): Promise<number> {
  let total = 0
  for (;;) {
    const sealed = await db.transaction(tx => sealBatch(tx, keyring))
    total += sealed
    if (sealed < BATCH) return total
  }
}

async function sealBatch(tx: Tx, keyring: Keyring): Promise<number> {
  const [lock] = await tx.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [SEALING])
  if (!lock?.mine) return 0
  const [head] = await tx.query<{ seq: number; hash: Buffer }>('select seq, hash from audit_head')
  const entries = await tx.query<EntryText>(
    `select ${entryColumns('entry')}
     from audit_entry entry
     where entry.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
       and not exists (select from audit_seal seal where seal.entry_id = entry.id)
     order by entry.xid, entry.id
     limit ${BATCH}`,
  )
  if (entries.length === 0) return 0
  let hash = head?.hash ?? CHAIN_START
  let seq = head?.seq ?? 0
  const rows = entries.map(entry => {
    seq += 1
    hash = sealHash(hash, seq, entry)
    return { seq, entryId: entry.id, hash }
  })
  await tx.query(
    `insert into audit_seal (seq, entry_id, hash)
     select * from unnest($1::bigint[], $2::bigint[], $3::bytea[])`,
    [rows.map(row => row.seq), rows.map(row => row.entryId), rows.map(row => row.hash)],
  )
  await signHead(tx, keyring, seq, hash)
  return entries.length
}

async function signHead(tx: Tx, keyring: Keyring, seq: number, hash: Buffer): Promise<void> {
  await tx.query(
    `insert into audit_head (seq, hash, key_id, signature) values ($1, $2, $3, $4)
     on conflict (one) do update set seq = excluded.seq, hash = excluded.hash, key_id = excluded.key_id, signature = excluded.signature`,
    [seq, hash, keyring.current, keyring.hash(headText(seq, hash), 'audit-head')],
  )
}

/**
 * The end of the chain signed with the current key, so that the key it was signed with can be taken out. Only an end
 * that its own signature proves: a forged one must not become genuine by a rotation.
 */
export async function resignAuditHead(db: Db, keyring: Keyring): Promise<void> {
  await db.transaction(async tx => {
    await tx.query('select pg_advisory_xact_lock($1)', [SEALING])
    const [head] = await tx.query<{ seq: number; hash: Buffer; key_id: string; signature: Buffer }>(
      'select seq, hash, key_id, signature from audit_head',
    )
    if (!head || head.key_id === keyring.current) return
    const expected = keyring.hash(headText(head.seq, head.hash), 'audit-head', head.key_id)
    if (!timingSafeEqual(expected, head.signature))
      throw problem('conflict', {
        detail: 'The end of the audit log is not the one that was signed. Run: npm run hjemmel -- audit verify',
      })
    await signHead(tx, keyring, head.seq, head.hash)
  })
}
