import { beforeAll, describe, expect, test } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import type { getActivity, listActivities } from '../../server/contract/activities.ts'
import type { ResponseOf } from '../../server/contract/endpoint.ts'
import type { exportRegister } from '../../server/contract/register-export.ts'
import type { RegisterPlan, RegisterSettings, RegisterUpload } from '../../server/contract/register-transfer.ts'
import { readWorkbook } from '../../server/platform/read-sheet.ts'
import { demoTown } from '../support/demo-town.ts'
import { DEFECTS, klPackage } from '../support/kl-package.ts'
import { countingStatements } from '../support/statements.ts'
import { signIn, type Visitor } from '../support/visitors.ts'

/* The register out and in as a file, by the doors that the screens use. */
const town = demoTown()
let it: Visitor
let dpo: Visitor
let manager: Visitor
const sql = async <T>(text: string, params: unknown[] = []): Promise<T[]> =>
  (await town.house.db.source.query(text, params)) as T[]

beforeAll(async () => {
  ;[it, dpo, manager] = [await signIn(town, 'it'), await signIn(town, 'dpo'), await signIn(town, 'manager')]
})

type Exported = ResponseOf<typeof exportRegister>
const take = async (who: Visitor, body: object): Promise<Buffer> => {
  const answer = await who.post<Exported>('/register/export', body)
  expect(answer.status, answer.text).toBe(200)
  return Buffer.from(answer.body.content, 'base64')
}
const send = (who: Visitor, name: string, file: Uint8Array) =>
  who.send<RegisterUpload>('POST', `/register/imports?name=${encodeURIComponent(name)}`, file, {
    'content-type': 'application/octet-stream',
  })
async function look(file: Uint8Array, more: Partial<RegisterSettings> = {}, who = it, name = 'Fortegnelse.xlsx') {
  const upload = await send(who, name, file)
  expect(upload.status, upload.text).toBe(200)
  const settings = {
    columns: upload.body.tables.map(one => one.columns),
    ...{ empty: upload.body.own ? 'clear' : 'keep', area: upload.body.area, ...more },
  }
  const plan = await who.post<RegisterPlan>(`/register/imports/${upload.body.importId}/plan`, settings)
  expect(plan.status, plan.text).toBe(200)
  return { upload: upload.body, settings, plan: plan.body }
}
type Seen = Awaited<ReturnType<typeof look>>
const apply = (seen: Seen, more: object = {}, who = it) =>
  who.post<{ drafts: number; proposals: number; left: number }>(`/register/imports/${seen.upload.importId}/apply`, {
    ...{ ...seen.settings, hash: seen.plan.hash, ...more },
  })
type Cell = string | { value: string; rowSpan?: number } | null
const workbook = (sheets: Record<string, Cell[][]>): Promise<Uint8Array> =>
  writeXlsxFile(
    Object.entries(sheets).map(([sheet, rows]) => ({
      sheet,
      data: rows.map(row =>
        row.map(cell =>
          cell === null ? null : { type: String, ...(typeof cell === 'string' ? { value: cell } : cell) },
        ),
      ),
    })) as never,
  ).toBuffer()
const page = async (id: string) => (await it.get<ResponseOf<typeof getActivity>>(`/activities/${id}`)).body
const list = async (query: string) => (await it.get<ResponseOf<typeof listActivities>>(`/activities?${query}`)).body
const lastAudit = async () => {
  const [entry] = await sql<{ action: string; body: string }>(
    'select e.action, p.body from audit_entry e join audit_payload p on p.entry_id = e.id order by e.id desc limit 1',
  )
  return { action: entry!.action, ...(JSON.parse(entry!.body) as { detail: Record<string, unknown> }) }
}

