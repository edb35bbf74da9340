import { beforeEach, expect, test } from 'vitest'
import { cliActor } from '../../../server/audit/audit-entry.ts'
import type { RetentionKey } from '../../../server/contract/retention-rows.ts'
import { readJournal } from '../../../server/gdpr/retention/journal.ts'
import {
  carryOut,
  changeRow,
  decideAboutRun,
  exportJournal,
  replay,
  runNight,
  startRun,
} from '../../../server/gdpr/retention/retention-service.ts'
import { keptRows, previewRows } from '../../../server/gdpr/retention/retention-store.ts'
import { newId } from '../../../server/platform/ids.ts'
import { isProblem } from '../../../server/platform/problem.ts'
import type { Db } from '../../../server/platform/unit-of-work.ts'
import { actor } from '../../support/actors.ts'
import { testDatabase } from '../../support/database.ts'
import { municipality, person as personRecord } from '../../support/municipality.ts'
import { monthsBefore, TODAY, town } from './town.ts'

const at = testDatabase()
const now = () => new Date(`${TODAY}T09:00:00Z`)
const when = { today: TODAY, now: now() }
const dpo = actor(['dpo'], { userId: newId() })
const it = actor(['it'], { userId: newId() })

beforeEach(() => at.reset())

const due = async (key: RetentionKey, today = TODAY) =>
  at.db.transaction(
    async tx =>
      (
        await previewRows(
          tx,
          (await keptRows(tx)).filter(one => one.key === key),
          today,
        )
      )[0]!,
  )
