import { timingSafeEqual } from 'node:crypto'
import type { Keyring } from '../platform/keyring.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import { CHAIN_START, type EntryText, entryColumns, headText, payloadHash, sealHash } from './audit-entry.ts'

export type BrokenLink = { entryId: number | null; seq: number; why: string }
export type AuditVerdict = {
  ok: boolean
  /** Links that hold. */
  checked: number
  /** Entries that the job has not sealed yet. */
  unsealed: number
  /** The end of the chain. Written down elsewhere, it proves later that nothing before it was changed. */
  head: { seq: number; hash: string } | null
  firstBroken: BrokenLink | null
}

type Link = EntryText & {
  seq: number
  entry_id: number
  hash: Buffer
  salt: Buffer | null
  body: string | null
  has_payload: boolean
  erased: boolean
}

const BATCH = 5000

/**
 * Recompute the whole chain in one snapshot and name the first link that does not hold: an entry or payload that was
 * changed, taken away, put in or moved, or a chain whose end was cut off.
 */
export function verifyAudit(db: Db, keyring: Keyring): Promise<AuditVerdict> {
  return db.snapshot(tx => verify(tx, keyring))
}

async function verify(tx: Tx, keyring: Keyring): Promise<AuditVerdict> {
  const [open] = await tx.query<{ count: number }>(
    'select count(*)::int as count from audit_entry entry where not exists (select from audit_seal seal where seal.entry_id = entry.id)',
  )
  const [head] = await tx.query<{ seq: number; hash: Buffer; key_id: string; signature: Buffer }>(
    'select seq, hash, key_id, signature from audit_head',
  )
  const verdict = (checked: number, firstBroken: BrokenLink | null): AuditVerdict => ({
    ok: firstBroken === null,
    checked,
    unsealed: open?.count ?? 0,
    head: head ? { seq: head.seq, hash: head.hash.toString('hex') } : null,
    firstBroken,
  })

  let seq = 0
  let hash: Buffer = CHAIN_START
  for (;;) {
    const links = await readLinks(tx, seq)
    for (const link of links) {
      const why = link.seq === seq + 1 ? broken(link, hash) : `links ${seq + 1} to ${link.seq - 1} are missing`
      if (why) {
        const missing = link.seq !== seq + 1
        return verdict(seq, { entryId: missing ? null : link.entry_id, seq: missing ? seq + 1 : link.seq, why })
      }
      seq = link.seq
      hash = link.hash
    }
    if (links.length < BATCH) break
  }

  const end = endIsBroken(head ?? null, seq, hash, keyring)
  return verdict(seq, end ? { entryId: null, seq: Math.max(seq, head?.seq ?? 0), why: end } : null)
}

function readLinks(tx: Tx, after: number): Promise<Link[]> {
  return tx.query<Link>(
    `select seal.seq, seal.entry_id, seal.hash, ${entryColumns('entry')},
       payload.salt, payload.body, payload.entry_id is not null as has_payload, payload.erased_at is not null as erased
     from audit_seal seal
     left join audit_entry entry on entry.id = seal.entry_id
     left join audit_payload payload on payload.entry_id = seal.entry_id
     where seal.seq > $1 order by seal.seq limit ${BATCH}`,
    [after],
  )
}

function broken(link: Link, previous: Buffer): string | null {
  if (link.id === null) return `entry ${link.entry_id} has been deleted`
  if (!sealHash(previous, link.seq, link).equals(link.hash))
    return `entry ${link.entry_id} has been changed, or the links have been put in another order`
  if (link.payload_hash === null) return link.has_payload ? `a payload was added to entry ${link.entry_id}` : null
  if (!link.has_payload) return `the payload of entry ${link.entry_id} has been deleted without being erased`
  if (link.erased) return null
  if (!link.salt || link.body === null || payloadHash(link.salt, link.body).toString('hex') !== link.payload_hash)
    return `the payload of entry ${link.entry_id} has been changed`
  return null
}

function endIsBroken(
  head: { seq: number; hash: Buffer; key_id: string; signature: Buffer } | null,
  seq: number,
  hash: Buffer,
  keyring: Keyring,
): string | null {
  if (!head) return seq === 0 ? null : 'the signed end of the chain has been deleted'
  if (head.seq !== seq) return `the chain ends at link ${seq} but was signed up to link ${head.seq}`
  if (!head.hash.equals(hash)) return 'the signed end of the chain is another one'
  if (!keyring.ids.includes(head.key_id))
    return `the end of the chain was signed with key "${head.key_id}", which is not configured: add it to the key file`
  const expected = keyring.hash(headText(seq, hash), 'audit-head', head.key_id)
  if (expected.length !== head.signature.length || !timingSafeEqual(expected, head.signature))
    return 'the end of the chain was not signed with the key of this installation'
  return null
}
