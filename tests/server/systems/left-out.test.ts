import { beforeEach, expect, it } from 'vitest'
import {
  type CorrelationSettings,
  correlationSettings,
  DEFAULT_CORRELATION,
} from '../../../server/feeds/sources/correlation-settings.ts'
import { relinkAccounts } from '../../../server/systems/link-store.ts'
import { testDatabase } from '../../support/database.ts'
import { account, job, municipality, person, unit } from '../../support/municipality.ts'

/* What a source says nobody follows: by a mark on the entry, by user name, by OU; and what a person has said above it. */
const database = testDatabase()
let town: ReturnType<typeof municipality>
let declared: CorrelationSettings

const outOfScope = (given: { usernames?: string[]; below?: string[] }): CorrelationSettings => ({
  ...DEFAULT_CORRELATION,
  outOfScope: { usernames: given.usernames ?? [], below: given.below ?? [] },
})
const ann = (more: Record<string, string | boolean> = {}) =>
  account('ann', { username: 'ann', dn: 'CN=Ann,OU=Ansatte,DC=x', employeeNo: '4711', ...more })
const ext = account('ext', { username: 'x-bo', dn: 'CN=Bo,OU=Eksterne,DC=x', employeeNo: '4712' })

type State = { situation: string; reason: string | null; out: boolean; person: string | null }
const state = async (key: string): Promise<State | undefined> =>
  (
    await database.db.snapshot(tx =>
      tx.query<State>(
        `select a.situation, a.reason, a.out_of_scope as out, p.given_name as person
         from account a left join person_current p on p.person_id = a.person_id where a.key = $1`,
        [key],
      ),
    )
  )[0]
const links = (key: string) =>
  database.db.snapshot(tx =>
    tx.query<{ link: string }>(
      `select k.verdict || ' by ' || k.decided_by || case when k.until is null then '' else ', ended' end as link
       from account_link k join account a on a.id = k.account_id where a.key = $1 order by link`,
      [key],
    ),
  )
const LINKED = { situation: 'linked', reason: null, out: false }
const OUT = { situation: 'unmatched', reason: 'left-out', out: true, person: null }

beforeEach(async () => {
  await database.reset()
  declared = DEFAULT_CORRELATION
  town = municipality(database.db, undefined, source => (source === 'ad' ? { correlation: declared } : {}))
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'top' }),
    ...[person('Ann'), person('Bo')],
    ...[job('e1', 'Ann', { unit: '100', employeeNo: '4711' }), job('e2', 'Bo', { unit: '100', employeeNo: '4712' })],
  ])
  await town.feed('ad', [ann(), ext])
  expect(await state('ann')).toMatchObject({ ...LINKED, person: 'Ann' })
  expect(await state('ext')).toMatchObject({ ...LINKED, person: 'Bo' })
})

it('an entry that its source marks is followed by nobody, with the run that saw it; without the mark it is linked again', async () => {
  await town.feed('ad', [ann({ outOfScope: 'true' })])
  expect(await state('ann')).toEqual(OUT)
  expect(await links('ann')).toEqual([{ link: 'is by rule, ended' }, { link: 'out-of-scope by rule' }])
  const [seen] = await database.db.snapshot(tx =>
    tx.query<{ same: boolean }>(
      `select k.run_id = (select id from feed_run where source = 'ad' order by started_at desc limit 1) as same
       from account_link k where k.verdict = 'out-of-scope'`,
    ),
  )
  expect(seen).toEqual({ same: true })
  expect(await state('ext')).toMatchObject({ person: 'Bo' })
  await town.feed('ad', [ann({ outOfScope: 'false' })])
  expect(await state('ann')).toMatchObject({ ...LINKED, person: 'Ann' })
  expect((await links('ann')).map(one => one.link)).toEqual([
    'is by rule',
    'is by rule, ended',
    'out-of-scope by rule, ended',
  ])
})

it.each([
  ['user names', { usernames: ['X-*'] }],
  ['an OU', { below: ['ou=eksterne, dc=X'] }],
])(
  'settings that leave out %s count from the next full read, though no entry has changed, and so do settings without',
  async (_, given) => {
    declared = outOfScope(given)
    await town.feed('ad', [])
    expect(await state('ext')).toEqual(OUT)
    expect(await state('ann')).toMatchObject({ ...LINKED, person: 'Ann' })
    // The same once more: nothing is said a second time.
    await town.feed('ad', [])
    expect(await links('ext')).toEqual([{ link: 'is by rule, ended' }, { link: 'out-of-scope by rule' }])
    declared = DEFAULT_CORRELATION
    await town.feed('ad', [])
    expect(await state('ext')).toMatchObject({ ...LINKED, person: 'Bo' })
  },
)

it('what a person has decided stands above what the source says, and comes back to it when it is taken back', async () => {
  const decide = async (verdict: 'is' | 'nobody') =>
    database.db.transaction(async tx => {
      const [row] = await tx.query<{ id: string; person: string }>(
        `select a.id, (select person_id from person_key where key = 'Bo') as person from account a where a.key = 'ext'`,
      )
      await tx.query(`update account_link set until = now() where account_id = $1 and until is null`, [row!.id])
      await tx.query(
        `insert into account_link (id, account_id, verdict, person_id, decided_by, evidence, confidence, since)
         values (gen_random_uuid(), $1, $2, case when $2 = 'is' then $3::uuid end, 'person', 'manual', 100, now())`,
        [row!.id, verdict, row!.person],
      )
      await relinkAccounts(tx, [row!.id], new Date())
    })
  declared = outOfScope({ usernames: ['x-*'] })
  await town.feed('ad', [])
  expect(await state('ext')).toEqual(OUT)
  await decide('is')
  expect(await state('ext')).toMatchObject({ ...LINKED, person: 'Bo' })
  await town.feed('ad', [
    account('ext', { username: 'x-bo', dn: 'CN=Bo,OU=Eksterne,DC=x', employeeNo: '4712', email: 'b@x.dk' }),
  ])
  expect(await state('ext')).toMatchObject({ ...LINKED, person: 'Bo' })
  await decide('nobody')
  await town.feed('ad', [])
  expect(await state('ext')).toMatchObject({ situation: 'unmatched', reason: 'by-intent', out: false })
  await database.db.transaction(async tx => {
    const [row] = await tx.query<{ id: string }>(`select id from account where key = 'ext'`)
    await tx.query(`update account_link set until = now() where account_id = $1 and until is null`, [row!.id])
    await relinkAccounts(tx, [row!.id], new Date())
  })
  expect(await state('ext')).toEqual(OUT)
})

it.each([
  [{ usernames: ['**'] }, /stars alone/],
  [{ below: ['Eksterne'] }, /no DN/],
])('settings that say too much or nothing are refused: %o', (given, what) => {
  const read = correlationSettings.safeParse({ outOfScope: given })
  expect(read.success).toBe(false)
  expect(JSON.stringify(read.error?.issues)).toMatch(what)
})
