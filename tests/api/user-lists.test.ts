import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import type { UserList, UserListRun, UserListUpload } from '../../server/contract/user-lists.ts'
import { demoTown } from '../support/demo-town.ts'
import { signIn, type Visitor } from '../support/visitors.ts'

const town = demoTown()
type Place = { id: string; key: string; name: string }
let owner: Visitor
let it: Visitor
/** A system of the owner that nothing is read of yet, with two rights, and one of somebody else. */
let own: Place & { rights: { id: string; name: string }[] }
let other: Place
/** Somebody with an employee number and a place to work. */
let employee: { personId: string; number: string; name: string }

beforeAll(async () => {
  owner = await signIn(town, 'systemowner')
  it = await signIn(town, 'it')
  const { rows } = (await owner.get<{ rows: Place[] }>('/systems?own=true&limit=200')).body
  const [system] = (await town.house.db.source.query(
    `select s.id, s.key, s.name from it_system s where s.id = any($1) and s.reading = 'none'
       and (select count(*) from entitlement e where e.system_id = s.id and e.gone_at is null) >= 2
       and not exists (select from entitlement e join group_entitlement g on g.entitlement_id = e.id where e.system_id = s.id)
     order by s.key limit 1`,
    [rows.map(row => row.id)],
  )) as Place[]
  const chosen = system ?? rows[0]!
  const rights = (await town.house.db.source.query(
    'select id, name from entitlement where system_id = $1 and gone_at is null order by key',
    [chosen.id],
  )) as { id: string; name: string }[]
  own = { ...chosen, rights }
  const all = (await it.get<{ rows: Place[] }>('/systems?limit=200')).body.rows
  other = all.find(row => !rows.some(mine => mine.id === row.id))!
  const [job] = (await town.house.db.source.query(
    `select ac.person_id as "personId", ac.employee_no as number, p.name from affiliation_current ac
     join person_current p on p.person_id = ac.person_id
     where ac.status = 'active' and ac.kind = 'employment' and ac.employee_no is not null and not p.protected
     order by ac.employee_no limit 1`,
  )) as { personId: string; number: string; name: string }[]
  employee = job!
})

const at = (system: Place, rest = '') => `/systems/${system.id}/user-list${rest}`
const send = (who: Visitor, system: Place, name: string, file: Uint8Array) =>
  who.send<UserListUpload>('POST', at(system, `/uploads?name=${encodeURIComponent(name)}`), file, {
    'content-type': 'application/octet-stream',
  })
async function ended(who: Visitor, system: Place, runId: string): Promise<UserListRun> {
  for (;;) {
    const { status, body } = await who.get<UserListRun>(at(system, `/runs/${runId}`))
    expect(status).toBe(200)
    if (body.state !== 'running') return body
    await new Promise(go => setTimeout(go, 50))
  }
}
const text = (value: string) => ({ value, type: String })
const sheet = async (rows: string[][]): Promise<Uint8Array> =>
  writeXlsxFile(rows.map(row => row.map(text)) as never).toBuffer()

test('the demonstration reads the lists of two systems as sources, and finds in them what was planted', async () => {
  const { userLists } = town.manifest.planted
  expect(userLists).toHaveLength(2)
  for (const { system, source, missing, extra, wider } of userLists) {
    const [read] = await town.house.db.source.query(
      `select s.kind, s.complete_at is not null as complete, y.reading,
         (select count(*)::int from account where source = s.key and person_id is null) as nobodys
       from source s, it_system y where s.key = $1 and y.key = $2`,
      [source, system],
    )
    expect(read).toEqual({ kind: 'list', complete: true, reading: 'list', nobodys: 0 })
    const of = async (sql: string) =>
      (
        await town.house.db.source.query(
          `select a.username || ' ' || e.name as said from (${sql}) d join entitlement e on e.id = d.entitlement_id
           join it_system y on y.id = e.system_id and y.key = $1
           join account a on a.person_id = d.person_id and a.source = 'ad' and a.kind = 'personal' order by 1`,
          [system],
        )
      ).map((row: { said: string }) => row.said)
    const state = (name: string) => of(`select person_id, entitlement_id from right_deviation where state = '${name}'`)
    expect(await state('missing')).toEqual([...missing].sort())
    expect(await state('unexplained')).toEqual([...extra].sort())
    expect(
      await of(
        `select person_id, object_id as entitlement_id from finding where code = 'outside-limit' and closed_at is null`,
      ),
    ).toEqual(wider)
    expect([missing.length, extra.length, wider.length]).toEqual([3, 2, 1])
  }
})

