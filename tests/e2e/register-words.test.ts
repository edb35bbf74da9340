import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { ask, openScreen } from '../support/screen.ts'
import { danish } from '../support/texts.ts'

/* Words of the register: adopt from the catalogue, read KLE in, take a limit that it proposes, add a term of our own. */
const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

type Rows = { rows: { key: string; name: string; kle: string[] }[] }

test('several are adopted at once, and a draft takes the limit that KLE proposes for its task', async () => {
  const { page, open, settled, context, complaints } = await openScreen(browser, town.url, { role: 'it' })
  const free = (await ask<Rows>(context, '/catalogue/activities?adopted=no')).rows
  const [first, second] = free.filter(row => row.kle.length > 0)

  await open('/activities/catalogue?adopted=no')
  for (const one of [first, second])
    await page.getByLabel(danish('activityCatalogue.select', { name: one!.name }), { exact: true }).check()
  await expectNoAxeViolations(page, 'the catalogue with two chosen')
  await page.getByRole('button', { name: danish('activityCatalogue.adoptMany', { count: 2 }) }).click()
  // What is adopted is no longer among those that are not.
  await page.getByRole('link', { name: first!.name, exact: true }).waitFor({ state: 'detached' })
  await open(`/activities/catalogue/${first!.key}`)
  await page.getByText(danish('activityCatalogue.unconfirmedHelp')).waitFor()
  await page.getByRole('link', { name: danish('activityCatalogue.open') }).click()
  await page.waitForURL(/\/activities\/[0-9a-f-]{36}/)
  const record = new URL(page.url()).pathname

  const [kle] = first!.kle as [string]
  const subject = [...kle.split('.'), '00', '00'].slice(0, 3).join('.')
  const csv = `nummer;titel;bevaring;slettefrist\r\n${kle};Opgaven;;\r\n${subject};Et emne;K;7 år\r\n99.9;Forkert;;\r\n`
  await open('/admin/vocabularies')
  await page
    .locator('#kle-file')
    .setInputFiles({ name: 'kle.csv', mimeType: 'application/octet-stream', buffer: Buffer.from(csv) })
  await page.getByRole('button', { name: danish('kle.read'), exact: true }).click()
  const left = page.getByRole('table', { name: danish('kle.badCaption') })
  await left.waitFor()
  expect(await left.textContent()).toContain('99.9')
  await expectNoAxeViolations(page, 'KLE with a line that was left out')

  await open(`${record}/edit`)
  const proposals = page.getByRole('region', { name: danish('kle.proposals') })
  await proposals.waitFor()
  expect(await proposals.textContent()).toContain(`KLE ${kle} Opgaven`)
  await proposals.getByRole('button').first().click()
  await proposals.waitFor({ state: 'detached' })
  await expectNoAxeViolations(page, 'a draft with a limit of KLE')
  await settled()
  expect(complaints()).toEqual([])
})

test('a term of our own is added, renamed and taken out', async () => {
  const { page, open, settled, complaints } = await openScreen(browser, town.url, { role: 'it' })
  await open('/admin/vocabularies?kind=recipient')
  await page.getByRole('button', { name: danish('vocabulary.add'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: danish('vocabulary.add'), exact: true }).click()
  await dialog.getByRole('alert').waitFor()
  await expectNoAxeViolations(page, 'a term that lacks everything')
  await dialog.getByLabel(danish('vocabulary.code'), { exact: true }).fill('R-HAVN')
  await dialog.getByLabel(danish('vocabulary.da'), { exact: true }).fill('Havnen')
  await dialog.getByLabel(danish('vocabulary.en'), { exact: true }).fill('The harbour')
  await dialog.getByRole('button', { name: danish('vocabulary.add'), exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: danish('vocabulary.changeOf', { name: 'Havnen' }), exact: true }).click()
  await dialog.getByLabel(danish('vocabulary.da'), { exact: true }).fill('Lystbådehavnen')
  await dialog.getByRole('button', { name: danish('vocabulary.save'), exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await page
    .getByRole('button', { name: danish('vocabulary.retireOf', { name: 'Lystbådehavnen' }), exact: true })
    .click()
  await page.getByRole('rowheader', { name: 'Lystbådehavnen' }).waitFor({ state: 'detached' })
  await settled()
  expect(complaints()).toEqual([])
})
