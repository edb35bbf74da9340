import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  type AuditActor,
  CHAIN_START,
  type EntryText,
  entryColumns,
  sealHash,
} from '../../../server/audit/audit-entry.ts'
import { audit, erasePayloads } from '../../../server/audit/audit-store.ts'
import { sealAudit } from '../../../server/audit/seal-audit.ts'
import { verifyAudit } from '../../../server/audit/verify-audit.ts'
import { newId } from '../../../server/platform/ids.ts'
import { createKeyring } from '../../../server/platform/keyring.ts'
import { testServer } from '../../support/database.ts'

const database = testServer()
const keyring = createKeyring([{ id: 'k1', secret: randomBytes(32) }])
const actor: AuditActor = { kind: 'user', userId: newId(), personId: newId(), function: 'it' }

async function write(count: number): Promise<number[]> {
  const ids: number[] = []
  for (let n = 0; n < count; n++)
    ids.push(
      await database.db.transaction(tx =>
        audit(tx).write({
          actor,
          action: 'run.started',
          subjectKind: 'run',
          subjectId: `r${n}`,
          before: { n },
          after: { n: n + 1 },
        }),
      ),
    )
  return ids
}

/** What somebody with all rights on the database could do: triggers and foreign keys off. */
async function tamper(sql: string, params: unknown[] = []): Promise<void> {
  await database.db.transaction(async tx => {
    await tx.query('set local session_replication_role = replica')
    await tx.query(sql, params)
  })
}

beforeEach(() => database.reset())

describe('sealing', () => {
  it('chains everything that is committed, once, and the chain holds', async () => {
    await write(12)
    expect(await sealAudit(database.db, keyring)).toBe(12)
    expect(await sealAudit(database.db, keyring)).toBe(0)
    await write(3)
    expect(await verifyAudit(database.db, keyring)).toMatchObject({ ok: true, checked: 12, unsealed: 3 })
    await sealAudit(database.db, keyring)
    expect(await verifyAudit(database.db, keyring)).toMatchObject({
      ok: true,
      checked: 15,
      unsealed: 0,
      firstBroken: null,
    })
  })

  it('waits for a transaction that is still running, so that nothing turns up in front of what is sealed', async () => {
    let finish = () => {}
    const paused = new Promise<void>(resolve => {
      finish = resolve
    })
    let begun = () => {}
    const written = new Promise<void>(resolve => {
      begun = resolve
    })
    const slow = database.db.transaction(async tx => {
      await audit(tx).write({ actor, action: 'run.started', subjectKind: 'run', subjectId: 'slow' })
      begun()
      await paused
    })
    await written
    const [later] = await write(1)
    expect(await sealAudit(database.db, keyring)).toBe(0)
    finish()
    await slow
    expect(await sealAudit(database.db, keyring)).toBe(2)
    const order = await database.db.snapshot(tx =>
      tx.query<{ entry_id: number }>('select entry_id from audit_seal order by seq'),
    )
    expect(order.map(row => row.entry_id)).toEqual([later! - 1, later])
    expect((await verifyAudit(database.db, keyring)).ok).toBe(true)
  })

  it('writes nothing when the command fails', async () => {
    await expect(
      database.db.transaction(async tx => {
        await audit(tx).write({ actor, action: 'run.started', subjectKind: 'run' })
        throw new Error('the command fails')
      }),
    ).rejects.toThrow('the command fails')
    expect(await verifyAudit(database.db, keyring)).toMatchObject({ checked: 0, unsealed: 0 })
  })

  it('two sealing jobs at once make one chain', async () => {
    await write(20)
    await Promise.all([
      sealAudit(database.db, keyring),
      sealAudit(database.db, keyring),
      sealAudit(database.db, keyring),
    ])
    await sealAudit(database.db, keyring)
    expect(await verifyAudit(database.db, keyring)).toMatchObject({ ok: true, checked: 20, unsealed: 0 })
  })
})

describe('the log is append-only', () => {
  it.each([
    'update audit_entry set action = $$nothing$$',
    'delete from audit_entry',
    'update audit_seal set hash = $$x$$',
    'delete from audit_seal',
    'delete from audit_payload',
    `update audit_payload set body = '{}'`,
    'truncate audit_payload',
    'truncate audit_seal',
    'truncate audit_entry cascade',
  ])('refuses %s', async statement => {
    await write(2)
    await sealAudit(database.db, keyring)
    await expect(database.db.transaction(tx => tx.query(statement))).rejects.toThrow(/append-only|can only be erased/)
    expect((await verifyAudit(database.db, keyring)).ok).toBe(true)
  })
})

