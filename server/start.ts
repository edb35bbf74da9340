import { createServer, type Server } from 'node:http'
import process from 'node:process'
import type { Express } from 'express'
import { createApp } from './app.ts'
import { startJobs } from './jobs.ts'
import { ensureClient } from './platform/client-build.ts'
import { systemClock } from './platform/clock.ts'
import { type Config, readConfig } from './platform/config.ts'
import { defaultDataDir, prepareDataDir } from './platform/data-dir.ts'
import { openDatabase } from './platform/database.ts'
import { clientDev } from './platform/http/client-dev.ts'
import { checkKey, openKeyring } from './platform/key-file.ts'
import { createLog, type Log } from './platform/log.ts'
import { loadMigrations, migrate } from './platform/migrations.ts'
import { checkNotOutdated, watchSchema } from './platform/newer-schema.ts'
import { attachPostgres, startPostgres } from './platform/postgres/start.ts'
import { isProblem, problem } from './platform/problem.ts'
import { createSetupHandler } from './platform/setup-page.ts'
import { createProgress, type Progress } from './platform/setup-progress.ts'
import { showProgress } from './platform/setup-terminal.ts'
import type { Db } from './platform/unit-of-work.ts'
import { announce } from './setup/announce.ts'
import { firstSetUp } from './setup/set-up.ts'
import { type House, wire } from './wiring.ts'

export type Running = { url: string | null; house: House; stop(): Promise<void> }
type Options = { roles: ('web' | 'worker')[]; dev?: boolean; environment?: Record<string, string | undefined> }
type Undo = () => Promise<unknown> | unknown

/**
 * Start the roles asked for: answer on the port at once with the progress of the set-up, bring up the database, the
 * schema, the data and the client, then give the port to the application. On any failure what was started is stopped
 * again, in reverse, and one sentence says what is wrong.
 */
export async function startHjemmel(options: Options): Promise<Running> {
  const config = readConfig(options.environment)
  const log = createLog(config.HJEMMEL_LOG_LEVEL)
  const undo: Undo[] = []
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  const progress = createProgress()
  const interrupted = listenForInterrupt(stop)
  try {
    const web = options.roles.includes('web') ? await openPort(config, progress, undo) : null
    const endOutput = showProgress(progress, process.stdout, 'en')
    const { house, client } = await bringUp(config, options, log, progress, undo)
    if (web) {
      await client
      const fromSource = options.dev ? await clientDev(web.server) : null
      if (fromSource) undo.push(() => fromSource.close())
      web.use(createApp(house, fromSource?.handler))
    }
    const jobs = options.roles.includes('worker') ? await startJobs(house) : null
    if (jobs) undo.push(jobs)
    house.ready = true
    undo.push(watchSchema(house.db, migration => stepAside(house, migration, jobs)))
    progress.ready()
    endOutput()
    process.stdout.write(await announce(house, web?.url ?? null))
    // Last of all: between this and the caller's own handlers nothing is awaited, so no Ctrl-C falls between.
    interrupted.off()
    return { url: web?.url ?? null, house, stop }
  } catch (error) {
    interrupted.off()
    progress.fail(error instanceof Error ? error.message : String(error))
    await stop().catch(() => {})
    throw error
  }
}

/**
 * A newer version has changed the schema while this process ran. What is under way ends, nothing new begins: the web says
 * that it is being updated, jobs are left to the newer one. Whoever runs the program has to start this process anew.
 */
function stepAside(house: House, migration: string, jobs: Undo | null): void {
  house.outdated = true
  house.ready = false
  house.log.error({ migration }, 'a newer version has changed the database: start this process anew')
  void Promise.resolve(jobs?.()).catch(() => {})
}

