import { generateSync } from 'otplib'
import { expect } from 'vitest'
import type { Session } from '../../server/contract/auth.ts'
import type { Endpoint } from '../../server/contract/endpoint.ts'
import type { DemoRole } from '../../server/demo/manifest.ts'
import type { Town } from './demo-town.ts'
import { endpointsOf } from './house.ts'

export type Answer<T = Record<string, unknown>> = {
  status: number
  body: T & { code?: string; detail?: string }
  headers: Headers
  cookies: string[]
  text: string
}

let nextAddress = 0
/** Addresses of the documentation range: each visitor comes from an own one, so that limits by address do not meet. */
const address = () => `198.51.${Math.floor(++nextAddress / 250)}.${(nextAddress % 250) + 1}`

type Around = (call: () => Promise<Answer>, method: string, path: string) => Promise<Answer>

/** A browser as far as the API goes: keeps cookies, sends the CSRF token of the last session it read. */
export class Visitor {
  readonly url: string
  readonly address = address()
  readonly around: Around
  cookies = new Map<string, string>()
  csrf = ''

  constructor(url: string, around: Around = call => call()) {
    this.url = url
    this.around = around
  }

  cookieHeader = () => [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')

  /** `path` below `/api`; `headers` replace what a browser would send (undefined: leave out). */
  send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string | undefined> = {},
  ): Promise<Answer<T>> {
    return this.around(() => this.ask(method, path, body, headers), method, path) as Promise<Answer<T>>
  }

  private async ask(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string | undefined>,
  ): Promise<Answer> {
    const all = {
      cookie: this.cookieHeader(),
      'x-forwarded-for': this.address,
      ...(method === 'GET' ? {} : { 'x-csrf-token': this.csrf }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    }
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: Object.fromEntries(given),
      redirect: 'manual',
      ...(body === undefined
        ? {}
        : {
            body:
              typeof body === 'string' ? body : body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body),
          }),
    })
    const cookies = response.headers.getSetCookie()
    for (const cookie of cookies) {
      const [pair = ''] = cookie.split(';')
      const at = pair.indexOf('=')
      if (/expires=Thu, 01 Jan 1970/i.test(cookie)) this.cookies.delete(pair.slice(0, at))
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') && text !== ''
    const answer = {
      status: response.status,
      body: json ? JSON.parse(text) : {},
      headers: response.headers,
      cookies,
      text,
    }
    const token = answer.body.csrfToken ?? answer.body.session?.csrfToken
    if (token) this.csrf = token
    return answer
  }

  get = <T = Record<string, unknown>>(path: string) => this.send<T>('GET', path)
  post = <T = Record<string, unknown>>(path: string, body: unknown = {}) => this.send<T>('POST', path, body)
  session = async () => (await this.get<Session>('/session')).body
}

/** Which endpoint an address below `/api` belongs to. */
export function endpointOf(endpoints: readonly Endpoint[], method: string, path: string): Endpoint | undefined {
  const plain = path.split('?')[0]!
  return endpoints.find(
    one => one.method === method && new RegExp(`^${one.path.replace(/:\w+/g, '[^/]+')}$`).test(plain),
  )
}

/**
 * The promise of the house, held after every answer: a command that went through has left an audit entry, and no answer
 * has a field that its declaration does not have. One caller at a time: entries are counted.
 */
export function harness(town: Town): Around {
  const last = async () => {
    const [row] = (await town.house.db.source.query('select coalesce(max(id), 0) as id from audit_entry')) as {
      id: number
    }[]
    return row!.id
  }
  return async (call, method, path) => {
    const endpoint = endpointOf(endpointsOf(town.house), method, path)
    if (!endpoint) return call()
    const before = await last()
    const answer = await call()
    if (answer.status !== 200) return answer
    expect(endpoint.response.parse(answer.body), `${endpoint.id} answers what it declares`).toEqual(answer.body)
    if (endpoint.kind === 'command')
      expect(await last(), `${endpoint.id} leaves an audit entry`).toBeGreaterThan(before)
    return answer
  }
}

/** The audit entries of one request. */
export async function auditOf(
  town: Town,
  answer: Answer,
): Promise<{ action: string; lookup: boolean; actor_function: string; person_id: string | null }[]> {
  return town.house.db.source.query(
    'select action, lookup, actor_function, person_id from audit_entry where request_id = $1 order by id',
    [answer.headers.get('x-request-id')],
  )
}

export const visitor = (town: Town) => new Visitor(town.url, harness(town))

/** Signed in as the demonstration offers it: one click, no password. */
export async function signIn(town: Town, role: DemoRole): Promise<Visitor> {
  const one = town.manifest.signIns.find(entry => entry.role === role)
  if (!one) throw new Error(`the demonstration has no sign-in for ${role}`)
  const browser = visitor(town)
  await browser.session()
  const answer = await browser.post('/session/demo', { username: one.username })
  const logged = town.log.filter(line => line.includes('"level":"error"')).at(-1) ?? ''
  expect(answer.status, `${answer.text} ${logged}`).toBe(200)
  return browser
}

/** The person behind a demonstration sign-in. */
export async function personOf(town: Town, role: DemoRole): Promise<string> {
  const one = town.manifest.signIns.find(entry => entry.role === role)!
  const rows = (await town.house.db.source.query(
    'select person_id from account where lower(username) = lower($1) and person_id is not null limit 1',
    [one.username],
  )) as { person_id: string }[]
  return rows[0]!.person_id
}

export const PASSWORD = 'blå cykel syv hatte'

/** The first administrator, by the one-time link, a password and a code app: the whole way, nothing put in by hand. */
export async function signInAdministrator(town: Town): Promise<Visitor> {
  const link = await town.house.auth.firstAdministratorLink()
  if (!link) throw new Error('there is an administrator already')
  const browser = visitor(town)
  await browser.session()
  const token = new URL(link.url).pathname.split('/').at(-1)!
  const used = await browser.post<{ username: string }>('/links/use', { token, password: PASSWORD })
  expect(used.status, used.text).toBe(200)
  await signInLocal(browser, used.body.username)
  return browser
}

/** Sign in with a password and set up a code app, which is asked of everybody who sees others. */
export async function signInLocal(browser: Visitor, username: string, password = PASSWORD): Promise<void> {
  await browser.session()
  const first = await browser.post<Session>('/session/local', { username, password })
  expect(first.status, first.text).toBe(200)
  expect(first.body.secondFactor).toBe('enrol')
  const begun = await browser.post<{ id: string; secret: string }>('/second-factors/totp')
  const code = generateSync({ secret: begun.body.secret })
  const enrolled = await browser.post(`/second-factors/totp/${begun.body.id}`, { code })
  expect(enrolled.status, enrolled.text).toBe(200)
}
