import readXlsxFile from 'read-excel-file/node'
import { beforeEach, describe, expect, test } from 'vitest'
import { rollTheDay } from '../../../../server/jobs.ts'
import { proofPdf } from '../../../../server/lifecycle/proof/proof-pdf.ts'
import type { ProofReport } from '../../../../server/lifecycle/proof/proof-report.ts'
import { proofLines, proofSheet, proofView } from '../../../../server/lifecycle/proof/proof-views.ts'
import { proofFormats } from '../../../../server/lifecycle/proof/proof-words.ts'
import { proofWorkbook } from '../../../../server/lifecycle/proof/proof-workbook.ts'
import { fixedClock } from '../../../../server/platform/clock.ts'
import { printable } from '../../../../server/platform/documents/printable.ts'
import type { FeedRecord } from '../../../../server/platform/feed-record.ts'
import { testDatabase } from '../../../support/database.ts'
import {
  account,
  entitlement,
  group,
  job,
  municipality,
  person,
  position,
  system,
  unit,
} from '../../../support/municipality.ts'
import { pdfText } from '../../../support/pdf-text.ts'
import { actor } from '../../policy/actors.ts'

/*
 * Leavers on the real pipeline: what is read decides what the sheet says. Each fault is planted: a right that stays, one that
 * went too late, one that nobody expected, a system that nothing reads.
 */
const database = testDatabase()
const ENDS = '2026-03-10'
const PEOPLE = ['p1', 'p2', 'p3', 'p4', 'p5']
const hr = actor(['hr'])
let members: Record<string, string[]>
let ends: Record<string, string>
let extra: FeedRecord[]

/** Everything is read at this moment, after the day has turned. */
async function read(now: string) {
  const town = municipality(database.db, now)
  await rollTheDay({ db: database.db, clock: fixedClock(now) })
  await town.feed('hr', [
    unit('100', { name: 'Kommunen' }),
    unit('110', { name: 'Ældreområdet Åsen', parent: '100' }),
    position('kok', { name: 'Kok', category: 'kitchen', titles: ['Kok'] }),
    ...PEOPLE.flatMap(key => [
      person(key, { givenName: key.toUpperCase(), familyName: 'Sørensen-Østergård', protected: key === 'p5' }),
      job(`j-${key}`, key, {
        ...{ unit: '110', title: 'Kok', position: 'kok' },
        ...(ends[`j-${key}`] ? { endsOn: ends[`j-${key}`] } : {}),
      }),
    ]),
    ...extra,
  ])
  await town.feed('kitos', [
    system('a', { name: 'Ådal', reading: 'groups' }),
    ...['a/x', 'a/extra'].map(key => entitlement(key, { system: 'a', name: key, kind: 'role' })),
    system('b', { name: 'Blåbog', reading: 'none' }),
    entitlement('b/y', { system: 'b', name: 'b/y', kind: 'role' }),
  ])
  return town
}
const readDirectory = (town: Awaited<ReturnType<typeof read>>, enabled: (key: string) => boolean = () => false) =>
  town.feed('ad', [
    ...PEOPLE.map(key =>
      account(key, { username: key, employeeNo: `j-${key}`, dn: `CN=${key},DC=test`, enabled: enabled(key) }),
    ),
    ...Object.entries(members).map(([key, list]) =>
      group(key, { name: key, members: list.map(one => `CN=${one},DC=test`) }),
    ),
  ])
const RULES = `
rules:
  - { key: cooks, name: Kokke, conditions: { position: kok }, entitlements: [a/x, b/y], validFrom: '2020-01-01', state: active, owner: HR, order: 10 }
mappings:
  - { source: ad, match: { cn: g-a }, entitlement: a/x }
  - { source: ad, match: { cn: g-extra }, entitlement: a/extra }
`
const sheetOf = async (key: string, now: string, reader = hr) => {
  const when = { today: now.slice(0, 10), now: new Date(now) }
  return database.db.snapshot(async tx => {
    const [row] = await tx.query<{ id: string }>(`select id from affiliation where key = $1`, [key])
    return proofSheet(tx, reader, row!.id, when)
  })
}
const lineOf = async (key: string, name: string, now: string) =>
  (await sheetOf(key, now))?.lines.find(line => line.name === name)

beforeEach(async () => {
  await database.reset()
  members = { 'g-a': [...PEOPLE], 'g-extra': ['p1'] }
  ends = {}
  extra = []
  const town = await read('2026-03-02T09:00:00Z')
  await town.rules(RULES)
  await readDirectory(town, () => true)
  ends = { 'j-p1': ENDS, 'j-p2': ENDS, 'j-p3': ENDS, 'j-p5': ENDS }
  await readDirectory(await read('2026-03-05T09:00:00Z'), () => true)
})

