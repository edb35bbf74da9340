import readExcelFile from 'read-excel-file/node'
import { beforeAll, expect, test } from 'vitest'
import type { ResponseOf } from '#contract/endpoint.ts'
import { type exportMatrix, type getFlow, type getHeat, type getMatrix, stateOfCode } from '#contract/matrix.ts'
import type { listViews, saveView } from '#contract/views.ts'
import { cellsOf } from '../../server/overview/matrix/matrix-export.ts'
import { csvText } from '../../server/platform/write-csv.ts'
import { daysAgo } from '../support/days.ts'
import { demoTown } from '../support/demo-town.ts'
import { auditOf, signIn, type Visitor } from '../support/visitors.ts'

const town = demoTown()
type Matrix = ResponseOf<typeof getMatrix>
type File = ResponseOf<typeof exportMatrix>
let it: Visitor
beforeAll(async () => {
  it = await signIn(town, 'it')
}, 300_000)

const rows = async <T>(sql: string, params: unknown[] = []): Promise<T[]> => town.house.db.source.query(sql, params)

test('everybody by every system is one answer, one lookup, and packed for who takes it so', async () => {
  const answer = await it.post<Matrix>('/rights/matrix', {})
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-encoding')).toBe('gzip')
  expect(await auditOf(town, answer as never)).toMatchObject([{ action: 'rights.matrix-viewed', lookup: true }])
  const { people, columns } = answer.body
  const [all] = await rows<{ n: number }>(
    `select count(*)::int as n from person_current where kind <> 'pupil' and status <> 'ended'`,
  )
  expect(people.length).toBeGreaterThanOrEqual(all!.n)
  expect(columns.length).toBeGreaterThan(400)
  // Three thousand people by four hundred systems in less than a picture.
  expect(answer.text.length).toBeLessThan(1_600_000)
  const plain = await it.send<Matrix>('POST', '/rights/matrix', {}, { 'accept-encoding': 'identity' })
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(plain.body).toEqual(answer.body)
})

test('a system owner sees the own systems, a manager the own people, an employee nothing', async () => {
  const owner = await signIn(town, 'systemowner')
  const own = (await owner.session()).actor!
  const systems = await rows<{ id: string }>(
    `select s.id from it_system s join affiliation_current ac on ac.affiliation_id = s.owner_affiliation_id where ac.person_id = $1`,
    [own.personId],
  )
  const seen = (await owner.post<Matrix>('/rights/matrix', { drift: true })).body
  expect(seen.columns.length).toBeGreaterThan(0)
  const allowed = new Set(systems.map(one => one.id))
  // The owner may lead a unit as well, and is somebody with rights: of everybody else only the own systems are told.
  const units = [...own.units, ...own.actingFor].map(one => one.id)
  const led = await rows<{ id: string }>(
    'select person_id as id from person_current where unit_ids && $1 or unit_path && $1',
    [units],
  )
  const otherwise = new Set([own.personId, ...led.map(one => one.id)])
  let told = 0
  for (const { person, column } of cellsOf(seen)) {
    if (otherwise.has(seen.people[person]!.id)) continue
    expect(allowed.has(seen.columns[column]!.id!)).toBe(true)
    told++
  }
  expect(told).toBeGreaterThan(0)

  const manager = await signIn(town, 'manager')
  const leads = (await manager.session()).actor!
  const team = (await manager.post<Matrix>('/rights/matrix', {})).body
  expect(team.people.length).toBeGreaterThan(3)
  const [outside] = await rows<{ n: number }>(
    `select count(*)::int as n from person_current where person_id = any($1) and not (unit_ids && $2 or unit_path && $2)`,
    [team.people.map(one => one.id), leads.units.map(one => one.id)],
  )
  expect(outside!.n).toBe(0)

  const employee = await signIn(town, 'employee')
  expect((await employee.post('/rights/matrix', {})).status).toBe(403)
  expect((await employee.post('/rights/heat', {})).status).toBe(403)
})

test('rights as columns need an area or a system, and say so', async () => {
  const refused = await it.post('/rights/matrix', { columns: 'rights' })
  expect(refused.status).toBe(400)
  expect(refused.text).toContain('name the area or the system')
})

