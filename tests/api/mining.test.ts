import { beforeAll, describe, expect, test } from 'vitest'
import type { MiningRunPage, ProposalPage } from '../../server/contract/mining.ts'
import type { WhatIfResult } from '../../server/contract/what-if.ts'
import type { DraftPage } from '../../server/contract/what-if-draft.ts'
import { demoTown } from '../support/demo-town.ts'
import { signIn, type Visitor } from '../support/visitors.ts'

const town = demoTown()
let it: Visitor
let dpo: Visitor
beforeAll(async () => {
  ;[it, dpo] = [await signIn(town, 'it'), await signIn(town, 'dpo')]
})

const begin = async (visitor: Visitor, body: object) => {
  const begun = await visitor.post<{ id: string }>('/mining/runs', { options: {}, ...body })
  expect(begun.status, begun.text).toBe(200)
  return begun.body.id
}
const page = async (visitor: Visitor, id: string, query = '') =>
  (await visitor.get<MiningRunPage>(`/mining/runs/${id}?limit=200${query}`)).body
const ended = async (id: string) => {
  await expect.poll(async () => (await page(it, id)).run.state, { timeout: 60_000 }).not.toBe('running')
  return page(it, id)
}

describe('roles of the demonstration', () => {
  test('are few and broad, are accepted as a draft that takes nothing from anybody, and taken back', async () => {
    const id = await begin(it, { scope: { kind: 'all' }, aim: 'broad' })
    const again = await it.post('/mining/runs', { scope: { kind: 'all' }, aim: 'broad', options: {} })
    expect(again.status).toBe(409)
    const found = await ended(id)
    expect(found.run.state).toBe('done')
    expect(found.proposals.length).toBeGreaterThan(3)
    const { result } = found
    const left = result!.deviation.reduce((sum, row) => sum + row.people, 0)
    expect(left).toBeLessThanOrEqual(result!.left)
    const sizes = found.proposals.map(row => row.rights * row.holders)
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
    // Nobody who is only a pupil, and nobody who has left, is behind any of it.
    const [{ others }] = (await town.house.db.source.query(
      `select count(*)::int as others from mining_proposal mp cross join lateral unnest(mp.holders) as h (id)
       join person_current p on p.person_id = h.id where p.kind <> 'employee' or p.status <> 'active'`,
    )) as [{ others: number }]
    expect(others).toBe(0)

    const well = found.proposals.find(row => row.description.unit && row.hits * 2 > row.meets) ?? found.proposals[0]!
    const at = `/mining/runs/${id}/proposals/${well.nr}`
    const detail = (await dpo.get<ProposalPage>(at)).body
    expect(detail.rights.length).toBe(well.rights)
    expect(detail.may).toEqual({ accept: false, reject: false, undo: false })
    expect(detail.people.length).toBeGreaterThan(0)
    const [logged] = (await town.house.db.source.query(
      `select 1 from audit_entry where action = 'mining.people-viewed' order by id desc limit 1`,
    )) as object[]
    expect(logged).toBeDefined()
    expect((await dpo.post(`${at}/reject`, { reason: 'Det må jeg ikke' })).status).toBe(403)

    const body = { name: 'Forslag fra det, folk har', purpose: 'Det daglige arbejde', owner: 'IT' }
    const accepted = await it.post<{ draftId: string; ruleKey: string }>(`${at}/accept`, body)
    expect(accepted.status, accepted.text).toBe(200)
    const { draftId, ruleKey } = accepted.body
    const draft = (await it.get<DraftPage>(`/drafts/${draftId}`)).body
    expect(draft.changes.map(change => change.kind)).toEqual(['role-put', 'rule-put'])
    const effect = (await it.get<{ result: WhatIfResult }>(`/drafts/${draftId}/result`)).body.result
    expect(effect.total.losses).toBe(0)
    expect(effect.moved).toEqual([])
    expect((await it.get(`/rules/${ruleKey}/form`)).status).toBe(200)
    expect((await it.get(`/rules/${ruleKey}`)).status).toBe(404)
    expect((await page(it, id, '&state=open')).proposals.map(row => row.nr)).not.toContain(well.nr)
    expect((await it.post(`${at}/accept`, body)).status).toBe(409)
    expect((await it.post(`${at}/undo`, {})).status).toBe(200)
    expect((await it.get<DraftPage>(`/drafts/${draftId}`)).body.state).toBe('withdrawn')
    expect((await it.get(`/rules/${ruleKey}/form`)).status).toBe(404)
  })

  test('of an own system are for its owner; the exact ones leave nothing outside', async () => {
    const owner = await signIn(town, 'systemowner')
    const scopes = (
      await owner.get<{ all: boolean; units: object[]; systems: { id: string; rights: number }[] }>('/mining/scopes')
    ).body
    expect([scopes.all, scopes.units.length]).toEqual([false, 0])
    const system = [...scopes.systems].sort((a, b) => b.rights - a.rights)[0]!
    const id = await begin(owner, { scope: { kind: 'system', id: system.id }, aim: 'light' })
    const found = await ended(id)
    expect(found.run.state).toBe('done')
    expect(found.result).toMatchObject({ left: 0, deviation: [] })
    const mine = await page(owner, id)
    expect(mine.may).toEqual({ run: true, accept: false })
    expect((await owner.post('/mining/runs', { scope: { kind: 'all' }, aim: 'few', options: {} })).status).toBe(403)
    const other = scopes.systems.map(one => one.id)
    const [foreign] = (await town.house.db.source.query('select id from it_system where id <> all($1) limit 1', [
      other,
    ])) as { id: string }[]
    const refused = await owner.post('/mining/runs', {
      ...{ scope: { kind: 'system', id: foreign!.id }, aim: 'few', options: {} },
    })
    expect(refused.status).toBe(404)
    const nr = mine.proposals[0]!.nr
    const at = `/mining/runs/${id}/proposals/${nr}`
    expect((await owner.post(`${at}/reject`, { reason: 'Ikke sådan vi gør' })).status).toBe(200)
    const next = await ended(await begin(owner, { scope: { kind: 'system', id: system.id }, aim: 'light' }))
    expect(next.result?.rejectedBefore).toBe(1)
  })
})
