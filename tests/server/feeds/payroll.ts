import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFeeds } from '../../../server/feeds/feeds-service.ts'
import { csvReader } from '../../../server/feeds/reading/read-csv.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import type { Clock } from '../../../server/platform/clock.ts'
import { silentLog } from '../../../server/platform/log.ts'
import type { Db } from '../../../server/platform/unit-of-work.ts'
import { sinks } from '../../../server/wiring.ts'
import { testKeyring } from './scratch.ts'

/** An employee as the payroll office writes one down: person and employment in one line. */
export type Employee = {
  no: string
  given: string
  family: string
  unit: string
  title: string
  starts: string
  ends: string
  fraction: string
}

const FAMILY = [
  ...['Andersen', 'Bach', 'Christensen', 'Dahl', 'Eriksen', 'Frandsen', 'Gade', 'Hansen', 'Iversen', 'Jensen'],
  ...['Kjær', 'Larsen', 'Madsen', 'Nielsen', 'Olsen', 'Petersen', 'Quist', 'Rasmussen', 'Sørensen', 'Thomsen'],
  ...['Ulrich', 'Vestergaard', 'Winther', 'Yde', 'Zacho', 'Ærø', 'Østergaard', 'Åkjær'],
]
const GIVEN = ['Anna', 'Bo', 'Camilla', 'David', 'Emma', 'Finn', 'Grethe', 'Henrik', 'Ida', 'Jens', 'Karen']
const TITLES = [
  'Lærer',
  'Pædagog',
  'SOSU-assistent',
  'Sagsbehandler',
  'Rengøringsassistent',
  'Teknisk servicemedarbejder',
]

/** Employees in the order of their names, as most lists come: a cut takes letters of the alphabet, not units. */
export function employees(count: number): Employee[] {
  return Array.from({ length: count }, (_, n) => ({
    no: String(10_000 + ((n * 7919) % 50_000)),
    given: GIVEN[n % GIVEN.length]!,
    family: FAMILY[n % FAMILY.length]!,
    unit: String(4000 + ((n * 31) % 23)),
    title: TITLES[(n * 13) % TITLES.length]!,
    starts: `20${String(10 + (n % 15))}-0${1 + (n % 9)}-01`,
    ends: n % 17 === 0 ? '2031-12-31' : '',
    fraction: n % 3 === 0 ? '0,8' : '1',
  })).sort((a, b) => compare(`${a.family} ${a.given} ${a.no}`, `${b.family} ${b.given} ${b.no}`))
}
const compare = new Intl.Collator('da').compare

const HEADER = 'Nr;Fornavn;Efternavn;Enhed;Stilling;Ansat;Ophør;Grad'
const line = (one: Employee) =>
  [one.no, one.given, one.family, one.unit, one.title, one.starts, one.ends, one.fraction].join(';')
export const payrollCsv = (list: readonly Employee[]): string => `${[HEADER, ...list.map(line)].join('\n')}\n`

/** A payroll feed: a real file, the real pipeline, the real people room. Guards as they come unless said. */
export function payroll(db: Db, clock: Clock, guards = '') {
  const folder = mkdtempSync(join(tmpdir(), 'hjemmel-payroll-'))
  const path = join(folder, 'loen.csv')
  const yaml = `sources:
  - key: loen
    kind: csv
    authority: 20
    ${guards}
    files:
      - path: loen.csv
        record: person
        key: Nr
        map: { givenName: Fornavn, familyName: Efternavn }
      - path: loen.csv
        record: affiliation
        key: Nr
        map:
          person: Nr
          affiliationKind: { const: employment }
          employeeNo: Nr
          unit: Enhed
          title: Stilling
          startsOn: Ansat
          endsOn: Ophør
          fraction: Grad
`
  let tick = Date.now() - 1_000_000
  const feeds = createFeeds({
    ...{ db, clock, keyring: testKeyring, log: silentLog, sinks: sinks(), readers: [csvReader], secretOf: () => '' },
  })
  return {
    feeds,
    path,
    declare: () => feeds.syncSources(parseSources(yaml, { file: 'kilder.yaml', folder, readers: [csvReader] })),
    write(content: string | Buffer, age?: Date) {
      writeFileSync(path, content)
      tick += 1000
      utimesSync(path, age ?? new Date(tick), age ?? new Date(tick))
    },
    run: (options: Parameters<typeof feeds.run>[1] = {}) => feeds.run('loen', options),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Everything that could be taken from somebody: who is employed, where, as what, until when, under which name. */
export const standing = (db: Db): Promise<unknown[]> =>
  db.snapshot(tx =>
    tx.query(
      `select ac.employee_no, ac.status, ac.unit_keys, ac.title, ac.starts_on, ac.ends_on, pc.name
       from affiliation_current ac join person_current pc on pc.person_id = ac.person_id order by ac.employee_no`,
    ),
  )