describe('verifying names the first broken link', () => {
  let ids: number[]
  beforeEach(async () => {
    ids = await write(9)
    await sealAudit(database.db, keyring)
    expect((await verifyAudit(database.db, keyring)).ok).toBe(true)
  })
  const verdict = () => verifyAudit(database.db, keyring)

  it.each([
    ['action', `'rules.imported'`],
    ['at', `at + interval '1 microsecond'`],
    ['actor_user_id', 'null'],
    ['actor_person_id', 'gen_random_uuid()'],
    ['actor_kind', `'system'`],
    ['actor_function', `'hr'`],
    ['subject_kind', `'rule'`],
    ['subject_id', 'null'],
    ['person_id', 'gen_random_uuid()'],
    ['lookup', 'true'],
    ['case_id', 'gen_random_uuid()'],
    ['request_id', `'r'`],
    ['xid', '1'],
    ['payload_hash', `sha256('x')`],
  ])('a changed %s', async (column, value) => {
    await tamper(`update audit_entry set ${column} = ${value} where id = $1`, [ids[4]])
    expect(await verdict()).toMatchObject({
      ok: false,
      checked: 4,
      firstBroken: { entryId: ids[4], seq: 5, why: expect.stringContaining('has been changed') },
    })
  })

  it('a changed payload', async () => {
    await tamper(`update audit_payload set body = '{"before":{"n":99}}' where entry_id = $1`, [ids[2]])
    expect((await verdict()).firstBroken).toMatchObject({ entryId: ids[2], seq: 3 })
  })

  it('a payload that was taken away without being erased', async () => {
    await tamper('delete from audit_payload where entry_id = $1', [ids[2]])
    expect((await verdict()).firstBroken).toMatchObject({ entryId: ids[2], why: expect.stringContaining('deleted') })
  })

  it('a deleted entry', async () => {
    await tamper('delete from audit_entry where id = $1', [ids[5]])
    expect((await verdict()).firstBroken).toMatchObject({ seq: 6, why: expect.stringContaining('deleted') })
  })

  it('a deleted entry together with its link', async () => {
    await tamper('delete from audit_entry where id = $1', [ids[5]])
    await tamper('delete from audit_seal where entry_id = $1', [ids[5]])
    expect((await verdict()).firstBroken).toMatchObject({ seq: 6, why: expect.stringContaining('missing') })
  })

  it('a deleted link with the others moved up', async () => {
    await tamper('delete from audit_seal where entry_id = $1', [ids[5]])
    await tamper('update audit_seal set seq = -(seq - 1) where seq > 6')
      .catch(() => tamper('alter table audit_seal drop constraint audit_seal_seq_check'))
      .then(() => tamper('update audit_seal set seq = -(seq - 1) where seq > 6'))
    await tamper('update audit_seal set seq = -seq where seq < 0')
    expect((await verdict()).firstBroken).toMatchObject({ entryId: ids[6], seq: 6 })
  })

  it('two entries that changed places', async () => {
    await tamper('delete from audit_seal where seq in (4, 5)')
    await tamper(`insert into audit_seal (seq, entry_id, hash) values (4, $2, sha256('x')), (5, $1, sha256('y'))`, [
      ids[3],
      ids[4],
    ])
    expect((await verdict()).firstBroken).toMatchObject({ entryId: ids[4], seq: 4 })
  })

  it('a tail that was cut off', async () => {
    await tamper('delete from audit_seal where seq > 7')
    await tamper('delete from audit_entry where id > $1', [ids[6]])
    expect((await verdict()).firstBroken).toMatchObject({ why: expect.stringContaining('ends at link 7') })
  })

  it('a whole chain computed anew by somebody without the key', async () => {
    await tamper('update audit_entry set actor_user_id = null where id = $1', [ids[0]])
    const entries = await database.db.snapshot(tx =>
      tx.query<EntryText>(`select ${entryColumns('entry')} from audit_entry entry order by entry.id`),
    )
    let hash: Buffer = CHAIN_START
    for (const [index, entry] of entries.entries()) {
      hash = sealHash(hash, index + 1, entry)
      await tamper('update audit_seal set hash = $1 where seq = $2', [hash, index + 1])
    }
    await tamper('update audit_head set hash = $1', [hash])
    expect((await verdict()).firstBroken).toMatchObject({ why: expect.stringContaining('not signed with the key') })
  })
})

describe('erasing what entries were about', () => {
  it('keeps the chain valid, leaves nothing to guess from, and is itself logged', async () => {
    const ids = await write(4)
    await sealAudit(database.db, keyring)
    const erased = await database.db.transaction(tx =>
      erasePayloads(tx, { actor, before: new Date(Date.now() + 1000), lookupsOnly: false, reason: 'retention' }),
    )
    expect(erased).toBe(4)
    await sealAudit(database.db, keyring)
    expect(await verifyAudit(database.db, keyring)).toMatchObject({ ok: true, checked: 5 })
    const rows = await database.db.snapshot(tx =>
      tx.query('select salt, body from audit_payload where entry_id = any($1)', [ids]),
    )
    expect(rows).toEqual(ids.map(() => ({ salt: null, body: null })))
  })

  it('does not touch commands when only lookups are due', async () => {
    await write(2)
    const erased = await database.db.transaction(tx =>
      erasePayloads(tx, { actor, before: new Date(Date.now() + 1000), lookupsOnly: true, reason: 'retention' }),
    )
    expect(erased).toBe(0)
  })
})