describe('the whole register', () => {
  test('out and in again changes nothing, in either language, whoever took it out', async () => {
    const { total } = await list('limit=1')
    for (const who of [it, dpo])
      for (const language of ['da', 'en'] as const) {
        const { upload, plan } = await look(await take(who, { what: 'workbook', language }))
        expect(upload).toMatchObject({ kind: 'table', own: true, leftSheets: [language === 'da' ? 'Lister' : 'Lists'] })
        expect(plan.rows.map(row => [row.ref, row.faults, row.changes])).toEqual([])
        expect(plan.counts).toMatchObject({ new: 0, changed: 0, bad: 0, unchanged: total })
      }
  })

  test('a file has what the reader asked for and may see, and its making is on record without what was searched', async () => {
    const { rows } = await list('standing=in-force&limit=1')
    const [one] = rows
    const refs = async (who: Visitor, filter: object) =>
      ((await readWorkbook(await take(who, { what: 'workbook', filter }), 'x'))[0]?.rows ?? [])
        .slice(1)
        .map(row => row.cells[0])
    expect(await refs(it, { activityId: one!.id })).toEqual([one!.ref])
    const ofArea = await list(`area=${encodeURIComponent(one!.area)}&limit=200`)
    expect(await refs(manager, { area: one!.area })).toEqual(ofArea.rows.map(row => row.ref))
    expect(await refs(dpo, { search: one!.ref })).toContain(one!.ref)
    const said = await lastAudit()
    expect(said).toMatchObject({ action: 'register.exported', detail: { what: 'workbook', query: { search: true } } })
    expect(JSON.stringify(said)).not.toContain(one!.ref)
  })

  test('a template has the headings, the words and a drop-down for each closed column, and no record', async () => {
    const sheets = await readWorkbook(await take(it, { what: 'template' }), 'x')
    expect(sheets.map(one => one.sheet)).toEqual([
      ...['Aktiviteter', 'Rækker', 'Grundlag', 'Slettefrister', 'Overførsler', 'Systemer', 'Foranstaltninger'],
      ...['Andre parter', 'Lister'],
    ])
    expect(sheets.slice(0, -1).map(one => one.rows.length)).toEqual(sheets.slice(0, -1).map(() => 1))
    const lists = sheets.at(-1)!.rows
    const subjects = await sql<{ da: string; code: string }>(
      `select da, code from vocabulary_term where kind = 'subject' and retired_at is null`,
    )
    const column = lists[0]!.cells.indexOf('Registreret')
    expect(
      new Set(
        lists
          .slice(1)
          .map(row => row.cells[column])
          .filter(Boolean),
      ),
    ).toEqual(new Set(subjects.map(one => `${one.da} [${one.code}]`)))
  })
})

