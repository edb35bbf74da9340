import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { daysAhead } from '../support/days.ts'
import { demoTown } from '../support/demo-town.ts'
import { openHouse, serve } from '../support/house.ts'
import { personOf, signIn, signInAdministrator, signInLocal, Visitor, visitor } from '../support/visitors.ts'

/* What OWASP ASVS 5 asks of an application like this and a test can try, on the real one over HTTP. */
const town = demoTown()

/** One request exactly as written: no normal client would send some of these addresses. */
function raw(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; text: string }> {
  const { hostname, port } = new URL(town.url)
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { hostname, port, path, method: options.method ?? 'GET', headers: options.headers ?? {} },
      response => {
        let text = ''
        response.on('data', chunk => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      },
    )
    request.on('error', reject)
    request.end(options.body)
  })
}

describe('requests from elsewhere (CSRF)', () => {
  let hr: Visitor
  beforeAll(async () => {
    hr = await signIn(town, 'hr')
  })
  const search = (headers: Record<string, string | undefined>) => hr.send('POST', '/people/search', {}, headers)
  test('without the token, with a wrong one, or with that of another visitor, nothing happens', async () => {
    const other = await signIn(town, 'it')
    for (const token of [
      undefined,
      '',
      'x',
      hr.csrf.slice(1),
      // The first character: the last one of base64url carries bits that mean nothing.
      `${hr.csrf.startsWith('A') ? 'B' : 'A'}${hr.csrf.slice(1)}`,
      other.csrf,
    ]) {
      const answer = await search({ 'x-csrf-token': token })
      expect(answer.status, String(token)).toBe(403)
      expect(answer.body.code).toBe('csrf-failed')
    }
    expect((await search({})).status).toBe(200)
  })
  test('the token of before the sign-in is worth nothing after it', async () => {
    const browser = visitor(town)
    await browser.session()
    const before = browser.csrf
    const { username } = town.manifest.signIns.find(one => one.role === 'employee')!
    await browser.post('/session/demo', { username })
    expect(browser.csrf).not.toBe(before)
    expect((await browser.send('POST', '/search', { text: 'a' }, { 'x-csrf-token': before })).status).toBe(403)
  })
  test('another origin or site is refused, even with the token', async () => {
    expect((await search({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await search({ origin: 'null' })).status).toBe(403)
    expect((await search({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await search({ 'sec-fetch-site': 'same-site' })).status).toBe(403)
    expect((await search({ origin: town.url, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })
  test('what a form of another site can send is not taken: 415, and without a token 403', async () => {
    for (const type of [
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
      'application/xml',
    ])
      expect((await hr.send('POST', '/people/search', 'a=b', { 'content-type': type })).status, type).toBe(415)
    const blind = await hr.send('POST', '/session/end', 'a=b', {
      'content-type': 'text/plain',
      'x-csrf-token': undefined,
    })
    expect([403, 415]).toContain(blind.status)
    expect((await hr.get('/home')).status).toBe(200)
  })
  test('no other origin is let in to read (no CORS)', async () => {
    const answer = await hr.send('GET', '/session', undefined, { origin: 'https://evil.example' })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    const preflight = await raw('/api/people/search', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined()
  })
  test('a method override does not turn a read into a write', async () => {
    const before = await hr.session()
    expect(before.signedIn).toBe(true)
    await hr.send('GET', '/session/end?_method=POST', undefined, { 'x-http-method-override': 'POST' })
    expect((await hr.session()).signedIn).toBe(true)
  })
})

describe('sessions', () => {
  test('the id changes at sign-in, and a planted one is not taken over', async () => {
    const browser = visitor(town)
    browser.cookies.set('hjemmel', encodeURIComponent('s:planted.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'))
    await browser.session()
    const { username } = town.manifest.signIns.find(one => one.role === 'employee')!
    await browser.post('/session/demo', { username })
    const first = browser.cookies.get('hjemmel')!
    expect(first).not.toContain('planted')
    const again = await browser.post('/session/demo', { username })
    expect(again.status).toBe(200)
    expect(browser.cookies.get('hjemmel')).not.toBe(first)
    const old = new Visitor(town.url)
    old.cookies.set('hjemmel', first)
    expect((await old.session()).signedIn).toBe(false)
  })
  test('nothing is stored for a visitor who has not signed in', async () => {
    const count = async () =>
      ((await town.house.db.source.query('select count(*)::int as n from session')) as [{ n: number }])[0].n
    const before = await count()
    for (const _ of [1, 2, 3]) await visitor(town).session()
    expect(await count()).toBe(before)
  })
  test('the cookies are out of reach of scripts and of other sites', async () => {
    const browser = visitor(town)
    const session = await browser.get('/session')
    const { username } = town.manifest.signIns.find(one => one.role === 'employee')!
    const signedIn = await browser.post('/session/demo', { username })
    const cookies = [...session.cookies, ...signedIn.cookies]
    expect(cookies.map(cookie => cookie.split('=')[0]).sort()).toEqual(
      expect.arrayContaining(['hjemmel', 'hjemmel-csrf']),
    )
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; HttpOnly/i)
      expect(cookie).toMatch(/; SameSite=(Lax|Strict)/i)
      expect(cookie).toMatch(/; Path=\//i)
      expect(cookie).not.toMatch(/Domain=/i)
    }
  })
  test('behind https they are Secure and __Host-, and the browser is told to stay with https', async () => {
    const house = await openHouse(town.databaseUrl, town.dataDir, {
      HJEMMEL_PUBLIC_URL: 'https://hjemmel.example.dk',
      HJEMMEL_TRUST_PROXY: '1',
    })
    const served = await serve(house)
    try {
      const browser = new Visitor(served.url)
      const session = await browser.get('/session')
      const { username } = town.manifest.signIns.find(one => one.role === 'employee')!
      const signedIn = await browser.post('/session/demo', { username })
      expect(signedIn.status, signedIn.text).toBe(200)
      for (const cookie of [...session.cookies, ...signedIn.cookies]) {
        expect(cookie).toMatch(/^__Host-hjemmel/)
        expect(cookie).toMatch(/; Secure/i)
      }
      expect(session.headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/)
      expect(session.headers.get('content-security-policy')).toContain('upgrade-insecure-requests')
    } finally {
      await served.close()
      await house.db.close()
    }
  })
  test('signing out ends it here; everywhere ends all of that user’s, and nobody else’s', async () => {
    const [one, two, three] = [await signIn(town, 'dpo'), await signIn(town, 'dpo'), await signIn(town, 'dpo')]
    const bystander = await signIn(town, 'hr')
    const cookie = one.cookies.get('hjemmel')!
    const ended = await one.post('/session/end', {})
    expect(ended.headers.get('clear-site-data')).toBe('"cache"')
    const thief = new Visitor(town.url)
    thief.cookies.set('hjemmel', cookie)
    expect((await thief.session()).signedIn).toBe(false)
    expect((await two.session()).signedIn).toBe(true)
    await two.post('/session/end', { everywhere: true })
    expect((await three.session()).signedIn).toBe(false)
    expect((await bystander.session()).signedIn).toBe(true)
  })
  test('eight hours without use end it', async () => {
    const browser = await signIn(town, 'hr')
    const sid = decodeURIComponent(browser.cookies.get('hjemmel')!).slice(2).split('.')[0]!
    const sql = (text: string) => town.house.db.source.query(text, [sid]) as Promise<{ minutes: number }[]>
    const left = async () =>
      (await sql('select extract(epoch from expire - now())::float8 / 60 as minutes from session where sid = $1'))[0]!
        .minutes
    expect(await left()).toBeGreaterThan(8 * 60 - 5)
    expect(await left()).toBeLessThan(8 * 60 + 1)
    await sql(`update session set expire = now() + interval '1 minute' where sid = $1 returning 1 as minutes`)
    expect((await browser.session()).signedIn).toBe(true)
    await sql(`update session set expire = now() - interval '1 second' where sid = $1 returning 1 as minutes`)
    expect((await browser.session()).signedIn).toBe(false)
  })
  test('a stolen row of the session table is no session: the cookie is signed', async () => {
    await signIn(town, 'hr')
    const [{ sid }] = (await town.house.db.source.query('select sid from session limit 1')) as [{ sid: string }]
    for (const cookie of [sid, `s:${sid}`, `s:${sid}.`, `s:${sid}.${'A'.repeat(43)}`]) {
      const thief = new Visitor(town.url)
      thief.cookies.set('hjemmel', encodeURIComponent(cookie))
      expect((await thief.session()).signedIn).toBe(false)
    }
  })
})

describe('guessing', () => {
  test('five wrong passwords lock the name, also for the right one, and are on record', async () => {
    const admin = await signInAdministrator(town)
    const made = await admin.post<{ link: { url: string } }>('/local-users', {
      kind: 'outsider',
      username: 'laas.mig',
      displayName: 'Lås Mig',
      role: 'auditor',
      to: daysAhead(20),
      reason: 'Prøve af låsning',
    })
    expect(made.status, made.text).toBe(200)
    const token = new URL(made.body.link.url).pathname.split('/').at(-1)!
    const browser = visitor(town)
    await browser.session()
    expect((await browser.post('/links/use', { token, password: 'kort' })).status).toBe(422)
    expect((await browser.post('/links/use', { token, password: 'blå cykel syv hatte' })).status).toBe(200)
    expect((await browser.post('/links/use', { token, password: 'blå cykel otte hatte' })).status).toBe(410)
    await signInLocal(visitor(town), 'laas.mig')
    const guess = (password: string, from = visitor(town)) =>
      from.session().then(() => from.post('/session/local', { username: 'laas.mig', password }))
    const statuses: number[] = []
    for (let n = 0; n < 6; n++) statuses.push((await guess('forkert')).status)
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401])
    expect(statuses[5]).toBe(423)
    expect((await guess('blå cykel syv hatte')).status).toBe(423)
    const rows = (await town.house.db.source.query(
      `select action, count(*)::int as n from audit_entry where action in ('user.sign-in-failed', 'user.locked') group by 1 order by 1`,
    )) as { action: string; n: number }[]
    expect(rows).toEqual([
      { action: 'user.locked', n: 1 },
      { action: 'user.sign-in-failed', n: 4 },
    ])
  })
  test('a name that nobody has is answered like a wrong password', async () => {
    const browser = visitor(town)
    await browser.session()
    const unknown = await browser.post('/session/local', { username: 'findes.ikke', password: 'forkert' })
    const known = await browser.post('/session/local', { username: 'administrator', password: 'forkert' })
    expect({ ...unknown.body, requestId: '' }).toEqual({ ...known.body, requestId: '' })
    expect(unknown.status).toBe(401)
  })
  test('from one address, after sixty tries in a minute, 429', async () => {
    const browser = visitor(town)
    await browser.session()
    const statuses = new Set<number>()
    for (let n = 0; n < 70; n++)
      statuses.add((await browser.post('/links/open', { token: `${n}${'x'.repeat(42)}` })).status)
    expect(statuses).toEqual(new Set([410, 429]))
    // Another address is not held back by it.
    const other = visitor(town)
    await other.session()
    expect((await other.post('/links/open', { token: 'x'.repeat(43) })).status).toBe(410)
  })
  test('each signed-in user has a limit of their own, whatever the address they share with others', async () => {
    const house = await openHouse(town.databaseUrl, town.dataDir, { HJEMMEL_REQUESTS_PER_MINUTE: '60' })
    const served = await serve(house)
    try {
      const signedIn = async (role: 'it' | 'hr') => {
        const browser = new Visitor(served.url)
        await browser.session()
        const { username } = town.manifest.signIns.find(one => one.role === role)!
        await browser.post('/session/demo', { username })
        return browser
      }
      // Both come from this machine's own address: no proxy is believed here.
      const [busy, calm] = [await signedIn('it'), await signedIn('hr')]
      const statuses: number[] = []
      for (let n = 0; n < 62; n++) statuses.push((await busy.get('/rules')).status)
      expect(statuses.filter(status => status === 200).length).toBeGreaterThan(40)
      expect(statuses.at(-1)).toBe(429)
      expect((await calm.get('/rules')).status).toBe(200)
      // Who is not signed in is counted by address.
      const strangers: number[] = []
      for (let n = 0; n < 62; n++) strangers.push((await new Visitor(served.url).get('/session')).status)
      expect(strangers.at(-1)).toBe(429)
      expect((await calm.get('/rules')).status).toBe(200)
    } finally {
      await served.close()
      await house.db.close()
    }
  })
  test('a visitor cannot choose the address that is counted: only the own proxy is believed', async () => {
    const house = await openHouse(town.databaseUrl, town.dataDir)
    const served = await serve(house)
    try {
      const statuses = new Set<number>()
      for (let n = 0; n < 70; n++) {
        const browser = new Visitor(served.url)
        statuses.add((await browser.post('/links/open', { token: 'x'.repeat(43) })).status)
      }
      expect(statuses.has(429)).toBe(true)
    } finally {
      await served.close()
      await house.db.close()
    }
  })
})

describe('headers', () => {
  test('a content policy without anything unsafe, with a nonce of its own for each answer', async () => {
    const policies = await Promise.all(
      [1, 2].map(async () => (await raw('/api/session')).headers['content-security-policy'] as string),
    )
    for (const policy of policies) {
      expect(policy).not.toMatch(/unsafe-(inline|eval|hashes)|\*|http:|data:(?!;)(?!.*img)/)
      for (const part of [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
      ])
        expect(policy).toContain(part)
    }
    const [one, two] = policies.map(policy => /'nonce-([^']{20,})'/.exec(policy)?.[1])
    expect(one).toBeTruthy()
    expect(one).not.toBe(two)
  })
  test('the others that ASVS asks for, on the page, the API and an error alike', async () => {
    for (const path of ['/', '/api/session', '/api/nothing-here', '/api/people/x']) {
      const { headers } = await raw(path)
      expect(headers['x-content-type-options'], path).toBe('nosniff')
      expect(headers['referrer-policy'], path).toBe('no-referrer')
      expect(headers['cross-origin-opener-policy'], path).toBe('same-origin')
      expect(headers['x-powered-by'], path).toBeUndefined()
      expect(headers['x-request-id'], path).toMatch(/^[0-9a-f-]{36}$/)
    }
    const answer = await raw('/api/session')
    expect(answer.headers['cache-control']).toBe('no-store')
  })
  test('TRACE, which would send back what a browser keeps from scripts, is not answered', async () => {
    const answer = await raw('/api/session', { method: 'TRACE', headers: { 'x-marker': 'sent-back' } })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.text).not.toContain('sent-back')
  })
  test('the id of a request is ours: what a caller sends is not taken over', async () => {
    const answer = await raw('/api/session', { headers: { 'x-request-id': 'of-the-caller' } })
    expect(answer.headers['x-request-id']).not.toBe('of-the-caller')
  })
})

describe('what comes in', () => {
  test('too much is 413, broken JSON and wrong shapes are 400 and say where', async () => {
    const it = await signIn(town, 'it')
    expect((await it.post('/people/search', { text: 'x'.repeat(300_000) })).status).toBe(413)
    expect((await it.post('/rules/preview', { yaml: 'x'.repeat(7_000_000) })).status).toBe(413)
    const broken = await it.send('POST', '/people/search', '{"text": ', {})
    expect(broken.status).toBe(400)
    const wrong = await it.post('/people/search', { kind: 'dragon', limit: -1 })
    expect(wrong.status).toBe(400)
    expect((wrong.body as unknown as { errors: { where: string }[] }).errors.map(one => one.where).sort()).toEqual([
      'body/kind',
      'body/limit',
    ])
    for (const body of ['[]', 'null', '"text"', '7'])
      expect((await it.send('POST', '/people/search', body)).status, body).toBe(400)
  })
  test('fields that nobody asked for have no effect (mass assignment)', async () => {
    const employee = await signIn(town, 'employee')
    const { username } = town.manifest.signIns.find(one => one.role === 'employee')!
    const answer = await employee.post('/session/demo', {
      username,
      role: 'admin',
      roles: ['admin'],
      userId: 'x',
      via: 'local',
    })
    expect(answer.status).toBe(200)
    expect((await employee.session()).actor!.roles).toEqual(['employee'])
    // __proto__ in a body does not reach any object of ours.
    await employee.send(
      'POST',
      '/search',
      '{"text":"a","__proto__":{"roles":["admin"]},"constructor":{"prototype":{"admin":true}}}',
    )
    expect(({} as { roles?: unknown; admin?: unknown }).roles).toBeUndefined()
    expect((await employee.post('/people/search', {})).status).toBe(403)
  })
  test.each([
    "' or 1=1 --",
    "'; drop table person_current; --",
    '%',
    '_%_',
    '\\',
    '\u0000',
    '*)(objectClass=*',
    '*)(uid=*))(|(uid=*',
    '{{7*7}}',
    '<script>alert(1)</script>',
    ['$', '{jndi:ldap://x}'].join(''),
    "a' UNION SELECT password_hash FROM tool_user --",
    'æøå ÆØÅ ’',
    '𝒳'.repeat(20),
  ])('%j in a search is text to look for, no more', async text => {
    const hr = await signIn(town, 'hr')
    for (const [path, body] of [
      ['/people/search', { text }],
      ['/accounts/search', { text }],
      ['/search', { text }],
      ['/audit/search', { action: text }],
    ] as const) {
      const answer = await hr.post<{ total?: number; rows?: unknown[] }>(path, body)
      expect([200, 400, 403], `${path} ${answer.text.slice(0, 200)}`).toContain(answer.status)
      if (answer.status === 200 && answer.body.total !== undefined && path === '/people/search')
        expect(answer.body.total).toBeLessThan(3000)
    }
    for (const path of ['/systems', '/rules', '/roles', '/group-mappings']) {
      const answer = await hr.get<{ total: number }>(`${path}?text=${encodeURIComponent(text)}`)
      expect([200, 400], path).toContain(answer.status)
    }
    const [{ n }] = (await town.house.db.source.query('select count(*)::int as n from person_current')) as [
      { n: number },
    ]
    expect(n).toBeGreaterThan(6000)
  })
  test('the same at sign-in: a wrong name, not a found one', async () => {
    for (const username of ["' or 1=1 --", '*', 'administrator)(|(x=*', "administrator'--", 'a\u0000b']) {
      const browser = visitor(town)
      await browser.session()
      const answer = await browser.post('/session/local', { username, password: 'x' })
      expect([400, 401], username).toContain(answer.status)
    }
  })
})

describe('files', () => {
  test.each([
    '/../package.json',
    '/assets/../../../package.json',
    '/assets/..%2f..%2f..%2fpackage.json',
    '/..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    '/assets/%2e%2e%2f%2e%2e%2f%2e%2e%2fserver/main.ts',
    '/....//....//package.json',
    '/assets/..\\..\\package.json',
    '/.built-from',
    '/%00/etc/passwd',
    '//etc/passwd',
    '/api/docs/../../../package.json',
    '/api/docs/..%2f..%2fpackage.json',
    '/api/docs/package.json',
  ])('%s shows no file that is not meant to be shown', async path => {
    const { status, text } = await raw(path)
    expect([200, 301, 302, 400, 403, 404]).toContain(status)
    expect(text).not.toMatch(/"devDependencies"|root:x:0|import process from|"min-release-age"/)
    const stamp = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')
    expect(text).not.toContain(stamp.slice(20, 120))
  })
})

describe('errors', () => {
  test('say a code and an id, and nothing of the inside: no stack, no SQL, no path, no version', async () => {
    const it = await signIn(town, 'it')
    const answers = [
      await it.get('/people/not-an-id'),
      await it.get('/people/a%00b'),
      await it.get('/nothing-here'),
      await it.send('POST', '/people/search', '{'),
      await it.get('/people/%E0%A4%A'),
      await it.get(`/audit/${'9'.repeat(30)}`),
      await it.post('/audit/search', { from: '2026-02-31' }),
      await it.get('/rules/%00'),
      await it.send('PUT', '/people/search', {}),
      await it.send('PROPFIND', '/people', undefined),
    ]
    for (const answer of answers) {
      expect(answer.status, answer.text).toBeGreaterThanOrEqual(400)
      expect(answer.status, `${answers.indexOf(answer)}: ${answer.text}`).toBeLessThan(500)
      expect(answer.text).not.toMatch(/node_modules|\bat \w+ \(|server\/|\bselect\b .*\bfrom\b|PostgreSQL|Express|zod/i)
    }
  })
  test('an unexpected one too: the log has the cause, the caller has the id', async () => {
    const it = await signIn(town, 'it')
    await town.house.db.source.query('alter table it_system rename to it_system_gone')
    try {
      const answer = await it.get('/systems')
      expect(answer.status).toBe(500)
      expect(answer.text).not.toMatch(/it_system|relation|select|server\//)
      const id = answer.headers.get('x-request-id')!
      expect(answer.body).toMatchObject({ code: 'unexpected', requestId: id })
      expect(
        town.log.some(line => line.includes(id) && line.includes('"level":"error"') && line.includes('it_system')),
      ).toBe(true)
    } finally {
      await town.house.db.source.query('alter table it_system_gone rename to it_system')
    }
  })
})

test('nothing that a scenario does puts a name, a CPR number, an e-mail address or a password into the log', async () => {
  const from = town.log.length
  const target = await personOf(town, 'employee')
  const hr = await signIn(town, 'hr')
  const it = await signIn(town, 'it')
  const employee = town.manifest.signIns.find(one => one.role === 'employee')!
  await hr.post('/people/search', { text: employee.name })
  await hr.post('/search', { text: employee.name })
  const page = await hr.get<{ person: { email: string; phone: string } }>(`/people/${target}`)
  const shown = await hr.post<{ cpr: string }>(`/people/${target}/cpr`, { reason: 'Sag 2026-77 om løn' })
  await it.post('/accounts/search', { text: employee.username })
  await it.post('/session/local', { username: employee.username, password: 'hemmelig kode 77' })
  await it.get(`/people/${employee.username}`)
  await it.post('/people/search', { unit: employee.name })
  const lines = town.log.slice(from)
  expect(lines.length).toBeGreaterThan(10)
  const text = lines.join('\n')
  const secrets = [
    employee.name,
    employee.name.split(' ')[0]!,
    employee.username,
    page.body.person.email,
    page.body.person.phone,
    shown.body.cpr,
    shown.body.cpr.replace('-', ''),
    'Sag 2026-77',
    'hemmelig kode 77',
  ]
  for (const secret of secrets) expect(text.includes(secret), `the log has "${secret}"`).toBe(false)
  // Ids of people are addresses, and addresses are not logged: the pattern of the route is.
  expect(text).not.toContain(`/people/${target}`)
  expect(text).toContain('/people/:personId')
})

test('no list and no search ever answers a CPR number', async () => {
  const hr = await signIn(town, 'hr')
  const cprs = /\b(0[1-9]|[12]\d|3[01]|[67]\d)(0[1-9]|1[0-2])\d{2}-?\d{4}\b/
  for (const answer of [
    await hr.post('/people/search', { limit: 200 }),
    await hr.post('/accounts/search', { limit: 200 }),
    await hr.post('/search', { text: 'an' }),
    await hr.get('/org-worklist'),
    await hr.get('/home'),
  ]) {
    expect(answer.status).toBe(200)
    // Phone numbers and ids are other runs of digits; what is looked for stands as a value of its own.
    expect(answer.text.match(/"[^"]*"/g)!.filter(value => cprs.test(value) && !/[a-f]\d|\d[a-f]/.test(value))).toEqual(
      [],
    )
  }
})

test('the metrics count by route, not by address, and name nobody', async () => {
  const hr = await signIn(town, 'hr')
  const target = await personOf(town, 'employee')
  await hr.get(`/people/${target}`)
  const { status, text } = await raw('/metrics')
  expect(status).toBe(200)
  expect(text).toMatch(/hjemmel_http_request_seconds_count\{.*route="\/people\/:personId"/)
  expect(text).toMatch(/^hjemmel_people \d{4}/m)
  expect(text).not.toContain(target)
})

test('the metrics are for this machine, or for who has the token: to others they are not there', async () => {
  const status = async (url: string, headers: Record<string, string>) =>
    (await fetch(`${url}/metrics`, { headers })).status
  for (const [settings, answers] of [
    [{ HJEMMEL_TRUST_PROXY: '1' }, [200, 404, 404]],
    [{ HJEMMEL_TRUST_PROXY: '1', HJEMMEL_METRICS_TOKEN: 'a-token-of-some-length' }, [404, 404, 200]],
  ] as const) {
    const house = await openHouse(town.databaseUrl, town.dataDir, settings)
    const served = await serve(house)
    try {
      expect(await status(served.url, {})).toBe(answers[0])
      expect(await status(served.url, { 'x-forwarded-for': '192.0.2.7' })).toBe(answers[1])
      const bearer = { 'x-forwarded-for': '192.0.2.7', authorization: 'Bearer a-token-of-some-length' }
      expect(await status(served.url, bearer)).toBe(answers[2])
    } finally {
      await served.close()
      await house.db.close()
    }
  }
})

test('a refusal is on record with who was refused what, by id and route', async () => {
  const from = town.log.length
  const manager = await signIn(town, 'manager')
  const { actor } = await manager.session()
  await manager.post('/rules/preview', { yaml: 'rules: []' })
  const line = town.log.slice(from).find(one => one.includes('/rules/preview'))
  expect(JSON.parse(line ?? '{}')).toMatchObject({ status: 403, userId: actor!.userId, method: 'POST' })
})
