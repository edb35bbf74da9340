import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import mammoth from 'mammoth'
import readXlsxFile from 'read-excel-file/node'
import { extractText, getDocumentProxy } from 'unpdf'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Moment } from '../../../../server/access/past-rights.ts'
import { packageScope } from '../../../../server/contract/packages.ts'
import { packageContent, previewView } from '../../../../server/overview/packages/package-content-view.ts'
import { packageStream } from '../../../../server/overview/packages/package-service.ts'
import { systemAsOfView } from '../../../../server/overview/pages/system-as-of-views.ts'
import { fixedClock } from '../../../../server/platform/clock.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import { counted } from '../../../support/counted.ts'
import { testDatabase } from '../../../support/database.ts'
import { job, person } from '../../../support/municipality.ts'
import { activityInForce } from '../../../support/register.ts'
import { unzip } from '../../../support/unzip.ts'
import { smallTown } from '../small-town.ts'

const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
const read = <T>(work: (tx: Tx) => Promise<T>) => database.db.snapshot(work)

type Asked = { systems?: string[]; unit?: string | null; names?: boolean; day?: string; known?: Date }
const scopeOf = ({ systems = [], unit = null, names = false, day = town.clock.today() }: Asked) =>
  packageScope.parse({ systems, unit, names, day, leaversFrom: '2025-01-01' })
const at = ({ day = town.clock.today(), known }: Asked): Moment => ({
  valid: day,
  known: known ?? town.clock.now(),
})
const make = (actor: Actor, asked: Asked) =>
  read(async tx => {
    const content = await packageContent(tx, actor, {
      ...{ scope: scopeOf(asked), at: at(asked), madeAs: 'dpo', today: town.clock.today(), municipality: 'Prøveby' },
    })
    const people = new Set<string>()
    const { stream, files } = packageStream(content, id => people.add(id))
    const file = await buffer(stream)
    return { file, files, people, entries: await unzip(file) }
  })
type Cells = (string | number | boolean | Date | null)[]
const rowsOf = async (file: Buffer | undefined): Promise<Cells[]> => {
  const [sheet] = (await readXlsxFile(file!)) as unknown as { data: Cells[] }[]
  // What it is about stands above; one line is left free before the head.
  const blank = sheet!.data.findIndex(row => row.every(cell => cell === null))
  return sheet!.data.slice(blank + 2)
}

beforeAll(async () => {
  town = await smallTown(database.db)
  await database.db.transaction(async tx => {
    const activity = await activityInForce(tx, {
      ...{ ref: 'BA-001', name: 'Hjemmepleje', units: [town.units['111']!], systems: [town.systems.sbsys!] },
      purposes: [
        {
          ...{ key: 'main', name: 'At yde pleje', art6: '6.1.e', art9: ['9.2.h'] },
          provisions: [{ law: 'Serviceloven', section: '§ 83', checkedOn: null }],
        },
      ],
    })
    await tx.query(`update activity_version set content = content || $1::jsonb`, [
      JSON.stringify({
        ...{ units: [town.units['111']], systems: [{ systemId: town.systems.sbsys, use: 'Sager' }] },
        purposes: [
          { key: 'main', name: 'At yde pleje', art6: '6.1.e', provisions: [{ law: 'Serviceloven', section: '§ 83' }] },
        ],
      }),
    ])
    await tx.query(
      `insert into purpose_binding (id, level, system_id, activity_id, purpose_key, necessity, origin, proposed_by, proposed_at,
         approved_by, approved_at, valid, recorded)
       values (gen_random_uuid(), 'system', $1, $2, 'main', 'Nødvendigt', 'manual', 'test', '2020-01-01', 'test', '2020-01-01',
         daterange('2020-01-01', null), tstzrange('2020-01-01', null))`,
      [town.systems.sbsys, activity],
    )
  })
})

