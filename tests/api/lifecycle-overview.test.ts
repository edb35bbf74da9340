import { beforeAll, describe, expect, test } from 'vitest'
import type { ResponseOf } from '../../server/contract/endpoint.ts'
import type { createCase, sendCase } from '../../server/contract/lifecycle.ts'
import type { getBoard, getPersonLifecycle } from '../../server/contract/lifecycle-board.ts'
import type { getLeadTimes } from '../../server/contract/lifecycle-lead-times.ts'
import type { exportProof, getProof, listProof } from '../../server/contract/lifecycle-proof.ts'
import { addDays } from '../../server/platform/civil-date.ts'
import { demoTown } from '../support/demo-town.ts'
import { countingStatements } from '../support/statements.ts'
import { signIn, type Visitor } from '../support/visitors.ts'

/* The board, the course of a person, leaver proof and lead times on the demonstration town: who sees what, and at what cost. */
const town = demoTown()
let hr: Visitor
let manager: Visitor
let dpo: Visitor
let today: string
let seat: { unit: string; title: string }
const sql = async <T>(text: string, params: unknown[] = []): Promise<T[]> =>
  (await town.house.db.source.query(text, params)) as T[]
const ok = async <T>(answer: Promise<{ status: number; text: string; body: T }>): Promise<T> => {
  const { status, text, body } = await answer
  expect(status, text).toBe(200)
  return body
}
const board = (who: Visitor, query = '') => ok(who.get<ResponseOf<typeof getBoard>>(`/lifecycle/board?${query}`))

beforeAll(async () => {
  hr = await signIn(town, 'hr')
  manager = await signIn(town, 'manager')
  dpo = await signIn(town, 'dpo')
  today = town.house.clock.today()
  seat = (
    await sql<typeof seat>(
      `select ac.unit_id as unit, ac.title from affiliation_current ac join org_unit_current u on u.unit_id = ac.unit_id
       where ac.status = 'active' and ac.kind = 'employment' and ac.position_key is not null and not ac.is_manager and u.active
       group by 1, 2 order by count(*) desc limit 1`,
    )
  )[0]!
})

async function hire(
  given: string,
  inDays: number,
  more: { protected?: boolean; confidential?: boolean; send?: boolean } = {},
) {
  const form = {
    kind: 'hire',
    person: { givenName: given, familyName: 'Tavleprøve', birthDate: '1990-01-02', protected: more.protected ?? false },
    affiliation: {
      kind: 'employment',
      unitId: seat.unit,
      title: seat.title,
      startsOn: addDays(today, inDays),
      hours: 37,
    },
    rights: [],
  }
  const made = await ok(hr.post<ResponseOf<typeof createCase>>('/lifecycle/cases', { form }))
  let version = made.version
  if (more.confidential)
    version = (
      await ok(
        hr.post<{ version: number }>(`/lifecycle/cases/${made.id}/confidential`, {
          version,
          confidential: true,
          named: [],
        }),
      )
    ).version
  if (more.send === false) return { id: made.id, personId: null }
  const sent = await ok(hr.post<ResponseOf<typeof sendCase>>(`/lifecycle/cases/${made.id}/send`, { version }))
  return { id: made.id, personId: sent.personId }
}

describe('the board', () => {
  test('a hire is there from its draft to its day, once, with what is missing; each count is that of its rows', async () => {
    const draft = await hire('Kladde', 10, { send: false })
    const sent = await hire('Sendt', 10)
    const { rows } = await board(hr, 'bucket=coming&kind=hire&limit=200')
    const of = (id: string) => rows.filter(row => row.caseId === id)
    expect(of(draft.id)).toMatchObject([{ draft: true, lacks: { facts: 1 }, person: { name: 'Kladde Tavleprøve' } }])
    expect(of(sent.id)).toMatchObject([{ draft: false, lacks: { payroll: 1 }, person: { id: sent.personId } }])
    const all = await board(hr)
    for (const bucket of ['late', 'today', 'coming', 'done'] as const)
      expect((await board(hr, `bucket=${bucket}&limit=1`)).total, bucket).toBe(all.buckets[bucket])
    expect(all.buckets.coming).toBeGreaterThan(2)
    const unit = all.units[0]!
    expect((await board(hr, `unit=${unit.id}&limit=1`)).chosenUnit).toMatchObject({ id: unit.id })
    for (const row of (await board(hr, 'lack=payroll&limit=200')).rows) expect(row.lacks.payroll).toBeGreaterThan(0)
  })

  test('a confidential report is silent to everybody but those who know of it, and a protected name to those who may not read it', async () => {
    const secret = await hire('Hemmelig', 12, { confidential: true })
    const shielded = await hire('Skjult', 12, { protected: true })
    expect((await board(hr, 'limit=200&bucket=coming')).rows.find(row => row.caseId === secret.id)).toMatchObject({
      confidential: true,
    })
    const seen = await board(dpo, 'limit=200&bucket=coming')
    expect(seen.rows.some(row => row.caseId === secret.id)).toBe(false)
    expect(JSON.stringify(seen)).not.toContain('Hemmelig')
    expect(seen.rows.find(row => row.caseId === shielded.id)?.person).toMatchObject({ name: null, protected: true })
    expect(JSON.stringify(seen)).not.toContain('Skjult')
    const counted = seen.buckets.coming
    await hire('Mere hemmelig', 13, { confidential: true })
    expect((await board(dpo)).buckets.coming).toBe(counted)
  })

  test('a manager sees who comes and goes below them, and nobody else', async () => {
    const session = await manager.session()
    const units = (session.actor?.units ?? []).map(unit => unit.id)
    const mine = await board(manager, 'limit=200')
    const ids = mine.rows.flatMap(row => row.affiliationId ?? [])
    const outside = await sql(
      'select from affiliation_current where affiliation_id = any($1) and not unit_path && $2',
      [ids, units],
    )
    expect(outside).toEqual([])
    expect(mine.total).toBeLessThan((await board(hr)).rows.length + (await board(hr)).total)
  })
})

