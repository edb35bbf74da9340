import { beforeAll, describe, expect, test } from 'vitest'
import type {
  adoptActivities,
  getCatalogueActivity,
  listCatalogueActivities,
} from '../../server/contract/activity-catalogue.ts'
import type { ResponseOf } from '../../server/contract/endpoint.ts'
import type { listVocabulary, VocabularyTerm } from '../../server/contract/vocabularies.ts'
import { demoActivities } from '../../server/demo/register-plan.ts'
import { catalogueActivities } from '../../server/register/catalogue/read-catalogue.ts'
import { demoTown } from '../support/demo-town.ts'
import { countingStatements } from '../support/statements.ts'
import { signIn, type Visitor } from '../support/visitors.ts'

/* The words that records are made of, the catalogue that they begin from, and what the demonstration began with. */
const town = demoTown()
let it: Visitor
let dpo: Visitor
let owner: Visitor

beforeAll(async () => {
  it = await signIn(town, 'it')
  dpo = await signIn(town, 'dpo')
  owner = await signIn(town, 'systemowner')
})

describe('the demonstration', () => {
  test('has a register: most of it in force, each with somebody who answers for it', async () => {
    const rows = await town.house.db.source.query(
      `select a.catalogue_key as key, v.state, v.content -> 'owner' <> 'null' as owned, a.confirmed_at is not null as confirmed,
         jsonb_array_length(v.content -> 'systems') as systems, jsonb_array_length(v.content -> 'units') as units,
         exists (select from activity_in_force f where f.activity_id = a.id and upper_inf(f.recorded) and upper_inf(f.valid)) as counts
       from activity a join activity_version v on v.activity_id = a.id where a.catalogue_key is not null`,
    )
    const made = new Map(rows.map((row: { key: string }) => [row.key, row])) as Map<
      string,
      { state: string; owned: boolean; confirmed: boolean; systems: number; units: number; counts: boolean }
    >
    expect(made.size).toBe(demoActivities.length)
    expect(made.size).toBeGreaterThanOrEqual(75)
    for (const one of demoActivities) {
      const row = made.get(one.key)
      const expected = { owned: true, systems: one.systems.length, units: one.units.length }
      expect({ key: one.key, ...row }).toMatchObject({ key: one.key, ...expected })
      expect(row?.counts).toBe(one.state === 'in-force')
      expect(row?.confirmed).toBe(one.looked.length > 0)
    }
    const states = new Set(demoActivities.map(one => one.state))
    expect(states).toEqual(new Set(['in-force', 'draft', 'proposed', 'retired']))
  })
})

describe('the catalogue', () => {
  const list = async (who: Visitor, query = '') =>
    (await who.get<ResponseOf<typeof listCatalogueActivities>>(`/catalogue/activities${query}`)).body

  test('marks what is adopted, and finds by words in both languages', async () => {
    const all = await list(dpo)
    expect(all.total).toBe(catalogueActivities().size)
    expect(all.allowed.adopt).toBe(false)
    const standing = demoActivities.filter(one => one.state !== 'retired').map(one => one.key)
    expect(
      all.rows
        .filter(row => row.adopted)
        .map(row => row.key)
        .sort(),
    ).toEqual(standing.sort())
    expect(all.adopted).toBe(standing.length)
    for (const words of ['sygepleje henvisning', 'nursing referral'])
      expect((await list(dpo, `?search=${encodeURIComponent(words)}`)).rows.map(row => row.key)).toContain(
        'home-nursing',
      )
    const health = await list(dpo, `?area=${encodeURIComponent('Sundhed')}&adopted=yes`)
    expect(health.rows.length).toBeGreaterThan(3)
    expect(health.rows.every(row => row.areaEn === 'Health' && row.adopted !== null)).toBe(true)
  })

  test('shows one as the record that it would become, with what is to be thought of', async () => {
    const { body } = await dpo.get<ResponseOf<typeof getCatalogueActivity>>('/catalogue/activities/breaches')
    expect(body.content.purposes[0]?.provisions[0]).toMatchObject({ section: null, checkedOn: null })
    expect(body.classes).toContain('criminal')
    expect(body.remarks.map(one => one.code)).toContain('provision-unchecked')
    expect(body.remarks.filter(one => one.severity === 'must')).toEqual([])
    expect((await dpo.get('/catalogue/activities/findes-ikke')).status).toBe(404)
  })

  test('several are adopted as drafts that say where they came from; none twice', async () => {
    const free = (await list(it, '?adopted=no')).rows.map(row => row.key).slice(0, 3) as [string, string, string]
    expect((await dpo.post('/catalogue/adopted', { keys: free })).status).toBe(403)
    const two = free.slice(0, 2)
    const { status, body } = await it.post<ResponseOf<typeof adoptActivities>>('/catalogue/adopted', { keys: two })
    expect(status).toBe(200)
    expect(body.made.map(one => one.key)).toEqual(two)
    expect(await it.post('/catalogue/adopted', { keys: two })).toMatchObject({ status: 409 })
    const more = await it.post<ResponseOf<typeof adoptActivities>>('/catalogue/adopted', { keys: free })
    expect(more.body).toMatchObject({ made: [{ key: free[2] }], already: two })
    const after = await list(it)
    const row = after.rows.find(one => one.key === two[0])
    expect(row?.adopted?.activityId).toBe(body.made[0]?.activityId)
    const [stored] = await town.house.db.source.query(
      `select a.catalogue_key as key, a.confirmed_at as confirmed, v.state, v.content ->> 'name' as name
       from activity a join activity_version v on v.activity_id = a.id where a.id = $1`,
      [body.made[0]?.activityId],
    )
    const name = catalogueActivities().get(two[0]!)?.content.name
    expect(stored).toEqual({ key: two[0], confirmed: null, state: 'draft', name })
    expect(await it.post('/catalogue/adopted', { keys: [free[0], 'findes-ikke'] })).toMatchObject({ status: 404 })
  })

  test('a system owner adopts what they will answer for themselves', async () => {
    const [one] = (await list(owner, '?adopted=no')).rows
    const { status, body } = await owner.post<ResponseOf<typeof adoptActivities>>('/catalogue/adopted', {
      keys: [one?.key],
    })
    expect(status).toBe(200)
    const [stored] = await town.house.db.source.query(
      `select r.key from activity_version v join affiliation_current c on c.affiliation_id = v.owner_id
       join source_record r on r.subject_id = c.person_id and r.kind = 'person' and r.source = 'hr'
       where v.activity_id = $1`,
      [body.made[0]?.activityId],
    )
    const signedIn = town.manifest.signIns.find(entry => entry.role === 'systemowner')
    expect(stored?.key).toBe(signedIn?.person)
  })
})

