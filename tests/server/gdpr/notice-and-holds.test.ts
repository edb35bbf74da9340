import { beforeAll, expect, test } from 'vitest'
import { changeHoldOf, placeHoldOn } from '../../../server/gdpr/holds/hold-service.ts'
import { holdsView } from '../../../server/gdpr/holds/hold-views.ts'
import { confirmShown, publish, recordOnPaper } from '../../../server/gdpr/notice/notice-service.ts'
import { noticeView, notToldView, standingView, textsView } from '../../../server/gdpr/notice/notice-views.ts'
import { monthBefore } from '../../../server/gdpr/retention/nightly.ts'
import { carryOut, startRun } from '../../../server/gdpr/retention/retention-service.ts'
import { keptRows, nextDue } from '../../../server/gdpr/retention/retention-store.ts'
import { retentionView } from '../../../server/gdpr/retention/retention-views.ts'
import { answerSample } from '../../../server/gdpr/samples/sample-service.ts'
import { drawMonth, PER_FUNCTION } from '../../../server/gdpr/samples/sample-store.ts'
import { samplesView } from '../../../server/gdpr/samples/sample-views.ts'
import { newId } from '../../../server/platform/ids.ts'
import { isProblem } from '../../../server/platform/problem.ts'
import { actor } from '../../support/actors.ts'
import { testDatabase } from '../../support/database.ts'
import { monthsBefore, TODAY, town, type Where } from './town.ts'

const at = testDatabase()
const now = new Date(`${TODAY}T09:00:00Z`)
const when = { today: TODAY, now }
const names = async () => new Map<string, string>()
const page = { offset: 0, limit: 50 }
const [hr, it, dpo, admin] = [actor(['hr']), actor(['it']), actor(['dpo']), actor(['admin'])]
let where: { here: Where; left: Where }
beforeAll(async () => {
  where = await town(at.db, monthsBefore(TODAY, 20))
})

const fails = (code: string) => (error: unknown) => isProblem(error) && error.problem === code

test('the notice ships filled in, is due once it is published, and in each version once', async () => {
  const employee = actor(['employee'], { personId: where.here.person })
  const view = () => at.db.snapshot(t => noticeView(t, employee, 'Prøve Kommune'))
  const shipped = await view()
  expect(shipped).toMatchObject({ version: 0, due: false })
  expect(shipped.da).toContain('Prøve Kommune')
  expect(shipped.da + shipped.en).not.toMatch(/\{(municipality|dpo|contact)\}/)
  const given = { da: shipped.da, en: shipped.en, reason: 'Vedtaget i MED', version: 0 }
  expect(await at.db.transaction(t => publish(t, it, 'notice', given, now))).toBe(1)
  await expect(at.db.transaction(t => publish(t, it, 'notice', given, now))).rejects.toSatisfy(fails('conflict'))
  expect((await view()).due).toBe(true)
  expect(await at.db.snapshot(t => standingView(t, hr))).toMatchObject({ version: 1, people: 1, screen: 0, paper: 0 })
  const missing = await at.db.snapshot(t => notToldView(t, hr, { ...page, withoutAccount: true }))
  expect(missing.rows.map(row => row.person.id)).toEqual([where.here.person])
  await at.db.transaction(t => confirmShown(t, employee, 1, now))
  expect((await view()).due).toBe(false)
  // Said again on paper it is still the first time that counts.
  expect(await at.db.transaction(t => recordOnPaper(t, hr, { version: 1, people: [where.here.person] }, now))).toBe(0)
  expect(await at.db.snapshot(t => standingView(t, hr))).toMatchObject({ screen: 1, paper: 0, withoutAccount: 0 })
  await at.db.transaction(t => publish(t, it, 'notice', { ...given, version: 1 }, now))
  expect((await view()).due).toBe(true)
  await expect(at.db.transaction(t => confirmShown(t, employee, 1, now))).rejects.toSatisfy(fails('conflict'))
  const { texts } = await at.db.snapshot(t => textsView(t, it, { municipality: 'Prøve Kommune', today: TODAY, names }))
  expect(texts.map(text => [text.kind, text.version])).toEqual([
    ['notice', 2],
    ['dpia', 0],
    ['log-policy', 0],
  ])
})