describe('a sheet of somebody who has left', () => {
  test('says of each right when it ended and by what, and objects to what stays, what went late and what nobody expected', async () => {
    // Gone by the reading of 00:20: p2 in time. p3 later that day; p1 keeps what the rules gave and what they never gave.
    members['g-a'] = ['p1', 'p3', 'p4', 'p5']
    await readDirectory(await read('2026-03-09T23:20:00Z'))
    members['g-a'] = ['p1', 'p4', 'p5']
    await readDirectory(await read('2026-03-10T12:00:00Z'))
    members['g-a'] = ['p1', 'p4']
    await readDirectory(await read('2026-03-12T12:00:00Z'))
    const now = '2026-03-14T12:00:00Z'

    expect(await lineOf('j-p2', 'a/x', now)).toMatchObject({ state: 'verified', timing: 'on-time', by: 'reading' })
    expect(await lineOf('j-p3', 'a/x', now)).toMatchObject({ state: 'verified', timing: 'same-day', by: 'reading' })
    expect(await lineOf('j-p5', 'a/x', now)).toMatchObject({ state: 'verified', timing: 'late' })
    expect(await lineOf('j-p1', 'a/x', now)).toMatchObject({ state: 'open', timing: 'overdue', age: 4 })
    expect(await lineOf('j-p1', 'a/extra', now)).toMatchObject({ kind: 'unexpected', state: 'open', timing: 'overdue' })
    // Nothing reads b, and nobody has said that it is done: that is no proof.
    expect(await lineOf('j-p2', 'b/y', now)).toMatchObject({ state: 'unseen', timing: 'overdue', verifiedAt: null })
    // Who is still there has no sheet.
    expect(await sheetOf('j-p4', now)).toBeNull()

    const list = await database.db.snapshot(tx =>
      proofView(
        tx,
        hr,
        { from: '2026-03-01', to: '2026-04-01', offset: 0, limit: 50 },
        { today: '2026-03-14', now: new Date(now) },
      ),
    )
    expect(list.people).toBe(4)
    expect(list.sum).toMatchObject({ unexpected: 1 })
    // Each count is that of the lines that it leads to.
    for (const row of list.rows) {
      const lines = (await database.db.snapshot(tx =>
        proofSheet(tx, hr, row.affiliationId, { today: '2026-03-14', now: new Date(now) }),
      ))!.lines
      expect(row).toMatchObject({
        lines: lines.length,
        open: lines.filter(line => line.state === 'open' || line.state === 'unseen').length,
        overdue: lines.filter(line => line.timing === 'overdue').length,
      })
    }
  })

  test('the hours of the unit, or of the nearest above it, count as on time', async () => {
    await database.db.transaction(tx =>
      tx.query(
        `insert into unit_cutover (unit_id, ends_until_hour, changed_at, changed_by)
         select id, 9, now(), gen_random_uuid() from org_unit where key = '100'`,
      ),
    )
    await readDirectory(await read('2026-03-09T23:20:00Z'))
    members['g-a'] = ['p2', 'p4', 'p5']
    await readDirectory(await read('2026-03-10T08:30:00Z'))
    members['g-a'] = ['p4', 'p5']
    await readDirectory(await read('2026-03-10T12:00:00Z'))
    const now = '2026-03-11T12:00:00Z'
    // 09.30 in Copenhagen is within the hour that our own jobs may take after 09.00; 13.00 is not.
    expect(await lineOf('j-p1', 'a/x', now)).toMatchObject({ timing: 'on-time' })
    expect(await lineOf('j-p2', 'a/x', now)).toMatchObject({ timing: 'same-day' })
    expect((await sheetOf('j-p1', now))?.row).toMatchObject({ untilHour: 9 })
  })

  test('an end that is told of afterwards is counted from when it was confirmed', async () => {
    ends['j-p4'] = '2026-03-01'
    await readDirectory(await read('2026-03-20T09:00:00Z'))
    const early = await lineOf('j-p4', 'a/x', '2026-03-20T09:30:00Z')
    expect(early).toMatchObject({ state: 'open', timing: 'running' })
    expect(early?.shouldEndAt).toBe('2026-03-20T09:00:00.000Z')
    members['g-a'] = []
    await readDirectory(await read('2026-03-20T09:45:00Z'))
    expect(await lineOf('j-p4', 'a/x', '2026-03-21T09:00:00Z')).toMatchObject({ state: 'verified', timing: 'on-time' })
  })

  test('what another job is a reason for is kept, and is no retention', async () => {
    extra = [job('j-p1b', 'p1', { unit: '110', title: 'Kok', position: 'kok', startsOn: '2026-03-01' })]
    await readDirectory(await read('2026-03-10T09:00:00Z'), () => true)
    const lines = (await sheetOf('j-p1', '2026-03-14T12:00:00Z'))?.lines ?? []
    expect(lines.find(line => line.name === 'a/x')).toMatchObject({ state: 'kept', timing: null })
    expect(lines.filter(line => line.timing === 'overdue')).toEqual([])
  })

  test('a task that says done is said, not seen, where nothing can read the system', async () => {
    await readDirectory(await read('2026-03-10T09:00:00Z'))
    await database.db.transaction(tx =>
      tx.query(
        `insert into provisioning_order (id, system_id, person_id, affiliation_id, entitlement_id, action, due_on, state, cause, made_at, done_at)
         select gen_random_uuid(), e.system_id, a.person_id, a.id, e.id, 'revoke', $1, 'done', 'test', '2026-03-10T00:00:00Z', '2026-03-10T09:00:00Z'
         from affiliation a, entitlement e where a.key = 'j-p2' and e.key = 'b/y'`,
        [ENDS],
      ),
    )
    expect(await lineOf('j-p2', 'b/y', '2026-03-14T12:00:00Z')).toMatchObject({
      ...{ state: 'said', timing: 'same-day', by: 'connector', verifiedAt: null },
    })
  })

  test('an account that is still open is on the sheet; who may not know of the leaver gets none', async () => {
    await readDirectory(await read('2026-03-10T09:00:00Z'), key => key === 'p3')
    const now = '2026-03-14T12:00:00Z'
    const accounts = async (key: string) => (await sheetOf(key, now))?.lines.filter(line => line.kind === 'account')
    expect(await accounts('j-p3')).toMatchObject([{ state: 'open', timing: 'overdue' }])
    expect(await accounts('j-p2')).toMatchObject([{ state: 'verified' }])
    expect(await sheetOf('j-p3', now, actor(['employee']))).toBeNull()
    const [b] = await database.db.snapshot(tx => tx.query<{ id: string }>(`select id from it_system where key = 'b'`))
    const owned = await sheetOf('j-p3', now, actor(['systemowner'], { systems: [b!.id] }))
    expect(owned?.lines.map(line => line.name)).toEqual(['b/y'])
  })
})

