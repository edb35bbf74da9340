import type { z } from 'zod'
import type { accountTypeValues } from '#contract/account-types.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Writes } from './connector.ts'

type Values = z.output<typeof accountTypeValues>

/** Of every kind of accounts, which one must be there first. */
export async function dependencies(tx: Tx): Promise<Map<string, string | null>> {
  const rows = await tx.query<{ id: string; on: string | null }>(
    'select id, depends_on as on from account_type where gone_at is null',
  )
  return new Map(rows.map(row => [row.id, row.on]))
}

/** null: somebody changed it in the meantime. `taken`: another kind of the system has the key. */
export async function saveType(
  tx: Tx,
  systemId: string,
  { id, version, values }: { id: string | null; version: number | null; values: Values },
): Promise<string | null> {
  const [other] = await tx.query(
    `select 1 from account_type where system_id = $1 and key = $2 and gone_at is null and id is distinct from $3`,
    [systemId, values.key, id],
  )
  if (other) return 'taken'
  const params = [
    ...[systemId, values.key, values.name, values.per, values.source, values.leadDays, values.dependsOn],
    ...[values.disableAfter, values.deleteAfter, JSON.stringify(values.rules)],
    ...[values.userName === null ? null : JSON.stringify(values.userName), values.keeps],
  ]
  const [row] = await tx.query<{ id: string }>(
    id === null
      ? `insert into account_type (system_id, key, name, per, source, lead_days, depends_on, disable_after, delete_after, rules, user_name, keeps)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id`
      : `update account_type set key = $2, name = $3, per = $4, source = $5, lead_days = $6, depends_on = $7, disable_after = $8,
           delete_after = $9, rules = $10, user_name = $11, keeps = $12, version = version + 1
         where system_id = $1 and id = $13 and version = $14 and gone_at is null returning id`,
    id === null ? params : [...params, id, version],
  )
  return row?.id ?? null
}

export async function dropAccountType(tx: Tx, id: string, version: number, now: Date): Promise<boolean> {
  const rows = await tx.query(
    'update account_type set gone_at = $3 where id = $1 and version = $2 and gone_at is null returning 1',
    [id, version, now],
  )
  return rows.length > 0
}

/** null: somebody changed it in the meantime. Another kind, or other settings, start with a clean record. */
export async function storeConnector(
  tx: Tx,
  systemId: string,
  to: {
    kind: string
    settings: unknown
    actions: readonly string[]
    writes: Writes | null
    enabled: boolean
    version: number | null
  },
): Promise<number | null> {
  const params = [
    ...[systemId, to.kind, JSON.stringify(to.settings), to.actions, to.enabled],
    to.writes === null ? null : JSON.stringify(to.writes),
  ]
  const [row] = await tx.query<{ version: number }>(
    to.version === null
      ? `insert into system_connector (system_id, kind, settings, actions, enabled, writes) values ($1, $2, $3, $4, $5, $6)
         on conflict (system_id) do nothing returning version`
      : `update system_connector set kind = $2, settings = $3, actions = $4, enabled = $5, writes = $6, version = version + 1,
           failures = 0, rests_until = null, tested_at = null, tested_ok = null
         where system_id = $1 and version = $7 returning version`,
    to.version === null ? params : [...params, to.version],
  )
  return row?.version ?? null
}

/** What the connector of a system writes, for one that was saved before that was noted. */
export async function storeWrites(tx: Tx, systemId: string, writes: Writes | null): Promise<void> {
  await tx.query('update system_connector set writes = $2 where system_id = $1 and writes is distinct from $2::jsonb', [
    systemId,
    writes === null ? null : JSON.stringify(writes),
  ])
}