test('a hold says whom, why, until when and who answers; it is moved, and it ends', async () => {
  const asked = { kind: 'person' as const, subjectId: where.left.person, ownerId: where.here.person, reason: 'Retssag' }
  await expect(at.db.transaction(t => placeHoldOn(t, hr, { ...asked, expiresOn: TODAY }, when))).rejects.toSatisfy(
    fails('data-invalid'),
  )
  const id = await at.db.transaction(t => placeHoldOn(t, hr, { ...asked, expiresOn: '2026-03-20' }, when))
  const view = (all = false) => at.db.snapshot(t => holdsView(t, dpo, { ...page, all }, TODAY))
  const [row] = (await view()).rows
  expect(row).toMatchObject({ id, state: 'soon', reason: 'Retssag' })
  expect(row?.owner?.id).toBe(where.here.person)
  expect((await view()).soon).toBe(1)
  await at.db.transaction(t => changeHoldOf(t, dpo, id, { expiresOn: '2027-03-20', reason: 'Anke' }, when))
  expect((await view()).rows[0]).toMatchObject({ state: 'in-force', expiresOn: '2027-03-20' })
  await at.db.transaction(t => changeHoldOf(t, hr, id, { expiresOn: null, reason: 'Forlig' }, when))
  expect((await view()).rows).toEqual([])
  expect((await view(true)).rows[0]).toMatchObject({ state: 'ended', endedReason: 'Forlig' })
  await expect(
    at.db.transaction(t => changeHoldOf(t, hr, id, { expiresOn: null, reason: 'Igen' }, when)),
  ).rejects.toSatisfy(fails('conflict'))
})

const report = (confidential: boolean, sentAt = now.toISOString()) =>
  at.db.transaction(async t => {
    const id = newId()
    await t.query(
      `insert into lifecycle_case (id, kind, state, person_id, form, confidential, created_at, updated_at, sent_at)
       values ($1, 'end', 'done', $2, '{"kind": "end", "note": "Bortvist"}', $3, $4, $4, $4)`,
      [id, where.left.person, confidential, sentAt],
    )
    return id
  })
const onCase = (subjectId: string) => ({
  ...{ kind: 'case' as const, subjectId, ownerId: where.here.person, reason: 'Arbejdsretlig sag' },
  expiresOn: '2027-03-20',
})

test('a hold on a report keeps the report and what is about its person, until the hold is over', async () => {
  const old = `${monthsBefore(TODAY, 80)}T12:00:00Z`
  const [held, also] = [await report(false, old), await report(false, old)]
  const due = async () => {
    const kept = (await at.db.snapshot(keptRows)).filter(one => one.key === 'cases' || one.key === 'cpr')
    const found = await Promise.all(kept.map(one => at.db.snapshot(t => nextDue(t, one, TODAY, 1_000))))
    return found.flat()
  }
  // Without it all of that is due: the number of somebody who has left, and what was reported about them.
  const all = [`case/${held}`, `case/${also}`, `person/${where.left.person}`]
  expect(await due()).toEqual(expect.arrayContaining(all))
  const id = await at.db.transaction(t => placeHoldOn(t, dpo, onCase(held), when))
  expect((await due()).filter(one => all.includes(one))).toEqual([])
  await at.db.transaction(t => changeHoldOf(t, dpo, id, { expiresOn: null, reason: 'Forlig' }, when))
  expect(await due()).toEqual(expect.arrayContaining(all))
})

