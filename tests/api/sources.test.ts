import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunDetail } from '../../server/contract/feeds.ts'
import type { Freshness } from '../../server/contract/freshness.ts'
import type { SourceOptions } from '../../server/contract/source-options.ts'
import type { SourceDetail, SourceVersion } from '../../server/contract/sources.ts'
import { demoTown } from '../support/demo-town.ts'
import { openHouse } from '../support/house.ts'
import { type Slapd, startSlapd } from '../support/slapd.ts'
import { type Answer, auditOf, signIn, signInAdministrator, type Visitor } from '../support/visitors.ts'

/*
 * Sources declared over the API, against a real OpenLDAP, by somebody who means well and by somebody who does not.
 */
const base = 'dc=skole,dc=test'
const folder = mkdtempSync(join(tmpdir(), 'hjemmel-sources-'))
const drops = join(folder, 'drops')
const secrets = join(folder, 'secrets')
const environment: Record<string, string> = {
  HJEMMEL_DROPS_DIR: drops,
  HJEMMEL_SECRETS_DIR: secrets,
  HJEMMEL_SOURCE_HOSTS: 'localhost, 127.0.0.1',
}
let slapd: Slapd
beforeAll(async () => {
  mkdirSync(drops)
  mkdirSync(secrets)
  const ldif = join(folder, 'skole.ldif')
  writeFileSync(ldif, directory())
  slapd = await startSlapd({ baseDn: base, ldifs: [ldif] })
  environment.HJEMMEL_SECRET_SKOLE = slapd.password
  copyFileSync(slapd.caFile, join(secrets, 'ca.pem'))
}, 60_000)
const town = demoTown({ environment })
afterAll(async () => {
  await slapd?.stop()
  rmSync(folder, { recursive: true, force: true })
})

function directory(): string {
  const people = Array.from(
    { length: 20 },
    (_, n) =>
      `dn: uid=s${n},ou=laerere,${base}\nobjectClass: inetOrgPerson\nuid: s${n}\ncn: LÆRER Nr${n}\ngivenName: Lærer\nsn: Nr${n}\ndescription: 010190-12${10 + n}\nemployeeNumber: ${9000 + n}\nmail: s${n}@skole.test\n`,
  )
  return [`dn: ou=laerere,${base}\nobjectClass: organizationalUnit\nou: laerere\n`, ...people].join('\n')
}

const school = (more: Record<string, unknown> = {}) => ({
  key: 'skole-ldap',
  name: { da: 'Skolernes katalog', en: "The schools' directory" },
  kind: 'ldap',
  flavour: 'openldap',
  url: slapd.ldapsUrl,
  caFile: 'ca.pem',
  bindDn: slapd.bindDn,
  password: { env: 'HJEMMEL_SECRET_SKOLE' },
  base,
  schedule: '15m',
  ...more,
})
const csv = (more: Record<string, unknown> = {}) => ({
  key: 'gaester',
  kind: 'csv',
  files: [{ path: 'gaester.csv', record: 'account', key: 'Nr', map: { username: 'Navn' } }],
  ...more,
})

let it: Visitor
let dpo: Visitor
beforeAll(async () => {
  it = await signIn(town, 'it')
  dpo = await signIn(town, 'dpo')
}, 300_000)

