import { beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_CORRELATION } from '../../../server/feeds/sources/correlation-settings.ts'
import { testDatabase } from '../../support/database.ts'
import { account, entitlement, group, job, municipality, person, system, unit } from '../../support/municipality.ts'

/*
 * Every link situation on a real database through the real pipeline. CPR numbers have real dates of birth and are
 * nobody's (the last four digits of a day to come).
 */
const database = testDatabase()
let town: ReturnType<typeof municipality>

type Row = {
  situation: string
  reason: string | null
  evidence: string | null
  confidence: number | null
  person: string | null
  candidates: number
  found_linked: boolean
  kind: string
  gone: boolean
}
async function at(key: string, source = 'ad'): Promise<Row> {
  const [row] = await database.db.snapshot(tx =>
    tx.query<Row>(
      `select a.situation, a.reason, a.evidence, a.confidence, p.given_name as person, jsonb_array_length(a.candidates) as candidates,
         a.found_linked, a.kind, a.gone_at is not null as gone
       from account a left join person_current p on p.person_id = a.person_id where a.source = $1 and a.key = $2`,
      [source, key],
    ),
  )
  if (!row) throw new Error(`no account ${key}`)
  return row
}
const linksOf = (key: string) =>
  database.db.snapshot(tx =>
    tx.query<{ verdict: string; open: boolean; by: string; evidence: string }>(
      `select k.verdict, k.until is null as open, k.decided_by as by, k.evidence from account_link k
       join account a on a.id = k.account_id where a.key = $1 order by k.since, k.id`,
      [key],
    ),
  )
const one = (key: string, attrs: Record<string, string | boolean> = {}) =>
  account(key, { username: key, dn: `cn=${key},dc=x`, enabled: true, ...attrs })

beforeAll(async () => {
  await database.reset()
  town = municipality(database.db, undefined, source =>
    source === 'report'
      ? { correlation: { ...DEFAULT_CORRELATION, link: false } }
      : source === 'school'
        ? { correlation: { ...DEFAULT_CORRELATION, realm: 'pupil' } }
        : source === 'wide'
          ? {
              correlation: {
                ...DEFAULT_CORRELATION,
                by: [
                  { attributes: ['name', 'birthDate', 'unit'], confidence: 96 },
                  { attributes: ['name', 'birthDate'], confidence: 60 },
                  { attributes: ['email'], confidence: 55 },
                ],
              },
            }
          : {},
  )
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'top' }),
    unit('111', { name: 'Plejecenter Nord', unitKind: 'institution', parent: '100' }),
    person('Ann', { cpr: '0101804000', birthDate: '1980-01-01', email: 'ann@x.dk' }),
    person('Bo', { cpr: '0201804001', birthDate: '1980-01-02', email: 'faelles@x.dk' }),
    person('Cia', { birthDate: '1980-01-03', email: 'faelles@x.dk' }),
    person('Dan', { cpr: '0401804003' }),
    person('Eva', { cpr: '0501804004' }),
    person('Ole', { cpr: '0601104005', realm: 'pupil' }),
    person('OleJob', { cpr: '0601104005' }),
    job('e-ann', 'Ann', { unit: '111' }),
    job('e-bo', 'Bo', { unit: '111' }),
    job('e-cia', 'Cia', { unit: '111' }),
    job('e-dan', 'Dan', { unit: '111' }),
    job('e-eva', 'Eva', { unit: '111' }),
    job('e-olejob', 'OleJob', { unit: '111' }),
    job('k-ole', 'Ole', { affiliationKind: 'pupil', employeeNo: 'k-ole' }),
    job('twin-1', 'Dan', { employeeNo: 'twin', unit: '111' }),
    job('twin-2', 'Eva', { employeeNo: 'twin', unit: '111' }),
  ])
}, 120_000)

