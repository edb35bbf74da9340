import { Logger, run } from 'graphile-worker'
import pg from 'pg'
import { catchUp } from './access/access-store.ts'
import { rollFindings } from './access/drift/drift-day.ts'
import { watchSources } from './access/drift/stale-sources.ts'
import { endExpired } from './access/grants/emergency-service.ts'
import { refreshProposals } from './access/mappings/proposal-store.ts'
import { forgetOldRuns } from './access/mining/mining-store.ts'
import { keepCoverage } from './access/purposes/coverage-view.ts'
import { syncDue } from './access/purposes/purpose-findings.ts'
import { keepReach } from './access/reach/reach-snapshot-store.ts'
import { applyDueDrafts } from './access/what-if/apply-due.ts'
import { systemActor } from './audit/audit-entry.ts'
import { audit } from './audit/audit-store.ts'
import { sealAudit } from './audit/seal-audit.ts'
import { countDay } from './findings/finding-store.ts'
import { appendJournal } from './gdpr/retention/journal-file.ts'
import { nightly } from './gdpr/retention/nightly.ts'
import { carryOut } from './gdpr/retention/retention-service.ts'
import { endShifts } from './lifecycle/cases/end-shifts.ts'
import { settleDue } from './lifecycle/cases/settle-handovers.ts'
import { sendMails } from './mails/mail-service.ts'
import { sendOrders } from './orders/dispatch-service.ts'
import { catchUpOrders } from './orders/order-service.ts'
import { makePackages } from './overview/packages/make-packages.ts'
import { forgetPackages } from './overview/packages/package-store.ts'
import { weeklyDigests } from './overview/views/digest-service.ts'
import { refreshCurrent, subjectsChangingOn } from './people/current-store.ts'
import { createMailer } from './platform/mail.ts'
import { isProblem } from './platform/problem.ts'
import { AFTER_DECIDED, type House, localAdministrators } from './wiring.ts'

/** Every background job and its rhythm (cron in UTC; what depends on the civil date asks the clock). */
const CRON = `
* * * * * read-due-sources ?max=1
* * * * * take-drops ?max=1
* * * * * apply-hr-events ?max=1
* * * * * seal-audit ?max=1
* * * * * send-orders ?max=1
* * * * * end-emergency-access ?max=1
* * * * * make-packages ?max=1
*/10 * * * * roll-the-day ?max=1
*/5 * * * * watch-findings ?max=1
* * * * * count-findings ?max=1
*/2 * * * * propose-groups ?max=1
*/5 * * * * weekly-digests ?max=1
* * * * * send-mails ?max=1
17 * * * * tidy ?max=1
23 * * * * retention ?max=1
* * * * * carry-out-retention ?max=1
`

/** Seconds after each minute at which due sources are asked for once more: a change is then seen within a minute. */
const WITHIN_THE_MINUTE = [15, 30, 45]

const isFromCron = (payload: unknown): boolean => typeof payload === 'object' && payload !== null && '_cron' in payload

/**
 * Run the jobs on the same database. Any number of processes may: a job is taken by one of them, and what a killed
 * one had taken is taken again. Returns how to stop.
 */
