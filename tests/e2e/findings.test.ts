import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { openScreen } from '../support/screen.ts'
import { danish } from '../support/texts.ts'

const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

const inState = async (state: string): Promise<number> => {
  const [row] = (await town.house.db.source.query(
    'select count(*)::int as n from finding where state = $1 and closed_at is null',
    [state],
  )) as { n: number }[]
  return row!.n
}

test('from the list to a decision, its undoing and one for a whole line, with the keyboard alone', async () => {
  const { page, open, settled, complaints } = await openScreen(browser, town.url, { role: 'it' })
  await open('/findings?counted=true&code=missing')
  const lines = page.locator('main [data-case][aria-expanded]')
  expect(await lines.count()).toBeGreaterThan(1)
  await lines.first().focus()
  // Onto the first line, which opens, and to its first finding.
  await page.keyboard.press('j')
  await settled()
  await lines.first().focus()
  await page.keyboard.press('Enter')
  await page.locator('main li li [data-case]').first().waitFor()
  await lines.first().focus()
  await page.keyboard.press('j')
  await page.locator('main [role=tablist]').waitFor()
  await settled()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-current'))).toBe('true')
  await expectNoAxeViolations(page, 'a finding')

  await page.keyboard.press(' ')
  await page.getByRole('region', { name: danish('findings.selected', { count: 1 }) }).waitFor()
  await page.keyboard.press('4')
  const dialog = page.getByRole('dialog')
  await dialog.getByText(danish('findings.fits', { fits: 1, of: 1 })).waitFor()
  await page.keyboard.press('Enter')
  await page.keyboard.type('Leverandøren retter det til foråret')
  await expectNoAxeViolations(page, 'settling')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await settled()
  expect(await inState('accepted')).toBe(1)

  await page.getByRole('button', { name: danish('findings.undo') }).focus()
  await page.keyboard.press('Enter')
  await settled()
  await expect.poll(() => inState('accepted')).toBe(0)

  // A line as a whole.
  const count = Number((await lines.first().locator('span').nth(1).textContent()) ?? '0')
  await lines.first().focus()
  if ((await lines.first().getAttribute('aria-expanded')) === 'false') await page.keyboard.press('Enter')
  await settled()
  await page.keyboard.press('5')
  await dialog.waitFor()
  await dialog.locator('textarea').fill('Gruppen findes ikke i systemet mere')
  await dialog.getByRole('button', { name: danish('findings.action.not-a-finding') }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await inState('not-a-finding')).toBe(count)
  expect(complaints()).toEqual([])
})

test('a manager sees what does not fit in the own unit, settles nothing, and never a time of use', async () => {
  const { page, open, settled } = await openScreen(browser, town.url, { role: 'manager' })
  const answers: string[] = []
  page.on('response', async response => {
    if (response.url().includes('/api/findings')) answers.push(await response.text().catch(() => ''))
  })
  await open('/findings?counted=true&code=unexplained')
  await settled()
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(danish('findings.title'))
  const line = page.locator('main [data-case][aria-expanded]').first()
  if ((await line.count()) > 0) {
    await line.click()
    await settled()
    await page.getByText(danish('findings.mayNot')).waitFor()
  }
  expect(answers.length).toBeGreaterThan(0)
  expect(answers.join('')).not.toMatch(/last_?sign_?in|last_?used/i)
})
