import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

/** A locale and PATH of our own: what a test server does must not depend on the shell that started the tests. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', HOME: '/' }

export const isRoot = process.getuid?.() === 0

export type ServerProcess = {
  pid: number
  /** What it has written so far, for messages. */
  output(): string
  /** Settles when the process has ended, in whatever way. */
  ended: Promise<void>
  /** Ends it in order; after 5 s by force. Safe to call twice. */
  stop(): Promise<void>
}

export type ServerOptions = {
  name: string
  command: string
  args: string[]
  ready: () => Promise<boolean>
  /** Unprivileged ids to run with when we are root. */
  runAs?: { uid: number; gid: number }
  /** Needs root; goes through sudo for an ordinary user. */
  asRoot?: boolean
  /** The server ends by itself when its standard input closes. */
  endsWithInput?: boolean
  /** Open files at most. slapd reserves memory for every one allowed, which in some containers is a billion. */
  maxFiles?: number
  readyWithinMs?: number
}

const living = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of living) if (child.pid) signalGroup(child.pid, 'SIGKILL')
  for (const folder of folders) removeFolder(folder)
})

/**
 * Starts a server in the foreground, in a process group of its own, and waits until `ready` answers true. The kernel
 * ends it when our process dies (setpriv --pdeathsig), so that a test run that was killed leaves no server behind.
 * Throws with the server's own words when it ends or is not ready in time.
 */
export async function startServerProcess(options: ServerOptions): Promise<ServerProcess> {
  const guarded = ['--pdeathsig', 'TERM']
  if (isRoot && options.runAs) {
    guarded.push('--reuid', `${options.runAs.uid}`, '--regid', `${options.runAs.gid}`, '--clear-groups')
  }
  const limit = options.maxFiles ? ['/usr/bin/prlimit', `--nofile=${options.maxFiles}:${options.maxFiles}`] : []
  const prefix = [...rootPrefix(options.asRoot), ...limit, '/usr/bin/setpriv', ...guarded]
  const argv = [...prefix, options.command, ...options.args]
  const child = spawn(argv[0]!, argv.slice(1), {
    stdio: [options.endsWithInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    env: SERVER_ENVIRONMENT,
    cwd: '/',
    detached: true,
  })
  living.add(child)
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-20_000)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  child.stdin?.on('error', () => {})
  let over = false
  const ended = new Promise<void>(resolve => {
    const end = () => {
      over = true
      living.delete(child)
      resolve()
    }
    child.on('exit', end)
    child.on('error', error => {
      output += `${error.message}\n`
      end()
    })
  })
  const stop = async () => {
    if (over) return
    child.stdin?.end()
    if (!options.endsWithInput) signalGroup(child.pid!, 'SIGTERM')
    for (const [signal, waitMs] of [
      ['SIGTERM', 5000],
      ['SIGKILL', 5000],
    ] as const) {
      await Promise.race([ended, sleep(waitMs, undefined, { ref: false })])
      if (over) return
      signalGroup(child.pid!, signal)
    }
    await ended
  }
  const deadline = Date.now() + (options.readyWithinMs ?? 60_000)
  while (!over && !(await options.ready())) {
    if (Date.now() > deadline) {
      await stop()
      throw new Error(`${options.name} was not ready in time. It said:\n${output}`)
    }
    await sleep(20)
  }
  if (over) throw new Error(`${options.name} ended at its start. It said:\n${output}`)
  return { pid: child.pid!, output: () => output, ended, stop }
}

/** Runs a command of the system to its end; throws with its words when it fails. */
export function runTool(command: string, args: string[], options: { asRoot?: boolean; input?: string } = {}): string {
  const argv = [...rootPrefix(options.asRoot), command, ...args]
  try {
    return execFileSync(argv[0]!, argv.slice(1), {
      input: options.input ?? '',
      encoding: 'utf8',
      env: SERVER_ENVIRONMENT,
      cwd: '/',
      maxBuffer: 256 * 1024 * 1024,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  } catch (error) {
    const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string }
    throw new Error(`${command} ${args.join(' ')} failed:\n${`${stdout}${stderr}`.slice(-4000) || error}`)
  }
}

const folders = new Set<string>()

/** A temporary folder that is removed at `removeFolder`, at the latest when the process exits; its name tells whose. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `hjemmel-${name}-${process.pid}-`))
  folders.add(folder)
  return folder
}

export function removeFolder(folder: string): void {
  folders.delete(folder)
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // What root wrote through sudo, only root can remove.
    runTool('/bin/rm', ['-rf', folder], { asRoot: true })
  }
}

function rootPrefix(asRoot: boolean | undefined): string[] {
  return asRoot && !isRoot ? ['/usr/bin/sudo', '-n'] : []
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Not ours to signal: it runs as root behind sudo.
    if (code === 'EPERM') execFileSync('/usr/bin/sudo', ['-n', 'kill', '-s', signal.slice(3), '--', `-${pid}`])
    else if (code !== 'ESRCH') throw error
  }
}