async function run(...rows: RetentionKey[]): Promise<void> {
  await at.db.transaction(tx => startRun(tx, dpo, { rows, reason: 'Årlig oprydning' }, when))
  expect(await carryOut(at.db, now)).toBe(true)
}
/** All that the database knows, as text: what has gone is nowhere. */
async function everything(db: Db): Promise<string> {
  return db.transaction(async tx => {
    const tables = await tx.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename not in ('migration', 'audit_payload')`,
    )
    const parts: string[] = []
    for (const { name } of tables) {
      const rows = await tx.query<{ line: string }>(`select t::text as line from ${name} t order by 1`)
      parts.push(...rows.map(row => `${name} ${row.line}`))
    }
    return parts.join('\n')
  })
}

test('thirty days after the last day nobody is reached any more; who they were and where they worked stays', async () => {
  const { left } = await town(at.db, monthsBefore(TODAY, 2))
  expect((await due('contact')).due).toBe(1)
  expect((await due('contact', '2026-01-31')).due).toBe(0)
  await run('contact')
  const all = await everything(at.db)
  expect(all.includes('vaek@example.dk')).toBe(false)
  expect(all.includes('87654321')).toBe(false)
  expect(all.includes('her@example.dk')).toBe(true)
  const [stub] = await at.db.transaction(tx =>
    tx.query<{ name: string; unit: string | null }>(
      'select name, unit_id as unit from person_current where person_id = $1',
      [left.person],
    ),
  )
  expect(stub?.name).toBe('væk Prøve')
  expect(stub?.unit).not.toBeNull()
  expect((await due('contact')).due).toBe(0)
})

test('the number is known for fifteen months, since summer relief comes back after ten; then neither it nor its hash', async () => {
  const { left } = await town(at.db, monthsBefore(TODAY, 15))
  const numbers = () =>
    at.db.transaction(tx => tx.query('select hash from person_cpr where person_id = $1', [left.person]))
  expect((await due('cpr', monthsBefore(TODAY, 1))).due).toBe(0)
  expect(await numbers()).toHaveLength(1)
  const [known] = (await numbers()) as { hash: Buffer }[]
  await run('cpr')
  expect(await numbers()).toHaveLength(0)
  expect((await everything(at.db)).includes(known!.hash.toString('hex'))).toBe(false)
  expect((await due('cpr')).due).toBe(0)
})

test('five years after, a pseudonym stands where the name stood; figures of past years are the same', async () => {
  const { left } = await town(at.db, monthsBefore(TODAY, 61))
  const counts = () =>
    at.db.transaction(tx =>
      tx.query(
        `select s.attrs ->> 'unit' as unit, s.attrs ->> 'title' as title, lower(s.valid) as valid_from, s.attrs ->> 'startsOn' as starts,
           s.attrs ->> 'endsOn' as ends, count(*) as people
         from affiliation a join affiliation_state s on s.affiliation_id = a.id group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`,
      ),
    )
  const before = await counts()
  // The source still tells of her: what it says today would only tell the name again.
  expect(await due('name')).toMatchObject({ due: 0, blocked: 1 })
  await at.db.transaction(tx =>
    tx.query(`update source_record set gone_at = now() where subject_id in ($1, $2)`, [left.person, left.affiliation]),
  )
  expect(await due('name')).toMatchObject({ due: 1, blocked: 0 })
  await run('name')
  const all = await everything(at.db)
  expect(all.includes('væk')).toBe(false)
  expect(all.includes('vaek@example.dk')).toBe(false)
  expect(all.includes('her Prøve')).toBe(true)
  const [now] = await at.db.transaction(tx =>
    tx.query<{ name: string; birth: string | null; search: string }>(
      'select name, birth_date as birth, search from person_current where person_id = $1',
      [left.person],
    ),
  )
  expect(now?.name).toMatch(/^P-[a-z0-9]{10}$/)
  expect(now?.birth).toBeNull()
  expect(await counts()).toEqual(before)
})

test('under a hold nothing of a person goes, and it goes when the hold has ended', async () => {
  const { left } = await town(at.db, monthsBefore(TODAY, 20))
  await hold(left.person, '2026-04-01')
  expect(await due('cpr')).toMatchObject({ due: 0, held: 1 })
  await run('contact', 'cpr')
  expect((await everything(at.db)).includes('vaek@example.dk')).toBe(true)
  expect(await due('cpr', '2026-04-01')).toMatchObject({ due: 1, held: 0 })
})

test('above its limit a row waits for a second person, who is never the one who asked', async () => {
  await town(at.db, monthsBefore(TODAY, 2))
  await at.db.transaction(tx =>
    changeRow(
      tx,
      it,
      'contact',
      { amount: 30, unit: 'days', mode: 'automatic', most: 1, reason: 'Forsigtig start' },
      when,
    ),
  )
  await at.db.transaction(tx => tx.query(`update person_current set status = 'ended' where given_name = 'her'`))
  await at.db.transaction(tx =>
    tx.query(
      `update affiliation_current set ends_on = $1 where person_id = (select person_id from person_current where given_name = 'her')`,
      [monthsBefore(TODAY, 2)],
    ),
  )
  const asked = await at.db.transaction(tx => startRun(tx, dpo, { rows: ['contact'], reason: 'Årlig oprydning' }, when))
  expect(asked.state).toBe('waiting')
  expect(await carryOut(at.db, now)).toBe(true)
  expect((await everything(at.db)).includes('vaek@example.dk')).toBe(true)
  await expect(
    at.db.transaction(tx => decideAboutRun(tx, dpo, asked.id, { yes: true, reason: 'Det er i orden' }, when)),
  ).rejects.toSatisfy(error => isProblem(error) && error.problem === 'second-person-needed')
  await at.db.transaction(tx => decideAboutRun(tx, it, asked.id, { yes: true, reason: 'Det er i orden' }, when))
  expect(await carryOut(at.db, now)).toBe(true)
  expect((await everything(at.db)).includes('vaek@example.dk')).toBe(false)
})

test('the night takes only what somebody has let run once', async () => {
  await town(at.db, monthsBefore(TODAY, 2))
  expect((await at.db.transaction(tx => runNight(tx, when))).began).not.toContain('contact')
  await carryOut(at.db, now)
  expect((await due('contact')).due).toBe(1)
  await run('contact')
  await municipality(at.db, `${TODAY}T10:00:00Z`).feed('løn3', [personRecord('ny', { email: 'ny@example.dk' })])
  await at.db.transaction(tx =>
    tx.query(`update person_current set email = 'igen@example.dk' where given_name = 'væk'`),
  )
  const next = { today: '2026-03-03', now: new Date('2026-03-03T02:00:00Z') }
  expect((await at.db.transaction(tx => runNight(tx, next))).began).toContain('contact')
  await carryOut(at.db, now)
  expect((await due('contact')).due).toBe(0)
  // Once a night, however often it is asked.
  expect((await at.db.transaction(tx => runNight(tx, next))).began).toEqual([])
})

test('a backup that is restored is brought to where the journal is, with the same pseudonyms; a changed line is named', async () => {
  const { left } = await town(at.db, monthsBefore(TODAY, 61))
  await at.db.transaction(tx =>
    tx.query(`update source_record set gone_at = now() where subject_id in ($1, $2)`, [left.person, left.affiliation]),
  )
  await run('contact', 'cpr', 'name')
  const lines = await at.db.transaction(tx => exportJournal(tx))
  expect(lines.map(line => line.row)).toEqual(['contact', 'cpr', 'name'])
  const text = lines.map(line => JSON.stringify(line)).join('\n')
  expect(readJournal(text)).toEqual(lines)
  expect(() => readJournal(text.replace('"cpr"', '"name"'))).toThrow(/Line 2/)
  expect(() => readJournal(text.split('\n').slice(1).join('\n'))).toThrow(/Line 1/)
  const pseudonym = lines[2]!.pseudonyms[0]!

  // The same town as it was before: with the ids that it had.
  await at.reset()
  const again = await town(at.db, monthsBefore(TODAY, 61))
  const told = text.replaceAll(left.person, again.left.person)
  expect(() => readJournal(told)).toThrow(/has been changed/)
  const restored = lines.map(line => ({
    ...line,
    subjects: line.subjects.map(one => one.replace(left.person, again.left.person)),
  }))
  expect(await replay(at.db, restored, cliActor('retention replay'), when)).toEqual({
    known: 0,
    replayed: 3,
    subjects: 3,
  })
  const all = await everything(at.db)
  expect(all.includes('vaek@example.dk')).toBe(false)
  const [row] = await at.db.transaction(tx =>
    tx.query<{ name: string }>('select name from person_current where person_id = $1', [again.left.person]),
  )
  expect(row?.name).toBe(pseudonym)
  // Twice is once.
  expect(await replay(at.db, restored, cliActor('retention replay'), when)).toMatchObject({ known: 3, replayed: 0 })
})

async function hold(subject: string, expires: string): Promise<void> {
  await at.db.transaction(tx =>
    tx.query(
      `insert into legal_hold (id, kind, subject_id, reason, owner_id, placed_at, placed_by, expires_on)
       values ($1, 'person', $2, 'Retssag', (select person_id from person_current where given_name = 'her'), now(), $1, $3)`,
      [newId(), subject, expires],
    ),
  )
}
