import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays } from '../../server/lifecycle/cases/case.ts'
import type { Told } from '../../server/mails/mail-facts.ts'
import { mailText } from '../../server/mails/mail-texts.ts'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { openScreen, takeFound } from '../support/screen.ts'
import { danish } from '../support/texts.ts'
import { signIn } from '../support/visitors.ts'

/* A move and an end with the keyboard alone, with axe on every step; a substitute for a shift on a phone. */
const town = demoTown()
let browser: Browser
const sql = async <T>(text: string, params: unknown[] = []): Promise<T[]> =>
  (await town.house.db.source.query(text, params)) as T[]

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

/** Tab until the focus is on the element, as somebody without a mouse does; fails where it cannot be reached. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 200; presses++) {
    if (await page.evaluate(css => document.activeElement?.matches(css) ?? false, selector)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${selector} cannot be reached with Tab`)
}
const type = async (page: Page, selector: string, text: string) => {
  await tabTo(page, selector)
  await page.keyboard.type(text)
}
const typeDate = async (page: Page, selector: string, day: string) => {
  await tabTo(page, selector)
  await page.locator(selector).fill(day)
}
/** Finds somebody by name and chooses the affiliation, by keyboard. */
async function choose(page: Page, one: { id: string; name: string }): Promise<void> {
  await type(page, '#affiliationId', one.name)
  await takeFound(page, page.getByRole('button', { name: one.name }).first())
  await page.locator(`[data-affiliation="${one.id}"]`).waitFor()
  await expectNoAxeViolations(page, 'somebody found')
  await tabTo(page, `[data-affiliation="${one.id}"]`)
  await page.keyboard.press('Enter')
  await page
    .getByText(danish('doors.now', { what: '' }).trim())
    .first()
    .waitFor()
}
const worker = (nth: number) =>
  sql<{ id: string; name: string; unit: string; title: string }>(
    `select ac.affiliation_id as id, p.name, u.name as unit, ac.title from affiliation_current ac
     join person_current p on p.person_id = ac.person_id and not p.protected
     join org_unit_current u on u.unit_id = ac.unit_id and u.active
     where ac.status = 'active' and ac.kind = 'employment' and not ac.is_manager and ac.ends_on is null
       and (select count(*) from affiliation_current o where o.person_id = ac.person_id) = 1
       and (select count(*) from person_current o where o.name = p.name) = 1
       and not exists (select from tool_user t where t.person_id = ac.person_id)
       and exists (select from assignment a where a.affiliation_id = ac.affiliation_id)
     order by ac.employee_no offset $1 limit 1`,
    [nth],
  ).then(rows => rows[0]!)

test('HR moves somebody by keyboard: who, where to, from when, kept and lost, send', async () => {
  const { page, open, settled, complaints } = await openScreen(browser, town.url, { role: 'hr' })
  const one = await worker(3)
  const [unit] = await sql<{ name: string }>(
    `select name from org_unit_current u where active and tree = 'admin' and name <> $1
       and (select count(*) from org_unit_current o where o.name = u.name) = 1 and level >= 3 order by key limit 1`,
    [one.unit],
  )
  await open('/lifecycle/new?kind=move')
  await expectNoAxeViolations(page, 'an empty move')
  await choose(page, one)
  await type(page, '#unitId', unit!.name)
  await takeFound(page, page.getByRole('button', { name: unit!.name }).first())
  await typeDate(page, '#from', addDays(town.house.clock.today(), 7))
  await page.locator('ol li h3').first().waitFor()
  await settled()
  await expectNoAxeViolations(page, 'what a move does')
  await tabTo(page, '[data-card="send"] button')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/lifecycle\/[0-9a-f-]{36}$/)
  await settled()
  await page.getByRole('heading', { level: 1, name: new RegExp(one.name) }).waitFor()
  await expectNoAxeViolations(page, 'the move that was sent')
  expect(complaints()).toEqual([])
})

