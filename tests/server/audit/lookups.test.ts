import { beforeEach, describe, expect, it } from 'vitest'
import type { AuditActor } from '../../../server/audit/audit-entry.ts'
import { audit, type Lookup, releaseCase } from '../../../server/audit/audit-store.ts'
import { lookupsOf } from '../../../server/audit/lookup-views.ts'
import { newId } from '../../../server/platform/ids.ts'
import { testDatabase } from '../../support/database.ts'

const database = testDatabase()
const hr: AuditActor = { kind: 'user', userId: newId(), personId: newId(), function: 'hr' }
const it_: AuditActor = { kind: 'user', userId: newId(), personId: newId(), function: 'it' }
const person = newId()

const look = (lookup: Partial<Lookup>) =>
  database.db.transaction(tx => audit(tx).lookup({ actor: hr, personId: person, action: 'person.viewed', ...lookup }))
const log = (personId = person) => database.db.snapshot(tx => lookupsOf(tx, personId, { offset: 0, limit: 50 }))

beforeEach(() => database.reset())

describe('looking at a person', () => {
  it('is visible to the person: what, when and by whose function, never by whose name', async () => {
    await look({})
    await look({ actor: it_, action: 'person.timeline-viewed' })
    const { lookups, total } = await log()
    expect(total).toBe(2)
    expect(lookups.map(({ what, byFunction }) => ({ what, byFunction }))).toEqual([
      { what: 'person.timeline-viewed', byFunction: 'it' },
      { what: 'person.viewed', byFunction: 'hr' },
    ])
    expect(JSON.stringify(lookups)).not.toContain(hr.userId)
    expect((await log(newId())).total).toBe(0)
  })

  it('at oneself is no lookup', async () => {
    await look({ actor: { ...hr, personId: person } })
    expect((await log()).total).toBe(0)
  })

  it('at the same screen again within ten minutes is the same lookup, after that another one', async () => {
    await look({})
    await look({})
    await look({ actor: it_ })
    expect((await log()).total).toBe(2)
    await database.db.transaction(async tx => {
      await tx.query('set local session_replication_role = replica')
      await tx.query(`update audit_entry set at = at - interval '11 minutes'`)
    })
    await look({})
    expect((await log()).total).toBe(3)
  })

  it('every reveal of a CPR number counts, with its reason', async () => {
    await look({ action: 'person.cpr-revealed', reason: 'Indberetning til pension' })
    await look({ action: 'person.cpr-revealed', reason: 'Kontrol af dobbelt ansættelse' })
    const { lookups } = await log()
    expect(lookups.map(row => row.reason)).toEqual(['Kontrol af dobbelt ansættelse', 'Indberetning til pension'])
  })

  it('under a confidential case is silent until the case is released', async () => {
    const caseId = newId()
    await look({ caseId })
    await look({})
    expect((await log()).total).toBe(1)
    await database.db.transaction(tx => releaseCase(tx, newId(), hr))
    expect((await log()).total).toBe(1)
    await database.db.transaction(tx => releaseCase(tx, caseId, hr))
    expect((await log()).total).toBe(2)
  })
})

describe('looking at a list', () => {
  it('is one entry with its query, typing on is the same search', async () => {
    const search = (text: boolean, count: number) =>
      database.db.transaction(tx =>
        audit(tx).lookupList({ actor: hr, action: 'people.searched', query: { text, kind: 'employee' }, count }),
      )
    await search(true, 40)
    await search(true, 3)
    await search(false, 3000)
    const rows = await database.db.snapshot(tx =>
      tx.query<{ body: string; person_id: string | null }>(
        'select body, person_id from audit_entry join audit_payload on entry_id = id order by id',
      ),
    )
    expect(rows.map(row => JSON.parse(row.body).detail)).toEqual([
      { query: { text: true, kind: 'employee' }, count: 40 },
      { query: { text: false, kind: 'employee' }, count: 3000 },
    ])
    expect(rows.every(row => row.person_id === null)).toBe(true)
  })
})
