import { beforeAll, describe, expect, it } from 'vitest'
import type { getActivity, listActivities } from '../../server/contract/activities.ts'
import type { getVersion, listComments, listVersions } from '../../server/contract/activity-versions.ts'
import type { ResponseOf } from '../../server/contract/endpoint.ts'
import type { listFindings } from '../../server/contract/findings.ts'
import { addDays } from '../../server/platform/civil-date.ts'
import { demoTown } from '../support/demo-town.ts'
import { countingStatements } from '../support/statements.ts'
import { personOf, signIn, type Visitor } from '../support/visitors.ts'

type Page = ResponseOf<typeof getActivity>
type List = ResponseOf<typeof listActivities>

const town = demoTown()
let it_: Visitor
let manager: Visitor
let dpo: Visitor
let today: string
/** A unit that the manager leads, and a system with people in it. */
let unit: string
let system: string
let activityId: string

const sql = <Row>(text: string, params: unknown[] = []) => town.house.db.snapshot(tx => tx.query<Row>(text, params))
const content = (over: Record<string, unknown> = {}) => ({
  ...{ kind: 'controller', name: 'Prøveordning', area: 'Prøver', units: [unit], kle: ['29.18'] },
  systems: [{ systemId: system, use: 'Journal' }],
  purposes: [{ key: 'proeve', name: 'At se om det virker', art6: '6.1.e' }],
  retention: [{ key: 'sag', startEvent: 'Sagen er afsluttet', period: 'P5Y', basis: 'Bogføringsloven' }],
  rows: [{ subject: subject, data: ordinary, recipient: null, erasure: 'sag' }],
  ...over,
})
let subject: string
let ordinary: string
const page = async (who: Visitor, query = '') => (await who.get<Page>(`/activities/${activityId}${query}`)).body
const open = async (who: Visitor) => {
  const found = (await page(who)).open
  if (!found) throw new Error('nothing is open')
  return found
}
const act = async (who: Visitor, what: string, body: Record<string, unknown> = {}) => {
  const { versionId, lock } = await open(who)
  return who.post(`/activities/${activityId}/versions/${versionId}/${what}`, { lock, ...body })
}

beforeAll(async () => {
  ;[it_, manager, dpo] = [await signIn(town, 'it'), await signIn(town, 'manager'), await signIn(town, 'dpo')]
  today = town.house.clock.today()
  const [led] = await sql<{ id: string }>(
    `select u.unit_id as id from affiliation_current a join org_unit_current u on u.post_affiliation_id = a.affiliation_id
     where a.person_id = $1 and u.active limit 1`,
    [await personOf(town, 'manager')],
  )
  unit = led?.id as string
  const [used] = await sql<{ id: string }>(
    `select e.system_id as id from observed_right o join entitlement e on e.id = o.entitlement_id
     join account a on a.id = o.account_id where a.person_id is not null group by 1 order by count(*) desc limit 1`,
  )
  system = used?.id as string
  const terms = await sql<{ kind: string; code: string }>(
    `select distinct on (kind) kind, code from vocabulary_term where kind = 'subject' or kind = 'data' and class = 'ordinary'`,
  )
  subject = terms.find(one => one.kind === 'subject')?.code as string
  ordinary = terms.find(one => one.kind === 'data')?.code as string
})

