import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { dialogOpen, openScreen } from '../support/screen.ts'
import { danish } from '../support/texts.ts'
import { personOf } from '../support/visitors.ts'

const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

test('somebody is locked and, by a second person, let in again, with the keyboard alone', async () => {
  const personId = await personOf(town, 'employee')
  const [person] = (await town.house.db.source.query(
    'select birth_date::text as birth from person_current where person_id = $1',
    [personId],
  )) as { birth: string }[]
  const it = await openScreen(browser, town.url, { role: 'it' })
  await it.open(`/people/${personId}`)
  await it.page.getByRole('button', { name: danish('locks.action') }).focus()
  await it.page.keyboard.press('Enter')
  const dialog = it.page.getByRole('dialog')
  await dialog.getByLabel(danish('locks.birthDate')).waitFor()
  await expectNoAxeViolations(it.page, 'locking')
  // The reason has the focus; the birth date stands before it.
  await it.page.keyboard.type('Mistanke om misbrug af adgang')
  await it.page.keyboard.press('Shift+Tab')
  await it.page.keyboard.type('1901-01-01')
  await it.page.keyboard.press('Enter')
  await dialog.getByText(danish('problem.birth-date-wrong')).waitFor()
  expect(await dialog.innerText()).not.toContain(person?.birth)
  await dialog.getByLabel(danish('locks.birthDate')).focus()
  await it.page.keyboard.press('Control+a')
  await it.page.keyboard.type(person?.birth as string)
  await it.page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await it.page.getByText(danish('locks.bannerTitle')).waitFor()
  await it.settled()
  await expectNoAxeViolations(it.page, 'a locked person')
  expect(await it.page.getByRole('button', { name: danish('locks.action') }).count()).toBe(0)

  await it.open('/locks')
  await it.page.getByText(danish('locks.notYou')).waitFor()
  const hr = await openScreen(browser, town.url, { role: 'hr' })
  await hr.open('/locks')
  await expectNoAxeViolations(hr.page, 'locks')
  await it.open('/admin/access-policies')
  await expectNoAxeViolations(it.page, 'policies')
  await it.open(`/emergency-access?person=${personId}`)
  await hr.page.getByRole('button', { name: danish('locks.release') }).focus()
  await hr.page.keyboard.press('Enter')
  await dialogOpen(hr.page)
  await hr.page.keyboard.type('Afklaret med lederen')
  await hr.page.keyboard.press('Tab')
  await hr.page.keyboard.press('Enter')
  await hr.page.getByRole('dialog').waitFor({ state: 'detached' })
  await hr.page.getByText(danish('locks.none')).waitFor()
  const [resting] = (await town.house.db.source.query(
    `select count(*)::int as n from assignment where suspended = 'lock'`,
  )) as { n: number }[]
  expect(resting?.n).toBe(0)
  expect([...it.complaints(), ...hr.complaints()].filter(line => !line.includes('422'))).toEqual([])
})
