import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { daysAhead } from '../support/days.ts'
import { demoTown } from '../support/demo-town.ts'
import { ask, holesIn, openScreen, type Screen, sideways } from '../support/screen.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { danish, english } from '../support/texts.ts'

/*
 * Sources, what the brake holds back, the desk, merging and expected changes, as people do them: with the keyboard. The
 * tests of this file go on from each other, as the days of a source do.
 */
// Each test goes through several screens key by key and has all of them examined.
vi.setConfig({ testTimeout: 240_000 })

const drops = temporaryFolder('drops')
const town = demoTown({ environment: { HJEMMEL_DROPS_DIR: drops } })
const t = danish
const tEn = english
let browser: Browser
let it: Screen
let hr: Screen
/** Of the demonstration: somebody who comes again from another source under the same name and birth date. */
let twin: { name: string; givenName: string; familyName: string; birthDate: string }

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
  it = await openScreen(browser, town.url, { role: 'it' })
  hr = await openScreen(browser, town.url, { role: 'hr', language: 'en' })
  const [found] = await town.house.db.transaction(tx =>
    tx.query<Omit<typeof twin, 'name'>>(
      `select given_name as "givenName", family_name as "familyName", birth_date::text as "birthDate" from person_current p
       where kind = 'employee' and status = 'active' and birth_date is not null and not protected and not exists (
         select from person_current o where o.person_id <> p.person_id and o.birth_date = p.birth_date
           and o.family_name = p.family_name)
       order by family_name, given_name, person_id limit 1`,
    ),
  )
  if (!found) throw new Error('the demonstration has nobody with a birth date')
  twin = { ...found, name: `${found.givenName} ${found.familyName}` }
  writeFolk('Berg')
}, 300_000)
afterAll(async () => {
  await browser?.close()
  rmSync(drops, { recursive: true, force: true })
})

function writeFolk(familyName: string): void {
  mkdirSync(drops, { recursive: true })
  const rows = Array.from({ length: 300 }, (_, n) => `f${n};Frivillig${n};${familyName};1980-01-0${1 + (n % 9)}`)
  const all = ['Nr;Fornavn;Efternavn;Født', ...rows, `f900;${twin.givenName};${twin.familyName};${twin.birthDate}`]
  writeFileSync(join(drops, 'folk.csv'), `${all.join('\n')}\n;Uden;Nøgle;1980-01-01\n`)
}

const inFocus = (page: Page, selector: string) =>
  page.evaluate(wanted => document.activeElement?.matches(wanted) ?? false, selector)