describe('an inspection package', () => {
  test('holds its files, each with the hash that manifest and cover say', async () => {
    const { entries, files } = await make(town.actors.dpo, { systems: [town.systems.sbsys!] })
    const manifest = JSON.parse(entries.get('manifest.json')!.toString()) as {
      files: { name: string; sha256: string; bytes: number }[]
      notKept: string[]
      scope: { systemNames: string[] }
    }
    expect([...entries.keys()].sort()).toEqual([
      ...['00-forside.pdf', '01-fortegnelse.docx', '01-fortegnelse.pdf', '01-fortegnelse.xlsx', '02-systemer.xlsx'],
      ...['03-brugere-og-rettigheder.xlsx', '04-fratraadte.xlsx', '06-kontroller.xlsx', 'manifest.json'],
    ])
    for (const { name, sha256, bytes } of manifest.files) {
      expect(createHash('sha256').update(entries.get(name)!).digest('hex')).toBe(sha256)
      expect(entries.get(name)!.length).toBe(bytes)
    }
    expect(manifest.files.map(one => one.name)).toEqual([...entries.keys()].filter(name => name !== 'manifest.json'))
    expect(files.map(one => one.name)).toEqual([...entries.keys()])
    expect(manifest.scope.systemNames).toEqual(['SBSYS sag'])
    expect(manifest.notKept).toContain('breaches')
    const cover = await extractText(await getDocumentProxy(new Uint8Array(entries.get('00-forside.pdf')!)), {
      mergePages: true,
    })
    const said = cover.text.replace(/\s/g, '')
    for (const part of ['Prøveby', 'SBSYS sag', 'Ikke ført i Hjemmel', 'Brud på persondatasikkerheden'])
      expect(said).toContain(part.replace(/\s/g, ''))
    for (const { name, sha256 } of manifest.files.filter(one => one.name !== '00-forside.pdf')) {
      expect(said).toContain(name)
      expect(said).toContain(sha256)
    }
    const { value: docx } = await mammoth.extractRawText({ buffer: entries.get('01-fortegnelse.docx')! })
    for (const part of ['Hjemmepleje', 'At yde pleje', 'Serviceloven, § 83', 'SBSYS sag', 'Plejecenter Nord'])
      expect(docx).toContain(part)
  })

  test('says of each right what the page of the system says, with grant and purpose', async () => {
    const system = town.systems.sbsys!
    const { entries } = await make(town.actors.dpo, { systems: [system], names: true })
    const rows = await rowsOf(entries.get('03-brugere-og-rettigheder.xlsx'))
    const page = await read(tx => systemAsOfView(tx, town.actors.dpo, system, at({}), { offset: 0, limit: 200 }))
    const nameOf = (row: { person: { name: string | null; protected: boolean } | null }) =>
      row.person === null ? 'Konto uden person' : row.person.protected ? 'Beskyttet person' : row.person.name
    expect(rows.map(row => `${row[1]} ${row[2]}`).sort()).toEqual(
      page!.rows.map(row => `${row.entitlement.name} ${nameOf(row)}`).sort(),
    )
    expect(rows.length).toBeGreaterThan(4)
    const ann = rows.find(row => row[1] === 'Sagsbehandler' && row[2] === 'Ann Ærlig')!
    expect(ann.slice(3, 8)).toEqual(['SSA', 'Plejecenter Nord', 'Givet og set', 'Regel: Plejen', 'HR'])
    expect(ann.slice(11, 15)).toEqual([
      ...['BA-001 Hjemmepleje', 'At yde pleje'],
      expect.stringContaining('; '),
      'Serviceloven § 83',
    ])
    const bo = rows.find(row => row[1] === 'Sagsbehandler' && row[2] === 'Bo Åben')!
    expect(bo[5]).toBe('Set uden at være givet')
    // A protected person is there as such, and nothing says where they work.
    for (const kim of rows.filter(row => row[2] === 'Beskyttet person')) expect([kim[3], kim[4]]).toEqual([null, null])
    const all = [...entries.values()].map(one => one.toString('latin1')).join('')
    expect(all).not.toContain('Hemmelig')
  })

  test('without names a person has one number through the package, and no name is in any file', async () => {
    const { entries } = await make(town.actors.dpo, { systems: [town.systems.sbsys!], unit: town.units['110']! })
    const rights = await rowsOf(entries.get('03-brugere-og-rettigheder.xlsx'))
    const leavers = await rowsOf(entries.get('04-fratraadte.xlsx'))
    const who = new Set([...rights.map(row => row[2]), ...leavers.map(row => row[0])])
    for (const one of who) expect(one).toMatch(/^(P-[0-9a-f]{8}|Beskyttet person)$/)
    const texts = (
      await Promise.all(
        [...entries].filter(([name]) => name.endsWith('.xlsx')).map(async ([, file]) => await rowsOf(file)),
      )
    ).flat(2)
    for (const name of ['Ærlig', 'Åben', 'Gået', 'Slut', 'Hemmelig'])
      expect(
        texts.some(cell => String(cell).includes(name)),
        name,
      ).toBe(false)
    // Only who worked there: the chief works in the unit above.
    const everywhere = await make(town.actors.dpo, { systems: [town.systems.sbsys!] })
    const all = await rowsOf(everywhere.entries.get('03-brugere-og-rettigheder.xlsx'))
    expect(all.length).toBeGreaterThan(rights.length)
  })

  test('whoever left is in it with the day, and with what is still seen', async () => {
    const { entries, people } = await make(town.actors.dpo, { systems: [town.systems.sbsys!], names: true })
    const leavers = await rowsOf(entries.get('04-fratraadte.xlsx'))
    const gert = leavers.filter(row => row[0] === 'Gert Gået')
    expect(gert.length).toBeGreaterThan(0)
    expect((gert[0]![3] as Date).toISOString().slice(0, 10)).toBe('2025-12-31')
    expect(gert[0]![2]).toBe('Plejecenter Nord')
    expect(people.has(town.people.Gert!)).toBe(true)
    // Who goes later has not left.
    expect(leavers.some(row => row[0] === 'Sten Slut')).toBe(false)
  })

  test('the auditor gets no pupils, and it says so', async () => {
    const { entries } = await make(town.actors.auditor, {})
    expect((JSON.parse(entries.get('manifest.json')!.toString()) as { staffOnly: boolean }).staffOnly).toBe(true)
  })

  test('what was due and was not attested is in it', async () => {
    const { entries } = await make(town.actors.dpo, { systems: [town.systems.sbsys!] })
    const controls = await rowsOf(entries.get('06-kontroller.xlsx'))
    expect(controls).toHaveLength(1)
    expect(controls[0]![0]).toBe('Ejerens bekræftelse mangler')
    expect(controls[0]![6]).toBe('nej')
  })

  test('the preview says the same numbers, in few statements', async () => {
    const system = town.systems.sbsys!
    const { entries } = await make(town.actors.dpo, { systems: [system] })
    await read(async tx => {
      const { tx: counting, statements } = counted(tx)
      const preview = await previewView(
        counting,
        town.actors.dpo,
        scopeOf({ systems: [system] }),
        at({}),
        town.clock.today(),
      )
      // With session and user it is eight.
      expect(statements.length).toBeLessThanOrEqual(6)
      const rights = await rowsOf(entries.get('03-brugere-og-rettigheder.xlsx'))
      const count = (item: string) => preview.items.find(one => one.item === item)?.rows
      expect(count('rights')).toBe(rights.length)
      expect(count('records')).toBe(1)
      expect(count('systems')).toBe(1)
      expect(preview.protectedPeople).toBe(1)
      expect(preview.elsewhere).toBe(0)
      const area = await previewView(
        tx,
        town.actors.dpo,
        scopeOf({ systems: [system], unit: town.units['110']! }),
        at({}),
        town.clock.today(),
      )
      expect((area.items.find(one => one.item === 'rights')?.rows ?? 0) + area.elsewhere).toBe(rights.length)
    })
  })

  test('the same question gives the same bytes, also when the world has moved on since', async () => {
    const asked = { systems: [town.systems.sbsys!], names: true, day: town.clock.today(), known: town.clock.now() }
    const first = await make(town.actors.dpo, asked)
    expect((await make(town.actors.dpo, asked)).file.equals(first.file)).toBe(true)
    Object.assign(town.clock, fixedClock('2026-03-09T09:00:00Z'))
    await town.feed('hr', [
      person('Nina', { familyName: 'Ny' }),
      job('e-nina', 'Nina', { unit: '111', title: 'SSA' }),
      job('e-ann', 'Ann', { unit: '112', title: 'Kok' }),
      job('e-bo2', 'Bo', { unit: '111', title: 'Vikar', affiliationKind: 'temp', primary: true, endsOn: '2026-02-01' }),
    ])
    await database.db.transaction(async tx => {
      await tx.query(`update activity_in_force set recorded = tstzrange(lower(recorded), '2026-03-08')`)
      await tx.query(`update purpose_binding set recorded = tstzrange(lower(recorded), '2026-03-08')`)
    })
    const later = await make(town.actors.dpo, asked)
    expect(later.file.equals(first.file)).toBe(true)
    // Asked of what is known now, it is another.
    const now = await make(town.actors.dpo, { ...asked, known: town.clock.now() })
    expect(now.file.equals(first.file)).toBe(false)
  })
})
