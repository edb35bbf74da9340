import { withClient } from '../../server/platform/postgres/admin.ts'

/**
 * Takes every way between a day and an instant that goes by the zone of the connection out of one database of the tests: the
 * casts between `date` and `timestamptz`, and the operators that compare the two. A statement that makes a day without saying
 * whose then fails in whichever test runs it, at any hour, and not only for an hour or two each night.
 */
export async function forbidHiddenDays(url: string): Promise<void> {
  await withClient(url, async client => {
    await client.query('set allow_system_table_mods = on')
    const between = (one: string, other: string) =>
      `(${one}, ${other}) in (('date'::regtype, 'timestamptz'::regtype), ('timestamptz'::regtype, 'date'::regtype))`
    await client.query(`delete from pg_cast where ${between('castsource', 'casttarget')}`)
    // Otherwise a day becomes a time without a zone unasked, and that is compared with an instant.
    await client.query(
      `update pg_cast set castcontext = 'e' where castsource = 'date'::regtype and casttarget = 'timestamp'::regtype`,
    )
    await client.query(`delete from pg_amop where ${between('amoplefttype', 'amoprighttype')}`)
    await client.query(`delete from pg_amproc where ${between('amproclefttype', 'amprocrighttype')}`)
    await client.query(`delete from pg_operator where ${between('oprleft', 'oprright')}`)
  })
}
