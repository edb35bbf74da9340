import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import readExcelFile from 'read-excel-file/node'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { openScreen, type Screen, sideways } from '../support/screen.ts'
import { danish } from '../support/texts.ts'

/* The overview of rights with the keyboard: from the numbers to the people, into the grid, to the reason and back. */
vi.setConfig({ testTimeout: 180_000 })

const town = demoTown()
let browser: Browser
let it: Screen

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
  it = await openScreen(browser, town.url, { role: 'it' })
}, 300_000)
afterAll(() => browser?.close())

const spot = (page: Page) =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.spot?.split(':').map(Number) ?? null)
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key)
}

test('from a number of the heat to its people, one by one, to the reason and back to the cell', async () => {
  const { page, open, settled, complaints } = it
  await open('/rights')
  const number = page.locator('main tbody td button').first()
  const says = (await number.getAttribute('aria-label'))!
  await number.focus()
  await press(page, 'Enter')
  await page.waitForURL(/view=matrix/)
  await settled()
  expect(page.url()).toMatch(/area=/)
  expect(page.url()).toMatch(/unit=/)
  const grid = page.locator('[role=grid]')
  // "…: 13 af 529 personer": so many people stand in the grid.
  const people = Number(says.match(/: ([\d.]+) af/)![1]!.replace('.', ''))
  const rows = Number(await grid.getAttribute('aria-rowcount')) - 2
  expect(rows).toBeGreaterThanOrEqual(people)

  await open('/rights?view=matrix')
  await page.locator('[role=grid] [role=gridcell]').first().waitFor()
  const all = Number(await grid.getAttribute('aria-rowcount'))
  const columns = Number(await grid.getAttribute('aria-colcount'))
  expect(all).toBeGreaterThan(3000)
  expect(columns).toBeGreaterThan(400)
  // Of a million cells a thousand or two are drawn.
  expect(await page.locator('[role=grid] *').count()).toBeLessThan(2500)

  await page.locator('[role=grid] [tabindex="0"]').first().focus()
  const first = (await spot(page))!
  await press(page, 'ArrowRight', 'ArrowRight', 'ArrowDown')
  expect((await spot(page))![1]).toBe(first[1]! + 2)
  await press(page, 'Control+End')
  expect(await spot(page)).toEqual([all - 3, columns - 2])
  await press(page, 'PageUp', 'Home')
  expect((await spot(page))![1]).toBe(0)
  await press(page, 'Control+Home', 'ArrowUp', 'ArrowUp')
  expect((await spot(page))![0]).toBe(-2)
  // An area is folded and unfolded where one stands.
  await press(page, 'Enter')
  expect(Number(await grid.getAttribute('aria-colcount'))).toBeLessThan(columns)
  await press(page, 'Enter')
  expect(Number(await grid.getAttribute('aria-colcount'))).toBe(columns)
  expect(complaints()).toEqual([])
})

test('Enter says why, Escape comes back to the cell, and all of it passes axe', async () => {
  const { page, open, complaints } = it
  await open('/rights?view=matrix&state=unexplained')
  const cell = page.locator('[role=grid] [role=gridcell]', { has: page.locator('[data-state=unexplained]') }).first()
  await cell.focus()
  const at = await spot(page)
  await page.locator('[role=grid] [tabindex="0"]').first().focus()
  await cell.click()
  const aside = page.locator('main aside')
  await aside.waitFor()
  await expectNoAxeViolations(page, 'a cell explained')
  await aside.locator('a').first().focus()
  await press(page, 'Escape')
  await expect.poll(() => spot(page)).toEqual(at)
  expect(await aside.count()).toBe(0)
  await press(page, 'Enter')
  await aside.waitFor()
  expect(complaints()).toEqual([])
})

