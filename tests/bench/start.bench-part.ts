import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../support/free-port.ts'
import { type BenchRow, within } from './bench-row.ts'

/**
 * The program as people start it, on an empty data folder and then once more on what it left. The client is built before
 * if this checkout has no build of it yet, which the first start of a clone would do beside the rest.
 */
export async function benchStart(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(process.env.HJEMMEL_BENCH_DIR ?? tmpdir(), 'hjemmel-start-'))
  chmodSync(folder, 0o755)
  try {
    const first = await start(folder)
    const second = await start(folder)
    return [
      within(180, {
        what: 'First start on an empty folder until the data are on the screen',
        ours: first.ready,
        unit: 's',
        note: `the page with the progress answers after ${first.answers.toFixed(1)} s; signed in and person page read after ${first.signedIn.toFixed(1)} s`,
      }),
      within(10, { what: 'Second start', ours: second.ready, unit: 's', note: 'the data are kept' }),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Seconds from the command to the first answer, to `/readyz`, and to a person's page on the wire. */
async function start(folder: string): Promise<{ answers: number; ready: number; signedIn: number }> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const main = join(import.meta.dirname, '../../server/main.ts')
  const from = performance.now()
  const seconds = () => (performance.now() - from) / 1000
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, HJEMMEL_DATA_DIR: folder, PORT: String(port), HJEMMEL_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout.resume()
  const ended = once(child, 'close')
  try {
    const until = async (path: string): Promise<number> => {
      for (;;) {
        const answer = await fetch(url + path).catch(() => null)
        if (answer?.ok) return seconds()
        if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}`)
        if (seconds() > 900) throw new Error('not ready after 15 minutes')
        await sleep(50)
      }
    }
    const answers = await until('/healthz')
    const ready = await until('/readyz')
    await readSomebody(url)
    return { answers, ready, signedIn: seconds() }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

/** One click on the sign-in page, and the own rights with their reasons. */
async function readSomebody(url: string): Promise<void> {
  const cookies = new Map<string, string>()
  const ask = async (path: string, body?: unknown, csrf?: string) => {
    const answer = await fetch(`${url}/api${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'x-csrf-token': csrf ?? '' }),
      },
    })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    for (const cookie of answer.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0]!.split(/=(.*)/s)
      cookies.set(name!, value!)
    }
    return (await answer.json()) as Record<string, unknown>
  }
  const session = (await ask('/session')) as { csrfToken: string; demo: { users: { username: string }[] } }
  await ask('/session/demo', { username: session.demo.users[0]!.username }, session.csrfToken)
  const me = (await ask('/me')) as { systems: unknown[] }
  if (me.systems.length === 0) throw new Error('the own page has no rights')
}