describe('a file as it arrives', () => {
  const HEADINGS = ['Titel', 'Forvaltning', 'Formålet', 'Hjemmel', 'KLE-nr', 'Ansvarlig person', 'Noget andet']
  const file = () =>
    workbook({
      Fortegnelse: [
        ['Vores fortegnelse, rettet i marts', null, null, null, null, null, null],
        HEADINGS,
        [
          'Prøveudlån',
          { value: 'Prøveforvaltning', rowSpan: 3 },
          'At låne ting ud\r\ntil borgere',
          'Artikel 6, stk. 1, litra e',
          '20.01; 29',
          'Jens Hansen',
          'x',
        ],
        ['Prøvetilskud', null, 'At støtte foreninger', '6.1.e', '20.1', '', ''],
        ['Prøvevask', null, 'At vaske', 'Opgave i samfundets interesse eller myndighedsudøvels', '', '', ''],
        ['', 'Prøveforvaltning', '', '', '', '', 'kun en note'],
      ],
      Personoplysninger: [
        ['Aktivitetens navn', 'Registrerede', 'Personoplysninger', 'Modtagere', 'Opbevaring'],
        [{ value: 'Prøveudlån', rowSpan: 2 }, 'Borger over 18', 'Kontaktoplysninger', '', '5 år'],
        [null, 'Adult citizen', 'CPR', 'R-POL', '5 år'],
        ['Prøveudlån', 'Borger over 18', '', '', ''],
        ['Findes ikke', 'Borger over 18', 'CPR', '', ''],
      ],
      Til_trykning: [['Side 1']],
    })

  test('with a title above, renamed headings, merged cells, half-filled rows and foreign line ends is understood, or says why not', async () => {
    const { upload, plan } = await look(await file())
    expect(upload).toMatchObject({ own: false, remembered: null, leftSheets: ['Til_trykning'] })
    expect(upload.tables.map(one => [one.part, one.columns])).toEqual([
      ['activities', ['name', 'area', 'purpose', 'art6', 'kle', 'owner', null]],
      ['rows', ['title', 'subject', 'data', 'recipient', 'erasure']],
    ])
    const told = plan.rows.flatMap(row =>
      row.faults.map(one => [one.sheet, one.line, one.column, one.code, one.proposal]),
    )
    expect(told).toEqual(
      expect.arrayContaining([
        ['Personoplysninger', 4, 'Personoplysninger', 'missing', null],
        ['Personoplysninger', 5, null, 'no-such-activity', null],
        ['Fortegnelse', 4, 'KLE-nr', 'not-a-kle', '20.10'],
        ['Fortegnelse', 5, 'Hjemmel', 'not-a-term', expect.stringContaining('[6.1.e]')],
        ['Fortegnelse', 6, 'Titel', 'title-missing', null],
      ]),
    )
    expect(plan.counts).toMatchObject({ new: 0, changed: 0, bad: 5 })
    const nothing = await sql(`select from activity_version where content ->> 'name' like 'Prøve%'`)
    expect(nothing).toEqual([])
  })

  test('its columns are said, saved under a name and known again; what it says becomes drafts and can be taken back', async () => {
    const good = () =>
      workbook({
        Ark1: [
          ['Overskrift et', 'Gruppe', 'Noget andet'],
          ['Kolonneprøve et', 'Prøveområde', 'At prøve kolonner'],
          ['Kolonneprøve to', '', 'At prøve igen'],
        ],
      })
    const first = await look(await good(), { area: 'Uden område' })
    const columns = [['name', 'area', 'purpose']]
    const settings = { ...first.settings, columns }
    const plan = await it.post<RegisterPlan>(`/register/imports/${first.upload.importId}/plan`, settings)
    expect(plan.body.counts).toMatchObject({ new: 2, bad: 0 })
    const done = await apply({ ...first, settings, plan: plan.body }, { saveAs: 'Fagcenteret' })
    expect(done.body, done.text).toEqual({ drafts: 2, proposals: 0, left: 0 })
    expect(await lastAudit()).toMatchObject({ action: 'register.imported', detail: { drafts: 2 } })
    const made = await list('search=Kolonneprøve&limit=10')
    expect(made.rows.map(row => [row.name, row.area, row.standing, row.open?.state])).toEqual([
      ['Kolonneprøve et', 'Prøveområde', 'draft', 'draft'],
      ['Kolonneprøve to', 'Uden område', 'draft', 'draft'],
    ])
    // Nothing of the file is kept, and it is not done twice.
    expect((await apply({ ...first, settings, plan: plan.body })).status).toBe(404)
    const again = await look(await good(), { area: 'Uden område' })
    expect(again.upload).toMatchObject({
      remembered: 'Fagcenteret',
      saved: [{ name: 'Fagcenteret', columns, fits: 3 }],
    })
    expect(again.upload.tables[0]?.columns).toEqual(columns[0])
    expect(again.plan.counts).toMatchObject({ new: 0, changed: 0, unchanged: 2 })

    // One of them is worked on: that one stays when the import is taken back.
    const [touched] = made.rows
    const open = (await page(touched!.id)).open!
    const content = { ...(await page(touched!.id)).shown!.content, description: 'Rettet i hånden' }
    const written = await it.send('PUT', `/activities/${touched!.id}/versions/${open.versionId}`, {
      ...{ content, summary: null, lock: open.lock },
    })
    expect(written.status, written.text).toBe(200)
    const undo = await it.post(`/register/imports/${first.upload.importId}/undo`, {})
    expect(undo.body, undo.text).toEqual({ withdrawn: 1, kept: 1 })
    expect((await it.post(`/register/imports/${first.upload.importId}/undo`, {})).status).toBe(404)
  })

  test('saved columns are laid onto other files, called something else and forgotten, each time on record', async () => {
    const other = await look(
      await workbook({
        Ark1: [
          ['Gruppe', 'Titel', 'Overskrift et'],
          ['Prøveområde', 'x', 'Kolonneprøve tre'],
        ],
        // A sheet of which they know nothing keeps what was proposed for it.
        Personoplysninger: [
          ['Titel', 'Kategori af registrerede', 'Personoplysninger'],
          ['Kolonneprøve tre', 'Borger over 18', 'CPR'],
        ],
      }),
    )
    expect(other.upload.remembered).toBeNull()
    const [first, second] = other.upload.tables
    expect([first?.part, second?.part]).toEqual(['activities', 'rows'])
    expect(second?.columns).toEqual(['title', 'subject', 'data'])
    expect(other.upload.saved).toEqual([
      { name: 'Fagcenteret', columns: [['area', null, 'name'], second?.columns], fits: 2 },
    ])

    const columns = [['name', null]]
    const another = await look(
      await workbook({
        Ark1: [
          ['Kaldes', 'Andet'],
          ['Kolonneprøve fire', 'x'],
        ],
      }),
      { columns, area: 'Prøveområde' },
    )
    expect((await apply(another, { saveAs: 'Firmaet' })).status).toBe(200)
    type Saved = { rows: { name: string; headings: number; read: number; by: string | null }[] }
    const kept = async () => (await it.get<Saved>('/register/columns')).body.rows
    expect(await kept()).toMatchObject([
      { name: 'Fagcenteret', headings: 3, read: 3, by: expect.any(String) },
      { name: 'Firmaet', headings: 2, read: 1, by: expect.any(String) },
    ])
    const rename = (name: string, to: string) => it.post('/register/columns/rename', { name, to })
    expect((await rename('Fagcenteret', 'Firmaet')).status).toBe(409)
    expect((await rename('Findes ikke', 'x')).status).toBe(404)
    expect((await rename('Fagcenteret', 'Center/2026')).status).toBe(200)
    expect(await lastAudit()).toMatchObject({
      action: 'register.columns-renamed',
      detail: { name: 'Fagcenteret', to: 'Center/2026' },
    })
    expect((await kept()).map(one => one.name)).toEqual(['Center/2026', 'Firmaet'])
    for (const name of ['Center/2026', 'Firmaet'])
      expect((await it.post('/register/columns/delete', { name })).status).toBe(200)
    expect(await lastAudit()).toMatchObject({ action: 'register.columns-deleted', detail: { name: 'Firmaet' } })
    expect(await kept()).toEqual([])
    expect((await it.post('/register/columns/delete', { name: 'Firmaet' })).status).toBe(404)
  })

  test('what is read from two columns is refused, and so is what is no register or has too many rows', async () => {
    const { upload, settings } = await look(await file())
    const columns = [['name', 'name', null, null, null, null, null], settings.columns[1]!]
    const twice = await it.post(`/register/imports/${upload.importId}/plan`, { ...settings, columns })
    expect(twice.status).toBe(422)
    expect((await send(it, 'a.json', Buffer.from('{"a":1}'))).body).toMatchObject({ said: { code: 'json-no-package' } })
    const many = `Navn;Område\r\n${'x;y\r\n'.repeat(20_100)}`
    expect((await send(it, 'a.csv', Buffer.from(many))).body).toMatchObject({ said: { code: 'import-too-many' } })
    // Somebody else's file is not there.
    expect((await manager.post(`/register/imports/${upload.importId}/plan`, settings)).status).toBe(404)
  })
})

