import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { checkoutDir } from '../../server/platform/data-dir.ts'
import { freePort } from './free-port.ts'

type Environment = Record<string, string | undefined>
export type Hjemmel = {
  url: string
  child: ChildProcess
  out(): string
  err(): string
  /** Exit code or signal, when it has ended. */
  ended: Promise<number | string>
  /** Waits until `/readyz` and the terminal say yes; throws with what was printed when the process ends first. */
  ready(): Promise<void>
  /** As Ctrl-C does; answers the exit code. */
  interrupt(): Promise<number | string>
  kill9(): Promise<void>
}

const running = new Set<ChildProcess>()

/** `node server/main.ts` as `npm start` runs it: a process of its own, on a free port, with no setting but those given. */
export async function startProcess(environment: Environment, args: string[] = []): Promise<Hjemmel> {
  const port = environment.PORT ?? String(await freePort())
  return spawnProgram(['server/main.ts', ...args], { PORT: port, ...environment }, `http://localhost:${port}`)
}

export function spawnProgram(args: string[], environment: Environment, url = ''): Hjemmel {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...environment }
  const child = spawn(process.execPath, args, { cwd: checkoutDir, env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let out = ''
  let err = ''
  child.stdout!.on('data', chunk => {
    out += chunk
  })
  child.stderr!.on('data', chunk => {
    err += chunk
  })
  const ended = new Promise<number | string>(resolve =>
    child.on('close', (code, signal) => {
      running.delete(child)
      resolve(code ?? signal ?? 'unknown')
    }),
  )
  let over = false
  void ended.then(() => {
    over = true
  })
  return {
    url,
    child,
    out: () => out,
    err: () => err,
    ended,
    async ready() {
      await until(`${url} is ready`, async () => {
        if (over) throw new Error(`the process ended (${await ended}):\n${out}\n${err}`)
        // The port says it a moment before the terminal does, which says it last of all.
        return (await status(`${url}/readyz`)) === 200 && out.includes('Ctrl-C stops')
      })
    },
    interrupt() {
      child.kill('SIGINT')
      return ended
    },
    async kill9() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** `npm run hjemmel -- …`, to its end. */
export async function cli(
  args: string[],
  environment: Environment,
): Promise<{ exit: number | string; out: string; err: string; json: Record<string, unknown> }> {
  const one = spawnProgram(['server/cli.ts', ...args], environment)
  const exit = await one.ended
  const text = one.out().trim()
  return { exit, out: text, err: one.err(), json: text.startsWith('{') ? JSON.parse(text) : {} }
}

/** For an `afterAll`: nothing that was started outlives the tests. */
export async function endProcesses(): Promise<void> {
  const left = [...running]
  for (const child of left) child.kill('SIGINT')
  await Promise.race([
    Promise.all(left.map(child => new Promise(resolve => child.once('close', resolve)))),
    wait(15_000, undefined, { ref: false }),
  ])
  for (const child of running) child.kill('SIGKILL')
}

/** HTTP status of an address, or null when nobody answers. */
export async function status(url: string): Promise<number | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
    await response.arrayBuffer()
    return response.status
  } catch {
    return null
  }
}

/** Wait until something is so. The limit only ends a test that would never end. */
export async function until(what: string, test: () => boolean | Promise<boolean>, ms = 240_000): Promise<void> {
  const end = Date.now() + ms
  while (!(await test())) {
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain until ${what}`)
    await wait(100)
  }
}

/** An empty folder through which PostgreSQL's user may pass. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hjemmel-start-'))
  chmodSync(folder, 0o755)
  return folder
}

/** What the data folder knows of its database. */
export function postgresOf(
  dataDir: string,
): { pid: number; port: number; password: string; adminPassword: string } | null {
  const file = join(dataDir, 'postgres/postgres.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Ends the database of a folder, if one still runs, and removes the folder. */
export function removeFolder(dataDir: string): void {
  const state = postgresOf(dataDir)
  if (state?.pid && alive(state.pid)) process.kill(state.pid, 'SIGKILL')
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
}
