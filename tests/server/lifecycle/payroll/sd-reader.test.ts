import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { primaryOf, readEmployment } from '../../../../server/lifecycle/payroll/sd-record.ts'
import { type Clock, civilDate } from '../../../../server/platform/clock.ts'
import { testDatabase } from '../../../support/database.ts'
import { numberOf, type OpusTown, opusTown, twoLooks } from './opus-town.ts'

/** Responses of SD Løn in the shape of its service, with invented people. */
const database = testDatabase()
let day = '2026-03-02'
const began = Date.now()
const clock: Clock = {
  now: () => new Date(Date.parse(`${day}T21:45:00Z`) + Date.now() - began),
  today: () => civilDate(clock.now()),
}
const YAML = (more = '') => `sources:
  - key: sd
    name: SD Løn
    kind: sd
    authority: 30
    drops: { folder: sd }
    ${more}
`
let town: OpusTown
let feeds: Awaited<ReturnType<OpusTown['feeds']>>
async function open(more = '') {
  town = opusTown(YAML(more), clock)
  feeds = await town.feeds(database.db)
}
beforeEach(async () => {
  await database.reset()
  await open()
})
afterEach(() => town.remove())

type Status = [code: string, from: string, to?: string]
type Job = {
  id: string
  begun?: string
  statuses?: Status[]
  department?: string
  title?: string
  rate?: string
  salaried?: boolean
  more?: string
}
type Someone = { cpr: string; given?: string; family?: string; jobs: Job[]; address?: string }
const dated = (from: string, to = '9999-12-31') =>
  `<ActivationDate>${from}</ActivationDate><DeactivationDate>${to}</DeactivationDate>`