const detail = async (key: string) => (await it.get<SourceDetail>(`/sources/${key}`)).body
const errorsOf = (answer: Answer) => (answer.body as { errors?: { where: string; what: string }[] }).errors ?? []
async function ended(runId: string): Promise<RunDetail> {
  for (;;) {
    const { body } = await it.get<RunDetail>(`/runs/${runId}`)
    if (body.error?.code === 'unexpected') throw new Error(town.log.findLast(line => line.includes('a run failed')))
    if (body.state !== 'running') return body
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

describe('before anything is saved', () => {
  test('every mistake is said at its place, in both languages', async () => {
    const wrong = school({ schedule: 'ofte', password: 'hemmeligt123', colour: 'red', key: 'Skole' })
    const { body } = await it.post<{ ok: boolean; mistakes: { where: string; what: { da: string; en: string } }[] }>(
      '/sources-validate',
      { declaration: wrong },
    )
    expect(body.ok).toBe(false)
    expect(body.mistakes.map(one => one.where).sort()).toEqual(['/colour', '/key', '/password', '/schedule'])
    for (const { what } of body.mistakes) expect(what.da).not.toBe(what.en)
    expect(JSON.stringify(body)).not.toContain('hemmeligt123')
  })

  test('the steps of the connection, each with what it found', async () => {
    const answer = await it.post<{ ok: boolean; steps: { step: string; ok: boolean; detail: string }[] }>(
      '/sources-test',
      { declaration: school() },
    )
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toMatchObject({ ok: true })
    expect(answer.body.steps.map(one => one.step)).toEqual(
      expect.arrayContaining(['name', 'tls', 'bind', 'base', 'rights', 'paging']),
    )
    expect(await auditOf(town, answer)).toMatchObject([{ action: 'source.tested' }])
    const wrong = await it.post<{ ok: boolean; steps: { step: string; ok: boolean }[] }>('/sources-test', {
      declaration: school({ bindDn: `uid=nobody,${base}` }),
    })
    expect(wrong.body.ok).toBe(false)
    expect(wrong.body.steps.find(one => !one.ok)?.step).toBe('bind')
  })

  test('ten live entries, without CPR numbers and addresses', async () => {
    const answer = await it.post<{
      entries: { at: string; records: { kind: string; attributes: { name: string; value: string }[] }[] }[]
    }>('/sources-sample', {
      declaration: school({
        searches: [
          {
            base: `ou=laerere,${base}`,
            filter: '(objectClass=inetOrgPerson)',
            records: [
              {
                record: 'account',
                match: { objectClass: 'inetOrgPerson' },
                key: 'entryUUID',
                map: {
                  username: 'uid',
                  displayName: { attribute: 'cn', case: 'title' },
                  description: 'description',
                },
              },
            ],
          },
        ],
      }),
    })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body.entries).toHaveLength(10)
    const [first] = answer.body.entries
    expect(first?.records).toMatchObject([{ kind: 'account', reject: null }])
    expect(first?.records[0]?.attributes).toContainEqual(
      expect.objectContaining({ name: 'displayName', value: expect.stringMatching(/^Lærer Nr\d+$/) }),
    )
    expect(answer.text).not.toMatch(/010190-?12\d\d/)
    expect(answer.text).not.toContain('@skole.test')
    expect(await auditOf(town, answer)).toMatchObject([{ action: 'source.sampled' }])
  })

  test('a dry run shows what would come in; nothing of it is there afterwards', async () => {
    const before = await townCounts()
    const { body, status, text } = await it.post<{ runId: string }>('/sources-preview', { declaration: school() })
    expect(status, text).toBe(200)
    const run = await ended(body.runId)
    expect(run).toMatchObject({ state: 'done', dryRun: true, added: 20, rejected: 0 })
    const plan = await it.post<{ total: number; rows: { op: string; label: string }[] }>(`/runs/${body.runId}/plan`, {
      kind: 'account',
    })
    expect(plan.body).toMatchObject({ total: 20 })
    expect(plan.body.rows[0]).toMatchObject({ op: 'add' })
    expect(await townCounts()).toEqual(before)
    expect((await it.get('/sources/skole-ldap')).status).toBe(404)
    const listed = await it.get<{ rows: { key: string }[] }>('/sources')
    expect(listed.body.rows.map(row => row.key)).not.toContain('skole-ldap')
  })
  const townCounts = () =>
    town.house.db.source.query(
      `select (select count(*) from account) as accounts, (select count(*) from source_record) as records,
        (select count(*) from source where owner <> 'draft') as sources`,
    )
})

describe('a source of the screen', () => {
  test('is declared, read, changed, retired and brought back, each with its version and who did it', async () => {
    const made = await it.post<{ version: number }>('/sources', { declaration: school(), reason: 'Skolernes lærere' })
    expect(made.status, made.text).toBe(200)
    expect(await auditOf(town, made)).toMatchObject([{ action: 'source.created' }])
    expect((await it.post('/sources', { declaration: school() })).body.code).toBe('source-exists')

    const started = await it.post<{ runId: string }>('/sources/skole-ldap/runs', {})
    expect(await ended(started.body.runId)).toMatchObject({ state: 'done', added: 20 })

    const changed = await it.send<{ version: number }>('PUT', '/sources/skole-ldap', {
      declaration: school({ schedule: '1h' }),
      version: 1,
      reason: 'Sjældnere',
    })
    expect(changed.body).toEqual({ key: 'skole-ldap', version: 2 })
    const late = await it.send('PUT', '/sources/skole-ldap', { declaration: school({ schedule: '1m' }), version: 1 })
    expect(late).toMatchObject({ status: 409, body: { code: 'conflict' } })

    expect(await detail('skole-ldap')).toMatchObject({
      owner: 'screen',
      version: 2,
      declared: true,
      effective: { schedule: '1h', authority: 10 },
      secrets: [{ ref: { env: 'HJEMMEL_SECRET_SKOLE' }, found: true }],
      blocked: { change: null, retire: null, restore: 'not-retired', test: null, run: null },
    })
    expect((await dpo.get<SourceDetail>('/sources/skole-ldap')).body.blocked).toMatchObject({ change: 'not-allowed' })

    const retired = await it.post<{ version: number }>('/sources/skole-ldap/retire', {
      version: 2,
      reason: 'Ny leverandør',
    })
    expect(retired.body.version).toBe(3)
    expect((await it.post('/sources/skole-ldap/runs', {})).status).toBe(404)
    expect((await it.post('/sources', { declaration: school() })).body.code).toBe('source-exists')
    const back = await it.post<{ version: number }>('/sources/skole-ldap/restore', { version: 3 })
    expect(back.body.version).toBe(4)

    const { body } = await dpo.get<{ rows: SourceVersion[] }>('/sources/skole-ldap/versions')
    expect(body.rows.map(row => [row.version, row.change])).toEqual([
      [4, 'restore'],
      [3, 'retire'],
      [2, 'change'],
      [1, 'create'],
    ])
    expect(body.rows[2]).toMatchObject({
      reason: 'Sjældnere',
      changes: [{ where: '/schedule', before: '15m', after: '1h' }],
    })
    expect(body.rows[2]?.by).toBe((await it.session()).actor?.displayName)
  })

  test('counts for every process from the next read on', async () => {
    const other = await openHouse(town.databaseUrl, town.dataDir, environment)
    try {
      const version = (await detail('skole-ldap')).version
      expect((await other.feeds.sources()).find(one => one.key === 'skole-ldap')?.scheduleSeconds).toBe(3600)
      await it.send('PUT', '/sources/skole-ldap', { declaration: school({ schedule: '5m', people: true }), version })
      expect((await other.feeds.sources()).find(one => one.key === 'skole-ldap')?.scheduleSeconds).toBe(300)
      const run = await other.feeds.run('skole-ldap', { dryRun: true })
      expect(run, JSON.stringify(run)).toMatchObject({ state: 'done' })
      expect(run.byKind.person?.read).toBe(20)
    } finally {
      await other.db.close()
    }
  })

  test('its key and its kind are for good, and another may not have its version', async () => {
    const { version } = await detail('skole-ldap')
    const key = await it.send('PUT', '/sources/skole-ldap', { declaration: school({ key: 'andet' }), version })
    expect(errorsOf(key)).toMatchObject([{ where: '/key' }])
    const kind = await it.send('PUT', '/sources/skole-ldap', { declaration: csv({ key: 'skole-ldap' }), version })
    expect(errorsOf(kind)).toMatchObject([{ where: '/kind' }])
  })

  test('what the sources file declares is read here and changed there', async () => {
    const hr = await detail('hr')
    expect(hr).toMatchObject({
      owner: 'file',
      place: expect.stringMatching(/kilder\.yaml:\d+$/),
      blocked: { change: 'file-owned' },
    })
    const change = await it.send('PUT', '/sources/hr', { declaration: hr.declaration, version: hr.version })
    expect(change).toMatchObject({ status: 409, body: { code: 'source-read-only' } })
    expect((await it.post('/sources', { declaration: csv({ key: 'hr' }) })).body.code).toBe('source-exists')
  })

  test('goes out and comes in as the text of a sources file', async () => {
    const { body } = await it.get<{ yaml: string }>('/sources-export?key=skole-ldap')
    expect(body.yaml).toContain('env: HJEMMEL_SECRET_SKOLE')
    const yaml = body.yaml.replace('schedule: 5m', 'schedule: 30m')
    type Preview = { hash: string; rows: { key: string; outcome: string; changes: unknown[] }[] }
    const preview = await it.post<Preview>('/sources-import-preview', { yaml })
    expect(preview.body.rows).toEqual([
      { key: 'skole-ldap', outcome: 'change', changes: [{ where: '/schedule', before: '5m', after: '30m' }] },
    ])
    const { hash } = preview.body
    expect((await it.post('/sources-import', { yaml: body.yaml, hash })).body.code).toBe('plan-stale')
    const imported = await it.post('/sources-import', { yaml, hash })
    expect(imported.status, imported.text).toBe(200)
    expect(await auditOf(town, imported)).toMatchObject([{ action: 'source.imported' }])
    expect(await detail('skole-ldap')).toMatchObject({ effective: { schedule: '30m' } })
    const broken = await it.post('/sources-import-preview', { yaml: 'sources:\n  - key: x\n    kind: csv\n' })
    expect(broken.status).toBe(422)
    expect(errorsOf(broken)[0]?.where).toBe('/sources/0/files')
  })

  test('how fresh the data are is for everybody; a source that cannot be reached says so', async () => {
    const employee = await signIn(town, 'employee')
    const { body } = await employee.get<{ rows: Freshness[] }>('/freshness')
    expect(body.rows.find(row => row.source === 'skole-ldap')).toMatchObject({
      feeds: expect.arrayContaining(['account']),
      state: 'fresh',
    })
    await slapd.pause()
    const started = await it.post<{ runId: string }>('/sources/skole-ldap/runs', {})
    const failed = await ended(started.body.runId)
    expect(failed).toMatchObject({ state: 'failed' })
    const after = await employee.get<{ rows: Freshness[] }>('/freshness')
    expect(after.body.rows.find(row => row.source === 'skole-ldap')?.state).toBe('failing')
    await slapd.resume()
    const again = await it.post<{ runId: string }>(`/runs/${failed.id}/retry`, {})
    expect(again.status, again.text).toBe(200)
    expect(await ended(again.body.runId)).toMatchObject({ error: null, heldBack: [], state: 'done' })
    expect((await it.post(`/runs/${failed.id}/retry`, {})).body.code).toBe('plan-stale')
  })

  test('what a form offers: names of secrets, files, attributes', async () => {
    writeFileSync(join(drops, 'gaester.csv'), 'Nr;Navn\n1;gaest1\n')
    symlinkSync('/etc/passwd', join(drops, 'passwd'))
    const { body, text } = await it.get<SourceOptions>('/source-options')
    expect(body.secretNames).toEqual(['HJEMMEL_SECRET_SKOLE'])
    expect(body.secretFiles).toEqual(['ca.pem'])
    expect(body.dropFiles).toEqual(['gaester.csv'])
    expect(text).not.toContain(slapd.password)
  })
})

test('the guards of a source stay while a change of the same person waits at them', async () => {
  const guests = (count: number) =>
    writeFileSync(
      join(drops, 'gaester.csv'),
      `Nr;Navn\n${Array.from({ length: count }, (_, n) => `${n};gaest${n}\n`).join('')}`,
    )
  guests(3)
  const made = await it.post<{ version: number }>('/sources', {
    declaration: csv({ guards: { add: { percent: 0, floor: 10 } } }),
  })
  expect(made.status, made.text).toBe(200)
  const first = await it.post<{ runId: string }>('/sources/gaester/runs', {})
  expect(await ended(first.body.runId)).toMatchObject({ state: 'done', added: 3 })
  guests(60)
  const started = await it.post<{ runId: string }>('/sources/gaester/runs', {})
  expect(await ended(started.body.runId)).toMatchObject({ state: 'held', held: 57 })
  const without = { declaration: csv({ guards: { add: false } }), version: made.body.version }
  expect((await it.send('PUT', '/sources/gaester', without)).body.code).toBe('second-person-needed')
  // Anything else may change.
  const named = csv({ name: 'Gæster', guards: { add: { percent: 0, floor: 10 } } })
  const renamed = await it.send<{ version: number }>('PUT', '/sources/gaester', {
    declaration: named,
    version: made.body.version,
  })
  expect(renamed.status, renamed.text).toBe(200)
  const admin = await signInAdministrator(town)
  const other = await admin.send('PUT', '/sources/gaester', { ...without, version: renamed.body.version })
  expect(other.status, other.text).toBe(200)
})

describe('somebody who may declare sources, and wants more', () => {
  const refused = async (declaration: Record<string, unknown>, where: string) => {
    for (const path of ['/sources', '/sources-test', '/sources-sample', '/sources-preview']) {
      const answer = await it.post(path, { declaration })
      expect(answer.status, `${path} ${answer.text}`).toBe(422)
      expect(
        errorsOf(answer).map(one => one.where),
        path,
      ).toContain(where)
    }
  }

  test.each([
    ['the address of our own database', { password: { env: 'DATABASE_URL' } }, '/password/env'],
    ['our own settings', { password: { env: 'HJEMMEL_KEY_FILE' } }, '/password/env'],
    ['a file of the machine as password', { password: { file: '/etc/shadow' } }, '/password/file'],
    ['a file outside the folder', { password: { file: '../../etc/shadow' } }, '/password/file'],
    ['a certificate outside the folder', { caFile: '../drops/x' }, '/caFile'],
    ['a name and password in the address', { url: 'ldaps://a:b@dc1.test' }, '/url'],
    ['another protocol', { url: 'http://169.254.169.254/latest' }, '/url'],
    ['a password in clear', { password: 'hemmeligt' }, '/password'],
  ])('%s', async (_, more, where) => {
    await refused(school({ key: 'ond', ...more }), where)
  })

  test.each([['/etc/passwd'], ['../secrets/ca.pem'], ['x/../../secrets/ca.pem'], ['..\\secrets\\ca.pem']])(
    'the file %s',
    async path => {
      const files = [{ path, record: 'account', key: 'Nr', map: { username: 'Navn' } }]
      await refused(csv({ key: 'ond', files }), '/files/0/path')
    },
  )

  test('a link in the folder that leads elsewhere is not followed', async () => {
    symlinkSync('/etc', join(drops, 'etc'))
    for (const path of ['passwd', 'etc/passwd']) {
      const files = [{ path, record: 'account', key: 'Nr', map: { username: 'Navn' } }]
      const sample = await it.post('/sources-sample', { declaration: csv({ key: 'ond', files }) })
      expect(sample.status, path).toBe(422)
      expect(sample.text).not.toContain('root:')
    }
  })

  test('hosts that are not named', async () => {
    for (const url of ['ldaps://169.254.169.254', 'ldaps://[::1]', 'ldaps://db.intern.test']) {
      const answer = await it.post('/sources-test', {
        declaration: school({ key: 'ond', url, password: { env: 'HJEMMEL_SECRET_NY' } }),
      })
      expect(answer.status, `${url} ${answer.text}`).toBe(422)
      expect(answer.text).toContain('HJEMMEL_SOURCE_HOSTS')
    }
  })

  test('a password that would go to another server, another name, or without TLS must be confirmed', async () => {
    for (const more of [
      { url: slapd.url, startTls: true },
      { bindDn: `cn=x,${base}` },
      { url: slapd.url, allowPlain: true },
    ]) {
      for (const path of ['/sources-test', '/sources-sample', '/sources-preview', '/sources']) {
        const answer = await it.post(path, { declaration: school({ key: 'ond', ...more }) })
        expect(answer.body.code, `${path} ${answer.text}`).toBe('secret-unconfirmed')
      }
      const { version } = await detail('skole-ldap')
      const answer = await it.send('PUT', '/sources/skole-ldap', { declaration: school(more), version })
      expect(answer.body.code).toBe('secret-unconfirmed')
    }
    const tested = await it.post('/sources-test', {
      declaration: school({ key: 'ond', url: slapd.url, startTls: true }),
      confirmSecret: true,
    })
    expect(tested.status, tested.text).toBe(200)
  })

  test('texts that would keep us busy: nested without end, referring to themselves, secrets and paths in an import', async () => {
    const deep = `${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`
    const answer = await it.send('POST', '/sources-validate', `{"declaration":${deep}}`, {
      'content-type': 'application/json',
    })
    expect(answer.status, answer.text.slice(0, 200)).toBe(400)
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
    for (const [one, before] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf'])
      bomb.push(`${one}: &${one} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`)
    for (const yaml of [
      [...bomb, 'sources: *g'].join('\n'),
      `sources: ${'['.repeat(50_000)}`,
      'sources: 3',
      '- a: [',
      '',
    ]) {
      const refused = await it.post('/sources-import-preview', { yaml })
      expect(refused.status, refused.text.slice(0, 200)).toBe(422)
    }
    const yaml = `sources:\n  - { key: ond, kind: csv, files: [{ path: /etc/passwd, record: account, key: Nr, map: { username: N } }] }\n`
    const refused = await it.post('/sources-import-preview', { yaml })
    expect(errorsOf(refused)[0]?.where).toBe('/sources/0/files/0/path')
  })

  test('the name of what people enter by hand', async () => {
    await refused(csv({ key: 'manual' }), '/key')
  })
})