test('HR ends somebody by keyboard: the three days, what is held and answered for, send', async () => {
  const { page, open, settled, complaints } = await openScreen(browser, town.url, { role: 'hr' })
  const one = await worker(8)
  await open('/lifecycle/new?kind=end')
  await expectNoAxeViolations(page, 'an empty end')
  await choose(page, one)
  await page.locator('details summary').first().waitFor()
  await expectNoAxeViolations(page, 'everything that hangs on somebody')
  const today = town.house.clock.today()
  await typeDate(page, '#endsOn', addDays(today, 30))
  await typeDate(page, '#lastWorkingDay', addDays(today, 20))
  await page.locator('ol li h3').first().waitFor()
  await settled()
  await expectNoAxeViolations(page, 'what an end does')
  await tabTo(page, '[data-card="send"] button')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/lifecycle\/[0-9a-f-]{36}$/)
  await settled()
  await page.getByRole('heading', { level: 1, name: new RegExp(one.name) }).waitFor()
  await expectNoAxeViolations(page, 'the end that was sent')
  expect(await sql('select ends_on as ends from affiliation_current where affiliation_id = $1', [one.id])).toEqual([
    { ends: addDays(today, 31) },
  ])
  expect(complaints()).toEqual([])
})

test('a substitute for a shift on a phone of 390 points, and a second person’s tick', async () => {
  const manager = await signIn(town, 'manager')
  const units = ((await manager.session()).actor?.units ?? []).map(unit => unit.id)
  const [right] = await sql<{ id: string }>(
    `select e.id from entitlement e where e.gone_at is null and e.status = 'active' and e.constraints = '{}'
       and not e.privileged and e.sensitivity = 'none' and e.key not like 'hjemmel/%' order by e.key limit 1`,
  )
  const made = await manager.send('PUT', '/lifecycle/shift-templates', {
    ...{ unitId: units[0], title: 'Afløser', entitlementIds: [right!.id] },
  })
  expect(made.status, made.text).toBe(200)
  const phone = await openScreen(browser, town.url, { role: 'manager', width: 390 })
  await phone.open('/lifecycle/shift')
  await phone.page.locator('#shift-givenName').waitFor()
  await expectNoAxeViolations(phone.page, 'a substitute, empty')
  await type(phone.page, '#shift-givenName', 'Vita')
  await type(phone.page, '#shift-familyName', 'Telefon')
  await typeDate(phone.page, '#shift-birthDate', '1995-05-05')
  await tabTo(phone.page, 'button[type=submit]')
  await phone.page.keyboard.press('Enter')
  await phone.page.getByText('Vita Telefon').first().waitFor()
  await phone.settled()
  await expectNoAxeViolations(phone.page, 'a substitute who waits')
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  expect(phone.complaints()).toEqual([])
  const second = await openScreen(browser, town.url, { role: 'hr', width: 390 })
  await second.open('/lifecycle/shift')
  const yes = second.page.getByRole('button', { name: danish('doors.shift.confirmOf', { name: 'Vita Telefon' }) })
  await yes.focus()
  await second.page.keyboard.press('Enter')
  await second.page.getByText(danish('doors.shift.waitingNone')).waitFor()
  await expectNoAxeViolations(second.page, 'confirmed')
  expect(await sql('select 1 from shift_cover where confirmed_at is not null')).toHaveLength(1)
})

test('the link of a mail about an end leads to Forlæng with the person, the employment and the end filled in', async () => {
  const { page, open, settled, complaints } = await openScreen(browser, town.url, { role: 'hr' })
  const [one] = await sql<{ id: string; name: string; unit: string; title: string; last: string }>(
    `select ac.affiliation_id as id, p.name, u.name as unit, ac.title, (ac.ends_on - 1)::text as last from affiliation_current ac
     join person_current p on p.person_id = ac.person_id and not p.protected
     join org_unit_current u on u.unit_id = ac.unit_id
     where ac.status = 'active' and ac.kind in ('employment', 'temp') and ac.title is not null and ac.ends_on > $1
     order by ac.ends_on, ac.employee_no limit 1`,
    [addDays(town.house.clock.today(), 1)],
  )
  const { unit, title, last } = one!
  const told: Told = {
    ...{ kind: 'affiliation-expires', name: one!.name, subjectId: one!.id },
    facts: { unit, title, last, days: 14 },
  }
  const link = mailText('da', [told], town.url).text.match(/\/lifecycle\/new\S+/)?.[0]
  expect(link).toContain(one!.id)
  await open(link!)
  await page.getByRole('heading', { level: 1, name: danish('doors.extend.title') }).waitFor()
  // Who and what stands there: nobody looks for anybody.
  await page.getByText(one!.name).first().waitFor()
  await page.getByText(title).first().waitFor()
  expect(await page.locator('#endsOn').count()).toBe(1)
  await settled()
  await expectNoAxeViolations(page, 'an end that is put off, from a mail')
  expect(complaints()).toEqual([])
})