describe('a change from a file', () => {
  test('becomes a proposal that somebody else decides, and is not taken twice', async () => {
    const { rows } = await list('standing=in-force&kind=controller&limit=100')
    const one = rows.find(row => row.open === null && !row.attention.includes('proposal'))!
    const before = (await page(one.id)).shown!.content
    const edited = async (text: string) => {
      const sheets = await readWorkbook(await take(it, { what: 'workbook', filter: { activityId: one.id } }), 'x')
      const [activities, ...others] = sheets
      const place = activities!.rows[0]!.cells.indexOf('Beskrivelse')
      activities!.rows[1]!.cells[place] = text
      return workbook(
        Object.fromEntries([activities!, ...others].map(sheet => [sheet.sheet, sheet.rows.map(row => row.cells)])),
      )
    }
    const file = await edited('Rettet i et regneark')
    const seen = await look(file)
    expect(seen.upload.own).toBe(true)
    expect(seen.plan.rows.map(row => [row.ref, row.found, row.op, row.becomes])).toEqual([
      [one.ref, 'ref', 'changed', 'proposal'],
    ])
    expect(seen.plan.rows[0]?.changes).toMatchObject([{ field: 'description', after: 'Rettet i et regneark' }])
    const done = await apply(seen)
    expect(done.body, done.text).toEqual({ drafts: 0, proposals: 1, left: 0 })
    const after = await page(one.id)
    expect(after.shown?.content).toEqual(before)
    expect(after.open).toMatchObject({ state: 'proposed', summary: 'Import: Fortegnelse.xlsx' })
    const again = await look(await edited('Rettet igen'))
    expect(again.plan.rows[0]?.faults).toMatchObject([{ code: 'proposed', value: one.ref }])
    expect((await apply(again)).status).toBe(409)
  })

  test('that fits no longer is not made', async () => {
    const file = await workbook({
      Ark: [
        ['Behandlingsaktivitet', 'Område'],
        ['Forældelsesprøve', 'Prøve'],
      ],
    })
    const [first, second] = [await look(file), await look(file)]
    expect((await apply(first)).status).toBe(200)
    const late = await apply(second)
    expect([late.status, late.body]).toMatchObject([409, { code: 'plan-stale' }])
  })

  test('of a record that is somebody else’s is refused to a manager, who may begin a new one', async () => {
    const { rows } = await list('standing=in-force&kind=controller&limit=200')
    const foreign = await Promise.all(
      rows.slice(0, 40).map(async row => ({
        row,
        page: (await manager.get<ResponseOf<typeof getActivity>>(`/activities/${row.id}`)).body,
      })),
    )
    const { row } = foreign.find(one => !one.page.allowed.change && one.page.open === null)!
    const file = await workbook({
      Ark: [
        ['Ref.', 'Behandlingsaktivitet', 'Område'],
        [row.ref, 'Et andet navn', row.area],
        ['', 'Lederens egen', 'Prøve'],
      ],
    })
    const { plan, ...rest } = await look(file, {}, manager)
    expect(plan.rows.map(one => [one.ref ?? one.name, one.op, one.faults[0]?.code])).toEqual([
      [row.ref, 'bad', 'not-allowed'],
      ['Lederens egen', 'new', undefined],
    ])
    const done = await apply({ plan, ...rest }, {}, manager)
    expect(done.body, done.text).toEqual({ drafts: 1, proposals: 0, left: 1 })
  })
})

