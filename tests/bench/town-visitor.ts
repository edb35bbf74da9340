import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import process from 'node:process'
import type { Town } from './town.ts'

export type Answer = { status: number; body: string }
export type ServedTown = {
  /** Where a browser finds it, and the cookies of the signed-in user. */
  url: string
  cookies(): { name: string; value: string }[]
  /** Ask the application as the signed-in user; `path` below `/api`. Throws on anything but 200. */
  ours(path: string, body?: unknown): Promise<Answer>
  /** Ask the hand-written routes. */
  bare(path: string, body?: unknown): Promise<Answer>
  /** Statements sent to the database since the last call. */
  statements(): Promise<string[]>
  stop(): Promise<void>
}

/** The application on a town, in a process of its own, and a demonstration user signed in to it. */
export async function serveTown(town: Town, username: string): Promise<ServedTown> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serve-town.ts'), town.url, town.dataDir], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const said = async () => {
    const ended = once(child, 'close').then(([code]) => {
      throw new Error(`the served town ended with ${code}`)
    })
    ended.catch(() => {})
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown]
    return message
  }
  const ports = (await said()) as { ours: number; bare: number }
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const cookies = new Map<string, string>()
  let csrf = ''
  let asked = 0

  const ask = (port: number, path: string, body?: unknown): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body)
      // A new address every thousand requests: the limit by address stays in place and is never met.
      const from = `10.${Math.floor(asked / 256_000) % 256}.${Math.floor(asked / 1000) % 256}.9`
      asked++
      const headers: Record<string, string | number> = { 'x-forwarded-for': from }
      if (cookies.size > 0) headers.cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      if (text !== undefined)
        Object.assign(headers, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
          'x-csrf-token': csrf,
        })
      const call = request(
        { agent, host: '127.0.0.1', port, path, method: text === undefined ? 'GET' : 'POST', headers },
        response => {
          const parts: Buffer[] = []
          response.on('data', part => parts.push(part))
          response.on('error', reject)
          response.on('end', () => {
            for (const cookie of response.headers['set-cookie'] ?? []) {
              const [name, value] = cookie.split(';')[0]!.split(/=(.*)/s)
              cookies.set(name!, value!)
            }
            const answer = { status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }
            if (answer.status === 200) resolve(answer)
            else reject(new Error(`${path} answered ${answer.status}: ${answer.body.slice(0, 300)}`))
          })
        },
      )
      call.on('error', reject)
      call.end(text)
    })

  const sessionFrom = ({ body }: Answer) => {
    csrf = (JSON.parse(body) as { csrfToken: string }).csrfToken
  }
  sessionFrom(await ask(ports.ours, '/api/session'))
  sessionFrom(await ask(ports.ours, '/api/session/demo', { username }))
  return {
    url: `http://localhost:${ports.ours}`,
    cookies: () => [...cookies].map(([name, value]) => ({ name, value })),
    ours: (path, body) => ask(ports.ours, `/api${path}`, body),
    bare: (path, body) => ask(ports.bare, path, body),
    async statements() {
      const answer = said()
      child.send('statements')
      return (await answer) as string[]
    },
    async stop() {
      const closed = once(child, 'close')
      child.kill('SIGTERM')
      await closed
      agent.destroy()
    },
  }
}
