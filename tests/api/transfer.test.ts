import { beforeAll, describe, expect, test } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import type { exportSystems } from '../../server/contract/catalogue-export.ts'
import type { ResponseOf } from '../../server/contract/endpoint.ts'
import type { Sheet } from '../../server/contract/sheet.ts'
import type { ImportPlan, ImportSettings, ImportUpload, undoSystems } from '../../server/contract/transfer.ts'
import { importSettings } from '../../server/contract/transfer.ts'
import { importPlanView } from '../../server/overview/catalogue/import-view.ts'
import { newId } from '../../server/platform/ids.ts'
import { readWorkbook } from '../../server/platform/read-sheet.ts'
import { planOf } from '../../server/systems/transfer/transfer-service.ts'
import { counted } from '../support/counted.ts'
import { demoTown } from '../support/demo-town.ts'
import { signIn, signInAdministrator, type Visitor } from '../support/visitors.ts'

const town = demoTown()
let it: Visitor
let owner: Visitor
type Job = { affiliation: string; personId: string; number: string; name: string; email: string | null }
/** Two people with a number each, one whose employment has ended, and one whose name is protected. */
let first: Job
let second: Job
const sql = async <T>(text: string, params: unknown[] = []): Promise<T[]> =>
  (await town.house.db.source.query(text, params)) as T[]

beforeAll(async () => {
  it = await signIn(town, 'it')
  owner = await signIn(town, 'systemowner')
  const jobs = await sql<Job>(
    `select ac.affiliation_id as affiliation, ac.person_id as "personId", ac.employee_no as number, p.name, p.email
     from affiliation_current ac join person_current p on p.person_id = ac.person_id and p.primary_affiliation_id = ac.affiliation_id
     where ac.status = 'active' and ac.kind = 'employment' and not p.protected and ac.employee_no ~ '[0-9]'
       and (select count(*) from person_current o where o.name = p.name) = 1
       and (select count(*) from affiliation_current o where o.employee_no = ac.employee_no) = 1 order by ac.employee_no limit 2`,
  )
  first = jobs[0]!
  second = jobs[1]!
})

type Exported = ResponseOf<typeof exportSystems>
const take = async (who: Visitor, body: object) => {
  const answer = await who.post<Exported>('/catalogue/export', body)
  expect(answer.status, answer.text).toBe(200)
  return Buffer.from(answer.body.content, 'base64')
}
const send = (who: Visitor, name: string, file: Uint8Array) =>
  who.send<ImportUpload>('POST', `/catalogue/imports?name=${encodeURIComponent(name)}`, file, {
    'content-type': 'application/octet-stream',
  })
const settingsOf = (upload: ImportUpload, more: Partial<ImportSettings> = {}) => ({
  columns: upload.columns,
  empty: upload.own ? 'clear' : 'keep',
  ...more,
})
async function look(file: Uint8Array, more: Partial<ImportSettings> = {}, name = 'Systemer.xlsx') {
  const upload = await send(it, name, file)
  expect(upload.status, upload.text).toBe(200)
  const settings = settingsOf(upload.body, more)
  const plan = await it.post<ImportPlan>(`/catalogue/imports/${upload.body.importId}/plan`, settings)
  expect(plan.status, plan.text).toBe(200)
  return { upload: upload.body, settings, plan: plan.body }
}
const apply = (seen: Awaited<ReturnType<typeof look>>, more: object = {}) =>
  it.post<{ created: number; changed: number; left: number }>(`/catalogue/imports/${seen.upload.importId}/apply`, {
    ...seen.settings,
    hash: seen.plan.hash,
    ...more,
  })
const sheet = async (rows: string[][]): Promise<Uint8Array> =>
  writeXlsxFile(rows.map(row => row.map(value => ({ value, type: String }))) as never).toBuffer()
