import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sendMails } from '../../../server/mails/mail-service.ts'
import { fixedClock } from '../../../server/platform/clock.ts'
import { silentLog } from '../../../server/platform/log.ts'
import { createMailer } from '../../../server/platform/mail.ts'
import { testDatabase } from '../../support/database.ts'
import { startMailServer } from '../../support/mail-server.ts'
import { smallTown } from '../overview/small-town.ts'

/* Leder owns SBSYS and rarely signs in: what has to be looked at comes in the one mail of the day, once. */
const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
let server: Awaited<ReturnType<typeof startMailServer>>
const tell = (sql: string, params: unknown[] = []) => database.db.transaction(tx => tx.query(sql, params))
const contracts = (...list: object[]) =>
  tell(`update it_system set sheet = jsonb_set(sheet, '{contracts}', $2::jsonb) where id = $1`, [
    town.systems.sbsys,
    JSON.stringify(list),
  ])
const asked = (due: string) => tell('update it_system set attest_due = $2 where id = $1', [town.systems.sbsys, due])

beforeAll(async () => {
  town = await smallTown(database.db)
  server = await startMailServer()
  await tell(`update person_current set email = lower(given_name) || '@town.example'`)
})
afterAll(() => server.close())
beforeEach(async () => {
  await tell('delete from mail_item')
  await tell('delete from mail')
  await tell(`update it_system set sheet = sheet - 'contracts', attest_due = '2028-01-01', status = null`)
})

/** What of the catalogue the mails of a day say. */
const on = async (today: string) => {
  server.got.length = 0
  await sendMails({
    ...{ db: database.db, clock: fixedClock(`${today}T07:30:00Z`), log: silentLog },
    ...{ mailer: createMailer({ url: server.url, from: 'hjemmel@town.example' }) },
    publicUrl: 'https://hjemmel.example',
  })
  const linesOf = (mail: { text: string }) => mail.text.split('\n').filter(line => line.startsWith('- SBSYS sag'))
  const of = server.got.filter(mail => linesOf(mail).length > 0)
  server.got.splice(0, server.got.length, ...of)
  if (of.length > 0) expect(of.map(mail => mail.to)).toEqual(['leder@town.example'])
  return of.flatMap(linesOf).map(line => line.slice(2))
}

describe('a contract', () => {
  it('is told of 90 and 30 days before notice has to be given, once each, and anew when the day is moved', async () => {
    await contracts({ name: 'Drift', number: '1', to: '2026-12-01', noticeOn: '2026-06-01', pricePerYear: 120_000 })
    expect(await on('2026-03-02')).toEqual([])
    expect(await on('2026-03-03')).toEqual(['SBSYS sag, Drift: skal den opsiges, er det senest 1. juni 2026'])
    expect(server.got[0]?.text).toContain(`https://hjemmel.example/systems/${town.systems.sbsys}/sheet`)
    expect(server.got[0]?.text).not.toContain('120')
    expect(await on('2026-03-04')).toEqual([])
    expect(await on('2026-05-02')).toEqual(['SBSYS sag, Drift: skal den opsiges, er det senest 1. juni 2026'])
    expect(await on('2026-05-03')).toEqual([])
    await contracts({ name: 'Drift', number: '1', to: '2027-01-01', noticeOn: '2026-07-01' })
    expect(await on('2026-05-04')).toEqual(['SBSYS sag, Drift: skal den opsiges, er det senest 1. juli 2026'])
    expect(await on('2026-05-05')).toEqual([])
  })

  it('without a notice period is told of before its end, and one that continues by itself only before notice', async () => {
    await contracts(
      { name: 'A', to: '2026-04-01' },
      { name: 'B', to: '2026-04-02', noticeOn: '2026-01-02', renewal: 'automatic' },
      { name: 'C', noticeMonths: 6 },
    )
    expect(await on('2026-03-02')).toEqual(['SBSYS sag, A: slutter 1. april 2026'])
    // The others being put in another order, or one more of them, is no news.
    await contracts({ name: 'C', noticeMonths: 6 }, { name: 'A', to: '2026-04-01' })
    expect(await on('2026-03-03')).toEqual([])
    // Nothing is told of a day that has passed.
    await contracts({ name: 'D', to: '2026-03-01' })
    expect(await on('2026-03-04')).toEqual([])
  })

  it('each of several is told of, in one mail', async () => {
    await contracts({ name: 'A', to: '2026-04-01' }, { name: 'B', to: '2026-04-02' })
    expect(await on('2026-03-05')).toHaveLength(2)
  })

  it('of a system that is closed or that nobody owns any more is told to nobody', async () => {
    await contracts({ name: 'A', to: '2026-04-01' })
    await tell(`update it_system set status = 'closed'`)
    expect(await on('2026-03-02')).toEqual([])
    await tell('update it_system set status = null')
    const [row] = (await tell('select owner_affiliation_id as id from it_system where id = $1', [
      town.systems.sbsys,
    ])) as { id: string }[]
    await tell('update it_system set owner_affiliation_id = null where id = $1', [town.systems.sbsys])
    expect(await on('2026-03-02')).toEqual([])
    await tell('update it_system set owner_affiliation_id = $2 where id = $1', [town.systems.sbsys, row?.id])
    expect(await on('2026-03-02')).toHaveLength(1)
  })
})

describe('is this still true?', () => {
  it('is asked by mail 30 days before and once more when nobody has answered', async () => {
    await asked('2026-04-15')
    expect(await on('2026-03-15')).toEqual([])
    expect(await on('2026-03-16')).toEqual([
      'SBSYS sag: bekræft senest 15. april 2026, at systemarket stadig passer. Det tager to minutter',
    ])
    expect(server.got[0]?.text).toContain(`https://hjemmel.example/systems/${town.systems.sbsys}/attest`)
    expect(await on('2026-03-17')).toEqual([])
    expect(await on('2026-04-16')).toEqual(['SBSYS sag: systemarket skulle være bekræftet 15. april 2026'])
    expect(await on('2026-04-17')).toEqual([])
    await asked('2027-04-16')
    expect(await on('2026-04-18')).toEqual([])
  })
})
