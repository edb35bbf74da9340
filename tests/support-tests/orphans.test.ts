import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { removeFolder } from '../support/server-process.ts'

const support = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url))

/** Starts a server in a process of its own and says which pid it has; then waits for ever. */
const OWNERS = {
  slapd: `import { startSlapd } from '${support('slapd.ts')}'
    const server = await startSlapd({ baseDn: 'dc=kommune,dc=test' })
    console.log(server.pid); setInterval(() => {}, 1000)`,
  samba: `import { startSamba } from '${support('samba.ts')}'
    const server = await startSamba()
    console.log(server.pid); setInterval(() => {}, 1000)`,
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test.each(Object.entries(OWNERS))(
  '%s ends when the process that started it is killed',
  async (_name, source) => {
    const owner = spawn(process.execPath, ['--input-type=module-typescript', '--eval', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const line = await new Promise<string>(resolve => createInterface(owner.stdout).once('line', resolve))
    const pid = Number(line)
    expect(alive(pid)).toBe(true)
    owner.kill('SIGKILL')
    await expect.poll(() => alive(pid), { timeout: 10_000 }).toBe(false)
    // Nobody was left to remove its folder.
    for (const name of readdirSync(tmpdir()).filter(name => name.includes(`-${owner.pid}-`))) {
      removeFolder(join(tmpdir(), name))
    }
  },
  60_000,
)