describe('a record of processing', () => {
  it('is begun as a draft by whoever answers for it, who may not put it in force', async () => {
    const made = await manager.post<{ activityId: string }>('/activities', { content: content() })
    expect(made.status, made.text).toBe(200)
    activityId = made.body.activityId
    const first = await page(manager)
    expect(first).toMatchObject({
      standing: 'draft',
      open: { number: 1, state: 'draft' },
      shown: { state: 'draft', content: { name: 'Prøveordning' }, names: { systems: [{ id: system }] } },
      allowed: { propose: true, decide: false },
    })
    expect(first.shown?.names.owner?.person.id).toBeTruthy()
    // Real people, from what is read in the system: never a figure that somebody typed.
    const [counted] = await sql<{ n: number }>(
      `select count(distinct a.person_id)::int as n from observed_right o join entitlement e on e.id = o.entitlement_id
       join account a on a.id = o.account_id where e.system_id = $1 and a.person_id is not null`,
      [system],
    )
    expect(first.access).toMatchObject({ people: counted?.n, systems: [{ id: system, people: counted?.n }] })
    expect((await act(manager, 'proposed', { summary: 'Ny ordning', effectiveOn: today })).status).toBe(200)
    const proposed = await page(manager)
    expect(proposed.allowed).toMatchObject({ decide: false, ownProposal: true })
    const refused = await act(manager, 'in-force', { effectiveOn: today, reason: null })
    expect(refused.body.code).toBe('second-person-needed')
  })

  it('is read and advised about by the DPO, who changes nothing', async () => {
    expect((await act(dpo, 'in-force', { effectiveOn: today, reason: null })).status).toBe(403)
    const made = await dpo.post<{ id: string }>(`/activities/${activityId}/advice`, {
      ...{ text: 'Sig hvor længe logfilerne gemmes.', followUpOn: addDays(today, 14) },
    })
    expect(made.status, made.text).toBe(200)
    const past = await dpo.post(`/activities/${activityId}/advice`, { text: 'For sent', followUpOn: '2020-01-01' })
    expect(past.body.code).toBe('data-invalid')
    const list = (await manager.get<List>('/activities?attention=advice')).body
    expect(list.rows.map(row => row.id)).toContain(activityId)
    const answered = await manager.post(`/activities/${activityId}/advice/${made.body.id}/answer`, {
      ...{ answer: 'followed', note: 'Står nu under sletning' },
    })
    expect(answered.status, answered.text).toBe(200)
    const said = (await dpo.get<ResponseOf<typeof listComments>>(`/activities/${activityId}/comments`)).body
    expect(said.rows).toMatchObject([{ kind: 'advice', answer: 'followed' }])
    expect(said.allowed).toEqual({ comment: false, advise: true, answer: false })
  })

  it('is put in force by a second person, an earlier day only with a reason', async () => {
    const early = addDays(today, -30)
    expect((await act(it_, 'in-force', { effectiveOn: early, reason: null })).body.code).toBe('reason-needed')
    const done = await act(it_, 'in-force', { effectiveOn: early, reason: 'Ordningen begyndte for en måned siden' })
    expect(done.status, done.text).toBe(200)
    expect(await page(manager)).toMatchObject({
      standing: 'in-force',
      open: null,
      shown: { state: 'in-force', from: early, to: null },
    })
    // As of the day before, and as was known before it was decided: nothing.
    expect((await page(manager, `?asOf=${addDays(early, -1)}`)).shown).toBeNull()
    const yesterday = new Date(Date.now() - 86_400_000).toISOString()
    expect((await page(manager, `?asOf=${today}&known=${yesterday}`)).shown).toBeNull()
    expect((await page(manager, `?asOf=${early}`)).shown?.number).toBe(1)
  })

  it('changes by a proposal with a readable difference, from a later day on', async () => {
    const begun = await manager.post<{ versionId: string }>(`/activities/${activityId}/versions`)
    expect((await manager.post(`/activities/${activityId}/versions`)).body.code).toBe('conflict')
    const { lock } = await open(manager)
    const address = `/activities/${activityId}/versions/${begun.body.versionId}`
    const next = content({
      owner: (await page(manager)).shown?.content.owner,
      purposes: [{ key: 'proeve', name: 'At se om det virker', art6: '6.1.c' }],
    })
    const written = await manager.send('PUT', address, { content: next, summary: null, lock })
    expect(written.status, written.text).toBe(200)
    const stale = await manager.send('PUT', address, { content: next, summary: null, lock })
    expect(stale.body.code).toBe('conflict')
    const version = (await dpo.get<ResponseOf<typeof getVersion>>(address)).body
    expect(version.against?.number).toBe(1)
    expect(version.changes).toEqual([
      { field: 'purposes', key: 'proeve', part: 'art6', kind: 'changed', before: '6.1.e', after: '6.1.c' },
    ])
    const day = addDays(today, 10)
    await act(manager, 'proposed', { summary: 'Rettet grundlag', effectiveOn: day })
    expect((await act(it_, 'in-force', { effectiveOn: day, reason: null })).status).toBe(200)
    expect(await page(dpo)).toMatchObject({ shown: { number: 1, to: day }, coming: { number: 2, from: day } })
    expect((await page(dpo, `?asOf=${day}`)).shown?.number).toBe(2)
    const versions = (await dpo.get<ResponseOf<typeof listVersions>>(`/activities/${activityId}/versions`)).body.rows
    expect(versions.map(one => one.valid.map(span => span.to))).toEqual([[null], [day]])
  })

  it('takes at most eight statements a screen, with session and user', async () => {
    const address = `/activities/${activityId}`
    const [version] = (await dpo.get<ResponseOf<typeof listVersions>>(`${address}/versions`)).body.rows
    for (const path of [
      ...['/activities', address, `${address}?asOf=${today}`, `${address}/versions`, `${address}/comments`],
      `${address}/versions/${version?.versionId}`,
    ]) {
      const { answer, statements } = await countingStatements(() => dpo.get(path))
      expect(answer.status).toBe(200)
      expect(statements.length, `${path}\n${statements.join('\n')}`).toBeLessThanOrEqual(8)
    }
    const { answer, statements } = await countingStatements(() => dpo.get(`${address}/reach`))
    expect(answer.status).toBe(200)
    expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(8)
  })

  it('shows what is found of it and of no other, in at most eight statements', async () => {
    const asked = { activity: activityId, counted: true }
    const { answer, statements } = await countingStatements(() =>
      dpo.post<ResponseOf<typeof listFindings>>('/findings/search', asked),
    )
    expect(answer.status).toBe(200)
    expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(8)
    const found = await sql<{ id: string; code: string }>(
      `select id, code from finding where activity_id = $1 and state = 'open' and closed_at is null order by id`,
      [activityId],
    )
    // Its purpose is a task of public authority and names no law.
    expect(found.map(row => row.code)).toContain('no-legal-basis')
    expect(answer.body.rows.map(row => row.id).sort()).toEqual(found.map(row => row.id))
    for (const row of answer.body.rows) expect(row.activity).toMatchObject({ id: activityId })
    // Who may read the record may not therefore read what is found.
    expect((await (await signIn(town, 'employee')).post('/findings/search', asked)).status).toBe(403)
  })

  it('is attested by its owner and nobody else, and looked at by the DPO', async () => {
    const { shown } = await page(manager)
    const attest = (who: Visitor, versionId = shown?.versionId) =>
      who.post<{ attestDue: string }>(`/activities/${activityId}/attestations`, { versionId, note: null })
    expect((await attest(it_)).status).toBe(403)
    const done = await attest(manager)
    expect(done.status, done.text).toBe(200)
    expect(done.body.attestDue > addDays(today, 360)).toBe(true)
    const other = (await manager.get<ResponseOf<typeof listVersions>>(`/activities/${activityId}/versions`)).body.rows
    expect((await attest(manager, other[0]?.versionId)).body.code).toBe('conflict')
    const checked = await dpo.post(`/activities/${activityId}/spot-checks`, {
      ...{ versionId: shown?.versionId, asItIs: false, note: 'Systemlisten mangler drevet' },
    })
    expect(checked.status, checked.text).toBe(200)
    expect((await page(dpo)).attestations.map(one => [one.kind, one.changed])).toEqual([
      ['spot-check', true],
      ['owner', false],
    ])
    const { wheel, counts } = (await manager.get<List>('/activities')).body
    expect(wheel).toHaveLength(12)
    expect(counts.own).toBeGreaterThan(0)
  })

  it('is not proposed while it lacks what it must have, and rejected with a reason', async () => {
    const begun = await manager.post<{ versionId: string }>(`/activities/${activityId}/versions`)
    const { lock } = await open(manager)
    const address = `/activities/${activityId}/versions/${begun.body.versionId}`
    const owner = (await page(manager)).shown?.content.owner
    await manager.send('PUT', address, { content: content({ owner, purposes: [] }), summary: null, lock })
    expect((await act(manager, 'proposed', { summary: 'Tom', effectiveOn: today })).body.code).toBe('data-invalid')
    const again = await open(manager)
    await manager.send('PUT', address, { content: content({ owner }), summary: null, lock: again.lock })
    await act(manager, 'proposed', { summary: 'Som før', effectiveOn: today })
    expect((await act(it_, 'rejected', { reason: 'Ingen ændring' })).status).toBe(200)
    const resumed = await manager.post(`/activities/${activityId}/versions`, { from: begun.body.versionId })
    expect(resumed.status).toBe(200)
    expect((await act(manager, 'withdrawn')).status).toBe(200)
  })

  it('is retired from a day, and stays readable', async () => {
    const done = await it_.post(`/activities/${activityId}/retired`, { from: today, reason: 'Ordningen er slut' })
    expect(done.status, done.text).toBe(200)
    expect(await page(dpo)).toMatchObject({ standing: 'retired', coming: null })
    expect((await page(dpo, `?asOf=${addDays(today, -1)}`)).shown?.number).toBe(1)
    expect((await page(dpo, `?asOf=${today}`)).shown).toBeNull()
  })

  it('is none of an employee, unless they answer for it', async () => {
    const employee = await signIn(town, 'employee')
    expect((await employee.get('/activities')).status).toBe(403)
    const made = await it_.post<{ activityId: string }>('/activities', {
      ...{ content: content({ name: 'Medarbejderens egen' }), ownerPersonId: await personOf(town, 'employee') },
    })
    expect(made.status, made.text).toBe(200)
    const list = (await employee.get<List>('/activities')).body
    expect(list.rows.map(row => row.id)).toEqual([made.body.activityId])
    expect((await employee.get(`/activities/${activityId}`)).status).toBe(404)
  })
})
