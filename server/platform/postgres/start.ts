import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolders, prepareDataDir } from '../data-dir.ts'
import type { Problem } from '../problem.ts'
import { ensureApplicationDatabase, urlOf } from './admin.ts'
import { findBinaries, installBinaries, type PostgresMajor, removeOtherBinaries } from './binaries.ts'
import { checkVersion, createCluster, removeUnfinished } from './cluster.ts'
import { adminUrlOf, type LaunchOptions, launchPostgres, waitForAnswer } from './launch.ts'
import { takeOwnerLock } from './owner-lock.ts'
import { explainFileError, postgresProblem } from './postgres-problem.ts'
import { findPostmaster, type Postmaster, stopPostmaster } from './postmaster.ts'
import { checkReachable, chooseUser } from './run-as.ts'
import { ensureState, type PostgresState, readState, writeState } from './state-file.ts'
import { superviseServer } from './supervise.ts'

export type StartOptions = {
  /** The installation's data folder; the database takes the folder `postgres` in it. */
  dataDir: string
  version?: PostgresMajor
  /** Told what happens, one line each, without secrets. */
  log?: (line: string) => void
  /** `off` for tests: nothing is forced to the disk, so a power cut may destroy the data. */
  durability?: 'full' | 'off'
  /** Further PostgreSQL settings, by name. */
  extraSettings?: Record<string, string>
}

export type RunningPostgres = {
  /** The application's database `hjemmel`, as the role that owns it (no superuser). */
  url: string
  /** The database `postgres` as superuser: for creating databases. */
  adminUrl: string
  /** True when a server that outlived a killed process was taken over. */
  adopted: boolean
  readonly pid: number
  /** Shut the server down and give the data folder free. Close your own connections first. May be called twice. */
  stop(): Promise<void>
}

const DATABASE = 'hjemmel'

/**
 * Start the embedded PostgreSQL of a data folder, or take over the one that outlived its process, and keep it running
 * until `stop`. One process per data folder may do this. Throws `database-unavailable` or `config-invalid`, each with
 * one sentence to show and `params.reason` (see postgres-problem.ts).
 */
export async function startPostgres(options: StartOptions): Promise<RunningPostgres> {
  const home = prepareHome(prepareDataDir(options.dataDir))
  try {
    return await startIn(home, options)
  } catch (error) {
    throw explainFileError(error, home)
  }
}

/**
 * The address of the database that runs on this data folder, for the command line and for roles that did not start
 * it; null when none runs. Waits for one that is starting.
 */
export async function attachPostgres(dataDir: string): Promise<{ url: string; adminUrl: string } | null> {
  if (!existsSync(dataDir)) return null
  const home = join(realpathSync(dataDir), 'postgres')
  const state = readState(home)
  if (!state) return null
  const found = await waitForAnswer(dataPath(home), state.adminPassword, 60_000)
  return found && addresses(state, found.port)
}

async function startIn(home: string, options: StartOptions): Promise<RunningPostgres> {
  const log = options.log ?? (() => {})
  const major = options.version ?? 18
  const data = dataPath(home)
  const state = ensureState(home)
  const lock = await takeOwnerLock(home, state.adminPassword)
  if (!lock) throw dataFolderInUse(home)
  let running: Postmaster | null = null
  try {
    const user = chooseUser(data)
    await checkReachable(home, user)
    const found = findBinaries(major)
    await removeUnfinished(home)
    const durable = options.durability !== 'off'
    if (existsSync(data)) checkVersion(data, major)
    const runtime = await installBinaries(home, found)
    if (!existsSync(data)) {
      log('Creating the database.')
      const { adminPassword } = state
      await createCluster({ runtime, home, data, major, user, adminPassword, durable })
    }
    const { extraSettings = {} } = options
    const launch = { runtime, home, data, user, adminPassword: state.adminPassword, durable, extraSettings, log }
    running = await adopt(launch)
    const adopted = running !== null
    if (!running) {
      await removeOtherBinaries(home, runtime)
      running = await launchPostgres(launch)
    }
    log(adopted ? 'Took over the database that was still running.' : 'The database is running.')
    const { adminUrl, url } = addresses(state, running.port)
    await ensureApplicationDatabase(adminUrl, DATABASE, state.password)
    const remember = (server: Postmaster | null) =>
      writeState(home, {
        ...state,
        port: server?.port ?? null,
        pid: server?.pid ?? null,
        ownerPid: server ? process.pid : null,
      })
    remember(running)
    const supervisor = superviseServer(running, data, {
      restart: port => launchPostgres(launch, port),
      restarted: remember,
      log,
    })
    const stop = async () => {
      const last = await supervisor.end()
      await stopPostmaster(last.pid, data)
      remember(null)
      await lock.release()
    }
    let stopped: Promise<void> | undefined
    return {
      url,
      adminUrl,
      adopted,
      get pid() {
        return supervisor.current().pid
      },
      stop: () => {
        stopped ??= stop()
        return stopped
      },
    }
  } catch (error) {
    if (running) await stopPostmaster(running.pid, data)
    await lock.release()
    throw error
  }
}

export function dataFolderInUse(home: string): Problem {
  const owner = readState(home)?.ownerPid
  return postgresProblem(
    'data-dir-in-use',
    `The data folder ${home} is in use by a Hjemmel that is already running${owner ? ` (process ${owner})` : ''}. Stop that one first, or set HJEMMEL_DATA_DIR to another folder.`,
  )
}

async function adopt(launch: LaunchOptions): Promise<Postmaster | null> {
  const found = findPostmaster(launch.data)
  if (!found) return null
  const answering = await waitForAnswer(launch.data, launch.adminPassword, 30_000)
  if (answering) return answering
  launch.log('A database that was still running does not answer; it is started anew.')
  await stopPostmaster(found.pid, launch.data, 10_000)
  return null
}

/** The database's own folder. */
function prepareHome(dataDir: string): string {
  const home = join(dataDir, 'postgres')
  try {
    makeFolders(home)
    return home
  } catch (error) {
    throw explainFileError(error, home)
  }
}

function dataPath(home: string): string {
  return join(home, 'data')
}

function addresses(state: PostgresState, port: number): { url: string; adminUrl: string } {
  const adminUrl = adminUrlOf(port, state.adminPassword)
  const url = new URL(urlOf(adminUrl, DATABASE))
  url.username = DATABASE
  url.password = state.password
  return { url: url.href, adminUrl }
}
