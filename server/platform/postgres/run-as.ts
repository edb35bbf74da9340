import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { promisify } from 'node:util'
import { postgresProblem } from './postgres-problem.ts'

/** The unprivileged user that PostgreSQL runs under; `null`: as ourselves. */
export type RunAs = { uid: number; gid: number; name: string } | null

/**
 * PostgreSQL refuses to run as root. Then it runs as the owner of the data that are already there (a `postgres` user may
 * have come with a package since), else as `postgres`, else as `nobody`. It must be a user that the system
 * knows: initdb looks its name up.
 */
export function chooseUser(data: string, uid: number = process.getuid?.() ?? -1): RunAs {
  if (uid !== 0) return null
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map(line => line.split(':'))
    .map(([name = '', , id, group]) => ({ name, uid: Number(id), gid: Number(group) }))
  const owner = ownerOf(data)
  const found =
    (owner && users.find(user => user.uid === owner)) ??
    users.find(user => user.name === 'postgres') ??
    users.find(user => user.name === 'nobody')
  if (!found || found.uid === 0)
    throw postgresProblem(
      'start-failed',
      'PostgreSQL does not run as root, and this system has neither a user "postgres" nor "nobody". Start Hjemmel as an ordinary user, or set DATABASE_URL.',
    )
  return found
}

function ownerOf(data: string): number | null {
  try {
    return statSync(data).uid || null
  } catch {
    return null
  }
}

/** Throws reason `data-dir-unreachable` when that user cannot enter the folder, by trying it: ACLs count too. */
export async function checkReachable(folder: string, user: RunAs): Promise<void> {
  if (!user) return
  try {
    await promisify(execFile)('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { uid: user.uid, gid: user.gid, cwd: '/' })
  } catch (error) {
    throw postgresProblem(
      'data-dir-unreachable',
      `Started as root, PostgreSQL runs as the user "${user.name}", and that user cannot enter ${folder}. Set HJEMMEL_DATA_DIR to a folder that everybody may pass through (the default is under /var/lib/hjemmel), or start Hjemmel as an ordinary user.`,
      error,
    )
  }
}
