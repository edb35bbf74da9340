import { beforeAll, describe, expect, it } from 'vitest'
import type { ResponseOf } from '../../server/contract/endpoint.ts'
import type { getHome } from '../../server/contract/home.ts'
import type { listOwnRectifications, listRectifications } from '../../server/contract/rectifications.ts'
import { newId } from '../../server/platform/ids.ts'
import { demoTown } from '../support/demo-town.ts'
import { countingStatements } from '../support/statements.ts'
import { personOf, signIn, type Visitor } from '../support/visitors.ts'

type Own = ResponseOf<typeof listOwnRectifications>
type List = ResponseOf<typeof listRectifications>

const town = demoTown()
let employee: Visitor
let owner: Visitor
let hr: Visitor
let it_: Visitor
let dpo: Visitor
let personId: string

const sql = <Row>(text: string, params: unknown[] = []) => town.house.db.snapshot(tx => tx.query<Row>(text, params))
const list = async (who: Visitor, query = '') => (await who.get<List>(`/rectifications${query}`)).body
const own = async () => (await employee.get<Own>('/me/rectifications')).body
const ask = (object: Record<string, unknown>, words: string, who = employee) =>
  who.post<{ id: string; office: string }>('/me/rectifications', { object, words })
const todo = async (who: Visitor, code: string) =>
  (await who.get<ResponseOf<typeof getHome>>('/home')).body.sections
    .flatMap(section => section.todos)
    .find(one => one.code === code)?.count ?? 0

beforeAll(async () => {
  employee = await signIn(town, 'employee')
  ;[owner, hr, it_, dpo] = [
    await signIn(town, 'systemowner'),
    await signIn(town, 'hr'),
    await signIn(town, 'it'),
    await signIn(town, 'dpo'),
  ]
  personId = await personOf(town, 'employee')
})

/** A right of the employee in a system that somebody else owns, or that nobody owns. */
async function rightOf(owned: boolean): Promise<{ id: string; systemId: string } | undefined> {
  const [row] = await sql<{ id: string; systemId: string }>(
    `select e.id, e.system_id as "systemId" from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id
     join entitlement e on e.id = a.entitlement_id join it_system s on s.id = e.system_id
     left join affiliation_current o on o.affiliation_id = s.owner_affiliation_id and o.status = 'active'
     where ac.person_id = $1 and (o.person_id is not null and o.person_id <> $1) = $2 order by e.key limit 1`,
    [personId, owned],
  )
  return row
}

