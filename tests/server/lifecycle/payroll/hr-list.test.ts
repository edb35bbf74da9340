import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { recordSchemas } from '../../../../server/people/read-records.ts'
import { type Clock, civilDate } from '../../../../server/platform/clock.ts'
import { testDatabase } from '../../../support/database.ts'
import { numberOf, type OpusTown, opusTown, twoLooks } from './opus-town.ts'

/** The declarations that docs/payroll.md shows, read as they stand there. */
const docs = readFileSync('docs/payroll.md', 'utf8')
const shown = [...docs.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!)
const whole = (text: string) => (text.startsWith('sources:') ? text : `sources:\n${text}`)
const HR = whole(shown.find(text => text.includes('hr-liste'))!)

const database = testDatabase()
const began = Date.now()
const clock: Clock = {
  now: () => new Date(Date.parse('2026-03-02T09:00:00Z') + Date.now() - began),
  today: () => civilDate(clock.now()),
}
let town: OpusTown
beforeEach(async () => {
  await database.reset()
  town = opusTown(HR.replace('folder: hr', 'folder: opus'), clock)
})
afterEach(() => town.remove())

test('each declaration of the document is one that is understood', () => {
  expect(shown).toHaveLength(3)
  for (const text of shown) {
    const own = opusTown(whole(text), clock)
    expect(own.declare()).toHaveLength(1)
    own.remove()
  }
})

test('the list of one’s own maps everything that an affiliation can say by itself', () => {
  const [source] = parse(HR).sources
  const mapped = Object.keys(source.files[1].map)
  const notInALeader = [
    'payUnit',
    'unitOverride',
    'primary',
    'functions',
    'schoolClass',
    'endReason',
    'leaveReason',
    'payrollConfirmed',
  ]
  expect([...mapped, ...notInALeader].sort()).toEqual(Object.keys(recordSchemas.affiliation.shape).sort())
})

test('a list with the days that HR decides: rights end with the governing one', async () => {
  const feeds = await town.feeds(database.db)
  town.drop(
    'hr-1.csv',
    `Nr;CPR;Fornavn;Efternavn;E-mail;Beskyttet\np1;${numberOf(1)};Bo;Holm;bo@andeby.dk;ja\np2;${numberOf(2)};Ida;Dahl;;\n`,
  )
  const head =
    'Nr;Person;Slags;Enhed;Stilling;Grad;Fra;Til;Sidste arbejdsdag;Fritstillet fra;Adgang til;Styrer;Orlov fra;Orlov til;Orlovstype;Bureau;Timeløn;Kontaktperson'
  town.drop(
    'ansat-1.csv',
    `${head}
a1;p1;Ansat;100;Lærer;0,8;01-02-2020;01-06-2026;15-04-2026;01-04-2026;01-04-2026;Fritstilling;;;;;nej;
a2;p2;Vikar;100;Vikar;1;01-03-2026;01-09-2026;;;;;01-03-2026;01-05-2026;parental;Vikarbureauet;ja;a1
`,
  )
  expect(await twoLooks(feeds)).toMatchObject([{ state: 'done', added: 4, rejected: 0 }])
  const rows = await database.db.snapshot(tx =>
    tx.query(
      `select employee_no as no, kind, status, fraction::float8 as fraction, ends_on as ends, contract_ends_on as contract,
         access_ends_on as access, end_governs as governs, on_leave as "onLeave", agency, hourly_paid as hourly
       from affiliation_current order by 1`,
    ),
  )
  expect(rows).toEqual([
    {
      ...{ no: 'a1', kind: 'employment', status: 'active', fraction: 0.8, ends: '2026-04-01', contract: '2026-06-01' },
      ...{ access: '2026-04-01', governs: 'released', onLeave: false, agency: null, hourly: false },
    },
    {
      ...{ no: 'a2', kind: 'temp', status: 'active', fraction: 1, ends: '2026-09-01', contract: '2026-09-01' },
      ...{ access: null, governs: null, onLeave: true, agency: 'Vikarbureauet', hourly: true },
    },
  ])
})

test('a list that says that it is payroll opens drafts for what nobody has reported; any other list opens none', async () => {
  const head =
    'Nr;Person;Slags;Enhed;Stilling;Grad;Fra;Til;Sidste arbejdsdag;Fritstillet fra;Adgang til;Styrer;Orlov fra;Orlov til;Orlovstype;Bureau;Timeløn;Kontaktperson'
  const people = Array.from({ length: 12 }, (_, n) => `p${n};${numberOf(n)};Bo;Holm ${n};;`)
  const jobs = people.map(
    (_, n) => `a${n};p${n};Ansat;100;Lærer;1;01-02-2020;${n === 3 ? '01-05-2026' : ''};;;;;;;;;nej;`,
  )
  const hire = `b1;p0;Ansat;200;Vikar;0,5;01-04-2026;01-10-2026;;;;;;;;;nej;`
  const longer = jobs.map(line => line.replace(';01-05-2026;', ';01-01-2027;'))
  const cases = () =>
    database.db.snapshot(tx =>
      tx.query<Record<string, unknown>>(
        `select c.kind, c.door, c.state, c.origin, c.deadline, a.key as no, c.form from lifecycle_case c
         join affiliation a on a.id = c.affiliation_id order by a.key`,
      ),
    )
  const read = async (yaml: string) => {
    await database.reset()
    town.remove()
    town = opusTown(yaml.replace('folder: hr', 'folder: opus'), clock)
    const feeds = await town.feeds(database.db)
    const drop = async (n: number, lines: readonly string[]) => {
      town.drop(`hr-${n}.csv`, `Nr;CPR;Fornavn;Efternavn;E-mail;Beskyttet\n${people.join('\n')}\n`)
      town.drop(`ansat-${n}.csv`, `${head}\n${lines.join('\n')}\n`)
      expect(await twoLooks(feeds)).toMatchObject([{ state: 'done', rejected: 0 }])
    }
    await drop(1, jobs)
    expect(await cases()).toEqual([])
    await drop(2, [...longer, hire])
    return cases()
  }
  expect(await read(HR)).toEqual([])
  expect(await read(HR.replace('    files:', '    drafts: { days: 7 }\n    files:'))).toMatchObject([
    { no: 'a3', kind: 'end', door: 'extend', state: 'draft', origin: 'payroll', form: { endsOn: '2027-01-01' } },
    {
      ...{ no: 'b1', kind: 'hire', door: 'plain', state: 'draft', origin: 'payroll', deadline: '2026-03-09' },
      form: { affiliation: { kind: 'employment', title: 'Vikar', startsOn: '2026-04-01', endsOn: '2026-10-01' } },
    },
  ])
})