test('a folded unit under a folded area says how many have something there, and an open one says it, too', async () => {
  const { page, open, settled, complaints } = it
  await open('/rights?view=matrix&area=Dagtilbud')
  await settled()
  const grid = page.locator('[role=grid]')
  const bandCells = grid.locator('[role=row]', { has: page.locator('[role=rowheader][aria-expanded]') }).first()
  // Of an open unit: the cell that one stands on, with the column's name and the people who are listed below it.
  await grid.locator('[tabindex="0"]').first().focus()
  await press(page, 'Control+Home')
  const column = (await grid.locator('[data-spot="-1:0"]').getAttribute('aria-label'))!
  const open0 = (await grid.locator('[data-spot="0:0"]').getAttribute('aria-label'))!
  expect(open0).toMatch(/^.+: \d+ person(er)? i enheden har noget her$/)
  expect(open0.split(': ')[0]).toBe(column.split(',')[0])
  expect(await grid.locator('[data-spot="0:0"]').textContent()).toBe('')
  // Folded both ways: one figure, not less than that of any column of it, and the same for eye and ear.
  await press(page, 'ArrowUp', 'ArrowUp', 'Enter')
  await page.getByRole('button', { name: 'Luk alle enheder' }).click()
  const folded = bandCells.locator('[data-spot$=":0"]')
  const sum = Number((await folded.textContent())!.replace('.', ''))
  expect(sum).toBeGreaterThan(0)
  expect(sum).toBeGreaterThanOrEqual(Number(open0.match(/: (\d+) person/)![1]))
  expect(await folded.getAttribute('aria-label')).toMatch(new RegExp(`^Dagtilbud: ${sum} person`))
  expect(complaints()).toEqual([])
})

test('a view is saved, stands as a tab, and brings its filters back', async () => {
  const { page, open, settled } = it
  await open('/rights?view=list&drift=true')
  await page.locator('main nav button', { hasText: 'Gem visning' }).click()
  await page.locator('[role=dialog] input[name=name]').fill('Kun det, der afviger')
  await press(page, 'Enter')
  const tab = page.locator('main nav button', { hasText: 'Kun det, der afviger' })
  await tab.waitFor()
  await open('/rights')
  await tab.click()
  await page.waitForURL(/drift=true/)
  await settled()
  expect(page.url()).toMatch(/view=list/)
  expect(await page.locator('main tbody tr').count()).toBeGreaterThan(10)
})

test('a name that is searched for stays out of the address', async () => {
  const { page, open, settled } = it
  await open('/rights?view=list')
  await page.locator('main input[type=search]').first().fill('hansen')
  await page.waitForTimeout(400)
  await settled()
  expect(page.url()).not.toMatch(/hansen/i)
  const names = await page.locator('main tbody th').allTextContents()
  expect(names.length).toBeGreaterThan(0)
  for (const name of names) expect(name.toLowerCase()).toContain('hansen')
})

test('on a telephone heat, list and grid stay within the window', async () => {
  const phone = await openScreen(browser, town.url, { role: 'manager', width: 390, height: 844 })
  for (const path of ['/rights', '/rights?view=list', '/rights?view=matrix']) {
    await phone.open(path)
    expect(await sideways(phone.page), path).toBeLessThanOrEqual(0)
  }
  expect(phone.complaints()).toEqual([])
})

test('on paper it is a list by unit and person, and not the grid', async () => {
  const { page, open } = it
  await open('/rights?view=matrix&area=Dagtilbud&drift=true')
  await page.evaluate(() => {
    window.print = () => {}
  })
  await page.locator('main header button', { hasText: 'Eksportér' }).click()
  await page.locator('[role=menuitem]', { hasText: 'Udskriv' }).click()
  await page.emulateMedia({ media: 'print' })
  const shown = page.locator('main .print-only table tr')
  expect(await shown.count()).toBeGreaterThan(5)
  expect(await shown.first().isVisible()).toBe(true)
  expect(await page.locator('[role=grid]').isVisible()).toBe(false)
  await page.emulateMedia({ media: 'screen' })
})

test('on paper are the columns that were looked for, and its head says so', async () => {
  const { page, open } = it
  await open('/rights?view=matrix&find=nexus')
  const columns = Number(await page.locator('[role=grid]').getAttribute('aria-colcount')) - 1
  await page.evaluate(() => {
    window.print = () => {}
  })
  await page.locator('main header button', { hasText: 'Eksportér' }).click()
  await page.locator('[role=menuitem]', { hasText: 'Udskriv' }).click()
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('main .print-only header').first().textContent()).toContain('Søg system: nexus')
  const held = (await page.locator('main .print-only td').allTextContents()).flatMap(text => text.split(', '))
  const systems = new Set(held.map(one => one.replace(/ \(.*$/, '')).filter(one => one !== '–'))
  expect(systems.size).toBeGreaterThan(0)
  expect(systems.size).toBeLessThanOrEqual(columns)
  for (const system of systems) expect(system.toLowerCase()).toContain('nexus')
  await page.emulateMedia({ media: 'screen' })
})

