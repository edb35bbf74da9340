import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { WhatIfResult } from '../../server/contract/what-if.ts'
import type { DraftPage } from '../../server/contract/what-if-draft.ts'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { dialogOpen, openScreen, type Screen } from '../support/screen.ts'
import { danish } from '../support/texts.ts'

/* The rules desk and a draft from the first field to the second person, with nothing but the keyboard. */
vi.setConfig({ testTimeout: 300_000 })
const town = demoTown()
let browser: Browser
let it: Screen
let page: Page
type Named = { key: string; name: string }
let top: Named
let leaves: Named[]
let given: Named
let titles: string[]

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
  it = await openScreen(browser, town.url, { role: 'it' })
  page = it.page
  const { source } = town.house.db
  ;[top] = (await source.query(
    `select key, name from org_unit_current where active and tree = 'admin' and parent_id is null`,
  )) as [Named]
  leaves = await source.query(
    `select u.key, u.name from org_unit_current u where u.active and u.tree = 'admin'
       and not exists (select from org_unit_current c where c.parent_id = u.unit_id)
       and (select count(*) from org_unit_current o where o.name like '%' || u.name || '%') = 1
       and (select count(distinct a.title) from affiliation_current a
         where a.unit_id = u.unit_id and a.status = 'active' and a.kind <> 'pupil') >= 2
     order by u.key limit 3`,
  )
  // A system that hardly anybody has anything in: whoever gives it to all moves more people than one person may.
  ;[given] = (await source.query(
    `select s.key, s.name from it_system s join entitlement e on e.system_id = s.id and e.gone_at is null
     where s.gone_at is null and s.key <> 'hjemmel'
       and (select count(*) from it_system o where o.name like '%' || s.name || '%') = 1
     group by s.key, s.name, s.id
     order by (select count(*) from assignment a join entitlement f on f.id = a.entitlement_id where f.system_id = s.id), s.key
     limit 1`,
  )) as [Named]
  titles = (
    await source.query(
      `select a.title, count(*) from affiliation_current a join org_unit_current u on u.unit_id = a.unit_id
       where u.key = $1 and a.status = 'active' and a.kind <> 'pupil' and a.title is not null
       group by 1 order by 2 desc, 1 limit 2`,
      [leaves[0]!.key],
    )
  ).map((row: { title: string }) => row.title)
}, 300_000)
afterAll(async () => browser?.close())

