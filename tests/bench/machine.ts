import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem } from 'node:os'
import process from 'node:process'
import { withClient } from '../../server/platform/postgres/admin.ts'

export type Machine = {
  cpu: string
  cores: number
  memoryGb: number
  kernel: string
  node: string
  postgres: string
  commit: string
  /** Load of the last minute before the run: near 0 on a quiet machine. */
  load: number
  at: string
}

export async function describeMachine(adminUrl: string): Promise<Machine> {
  const version = await withClient(adminUrl, client => client.query('show server_version'))
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version.slice(1),
    postgres: String(version.rows[0].server_version).split(' ')[0]!,
    commit: commit(),
    load: Math.round(loadavg()[0]! * 10) / 10,
    at: new Date().toISOString(),
  }
}

export function machineLine(machine: Machine): string {
  return `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB; Node ${machine.node}, PostgreSQL ${machine.postgres}, durable; commit ${machine.commit}, ${machine.at.slice(0, 10)}, load before the run ${machine.load}`
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname })
      .toString()
      .trim()
  } catch {
    return 'unknown'
  }
}
