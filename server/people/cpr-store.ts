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
    `select encode(hash, 'hex') as hash, realm, person_id as person from person_cpr
     where hash = any(select decode(h, 'hex') from unnest($1::text[]) as h) order by person_id`,
    [[...wanted.keys()]],
  )
  for (const row of rows) {
    const name = `${row.realm}\n${wanted.get(row.hash)}`
    if (!found.has(name)) found.set(name, row.person)
  }
  return found
}

/** Set numbers of persons, sealed for each; a number that is already there under whichever key is left alone. */
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
     order by r.person
     on conflict (person_id) do update
       set realm = excluded.realm, sealed = excluded.sealed, hash = excluded.hash, key_id = excluded.key_id`,
    [JSON.stringify(rows), keyring.current],
  )
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
  let moved = 0
  for (;;) {
    const count = await db.transaction(async tx => {
      const rows = await tx.query<{ person: string; sealed: string }>(
        `select person_id as person, sealed from person_cpr where key_id <> $1
         order by person_id limit $2 for update skip locked`,
        [keyring.current, options.batch ?? 500],
      )
      const next = rows.map(row => {
        const cpr = openCpr(keyring, row.sealed, row.person)
        return {
          person: row.person,
          sealed: sealCpr(keyring, cpr, row.person),
          hash: `\\x${cprHash(keyring, cpr).toString('hex')}`,
        }
      })
      if (next.length > 0)
        await tx.query(
          `update person_cpr c set sealed = r.sealed, hash = r.hash, key_id = $2
           from json_to_recordset($1::json) as r(person uuid, sealed text, hash bytea) where c.person_id = r.person`,
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
    `select key_id as "keyId", count(*) as count from person_cpr where key_id <> $1 group by key_id order by key_id`,
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
