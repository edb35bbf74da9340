import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { applyDueDrafts } from '../../server/access/what-if/apply-due.ts'
import type { WhatIfResult } from '../../server/contract/what-if.ts'
import type { DraftPage } from '../../server/contract/what-if-draft.ts'
import { rollTheDay } from '../../server/jobs.ts'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { daysAhead, daysLater } from '../support/days.ts'
import { demoTown } from '../support/demo-town.ts'
import { dialogOpen, openScreen, type Screen, takeFound } from '../support/screen.ts'
import { danish } from '../support/texts.ts'
import { signInAdministrator, type Visitor } from '../support/visitors.ts'

/* A reorganisation as IT makes it: tried with the keyboard, approved by a colleague, carried out on its day. */
vi.setConfig({ testTimeout: 300_000 })
const town = demoTown()
const AHEAD = 3
let browser: Browser
let it: Screen
let colleague: Visitor
let units: { key: string; name: string }[]

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
  it = await openScreen(browser, town.url, { role: 'it' })
  colleague = await signInAdministrator(town)
  units = await town.house.db.source.query(
    `select u.key, u.name from org_unit_current u where u.active and u.tree = 'admin'
       and exists (select from affiliation_current a where a.unit_id = u.unit_id and a.status = 'active')
       and not exists (select from org_unit_current c where c.parent_id = u.unit_id)
       and (select count(*) from org_unit_current o where o.tree = 'admin' and o.name like '%' || u.name || '%') = 1
     order by u.key limit 3`,
  )
}, 300_000)
afterAll(async () => browser?.close())

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let step = 0; step < 250; step++) {
    if (await page.evaluate(wanted => document.activeElement?.matches(wanted) ?? false, selector)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the keyboard does not reach ${selector}`)
}

/** Types a name into a picker and takes the first that it finds. */
async function pick(page: Page, field: string, name: string): Promise<void> {
  await tabTo(page, `#${field}`)
  await page.keyboard.type(name)
  const found = 'xpath=ancestor::div[contains(@class, "picker")][1]'
  await takeFound(page, page.locator(`#${field}`).locator(found).locator('ul button', { hasText: name }).first())
}

test('two units are merged into a third by a unit map, approved by another and carried out on the day', async () => {
  const { page } = it
  const [one, two, into] = units as [(typeof units)[0], (typeof units)[0], (typeof units)[0]]
  const day = daysAhead(AHEAD)
  await page.goto(`${town.url}/drafts`)
  await page.getByRole('button', { name: danish('drafts.new') }).focus()
  await page.keyboard.press('Enter')
  await dialogOpen(page)
  await tabTo(page, '[role=dialog] input[name=name]')
  await page.keyboard.type('Sammenlægning')
  await page.locator('[role=dialog] input[name=onDate]').fill(day)
  await page.locator('[role=dialog] input[name=name]').focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/drafts\/[0-9a-f-]{36}/)
  const id = page.url().match(/[0-9a-f-]{36}/)![0]

  for (const unit of [one, two]) await pick(page, 'map-old', unit.name)
  await pick(page, 'map-new', into.name)
  for (const unit of [one, two]) {
    await page.getByRole('button', { name: unit.name, exact: true, pressed: false }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: into.name, exact: true }).focus()
    await page.keyboard.press('Enter')
  }
  await page.locator('form button[type=submit]').last().focus()
  await page.keyboard.press('Enter')
  await page.getByRole('tab', { name: danish('drafts.tabs.people') }).waitFor({ timeout: 120_000 })
  await page.getByRole('tab', { name: danish('drafts.tabs.unit') }).focus()
  for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowRight')
  await page.getByRole('table', { name: danish('drafts.peopleCaption') }).waitFor()
  await expectNoAxeViolations(page, 'a draft, people')
  await page.getByRole('button', { name: danish('drafts.share') }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: danish('drafts.unshare') }).waitFor()

  const { result } = (await colleague.get<{ result: WhatIfResult }>(`/drafts/${id}/result`)).body
  expect(result.total.carried).toBeGreaterThan(0)
  expect(result.total.movers).toBe(0)
  const approved = await colleague.post(`/drafts/${id}/approve`, { hash: result.hash })
  expect(approved.status, approved.text).toBe(200)

  const later = { db: town.house.db, clock: daysLater(AHEAD) }
  await rollTheDay(later)
  await applyDueDrafts(later)
  const page2 = (await colleague.get<DraftPage>(`/drafts/${id}`)).body
  expect(page2.held).toBeNull()
  expect(page2.state).toBe('applied')
  await page.reload()
  await page.getByText(danish('drafts.state.applied')).first().waitFor()
  await expectNoAxeViolations(page, 'a draft, carried out')
})
