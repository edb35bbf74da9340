import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Freshness } from '../../server/contract/freshness.ts'
import { ensureClient } from '../../server/platform/client-build.ts'
import { launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { ask, openScreen } from '../support/screen.ts'

/* Wherever it is shown who holds what, it says how old that is: by source, and of one right by the sources of its system. */
const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

const sql = <T>(text: string, params: unknown[] = []): Promise<T[]> => town.house.db.source.query(text, params)

test('every screen that shows what people hold tells how old it is, and a past day tells its own', async () => {
  const { page, context, open, complaints } = await openScreen(browser, town.url, { role: 'it', width: 390 })
  const { rows } = await ask<{ rows: Freshness[] }>(context, '/freshness')
  const observed = rows.filter(row => row.feeds.some(kind => ['account', 'group', 'held'].includes(kind)))
  expect(observed.length).toBeGreaterThan(1)
  const [right] = await sql<{ id: string; system: string; sources: string[] }>(
    `select e.id, e.system_id as system, array_agg(distinct g.source) as sources from group_entitlement ge
     join entitlement e on e.id = ge.entitlement_id join directory_group g on g.id = ge.group_id
     where not exists (select from source l join it_system s on s.key = l.declaration -> 'settings' ->> 'system'
       where s.id = e.system_id)
     group by e.id having count(*) = 1 order by e.key limit 1`,
  )
  const [unread] = await sql<{ id: string; system: string }>(
    `select e.id, e.system_id as system from entitlement e join it_system s on s.id = e.system_id
     where e.gone_at is null and s.reading = 'none' order by e.key limit 1`,
  )
  const people = await sql<{ id: string }>(
    `select person_id as id from person_current where kind = 'employee' and status = 'active' order by 1 limit 2`,
  )
  const [unit] = await sql<{ id: string }>(
    `select unit_id as id from org_unit_current where tree = 'admin' and active order by name limit 1`,
  )
  const told = () =>
    page
      .locator('main li')
      .evaluateAll(lines => lines.flatMap(line => /^Data fra (.*?):/.exec(line.textContent ?? '')?.[1] ?? []))
  const nameOf = (key: string) => rows.find(row => row.source === key)!.name.da

  const compare = `/people/compare?a=${people[0]!.id}&b=${people[1]!.id}`
  for (const path of [
    '/rights',
    '/rights?view=matrix&area=IT',
    '/rights?view=flow',
    compare,
    '/roles/proposals',
    `/org/${unit!.id}?tab=rights`,
  ]) {
    await open(path)
    const names = await told()
    expect([path, names.some(name => observed.some(row => row.name.da === name))]).toEqual([path, true])
    // What is late is always told, however many there are.
    const late = observed.filter(row => row.state !== 'fresh').map(row => row.name.da)
    expect([path, late.filter(name => !names.includes(name))]).toEqual([path, []])
  }

  await open(`/systems/${right!.system}/rights/${right!.id}`)
  expect((await told()).toSorted()).toEqual(right!.sources.map(nameOf).toSorted())
  await open(`/systems/${unread!.system}/rights/${unread!.id}`)
  expect(await told()).toEqual([])
  expect(await page.locator('main').innerText()).toContain('Systemet bliver ikke læst')

  for (const path of [`/rights?asOf=${town.manifest.today}`, `${compare}&asOf=${town.manifest.today}`]) {
    await open(path)
    expect([path, await told()]).toEqual([path, []])
  }
  expect(complaints()).toEqual([])
  await context.close()
}, 240_000)