test('the aggregate holds no names and agrees with the matrix', async () => {
  const heat = (await it.post<ResponseOf<typeof getHeat>>('/rights/heat', { drift: true })).body
  const matrix = (await it.post<Matrix>('/rights/matrix', { drift: true })).body
  expect(JSON.stringify(heat)).not.toContain(matrix.people.find(one => one.name)!.name)
  const differing = new Set([...cellsOf(matrix)].map(cell => cell.person))
  const byTop = new Map<number, number>()
  for (const person of differing) {
    let unit = matrix.people[person]!.unit
    while (unit !== null && matrix.units[unit]!.parent !== null) unit = matrix.units[unit]!.parent
    if (unit !== null) byTop.set(unit, (byTop.get(unit) ?? 0) + 1)
  }
  expect(byTop.size).toBeGreaterThan(0)
  for (const [unit] of byTop) {
    const at = heat.units.findIndex(one => one.id === matrix.units[unit]!.id)
    const people = new Set<number>()
    for (let cell = 0; cell < heat.cells.length; cell += 4) if (heat.cells[cell] === at) people.add(cell)
    expect(people.size).toBeGreaterThan(0)
  }
})

test('a file holds what is seen, never a protected name, and is on record each time', async () => {
  const [unit] = await rows<{ id: string }>(
    `select unit_id as id from person_current where protected and kind = 'employee' and status = 'active' and unit_id is not null limit 1`,
  )
  const query = { unit: unit!.id }
  const hr = await signIn(town, 'hr')
  const seen = (await hr.post<Matrix>('/rights/matrix', query)).body
  const hidden = seen.people.filter(one => one.protected)
  expect(hidden.length).toBeGreaterThan(0)
  expect(hidden.every(one => one.name !== null)).toBe(true)
  for (const format of ['csv', 'xlsx'] as const) {
    const answer = await hr.post<File>('/rights/matrix/export', { query, format })
    expect(answer.status, answer.text.slice(0, 300)).toBe(200)
    expect(await auditOf(town, answer as never)).toMatchObject([{ action: 'rights.matrix-exported', lookup: false }])
    const bytes = Buffer.from(answer.body.content, 'base64')
    if (format === 'csv') {
      const text = bytes.toString('utf8')
      for (const one of hidden) expect(text).not.toContain(one.name)
      expect(text).toContain('Beskyttet person')
      const lines = text.trimEnd().split('\r\n')
      expect(lines.length).toBe([...cellsOf(seen)].length + 7)
    } else {
      const sheets = await readExcelFile(bytes)
      const text = JSON.stringify(sheets)
      for (const one of hidden) expect(text).not.toContain(one.name)
      const letters = text.match(/"(?:[RDSUrn~?!]\*?)"/g) ?? []
      // Grid, and the legend with one of each.
      expect(letters.length).toBeGreaterThanOrEqual([...cellsOf(seen)].length)
    }
  }
})

test('a file of the columns that are looked for holds those and says so', async () => {
  const all = (await it.post<Matrix>('/rights/matrix', {})).body
  const wanted = all.columns.filter(one => one.name.toLowerCase().includes('nexus'))
  expect(wanted.length).toBeGreaterThan(0)
  const names = new Set(wanted.map(one => one.name))
  const cells = [...cellsOf(all)].filter(cell => names.has(all.columns[cell.column]!.name))
  expect(cells.length).toBeGreaterThan(0)
  const body = { query: {}, find: 'nexus' }
  const csv = await it.post<File>('/rights/matrix/export', { ...body, format: 'csv' })
  expect(await auditOf(town, csv as never)).toMatchObject([{ action: 'rights.matrix-exported', lookup: false }])
  const text = Buffer.from(csv.body.content, 'base64').toString('utf8')
  expect(text).toContain('kolonner med: nexus')
  const lines = text.trimEnd().split('\r\n')
  expect(lines.length).toBe(cells.length + 7)
  for (const line of lines.slice(7)) expect(line.toLowerCase()).toContain('nexus')
  const sheet = await it.post<File>('/rights/matrix/export', { ...body, format: 'xlsx', language: 'en' })
  const [grid] = await readExcelFile(Buffer.from(sheet.body.content, 'base64'))
  const head = grid!.data.find(row => row[0] === 'Person')!
  expect(head.slice(3)).toEqual(wanted.map(one => one.name))
  expect(JSON.stringify(grid!.data)).toContain('columns with: nexus')
})

