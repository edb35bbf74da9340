import type { Tx } from '../../platform/unit-of-work.ts'

/** Hours of a unit (domain.md, three last days): a start from this hour of the day before, an end until this of the day. */
export type Cutover = { startsFromHour: number | null; endsUntilHour: number | null }

export async function readCutover(tx: Tx, unitId: string): Promise<Cutover | null> {
  const [row] = await tx.query<Cutover>(
    'select starts_from_hour as "startsFromHour", ends_until_hour as "endsUntilHour" from unit_cutover where unit_id = $1',
    [unitId],
  )
  return row ?? null
}

/** False where there is no such unit. Hours that say nothing are no row. */
export async function writeCutover(
  tx: Tx,
  unitId: string,
  { startsFromHour, endsUntilHour }: Cutover,
  when: { now: Date; by: string },
): Promise<boolean> {
  const [unit] = await tx.query('select from org_unit where id = $1', [unitId])
  if (!unit) return false
  if (startsFromHour === null && endsUntilHour === null)
    await tx.query('delete from unit_cutover where unit_id = $1', [unitId])
  else
    await tx.query(
      `insert into unit_cutover (unit_id, starts_from_hour, ends_until_hour, changed_at, changed_by) values ($1, $2, $3, $4, $5)
       on conflict (unit_id) do update set starts_from_hour = excluded.starts_from_hour,
         ends_until_hour = excluded.ends_until_hour, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
      [unitId, startsFromHour, endsUntilHour, when.now, when.by],
    )
  return true
}