const root = (name: string, body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><${name} creationDateTime="2026-03-02T22:00:00"><RequestStructure><InstitutionIdentifier>AB</InstitutionIdentifier></RequestStructure>${body}</${name}>`

const employmentXml = (one: Job) => `<Employment><EmploymentIdentifier>${one.id}</EmploymentIdentifier>
  <EmploymentDate>${one.begun ?? '2020-02-01'}</EmploymentDate><AnniversaryDate>2020-02-01</AnniversaryDate>
  ${(one.statuses ?? [['1', '2020-02-01']]).map(([code, from, to]) => `<EmploymentStatus>${dated(from, to)}<EmploymentStatusCode>${code}</EmploymentStatusCode></EmploymentStatus>`).join('')}
  <EmploymentDepartment>${dated('2015-01-01', '2019-01-01')}<DepartmentIdentifier>GAMMEL</DepartmentIdentifier></EmploymentDepartment>
  <EmploymentDepartment>${dated('2019-01-02')}<DepartmentIdentifier>${one.department ?? 'SKOLE'}</DepartmentIdentifier></EmploymentDepartment>
  <Profession>${dated('2019-01-02')}<JobPositionIdentifier>1234</JobPositionIdentifier><EmploymentName>${one.title ?? 'Lærer'}</EmploymentName><AppointmentCode>0</AppointmentCode></Profession>
  <WorkingTime>${dated('2019-01-02')}<OccupationRate>${one.rate ?? '1.0000'}</OccupationRate><SalariedIndicator>${one.salaried ?? true}</SalariedIndicator></WorkingTime>${one.more ?? ''}
 </Employment>`
const personOf = (one: Someone) =>
  `<Person><PersonCivilRegistrationIdentifier>${one.cpr}</PersonCivilRegistrationIdentifier><PersonGivenName>${one.given ?? 'Bo'}</PersonGivenName><PersonSurnameName>${one.family ?? 'Holm'}</PersonSurnameName>
  <PostalAddress><StandardAddressIdentifier>${one.address ?? 'Zebravænget 77'}</StandardAddressIdentifier><PostalCode>9900</PostalCode><DistrictName>Skjultby</DistrictName></PostalAddress></Person>`
const jobsOf = (one: Someone) =>
  `<Person><PersonCivilRegistrationIdentifier>${one.cpr}</PersonCivilRegistrationIdentifier>${one.jobs.map(employmentXml).join('')}</Person>`
const ORGANISATION = root(
  'GetOrganization20111201',
  `<Organization>${dated('2020-01-01')}<DepartmentReference><DepartmentIdentifier>SKOLE</DepartmentIdentifier><DepartmentLevelIdentifier>NY0</DepartmentLevelIdentifier><DepartmentReference><DepartmentIdentifier>BØRN</DepartmentIdentifier><DepartmentLevelIdentifier>NY1</DepartmentLevelIdentifier></DepartmentReference></DepartmentReference></Organization>`,
)
const DEPARTMENTS = root(
  'GetDepartment20111201',
  [
    ['SKOLE', 'Søndre Skole'],
    ['BØRN', 'Børn og Unge'],
  ]
    .map(
      ([id, name]) =>
        `<Department>${dated('2020-01-01')}<DepartmentIdentifier>${id}</DepartmentIdentifier><DepartmentName>${name}</DepartmentName></Department>`,
    )
    .join(''),
)
async function evening(on: string, people: readonly Someone[]) {
  day = on
  const stamp = `${on.replaceAll('-', '')}220000`
  town.drop(`GetOrganization20111201_${stamp}.xml`, ORGANISATION)
  town.drop(`GetDepartment20111201_${stamp}.xml`, DEPARTMENTS)
  town.drop(`GetPerson20111201_${stamp}.xml`, root('GetPerson20111201', people.map(personOf).join('')))
  town.drop(`GetEmployment20111201_${stamp}.xml`, root('GetEmployment20111201', people.map(jobsOf).join('')))
  return twoLooks(feeds)
}
const rows = <Row>(sql: string) => database.db.snapshot(tx => tx.query<Row>(sql))
const jobs = () =>
  rows<{ no: string; status: string; starts: string; ends: string | null; primary: boolean; person: string }>(
    `select employee_no as no, status, starts_on as starts, ends_on as ends, is_primary as primary, person_id as person,
       on_leave as "onLeave", hourly_paid as hourly, title, fraction::float8 as fraction from affiliation_current order by 1`,
  )
const crowd: Someone[] = Array.from({ length: 30 }, (_, n) => ({
  ...{ cpr: numberOf(100 + n), given: 'Ida', family: `Dahl ${n}` },
  jobs: [{ id: String(50_000 + n) }],
}))

describe('SD Løn', () => {
  test('people, employments and departments with those above; the department of the day, not of its history', async () => {
    const [run] = await evening('2026-03-02', [...crowd, { cpr: numberOf(1), jobs: [{ id: '00123', rate: '0.8' }] }])
    expect(run).toMatchObject({ state: 'done', added: 64, rejected: 0 })
    expect((await jobs())[0]).toMatchObject({ no: '00123', status: 'active', fraction: 0.8, title: 'Lærer' })
    expect(
      await rows(
        `select u.key, u.name, p.key as parent from org_unit_current u left join org_unit p on p.id = u.parent_id order by 1`,
      ),
    ).toEqual([
      { key: 'BØRN', name: 'Børn og Unge', parent: null },
      { key: 'SKOLE', name: 'Søndre Skole', parent: 'BØRN' },
    ])
  })

  test('no number and no address stands anywhere as it is: keys are hashed under a secret, and stay what they are', async () => {
    const one: Someone = { cpr: numberOf(1), jobs: [{ id: '00123' }], address: 'ADRESSEBESKYTTET Zebravænget 77' }
    await evening('2026-03-02', [...crowd, one])
    expect(await rows('select from person_current where protected')).toHaveLength(1)
    const tables = await rows<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
    )
    for (const { name } of tables)
      expect({
        name,
        rows: await rows(`select 1 from ${name} t where t::text ~* 'zebra|skjultby|${one.cpr}'`),
      }).toEqual({
        name,
        rows: [],
      })
    const [run] = await evening('2026-03-03', [...crowd, one])
    expect(run).toMatchObject({ added: 0, changed: 0, gone: 0, missing: 0 })
  })

  test('status codes: 0 before the start, 1 and leave are employed, 7, 8 and 9 are over, S is deleted', async () => {
    const statuses: [string, Status[], string?][] = [
      ['A0', [['0', '2026-02-01']], '2026-04-01'],
      ['A1', [['1', '2020-02-01']]],
      [
        'A3',
        [
          ['1', '2020-02-01', '2026-02-28'],
          ['3', '2026-03-01', '2026-05-31'],
          ['1', '2026-06-01'],
        ],
      ],
      ['A4', [['4', '2026-03-01']]],
      [
        'A7',
        [
          ['1', '2020-02-01', '2026-01-31'],
          ['7', '2026-02-01'],
        ],
      ],
      [
        'A8',
        [
          ['1', '2020-02-01', '2026-05-31'],
          ['8', '2026-06-01'],
        ],
      ],
      ['A9', [['9', '2025-02-01']]],
    ]
    const people = statuses.map(
      ([id, of, begun], n): Someone => ({
        cpr: numberOf(1 + n),
        jobs: [{ id, statuses: of, ...(begun ? { begun } : {}) }],
      }),
    )
    const gone: Someone = { cpr: numberOf(50), jobs: [{ id: 'AS' }] }
    await evening('2026-03-02', [...crowd, ...people, gone])
    const found = new Map((await jobs()).map(one => [one.no, one]))
    expect(found.get('A0')).toMatchObject({ status: 'future', starts: '2026-04-01' })
    expect(found.get('A1')).toMatchObject({ status: 'active', onLeave: false })
    expect(found.get('A3')).toMatchObject({ status: 'active', onLeave: true, ends: null })
    expect(found.get('A4')).toMatchObject({ status: 'active', onLeave: true })
    expect(found.get('A7')).toMatchObject({ status: 'ended', ends: '2026-02-01' })
    expect(found.get('A8')).toMatchObject({ status: 'active', ends: '2026-06-01' })
    expect(found.get('A9')).toMatchObject({ status: 'ended' })
    // Nobody is taken for dead: sources disagree about what the codes say.
    expect(await rows('select from person_current where died_on is not null')).toEqual([])
    const deleted = { ...gone, jobs: [{ id: 'AS', statuses: [['S', '2026-03-01']] as Status[] }] }
    const odd: Someone = { cpr: numberOf(51), jobs: [{ id: 'AX', statuses: [['X', '2026-03-01']] }] }
    const [run] = await evening('2026-03-03', [...crowd, ...people, deleted, odd])
    expect(run).toMatchObject({ rejected: 1, gone: 1 })
    expect((await jobs()).find(one => one.no === 'AS')).toMatchObject({ status: 'ended', ends: '2026-03-03' })
  })

  test('several employments are one person; the primary is the highest rate, then the lowest number', async () => {
    await evening('2026-03-02', [
      ...crowd,
      {
        cpr: numberOf(1),
        jobs: [
          { id: 'B2', rate: '0.5', salaried: false },
          { id: 'B1', rate: '0.5' },
          { id: 'B3', rate: '0.9', statuses: [['8', '2026-01-01']] },
        ],
      },
    ])
    const own = (await jobs()).filter(one => one.no.startsWith('B'))
    expect(new Set(own.map(one => one.person)).size).toBe(1)
    expect(own.map(one => [one.no, one.primary])).toEqual([
      ['B1', true],
      ['B2', false],
      ['B3', false],
    ])
    expect(own[1]).toMatchObject({ hourly: true })
    expect(primaryOf([])).toBeNull()
  })

  test('rules of the declaration leave out by department and those above it', async () => {
    town.remove()
    await open('leaveOut: [{ why: Timelønnede i skolerne, when: { departmentOrAbove: BØRN, salaried: "false" } }]')
    const hourly: Someone = { cpr: numberOf(1), jobs: [{ id: 'C1', salaried: false }, { id: 'C2' }] }
    await evening('2026-03-02', [...crowd, hourly])
    expect((await jobs()).filter(one => one.no.startsWith('C')).map(one => one.no)).toEqual(['C2'])
  })

  test('one response alone is read beside what the others said last: nobody is missed', async () => {
    await evening('2026-03-02', crowd)
    day = '2026-03-03'
    const promoted = crowd.map((one): Someone => ({ ...one, jobs: one.jobs.map(job => ({ ...job, title: 'Rektor' })) }))
    const file = root('GetEmployment20111201', [...promoted.slice(0, 2), ...crowd.slice(2)].map(jobsOf).join(''))
    town.drop('GetEmployment20111201_20260303220000.xml', file)
    expect(await twoLooks(feeds)).toMatchObject([{ state: 'done', changed: 2, missing: 0, gone: 0 }])
  })
})

test('an employment without any date is nothing that a right could hang on', () => {
  const bare = {
    name: 'Employment',
    attributes: {},
    text: '',
    line: 1,
    children: [{ name: 'EmploymentIdentifier', attributes: {}, text: '7', line: 1, children: [] }],
  }
  expect(readEmployment(bare, 'p', '2026-03-02', '', 'pay')).toMatchObject({ is: 'left-out', why: 'no-entry-date' })
})
