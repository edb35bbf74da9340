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

test('a record is written, proposed, advised about, put in force by somebody else and attested', async () => {
  const manager = await openScreen(browser, town.url, { role: 'manager' })
  const page = manager.page
  await manager.open('/activities/new')
  // Nothing is sent before what it lacks is named, with links to the fields.
  await page.getByRole('button', { name: danish('activityForm.save') }).click()
  await page.getByRole('link', { name: danish('activityForm.errors.name'), exact: true }).waitFor()
  await page.locator('#activity-name').fill('Prøveordning for besøgsvenner')
  await page.locator('#activity-area').fill('Prøver')
  await page.locator('#purpose-0').fill('At finde en ven til den, der ønsker det')
  await page.getByLabel(danish('activityForm.art6')).selectOption('6.1.e')
  await page.getByLabel(danish('activityForm.purposeKind')).selectOption('citizen-service')
  await page.getByRole('button', { name: danish('activityForm.addRetention') }).click()
  await page.locator('#rule-0').fill('Ordningen er slut')
  const subject = page.locator('#row-0-subject')
  await subject.selectOption({ index: 1 })
  await page.locator('#row-0-data').selectOption({ index: 1 })
  const erasure = page.getByLabel(
    `${danish('activityForm.row', { number: 1 })}: ${danish('activity.rowColumns.erasure')}`,
  )
  await erasure.selectOption({ index: 1 })
  // A row like it, by keyboard: the focus stands where it differs.
  await subject.press('Control+Enter')
  await page.locator('#row-1-data').selectOption({ index: 2 })
  expect(await page.locator('#row-1-subject').inputValue()).toBe(await subject.inputValue())
  await expectNoAxeViolations(page, 'writing a record')
  await page.getByRole('button', { name: danish('activityForm.save') }).click()
  await page.getByText(danish('activity.draftNote')).waitFor()
  await page.getByText('Yde service til borgere, virksomheder og foreninger', { exact: true }).waitFor()
  const address = new URL(page.url()).pathname

  await page.getByRole('button', { name: danish('activity.do.propose'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(danish('activity.dialog.summary')).fill('Ny ordning')
  await expectNoAxeViolations(page, 'proposing')
  await dialog.getByRole('button', { name: danish('activity.do.propose') }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await page.getByRole('button', { name: danish('activity.do.putInForce') }).count()).toBe(0)

  const dpo = await openScreen(browser, town.url, { role: 'dpo' })
  await dpo.open(`${address}?tab=comments`)
  await dpo.page
    .getByRole('textbox', { name: danish('activity.comments.text'), exact: true })
    .fill('Skriv hvem der vælger vennerne.')
  await dpo.page.getByLabel(danish('activity.comments.followUpOn')).fill('2099-01-01')
  await dpo.page.getByRole('button', { name: danish('activity.comments.sendAdvice'), exact: true }).click()
  await dpo.page.getByText('Skriv hvem der vælger vennerne.').waitFor()
  await expectNoAxeViolations(dpo.page, 'advising')

  await manager.open(`${address}?tab=comments`)
  await page.getByRole('button', { name: danish('activity.comments.answer'), exact: true }).click()
  await page.getByLabel(danish('activity.comments.answerNote')).fill('Det gør frivilligkoordinatoren')
  await page.getByRole('button', { name: danish('activity.comments.answer'), exact: true }).click()
  await page.locator('strong', { hasText: danish('activity.comments.answers.followed') }).waitFor()

  const it = await openScreen(browser, town.url, { role: 'it' })
  await it.open(address)
  await it.page.getByRole('button', { name: danish('activity.do.putInForce') }).click()
  await it.page
    .getByRole('dialog')
    .getByRole('button', { name: danish('activity.do.putInForce') })
    .click()
  await it.page.getByRole('dialog').waitFor({ state: 'detached' })
  await it.page.getByText(danish('activities.standing.in-force'), { exact: false }).first().waitFor()

  await manager.open(address)
  await page.getByRole('button', { name: danish('activity.do.attest') }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: danish('activity.do.attest') })
    .click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByText(danish('activity.attestedOwner', { number: 1 })).waitFor()
  await manager.open(`${address}?tab=versions`)
  await expectNoAxeViolations(page, 'versions')
  expect([...manager.complaints(), ...dpo.complaints(), ...it.complaints()]).toEqual([])
})
