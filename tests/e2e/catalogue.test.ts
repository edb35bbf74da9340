import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { ask, openScreen } from '../support/screen.ts'
import { danish } from '../support/texts.ts'

/* The catalogue with the keyboard alone: many systems at once and back, a sheet with a mistake and a draft, the yearly question. */
const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

const focusOn = (page: Page, selector: string) => page.locator(selector).first().focus()
type List = { rows: { id: string; name: string; area: string | null; status: string }[]; total: number }

test('IT selects systems, changes them at once, and takes it back with one key', async () => {
  const { page, open, settled, context, complaints } = await openScreen(browser, town.url, { role: 'it' })
  await open('/systems?status=in-use')
  const before = await ask<List>(context, '/systems?status=in-use')
  await focusOn(page, 'main tbody tr[data-row] a')
  await page.keyboard.press(' ')
  await page.keyboard.press('j')
  await page.keyboard.press(' ')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  const second = before.rows[1]!.name
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(second)
  const bar = page.getByRole('region', { name: danish('catalogue.list.change') })
  expect(await bar.textContent()).toContain(danish('catalogue.list.selected', { count: 2 }))
  await bar.getByRole('button', { name: danish('catalogue.list.change') }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await dialog.getByLabel(danish('catalogue.bulk.field')).selectOption('area')
  await dialog.getByLabel(danish('catalogue.field.area')).fill('Samlet område')
  await page.keyboard.press('Enter')
  await dialog.getByRole('table').waitFor()
  expect(await dialog.getByRole('row').count()).toBe(3)
  await expectNoAxeViolations(page, 'catalogue')
  await dialog.getByRole('button', { name: danish('catalogue.bulk.apply', { count: 2 }) }).focus()
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await settled()
  expect((await ask<List>(context, `/systems?area=${encodeURIComponent('Samlet område')}`)).total).toBe(2)

  await focusOn(page, 'main tbody tr[data-row] a')
  await page.keyboard.press('z')
  await page
    .getByText(danish('catalogue.bulk.undone', { count: 2 }))
    .first()
    .waitFor()
  await settled()
  const after = await ask<List>(context, '/systems?status=in-use')
  expect(after.rows.map(row => row.area)).toEqual(before.rows.map(row => row.area))
  expect(complaints()).toEqual([])
})

test('a sheet keeps what is written, shows a mistake at its field, and says who has set what', async () => {
  const { page, open, settled, context, complaints } = await openScreen(browser, town.url, { role: 'it' })
  const { rows } = await ask<List>(context, '/systems?status=in-use&sort=drift&descending=true')
  await open(`/systems/${rows[0]!.id}/sheet`)
  const group = danish('catalogue.group.supplier')
  const editButton = page.getByRole('button', { name: danish('catalogue.edit', { group }) })
  await editButton.focus()
  await page.keyboard.press('Enter')
  await page.getByLabel(danish('catalogue.field.supplier'), { exact: true }).fill('Leverandør ApS')
  await page.getByRole('button', { name: danish('catalogue.contract.add') }).focus()
  await page.keyboard.press('Enter')
  const one = page.getByRole('group', { name: danish('catalogue.contract.one', { number: 1 }) })
  const last = (await page.getByRole('group', { name: /^Kontrakt \d+$/ }).count()) - 1
  const added = page.getByRole('group', { name: danish('catalogue.contract.one', { number: last + 1 }) })
  await one.waitFor()
  await added.getByLabel(danish('catalogue.contract.name'), { exact: true }).fill('Ny aftale')
  await added.getByLabel(danish('catalogue.contract.noticeMonths')).fill('6')
  await added.getByLabel(danish('catalogue.contract.from'), { exact: true }).fill('2030-01-01')
  await added.getByLabel(danish('catalogue.contract.to')).fill('2029-01-01')
  await page.getByRole('button', { name: danish('catalogue.save') }).focus()
  await page.keyboard.press('Enter')
  const alert = page.getByRole('alert')
  await alert.waitFor()
  expect(await alert.textContent()).toContain(danish('catalogue.mistake.ends-before-it-begins'))
  expect(await added.getByLabel(danish('catalogue.contract.to')).getAttribute('aria-invalid')).toBe('true')
  await expectNoAxeViolations(page, 'catalogue')

  await open(`/systems/${rows[0]!.id}/sheet`)
  expect(await page.getByLabel(danish('catalogue.field.supplier'), { exact: true }).inputValue()).toBe('Leverandør ApS')
  await added.getByLabel(danish('catalogue.contract.to')).fill('2031-01-01')
  await page.getByRole('button', { name: danish('catalogue.save') }).focus()
  await page.keyboard.press('Enter')
  await editButton.waitFor()
  await settled()
  const card = page.locator('#group-supplier')
  expect(await card.textContent()).toContain('Leverandør ApS')
  expect(await card.textContent()).toMatch(/rettet af/)
  expect(await card.textContent()).toContain(danish('catalogue.contract.noticeOn', { date: '01.07.2030' }))
  await card
    .getByRole('button', {
      name: danish('catalogue.release', { field: danish('catalogue.field.supplier') }),
      exact: true,
    })
    .focus()
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => !document.getElementById('group-supplier')?.textContent?.includes('Leverandør ApS'))
  expect(complaints()).toEqual([])
})