describe('the course of a person', () => {
  test('holds what was reported and by whom, and what is planned; a reason is not for everybody', async () => {
    const { id, personId } = await hire('Forløb', 9)
    const seen = await ok(hr.get<ResponseOf<typeof getPersonLifecycle>>(`/people/${personId}/lifecycle`))
    const kinds = new Set(seen.events.map(event => event.what))
    expect([...kinds]).toEqual(expect.arrayContaining(['fact', 'begins', 'report']))
    expect(seen.events.find(event => event.what === 'report')).toMatchObject({ caseId: id, code: 'hire' })
    expect(seen.events.find(event => event.what === 'begins')).toMatchObject({ on: addDays(today, 9) })
    expect(seen.events.find(event => event.what === 'fact')?.author).not.toBeNull()
    const other = await ok(dpo.get<ResponseOf<typeof getPersonLifecycle>>(`/people/${personId}/lifecycle`))
    expect(other.events.filter(event => event.what !== 'lock' && event.reason !== null)).toEqual([])
    expect((await manager.get(`/people/${personId}/lifecycle`)).status).toBe(404)
  })

  test('a confidential report is no event for those who do not know of it', async () => {
    const [who] = await sql<{ id: string }>(
      `select person_id as id from affiliation_current where status = 'active' and kind = 'employment' and not is_manager
         and person_id <> $1 order by employee_no limit 1`,
      [(await hr.session()).actor?.personId],
    )
    await sql(
      `insert into lifecycle_case (id, kind, state, person_id, effective_on, form, confidential, created_at, updated_at)
       values (gen_random_uuid(), 'end', 'draft', $1, $2, '{"kind":"end"}', true, now(), now())`,
      [who!.id, addDays(today, 20)],
    )
    const reports = async (visitor: Visitor) =>
      (await ok(visitor.get<ResponseOf<typeof getPersonLifecycle>>(`/people/${who!.id}/lifecycle`))).events.filter(
        event => event.what === 'report',
      )
    expect(await reports(hr)).toHaveLength(1)
    expect(await reports(dpo)).toEqual([])
    await sql(`delete from lifecycle_case where person_id = $1 and kind = 'end'`, [who!.id])
  })
})

describe('leaver proof and lead times', () => {
  const period = () => `from=${addDays(today, -365)}&to=${addDays(today, 1)}`

  test('sums are those of the rows, a row leads to its lines, and a file is on record', async () => {
    const list = await ok(hr.get<ResponseOf<typeof listProof>>(`/lifecycle/proof?${period()}&limit=200`))
    expect(list.people).toBeGreaterThan(0)
    const sum = (name: 'lines' | 'open' | 'overdue' | 'verified') => list.rows.reduce((all, row) => all + row[name], 0)
    if (list.total <= 200)
      for (const name of ['lines', 'open', 'overdue', 'verified'] as const) expect(list.sum[name]).toBe(sum(name))
    const row = list.rows[0]!
    const sheet = await ok(hr.get<ResponseOf<typeof getProof>>(`/lifecycle/proof/${row.affiliationId}`))
    expect(sheet.lines).toHaveLength(row.lines)
    const file = await ok(
      hr.post<ResponseOf<typeof exportProof>>('/lifecycle/proof/export', {
        ...{ from: addDays(today, -60), to: addDays(today, 1), format: 'pdf', language: 'da' },
      }),
    )
    expect(Buffer.from(file.content, 'base64').subarray(0, 5).toString()).toBe('%PDF-')
    expect((await hr.get(`/lifecycle/proof?from=${today}&to=${today}`)).status).toBe(422)
  })

  test('no figure is over fewer than five', async () => {
    const answer = await ok(hr.get<ResponseOf<typeof getLeadTimes>>(`/lifecycle/lead-times?${period()}`))
    expect(answer.measures.map(one => one.measure)).toEqual(['notice', 'payroll', 'ready', 'close'])
    for (const one of answer.measures) {
      expect(one.count === null || one.count >= 5).toBe(true)
      for (const band of one.bands) expect(band.count === 0 || band.count >= 5).toBe(true)
    }
    for (const unit of answer.units) expect(unit.count).toBeGreaterThanOrEqual(5)
  })

  test('none of these screens asks the database more than eight times, session, user and log included', async () => {
    const [who] = await sql<{ id: string }>(
      `select person_id as id from affiliation_current where status = 'active' and kind = 'employment' limit 1`,
    )
    const [left] = (await ok(hr.get<ResponseOf<typeof listProof>>(`/lifecycle/proof?${period()}&limit=1`))).rows
    for (const path of [
      '/lifecycle/board',
      `/lifecycle/proof?${period()}`,
      `/lifecycle/proof/${left!.affiliationId}`,
      `/lifecycle/lead-times?${period()}`,
      `/people/${who!.id}/lifecycle`,
    ]) {
      const { statements } = await countingStatements(() => hr.get(path))
      expect(statements.length, `${path}\n${statements.join('\n')}`).toBeLessThanOrEqual(8)
    }
  })
})
