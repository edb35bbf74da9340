import { readFile } from 'node:fs/promises'
import type { Browser, Download, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { openScreen, type Screen } from '../support/screen.ts'
import { danish } from '../support/texts.ts'

/* Ways to settle what does not fit, each with the keyboard alone: allowed for a while and ended again, handed on, to be taken away. */
vi.setConfig({ testTimeout: 120_000 })

const town = demoTown()
let browser: Browser
let it: Screen

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
  it = await openScreen(browser, town.url, { role: 'it' })
}, 300_000)
afterAll(() => browser?.close())

const rows = <T>(sql: string, params: unknown[] = []): Promise<T[]> => town.house.db.source.query(sql, params)
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key)
}
/** With Tab to where that is, as somebody without a mouse gets there. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let at = 0; at < 30; at++) {
    await press(page, 'Tab')
    const here = await page.evaluate(() => {
      const one = document.activeElement as HTMLElement | null
      return `${one?.getAttribute('aria-label') ?? ''} ${(one as HTMLInputElement | null)?.labels?.[0]?.textContent ?? ''} ${one?.textContent ?? ''}`
    })
    if (here.includes(name)) return
  }
  throw new Error(`Tab does not come to ${name}`)
}
/** Opens a line of the list and stands on its first finding. Answers the finding. */
async function firstFinding({ page, open, settled }: Screen, path: string): Promise<string> {
  await open(path)
  const line = page.locator('main [data-case][aria-expanded]').first()
  await line.focus()
  if ((await line.getAttribute('aria-expanded')) === 'false') await press(page, 'Enter')
  await page.locator('main li li [data-case]').first().waitFor()
  await line.focus()
  await press(page, 'j')
  await page.locator('main [role=tablist]').waitFor()
  await settled()
  return new URL(page.url()).searchParams.get('finding')!.replaceAll('"', '')
}

test('allowed for a while with somebody who answers for it, seen among the decisions, and ended before its time', async () => {
  const { page, settled, complaints } = it
  const id = await firstFinding(it, '/findings?counted=true&code=unexplained')
  await press(page, '2')
  const dialog = page.getByRole('dialog')
  await dialog.getByText(danish('findings.fits', { fits: 1, of: 1 })).waitFor()
  await settled()
  await expectNoAxeViolations(page, 'an exception')
  // Without a reason it says so, and nothing is decided.
  await dialog.locator('textarea').focus()
  await tabTo(page, danish('findings.action.exception'))
  await press(page, 'Enter')
  await dialog.getByText(danish('findings.reasonShort')).waitFor()
  await dialog.locator('textarea').focus()
  await page.keyboard.type('Vikarierer i økonomi til årsskiftet')
  const owner = dialog.getByLabel(danish('findings.exceptionOwner'))
  await owner.focus()
  await press(page, 'ArrowDown')
  const answers = await owner.inputValue()
  expect(answers).not.toBe('')
  await tabTo(page, danish('findings.action.exception'))
  await press(page, 'Enter')
  await dialog.waitFor({ state: 'detached' })
  await settled()
  const [exception] = await rows<{ owner: string; by: string; in_force: boolean }>(
    `select x.owner_person_id as owner, x.in_force from right_exception x join finding f on f.person_id = x.person_id
       and f.object_id = x.entitlement_id where f.id = $1 order by x.created_at desc limit 1`,
    [id],
  )
  expect(exception).toMatchObject({ owner: answers, in_force: true })

  await it.open('/findings/decisions')
  await page.getByRole('cell', { name: 'Vikarierer i økonomi til årsskiftet' }).waitFor()
  await expectNoAxeViolations(page, 'decisions')

  const allowed = await firstFinding(it, '/findings?state=exception&counted=true')
  expect(allowed).toBe(id)
  await tabTo(page, danish('findings.action.end'))
  await press(page, 'Enter')
  await dialog.waitFor()
  await dialog.locator('textarea').focus()
  await page.keyboard.type('Vikariatet er slut nu')
  await tabTo(page, danish('findings.action.end'))
  await press(page, 'Enter')
  await dialog.waitFor({ state: 'detached' })
  await settled()
  // The right is a difference again, and found as one.
  const open = await rows<{ code: string }>(
    `select n.code from finding f join finding n on n.person_id = f.person_id and n.object_id = f.object_id and n.closed_at is null
     where f.id = $1`,
    [id],
  )
  expect(open.map(one => one.code)).toContain('unexplained')
  expect(complaints()).toEqual([])
})