async function bringUp(config: Config, options: Options, log: Log, progress: Progress, undo: Undo[]) {
  const embedded = config.DATABASE_URL === undefined
  const steps = { database: progress.step('database'), migrations: progress.step('migrations') }
  const client = options.roles.includes('web') ? buildClient(progress, options.dev === true) : Promise.resolve()
  // Awaited when the port changes hands; until then a failure must not end the process on its own.
  client.catch(() => {})
  steps.database.start()
  const dataDir = prepareDataDir(config.HJEMMEL_DATA_DIR ?? defaultDataDir())
  const url = config.DATABASE_URL ?? (await embeddedDatabase(dataDir, options.roles, log, undo))
  const db = await openDatabase(url, { migrations: await loadMigrations(), poolSize: config.HJEMMEL_POOL_SIZE })
  undo.push(() => db.close())
  steps.database.finish()
  steps.migrations.start()
  await checkVersion(db)
  await checkNotOutdated(db)
  await migrate(db, (done, total) => steps.migrations.advance(done, total))
  steps.migrations.finish()
  const keyring = openKeyring(dataDir, config.HJEMMEL_KEY_FILE)
  await checkKey(db, keyring)
  const house = wire({ config, db, clock: systemClock, log, keyring, dataDir, embedded, databaseUrl: url })
  undo.push(() => house.mining.close())
  await firstSetUp(house, progress)
  return { house, client }
}

/** The database of the data folder: started, or, when another role runs it already, joined. */
async function embeddedDatabase(dataDir: string, roles: readonly string[], log: Log, undo: Undo[]): Promise<string> {
  const split = roles.length === 1
  for (let attempt = 1; ; attempt++) {
    const running = split ? await attachPostgres(dataDir) : null
    if (running) return running.url
    const starting = startPostgres({ dataDir, log: line => log.info({ part: 'postgres' }, line) })
    // Registered before it is awaited: Ctrl-C while it starts must not leave it behind.
    undo.push(async () => (await starting.catch(() => null))?.stop())
    try {
      return (await starting).url
    } catch (error) {
      // Two roles that start at the same moment: one gets the folder, the other joins it.
      const taken = isProblem(error) && error.info.params?.reason === 'data-dir-in-use'
      if (!split || !taken || attempt >= 20) throw error
      undo.pop()
      await new Promise(resolve => setTimeout(resolve, 250))
    }
  }
}

async function checkVersion(db: Db): Promise<void> {
  const [row] = (await db.source.query('show server_version_num')) as { server_version_num: string }[]
  if (Number(row?.server_version_num) < 160000)
    throw problem('database-unavailable', {
      detail: `The database is PostgreSQL ${row?.server_version_num}; Hjemmel needs version 16 or later.`,
    })
}

async function buildClient(progress: Progress, dev: boolean): Promise<void> {
  if (dev) return
  const step = progress.step('client')
  step.start()
  await ensureClient()
  step.finish()
}

/** Listen at once: whoever opens the page while the set-up runs sees how far it is. */
async function openPort(config: Config, progress: Progress, undo: Undo[]) {
  const setup = createSetupHandler(progress)
  let app: Express | null = null
  const server = createServer((request, response) => {
    if (setup(request, response)) return
    if (app) return app(request, response)
    const path = (request.url ?? '').split('?')[0]
    response.writeHead(path === '/healthz' ? 200 : 503, { 'content-type': 'text/plain' })
    response.end(path === '/healthz' ? 'ok\n' : 'setting up\n')
  })
  server.headersTimeout = 20_000
  server.requestTimeout = 120_000
  const port = await listen(server, config)
  undo.push(() => close(server))
  const host =
    config.HOST === '0.0.0.0' || config.HOST === '::' ? 'localhost' : config.HOST.replace('127.0.0.1', 'localhost')
  return {
    server,
    url: config.HJEMMEL_PUBLIC_URL ?? `http://${host}:${port}`,
    use(made: Express) {
      app = made
    },
  }
}

function listen(server: Server, config: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const where = `${config.HOST}:${config.PORT}`
      const why: Record<string, string> = {
        EADDRINUSE: `Port ${config.PORT} is taken by another program. Stop it, or set PORT to a free port.`,
        EACCES: `This user may not listen on ${where}. Set PORT to 1024 or higher.`,
        EADDRNOTAVAIL: `This machine has no address ${config.HOST}. Set HOST to one of its own addresses.`,
      }
      reject(
        problem('config-invalid', {
          detail: why[error.code ?? ''] ?? `Cannot listen on ${where}: ${error.message}`,
          cause: error,
        }),
      )
    })
    server.listen(config.PORT, config.HOST, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : config.PORT)
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), 2000).unref()
  })
}

/** Ctrl-C during the set-up stops what has been started, the database included. */
function listenForInterrupt(stop: () => Promise<void>): { off(): void } {
  const onSignal = (): void => {
    stop().finally(() => process.exit(130))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    off: () => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