test('a hold on a confidential report tells nobody of it who may not know', async () => {
  const secret = await report(true)
  await expect(at.db.transaction(t => placeHoldOn(t, dpo, onCase(secret), when))).rejects.toSatisfy(fails('not-found'))
  const id = await at.db.transaction(t => placeHoldOn(t, hr, onCase(secret), when))
  const seen = async (by: typeof hr) =>
    (await at.db.snapshot(t => holdsView(t, by, { ...page, all: false }, TODAY))).rows.find(row => row.id === id)
  expect(await seen(hr)).toMatchObject({
    hidden: false,
    reason: 'Arbejdsretlig sag',
    person: { id: where.left.person },
  })
  expect(await seen(dpo)).toMatchObject({ hidden: true, reason: null, person: null, state: 'in-force' })
  const ended = { expiresOn: null, reason: 'Forlig' }
  await expect(at.db.transaction(t => changeHoldOf(t, dpo, id, ended, when))).rejects.toSatisfy(fails('not-found'))
  await at.db.transaction(t => changeHoldOf(t, hr, id, ended, when))
  // The log keeps it under the report, so that it opens when the report does.
  const entries = await at.db.transaction(t =>
    t.query<{ action: string; caseId: string | null }>(
      `select action, case_id as "caseId" from audit_entry where subject_id = $1 order by id`,
      [id],
    ),
  )
  expect(entries).toEqual([
    { action: 'hold.placed', caseId: secret },
    { action: 'hold.ended', caseId: secret },
  ])
})

test('lookups of those who see most are drawn once a month, and nobody answers for their own', async () => {
  await at.db.transaction(async t => {
    for (const [by, many] of [
      [dpo, 9],
      [hr, 9],
    ] as const)
      for (let n = 0; n < many; n++)
        await t.query(
          `insert into audit_entry (at, actor_kind, actor_user_id, actor_function, action, subject_kind, person_id, lookup)
           values ('2026-02-10T09:00:00Z', 'user', $1, $2, 'person.viewed', 'person', $3, true)`,
          [by.userId, by.roles[0], where.here.person],
        )
  })
  expect(monthBefore(TODAY)).toBe('2026-02-01')
  expect(monthBefore('2026-01-31')).toBe('2025-12-01')
  expect(await at.db.transaction(t => drawMonth(t, '2026-02-01', now))).toBe(PER_FUNCTION)
  expect(await at.db.transaction(t => drawMonth(t, '2026-02-01', now))).toBe(0)
  const mine = await at.db.snapshot(t => samplesView(t, dpo, { ...page, open: true }, names))
  expect(mine.rows.map(row => row.allowed.answer)).toEqual(Array(PER_FUNCTION).fill(false))
  const entry = mine.rows[0]!.entryId
  const answer = (by: typeof dpo, note: string) =>
    at.db.transaction(t => answerSample(t, by, entry, { answer: 'not-work', note }, now))
  await expect(answer(dpo, 'Mit eget')).rejects.toSatisfy(fails('second-person-needed'))
  await expect(answer(admin, '')).rejects.toSatisfy(fails('reason-needed'))
  await answer(admin, 'Der var ingen sag')
  const after = await at.db.snapshot(t => samplesView(t, admin, { ...page, open: false }, names))
  expect(after.months).toEqual([{ month: '2026-02-01', drawn: PER_FUNCTION, answered: 1, notWork: 1 }])
})

test('the screen of retention shows what was let go, by whom and why', async () => {
  const empty = await at.db.snapshot(t => retentionView(t, it, names))
  expect(empty).toMatchObject({ runs: [], journal: { lines: 0, subjects: 0, hash: null } })
  expect(empty.rows.find(row => row.key === 'cpr')).toMatchObject({ amount: 15, unit: 'months', begun: false })
  await at.db.transaction(t => startRun(t, dpo, { rows: ['contact', 'cpr'], reason: 'Årlig oprydning' }, when))
  await carryOut(at.db, () => now)
  const view = await at.db.snapshot(t => retentionView(t, it, names))
  expect(view.runs).toHaveLength(1)
  expect(view.runs[0]).toMatchObject({ state: 'done', due: 2, gone: 2, reason: 'Årlig oprydning' })
  expect(view.journal).toMatchObject({ lines: 2, subjects: 2 })
  expect(view.rows.find(row => row.key === 'cpr')?.begun).toBe(true)
})
