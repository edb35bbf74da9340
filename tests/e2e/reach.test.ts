import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { searchReach } from '#contract/reach.ts'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { openScreen } from '../support/screen.ts'
import { countingStatements } from '../support/statements.ts'
import { danish } from '../support/texts.ts'
import { auditOf, signIn } from '../support/visitors.ts'

/* The ten-second question: asked in words, answered in one sentence, down to the people behind it. */
const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 300_000)
afterAll(() => browser?.close())

type Reach = ResponseOf<typeof searchReach>

test('who can reach health data about children is asked in words, and leads to the people', async () => {
  const { page, open, settled, complaints } = await openScreen(browser, town.url, { role: 'dpo' })
  await open('/reach')
  const matrix = page.getByRole('region', { name: danish('reach.caption') })
  await matrix.waitFor()
  const words = page.getByLabel(danish('reach.words'), { exact: true })
  await words.fill('Hvem kan nå helbredsoplysninger om børn, og hvorfor?')
  await words.press('Enter')
  // The question stands in the address, as codes.
  await page.waitForURL(url => (url.searchParams.get('data') ?? '').includes('HEA'))
  expect(new URL(page.url()).searchParams.get('about')).toContain('CHLD')
  const why = page.getByRole('table', { name: danish('reach.whyCaption') })
  await why.waitFor()
  await expectNoAxeViolations(page, 'the ten-second question')

  await page.getByRole('link', { name: danish('reach.showPeople'), exact: true }).click()
  const people = page.getByRole('table', { name: danish('reach.people') })
  await people.locator('tbody tr').first().waitFor()
  expect(await people.locator('tbody tr').count()).toBeGreaterThan(1)

  // Back at the figures the arrows move between cells, and Enter asks about one.
  await page.getByRole('tab', { name: danish('reach.tabs.matrix'), exact: true }).click()
  const first = matrix.locator('button[data-cell]').first()
  await first.focus()
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('tr')?.rowIndex)).toBe(2)
  expect(await matrix.locator('button[data-cell][tabindex="0"]').count(), 'one stop for Tab').toBe(1)
  await page.keyboard.press('Enter')
  await page.waitForURL(url => url.searchParams.get('about') === null)
  await settled()
  expect(complaints()).toEqual([])
})

test('figures leave no trace, people do; each answer is a handful of statements', async () => {
  const dpo = await signIn(town, 'dpo')
  const body = { data: ['HEA'], subjects: ['CHLD'] }
  const asked = await countingStatements(() => dpo.post<Reach>('/reach/search', body))
  expect(asked.answer.status).toBe(200)
  expect(asked.statements.length).toBeLessThanOrEqual(8)
  expect(await auditOf(town, asked.answer as never)).toEqual([])
  expect(asked.answer.body.asked?.people).toBeGreaterThan(0)
  const rows = await countingStatements(() => dpo.post<{ people: number }>('/reach/rows/search', body))
  expect(rows.statements.length).toBeLessThanOrEqual(8)
  expect(rows.answer.body.people).toBe(asked.answer.body.asked?.people)
  expect(await auditOf(town, rows.answer as never)).toMatchObject([{ action: 'reach.people-viewed', lookup: true }])
  for (const path of ['/reach/flow/search', '/reach/trend/search']) {
    const { answer, statements } = await countingStatements(() => dpo.post(path, body))
    expect(answer.status).toBe(200)
    expect(statements.length).toBeLessThanOrEqual(8)
  }
})
