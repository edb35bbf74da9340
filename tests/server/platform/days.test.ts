import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays } from '../../../server/platform/civil-date.ts'
import { civilDate, fixedClock, knownOn, startOfDay } from '../../../server/platform/clock.ts'
import { openDatabase } from '../../../server/platform/database.ts'
import { testDatabase } from '../../support/database.ts'
import { forbidHiddenDays } from '../../support/forbid-hidden-days.ts'

const database = testDatabase()
const dates = fc
  .integer({ min: 0, max: 60 * 366 })
  .map(days => addDays('1990-01-01', days))
  .filter(date => date < '2050-01-01')

test('a day begins where Copenhagen’s does, in winter, in summer and on the days on which the clock changes', () => {
  expect(startOfDay('2026-11-22').toISOString()).toBe('2026-11-21T23:00:00.000Z')
  expect(startOfDay('2026-07-01').toISOString()).toBe('2026-06-30T22:00:00.000Z')
  expect(startOfDay('2026-03-29').toISOString()).toBe('2026-03-28T23:00:00.000Z')
  expect(startOfDay('2026-03-30').toISOString()).toBe('2026-03-29T22:00:00.000Z')
  expect(startOfDay('2026-10-25').toISOString()).toBe('2026-10-24T22:00:00.000Z')
  expect(startOfDay('2026-10-26').toISOString()).toBe('2026-10-25T23:00:00.000Z')
  fc.assert(
    fc.property(dates, date => {
      const begins = startOfDay(date)
      expect(civilDate(begins)).toBe(date)
      expect(civilDate(new Date(begins.getTime() - 1))).toBe(addDays(date, -1))
    }),
  )
})

test('what was known on a day was known by its last millisecond, or until now', () => {
  const clock = fixedClock('2026-11-21T23:30:00Z')
  expect(clock.today()).toBe('2026-11-22')
  expect(knownOn('2026-11-22', clock)).toEqual(clock.now())
  expect(knownOn('2026-11-21', clock).toISOString()).toBe('2026-11-21T22:59:59.999Z')
})

test('every connection is in UTC, whatever the server, the database or the address says', async () => {
  const zoneOf = async (url: string) => {
    const db = await openDatabase(url, { poolSize: 1 })
    const [row] = await db.transaction(tx =>
      tx.query<{ zone: string; name: string }>(
        `select current_setting('timezone') as zone, current_setting('statement_timeout') as name`,
      ),
    )
    await db.close()
    return row
  }
  await database.db.source.query(
    `do $$ begin execute format('alter database %I set timezone = %L', current_database(), 'Europe/Copenhagen'); end $$`,
  )
  expect(await zoneOf(database.url)).toEqual({ zone: 'UTC', name: '0' })
  const own = new URL(database.url)
  own.searchParams.set('options', '-c timezone=America/New_York -c statement_timeout=7s')
  expect(await zoneOf(own.href)).toEqual({ zone: 'UTC', name: '7s' })
})

test('a statement that makes a day or an instant by the zone of the connection can be made to fail', async () => {
  const ask = (sql: string) => database.db.source.query(sql)
  await forbidHiddenDays(database.url)
  for (const hidden of [
    'select cast(now() as date)',
    `select ('2026-01-01'::date)::timestamptz`,
    `select now() > '2026-01-01'::date`,
    `select now() - '2026-01-01'::date`,
  ])
    await expect(ask(hidden), hidden).rejects.toThrow(/cannot cast|operator does not exist/)
  await ask(
    `select (now() at time zone 'Europe/Copenhagen')::date, '2026-01-01'::date::timestamp at time zone 'Europe/Copenhagen'`,
  )
})