test('handed on with g to somebody who may settle it, who finds it on the first page', async () => {
  const { page, settled, complaints } = it
  const id = await firstFinding(it, '/findings?counted=true&code=unexplained')
  await press(page, 'g')
  const dialog = page.getByRole('dialog')
  const to = dialog.getByLabel(danish('findings.assign.to'))
  await to.waitFor()
  await expectNoAxeViolations(page, 'handing on')
  // Without a choice it says so.
  await to.focus()
  await tabTo(page, danish('findings.assign.do'))
  await press(page, 'Enter')
  await dialog.getByText(danish('findings.assign.needed')).waitFor()
  await to.focus()
  await press(page, 'ArrowDown')
  const chosen = await to.inputValue()
  await tabTo(page, danish('findings.assign.do'))
  await press(page, 'Enter')
  await dialog.waitFor({ state: 'detached' })
  await settled()
  const [finding] = await rows<{ owner: string; state: string }>(
    'select owner_person_id as owner, state from finding where id = $1',
    [id],
  )
  expect(finding).toEqual({ owner: chosen, state: 'open' })
  // And back with z.
  await page.locator('main [data-case]').first().focus()
  await press(page, 'z')
  await expect
    .poll(
      async () =>
        (await rows<{ owner: string | null }>('select owner_person_id as owner from finding where id = $1', [id]))[0]
          ?.owner,
    )
    .toBeNull()
  expect(complaints()).toEqual([])
})

test('what is marked for removal stands in a file with the account and the group', async () => {
  const { page, settled, complaints } = it
  const id = await firstFinding(it, '/findings?counted=true&code=unexplained')
  await press(page, '3')
  const dialog = page.getByRole('dialog')
  await dialog.getByText(danish('findings.fits', { fits: 1, of: 1 })).waitFor()
  await dialog.locator('textarea').focus()
  await page.keyboard.type('Bruges ikke i den nye stilling')
  await tabTo(page, danish('findings.action.removal'))
  await press(page, 'Enter')
  await dialog.waitFor({ state: 'detached' })
  await settled()
  await page.getByRole('button', { name: danish('findings.removals') }).focus()
  await press(page, 'Enter')
  await dialog.getByText(/linje/).first().waitFor()
  await expectNoAxeViolations(page, 'removals')
  const fetched = async (name: string): Promise<Download> => {
    await dialog.getByRole('button', { name }).focus()
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Enter')])
    return download
  }
  const csv = await fetched(danish('findings.removalsCsv'))
  expect(csv.suggestedFilename()).toBe('fjernelser.csv')
  const held = await rows<{ username: string; right: string }>(
    `select a.username, e.name as right from finding f join account a on a.person_id = f.person_id and a.gone_at is null
     join observed_right o on o.account_id = a.id and o.entitlement_id = f.object_id join entitlement e on e.id = f.object_id
     where f.id = $1`,
    [id],
  )
  expect(held.length).toBeGreaterThan(0)
  const lines = (await readFile(await csv.path(), 'utf8')).split('\r\n')
  for (const { username, right } of held)
    expect(lines.find(line => line.includes(`"${username}"`) && line.includes(`"${right}"`))).toContain(
      '"Bruges ikke i den nye stilling"',
    )
  const sheet = await fetched(danish('findings.removalsXlsx'))
  expect((await readFile(await sheet.path())).subarray(0, 2).toString()).toBe('PK')
  expect(complaints()).toEqual([])
})

test('last use is looked at once the talk with the employees is noted, and what was found goes with the note', async () => {
  const { page, open, settled, complaints } = it
  const about = async () =>
    (
      await rows<{ n: number }>(
        `select count(*)::int as n from finding f where f.closed_at is null and f.code in ('dormant', 'outlier') and f.person_id is not null`,
      )
    )[0]!.n
  await open('/findings/settings')
  const withdraw = page.getByRole('button', { name: danish('findings.withdraw') })
  if ((await withdraw.count()) > 0) {
    await withdraw.focus()
    await press(page, 'Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText(danish('findings.withdrawHelp')).waitFor()
    await expectNoAxeViolations(page, 'withdrawing the note')
    await dialog.getByRole('button', { name: danish('findings.withdraw') }).focus()
    await press(page, 'Enter')
    await dialog.waitFor({ state: 'detached' })
    await settled()
  }
  await page.getByText(danish('findings.noticeNone')).waitFor()
  expect(await about()).toBe(0)
  const record = page.getByRole('button', { name: danish('findings.record') })
  await record.focus()
  await press(page, 'Enter')
  await page.getByRole('alert').getByText(danish('findings.noticeInvalid')).waitFor()
  await page.getByLabel(danish('findings.discussedOn')).fill('2026-01-15')
  await page.getByLabel(danish('findings.toldOn')).fill('2026-02-01')
  await page.getByLabel(danish('findings.reference')).focus()
  await page.keyboard.type('Hoved-MED 15. januar 2026, punkt 7')
  await press(page, 'Enter')
  await page.getByText('Hoved-MED 15. januar 2026, punkt 7').waitFor()
  await settled()
  expect(await about()).toBeGreaterThan(0)
  await expectNoAxeViolations(page, 'settings of findings')
  expect(complaints()).toEqual([])
})