test('a change of many systems is taken back from the history of one of them, days later as well', async () => {
  const { page, open, settled, context, complaints } = await openScreen(browser, town.url, { role: 'it' })
  const { rows } = await ask<List>(context, '/systems?status=in-use')
  const systems = rows.slice(0, 2).map(row => row.id)
  const set = { area: 'Rettet for to' }
  const { hash } = await ask<{ hash: string }>(context, '/catalogue/bulk/preview', { systems, set })
  await ask(context, '/catalogue/bulk', { systems, set, hash })
  await open(`/systems/${systems[1]}/sheet`)
  await page.getByRole('button', { name: danish('catalogue.bulk.undoAll', { count: 2 }) }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Rettet for to').waitFor()
  await expectNoAxeViolations(page, 'catalogue, taking back')
  await dialog.getByRole('button', { name: danish('catalogue.bulk.undo'), exact: true }).focus()
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await page
    .getByText(danish('catalogue.bulk.undone', { count: 2 }))
    .first()
    .waitFor()
  await settled()
  expect(await page.getByRole('button', { name: danish('catalogue.bulk.undoAll', { count: 2 }) }).count()).toBe(0)
  const after = await ask<List>(context, '/systems?status=in-use')
  expect(after.rows.slice(0, 2).map(row => row.area)).toEqual(rows.slice(0, 2).map(row => row.area))
  expect(complaints()).toEqual([])
})

test('an owner confirms with one click what is still true, and is thanked until next year', async () => {
  const { page, open, context, complaints } = await openScreen(browser, town.url, { role: 'systemowner' })
  const { rows } = await ask<List>(context, '/systems?own=true')
  await open(`/systems/${rows[0]!.id}/attest`)
  await page.getByRole('button', { name: danish('catalogue.attest.yes') }).focus()
  await page.keyboard.press('Enter')
  await page
    .getByText(/^Tak\. Systemarket er bekræftet/)
    .first()
    .waitFor()
  await expectNoAxeViolations(page, 'catalogue')
  const sheet = await ask<{ attestations: unknown[]; attestDue: string; today: string }>(
    context,
    `/systems/${rows[0]!.id}/sheet`,
  )
  expect(sheet.attestations).toHaveLength(1)
  expect(Number(sheet.attestDue.slice(0, 4))).toBe(Number(sheet.today.slice(0, 4)) + 1)
  expect(complaints()).toEqual([])
})

test('the map is walked with the keyboard: from a weak point to what hangs on it', async () => {
  const { page, open, complaints } = await openScreen(browser, town.url, { role: 'it' })
  await open('/systems/map')
  const cut = page.locator('svg a[data-cut]')
  expect(await cut.count()).toBeGreaterThan(1)
  const all = await page.locator('svg a').count()
  await cut.first().focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/system=/)
  const near = await page.locator('svg a').count()
  expect(near).toBeGreaterThan(2)
  expect(near).toBeLessThan(all)
  const tables = page.getByRole('table')
  expect(await tables.first().locator('tbody tr').count()).toBe(near)
  await expectNoAxeViolations(page, 'catalogue')
  expect(complaints()).toEqual([])
})

test('the whole catalogue is one list: End and Home reach both ends, rows that are out of sight are not in the document, and the bar of what is selected stays in sight', async () => {
  const { page, open, settled, context, complaints } = await openScreen(browser, town.url, { role: 'it' })
  const all = await ask<List>(context, '/systems?limit=1000')
  expect(all.rows.length).toBe(all.total)
  expect(all.total).toBeGreaterThan(200)
  await open('/systems')
  await settled()
  const table = page.getByRole('table', { name: danish('systems.caption') })
  expect(await table.getAttribute('aria-rowcount')).toBe(String(all.total + 1))
  expect(await table.locator('tr[data-row]').count()).toBeLessThan(80)
  const at = (place: number) =>
    page.waitForFunction(
      want => document.activeElement?.closest('tr')?.getAttribute('aria-rowindex') === want,
      String(place + 1),
    )
  await focusOn(page, 'main tbody tr[data-row] a')
  await page.keyboard.press('End')
  await at(all.total)
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(all.rows.at(-1)?.name)
  await page.keyboard.press('k')
  await at(all.total - 1)
  await page.keyboard.press(' ')
  await page.keyboard.press('Home')
  await at(1)
  await expectNoAxeViolations(page, 'the whole catalogue')
  for (let n = 0; n < 40; n++) await page.keyboard.press('j')
  await at(41)
  const bar = page.getByRole('region', { name: danish('catalogue.list.change') })
  expect(await bar.textContent()).toContain(danish('catalogue.list.selected', { count: 1 }))
  const [seen, height] = [await bar.boundingBox(), page.viewportSize()!.height]
  expect(seen!.y + seen!.height).toBeLessThanOrEqual(height)
  // What has the focus is not below the bar.
  const row = await page.evaluate(() => document.activeElement!.getBoundingClientRect().bottom)
  expect(row).toBeLessThanOrEqual(seen!.y)
  expect(complaints()).toEqual([])
  await context.close()
}, 120_000)
