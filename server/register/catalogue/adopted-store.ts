import type { Tx } from '../../platform/unit-of-work.ts'

/** Records that were made from the catalogue and still stand (as a draft, or in force today or later), by key. */
export async function adoptedActivities(
  tx: Tx,
  today: string,
): Promise<ReadonlyMap<string, { activityId: string; ref: string }>> {
  const rows = await tx.query<{ key: string; activityId: string; ref: string }>(
    `select distinct on (a.catalogue_key) a.catalogue_key as key, a.id as "activityId", a.ref from activity a
     where a.catalogue_key is not null and (
       exists (select from activity_version v where v.activity_id = a.id and v.state in ('draft', 'proposed'))
       or exists (select from activity_in_force f where f.activity_id = a.id and upper_inf(f.recorded)
            and f.valid && daterange($1::date, null)))
     order by a.catalogue_key, a.ref`,
    [today],
  )
  return new Map(rows.map(({ key, ...one }) => [key, one]))
}

/** Two who adopt at once are one after the other, so that nothing is adopted twice. */
export const holdRegister = (tx: Tx) => tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel register'))`)