export async function startJobs(house: House): Promise<() => Promise<void>> {
  const { db, clock, log, feeds, keyring, config } = house
  const mailer =
    config.HJEMMEL_SMTP_URL !== undefined && config.HJEMMEL_MAIL_FROM !== undefined
      ? createMailer({ url: config.HJEMMEL_SMTP_URL, from: config.HJEMMEL_MAIL_FROM })
      : null
  // A pool of our own: the one that graphile-worker would make is closed without waiting and without a listener for
  // errors, so that the database, stopped a moment later, would end the process with a trace (0.18).
  const pool = new pg.Pool({ connectionString: house.databaseUrl, max: 6 })
  const lost = (error: Error) => log.debug({ part: 'jobs', err: error.message }, 'a connection was lost')
  pool.on('error', lost)
  pool.on('connect', client => client.on('error', lost))
  const runner = await run({
    pgPool: pool,
    schema: 'graphile_worker',
    // A full read takes its time, and must not keep a source waiting that reads its changes each minute.
    concurrency: 4,
    noHandleSignals: true,
    noPreparedStatements: true,
    crontab: CRON.trim(),
    logger: new Logger(() => (level, message) => {
      if (level === 'error') log.error({ part: 'jobs' }, message)
      else log.debug({ part: 'jobs' }, message)
    }),
    taskList: {
      /**
       * Sources whose time has come, each as a job of its own, and runs that a dead process left. Cron knows whole
       * minutes: where a source is to be read more often, this asks again within the minute.
       */
      'read-due-sources': async (payload, { addJob }) => {
        if (isFromCron(payload) && (await feeds.someQuickerThan(60)))
          for (const seconds of WITHIN_THE_MINUTE)
            await addJob(
              'read-due-sources',
              {},
              { runAt: new Date(Date.now() + seconds * 1000), jobKey: `read-due-sources +${seconds}`, maxAttempts: 1 },
            )
        await feeds.resume()
        for (const source of await feeds.due())
          await addJob('read-source', { source }, { jobKey: `read-source ${source}`, maxAttempts: 1 })
      },
      /** What personnel programs have sent and a process that died has left, or what is to be tried again. */
      'apply-hr-events': async () => {
        await house.events.applyDue()
      },
      'take-drops': async () => {
        await feeds.takeDrops()
      },
      'read-source': async payload => {
        await readOne(house, (payload as { source: string }).source)
      },
      /** Orders whose time has come. Within the minute too: who is locked out is locked out at once. */
      'send-orders': async (payload, { addJob }) => {
        if (isFromCron(payload))
          for (const seconds of WITHIN_THE_MINUTE)
            await addJob(
              'send-orders',
              {},
              { runAt: new Date(Date.now() + seconds * 1000), jobKey: `send-orders +${seconds}`, maxAttempts: 1 },
            )
        if (isFromCron(payload))
          await db.transaction(tx => catchUpOrders(tx, { today: clock.today(), now: clock.now() }))
        const sent = await sendOrders(house)
        if (sent.done + sent.failed > 0) log.info({ part: 'orders', ...sent }, 'orders were sent')
      },
      'seal-audit': async () => {
        await sealAudit(db, keyring)
      },
      /** Emergency access ends by the hour, not with the day. */
      'end-emergency-access': async () => {
        const when = { today: clock.today(), now: clock.now() }
        await db.transaction(tx => endExpired(tx, when, { after: AFTER_DECIDED }))
        await endDueShifts(house)
      },
      'roll-the-day': async () => {
        await rollTheDay(house)
        await settleDueHandovers(house)
        // After the day has turned: what a draft is held against is what holds on its date.
        const drafts = await applyDueDrafts(house, localAdministrators, AFTER_DECIDED)
        if (drafts.applied + drafts.held > 0) log.info({ part: 'drafts', ...drafts }, 'drafts were due')
      },
      /** What groups that nobody mapped might give, where something has changed that it rests on. */
      'propose-groups': async () => {
        await db.transaction(tx => refreshProposals(tx, clock.now()))
      },
      'watch-findings': () => watchFindings(house),
      /** What counts people and rights, where rights have changed since. */
      'count-findings': async () => {
        await db.transaction(tx => syncDue(tx, clock.today()))
      },
      /** Views that somebody has sent every week, at their hour. */
      'weekly-digests': async () => {
        const digests = await weeklyDigests({ ...house, mailer, publicUrl: house.publicUrl })
        if (digests.made + digests.sent > 0) log.info({ part: 'digests', ...digests }, 'digests were made')
      },
      /** What was asked for for an inspection. */
      'make-packages': async () => {
        await makePackages(house)
      },
      /** What people are to be told: at once, once an hour, once a day. */
      'send-mails': async () => {
        const mails = await sendMails({ ...house, mailer })
        if (mails.made + mails.sent > 0) log.info({ part: 'mails', ...mails }, 'mails were made')
      },
      /** What is of no use any more by its own nature: sessions that have ended, old sign-in attempts, drafts nobody saved. */
      tidy: async () => {
        await feeds.expireHeld()
        await db.transaction(tx => tx.query('delete from session where expire < now()'))
        await house.auth.removeOldAttempts()
        await feeds.removeOldDrafts()
        await house.userLists.tidy()
        await feeds.tidyDrops()
        await feeds.removeIdleRuns()
        await db.transaction(tx => forgetPackages(tx, clock.today()))
        // The last count of a day is that day's.
        await db.transaction(tx => countDay(tx, clock.today()))
        await db.transaction(tx => keepCoverage(tx, clock.today()))
        await db.transaction(tx => keepReach(tx, clock.today()))
        const months = (count: number) => new Date(clock.now().getTime() - count * 30.44 * 86_400_000)
        await db.transaction(tx => forgetOldRuns(tx, months(6)))
      },
      /** What is due of the retention table, once a night; a sample of the log, once a month. */
      retention: async () => {
        const began = await nightly(house)
        if (began.began.length + began.waits.length + began.drawn > 0)
          log.info({ part: 'retention', ...began }, 'the night')
      },
      /** A run that somebody has let go and a process that died has left. */
      'carry-out-retention': async () => {
        await carryOut(db, () => clock.now())
        await appendJournal(db, house.dataDir)
      },
    },
  })
  // Asked twice when a newer version has taken over and the process is then interrupted: both wait for the same end. A
  // runner that has ended by itself (the database went away) refuses to be stopped again; its own end is what counts.
  let ended: Promise<void> | null = null
  return () => {
    ended ??= (async () => {
      await runner.stop().catch(() => runner.promise.catch(() => {}))
      await pool.end()
    })()
    return ended
  }
}