/* The browser's own window for printing is none of the page's: what it would print is noted in its place. */
test.each([
  ['the grid', '/rights?view=matrix&area=Dagtilbud&drift=true'],
  ['the list', '/rights?view=list&area=Dagtilbud&drift=true'],
  ['the heat, whose list is fetched first', '/rights?area=Dagtilbud&drift=true'],
])('Ctrl P in %s prints the list, once', async (_name, path) => {
  const { page, open, complaints } = it
  await open(path)
  await page.evaluate(() => {
    const seen = { times: 0, lines: 0 }
    Object.assign(window, { seen })
    window.print = () => {
      seen.times++
      seen.lines = document.querySelectorAll('main .print-only table tr').length
    }
  })
  await page.emulateMedia({ media: 'print' })
  const seen = () => page.evaluate(() => (window as unknown as { seen: { times: number; lines: number } }).seen)
  await press(page, 'Control+p')
  await expect.poll(async () => (await seen()).times, { timeout: 30_000 }).toBe(1)
  // Drawn before the paper is.
  expect((await seen()).lines).toBeGreaterThan(5)
  // What is on the paper is the list, with its head, and nothing of the screen.
  const line = page.locator('main .print-only table tr').first()
  expect(await line.isVisible()).toBe(true)
  expect(await page.locator('main .print-only header').first().isVisible()).toBe(true)
  for (const screen of [
    '[role=grid]',
    'main [role=radiogroup]',
    'main input',
    'main button',
    'nav',
    '.mantine-AppShell-header',
  ])
    for (const one of await page.locator(screen).all()) expect(await one.isVisible(), screen).toBe(false)
  await page.emulateMedia({ media: 'screen' })
  expect(await line.isVisible()).toBe(false)
  expect(complaints()).toEqual([])
})

test('the flow is printed as it is seen, with its figures as tables, and nothing of the matrix', async () => {
  const { page, open, complaints } = it
  await open('/rights?view=flow&area=Dagtilbud')
  await page.evaluate(() => {
    const seen = { times: 0 }
    Object.assign(window, { seen })
    window.print = () => {
      seen.times++
    }
  })
  await press(page, 'Control+p')
  expect(await page.evaluate(() => (window as unknown as { seen: { times: number } }).seen.times)).toBe(1)
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('main header.print-only').textContent()).toContain('Område: Dagtilbud')
  expect(await page.locator('main .print-only table tr').first().isVisible()).toBe(true)
  for (const button of await page.locator('main button').all()) expect(await button.isVisible()).toBe(false)
  await page.emulateMedia({ media: 'screen' })
  expect(complaints()).toEqual([])
})

test('what is seen is fetched as files, with the keyboard', async () => {
  const { page, open, complaints } = it
  await open('/rights?view=matrix&area=Dagtilbud&drift=true')
  const people = Number(await page.locator('[role=grid]').getAttribute('aria-rowcount'))
  expect(people).toBeGreaterThan(1)
  const fetched = async (name: 'matrix.exportCsv' | 'matrix.exportXlsx') => {
    await page.getByRole('button', { name: danish('matrix.export') }).focus()
    await press(page, 'Enter')
    await page.getByRole('menuitem', { name: danish(name) }).focus()
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Enter')])
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
  }
  const csv = await fetched('matrix.exportCsv')
  expect(csv.name).toMatch(/^rettigheder-\d{4}-\d{2}-\d{2}\.csv$/)
  const text = csv.bytes.toString('utf8')
  expect(text).toContain('område: Dagtilbud; kun afvigelser')
  expect(text.trimEnd().split('\r\n').length).toBeGreaterThan(8)
  const sheet = await fetched('matrix.exportXlsx')
  expect(sheet.name).toMatch(/\.xlsx$/)
  expect((await readExcelFile(sheet.bytes)).map(one => one.sheet)).toEqual(['Matrix', 'Liste', 'Signaturer'])
  await open('/rights?view=flow&area=Dagtilbud')
  expect((await readExcelFile((await fetched('matrix.exportXlsx')).bytes)).map(one => one.sheet)).toEqual([
    'Kasser',
    'Bånd',
  ])
  expect(complaints()).toEqual([])
})