describe('this is wrong', () => {
  it('goes to HR where it is about the job, and the answer comes back to whom it is about', async () => {
    const [job] = await sql<{ id: string }>(
      `select affiliation_id as id from affiliation_current where person_id = $1 and status = 'active' limit 1`,
      [personId],
    )
    const asked = await ask(
      { about: 'affiliation', affiliationId: job?.id },
      'Min titel er forkert: jeg er sygeplejerske.',
    )
    expect(asked.body).toMatchObject({ office: 'hr' })
    // Said twice is said once, until it is answered.
    expect((await ask({ about: 'affiliation', affiliationId: job?.id }, 'Min titel er forkert.')).body).toMatchObject({
      code: 'conflict',
    })
    expect(await todo(hr, 'rectifications')).toBeGreaterThan(0)
    const seen = (await list(hr)).rows.find(row => row.id === asked.body.id)
    expect(seen).toMatchObject({
      ...{ person: { id: personId }, office: 'hr', days: 0, allowed: { answer: true } },
      words: 'Min titel er forkert: jeg er sygeplejerske.',
    })
    // Not what others answer for; the DPO sees all and answers nothing.
    for (const other of [owner, it_]) expect((await list(other)).rows.map(row => row.id)).not.toContain(asked.body.id)
    expect((await list(dpo)).rows.find(row => row.id === asked.body.id)?.allowed).toEqual({ answer: false })

    const path = `/rectifications/${asked.body.id}/answer`
    const said = { outcome: 'corrected', answer: 'Titlen er rettet i lønsystemet.' }
    expect((await it_.post(path, said)).status).toBe(404)
    expect((await dpo.post(path, said)).status).toBe(403)
    expect((await hr.post(path, said)).status).toBe(200)
    expect((await hr.post(path, said)).body).toMatchObject({ code: 'conflict' })

    expect(await own()).toMatchObject({
      unseen: 1,
      rows: [{ id: asked.body.id, outcome: 'corrected', answer: said.answer, answeredAs: 'hr', seen: false }],
    })
    expect(await todo(employee, 'rectifications-answered')).toBe(1)
    expect((await employee.post('/me/rectifications/seen', {})).body).toEqual({ seen: 1 })
    expect(await own()).toMatchObject({ unseen: 0 })
    expect(await todo(employee, 'rectifications-answered')).toBe(0)
    const entries = await sql<{ action: string }>(
      `select action from audit_entry where subject_kind = 'rectification' and subject_id = $1 order by id`,
      [asked.body.id],
    )
    expect(entries.map(one => one.action)).toEqual(['rectification.asked', 'rectification.answered'])
  })

  it('goes to the owner of the system where it is about a right, to IT where nobody owns it', async () => {
    const owned = await rightOf(true)
    const unowned = await rightOf(false)
    // The demonstration has at least one of the two for everybody.
    expect([owned, unowned].filter(Boolean).length).toBeGreaterThan(0)
    for (const [right, office] of [
      [owned, 'systemowner'],
      [unowned, 'it'],
    ] as const) {
      if (!right) continue
      const asked = await ask({ about: 'right', entitlementId: right.id }, 'Det har jeg ikke brug for mere.')
      expect(asked.body, asked.text).toMatchObject({ office })
      expect((await list(it_)).rows.map(row => row.id)).toContain(asked.body.id)
      expect((await list(hr)).rows.map(row => row.id)).not.toContain(asked.body.id)
      const answered = await it_.post(`/rectifications/${asked.body.id}/answer`, {
        outcome: 'right-as-is',
        answer: 'Den følger af din stilling i Hjemmeplejen.',
      })
      expect(answered.status, answered.text).toBe(200)
      expect((await own()).rows[0]).toMatchObject({ answeredAs: 'it', system: { id: right.systemId } })
    }
  })

  it('is about oneself only, and nobody answers oneself', async () => {
    const [other] = await sql<{ id: string }>(
      `select a.id from account a where a.person_id is not null and a.person_id <> $1 limit 1`,
      [personId],
    )
    expect((await ask({ about: 'account', accountId: other?.id }, 'Det er ikke min konto')).status).toBe(404)
    expect((await ask({ about: 'right', entitlementId: newId() }, 'Det har jeg ikke')).status).toBe(404)
    const mine = await ask({ about: 'person' }, 'Mit navn staves med to s.', hr)
    expect(mine.body).toMatchObject({ office: 'hr' })
    expect((await list(hr)).rows.find(row => row.id === mine.body.id)?.allowed).toEqual({ answer: false })
    const self = await hr.post(`/rectifications/${mine.body.id}/answer`, {
      outcome: 'corrected',
      answer: 'Rettet selv.',
    })
    expect(self.status).toBe(403)
  })

  it('is listed with the open ones first, in few statements, and that somebody looked is on record', async () => {
    const answered = await list(dpo, '?state=answered')
    const open = await list(dpo, '?state=open')
    expect(open.rows.every(row => row.answeredAt === null) && answered.rows.every(row => row.answeredAt !== null)).toBe(
      true,
    )
    expect(answered.total + open.total).toBe((await list(dpo)).total)
    const { statements } = await countingStatements(() => list(dpo))
    expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(8)
    const [looked] = await sql<{ n: number }>(
      `select count(*)::int as n from audit_entry where action = 'rectifications.viewed'`,
    )
    expect(looked?.n).toBeGreaterThan(0)
  })
})