/** A new civil date: who starts, who has left, which rules hold now. Unlimited catch-up: not "since yesterday". */
export async function rollTheDay({ db, clock }: Pick<House, 'db' | 'clock'>): Promise<void> {
  const today = clock.today()
  await db.transaction(async tx => {
    const [state] = await tx.query<{ on_date: string }>('select on_date from access_state')
    if (state?.on_date === today) return
    await refreshCurrent(tx, state ? await subjectsChangingOn(tx, state.on_date, today) : 'all', today)
    const decided = await catchUp(tx, {
      today,
      now: clock.now(),
      cause: 'date',
      localAdministrators,
      after: AFTER_DECIDED,
    })
    await audit(tx).write({
      actor: systemActor('roll-the-day'),
      action: 'access.date-rolled',
      subjectKind: 'installation',
      detail: { from: state?.on_date ?? null, to: today, decided },
    })
  })
}

/** What leavers answered for, where its day has come: once they have gone, however late it is looked at. */
export const settleDueHandovers = ({ db, clock, keyring }: Pick<House, 'db' | 'clock' | 'keyring'>): Promise<number> =>
  db.transaction(tx =>
    settleDue(
      tx,
      { keyring, localAdministrators, afterDecided: AFTER_DECIDED },
      { today: clock.today(), now: clock.now() },
    ),
  )

/** Substitutes go with their shift, by the hour. */
export const endDueShifts = ({ db, clock, keyring }: Pick<House, 'db' | 'clock' | 'keyring'>): Promise<number> =>
  db.transaction(tx =>
    endShifts(
      tx,
      { keyring, localAdministrators, afterDecided: AFTER_DECIDED },
      { today: clock.today(), now: clock.now() },
    ),
  )

/** Sources that have become too old to conclude from; once a day what time alone changes, and how many findings are open. */
export async function watchFindings({ db, clock }: Pick<House, 'db' | 'clock'>): Promise<void> {
  await db.transaction(async tx => {
    await watchSources(tx, clock.now())
    await rollFindings(tx, clock.today(), clock.now())
  })
}

/** One source that cannot be read must not keep the others waiting; its run says what is wrong. */
async function readOne({ feeds, log }: House, source: string): Promise<void> {
  try {
    const { runId, state, changed, added } = await feeds.run(source, { trigger: 'schedule' })
    log.info({ source, runId, state, changed, added }, 'a source was read')
  } catch (error) {
    // Another process was quicker: that is what it is for.
    if (isProblem(error) && (error.problem === 'run-in-progress' || error.problem === 'conflict')) return
    log.error({ source, error: String((error as Error).stack ?? error) }, 'a source could not be read')
  }
}
