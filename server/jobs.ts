import { Logger, run } from 'graphile-worker'
import { catchUp } from './access/access-store.ts'
import { systemActor } from './audit/audit-entry.ts'
import { erasePayloads } from './audit/audit-store.ts'
import { sealAudit } from './audit/seal-audit.ts'
import { refreshCurrent, subjectsChangingOn } from './people/current-store.ts'
import type { House } from './wiring.ts'

/** Every background job and its rhythm (cron in UTC; what depends on the civil date asks the clock). */
const CRON = `
* * * * * read-due-sources ?max=1
* * * * * seal-audit ?max=1
*/10 * * * * roll-the-day ?max=1
17 * * * * tidy ?max=1
`

/**
 * Run the jobs on the same database. Any number of processes may: a job is taken by one of them, and what a killed
 * one had taken is taken again. Returns how to stop.
 */
export async function startJobs(house: House): Promise<() => Promise<void>> {
  const { db, clock, log, feeds, keyring } = house
  const runner = await run({
    connectionString: house.databaseUrl,
    schema: 'graphile_worker',
    concurrency: 2,
    noHandleSignals: true,
    noPreparedStatements: true,
    crontab: CRON.trim(),
    logger: new Logger(() => (level, message) => {
      if (level === 'error') log.error({ part: 'jobs' }, message)
      else log.debug({ part: 'jobs' }, message)
    }),
    taskList: {
      /** Sources whose time has come, and runs that a dead process left. */
      'read-due-sources': async () => {
        await feeds.resume()
        for (const source of await feeds.due()) {
          const result = await feeds.run(source, { trigger: 'schedule' })
          log.info(
            { source, runId: result.runId, state: result.state, changed: result.changed, added: result.added },
            'a source was read',
          )
        }
      },
      'seal-audit': async () => {
        await sealAudit(db, keyring)
      },
      /** A new civil date: who starts, who has left, which rules hold now. Unlimited catch-up: not "since yesterday". */
      'roll-the-day': async () => {
        const today = clock.today()
        await db.transaction(async tx => {
          const [state] = await tx.query<{ on_date: string }>('select on_date from access_state')
          if (state?.on_date === today) return
          await refreshCurrent(tx, state ? await subjectsChangingOn(tx, state.on_date, today) : 'all', today)
          await catchUp(tx, { today, now: clock.now(), cause: 'date' })
        })
      },
      /** Retention: sessions that have ended, old sign-in attempts, and what audit entries were about (not that they were). */
      tidy: async () => {
        await db.transaction(tx => tx.query('delete from session where expire < now()'))
        await house.auth.removeOldAttempts()
        const months = (count: number) => new Date(clock.now().getTime() - count * 30.44 * 86_400_000)
        const actor = systemActor('retention')
        await db.transaction(async tx => {
          await erasePayloads(tx, {
            actor,
            before: months(6),
            lookupsOnly: true,
            reason: 'lookups are kept for six months',
          })
          await erasePayloads(tx, {
            actor,
            before: months(60),
            lookupsOnly: false,
            reason: 'changes are kept for five years',
          })
        })
      },
    },
  })
  return () => runner.stop()
}
