import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { dropDatabase, withClient } from '../server/platform/postgres/admin.ts'
import { cloneTown } from './support/demo-town.ts'
import { cli, emptyFolder, endProcesses, removeFolder } from './support/hjemmel-process.ts'

/* The administrator's command line as scripts see it: exit codes, one JSON object, and what it did to the data. */
const folder = emptyFolder()
let environment: Record<string, string>
let databaseUrl: string
let name: string
const dataDir = join(folder, 'data')

beforeAll(async () => {
  const town = await cloneTown(dataDir)
  databaseUrl = town.databaseUrl
  name = town.name
  environment = {
    DATABASE_URL: databaseUrl,
    HJEMMEL_DATA_DIR: dataDir,
    HJEMMEL_SOURCES: join(dataDir, 'demo/kilder.yaml'),
  }
}, 300_000)
afterAll(async () => {
  await endProcesses()
  await dropDatabase(inject('postgres').adminUrl, name)
  removeFolder(folder)
})

const run = (...args: string[]) => cli(args, environment)
const sql = <T>(text: string, params: unknown[] = []): Promise<T[]> =>
  withClient(databaseUrl, async client => (await client.query(text, params)).rows as T[])
/** Of everything that a run could change. */
const fingerprint = () =>
  sql(`select (select count(*)::int from person_state) as states, (select count(*)::int from source_record) as records, (select count(*)::int from assignment) as assignments,
    (select count(*)::int from observed_right) as observed, (select md5(string_agg(person_id::text || name, '' order by person_id)) from person_current) as people,
    (select max(complete_at) from source) as complete`)

describe('exit codes', () => {
  test('2 for wrong usage: no such command, a missing argument, an option that there is not, a file that is not there', async () => {
    for (const args of [
      ['fly'],
      ['directory', 'sync'],
      ['directory', 'sync', 'hr', '--quickly'],
      ['rules', 'preview', '/no/such/file.yaml'],
      [],
    ]) {
      const { exit, err, out } = await run(...args)
      expect(exit, args.join(' ')).toBe(2)
      expect(`${err}${out}`, args.join(' ')).not.toMatch(/\bat .*\.ts:\d+/)
    }
  })
  test('0 for help', async () => {
    const { exit, out } = await run('--help')
    expect(exit).toBe(0)
    for (const command of ['directory', 'rules', 'person', 'audit', 'doctor']) expect(out).toContain(command)
  })
  test('2 for a source that is not declared, with the same in JSON and in words; 1 for a person whom nobody knows', async () => {
    const inJson = await run('directory', 'sync', 'no-such-source', '--json')
    expect(inJson.exit).toBe(2)
    expect(inJson.json).toMatchObject({
      error: { code: expect.any(String), detail: expect.stringContaining('no-such-source') },
    })
    const inWords = await run('directory', 'sync', 'no-such-source')
    expect(inWords.exit).toBe(2)
    expect(inWords.err).toContain('no-such-source')
    expect(inWords.out).toBe('')
    expect((await run('person', 'show', 'nobody-here', '--json')).exit).toBe(1)
  })
})