test('a file of the flow holds its boxes and bands, through the box that was chosen, and says so', async () => {
  type Flow = ResponseOf<typeof getFlow>
  const open = (await it.post<Flow>('/rights/flow', { drift: true })).body
  const box = open.steps[2]!.find(one => one.kind === 'system')!
  const flow = { by: 'title', through: { step: 'system', key: box.key! } }
  const seen = (await it.post<Flow>('/rights/flow', { drift: true, ...flow })).body
  const boxes = seen.steps.flat()
  const bands = seen.links.length / 4
  expect(bands).toBeGreaterThan(3)
  const csv = await it.post<File>('/rights/matrix/export', { query: { drift: true }, flow, format: 'csv' })
  const [kept] = await rows<{ detail: unknown }>(
    `select p.body::jsonb -> 'detail' as detail from audit_entry e join audit_payload p on p.entry_id = e.id where e.request_id = $1`,
    [csv.headers.get('x-request-id')],
  )
  expect(kept!.detail).toMatchObject({ query: { view: 'flow', drift: true, ...flow }, count: seen.people })
  const lines = Buffer.from(csv.body.content, 'base64').toString('utf8').trimEnd().split('\r\n')
  expect(lines[2]).toBe(`Filtre;"kun afvigelser; personer efter titel; gennem: ${box.name}"`)
  expect(lines).toContain(`${seen.people};personer`)
  expect(lines).toContain(`System;${box.name};${seen.people}`)
  // The heading, the boxes and the bands, each with a line of its own above them, and the empty lines between.
  expect(lines.length).toBe(7 + 1 + 1 + boxes.length + 1 + 1 + bands)
  const sheet = await it.post<File>('/rights/matrix/export', {
    query: { drift: true },
    flow,
    format: 'xlsx',
    language: 'en',
  })
  const sheets = await readExcelFile(Buffer.from(sheet.body.content, 'base64'))
  expect(sheets.map(one => one.sheet)).toEqual(['Boxes', 'Bands'])
  expect(sheets[0]!.data.filter(row => row[0] === 'System').length).toBe(seen.steps[2]!.length)
  expect(JSON.stringify(sheets[1]!.data)).toContain(`through: ${box.name}`)
})

test('what a spreadsheet would take for a formula is led by an apostrophe', () => {
  const lines = csvText([['=1+1', '+45', '-2', '@x', '\ttab', 'a;b', 'say "no"', 'Ærø']], ';')
  expect(lines).toBe('\uFEFF\'=1+1;\'+45;\'-2;\'@x;\'\ttab;"a;b";"say ""no""";Ærø\r\n')
})

test('of a past day the states are those that can be known of it', async () => {
  const day = daysAgo(1)
  const answer = await it.post<Matrix>('/rights/matrix', { asOf: day })
  expect(answer.body).toMatchObject({ past: true, asOf: day })
  const states = new Set([...cellsOf(answer.body)].map(cell => stateOfCode(cell.code)))
  for (const state of states)
    expect(['matching', 'not-read', 'unexplained', 'exception', 'missing', 'no-account']).toContain(state)
})

test('views are one’s own: saved, shared with a role, changed and removed, and nobody else’s to change', async () => {
  const dpo = await signIn(town, 'dpo')
  const search = { view: 'matrix', drift: true, area: 'Dagtilbud' }
  const saved = await it.post<ResponseOf<typeof saveView>>('/views', { screen: 'rights', name: 'Dagtilbud', search })
  expect(saved.body).toMatchObject({ name: 'Dagtilbud', search, sharedWith: [], own: true, owner: null })
  expect((await it.post('/views', { screen: 'rights', name: 'Dagtilbud', search })).body.code).toBe('conflict')
  const of = async (who: Visitor) =>
    (await who.get<ResponseOf<typeof listViews>>('/views?screen=rights')).body.views.filter(
      one => one.id === saved.body.id,
    )
  expect(await of(dpo)).toEqual([])
  const shared = await it.send('PATCH', `/views/${saved.body.id}`, { sharedWith: ['dpo'], name: 'Alle dagtilbud' })
  expect(shared.status).toBe(200)
  expect(await of(dpo)).toMatchObject([{ name: 'Alle dagtilbud', own: false, search }])
  expect((await dpo.send('PATCH', `/views/${saved.body.id}`, { name: 'Min' })).status).toBe(404)
  expect((await dpo.send('DELETE', `/views/${saved.body.id}`)).status).toBe(404)
  expect((await it.send('DELETE', `/views/${saved.body.id}`)).status).toBe(200)
  expect(await of(it)).toEqual([])
})
