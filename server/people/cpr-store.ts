import type { Keyring } from '../platform/keyring.ts'
import { problem } from '../platform/problem.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import { cprHash, maskCpr, openCpr, sealCpr } from './cpr.ts'
import type { Realm } from './identity-store.ts'

/** A number with its hashes under every key that is configured, so that it is found while keys rotate. */
export type KnownCpr = { cpr: string; hashes: { keyId: string; hash: string }[] }

/** `given` is a hash that a feed has made already, under `givenKey`: hashing is what costs, so it is not done twice. */
export function knowCpr(keyring: Keyring, cpr: string, givenKey?: string, given?: string): KnownCpr {
  const hashes = keyring.ids.map(keyId => ({
    keyId,
    hash: keyId === givenKey && given ? given : cprHash(keyring, cpr, keyId).toString('hex'),
  }))
  return { cpr, hashes }
}

/** Persons that hold one of these numbers, by `realm` and number. */
export async function findByCpr(tx: Tx, numbers: readonly KnownCpr[]): Promise<Map<string, string>> {
  const wanted = new Map<string, string>()
  for (const { cpr, hashes } of numbers) for (const { hash } of hashes) wanted.set(hash, cpr)
  const found = new Map<string, string>()
  if (wanted.size === 0) return found
  const rows = await tx.query<{ hash: string; realm: Realm; person: string }>(
    `with wanted as (select decode(h, 'hex') as hash from unnest($1::text[]) as h)
     select encode(hash, 'hex') as hash, realm, person_id as person from (
       select hash, realm, person_id, 0 as former from person_cpr where hash in (select hash from wanted)
       union all
       select hash, realm, person_id, 1 from person_cpr_former where hash in (select hash from wanted)) as n
     order by former, person_id`,
    [[...wanted.keys()]],
  )
  for (const row of rows) {
    const name = `${row.realm}\n${wanted.get(row.hash)}`
    if (!found.has(name)) found.set(name, row.person)
  }
  return found
}

/**
 * Set numbers of persons, sealed for each; a number that is already there under whichever key is left alone, and so is
 * one that the person has had before: a source that has not heard of the new number yet does not bring the old one back.
 */
export async function saveCprs(
  tx: Tx,
  keyring: Keyring,
  entries: readonly { personId: string; realm: Realm; number: KnownCpr }[],
): Promise<void> {
  if (entries.length === 0) return
  const rows = entries.map(({ personId, realm, number }) => ({
    person: personId,
    realm,
    sealed: sealCpr(keyring, number.cpr, personId),
    hash: `\\x${number.hashes.find(({ keyId }) => keyId === keyring.current)?.hash}`,
    known: number.hashes.map(({ hash }) => hash),
  }))
  await tx.query(
    `insert into person_cpr as c (person_id, realm, sealed, hash, key_id)
     select distinct on (r.person) r.person, r.realm, r.sealed, r.hash, $2
     from json_to_recordset($1::json) as r(person uuid, realm text, sealed text, hash bytea, known text[])
     where not exists (select from person_cpr o where o.person_id = r.person and encode(o.hash, 'hex') = any(r.known))
       and not exists (select from person_cpr_former f where f.person_id = r.person and encode(f.hash, 'hex') = any(r.known))
     order by r.person
     on conflict (person_id) do update
       set realm = excluded.realm, sealed = excluded.sealed, hash = excluded.hash, key_id = excluded.key_id`,
    [JSON.stringify(rows), keyring.current],
  )
}

/** A number for somebody who has none; one that is there stays. */
export async function setFirstCpr(tx: Tx, keyring: Keyring, personId: string, number: KnownCpr): Promise<void> {
  const known = await tx.query('select from person_cpr where person_id = $1', [personId])
  if (known.length === 0) await saveCprs(tx, keyring, [{ personId, realm: 'staff', number }])
}

/**
 * The number that is a person's from now on. The one before is kept beside it, so that whoever still says it means the
 * same person. `null`: the first that was replaced is the number again.
 */