/** Presses Tab until the focus is on what fits: a selector, and words in its name where they are given. */
async function tabTo(selector: string, name?: string): Promise<void> {
  const reached = ([wanted, words]: readonly [string, string | undefined]) => {
    const one = document.activeElement as HTMLInputElement | null
    if (!one?.matches(wanted)) return false
    const label = `${one.getAttribute('aria-label') ?? ''} ${one.labels?.[0]?.textContent ?? ''} ${one.textContent ?? ''}`
    return words === undefined || label.includes(words)
  }
  for (let step = 0; step < 400; step++) {
    if (await page.evaluate(reached, [selector, name] as const)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the keyboard does not reach ${selector} ${name ?? ''}`)
}
const press = async (selector: string, name?: string) => {
  await tabTo(selector, name)
  await page.keyboard.press('Enter')
}
const write = async (selector: string, text: string, name?: string) => {
  await tabTo(selector, name)
  await page.keyboard.type(text)
}
/** Goes through a list with the arrows until it says this. */
async function choose(selector: string, value: string): Promise<void> {
  await tabTo(selector)
  const now = () => page.evaluate(() => (document.activeElement as HTMLSelectElement).value)
  await page.keyboard.press('Home')
  for (let step = 0; step < 60 && (await now()) !== value; step++) await page.keyboard.press('ArrowDown')
  expect(await now()).toBe(value)
}
/** Types into a picker, and takes the hit once it is there. */
async function pick(selector: string, text: string, hit = text): Promise<void> {
  await write(selector, text)
  await page.locator('ul button', { hasText: hit }).first().waitFor()
  await press('ul button', hit)
}
/** The first condition of a set: at or below a unit. */
async function underUnit(within: string, unit: Named): Promise<void> {
  await choose(`${within} select[aria-label="${danish('ruleDesk.fieldLabel')}"]`, 'unit')
  await write(`${within} input[type=search]`, unit.name)
  await page.locator(`${within} ul button`, { hasText: unit.name }).first().waitFor()
  await page.keyboard.press('Enter')
}

test('a rule is written, limited by an exception, tried and sent to a second person', async () => {
  await it.open('/rules')
  await press('a[href="/rules/new"]')
  await write('#rule-name', 'Adgang for alle')
  await write('#rule-owner', 'HR')
  await press('#rule-conditions button', danish('ruleDesk.addLine'))
  await underUnit('#rule-conditions', top)
  await pick('#rule-gives', given.name, `${given.name} ${danish('ruleDesk.wholeSystem')}`)
  await press('#rule-exceptions button', danish('ruleDesk.addException'))
  await underUnit('#rule-exceptions', leaves[0]!)
  await write('#rule-exceptions input', 'De har et andet system', danish('ruleDesk.exceptionReason'))
  // A browser that is closed by mistake costs nothing.
  await page.reload()
  await page.getByText(danish('ruleDesk.ownKept')).waitFor()
  expect(await page.locator('#rule-name').inputValue()).toBe('Adgang for alle')
  await expectNoAxeViolations(page, 'a rule that is written')
  await press('button', danish('ruleDesk.preview'))
  await page.getByRole('button', { name: danish('ruleDesk.saveHeld') }).waitFor({ timeout: 60_000 })
  await press('button', danish('ruleDesk.saveHeld'))
  await dialogOpen(page)
  await write('[role=dialog] textarea', 'Alle skal have det')
  await press('[role=dialog] button[type=submit]')
  await page.waitForURL(/\/rules\/changes/)
  const [waiting] = await town.house.db.source.query(
    `select yaml, state from rules_change where state = 'held' order by created_at desc limit 1`,
  )
  expect(waiting.yaml).toContain('adgang-for-alle')
  expect(waiting.yaml).toContain('adgang-for-alle--1')
  expect(waiting.yaml).toContain(leaves[0]!.key)
  const stored = await town.house.db.source.query(`select from rights_rule where key = 'adgang-for-alle'`)
  expect(stored).toHaveLength(0)
  // What was sent is not offered again.
  await it.open('/rules/new')
  expect(await page.locator('#rule-name').inputValue()).toBe('')
})

test('a draft is begun, splits a unit in two, gets a rule by form, is worked out and shared', async () => {
  const [from, one, other] = leaves as [Named, Named, Named]
  await it.open('/drafts')
  await press('main button', danish('drafts.new'))
  await dialogOpen(page)
  await write('[role=dialog] input[name=name]', 'Delt enhed')
  await page.keyboard.press('Enter')
  await page.waitForURL(/drafts\/[0-9a-f-]{36}/)
  const id = page.url().match(/[0-9a-f-]{36}/)![0]
  const draft = async () => (await (await it.context.request.get(`/api/drafts/${id}`)).json()) as DraftPage

  // The page has come once the address has; its form a little later, on a machine that has much to do.
  await page.locator('form select').first().waitFor()
  await choose('form select', 'unit-split')
  await pick('#change-unit', from.name)
  await pick('#split-into-0', one.name)
  await pick('#split-titles-0', titles[0]!)
  await pick('#split-into-1', other.name)
  await pick('#split-titles-1', titles[1]!)
  await press('form button[type=submit]')
  await page
    .getByRole('button', { name: danish('drafts.removeOne', { what: '' }).trim() })
    .first()
    .waitFor()
  expect((await draft()).changes).toMatchObject([
    {
      kind: 'unit-split',
      parts: [
        { into: one.key, titles: [titles[0]] },
        { into: other.key, titles: [titles[1]] },
      ],
    },
  ])

  await choose('form select', 'rule-put')
  await page.locator('form a', { hasText: danish('drafts.byForm.newRule') }).waitFor()
  await press('form a', danish('drafts.byForm.newRule'))
  await write('#rule-name', 'Kun i kladden')
  await write('#rule-owner', 'HR')
  await press('#rule-conditions button', danish('ruleDesk.addLine'))
  await underUnit('#rule-conditions', one)
  await pick('#rule-gives', given.name, `${given.name} ${danish('ruleDesk.wholeSystem')}`)
  await expectNoAxeViolations(page, 'a rule in a draft')
  await press('button', danish('drafts.byForm.save'))
  await page.waitForURL(new RegExp(`drafts/${id}$`))
  await page.getByText('Kun i kladden').first().waitFor()
  await press('button', danish('drafts.compute'))
  await page.getByRole('tab', { name: danish('drafts.tabs.people') }).waitFor({ timeout: 120_000 })
  await press('button', danish('drafts.share'))
  await page.getByRole('button', { name: danish('drafts.unshare') }).waitFor()
  const now = await draft()
  expect(now.changes.map(change => change.kind)).toEqual(['unit-split', 'rule-put'])
  expect(now.shared).toBe(true)
  const { result } = (await (await it.context.request.get(`/api/drafts/${id}/result`)).json()) as {
    result: WhatIfResult
  }
  expect(result.byCause.map(cause => cause.cause)).toEqual(expect.arrayContaining([now.changes[1]!.id]))
  expect(it.complaints()).toEqual([])
})
