import { beforeAll, expect, test } from 'vitest'
import { demoTown } from '../support/demo-town.ts'
import { countingStatements } from '../support/statements.ts'
import { signIn, type Visitor } from '../support/visitors.ts'

const town = demoTown()
/** Statements a screen, with those that ask who the reader is and log what was looked up. */
const MOST = 8
let it: Visitor
let system: string
let person: string
let unit: string
type Task = { id: string; version: number; person: { id: string }; evidence: { id: string; fileName: string | null }[] }

/** A system with equipment is steered as the screen does it: looked at first, by two where it takes much. */
beforeAll(async () => {
  it = await signIn(town, 'it')
  const { source } = town.house.db
  ;[{ id: system }] = await source.query(
    `select s.id from it_system s join entitlement e on e.system_id = s.id join assignment a on a.entitlement_id = e.id
     where s.kind = 'equipment' group by 1 order by count(*) desc, 1 limit 1`,
  )
  ;[{ id: unit }] = await source.query(`select unit_id as id from org_unit_current where active order by 1 limit 1`)
  const seen = await it.post<{ hash: string }>(`/systems/${system}/rung/preview`, { rung: 'apply' })
  const to = { rung: 'apply', reason: 'Udstyr skal styres', hash: seen.body.hash }
  expect((await it.post(`/systems/${system}/rung`, to)).body).toEqual({ state: 'changed' })
  // Somebody's thing was not there after all.
  ;[{ id: person }] = await source.query(
    `select o.person_id as id from provisioning_order o join person_current pc on pc.person_id = o.person_id
     where o.system_id = $1 and o.state = 'assumed' and pc.status = 'active' and not pc.protected order by 1 limit 1`,
    [system],
  )
  await source.query(`delete from provisioning_order where person_id = $1 and state = 'assumed'`, [person])
  const { planOrdersOf } = await import('../../server/orders/order-service.ts')
  const when = { today: town.house.clock.today(), now: town.house.clock.now() }
  await town.house.db.transaction(tx => planOrdersOf(tx, [person], when))
})

test('eight statements a screen at most', async () => {
  const [order] = await town.house.db.source.query(
    `select id from provisioning_order where task_id is not null limit 1`,
  )
  const screens: [string, () => Promise<{ status: number }>][] = [
    ['orders', () => it.get('/orders')],
    ['orders of a system', () => it.get(`/orders?system=${system}`)],
    ['one order', () => it.get(`/orders/${order.id}`)],
    ['tasks', () => it.get('/tasks?coming=true')],
    ['how a system is steered', () => it.get(`/systems/${system}/delivery`)],
    ['equipment', () => it.get('/equipment')],
    ['things of a person', () => it.get(`/equipment?person=${person}`)],
    ['one’s own things', () => it.get('/me/equipment')],
    ['hours of a unit', () => it.get(`/org/${unit}/cutover`)],
  ]
  const over: string[] = []
  for (const [name, ask] of screens) {
    const { answer, statements } = await countingStatements(ask)
    expect(answer.status, name).toBe(200)
    if (statements.length > MOST) over.push(`${name}: ${statements.length}`)
  }
  expect(over).toEqual([])
})

test('a file goes to a task as it is and comes back to be saved; what is no file of the kinds that are kept does not', async () => {
  const {
    body: {
      rows: [task],
    },
  } = await it.get<{ rows: [Task] }>(`/tasks?coming=true&person=${person}`)
  const at = `/tasks/${task.id}/evidence`
  const send = (name: string, content: string) =>
    it.send('POST', `${at}?name=${encodeURIComponent(name)}`, content, { 'content-type': 'application/octet-stream' })
  expect((await send('side.html', '<html><script>alert(1)</script>')).status).toBe(422)
  expect((await send('stor.txt', 'a'.repeat(5 * 1024 * 1024 + 1))).status).toBe(413)
  const kept = await send('../Kvittering æøå.pdf', '%PDF-1.7 kvittering')
  expect(kept).toMatchObject({ status: 200, body: { name: 'Kvittering æøå.pdf' } })
  const { body } = await it.get<{ rows: [Task] }>(`/tasks?coming=true&person=${person}`)
  const [evidence] = body.rows[0].evidence
  expect(evidence?.fileName).toBe('Kvittering æøå.pdf')
  const file = await it.get<{ base64: string; media: string }>(`${at}/${evidence?.id}`)
  expect(Buffer.from(file.body.base64, 'base64').toString()).toBe('%PDF-1.7 kvittering')
  expect(file.body.media).toBe('application/pdf')
  // Another task does not have it, and who may not see the task has neither.
  expect((await it.get(`/tasks/${unit}/evidence/${evidence?.id}`)).status).toBe(404)
  expect((await (await signIn(town, 'employee')).get(`${at}/${evidence?.id}`)).status).toBe(403)
})