async function tabTo(page: Page, selector: string, limit = 200): Promise<void> {
  for (let step = 0; step < limit; step++) {
    if (await inFocus(page, selector)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${limit} times Tab do not reach ${selector} on ${page.url()}`)
}

/** Tab until the focus is on it. */
async function reach(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  await target.evaluate(element => element.setAttribute('data-next', ''))
  await tabTo(page, '[data-next]')
  await target.evaluate(element => element.removeAttribute('data-next'))
}

/** To the button or link with these words, and press it. */
async function press(page: Page, words: string | RegExp, within = 'body'): Promise<void> {
  const exact = typeof words === 'string' ? new RegExp(`^${words.replace(/[.*+?^${}()|[\]\\…]/g, '\\$&')}$`) : words
  await reach(page, page.locator(`${within} button, ${within} a, ${within} summary`).filter({ hasText: exact }).first())
  await page.keyboard.press('Enter')
}

async function write(page: Page, label: RegExp | string, text: string, within = 'body'): Promise<void> {
  await reach(page, page.locator(within).getByLabel(label).first())
  await page.keyboard.press('Control+a')
  await page.keyboard.type(text)
}

async function looksRight({ page, settled }: Screen, name: string, popup = false): Promise<void> {
  await settled()
  // Half under the header of the page a field would count as too small.
  await page.evaluate(() => scrollTo(0, 0))
  await expectNoAxeViolations(page, name, { popupOpen: popup })
  expect(await holesIn(page), `${name}: raw keys or leaked values`).toEqual([])
  expect(await sideways(page), `${name}: pixels wider than the window`).toBe(0)
}

const lastRun = async (screen: Screen, source: string) => {
  const { rows } = await ask<{ rows: { id: string; state: string; source: string }[] }>(
    screen.context,
    `/runs?source=${source}`,
  )
  return rows[0]
}

test('a source is declared with the keyboard, tried, looked at, kept as a draft through a reload, saved and read', async () => {
  const { page, open, settled } = it
  await open('/sync')
  await press(page, t('sources.new'), 'main')
  await page.waitForURL(/new-source$/)
  await settled()
  expect(await inFocus(page, 'h1')).toBe(true)
  await tabTo(page, 'main select')
  await page.keyboard.type('CSV')
  await page.locator('fieldset').waitFor()
  await write(page, t('sources.nameDa'), 'Frivillige')
  await write(page, t('sources.key'), 'folk')
  await reach(page, page.getByLabel(t('sources.path'), { exact: true }))
  await page.keyboard.type('folk')
  await write(page, t('sources.keyColumn'), 'Nr')
  for (const [field, column] of [
    ['Fornavn', 'Fornavn'],
    ['Efternavn', 'Efternavn'],
  ] as const) {
    await press(page, t('sources.addField'), 'fieldset')
    await write(page, `${t('sources.from')}: ${field}`, column)
  }
  await settled()

  // Nothing is lost by a reload.
  await page.reload()
  await settled()
  expect(await page.getByLabel(t('sources.key'), { exact: true }).inputValue()).toBe('folk')
  expect(await page.getByLabel(`${t('sources.from')}: Efternavn`).inputValue()).toBe('Efternavn')
  await press(page, t('sources.addField'), 'fieldset')
  const field = page.locator('fieldset table tbody tr').last().locator('select')
  await reach(page, field)
  // The arrow goes through the fields, and the focus stays although the row is another field's each time.
  for (let step = 0; step < 8 && (await field.inputValue()) !== 'birthDate'; step++)
    await page.keyboard.press('ArrowDown')
  await write(page, `${t('sources.from')}: Fødselsdato`, 'Født')
  await page.getByText(t('sources.noMistakes')).waitFor()
  await looksRight(it, 'new source, filled in')

  await press(page, t('sources.test'), 'aside')
  await page.getByText(t('sources.testOk')).waitFor()
  await press(page, t('sources.sample'), 'aside')
  await page.locator('aside article').first().waitFor()
  expect(await page.locator('aside article').first().textContent()).toContain('Frivillig0')
  await looksRight(it, 'ten entries')

  await press(page, t('sources.preview'), 'aside')
  await page.waitForURL(/\/sync\/runs\//)
  await page.getByText(t('sync.dryRunNote')).waitFor()
  await page.locator('section[aria-labelledby=plan] tbody tr').nth(10).waitFor()
  await looksRight(it, 'dry run of a draft')
  expect((await ask<{ rows: { key: string }[] }>(it.context, '/sources')).rows.map(one => one.key)).not.toContain(
    'folk',
  )

  await open('/sync/new-source')
  expect(await page.getByLabel(t('sources.key'), { exact: true }).inputValue()).toBe('folk')
  await press(page, t('sources.save'), 'aside')
  await page.waitForURL(/\/sync\/sources\/folk$/)
  await settled()
  await looksRight(it, 'the saved source')
  await press(page, t('sync.start'), 'main')
  await page.waitForURL(/\/sync\/runs\//)
  await page.getByRole('heading', { name: t('sync.rejects') }).waitFor()
  await page.getByText(t('sync.rejectReason.key-missing', { attribute: '' }).trim()).waitFor()
  await press(page, t('sync.rejectRaw'), 'main')
  await looksRight(it, 'a run with a rejected row')
  await expect.poll(async () => (await lastRun(it, 'folk'))?.state, { timeout: 20_000 }).toBe('done')
})

test('what the brake holds back is looked at and decided, a row taken out, with a reason', async () => {
  writeFolk('Holm')
  // Nobody approves what they have started themselves: this one was started on the command line.
  await town.house.feeds.run('folk', { trigger: 'cli' })
  const { page, open, settled, context } = it
  const run = await lastRun(it, 'folk')
  expect(run?.state).toBe('held')
  await open('/')
  await page.getByRole('link', { name: /300 ændringer holdes tilbage/ }).waitFor()
  await open(`/sync/runs/${run?.id}`)
  expect(await page.getByText(t('held.noun.person', { count: 300 })).count()).toBeGreaterThan(0)
  expect(await page.getByText(t('held.becauseField', { attribute: t('field.familyName'), count: 300 })).count()).toBe(1)
  await looksRight(it, 'held changes')

  // Taken off as a whole, one row chosen.
  await tabTo(page, 'li input[type=checkbox]')
  await page.keyboard.press('Space')
  await press(page, t('held.rows'), 'main')
  await page.locator('li details td input[type=checkbox], li details th input[type=checkbox]').nth(1).waitFor()
  await tabTo(page, 'li details th input[type=checkbox]')
  await page.keyboard.press('Space')
  await looksRight(it, 'held changes, one row')
  await press(page, t('held.approveCount', { count: 1 }), 'main')
  await page.getByRole('dialog').waitFor()
  await press(page, t('held.approve'), '[role=dialog]')
  await page.getByText(t('askedReason.short')).waitFor()
  await looksRight(it, 'approval without a reason', true)
  await write(page, t('askedReason.label'), 'Hun har giftet sig', '[role=dialog]')
  await press(page, t('held.approve'), '[role=dialog]')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByText(t('held.count', { count: 299 })).waitFor()
  await press(page, t('held.rejectCount', { count: 299 }), 'main')
  await write(page, t('askedReason.label'), 'Filen er forkert', '[role=dialog]')
  await press(page, t('held.reject'), '[role=dialog]')
  await page.getByText(t('held.decidedRejected', { count: 299, who: 'X', when: '' }).split('X')[0] as string).waitFor()
  await settled()
  await looksRight(it, 'decided')
  const { rows } = await ask<{ rows: { name: string }[] }>(context, '/people/search', { text: 'Frivillig Holm' })
  expect(rows.length).toBeLessThanOrEqual(1)
})

test('a file that is too short is refused as a whole, and somebody may say that it is right', async () => {
  writeFileSync(join(drops, 'folk.csv'), 'Nr;Fornavn;Efternavn;Født\nf1;Frivillig1;Holm;1980-01-02\n')
  await town.house.feeds.run('folk', { trigger: 'cli' }).catch(() => {})
  const { page, open } = it
  const run = await lastRun(it, 'folk')
  expect(run?.state).toBe('rejected')
  await open(`/sync/runs/${run?.id}`)
  expect(
    await page.getByText(t('held.shape.truncated', { count: 1, limit: 277 }).split(':')[0] as string).count(),
  ).toBe(1)
  await looksRight(it, 'a refused read')
  await press(page, t('held.acceptShape'), 'main')
  await write(page, t('askedReason.label'), 'Foreningen er nedlagt', '[role=dialog]')
  await press(page, t('held.acceptShape'), '[role=dialog]')
  await page.getByText(t('held.accepted', { when: 'X' }).split('X')[0] as string).waitFor()
  writeFolk('Berg')
})

test('the desk: j and k move, a number chooses, Enter links, u takes it back', async () => {
  const { page, open, settled, context } = it
  await open('/desk')
  await looksRight(it, 'desk')
  const list = await ask<{ rows: { id: string; username: string; candidates: number }[] }>(
    context,
    '/correlation/accounts/search',
    { open: true, limit: 200 },
  )
  const wanted = list.rows.find(row => row.candidates > 0)
  if (!wanted) throw new Error('no account of the demonstration has a candidate')
  await open(`/desk?case=${JSON.stringify(wanted.id)}`)
  await page.locator('h2', { hasText: wanted.username }).waitFor()
  await looksRight(it, 'desk, candidates side by side')
  await tabTo(page, `[data-case="${wanted.id}"]`, 400)
  await page.keyboard.press('j')
  await page.waitForFunction(id => (document.activeElement as HTMLElement).dataset.case !== id, wanted.id)
  await page.keyboard.press('k')
  await page.waitForFunction(id => (document.activeElement as HTMLElement).dataset.case === id, wanted.id)
  await page.locator('h2', { hasText: wanted.username }).waitFor()
  await settled()
  await page.keyboard.press('1')
  await page.locator('input[type=radio]:checked').waitFor()
  await page.keyboard.press('Enter')
  const undo = page.locator('main button', { hasText: t('desk.undo') }).first()
  await undo.waitFor()
  await page.waitForFunction(id => !document.querySelector(`[data-case="${id}"]`), wanted.id)
  const state = () =>
    ask<{ situation: string; decidedBy: string | null }>(context, `/correlation/accounts/${wanted.id}`)
  expect(await state()).toMatchObject({ situation: 'linked', decidedBy: 'person' })
  await looksRight(it, 'desk after a decision')
  await page.waitForFunction(() => (document.activeElement as HTMLElement).dataset.case !== undefined)
  await page.keyboard.press('u')
  await page.waitForFunction(id => document.querySelector(`[data-case="${id}"]`), wanted.id)
  expect((await state()).situation).not.toBe('linked')
})

test('a pattern says what kind accounts are, and how many it catches while one writes', async () => {
  const { page, open, settled } = it
  await open('/desk/kinds')
  await press(page, t('kinds.new'), 'main')
  await write(page, t('kinds.pattern'), 'adm-*', '[role=dialog]')
  await page.locator('[role=dialog] [aria-live] b').waitFor()
  await looksRight(it, 'a pattern', true)
  await write(page, t('desk.owner'), twin.givenName, '[role=dialog]')
  await page.locator('[role=dialog] li button').first().waitFor()
  await press(page, /./, '[role=dialog] li')
  await page
    .locator('[role=dialog]')
    .getByText(t('desk.ownerChosen', { name: 'X' }).split('X')[0] as string)
    .waitFor()
  await press(page, t('kinds.save'), '[role=dialog]')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.locator('code', { hasText: 'adm-*' }).waitFor()
  await settled()
  await looksRight(it, 'kinds of account')
})

test('two records of one person are merged with what follows in view, and taken apart again', async () => {
  const { page, open, settled, context } = hr
  await open('/desk/people')
  const entry = page.locator('[data-case]', { hasText: twin.familyName }).first()
  await entry.waitFor()
  await looksRight(hr, 'a pair')
  await reach(page, entry)
  await page.keyboard.press('Enter')
  await settled()
  await press(page, tEn('pairs.merge'), 'main')
  await page.getByText(tEn('pairs.after')).waitFor()
  await looksRight(hr, 'preview of a merge', true)
  await write(page, tEn('pairs.reason'), 'The volunteer is our colleague', '[role=dialog]')
  await press(page, tEn('pairs.doMerge'), '[role=dialog]')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await open('/desk/merges')
  await looksRight(hr, 'merges')
  const find = () =>
    ask<{ rows: { name: string }[] }>(context, '/people/search', { text: twin.name }).then(answer => answer.rows.length)
  const merged = await find()
  await press(page, tEn('pairs.unmerge'), 'main')
  await write(page, tEn('pairs.reason'), 'They are two after all', '[role=dialog]')
  await press(page, tEn('pairs.unmerge'), '[role=dialog]')
  await page
    .getByText(tEn('pairs.undoneAt', { when: 'X' }).split('X')[0] as string)
    .first()
    .waitFor()
  await settled()
  expect(await find()).toBe(merged + 1)
})

test('a mass change is announced and tried, and its author cannot approve it', async () => {
  const { page, open, settled } = it
  writeFolk('Dahl')
  await open('/sync/expected')
  await press(page, t('expected.new'), 'main')
  await page.waitForURL(/expected\/new$/)
  await settled()
  await press(page, t('expected.save'), 'main')
  await page.getByText(t('expected.sourceMissing')).first().waitFor()
  await looksRight(it, 'announcement with mistakes')
  await tabTo(page, 'select[name=source]')
  await page.keyboard.type('Frivillige')
  const last = daysAhead(7)
  await page.locator('input[name=last]').fill(last)
  await reach(page, page.getByLabel(t('expected.kind'), { exact: true }))
  await page.keyboard.type('Personer')
  await write(page, t('expected.least'), '100')
  await write(page, t('expected.most'), '400')
  await write(page, t('expected.reason'), 'Foreningen skifter navn')
  await press(page, t('expected.save'), 'main')
  await page.waitForURL(/expected\/[0-9a-f-]{36}$/)
  await settled()
  await looksRight(it, 'an expected change')
  await press(page, t('expected.simulate'), 'main')
  await page.getByText(t('expected.simulationFits')).waitFor()
  await settled()
  await looksRight(it, 'an expected change, tried')
  expect(await page.getByText(t('expected.approveOwn')).count()).toBe(1)
  expect(await page.locator('main header button', { hasText: t('expected.approve') }).count()).toBe(0)
  expect(it.complaints().filter(line => !/40[0-9]/.test(line))).toEqual([])
})
