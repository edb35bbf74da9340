import { beforeAll, describe, expect, test } from 'vitest'
import type { ResponseOf } from '../../server/contract/endpoint.ts'
import type { CasePage, createCase, previewCase } from '../../server/contract/lifecycle.ts'
import type { listMails, listOwnMails } from '../../server/contract/mails.ts'
import { addDays } from '../../server/lifecycle/cases/case.ts'
import { sendMails } from '../../server/mails/mail-service.ts'
import { mailsView, ownMailsView } from '../../server/mails/mail-views.ts'
import { fixedClock } from '../../server/platform/clock.ts'
import { newId } from '../../server/platform/ids.ts'
import { actor } from '../server/policy/actors.ts'
import { counted } from '../support/counted.ts'
import { demoTown } from '../support/demo-town.ts'
import { signIn, type Visitor } from '../support/visitors.ts'

/* What a report promises, and what its readers then get. No mail server: everything stands on the pages. */
const town = demoTown()
let hr: Visitor
let it: Visitor
let manager: Visitor
let today: string
let seat: { unit: string; title: string }
const sql = async <T>(text: string, params: unknown[] = []): Promise<T[]> =>
  (await town.house.db.source.query(text, params)) as T[]
/** Noon of the day, so that the mail of the day goes too. */
const run = () =>
  sendMails({ ...town.house, clock: fixedClock(new Date(`${today}T11:00:00Z`).toISOString()), mailer: null })
const own = async (who: Visitor) => {
  const answer = await who.get<ResponseOf<typeof listOwnMails>>('/me/mails')
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}
const all = async () => (await it.get<ResponseOf<typeof listMails>>('/mails?limit=200')).body

beforeAll(async () => {
  hr = await signIn(town, 'hr')
  it = await signIn(town, 'it')
  manager = await signIn(town, 'manager')
  today = town.house.clock.today()
  await sql(`update mail_start set at = '2020-01-01'`)
  const session = await manager.session()
  const found = await sql<{ unit: string; title: string }>(
    `select ac.unit_id as unit, ac.title from affiliation_current ac join org_unit_current u on u.unit_id = ac.unit_id
     where ac.status = 'active' and ac.kind = 'employment' and ac.position_key is not null and u.active
       and u.manager_person_id = (select person_id from tool_user where id = $1) group by 1, 2 order by count(*) desc limit 1`,
    [session.actor?.userId],
  )
  seat = found[0]!
})

async function hire(person: object = {}) {
  const draft = await hr.post<ResponseOf<typeof createCase>>('/lifecycle/cases', {
    form: {
      kind: 'hire',
      person: { givenName: 'Frida', familyName: 'Nyansat', birthDate: '1991-04-05', ...person },
      affiliation: {
        kind: 'external',
        unitId: seat.unit,
        title: seat.title,
        startsOn: addDays(today, 3),
        endsOn: addDays(today, 100),
        hours: 37,
        organisation: 'Vikarbureauet',
        sponsorPersonId: (await manager.session()).actor?.personId,
      },
      rights: [],
    },
  })
  expect(draft.body.missing, draft.text).toEqual([])
  return draft.body.id
}
const mailsOf = (plan: CasePage['plan']) => plan.filter(line => line.what === 'mail')

