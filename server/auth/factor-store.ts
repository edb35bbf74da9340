import type { Tx } from '../platform/unit-of-work.ts'

export type Totp = { id: string; secret: string; lastStep: number | null; confirmed: boolean }
export type Passkey = {
  id: string
  credentialId: string
  publicKey: Buffer
  counter: number
  transports: string[]
}
export type FactorRow = {
  id: string
  kind: 'totp' | 'passkey'
  name: string
  createdAt: string
  lastUsedAt: string | null
}

const ISO = (column: string) => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`

export type FactorStore = ReturnType<typeof factorStore>

export function factorStore(tx: Tx) {
  const count = async (sql: string, params: unknown[]) => (await tx.query(sql, params)).length
  return {
    list: (userId: string) =>
      tx.query<FactorRow>(
        `select id, kind, name, ${ISO('created_at')} as "createdAt", ${ISO('last_used_at')} as "lastUsedAt"
         from second_factor where user_id = $1 and confirmed_at is not null order by created_at, id`,
        [userId],
      ),
    totps: (userId: string) =>
      tx.query<Totp>(
        `select id, secret, last_step as "lastStep", confirmed_at is not null as confirmed
         from second_factor where user_id = $1 and kind = 'totp'`,
        [userId],
      ),
    passkeys: (userId: string) =>
      tx.query<Passkey>(
        `select id, credential_id as "credentialId", public_key as "publicKey", counter, coalesce(transports, '{}') as transports
         from second_factor where user_id = $1 and kind = 'passkey' and confirmed_at is not null`,
        [userId],
      ),
    /** A secret that has not proved that it works replaces an earlier one that did not. */
    beginTotp: async (id: string, userId: string, name: string, secret: string) => {
      await tx.query(`delete from second_factor where user_id = $1 and kind = 'totp' and confirmed_at is null`, [
        userId,
      ])
      await tx.query(`insert into second_factor (id, user_id, kind, name, secret) values ($1, $2, 'totp', $3, $4)`, [
        id,
        userId,
        name,
        secret,
      ])
    },
    /** Use up a time step. False when it, or a later one, has been used: also when two requests bring it at once. */
    takeStep: async (id: string, step: number, now: Date, confirm: boolean) =>
      (await count(
        `update second_factor set last_step = $2, last_used_at = $3, confirmed_at = case when $4 then coalesce(confirmed_at, $3) else confirmed_at end
         where id = $1 and (last_step is null or last_step < $2) and (confirmed_at is not null or $4) returning id`,
        [id, step, now, confirm],
      )) > 0,
    /** False when the credential is known already. */
    addPasskey: async (
      id: string,
      userId: string,
      key: { name: string; credentialId: string; publicKey: Uint8Array; counter: number; transports: string[] },
      now: Date,
    ) =>
      (await count(
        `insert into second_factor (id, user_id, kind, name, credential_id, public_key, counter, transports, confirmed_at)
         values ($1, $2, 'passkey', $3, $4, $5, $6, $7, $8) on conflict (credential_id) do nothing returning id`,
        [id, userId, key.name, key.credentialId, Buffer.from(key.publicKey), key.counter, key.transports, now],
      )) > 0,
    /** A signature counter that does not go up means that the key has been copied. Zero means that it does not count. */
    takePasskey: async (id: string, counter: number, now: Date) =>
      (await count(
        `update second_factor set counter = $2, last_used_at = $3
         where id = $1 and (counter < $2 or (counter = 0 and $2 = 0)) returning id`,
        [id, counter, now],
      )) > 0,
    remove: async (id: string, userId: string) =>
      (await count('delete from second_factor where id = $1 and user_id = $2 returning id', [id, userId])) > 0,
    removeAll: async (userId: string) => {
      await tx.query('delete from second_factor where user_id = $1', [userId])
      await tx.query('delete from recovery_code where user_id = $1', [userId])
    },
    replaceRecoveryCodes: async (userId: string, hashes: Buffer[]) => {
      await tx.query('delete from recovery_code where user_id = $1', [userId])
      await tx.query('insert into recovery_code (user_id, code_hash) select $1, * from unnest($2::bytea[])', [
        userId,
        hashes,
      ])
    },
    /** `hashes`: the code under every key that is known. False when it is wrong or used. */
    takeRecoveryCode: async (userId: string, hashes: Buffer[], now: Date) =>
      (await count(
        `update recovery_code set used_at = $3 where user_id = $1 and code_hash = any($2) and used_at is null returning user_id`,
        [userId, hashes, now],
      )) > 0,
    recoveryCodesLeft: async (userId: string) =>
      (
        await tx.query<{ left: number }>(
          'select count(*)::int as left from recovery_code where user_id = $1 and used_at is null',
          [userId],
        )
      )[0]!.left,
  }
}