const csv = (rows: string[][]) => rows.map(row => row.join(';')).join('\r\n')
const sheetOf = async (key: string) =>
  (
    await sql<{ sheet: Sheet; version: number; gone: boolean; owner: string | null }>(
      'select sheet, version, gone_at is not null as gone, owner_affiliation_id as owner from it_system where key = $1',
      [key],
    )
  )[0]!
const lastAudit = async () => {
  const [entry] = await sql<{ action: string; body: string }>(
    'select e.action, p.body from audit_entry e join audit_payload p on p.entry_id = e.id order by e.id desc limit 1',
  )
  return { action: entry!.action, ...(JSON.parse(entry!.body) as { detail: Record<string, unknown> }) }
}

describe('the whole catalogue', () => {
  test('out and in again changes nothing, as a workbook and as CSV, whoever took it out', async () => {
    for (const who of [it, owner])
      for (const format of ['xlsx', 'csv'] as const)
        for (const language of ['da', 'en'] as const) {
          const file = await take(who, { what: 'systems', format, language })
          const { upload, plan } = await look(file)
          expect(upload).toMatchObject({
            kind: 'table',
            own: true,
            leftSheets: format === 'csv' ? [] : [expect.any(String)],
          })
          expect(plan.rows).toEqual([])
          expect(plan.people).toEqual([])
          expect(plan.counts).toMatchObject({ new: 0, changed: 0, bad: 0, skipped: 0 })
          expect(plan.counts.unchanged).toBe(upload.tables.find(one => one.part === 'systems')?.rows)
        }
  })

  test('an owner takes out the own systems only, numbers are for who may see employments, and the taking is on record', async () => {
    const [all, own] = await Promise.all(
      [it, owner].map(
        async who => (await readWorkbook(await take(who, { what: 'systems', format: 'xlsx' }), 'x'))[0]!.rows,
      ),
    )
    const { body } = await owner.get<{ total: number }>('/systems?own=true&limit=1')
    expect(own!.length - 1).toBe(body.total)
    expect(all!.length).toBeGreaterThan(own!.length)
    const text = (rows: { cells: string[] }[]) => rows.flatMap(row => row.cells).join('\n')
    expect(text(all!)).toMatch(/ \[\S+\]/)
    const owners = (rows: typeof own) => rows!.slice(1).map(row => row.cells[13] ?? '')
    expect(owners(own).some(cell => cell !== '')).toBe(true)
    // The own number is one's own; nobody else's is in it.
    const numbered = new Set(own!.flatMap(row => row.cells.slice(13, 16)).filter(cell => /\[/.test(cell)))
    expect([...numbered]).toEqual(owners(own).includes([...numbered][0] ?? '') ? [...numbered].slice(0, 1) : [])
    expect(await lastAudit()).toMatchObject({ action: 'system.exported', detail: { what: 'systems', format: 'xlsx' } })
    expect(
      (await (await signIn(town, 'employee')).post('/catalogue/export', { what: 'systems', format: 'csv' })).status,
    ).toBe(403)
  })

  test('as filtered; and the columns of KITOS for GDPR', async () => {
    const { body } = await it.get<{ total: number }>('/systems?status=phasing-out&limit=1')
    const rows = (
      await readWorkbook(await take(it, { what: 'systems', format: 'xlsx', filter: { status: 'phasing-out' } }), 'x')
    )[0]!.rows
    expect(rows.length - 1).toBe(body.total)
    const gdpr = (await take(it, { what: 'gdpr', format: 'csv' })).toString('utf8').split('\r\n')
    expect(gdpr[0]).toContain('Databehandleraftale indgået')
    expect(gdpr[0]).toContain('CPR-nummer')
    expect(gdpr.length - 2).toBe((await it.get<{ total: number }>('/systems?limit=1')).body.total)
  })
})

describe('a list of somebody', () => {
  test('is read by its headings, in Windows-1252 with semicolons; each bad row is named, and none is taken in part', async () => {
    const [known] = await sql<{ key: string; name: string }>(
      'select key, name from it_system where gone_at is null order by key limit 1',
    )
    const rows = [
      ['Systemnavn', 'Systemejer', 'Livscyklus', 'Kritikalitet', 'Næste risikovurdering', 'Leverandør'],
      ['Prøvesystem Æble', first.number, 'i drift', 'Høj', '24-12-2026', 'Firma A/S'],
      ['Prøvesystem Øl', '99999999', 'I brug', 'Lav', '', ''],
      ['Prøvesystem Å', '', 'I brgu', 'Lav', 'i morgen', ''],
      [known!.name, '', '', '', '', 'Helt ny leverandør'],
      ['Prøvesystem Æble', '', '', '', '', ''],
    ]
    const latin = Buffer.from(csv(rows.slice(0, 5)), 'latin1')
    const seen = await look(latin, {}, 'systemer.csv')
    expect(seen.upload.columns).toEqual(['name', 'owner', 'status', 'criticality', 'riskPlanned', 'supplier'])
    expect(seen.plan.counts).toMatchObject({ new: 1, changed: 1, bad: 2 })
    const faults = seen.plan.rows.flatMap(row =>
      row.faults.map(one => [one.line, one.column, one.value, one.code, one.proposal]),
    )
    expect(faults).toEqual([
      [3, 'Systemejer', '99999999', 'unknown-number', null],
      [4, 'Livscyklus', 'I brgu', 'not-a-choice', 'I brug'],
      [4, 'Næste risikovurdering', 'i morgen', 'not-a-date', null],
    ])
    // Nothing at all as long as something is wrong, if that is what was chosen.
    expect((await apply(seen, { onlyWhole: true })).status).toBe(422)
    const done = await apply(seen, { saveAs: 'Fagcenterets liste' })
    expect(done.status, done.text).toBe(200)
    expect(done.body).toEqual({ created: 1, changed: 1, left: 2 })
    expect(await sheetOf('proevesystem-aeble')).toMatchObject({
      version: 1,
      owner: first.affiliation,
      sheet: {
        name: 'Prøvesystem Æble',
        status: 'in-use',
        criticality: 'high',
        riskPlanned: '2026-12-24',
        supplier: 'Firma A/S',
      },
    })
    expect((await sheetOf(known!.key)).sheet.supplier).toBe('Helt ny leverandør')
    expect(await sql("select 1 from it_system where key in ('proevesystem-oel', 'proevesystem-aa')")).toEqual([])
    expect(await lastAudit()).toMatchObject({ action: 'system.imported', detail: { created: 1, changed: 1, left: 2 } })
    // It has been let in: nobody can let it in twice, and nothing of its content is kept.
    expect((await apply(seen)).status).toBe(404)
    expect(await sql('select content from catalogue_import where id = $1', [seen.upload.importId])).toEqual([
      { content: null },
    ])
    // The same headings come again: the columns are those that were saved; and a system twice is said of both rows.
    const again = await look(await sheet([rows[0]!, rows[1]!, rows[5]!]))
    expect(again.upload).toMatchObject({
      remembered: 'Fagcenterets liste',
      saved: [expect.objectContaining({ name: 'Fagcenterets liste' })],
    })
    expect(again.plan.rows.map(row => [row.line, row.faults[0]?.code, row.faults[0]?.proposal])).toEqual([
      [2, 'key-twice', '3'],
      [3, 'key-twice', '2'],
    ])
  })

  test('saved columns are laid onto other files, renamed and deleted, each time on record', async () => {
    const other = await look(
      await sheet([
        ['Leverandør', 'Noget andet', 'systemnavn'],
        ['Firma', 'x', 'Prøvesystem Æble'],
      ]),
    )
    expect(other.upload.remembered).toBeNull()
    expect(other.upload.saved).toEqual([{ name: 'Fagcenterets liste', columns: ['supplier', null, 'name'], fits: 2 }])
    type Saved = { rows: { name: string; headings: number; read: number; by: string | null }[] }
    const names = async () => (await it.get<Saved>('/catalogue/columns')).body.rows
    expect(await names()).toMatchObject([{ name: 'Fagcenterets liste', headings: 6, read: 6 }])
    // Another list, so that there is a name that is taken.
    const second_ = await look(
      await sheet([
        ['Nøgle', 'Firma'],
        ['proevesystem-aeble', 'Firma B'],
      ]),
    )
    expect((await apply(second_, { saveAs: 'Firmaer' })).status).toBe(200)
    const rename = (name: string, to: string) => it.post('/catalogue/columns/rename', { name, to })
    expect((await rename('Fagcenterets liste', 'Firmaer')).status).toBe(409)
    expect((await rename('Findes ikke', 'x')).status).toBe(404)
    expect((await rename('Fagcenterets liste', 'Fagcenter/2026')).status).toBe(200)
    expect(await lastAudit()).toMatchObject({
      action: 'system.columns-renamed',
      detail: { name: 'Fagcenterets liste', to: 'Fagcenter/2026' },
    })
    expect((await names()).map(one => one.name)).toEqual(['Fagcenter/2026', 'Firmaer'])
    for (const name of ['Fagcenter/2026', 'Firmaer'])
      expect((await it.post('/catalogue/columns/delete', { name })).status).toBe(200)
    expect(await lastAudit()).toMatchObject({ action: 'system.columns-deleted', detail: { name: 'Firmaer' } })
    expect(await names()).toEqual([])
    expect((await it.post('/catalogue/columns/delete', { name: 'Firmaer' })).status).toBe(404)
    // Nobody else keeps them.
    expect((await owner.get('/catalogue/columns')).status).toBe(403)
  })

  test('the last contract goes by a row that says so, and the dry run shows it as a removal', async () => {
    const [has] = await sql<{ key: string }>(
      `select key from it_system where gone_at is null and jsonb_array_length(sheet -> 'contracts') > 0 order by key limit 1`,
    )
    const seen = await look(
      Buffer.from(
        csv([
          ['Nøgle', 'System', 'Navn', 'Nummer', 'Slutter', 'Opsigelsesvarsel (måneder)'],
          [has!.key, '', '(ingen)', '', '', ''],
        ]),
        'utf8',
      ),
    )
    expect(seen.plan.rows.map(row => row.changes.map(({ field, after }) => [field, after]))).toEqual([
      [['contracts', null]],
    ])
    expect((await apply(seen)).status).toBe(200)
    expect((await sheetOf(has!.key)).sheet.contracts).toBeUndefined()
    expect((await it.post(`/catalogue/imports/${seen.upload.importId}/undo`, {})).status).toBe(200)
    expect((await sheetOf(has!.key)).sheet.contracts?.length).toBeGreaterThan(0)
  })

  test('names are nobody until somebody says so; a number that has ended is no owner', async () => {
    const file = await sheet([
      ['Nøgle', 'Navn', 'Ejer', 'Ansvarlig'],
      ['navnesystem', 'Navnesystem', second.name, 'Et konsulentfirma'],
    ])
    const seen = await look(file)
    expect(seen.plan.counts).toMatchObject({ new: 1, bad: 0, skipped: 2 })
    const asked = seen.plan.people.find(one => one.said === second.name)
    expect(asked?.candidates.map(one => [one.person.id, one.why])).toEqual([[second.personId, 'name']])
    const people: ImportSettings['people'] = [
      { said: second.name, as: { person: second.personId } },
      { said: 'Et konsulentfirma', as: 'words' },
    ]
    const settled = await look(file, { people })
    expect(settled.plan.hash).not.toBe(seen.plan.hash)
    expect((await apply(settled)).status).toBe(200)
    expect(await sheetOf('navnesystem')).toMatchObject({
      owner: second.affiliation,
      sheet: { owner: { affiliation: second.affiliation }, responsible: { words: 'Et konsulentfirma' } },
    })
    const [gone] = await sql<{ number: string }>(
      `select employee_no as number from affiliation_current a where status = 'ended' and kind <> 'pupil' and employee_no ~ '[0-9]'
         and not exists (select from affiliation_current o where o.employee_no = a.employee_no and o.status <> 'ended') limit 1`,
    )
    const ended = await look(
      await sheet([
        ['Nøgle', 'Ejer'],
        ['navnesystem', gone!.number],
      ]),
    )
    expect(ended.plan.rows[0]?.faults.map(one => one.code)).toEqual(['number-ended'])
  })

  test('a change in between makes the plan old; undo sets back what nobody has changed since, and names the rest', async () => {
    const rows = (supplier: string) =>
      sheet([
        ['Nøgle', 'Navn', 'Leverandør', 'Område'],
        ['fortryd-a', 'Fortryd A', supplier, 'Test'],
        ['fortryd-b', 'Fortryd B', supplier, 'Test'],
      ])
    expect((await apply(await look(await rows('Første')))).body).toMatchObject({ created: 2 })
    const seen = await look(await rows('Anden'))
    const [{ id }] = (await sql<{ id: string }>("select id from it_system where key = 'fortryd-b'")) as [{ id: string }]
    const save = (version: number, set: object) =>
      it.send('PUT', `/systems/${id}/sheet`, { version, set, reason: null })
    expect((await save(1, { area: 'Rettet' })).status).toBe(200)
    expect((await apply(seen)).status).toBe(409)
    const fresh = await look(await rows('Anden'), { columns: ['key', 'name', 'supplier', null] })
    expect((await apply(fresh)).body).toEqual({ created: 0, changed: 2, left: 0 })
    expect((await save(3, { supplier: 'Rettet siden' })).status).toBe(200)
    const undone = await it.post<ResponseOf<typeof undoSystems>>(`/catalogue/imports/${fresh.upload.importId}/undo`, {})
    expect(undone.status, undone.text).toBe(200)
    expect(undone.body).toMatchObject({
      undone: 1,
      removed: 0,
      kept: [{ system: { key: 'fortryd-b' }, fields: ['supplier'] }],
    })
    expect((await sheetOf('fortryd-a')).sheet.supplier).toBe('Første')
    expect((await sheetOf('fortryd-b')).sheet.supplier).toBe('Rettet siden')
    expect((await it.post(`/catalogue/imports/${fresh.upload.importId}/undo`, {})).status).toBe(404)
  })

  test('undo takes out of the catalogue what the import made', async () => {
    const seen = await look(
      await sheet([
        ['Nøgle', 'Navn'],
        ['kun-kort', 'Kun kort'],
      ]),
    )
    expect((await apply(seen)).status).toBe(200)
    const undone = await it.post<ResponseOf<typeof undoSystems>>(`/catalogue/imports/${seen.upload.importId}/undo`, {})
    expect(undone.body).toEqual({ undone: 0, removed: 1, kept: [] })
    expect((await sheetOf('kun-kort')).gone).toBe(true)
    // And it may come again.
    const again = await look(
      await sheet([
        ['Nøgle', 'Navn'],
        ['kun-kort', 'Kun kort igen'],
      ]),
    )
    expect((await apply(again)).body).toEqual({ created: 1, changed: 0, left: 0 })
    expect(await sheetOf('kun-kort')).toMatchObject({ gone: false, sheet: { name: 'Kun kort igen' } })
  })

  test('a flow to a system that does not come in spoils the row that tells it', async () => {
    const file = await writeXlsxFile([
      {
        sheet: 'Systemer',
        data: [
          ['Nøgle', 'Navn', 'Status'],
          ['flow-a', 'Flow A', 'I brug'],
          ['flow-b', 'Flow B', 'xx yy zz'],
        ],
      },
      {
        sheet: 'Dataflow',
        data: [
          ['Nøgle', 'System', 'Retning', 'Andet system', 'Hvilke data'],
          ['flow-a', '', 'Ud', 'flow-b', 'CPR'],
        ],
      },
    ] as never).toBuffer()
    const { plan } = await look(file)
    expect(plan.rows.map(row => [row.key, row.op, row.faults.map(one => [one.sheet, one.line, one.code])])).toEqual([
      ['flow-a', 'bad', [['Dataflow', 2, 'unknown-system']]],
      ['flow-b', 'bad', [['Systemer', 3, 'not-a-choice']]],
    ])
  })
})

test('a dry run asks at most five statements, however many systems', async () => {
  const { upload, settings } = await look(await take(it, { what: 'systems', format: 'xlsx' }))
  const [kept] = await sql<{ userId: string }>('select user_id as "userId" from catalogue_import where id = $1', [
    upload.importId,
  ])
  const by = { actor: { kind: 'user', userId: kept!.userId, personId: null, function: 'it' }, may: () => true } as const
  await town.house.db.snapshot(async tx => {
    const watched = counted(tx)
    const when = { now: new Date(), today: '2026-03-02' }
    const planned = await planOf(watched.tx, by, when, upload.importId, importSettings.parse(settings))
    await importPlanView(watched.tx, {
      ...planned,
      people: [{ said: 'x', name: 'x', email: null, count: 1, fields: [] }],
    })
    expect(watched.statements.length).toBeLessThanOrEqual(5)
  })
})

describe('what is sent in', () => {
  test('is refused with what to do: empty, no list, JSON of something else, an older Excel, too large, somebody else’s', async () => {
    const cases: [string, Uint8Array, number, string][] = [
      ['tom.csv', Buffer.from('\n'), 502, 'source-incomplete'],
      ['andet.json', Buffer.from('{"a": 1}'), 422, 'source-invalid'],
      ['dybt.json', Buffer.from('['.repeat(200_000)), 422, 'source-invalid'],
      ['gammel.xls', Buffer.from('d0cf11e0a1b11ae1'.repeat(4), 'hex'), 422, 'source-invalid'],
      ['bred.csv', Buffer.from(`${'a;'.repeat(400)}\nx`), 422, 'source-invalid'],
      ['stor.csv', Buffer.alloc(10 * 1024 * 1024 + 1, 'a'), 413, 'payload-too-large'],
    ]
    for (const [name, file, status, code] of cases) {
      const answer = await send(it, name, file)
      expect([name, answer.status, (answer.body as unknown as { code: string }).code]).toEqual([name, status, code])
    }
    const { upload, settings } = await look(
      await sheet([
        ['Nøgle', 'Navn'],
        ['x', 'X'],
      ]),
    )
    const other = await signInAdministrator(town)
    expect((await other.post(`/catalogue/imports/${upload.importId}/plan`, settings)).status).toBe(404)
    expect((await it.post(`/catalogue/imports/${newId()}/plan`, settings)).status).toBe(404)
    expect((await it.post(`/catalogue/imports/${upload.importId}/plan`, { columns: ['name', 'name'] })).status).toBe(
      422,
    )
  })

  test('with hostile names stays text: formulas, half signs, NUL, keys of objects', async () => {
    const names = ['=cmd|calc!A1', '@SUM(1)', '__proto__', 'constructor', '<script>', 'a'.repeat(200)]
    const file = Buffer.from(csv([['Nøgle', 'Navn'], ...names.map((name, at) => [`fjendtlig-${at}`, name])]))
    const seen = await look(file)
    expect(seen.plan.counts).toMatchObject({ new: names.length, bad: 0 })
    expect((await apply(seen)).status).toBe(200)
    const text = (await take(it, { what: 'systems', format: 'csv', filter: { text: 'cmd' } })).toString('utf8')
    expect(text).toContain(`;'=cmd|calc!A1;`)
    for (const format of ['csv', 'xlsx'])
      expect((await look(await take(it, { what: 'systems', format }))).plan.rows).toEqual([])
  })
})
