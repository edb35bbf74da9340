import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { withClient } from './admin.ts'
import { CLEAN_ENVIRONMENT } from './cluster.ts'
import { explainFailure } from './postgres-problem.ts'
import { disarmStalePidFile, findPostmaster, type Postmaster } from './postmaster.ts'
import type { RunAs } from './run-as.ts'

export type LaunchOptions = {
  runtime: string
  home: string
  data: string
  user: RunAs
  adminPassword: string
  durable: boolean
  extraSettings: Record<string, string>
  log: (line: string) => void
}

const MEGABYTE = 1024 * 1024
/** How often another port is tried, and how long backends of a killed server may take to end. */
const ATTEMPTS = 40
const MAX_LOG_BYTES = 10 * MEGABYTE

export function adminUrlOf(port: number, adminPassword: string): string {
  return `postgresql://postgres:${encodeURIComponent(adminPassword)}@127.0.0.1:${port}/postgres`
}

/**
 * Start PostgreSQL on those data and wait until it takes connections, crash recovery included. `port` is kept to when
 * given (a restart, whose clients know the address), else a free one is found.
 */
export async function launchPostgres(options: LaunchOptions, port: number | null = null): Promise<Postmaster> {
  let output = ''
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const tried = port ?? (await freePort())
    const result = await launchOnce(options, tried)
    if (typeof result !== 'string') return result
    output = result
    const portTaken = /Address already in use|could not create any TCP\/IP sockets/.test(output)
    const stillInUse = /pre-existing shared memory block|lock file .* already exists/.test(output)
    if (!portTaken && !stillInUse) break
    // A server that a killed process had only just started may have won; nobody else starts one on these data.
    const other = stillInUse ? await waitForAnswer(options.data, options.adminPassword, 30_000) : null
    if (other) return other
    if (stillInUse || port !== null) await wait(500)
  }
  throw explainFailure('Starting the database', output, options.home)
}

/** The running server, or what it said before it went. */
async function launchOnce(options: LaunchOptions, port: number): Promise<Postmaster | string> {
  const { home, data, user, runtime } = options
  disarmStalePidFile(data)
  const log = openLog(home)
  const identity = user ? { uid: user.uid, gid: user.gid } : {}
  let failed: Error | null = null
  let child: ChildProcess
  try {
    child = spawn(join(runtime, 'bin/postgres'), ['-D', data, ...settings(options, port)], {
      // A process group of its own: Ctrl-C in the terminal must not reach the database before its clients are done.
      // The log is a file, not a pipe: PostgreSQL has to outlive us.
      detached: true,
      stdio: ['ignore', log.file, log.file],
      cwd: home,
      env: CLEAN_ENVIRONMENT,
      ...identity,
    })
  } finally {
    closeSync(log.file)
  }
  child.once('error', error => {
    failed = error
  })
  child.unref()
  const said = () => readFileSync(log.path, 'utf8').slice(log.start)
  const started = Date.now()
  let told = false
  while (!failed && child.exitCode === null && child.signalCode === null) {
    const found = findPostmaster(data)
    if (found?.ready && found.pid === child.pid && (await answers(port, options.adminPassword, data))) return found
    if (!told && Date.now() - started > 5_000) {
      told = true
      options.log('The database is recovering from an unclean end; this can take a while.')
    }
    await wait(25)
  }
  return failed ? `could not run ${runtime}/bin/postgres: ${(failed as Error).message}` : said()
}

/** Whether it lets us in and is the server of those data. */
async function answers(port: number, adminPassword: string, data: string): Promise<boolean> {
  try {
    return await withClient(adminUrlOf(port, adminPassword), async client => {
      const { rows } = await client.query<{ data_directory: string }>('show data_directory')
      return rows[0]?.data_directory === data
    })
  } catch {
    return false
  }
}

/**
 * Wait for a server that runs already: it may be starting (then it has not written its port down yet), recovering or
 * on its way down. Null: it ended, or does not answer within that time.
 */
export async function waitForAnswer(
  data: string,
  adminPassword: string,
  patienceMs: number,
): Promise<Postmaster | null> {
  const until = Date.now() + patienceMs
  do {
    const found = findPostmaster(data)
    if (!found) return null
    if (found.ready && (await answers(found.port, adminPassword, data))) return found
    await wait(50)
  } while (Date.now() < until)
  return null
}

function settings(options: LaunchOptions, port: number): string[] {
  const values: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // No socket in the file system: /tmp would show it to every user of the machine.
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
    log_line_prefix: '%m [%p] ',
    // Statements carry personal data; errors are reported by the client that caused them.
    log_min_error_statement: 'panic',
    max_connections: '100',
    shared_buffers: `${Math.max(32, Math.min(256, Math.floor(totalmem() / MEGABYTE / 8)))}MB`,
    maintenance_work_mem: '128MB',
    work_mem: '16MB',
    random_page_cost: '1.1',
    // Containers often have 64 MB of /dev/shm, on which a parallel query fails; then files are used.
    dynamic_shared_memory_type: sharedMemoryBytes() >= 512 * MEGABYTE ? 'posix' : 'mmap',
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...options.extraSettings,
  }
  return Object.entries(values).flatMap(([key, value]) => ['-c', `${key}=${value}`])
}

function sharedMemoryBytes(): number {
  try {
    const disk = statfsSync('/dev/shm')
    return disk.bavail * disk.bsize
  } catch {
    return 0
  }
}

/** PostgreSQL's own log, appended to; one older file is kept. `start` is where this run's lines begin. */
function openLog(home: string): { file: number; path: string; start: number } {
  const path = join(home, 'server.log')
  if (existsSync(path) && statSync(path).size > MAX_LOG_BYTES) {
    rmSync(`${path}.1`, { force: true })
    renameSync(path, `${path}.1`)
  }
  const file = openSync(path, 'a', 0o600)
  return { file, path, start: statSync(path).size }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
