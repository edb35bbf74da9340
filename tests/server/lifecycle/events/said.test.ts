import { beforeEach, describe, expect, test } from 'vitest'
import { authorityNow } from '../../../../server/feeds/sources/authority-view.ts'
import { saidView } from '../../../../server/lifecycle/events/said-views.ts'
import { stateFacts } from '../../../../server/people/report-facts.ts'
import { newId } from '../../../../server/platform/ids.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import { job, municipality, person, unit } from '../../../support/municipality.ts'
import { actor } from '../../orders/order-actor.ts'
import { event, hired, hrHouse } from './hr-house.ts'

const hr = hrHouse()
beforeEach(() => hr.reset())
const inTx = <T>(work: (tx: Tx) => Promise<T>) => hr.house.db.transaction(work)

const everything = { offset: 0, limit: 100 }
const seen = (who: Actor, query: Partial<Parameters<typeof saidView>[2]> = {}) =>
  inTx(tx => saidView(tx, who, { ...everything, ...query }))

/** One report that was sent, about this person. */
const report = (personId: string, more: Record<string, unknown> = {}) =>
  inTx(tx =>
    tx.query(
      `insert into lifecycle_case (id, kind, state, person_id, effective_on, form, confidential, named, author, created_at, updated_at, sent_at, stated_at, withdrawn_at)
       values ($1, $2, $3, $4, '2026-03-01', '{}', $5, $6, $7, now(), now(), now(), $8, null)`,
      [
        ...[newId(), more.kind ?? 'end', more.state ?? 'sent', personId, more.confidential ?? false],
        ...[more.named ?? [], more.author ?? null, more.stated === false ? null : new Date()],
      ],
    ),
  )

async function aTown() {
  await hr.tell(hired('a1', 'p1', '2026-02-01'), event('ended', 'nobody', { effectiveDate: '2026-02-01' }))
  const [row] = await hr.query<{ id: string }>('select person_id as id from person_current')
  const karen = row?.id as string
  const town = municipality(hr.house.db, undefined, undefined, hr.house)
  await town.feed('lon', [
    unit('200', { name: 'Skole' }),
    person('x1', { givenName: 'Ole', familyName: 'Bang' }),
    job('j1', 'x1', { unit: '200', title: 'Lærer', startsOn: '2026-01-01' }),
  ])
  await inTx(async tx =>
    stateFacts(
      tx,
      [
        {
          ...{ kind: 'person', subjectId: karen, attrs: { phone: '12345678' }, from: null, to: null },
          ...{ source: 'manual', sourceKey: 'x', assertedAt: hr.house.clock.now(), reason: 'hemmelig grund' },
        },
      ],
      {
        authority: await authorityNow(tx),
        keyring: hr.house.keyring,
        now: hr.house.clock.now(),
        today: hr.house.clock.today(),
      },
    ),
  )
  await report(karen)
  await report(karen, { kind: 'move', stated: false })
  return karen
}

describe('all that was said', () => {
  test('is events, reports, files and what was entered by hand, each with its state and why', async () => {
    const karen = await aTown()
    const answer = await seen(actor(['hr']))
    expect(answer.total).toBe(answer.rows.length)
    const of = (origin: string) => answer.rows.filter(row => row.origin === origin)
    expect(of('event').map(row => [row.what, row.state, row.why])).toEqual(
      expect.arrayContaining([
        ['hired', 'applied', null],
        ['ended', 'waiting', 'affiliation-unknown'],
      ]),
    )
    expect(of('report').map(row => [row.what, row.state, row.why])).toEqual(
      expect.arrayContaining([
        ['end', 'applied', null],
        ['move', 'waiting', 'not-stated'],
      ]),
    )
    expect(
      of('file')
        .map(row => [row.what, row.source, row.state])
        .sort(),
    ).toEqual([
      ['add-affiliation', 'lon', 'applied'],
      ['add-person', 'lon', 'applied'],
    ])
    expect(of('file').every(row => row.person?.name === 'Ole Bang')).toBe(true)
    // A pupil is nobody whom HR knows of: no row says that there is one.
    const school = municipality(hr.house.db, undefined, undefined, hr.house)
    await school.feed('skole', [
      person('e1', { givenName: 'Elev', familyName: 'Elevsen' }),
      job('k1', 'e1', { unit: '200', affiliationKind: 'pupil', startsOn: '2026-01-01' }),
    ])
    expect((await seen(actor(['hr']), { origin: 'file' })).rows.map(row => row.source)).toEqual(['lon', 'lon'])
    expect(of('manual')).toMatchObject([{ what: 'phone', state: 'applied', person: { id: karen } }])
    expect(JSON.stringify(answer)).not.toContain('hemmelig grund')

    // Taken apart by origin and state, counts and rows agree.
    for (const { origin, state, count } of answer.counts) {
      const some = await seen(actor(['hr']), { origin, state })
      expect(some.rows).toHaveLength(count)
      expect(some.total).toBe(count)
      expect(some.rows.every(row => row.origin === origin && row.state === state)).toBe(true)
    }
    // In pages it is the same list.
    const paged = []
    for (let offset = 0; offset < answer.total; offset += 3)
      paged.push(...(await seen(actor(['hr']), { offset, limit: 3 })).rows)
    expect(paged).toEqual(answer.rows)
    const named = await seen(actor(['hr']), { text: 'bang' })
    expect(named.rows.map(row => row.origin)).toEqual(['file', 'file'])
    expect(named.total).toBe(2)
  })

  test('a confidential report is in nobody’s list, not even of those who know of it, until it is released', async () => {
    const karen = await aTown()
    const [before] = [await seen(actor(['hr']))]
    const author = actor(['hr'])
    await report(karen, { kind: 'absence', confidential: true, author: author.userId, named: [author.userId] })
    expect((await seen(author)).total).toBe(before?.total)
    expect((await seen(author)).counts).toEqual(before?.counts)
    await hr.query(`update lifecycle_case set released_at = now() where confidential`)
    expect((await seen(author)).rows.map(row => row.what)).toContain('absence')
  })

  test('shows what the reader may see and takes two statements', async () => {
    await aTown()
    const employee = await seen(actor(['employee']))
    expect(employee.rows).toEqual([])
    const it = await seen(actor(['it']))
    expect(it.rows.map(row => row.origin)).toContain('event')
    await hr.query(`update person_current set protected = true`)
    expect((await seen(actor(['auditor']))).rows.every(row => row.person === null || row.person.name === null)).toBe(
      true,
    )
    let statements = 0
    await inTx(async tx => {
      const counting: Tx = {
        ...tx,
        query: (sql, params) => {
          statements += 1
          return tx.query(sql, params)
        },
      }
      await saidView(counting, actor(['hr']), everything)
    })
    expect(statements).toBe(2)
  })
})
