import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { postgresProblem } from './postgres-problem.ts'

/** What has to be known to reach the database again: by the command line, by other roles, after a kill -9. */
export type PostgresState = {
  adminPassword: string
  password: string
  port: number | null
  pid: number | null
  ownerPid: number | null
}

const FILE = 'postgres.json'

/** Read the state. Null: there is none yet. */
export function readState(home: string): PostgresState | null {
  const file = join(home, FILE)
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PostgresState
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') return null
    if (code === 'EACCES')
      throw postgresProblem(
        'data-dir-unwritable',
        `The file ${file} belongs to another user. Run this as the user that started Hjemmel.`,
        error,
      )
    throw postgresProblem(
      'password-missing',
      `The file ${file}, which holds the password of the database, cannot be read. Restore it from a backup, or start over with "npm run start-over".`,
      error,
    )
  }
}

/** Write the state in one step and down to the disk: after a power cut there is the old file or the new one, whole. */
export function writeState(home: string, state: PostgresState): void {
  const temporary = writeTemporary(home, state)
  renameSync(temporary, join(home, FILE))
  syncFolder(home)
}

/** The state, made with fresh passwords if there is none. Of two processes that make it at once, one wins. */
export function ensureState(home: string): PostgresState {
  const known = readState(home)
  if (known) return known
  const fresh = { adminPassword: newPassword(), password: newPassword(), port: null, pid: null, ownerPid: null }
  const temporary = writeTemporary(home, fresh)
  try {
    linkSync(temporary, join(home, FILE))
    syncFolder(home)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(temporary, { force: true })
  }
  return readState(home) ?? fresh
}

function newPassword(): string {
  return randomBytes(24).toString('base64url')
}

function writeTemporary(home: string, state: PostgresState): string {
  const temporary = join(home, `${FILE}.new-${process.pid}-${randomBytes(4).toString('hex')}`)
  const file = openSync(temporary, 'wx', 0o600)
  try {
    writeSync(file, `${JSON.stringify(state, null, 2)}\n`)
    fsyncSync(file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  return temporary
}

export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