describe('an account is', () => {
  it('linked by the employee number, which names an affiliation, and stays linked when the number goes', async () => {
    await town.feed('ad', [one('ann', { employeeNo: 'e-ann' })])
    expect(await at('ann')).toMatchObject({ situation: 'linked', person: 'Ann', evidence: 'employee-no', reason: null })
    await town.feed('ad', [one('ann')])
    expect(await at('ann')).toMatchObject({ situation: 'linked', person: 'Ann' })
  })

  it('linked by the CPR number, whatever it is called', async () => {
    await town.feed('ad', [one('xyz', { cpr: '020180-4001', displayName: 'Helt Anden' })])
    expect(await at('xyz')).toMatchObject({ situation: 'linked', person: 'Bo', evidence: 'cpr', confidence: 98 })
  })

  it('unmatched without a number, with an unknown number, and as a machine', async () => {
    await town.feed('ad', [
      one('nobody'),
      one('unknown', { employeeNo: 'e-none' }),
      one('svc', { accountKind: 'service', employeeNo: 'e-ann' }),
    ])
    expect(await at('nobody')).toMatchObject({ situation: 'unmatched', reason: 'no-number' })
    expect(await at('unknown')).toMatchObject({ situation: 'unmatched', reason: 'number-unknown' })
    expect(await at('svc')).toMatchObject({ situation: 'unmatched', reason: 'not-personal', person: null })
  })

  it('disputed when the number leads to several, or the CPR number says somebody else than the number', async () => {
    await town.feed('ad', [
      one('twins', { employeeNo: 'twin' }),
      one('torn', { employeeNo: 'e-dan', cpr: '0501804004' }),
    ])
    expect(await at('twins')).toMatchObject({ situation: 'disputed', reason: 'several-people', candidates: 2 })
    expect(await at('torn')).toMatchObject({
      situation: 'disputed',
      reason: 'contradiction',
      person: null,
      candidates: 2,
    })
  })

  it('found when the person has one in the source already: by number linked and flagged, by CPR only found', async () => {
    await town.feed('ad', [one('ann2', { employeeNo: 'e-ann' }), one('bo2', { cpr: '0201804001' })])
    expect(await at('ann2')).toMatchObject({ situation: 'linked', person: 'Ann', found_linked: true })
    expect(await at('ann')).toMatchObject({ situation: 'linked', found_linked: true })
    expect(await at('bo2')).toMatchObject({
      situation: 'unlinked',
      reason: 'already-linked',
      person: null,
      found_linked: true,
      candidates: 1,
    })
  })

  it('only found, where the source says that people link', async () => {
    await town.feed('report', [one('r-dan', { employeeNo: 'e-dan' })])
    expect(await at('r-dan', 'report')).toMatchObject({ situation: 'unlinked', reason: 'report-only', person: null })
  })

  it('never an employee’s by the CPR number of a pupil, nor a pupil’s by that of an employee', async () => {
    await town.feed('ad', [one('ole-ad', { cpr: '0601104005' })])
    expect(await at('ole-ad')).toMatchObject({ situation: 'linked', person: 'OleJob' })
    await town.feed('school', [one('ole-school', { cpr: '0601104005' }), one('ann-school', { cpr: '0101804000' })])
    expect(await at('ole-school', 'school')).toMatchObject({ situation: 'linked', person: 'Ole' })
    expect(await at('ann-school', 'school')).toMatchObject({ situation: 'unmatched', person: null })
  })

  it('never linked on name or e-mail, whatever the confidence; attributes link only from certain on', async () => {
    await town.feed('ad', [one('ann-name', { displayName: 'Ann Prøve', email: 'ann@x.dk' })])
    expect(await at('ann-name')).toMatchObject({ situation: 'unmatched', person: null })
    await town.feed('wide', [
      one('w-cia', { displayName: 'Cia Prøve', birthDate: '1980-01-03', unit: '111' }),
      one('w-ann', { displayName: 'Ann Prøve', birthDate: '1980-01-01' }),
      one('w-mail', { email: 'faelles@x.dk' }),
    ])
    expect(await at('w-cia', 'wide')).toMatchObject({ situation: 'linked', person: 'Cia', evidence: 'attributes' })
    expect(await at('w-ann', 'wide')).toMatchObject({ situation: 'disputed', reason: 'uncertain', candidates: 1 })
    expect(await at('w-mail', 'wide')).toMatchObject({ situation: 'disputed', reason: 'several-people', candidates: 2 })
  })

  it('disputed with two links when its number names somebody else than the link: nothing settles that by itself', async () => {
    await town.feed('ad', [one('handed', { employeeNo: 'e-dan' })])
    await town.feed('ad', [one('handed', { employeeNo: 'e-eva' })])
    expect(await at('handed')).toMatchObject({
      situation: 'disputed',
      reason: 'two-links',
      person: 'Dan',
      candidates: 2,
    })
    expect(await linksOf('handed')).toHaveLength(2)
    // Neither going back nor another run settles it.
    await town.feed('ad', [one('handed', { employeeNo: 'e-dan' })])
    await town.feed('ad', [one('handed', { employeeNo: 'e-dan', displayName: 'Dan' })])
    expect(await at('handed')).toMatchObject({ situation: 'disputed', reason: 'two-links' })
    expect(await linksOf('handed')).toHaveLength(2)
  })

  it('gone when it has left; back again it is asked again, and a new one of the same name inherits nothing', async () => {
    await town.feed('ad', [one('left', { employeeNo: 'e-cia', username: 'cia' })])
    await town.feed('ad', [], ['account/left'])
    await town.feed('ad', [])
    expect(await at('left')).toMatchObject({ situation: 'gone', reason: 'left-source', person: 'Cia', gone: true })
    await town.feed('ad', [one('new-guid', { username: 'cia' })])
    expect(await at('new-guid')).toMatchObject({ situation: 'unmatched', person: null })
    await town.feed('ad', [one('left', { employeeNo: 'e-eva', username: 'cia' })])
    expect(await at('left')).toMatchObject({ situation: 'linked', person: 'Eva' })
    expect(await linksOf('left')).toHaveLength(2)
    expect((await linksOf('left')).filter(link => link.open)).toHaveLength(1)
  })

  it('linked once the account that it waited behind has gone, and is searched for by its own name alone', async () => {
    const usernames = async () =>
      (
        await database.db.snapshot(tx =>
          tx.query<{ usernames: string }>(`select usernames from person_current where given_name = 'Bo'`),
        )
      )[0]!.usernames
    expect(await at('bo2')).toMatchObject({ situation: 'unlinked', reason: 'already-linked', person: null })
    expect(await usernames()).toBe('xyz')
    await town.feed('ad', [], ['account/xyz'])
    await town.feed('ad', [])
    expect(await at('xyz')).toMatchObject({ situation: 'gone', found_linked: false })
    expect(await at('bo2')).toMatchObject({ situation: 'linked', person: 'Bo', evidence: 'cpr', found_linked: false })
    expect(await usernames()).toBe('bo2')
  })

  it('linked and flagged no longer, once the person has one account left', async () => {
    await town.feed('ad', [], ['account/ann'])
    await town.feed('ad', [])
    expect(await at('ann2')).toMatchObject({ situation: 'linked', person: 'Ann', found_linked: false })
  })

  it('found beside one that is linked by a stronger number, also when both come at once', async () => {
    await town.feed('hr', [person('Ib', { cpr: '1401804013' }), job('e-ib', 'Ib')])
    await town.feed('ad', [one('ib-number', { employeeNo: 'e-ib' }), one('ib-cpr', { cpr: '1401804013' })])
    expect(await at('ib-number')).toMatchObject({ situation: 'linked', person: 'Ib', found_linked: false })
    expect(await at('ib-cpr')).toMatchObject({ situation: 'unlinked', reason: 'already-linked' })
  })

  it('linked once the number becomes known: a later employment finds the account that waits', async () => {
    await town.feed('ad', [one('early', { employeeNo: 'e-early' }), one('early-cpr', { cpr: '1101804010' })])
    expect(await at('early')).toMatchObject({ situation: 'unmatched', reason: 'number-unknown' })
    await town.feed('hr', [
      person('Fie'),
      person('Gry', { cpr: '1101804010' }),
      job('e-early', 'Fie'),
      job('e-gry', 'Gry'),
    ])
    expect(await at('early')).toMatchObject({ situation: 'linked', person: 'Fie' })
    expect(await at('early-cpr')).toMatchObject({ situation: 'linked', person: 'Gry', evidence: 'cpr' })
  })
})