describe('the report of a period', () => {
  const report = async (): Promise<ProofReport> => ({
    ...{
      from: '2026-03-01',
      to: '2026-04-01',
      unit: null,
      who: 'Åse Ærø',
      madeAt: '2026-03-14T12:00:00.000Z',
      cut: false,
    },
    lines: await database.db.snapshot(tx =>
      proofLines(
        tx,
        hr,
        { from: '2026-03-01', to: '2026-04-01' },
        { today: '2026-03-14', now: new Date('2026-03-14T12:00:00Z') },
        1000,
      ),
    ),
  })

  test('as a workbook it is read back with the same lines, and never names who is protected', async () => {
    await readDirectory(await read('2026-03-10T09:00:00Z'))
    const made = await report()
    const file = await proofWorkbook(made, proofFormats('da'))
    const [sheet] = (await readXlsxFile(file)) as unknown as { data: unknown[][] }[]
    const rows = sheet!.data
    const head = rows.findIndex(row => row[0] === 'Person')
    expect(rows.length - head - 1).toBe(made.lines.length)
    expect(made.lines.length).toBeGreaterThan(8)
    const text = JSON.stringify(rows)
    expect(text).toContain('P1 Sørensen-Østergård')
    expect(text).toContain('Ældreområdet Åsen')
    expect(text).toContain('Beskyttet person')
    expect(text).not.toContain('P5 Sørensen')
  })

  test('as a PDF each page says which of how many it is, and Danish letters are Danish letters', async () => {
    await readDirectory(await read('2026-03-10T09:00:00Z'))
    const made = await report()
    const many = { ...made, lines: Array.from({ length: 12 }, () => made.lines).flat() }
    const formats = proofFormats('da')
    const file = await proofPdf(many, formats)
    expect(file.subarray(0, 5).toString()).toBe('%PDF-')
    const { text } = await pdfText(file)
    expect(text).toContain('P1 Sørensen-Østergård, Ældreområdet Åsen')
    expect(text).toContain('Ådal')
    expect(text).not.toContain('P5 Sørensen')
    const pages = [...text.matchAll(/Side (\d+) af (\d+)/g)].map(([, page, of]) => [Number(page), Number(of)])
    expect(pages.length).toBeGreaterThan(1)
    expect(pages).toEqual(pages.map((_, place) => [place + 1, pages.length]))
    const raw = file.toString('latin1')
    expect(raw).toContain('/StructTreeRoot')
    expect(raw).toContain('/Lang (da-DK)')
    const none = await pdfText(await proofPdf({ ...made, lines: [] }, formats))
    expect(none.text).toContain('Ingen er fratrådt i perioden.')
  })

  test('a sign that the font has not is written without its accent, never as another', () => {
    expect(printable('Łukasz Żółć, Ærø – 東, Nguyễn')).toBe('Łukasz Żółć, Ærø – ?, Nguyen')
  })
})
