import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { daysAgo } from '../support/days.ts'
import { demoTown } from '../support/demo-town.ts'
import { press, write } from '../support/keys.ts'
import { ask, openScreen, sideways } from '../support/screen.ts'
import { findPlaces, type Places } from '../support/screens.ts'
import { danish } from '../support/texts.ts'

/* With the keyboard: somebody beside a colleague, a system on another day and onwards from there, a unit beside its siblings. */
vi.setConfig({ testTimeout: 180_000 })

const town = demoTown()
let browser: Browser
let places: Places

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
  const { context } = await openScreen(browser, town.url, { role: 'it' })
  places = await findPlaces(context)
}, 300_000)
afterAll(() => browser?.close())

test('from a person to a colleague: what only one of them has stands first, with its rule', async () => {
  const { page, open, settled, context, complaints } = await openScreen(browser, town.url, { role: 'it' })
  await open(`/people/${places.drifting}`)
  await press(page, danish('pages.compare.action'))
  await page.waitForURL(/\/people\/compare\?a=/)
  await settled()
  const { rows } = await ask<{ rows: { person: { id: string; name: string | null } }[] }>(
    context,
    `/people/${places.drifting}/colleagues`,
  )
  const colleague = rows.find(row => row.person.name !== null)!.person
  await press(page, colleague.name!)
  await page.waitForURL(/b=/)
  await settled()
  const compared = await ask<{ rows: { a: object | null; b: object | null; entitlement: { name: string } }[] }>(
    context,
    `/people-compared?a=${places.drifting}&b=${colleague.id}`,
  )
  const table = page.getByRole('table', { name: danish('pages.compare.caption') })
  expect(await table.locator('tbody tr[data-row]').count()).toBe(compared.rows.length)
  const first = compared.rows[0]!
  expect(first.a === null || first.b === null || JSON.stringify(first.a) !== JSON.stringify(first.b)).toBe(true)
  expect(await table.locator('tbody tr[data-row]').first().textContent()).toContain(first.entitlement.name)
  await expectNoAxeViolations(page, 'two people side by side')
  // No name of anybody stands in the address.
  expect(decodeURIComponent(page.url())).not.toContain(colleague.name!.split(' ')[0]!)
  expect(complaints()).toEqual([])
})

test('another day on a system stays while one goes on to a person, and goes with one key', async () => {
  const { page, open, settled, complaints } = await openScreen(browser, town.url, { role: 'it' })
  const day = daysAgo(0)
  await open(`/systems/${places.system}`)
  await press(page, danish('person.asOfToday'))
  await write(page, page.locator('input[name=known]'), '')
  await page.keyboard.press('Escape')
  await open(`/systems/${places.system}?asOf=${day}&known=${day}`)
  await page.getByText(danish('person.asOfBack')).waitFor()
  const holder = page.locator('main tbody tr[data-row] a[href*="/people/"]').first()
  expect(await holder.getAttribute('href')).toContain('asOf=')
  await holder.focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/people\//)
  await settled()
  expect(page.url()).toContain(`asOf=${day}`)
  await page.getByText(danish('person.asOfBack')).waitFor()
  await press(page, danish('person.asOfBack'))
  await settled()
  expect(page.url()).not.toContain('asOf=')
  expect(complaints()).toEqual([])
})

test('two dates of a system say what came, and why; the first must come before the second', async () => {
  const { page, open, settled, context, complaints } = await openScreen(browser, town.url, { role: 'it' })
  await open(`/systems/${places.system}?tab=changes`)
  await page.locator('input[name=from]').fill(daysAgo(0))
  await page.locator('input[name=to]').fill(daysAgo(30))
  await page.locator('input[name=to]').focus()
  await page.keyboard.press('Enter')
  await page.getByText(danish('pages.changes.order')).waitFor()
  await page.locator('input[name=from]').fill(daysAgo(30))
  await page.locator('input[name=to]').fill(daysAgo(0))
  await page.locator('input[name=to]').focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/from=/)
  await settled()
  const said = await ask<{ total: number }>(
    context,
    `/systems/${places.system}/changes?from=${daysAgo(30)}&to=${daysAgo(0)}`,
  )
  // The demonstration was read for the first time today: all there is has come since.
  expect(said.total).toBeGreaterThan(0)
  const rows = page.getByRole('table', { name: danish('pages.changes.caption') }).locator('tbody tr[data-row]')
  expect(await rows.count()).toBe(Math.min(50, said.total))
  await expectNoAxeViolations(page, 'two dates of a system')
  expect(complaints()).toEqual([])
})

test('a unit beside its siblings, and a system over time, read and fit on a telephone in the dark', async () => {
  const look = { role: 'it', language: 'en', theme: 'dark', width: 390, height: 844 } as const
  const { page, open, complaints } = await openScreen(browser, town.url, look)
  for (const path of [
    `/org/${places.unit}?tab=siblings`,
    `/org/${places.unit}?asOf=${daysAgo(0)}`,
    `/systems/${places.system}?tab=time`,
    `/systems/${places.system}?tab=behind`,
    `/systems/${places.system}/rights/${places.entitlement}?tab=behind`,
  ]) {
    await open(path)
    expect(await page.locator('main table').count(), path).toBeGreaterThan(0)
    await expectNoAxeViolations(page, path)
    expect(await sideways(page), path).toBeLessThanOrEqual(0)
  }
  expect(complaints()).toEqual([])
})
