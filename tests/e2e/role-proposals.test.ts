import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { dialogOpen, openScreen } from '../support/screen.ts'
import { danish } from '../support/texts.ts'

vi.setConfig({ testTimeout: 240_000 })
const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

const states = async (state: string): Promise<number> => {
  const [row] = (await town.house.db.source.query('select count(*)::int as n from mining_proposal where state = $1', [
    state,
  ])) as [{ n: number }]
  return row.n
}

test('a search is begun, watched and decided about with the keyboard alone', async () => {
  const { page, open, settled, complaints } = await openScreen(browser, town.url, { role: 'it' })
  await open('/roles/proposals')
  await page
    .getByRole('button', { name: danish('mining.new') })
    .first()
    .focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  // Areas are the third of what may be looked at; the first of them is taken.
  const scope = dialog.getByLabel(danish('mining.scope.label'))
  await scope.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  expect(await scope.inputValue()).toBe('area')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowDown')
  await expectNoAxeViolations(page, 'beginning a search')
  await dialog.getByRole('button', { name: danish('mining.start') }).focus()
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: danish('mining.state.done') }).waitFor({ timeout: 60_000 })
  await settled()

  const cases = page.locator('main [data-case]')
  await cases.first().focus()
  await page.locator('main th[scope=rowgroup]').first().waitFor()
  const first = await cases.first().getAttribute('data-case')
  await page.keyboard.press('j')
  await settled()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-current'))).toBe('true')
  await page.keyboard.press('k')
  await settled()
  await expectNoAxeViolations(page, 'a proposal')

  await page.keyboard.press('1')
  await dialogOpen(page)
  await page.keyboard.press('Tab')
  await page.keyboard.type('Det daglige arbejde')
  await page.keyboard.press('Tab')
  await page.keyboard.type('IT')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => states('accepted')).toBe(1)
  await settled()
  expect(await page.locator(`main [data-case="${first}"]`).count()).toBe(0)
  await cases.first().focus()
  await page.keyboard.press('z')
  await expect.poll(() => states('accepted')).toBe(0)
  await settled()

  await page.locator(`main [data-case="${first}"]`).focus()
  await page.locator(`main [data-case="${first}"][aria-current]`).waitFor()
  await settled()
  await page.keyboard.press('2')
  await dialogOpen(page)
  await page.keyboard.type('De har ikke noget til fælles')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => states('rejected')).toBe(1)
  expect(complaints()).toEqual([])
})

test('an accepted proposal is a draft with its effect, and the rule opens in the editor', async () => {
  const { page, open, settled } = await openScreen(browser, town.url, { role: 'it' })
  await open('/roles/proposals')
  await page.locator('main [data-case]').first().focus()
  await page.locator('main th[scope=rowgroup]').first().waitFor()
  await page.keyboard.press('1')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(danish('mining.name')).fill('Forslag fra skærmen')
  await dialog.getByLabel(danish('mining.purpose')).fill('Det daglige arbejde')
  await dialog.getByLabel(danish('mining.owner')).fill('IT')
  await dialog.getByRole('button', { name: danish('mining.accept') }).click()
  await dialog.waitFor({ state: 'detached' })
  await settled()
  await page.getByRole('button', { name: danish('mining.all') }).click()
  await settled()
  await page.locator('main [data-case]', { hasText: 'Forslag fra skærmen' }).click()
  await page.getByRole('link', { name: danish('mining.openDraft') }).click()
  await page.getByRole('heading', { level: 1, name: 'Forslag fra skærmen' }).waitFor()
  await page.getByRole('tab', { name: danish('drafts.tabs.unit') }).waitFor()
  await page.goBack()
  await page.getByRole('link', { name: danish('mining.openRule') }).click()
  await page.waitForURL(/\/rules\/.*\/edit/)
  await settled()
  await page.getByRole('heading', { level: 1 }).waitFor()
  await expectNoAxeViolations(page, 'the draft rule')
})