describe('directory', () => {
  test('test reads nothing in and says step by step', async () => {
    const before = await fingerprint()
    const { exit, json } = await run('directory', 'test', 'ad', '--json')
    expect(exit).toBe(0)
    expect(json).toMatchObject({ source: 'ad', ok: true })
    expect(await fingerprint()).toEqual(before)
  })
  test('list says how each source is read, and sample shows ten entries without CPR numbers; neither reads anything in', async () => {
    const before = await fingerprint()
    const list = await run('directory', 'list', '--json')
    expect(list.exit, list.err + list.out).toBe(0)
    expect(list.json.sources).toContainEqual(
      expect.objectContaining({ key: 'hr', kind: 'csv', owner: 'file', declared: true, health: 'good' }),
    )
    expect((await run('directory', 'list')).out).toMatch(/^ad +ldif +file/m)
    const sample = await run('directory', 'sample', 'hr', '--json')
    expect(sample.exit, sample.err).toBe(0)
    expect(sample.json).toMatchObject({ source: 'hr' })
    expect(sample.json.entries).toHaveLength(10)
    expect(sample.out).not.toMatch(/\b\d{6}-?\d{4}\b/)
    expect((await run('directory', 'sample', 'no-such-source')).exit).toBe(2)
    expect(await fingerprint()).toEqual(before)
  })
  test('sync of what has not changed changes nothing, and prints what the issue names', async () => {
    const { exit, json, out, err } = await run('directory', 'sync', 'hr', '--json')
    expect(exit, out + err).toBe(0)
    for (const field of [
      'source',
      'read',
      'added',
      'changed',
      'unchanged',
      'gone',
      'rejected',
      'heldBack',
      'applied',
      'runId',
    ])
      expect(json, field).toHaveProperty(field)
    expect(json).toMatchObject({ source: 'hr', added: 0, changed: 0, gone: 0, heldBack: [], applied: 0 })
    expect(json.read).toBe(json.unchanged)
    expect(json.read).toBeGreaterThan(6000)
    expect(out.split('\n')).toHaveLength(1)
  })
  test('--dry-run plans a change and makes none; the same without it makes it', async () => {
    const file = join(dataDir, 'demo/hr/enheder.csv')
    const text = readFileSync(file, 'utf8')
    const [header, ...lines] = text.split('\n')
    const column = header!.replace('\ufeff', '').split(';').indexOf('Navn')
    const changed = lines.map((line, place) => {
      if (place !== 5) return line
      const cells = line.split(';')
      cells[column] = 'Prøveafdelingen'
      return cells.join(';')
    })
    writeFileSync(file, [header, ...changed].join('\n'))
    const before = await fingerprint()
    const dry = await run('directory', 'sync', 'hr', '--dry-run', '--json')
    expect(dry.exit, dry.out + dry.err).toBe(0)
    expect(dry.json).toMatchObject({ changed: 1, applied: 0, dryRun: true })
    expect(await fingerprint()).toEqual(before)
    expect(await sql(`select from org_unit_current where name = 'Prøveafdelingen'`)).toHaveLength(0)

    const wet = await run('directory', 'sync', 'hr', '--json')
    expect(wet.exit).toBe(0)
    expect(wet.json).toMatchObject({ changed: 1, applied: 1 })
    expect(await sql(`select from org_unit_current where name = 'Prøveafdelingen'`)).toHaveLength(1)
    const [entry] = await sql<{ actor_kind: string; actor_function: string }>(
      `select actor_kind, actor_function from audit_entry where subject_kind = 'source' order by id desc limit 1`,
    )
    expect(entry).toEqual({ actor_kind: 'cli', actor_function: 'directory sync' })
  })
  test('3 when a guard holds it back: an empty file, and one that has lost more than it may', async () => {
    const file = join(dataDir, 'demo/hr/personer.csv')
    const text = readFileSync(file, 'utf8')
    const lines = text.trimEnd().split('\n')
    const before = await fingerprint()
    for (const left of [1, Math.floor(lines.length * 0.9)]) {
      writeFileSync(file, `${lines.slice(0, left).join('\n')}\n`)
      const held = await run('directory', 'sync', 'hr', '--json')
      expect(held.exit, held.out + held.err).toBe(3)
      expect((held.json.heldBack as unknown[]).length).toBeGreaterThan(0)
      expect(held.json.applied).toBe(0)
      const inWords = await run('directory', 'sync', 'hr')
      expect(inWords.exit).toBe(3)
      expect(inWords.out).toMatch(/held back by/)
    }
    writeFileSync(file, text)
    expect(await fingerprint()).toEqual(before)
  })
  test('1 when the source cannot be read to its end', async () => {
    const file = join(dataDir, 'demo/ad/ad.ldif')
    const ldif = existsSync(file)
      ? file
      : join(dataDir, 'demo', readFileSync(join(dataDir, 'demo/kilder.yaml'), 'utf8').match(/[\w/]+\.ldif/)![0])
    const text = readFileSync(ldif)
    writeFileSync(ldif, Buffer.concat([text.subarray(0, text.length / 2), Buffer.from('\nthis is no LDIF')]))
    const broken = await run('directory', 'sync', 'ad', '--json')
    expect([1, 3], broken.out + broken.err).toContain(broken.exit)
    expect(broken.json.applied ?? 0).toBe(0)
    writeFileSync(ldif, text)
  })
})

describe('person show', () => {
  test('by user name and by id: affiliations, accounts, rights with both sides and why', async () => {
    const manifest = JSON.parse(readFileSync(join(dataDir, 'demo/manifest.json'), 'utf8'))
    const { username } = manifest.signIns.find((one: { role: string }) => one.role === 'employee')
    const { exit, json, out, err } = await run('person', 'show', username, '--json')
    expect(exit, out + err).toBe(0)
    const page = json as {
      person: { id: string }
      affiliations: unknown[]
      accounts: unknown[]
      rights: {
        system: string
        entitlement: string
        expected: boolean
        observed: boolean
        because: { rule: string }[]
      }[]
    }
    expect(page.affiliations.length).toBeGreaterThanOrEqual(2)
    expect(page.accounts.length).toBeGreaterThanOrEqual(1)
    expect(page.rights.length).toBeGreaterThan(3)
    for (const right of page.rights) {
      expect(right).toMatchObject({
        system: expect.any(String),
        entitlement: expect.stringContaining('/'),
        because: expect.any(Array),
      })
      // Every right that should be has its reason.
      expect(right.because.length > 0).toBe(right.expected)
    }
    expect((await run('person', 'show', page.person.id, '--json')).json).toEqual(json)
    const inWords = await run('person', 'show', username)
    expect(inWords.out).toMatch(/expected, \d+ observed/)
    // Looking at a person leaves its trace here as well.
    const [entry] = await sql<{ actor_kind: string }>(
      `select actor_kind from audit_entry where action = 'person.viewed' and person_id = $1 order by id desc limit 1`,
      [page.person.id],
    )
    expect(entry).toEqual({ actor_kind: 'cli' })
    expect(out).not.toMatch(/"\d{6}-?\d{4}"/)
  })
})