describe('a system owner sends a list in', () => {
  test('sees its first rows and proposed columns, tries it, lets it in, and the right stands on the person', async () => {
    const [right] = own.rights
    const file = await sheet([
      ['Brugernavn', 'Rolle', 'Medarbejdernr.', 'Navn'],
      ['PRØVE1', right!.name, employee.number, employee.name],
      ['prøve2', right!.name, '', 'Ukendt Bruger'],
      ['prøve2', 'Rolle som ingen kender', '', 'Ukendt Bruger'],
    ])
    const upload = await send(owner, own, 'Brugere.xlsx', file)
    expect(upload.status, upload.text).toBe(200)
    expect(upload.body).toMatchObject({
      sheet: true,
      remembered: false,
      missing: [],
      headings: ['Brugernavn', 'Rolle', 'Medarbejdernr.', 'Navn'],
      columns: { account: 'Brugernavn', right: 'Rolle', employeeNo: 'Medarbejdernr.', displayName: 'Navn' },
    })
    expect(upload.body.rows).toHaveLength(3)
    const reading = { columns: upload.body.columns, everyDays: 30 }

    const tried = await owner.post<{ runId: string }>(at(own, `/uploads/${upload.body.uploadId}/try`), reading)
    expect(tried.status, tried.text).toBe(200)
    const dry = await ended(owner, own, tried.body.runId)
    expect(dry).toMatchObject({ state: 'done', dryRun: true, rejected: 0, changesTotal: 3 })
    expect(dry.unknown).toEqual([{ name: 'Rolle som ingen kender', accounts: 1 }])
    expect((await owner.get<UserList>(at(own))).body).toMatchObject({ source: null, counts: { accounts: 0 } })

    const taken = await owner.post<{ runId: string }>(at(own, `/uploads/${upload.body.uploadId}/take`), reading)
    expect(taken.status, taken.text).toBe(200)
    const run = await ended(owner, own, taken.body.runId)
    expect(run).toMatchObject({ state: 'done', dryRun: false, error: null })

    const list = (await owner.get<UserList>(at(own))).body
    expect(list).toMatchObject({
      counts: { accounts: 2, unlinked: 1, rights: 2, waiting: 1 },
      reading: { everyDays: 30 },
      stale: false,
      may: { change: true },
    })
    expect(list.names[0]).toMatchObject({ name: 'Rolle som ingen kender', entitlement: null, ignored: false })

    const person = await it.get<{ systems: { system: { id: string; readAt: string | null }; rights: unknown[] }[] }>(
      `/people/${employee.personId}`,
    )
    expect(person.status, person.text).toBe(200)
    const held = person.body.systems.find(one => one.system.id === own.id)
    expect(held?.rights).toContainEqual(expect.objectContaining({ entitlementId: right!.id, observed: true }))
    expect(held?.system.readAt).not.toBeNull()

    // It was let in: nobody can let it in twice, and it is archived with its run.
    const again = await owner.post(at(own, `/uploads/${upload.body.uploadId}/take`), reading)
    expect(again.status).toBe(404)
    const folder = join(town.dataDir, 'drops')
    const archived = readdirSync(folder, { recursive: true }).map(String)
    expect(archived.some(path => path.includes('arkiv') && path.endsWith('Brugere.xlsx'))).toBe(true)
  })

  test('a name that nobody knew gets a meaning, and everybody who has it has the right at once', async () => {
    const [, second] = own.rights
    const answer = await owner.send<{ changed: number }>('PUT', at(own, '/names'), {
      name: 'Rolle som ingen kender',
      entitlementId: second!.id,
    })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body.changed).toBe(1)
    expect((await owner.get<UserList>(at(own))).body.counts).toMatchObject({ rights: 3, waiting: 0 })
    const undone = await owner.send<{ changed: number }>('PUT', at(own, '/names'), {
      name: 'Rolle som ingen kender',
      entitlementId: null,
    })
    expect(undone.body.changed).toBe(1)
    expect((await owner.get<UserList>(at(own))).body.counts).toMatchObject({ rights: 2, waiting: 0 })
  })

  test('the next file with the same columns is one step: they are remembered', async () => {
    const csv = `Rolle;Navn;brugernavn;Medarbejdernr.\r\n${own.rights[0]!.name};A;prøve1;\r\n`
    const upload = await send(owner, own, '../../liste.csv', Buffer.from(csv, 'latin1'))
    expect(upload.body).toMatchObject({ sheet: false, remembered: true, missing: [] })
    expect(upload.body.columns).toMatchObject({ account: 'brugernavn' })
  })
})

