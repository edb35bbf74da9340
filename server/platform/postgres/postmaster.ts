import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** A running PostgreSQL as its own `postmaster.pid` describes it (documentation, "Database File Layout"). */
export type Postmaster = { pid: number; port: number; ready: boolean }

type PidFile = Postmaster & { lines: string[] }

/** The PostgreSQL that runs on this data folder now, or null. */
export function findPostmaster(data: string): Postmaster | null {
  const file = readPidFile(data)
  return file && isPostmaster(file.pid, data) ? { pid: file.pid, port: file.port, ready: file.ready } : null
}

/**
 * Whether that process is a live PostgreSQL on that data folder. Its command line is asked, not only its id: ids are
 * given out again (in a container nearly always after a restart), and a killed process that nobody has reaped still
 * answers to kill(0). /proc/<pid>/cwd would say more, but root in a container may not read it.
 */
export function isPostmaster(pid: number, data: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const status = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
    if (status === 'Z' || status === 'X') return false
    const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return program.endsWith('/postgres') && args[0] === '-D' && args[1] === data
  } catch {
    return false
  }
}

/**
 * PostgreSQL refuses to start when the process id in a left-over postmaster.pid is taken, by whatever process. When it
 * is not ours, the id is replaced by one that cannot exist. The file itself stays: from it PostgreSQL finds the shared
 * memory that surviving backends may still use, and waits for them rather than damage data.
 */
export function disarmStalePidFile(data: string): void {
  const file = readPidFile(data)
  if (!file || isPostmaster(file.pid, data)) return
  writeFileSync(join(data, 'postmaster.pid'), ['2147483647', ...file.lines.slice(1)].join('\n'))
}

/**
 * Stop it: fast shutdown first, then immediate (recovers at the next start), then kill. `graceMs` is the time given to
 * each of the first two.
 */
export async function stopPostmaster(pid: number, data: string, graceMs = 20_000): Promise<void> {
  for (const [signal, ms] of [
    ['SIGINT', graceMs],
    ['SIGQUIT', graceMs],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!isPostmaster(pid, data)) return
    try {
      process.kill(pid, signal)
    } catch {
      // Gone between the look and the signal.
    }
    const until = Date.now() + ms
    while (Date.now() < until) {
      if (!isPostmaster(pid, data)) return
      await wait(20)
    }
  }
}

function readPidFile(data: string): PidFile | null {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
    // Line 1 is the process id, line 4 the port, line 8 the status; the file grows while PostgreSQL starts.
    const pid = Number(lines[0])
    if (!Number.isInteger(pid) || pid <= 0) return null
    return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === 'ready', lines }
  } catch {
    return null
  }
}