describe('a report', () => {
  test('says beforehand which mails it leads to, with the text that its readers then get', async () => {
    const id = await hire()
    const seen = await hr.post<ResponseOf<typeof previewCase>>(`/lifecycle/cases/${id}/preview`, {})
    const promised = mailsOf(seen.body.plan)
    expect(promised.map(line => line.code)).toContain('case-plan')
    // An end that is known: who has to say whether it is one is asked thirty, fourteen and five days before.
    const ends = promised.filter(line => line.code === 'affiliation-expires').map(line => line.on)
    expect([...new Set(ends)]).toEqual([70, 86, 95].map(days => addDays(today, days)))
    expect(promised.every(line => line.state === null && line.owner !== null)).toBe(true)
    await run()
    expect((await own(manager)).rows.filter(mail => mail.text.includes('Frida'))).toEqual([])

    await hr.post(`/lifecycle/cases/${id}/send`, { version: 1 })
    await run()
    const told = await own(manager)
    expect(told.by).toBe('no-server')
    const plan = promised.find(line => line.code === 'case-plan' && line.on === today)!
    expect(told.rows.map(mail => mail.text)).toContain(plan.text)
    expect(told.rows.map(mail => mail.subject)).toContain(plan.subject)
    // The report says that it was told.
    const after = mailsOf((await hr.get<CasePage>(`/lifecycle/cases/${id}`)).body.plan)
    expect(after.find(line => line.code === 'case-plan')?.state).toBe('shown')
    await run()
    expect((await own(manager)).total).toBe(told.total)
  })

  test('that is confidential tells nobody before it is released', async () => {
    const id = await hire({ givenName: 'Fortrolig' })
    await hr.post(`/lifecycle/cases/${id}/confidential`, { version: 1, confidential: true, named: [] })
    const sent = await hr.post(`/lifecycle/cases/${id}/send`, { version: 2 })
    expect(sent.status, sent.text).toBe(200)
    await run()
    expect((await all()).rows.filter(mail => mail.text.includes('Fortrolig'))).toEqual([])
    const page = (await hr.get<CasePage>(`/lifecycle/cases/${id}`)).body
    const released = await hr.post(`/lifecycle/cases/${id}/release`, { version: page.version })
    expect(released.status, released.text).toBe(200)
    // The mail of this hour has gone; the next one has it.
    await sendMails({ ...town.house, clock: fixedClock(`${today}T12:30:00Z`), mailer: null })
    expect((await all()).rows.filter(mail => mail.text.includes('Fortrolig'))).not.toEqual([])
  })
})

describe('the pages', () => {
  test('IT sees all of them and how they fared; nobody else does, and nobody sees another’s', async () => {
    const { rows, counts, server } = await all()
    expect(server).toBe(false)
    expect(rows.length).toBeGreaterThan(0)
    expect(counts.shown).toBe(rows.length)
    for (const who of [hr, manager]) expect((await who.get('/mails')).status).toBe(403)
    const me = (await manager.session()).actor?.personId
    expect((await own(manager)).rows.every(mail => mail.to.id === me)).toBe(true)
    const again = await it.post(`/mails/${rows[0]?.id}/send-again`)
    expect(again.body.code).toBe('conflict')
    expect((await it.post(`/mails/${newId()}/send-again`)).status).toBe(404)
  })

  test('a name that is protected since then is in none of them any more', async () => {
    expect((await all()).rows.some(mail => mail.text.includes('Frida'))).toBe(true)
    await sql(`update person_current set protected = true where given_name = 'Frida'`)
    expect((await all()).rows.some(mail => mail.text.includes('Frida'))).toBe(false)
    await sql(`update person_current set protected = false where given_name = 'Frida'`)
  })

  test('are in the language that somebody has chosen', async () => {
    expect((await manager.send('PUT', '/me/mails/language', { language: 'en' })).status).toBe(200)
    const { language, rows } = await own(manager)
    expect(language).toBe('en')
    expect(rows.every(mail => mail.text.startsWith('Hello'))).toBe(true)
    expect((await manager.send('PUT', '/me/mails/language', { language: 'xx' })).status).toBe(400)
  })

  test('ask the database twice at most', async () => {
    const page = { offset: 0, limit: 50 }
    const served = { server: true, publicUrl: 'https://hjemmel.example' }
    const who = actor(['it'], { personId: (await it.session()).actor?.personId ?? null })
    await town.house.db.snapshot(async tx => {
      for (const look of [mailsView, ownMailsView]) {
        const { tx: seen, statements } = counted(tx)
        await look(seen, who, page, served)
        expect(statements.length).toBeLessThanOrEqual(2)
      }
    })
  })
})
