import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureClient } from '../../server/platform/client-build.ts'
import { launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { ask, openScreen } from '../support/screen.ts'

const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

type Groups = { rows: { id: string; name: string }[]; total: number; counts: { strong: number; aside: number } }
const strong = { level: 'strong', sort: 'members' }

test('groups are accepted one by one and together with the keyboard, set aside, and taken back', async () => {
  const { page, context, open, settled, complaints } = await openScreen(browser, town.url, { role: 'it' })
  const waiting = () => ask<Groups>(context, '/group-mappings/groups/search', strong)
  const before = await waiting()
  const [first, second] = before.rows
  await open('/group-mappings/desk?show=strong')
  await page.locator(`[data-case="${first!.id}"]`).focus()
  await page.keyboard.press('j')
  expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.case)).toBe(second!.id)
  await settled()
  await page.keyboard.press('k')
  await settled()

  // 1: it gives what is proposed, and the next group comes to the hand; z takes it back.
  await page.keyboard.press('1')
  await page.locator(`[data-case="${first!.id}"]`).waitFor({ state: 'detached' })
  expect((await waiting()).total).toBe(before.total - 1)
  await settled()
  await page.locator(`[data-case="${second!.id}"]`).focus()
  await page.keyboard.press('z')
  await page.locator(`[data-case="${first!.id}"]`).waitFor()
  expect((await waiting()).rows.map(row => row.id)).toEqual(before.rows.map(row => row.id))

  // Space selects two, which are looked at together before anything is done.
  await settled()
  for (const row of [first!, second!]) {
    await page.locator(`[data-case="${row.id}"]`).focus()
    await page.keyboard.press(' ')
  }
  await page.locator('[data-bulk]').press('Enter')
  await page.locator('[role=dialog] dl').waitFor()
  expect((await waiting()).total).toBe(before.total)
  await page
    .locator('[role=dialog] form, [role=dialog]')
    .locator('button')
    .filter({ hasText: 'Gør det' })
    .press('Enter')
  await page.locator(`[data-case="${first!.id}"]`).waitFor({ state: 'detached' })
  expect((await waiting()).total).toBe(before.total - 2)

  // 3: not a right, with a reason.
  await settled()
  const next = (await waiting()).rows[0]!
  await page.locator(`[data-case="${next.id}"]`).focus()
  await settled()
  await page.keyboard.press('3')
  await page.locator('[role=dialog] textarea').fill('En postliste')
  await page.locator('[role=dialog] button[type=submit]').press('Enter')
  await page.locator(`[data-case="${next.id}"]`).waitFor({ state: 'detached' })
  expect((await waiting()).counts.aside).toBe(before.counts.aside + 1)
  expect(complaints()).toEqual([])
  await context.close()
}, 180_000)

test('past the last group of a page come those of the next, and back, by the same keys', async () => {
  const { page, context, open, settled, complaints } = await openScreen(browser, town.url, { role: 'it' })
  const at = (offset: number) =>
    ask<Groups>(context, '/group-mappings/groups/search', { sort: 'members', offset, limit: 50 })
  const [first, second] = [await at(0), await at(50)]
  expect(second.rows.length).toBeGreaterThan(0)
  await open('/group-mappings/desk')
  const focused = (id: string) =>
    page.waitForFunction(want => (document.activeElement as HTMLElement | null)?.dataset.case === want, id)
  await page.locator(`[data-case="${first.rows.at(-1)!.id}"]`).focus()
  await page.keyboard.press('j')
  // The one that was shown is the first; the keys go on from there.
  await focused(first.rows[1]!.id)
  await page.locator(`[data-case="${first.rows.at(-1)!.id}"]`).click()
  await settled()
  await page.keyboard.press('j')
  await focused(second.rows[0]!.id)
  await settled()
  await page.keyboard.press('k')
  await focused(first.rows.at(-1)!.id)
  expect(complaints()).toEqual([])
  await context.close()
}, 120_000)