describe('a package of records', () => {
  test('becomes drafts with remarks; defective ones are named and left, or stop it all', async () => {
    const [first, second, ...rest] = klPackage()
    const records = [DEFECTS['main group cut short'].make(first!), DEFECTS['no title'].make(second!), ...rest]
    const seen = await look(Buffer.from(JSON.stringify(records)), { area: 'Fra pakken' }, it, 'pakke.json')
    expect(seen.upload).toMatchObject({ kind: 'package', records: records.length, area: 'proevepakke' })
    expect(seen.plan.counts).toMatchObject({ new: rest.length, bad: 2, remarks: rest.length })
    const whole = { ...seen, settings: { ...seen.settings, onlyWhole: true } }
    expect((await apply(whole)).status).toBe(422)
    const done = await apply(seen)
    expect(done.body, done.text).toEqual({ drafts: rest.length, proposals: 0, left: 2 })
    const made = await list(`area=${encodeURIComponent('Fra pakken')}&limit=200`)
    expect(made.total).toBe(rest.length)
    expect(new Set(made.rows.map(row => row.standing))).toEqual(new Set(['draft']))
  })

  test('is looked at with few statements, however many records it has', async () => {
    const upload = await send(it, 'pakke.json', Buffer.from(JSON.stringify(klPackage())))
    const counted = await countingStatements(() =>
      it.post<RegisterPlan>(`/register/imports/${upload.body.importId}/plan`, { area: 'Prøve' }),
    )
    expect(counted.statements.length).toBeLessThanOrEqual(8)
  })
})
