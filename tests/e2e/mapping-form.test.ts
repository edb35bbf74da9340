import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureClient } from '../../server/platform/client-build.ts'
import { launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { openScreen } from '../support/screen.ts'

const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

type Mapping = { pattern: string; entitlement: string }
const mappings = () =>
  town.house.db.source.query<Mapping[]>(
    'select pattern, entitlement from group_mapping where off_at is null order by position, id',
  )
const value = (field: Locator) => field.inputValue()

test('a mapping is edited where it stands: what is refused is said at its field, and nothing typed is lost', async () => {
  const { page, context, open, settled, complaints } = await openScreen(browser, town.url, { role: 'it' })
  // Of no group, so that no guard holds the change: two that are asked before all others.
  const keys = await town.house.db.source.query<{ key: string }[]>(
    'select key from entitlement where gone_at is null order by key limit 2',
  )
  await town.house.db.source.query(
    `insert into group_mapping (source, pattern, entitlement, position, origin) select 'ad', w.pattern, $1, w.position, 'screen'
     from (values ('Prøve-A-*', -20), ('Prøve-B-*', -10)) w (pattern, position)`,
    [keys[0]!.key],
  )
  const before = await mappings()
  const [first, second] = before
  expect([first, second].map(one => one?.pattern)).toEqual(['Prøve-A-*', 'Prøve-B-*'])
  const target = keys[1]!.key
  await open('/group-mappings')
  const rows = page.locator('tbody tr')
  const edit = (row: number) => rows.nth(row).getByRole('button', { name: 'Ret', exact: false }).press('Enter')
  const dialog = page.getByRole('dialog')
  const right = dialog.getByLabel('Rettighed', { exact: true })
  const place = dialog.getByLabel('Rækkefølge')
  const see = dialog.getByRole('button', { name: 'Se, hvad det gør' })

  await edit(0)
  expect(await value(place)).toBe('keep')
  await dialog.getByLabel('Mønster').fill(first!.pattern)
  await right.fill('findes/ikke')
  await see.press('Enter')
  await dialog.getByText('Intet system har den rettighed', { exact: false }).waitFor()
  expect(await right.getAttribute('aria-invalid')).toBe('true')
  expect(await right.evaluate(field => field === document.activeElement)).toBe(true)
  expect(await value(right)).toBe('findes/ikke')
  expect(await mappings()).toEqual(before)

  // What it would do is looked at, left for the form, and everything stands as it was typed.
  await right.fill(target)
  await see.press('Enter')
  await dialog.locator('dl').waitFor()
  expect(await mappings()).toEqual(before)
  await dialog.getByRole('button', { name: 'Tilbage' }).press('Enter')
  expect(await value(right)).toBe(target)
  await see.press('Enter')
  await dialog.locator('dl').waitFor()
  await dialog.locator('button').filter({ hasText: 'Gør det' }).press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await settled()
  expect(await mappings()).toEqual([{ ...first!, entitlement: target }, ...before.slice(1)])

  // The order alone.
  await edit(1)
  await place.selectOption('last')
  await see.press('Enter')
  await dialog.locator('dl').waitFor()
  await dialog.locator('button').filter({ hasText: 'Gør det' }).press('Enter')
  await dialog.waitFor({ state: 'detached' })
  expect((await mappings()).at(-1)).toEqual(second)
  expect(complaints().filter(one => !one.includes('422'))).toEqual([])
  await context.close()
}, 180_000)

test('every group that a pattern catches can be reached while it is written', async () => {
  const { page, context, open, settled, complaints } = await openScreen(browser, town.url, { role: 'it', width: 390 })
  await open('/group-mappings')
  await page.getByRole('button', { name: 'Ny kobling' }).press('Enter')
  const dialog = page.getByRole('dialog')
  const source = await value(dialog.getByLabel('Kilde'))
  const [{ n } = { n: 0 }] = await town.house.db.source.query<{ n: number }[]>(
    'select count(*)::int as n from directory_group where gone_at is null and source = $1',
    [source],
  )
  await dialog.getByLabel('Mønster').fill('*')
  await dialog.getByText(`1-12 af ${n.toLocaleString('da-DK')}`).waitFor()
  const names = () =>
    dialog.locator('tbody tr').evaluateAll(rows => rows.map(row => row.querySelector('td,th')?.textContent))
  const first = await names()
  await dialog.getByRole('button', { name: 'Næste' }).press('Enter')
  await dialog.getByText(`13-24 af ${n.toLocaleString('da-DK')}`).waitFor()
  await settled()
  const second = await names()
  expect(second).toHaveLength(12)
  expect(second.filter(name => first.includes(name))).toEqual([])
  expect(await dialog.evaluate(box => box.scrollWidth <= box.clientWidth + 1)).toBe(true)
  expect(complaints()).toEqual([])
  await context.close()
}, 120_000)