export async function replaceCpr(
  tx: Tx,
  keyring: Keyring,
  personId: string,
  cpr: string | null,
  now: Date,
): Promise<void> {
  const rows = await tx.query<{ sealed: string; realm: Realm; former: boolean }>(
    `select sealed, realm, false as former, null::timestamptz as at from person_cpr where person_id = $1
     union all select sealed, realm, true, replaced_at from person_cpr_former where person_id = $1 order by former, at`,
    [personId],
  )
  const known = rows.map(row => ({ ...row, cpr: openCpr(keyring, row.sealed, personId) }))
  const current = known.find(one => !one.former)
  const next = cpr ?? known.find(one => one.former)?.cpr ?? current?.cpr
  if (next === undefined || next === current?.cpr) return
  // What the person has from now on is not what the person had before.
  const number = knowCpr(keyring, next)
  await tx.query(`delete from person_cpr_former where person_id = $1 and encode(hash, 'hex') = any($2::text[])`, [
    personId,
    number.hashes.map(one => one.hash),
  ])
  if (current && cpr !== null)
    await tx.query(
      `insert into person_cpr_former (person_id, hash, realm, sealed, key_id, replaced_at)
       select person_id, hash, realm, sealed, key_id, $2 from person_cpr where person_id = $1
       on conflict (person_id, hash) do nothing`,
      [personId, now],
    )
  await saveCprs(tx, keyring, [{ personId, realm: current?.realm ?? 'staff', number }])
}

/** The number in clear, or null when none is known. Only through `revealCpr` of the service, which logs it. */
export async function readCpr(tx: Tx, keyring: Keyring, personId: string): Promise<string | null> {
  const [row] = await tx.query<{ id: string; sealed: string }>(
    `select c.person_id as id, c.sealed from person p join person_cpr c on c.person_id = p.id
     where p.id = $1 or p.merged_into = $1 order by p.id = $1 desc, p.id limit 1`,
    [personId],
  )
  return row ? openCpr(keyring, row.sealed, row.id) : null
}

/** `ddmmyy-xxxx`, or null when none is known. */
export async function readMaskedCpr(tx: Tx, keyring: Keyring, personId: string): Promise<string | null> {
  const cpr = await readCpr(tx, keyring, personId)
  return cpr === null ? null : maskCpr(cpr)
}

/**
 * Re-seal and re-hash everything that was written with another than the current key. In batches of their own
 * transaction: interrupt it whenever, start it again, and it goes on where it stopped. Answers how many were moved;
 * afterwards `rotationLeft` says whether the old key can go.
 */
export async function rotateCprKeys(db: Db, keyring: Keyring, options: { batch?: number } = {}): Promise<number> {
  const current = await rotateIn(db, keyring, 'person_cpr', options.batch)
  return current + (await rotateIn(db, keyring, 'person_cpr_former', options.batch))
}

async function rotateIn(
  db: Db,
  keyring: Keyring,
  table: 'person_cpr' | 'person_cpr_former',
  batch = 500,
): Promise<number> {
  let moved = 0
  for (;;) {
    const count = await db.transaction(async tx => {
      const rows = await tx.query<{ person: string; sealed: string; old: string }>(
        `select person_id as person, sealed, encode(hash, 'hex') as "old" from ${table} where key_id <> $1
         order by person_id, hash limit $2 for update skip locked`,
        [keyring.current, batch],
      )
      const next = rows.map(row => {
        const cpr = openCpr(keyring, row.sealed, row.person)
        return {
          person: row.person,
          old: row.old,
          sealed: sealCpr(keyring, cpr, row.person),
          hash: `\\x${cprHash(keyring, cpr).toString('hex')}`,
        }
      })
      if (next.length > 0)
        await tx.query(
          `update ${table} c set sealed = r.sealed, hash = r.hash, key_id = $2
           from json_to_recordset($1::json) as r(person uuid, old text, sealed text, hash bytea)
           where c.person_id = r.person and encode(c.hash, 'hex') = r.old`,
          [JSON.stringify(next), keyring.current],
        )
      return next.length
    })
    if (count === 0) return moved
    moved += count
  }
}

/** How many numbers still need another than the current key, per key. */
export async function rotationLeft(tx: Tx, keyring: Keyring): Promise<{ keyId: string; count: number }[]> {
  return tx.query(
    `select key_id as "keyId", count(*) as count
     from (select key_id from person_cpr union all select key_id from person_cpr_former) as n
     where key_id <> $1 group by key_id order by key_id`,
    [keyring.current],
  )
}

/** Throws `key-missing` when stored numbers need a key that is not configured. For start-up and `doctor`. */
export async function checkCprKeys(tx: Tx, keyring: Keyring): Promise<void> {
  for (const { keyId, count } of await rotationLeft(tx, keyring))
    if (!keyring.ids.includes(keyId))
      throw problem('key-missing', {
        detail: `${count} CPR numbers are sealed with encryption key "${keyId}", which is not configured. Add it to the key file.`,
      })
}
