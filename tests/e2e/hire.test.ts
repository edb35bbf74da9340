import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays } from '../../server/lifecycle/cases/case.ts'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { ask, openScreen, takeFound } from '../support/screen.ts'
import { danish } from '../support/texts.ts'

/* A hire with the keyboard alone, from an empty form to the report that was sent, with axe on every step. */
const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

/** Tab until the focus is on the element, as somebody without a mouse does; fails where it cannot be reached. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 150; presses++) {
    if (await page.evaluate(css => document.activeElement?.matches(css) ?? false, selector)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${selector} cannot be reached with Tab`)
}
const type = async (page: Page, selector: string, text: string) => {
  await tabTo(page, selector)
  await page.keyboard.type(text)
}
/** A date field takes the parts in the order of the browser's language; filled in by the field that has the focus. */
const typeDate = async (page: Page, selector: string, day: string) => {
  await tabTo(page, selector)
  await page.locator(selector).fill(day)
}

test('HR hires somebody by keyboard: person, unit, rights, what will happen, send; the draft survives a reload', async () => {
  const { page, open, settled, context, complaints } = await openScreen(browser, town.url, { role: 'hr' })
  const [seat] = (await town.house.db.source.query(
    `select u.name as unit, ac.title from affiliation_current ac join org_unit_current u on u.unit_id = ac.unit_id
     where ac.status = 'active' and ac.kind = 'employment' and ac.position_key is not null and not ac.is_manager and u.active
       and (select count(*) from org_unit_current o where o.name = u.name) = 1
     group by u.name, ac.title having count(*) >= 4 order by count(*) desc limit 1`,
  )) as { unit: string; title: string }[]
  await open('/lifecycle/new?kind=hire')
  await expectNoAxeViolations(page, 'an empty form')

  await type(page, '#person-cpr', '0504911234')
  await type(page, '#person-givenName', 'Frida')
  await type(page, '#person-familyName', 'Tastatur')
  await page
    .getByText(danish('reports.saved', { time: '' }).trim())
    .first()
    .waitFor()
  await page.waitForURL(/draft=/)
  expect(page.url()).not.toMatch(/Frida|0504/)
  await expectNoAxeViolations(page, 'a person')

  await page.reload()
  await settled()
  await page.locator('#person-givenName, [data-card="person"] button').first().waitFor()
  expect(await page.textContent('[data-card="person"]')).toContain('Frida Tastatur')

  await type(page, '#affiliation-unitId', seat!.unit)
  await takeFound(page, page.getByRole('button', { name: seat!.unit }).first())
  await type(page, '#affiliation-title', seat!.title)
  await page.keyboard.press('Escape')
  await typeDate(page, '#affiliation-startsOn', addDays(town.house.clock.today(), 20))
  await type(page, '#affiliation-hours', '37')
  await page.getByText(danish('reports.rights.given')).waitFor()
  await settled()
  await expectNoAxeViolations(page, 'unit, position and what rules propose')

  const panel = page.getByRole('heading', { name: danish('reports.plan.title') })
  await panel.waitFor()
  await page.locator('ol li h3').first().waitFor()
  await expectNoAxeViolations(page, 'what will happen')

  await tabTo(page, '[data-card="send"] button')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/lifecycle\/[0-9a-f-]{36}$/)
  await settled()
  await page.getByRole('heading', { level: 1, name: /Frida Tastatur/ }).waitFor()
  await expectNoAxeViolations(page, 'the report that was sent')
  const { rows } = await ask<{ rows: { name: string }[] }>(context, '/people/search', {
    text: 'Frida Tastatur',
    status: 'future',
  })
  expect(rows.map(row => row.name)).toEqual(['Frida Tastatur'])
  expect(complaints()).toEqual([])
})

test('what is missing is said on top with links to the fields, and a second person’s edit stops the first kindly', async () => {
  const { page, open, settled } = await openScreen(browser, town.url, { role: 'manager' })
  await open('/lifecycle/new?kind=hire')
  await type(page, '#person-givenName', 'Halvt')
  await page.waitForURL(/draft=/)
  await settled()
  await tabTo(page, '[data-card="send"] button')
  await page.keyboard.press('Enter')
  const summary = page.locator('main [role=alert]')
  await summary.first().waitFor()
  expect(await summary.first().textContent()).toContain(danish('reports.missing.number-or-birth-date'))
  await expectNoAxeViolations(page, 'what is missing')
  const id = new URL(page.url()).searchParams.get('draft')?.replaceAll('"', '')
  await town.house.db.source.query('update lifecycle_case set version = version + 1 where id = $1', [id])
  await page.locator('#person-familyName').fill('Skrevet')
  await page.getByText(danish('reports.conflictTitle')).waitFor()
  await expectNoAxeViolations(page, 'a conflict')
})