describe('what is not to be', () => {
  test('nobody keeps the list of a system that is not theirs', async () => {
    const file = Buffer.from('Bruger;Rolle\r\na;b\r\n')
    expect((await send(owner, other, 'a.csv', file)).status).toBe(403)
    const hr = await signIn(town, 'hr')
    expect((await send(hr, own, 'a.csv', file)).status).toBe(403)
    expect((await send(it, other, 'a.csv', file)).status).toBe(200)
  })

  test.each([
    ['a file that is empty', Buffer.from(''), 502],
    ['a spreadsheet that unfolds to something huge', 'bomb', 422],
    ['an archive that is no spreadsheet', Buffer.from('PK\u0003\u0004nothing of the kind'), 422],
    ['an old Excel file', Buffer.from('d0cf11e0a1b11ae1'.padEnd(64, '0'), 'hex'), 422],
    ['more than may be sent', Buffer.alloc(20 * 1024 * 1024 + 1, 0x61), 413],
  ])('%s is refused with what to do', async (_, file, status) => {
    const answer = await send(owner, own, 'liste.xlsx', file === 'bomb' ? await bomb() : (file as Buffer))
    expect(answer.status, answer.text).toBe(status)
    expect(answer.body.detail).toMatch(/[Ss]ave|Have the list|Put it into/)
  })

  test('a body of another kind is not taken for a file, nor a file for a body', async () => {
    const path = at(own, '/uploads?name=a.csv')
    expect((await owner.send('POST', path, 'a;b', { 'content-type': 'text/plain' })).status).toBe(415)
    const put = await owner.send('PUT', at(own), 'a;b', { 'content-type': 'application/octet-stream' })
    expect(put.status).toBe(415)
  })
})

/** A sheet of 200 MB of blanks, packed to next to nothing, that says of itself that it is small. */
async function bomb(): Promise<Buffer> {
  const { deflateRawSync } = await import('node:zlib')
  const honest = Buffer.from(await sheet([['Bruger', 'Rolle']]))
  const name = 'xl/worksheets/sheet1.xml'
  const packed = deflateRawSync(Buffer.alloc(200 * 1024 * 1024, 0x20))
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(100, 22)
  local.writeUInt16LE(name.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(packed.length, 20)
  entry.writeUInt32LE(100, 24)
  entry.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(46 + name.length, 12)
  end.writeUInt32LE(30 + name.length + packed.length, 16)
  expect(honest.length).toBeGreaterThan(0)
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end])
}