describe('vocabularies', () => {
  const own = {
    ...{ da: 'Droneoptagelser', en: 'Drone recordings', class: 'ordinary', noteDa: null, noteEn: null, link: null },
    expiresOn: null,
  }
  const page = async (kind: string, query = '') =>
    (await it.get<ResponseOf<typeof listVocabulary>>(`/vocabularies/${kind}${query}`)).body

  test('tell how many records use a term', async () => {
    const { rows } = await page('data', '?limit=200')
    const uses = new Map(rows.map(row => [row.code, row.activities]))
    expect(uses.get('ID')).toBeGreaterThan(60)
    expect(uses.get('GEN')).toBe(0)
    const [unused] = (await page('subject', '?state=unused')).rows
    expect(unused?.activities ?? 0).toBe(0)
  })

  test('a town adds, renames, retires and takes back terms of its own', async () => {
    expect(await it.post('/vocabularies/data', { code: 'DRONE', ...own, class: 'secret' })).toMatchObject({
      status: 422,
    })
    const made = await it.post<VocabularyTerm>('/vocabularies/data', { code: 'DRONE', ...own })
    expect(made).toMatchObject({ status: 200, body: { origin: 'own', retired: false } })
    expect((await it.post('/vocabularies/data', { code: 'DRONE', ...own })).status).toBe(409)
    const renamed = await it.send('PUT', '/vocabularies/data/DRONE', { ...own, da: 'Optagelser fra droner' })
    expect(renamed.body).toMatchObject({ da: 'Optagelser fra droner' })
    expect((await it.send('PUT', '/vocabularies/data/HEA', own)).status).toBe(409)
    expect((await it.post('/vocabularies/data/DRONE/retired', { retired: true })).body).toMatchObject({ retired: true })
    expect((await page('data', '?search=drone')).rows).toEqual([])
    expect((await page('data', '?search=drone&state=retired')).total).toBe(1)
    expect((await it.post('/vocabularies/data/DRONE/retired', { retired: false })).body).toMatchObject({
      retired: false,
    })
    expect((await it.post('/vocabularies/data/NOPE/retired', { retired: true })).status).toBe(404)
    expect((await dpo.post('/vocabularies/data', { code: 'X1', ...own })).status).toBe(403)
  })

  test('a decision on adequacy is stale until somebody says that they have looked', async () => {
    const before = await page('adequacy', '?state=stale')
    expect(before.rows.map(row => row.code)).toContain('GB')
    const checked = await it.post<VocabularyTerm>('/vocabularies/adequacy/GB/checked', { expiresOn: '2031-12-27' })
    expect(checked.body).toMatchObject({ checkedOn: town.house.clock.today(), expiresOn: '2031-12-27' })
    const after = await page('adequacy', '?state=stale')
    expect(after.stale).toBe(before.stale - 1)
    expect(after.rows.map(row => row.code)).not.toContain('GB')
  })
})

test('no screen asks more than eight statements', async () => {
  for (const path of ['/vocabularies', '/vocabularies/data', '/catalogue/activities', '/catalogue/activities/pupils']) {
    const { statements } = await countingStatements(() => it.get(path))
    expect(statements.length, `${path}: ${statements.join('\n')}`).toBeLessThanOrEqual(8)
  }
})