describe('rules', () => {
  test('what is exported, previewed again, changes nothing', async () => {
    const { exit, out } = await run('rules', 'export')
    expect(exit).toBe(0)
    const file = join(folder, 'all.yaml')
    writeFileSync(file, out)
    const preview = await run('rules', 'preview', file, '--json')
    expect(preview.exit, preview.out + preview.err).toBe(0)
    expect(preview.json).toMatchObject({ gains: 0, losses: 0, people: 0, rules: { added: 0, changed: 0, removed: 0 } })
  })
  test('a mistake is 1, named with its line, and nothing is changed', async () => {
    const file = join(folder, 'wrong.yaml')
    writeFileSync(file, 'rules:\n  - key: x\n    name: X\n    when:\n      color: red\n')
    const before = await sql('select count(*)::int as n from rights_rule')
    const preview = await run('rules', 'preview', file, '--json')
    expect(preview.exit).toBe(1)
    expect(preview.json).toMatchObject({ error: { code: 'rules-invalid' } })
    const inWords = await run('rules', 'import', file)
    expect(inWords.exit).toBe(1)
    expect(inWords.err).toMatch(/:\d+|line \d+/)
    expect(await sql('select count(*)::int as n from rights_rule')).toEqual(before)
  })
})

describe('doctor', () => {
  test('0 when all is well, check by check', async () => {
    const { exit, json, out, err } = await run('doctor', '--json')
    expect(exit, out + err).toBe(0)
    const { checks } = json as { checks: { check: string; ok: boolean }[] }
    expect(checks.map(one => one.check)).toEqual(
      expect.arrayContaining(['installation', 'database', 'schema', 'key', 'source hr', 'source ad', 'jobs']),
    )
    expect(checks.every(one => one.ok)).toBe(true)
  })
  test('1 with what is wrong: a source that is gone, a setting, a database', async () => {
    const sources = join(dataDir, 'demo/broken.yaml')
    const yaml = readFileSync(join(dataDir, 'demo/kilder.yaml'), 'utf8').replace('hr/personer.csv', 'hr/forsvundet.csv')
    writeFileSync(sources, yaml)
    const source = await cli(['doctor', '--json'], { ...environment, HJEMMEL_SOURCES: sources })
    expect(source.exit, source.out + source.err).toBe(1)
    const checks = (source.json as { checks: { check: string; ok: boolean; detail: string }[] }).checks
    expect(checks.filter(one => !one.ok).map(one => one.check)).toEqual(['source hr'])
    expect(checks.find(one => !one.ok)!.detail).toContain('forsvundet.csv')
    const setting = await cli(['doctor', '--json'], { ...environment, PORT: 'many' })
    expect(setting.exit).toBe(1)
    expect(setting.out).toContain('PORT')
    const database = await cli(['doctor'], { ...environment, DATABASE_URL: 'postgresql://x@127.0.0.1:9/x' })
    expect(database.exit).toBe(1)
    expect(database.out).toMatch(/✗ installation .*127\.0\.0\.1:9/)
  })
  test('a database that is behind is said, and not brought up to date by a command', async () => {
    await sql(`delete from migration where name like 'Auth%'`)
    const { exit, out } = await run('doctor')
    expect(exit).toBe(1)
    expect(out).toMatch(/not up to date/)
    await sql(`insert into migration (timestamp, name) values (1763700000006, 'Auth1763700000006')`)
    expect((await run('doctor')).exit).toBe(0)
  })
})

describe('audit verify', () => {
  test('0 for a whole log; 1 for one that was tampered with, and it names the link', async () => {
    // The sealing job's work, by the same function that the worker runs.
    const { openHouse } = await import('./support/house.ts')
    const { sealAudit } = await import('../server/audit/seal-audit.ts')
    const house = await openHouse(databaseUrl, dataDir)
    await sealAudit(house.db, house.keyring)
    await house.db.close()
    const whole = await run('audit', 'verify', '--json')
    expect(whole.exit, whole.out + whole.err).toBe(0)
    expect(whole.json).toMatchObject({ ok: true, unsealed: 0, firstBroken: null })
    expect(whole.json.checked).toBeGreaterThan(5)

    // What somebody with the keys of the database could do: the triggers only stop the application.
    const [{ seq, id }] = (await sql<{ seq: number; id: string }>(
      `select seq::int, entry_id::text as id from audit_seal order by seq offset 3 limit 1`,
    )) as [{ seq: number; id: string }]
    await sql('alter table audit_entry disable trigger all')
    await sql(`update audit_entry set actor_function = 'somebody else' where id = $1`, [id])
    await sql('alter table audit_entry enable trigger all')
    const broken = await run('audit', 'verify', '--json')
    expect(broken.exit).toBe(1)
    expect(broken.json).toMatchObject({ ok: false, checked: seq - 1, firstBroken: { seq, entryId: Number(id) } })
    const inWords = await run('audit', 'verify')
    expect(inWords.exit).toBe(1)
    expect(inWords.out).toContain(`BROKEN at link ${seq}`)
  })
})