describe('the account of a machine', () => {
  it('is never ended by a feed: it stays, with what it held, until a person says so', async () => {
    await town.feed('systems', [
      system('sbsys', { name: 'SBSYS', reading: 'groups' }),
      entitlement('sbsys/all', { name: 'Alt' }),
    ])
    await town.rules(`mappings:\n  - { source: ad, match: { cn: g-all }, entitlement: sbsys/all }\n`)
    await town.feed('ad', [
      one('robot', { accountKind: 'service' }),
      one('human'),
      group('g-all', { name: 'g-all', dn: 'cn=g-all,dc=x', members: 'cn=robot,dc=x|cn=human,dc=x' }),
    ])
    const holders = async () =>
      (
        await database.db.snapshot(tx =>
          tx.query<{ key: string }>(
            'select a.key from observed_right o join account a on a.id = o.account_id order by a.key',
          ),
        )
      ).map(row => row.key)
    expect(await holders()).toEqual(['human', 'robot'])
    // A directory takes an account out of its groups when it is deleted.
    await town.feed(
      'ad',
      [group('g-all', { name: 'g-all', dn: 'cn=g-all,dc=x', members: '' })],
      ['account/robot', 'account/human'],
    )
    await town.feed('ad', [])
    expect(await at('robot')).toMatchObject({ situation: 'gone', kind: 'service', gone: false })
    expect(await at('human')).toMatchObject({ situation: 'gone', gone: true })
    expect(await holders()).toEqual(['robot'])
  })
})

it('each run keeps how many accounts of its source stand in which situation', async () => {
  await town.feed('ad', [one('last')])
  const [run] = await database.db.snapshot(tx =>
    tx.query<{ situations: Record<string, number> }>(
      `select situations from feed_run where source = 'ad' order by started_at desc limit 1`,
    ),
  )
  const rows = await database.db.snapshot(tx =>
    tx.query<{ situation: string; n: number }>(
      `select situation, count(*)::int as n from account where source = 'ad' group by situation`,
    ),
  )
  expect(run!.situations).toMatchObject(Object.fromEntries(rows.map(row => [row.situation, row.n])))
  expect(run!.situations.protected).toBe(2)
})
