import type { Tx } from '../platform/unit-of-work.ts'

/** Names of units by the key that sources use; pay units have keys of their own. Keys that nobody knows are left out. */
export async function unitNames(
  tx: Tx,
  keys: readonly string[],
): Promise<(key: string, pay: boolean) => string | undefined> {
  const wanted = [...new Set(keys)]
  const rows =
    wanted.length === 0
      ? []
      : await tx.query<{ key: string; pay: boolean; name: string }>(
          `select u.key, u.pay, c.name from org_unit u join org_unit_current c on c.unit_id = u.id where u.key = any($1)`,
          [wanted],
        )
  const names = new Map(rows.map(row => [`${row.pay} ${row.key}`, row.name]))
  return (key, pay) => names.get(`${pay} ${key}`) ?? names.get(`${!pay} ${key}`)
}
