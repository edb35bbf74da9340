import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { DEFECTS, klPackage } from '../support/kl-package.ts'
import { ask, openScreen } from '../support/screen.ts'
import { danish } from '../support/texts.ts'

/* Records from a file with the keyboard alone: send in, say a column, look, do it, take it back; and a package with a defect. */
const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

type List = { total: number; rows: { id: string; name: string; area: string; open: { state: string } | null }[] }

test('IT imports records from a file, sees each mistake first, and takes it back', async () => {
  const { page, open, settled, context, complaints } = await openScreen(browser, town.url, { role: 'it' })
  const file = await writeXlsxFile(
    [
      ['Titel', 'Noget andet', 'Hjemmel'],
      ['Tastaturprøve', 'Prøveområdet', '6.1.e'],
      ['Tastaturfejl', 'Prøveområdet', '6.1.z'],
    ].map(row => row.map(value => ({ value, type: String }))) as never,
  ).toBuffer()
  const press = async (name: string) => {
    const button = page.getByRole('button', { name, exact: true }).first()
    await button.focus()
    await page.keyboard.press('Enter')
  }
  const listed = (search: string) => ask<List>(context, `/activities?search=${encodeURIComponent(search)}`)

  await open('/activities')
  await page.getByRole('link', { name: danish('registerTransfer.go') }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: danish('registerTransfer.title'), level: 1 }).waitFor()
  await press(danish('fileImport.read'))
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toContain(danish('fileImport.need'))

  const picker = page.locator('#import-file')
  await picker.setInputFiles({ name: 'Fortegnelse.xlsx', mimeType: 'application/octet-stream', buffer: file })
  await press(danish('fileImport.read'))
  const means = (column: string) => page.getByLabel(danish('fileImport.meansOf', { column }))
  await means('Titel').waitFor()
  expect(await means('Titel').inputValue()).toBe('name')
  expect(await means('Hjemmel').inputValue()).toBe('art6')
  await means('Noget andet').selectOption('area')
  await expectNoAxeViolations(page, 'columns of a file of records')

  await press(danish('fileImport.try'))
  const outcome = page.locator('#outcome')
  await outcome.waitFor()
  expect(await outcome.textContent()).toContain('6.1.z')
  expect(await outcome.textContent()).toContain('Tastaturprøve')
  await expectNoAxeViolations(page, 'what a file of records would do')

  await press(danish('registerTransfer.apply', { count: 1 }))
  await page
    .getByText(danish('registerTransfer.done', { drafts: 1, proposals: 0, left: 1 }))
    .first()
    .waitFor()
  await settled()
  expect((await listed('Tastaturprøve')).rows).toMatchObject([{ area: 'Prøveområdet', open: { state: 'draft' } }])

  await press(danish('fileImport.undoOf', { name: 'Fortegnelse.xlsx' }))
  await page
    .getByText(danish('registerTransfer.undone', { withdrawn: 1, kept: 0 }))
    .first()
    .waitFor()
  await settled()
  expect((await listed('Tastaturprøve')).rows).toMatchObject([{ open: null }])

  // A package: its defect is named with its place, and the rest are taken.
  const [first, ...rest] = klPackage()
  const records = [DEFECTS['main group cut short'].make(first!), ...rest]
  await picker.setInputFiles({
    name: 'pakke.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(records)),
  })
  await press(danish('fileImport.read'))
  await page.getByText(danish('registerTransfer.package', { count: records.length })).waitFor()
  await page.getByLabel(danish('registerTransfer.area')).fill('Pakkens område')
  await press(danish('fileImport.try'))
  await outcome.waitFor()
  expect(await outcome.textContent()).toContain('»4.«')
  await press(danish('registerTransfer.apply', { count: rest.length }))
  await page
    .getByText(danish('registerTransfer.done', { drafts: rest.length, proposals: 0, left: 1 }))
    .first()
    .waitFor()
  await settled()
  expect((await ask<List>(context, `/activities?area=${encodeURIComponent('Pakkens område')}`)).total).toBe(rest.length)
  expect(complaints()).toEqual([])
  await context.close()
})

test('columns of records are saved under a name, laid onto another file, called something else and forgotten, with the keyboard', async () => {
  const { page, open, settled, context, complaints } = await openScreen(browser, town.url, { role: 'it' })
  const press = async (name: string) => {
    const button = page.getByRole('button', { name, exact: true }).first()
    await button.focus()
    await page.keyboard.press('Enter')
  }
  const means = (column: string) => page.getByLabel(danish('fileImport.meansOf', { column }))
  const send = async (name: string, lines: string[]) => {
    const buffer = Buffer.from(lines.join('\r\n'), 'utf8')
    await page.locator('#import-file').setInputFiles({ name, mimeType: 'text/csv', buffer })
    await press(danish('fileImport.read'))
    await means(lines[0]!.split(';')[0]!).waitFor()
  }
  const names = async () =>
    (await ask<{ rows: { name: string }[] }>(context, '/register/columns')).rows.map(row => row.name)

  await open('/activities/import')
  await send('Første.csv', ['Titel;Hører til', 'Kolonneprøve fem;Prøveområdet'])
  await means('Hører til').selectOption('area')
  await page.getByLabel(danish('fileImport.saveAs')).fill('Fagcenterets liste')
  await press(danish('fileImport.try'))
  await page.locator('#outcome').waitFor()
  await press(danish('registerTransfer.apply', { count: 1 }))
  const rename = (name: string) => page.getByRole('button', { name: danish('fileImport.renameOf', { name }) })
  await rename('Fagcenterets liste').waitFor()
  await settled()

  // Pick: the same heading stands elsewhere in another file, and means what it was saved as.
  await send('Anden.csv', ['Hører til;Bemærk;Titel', 'Prøveområdet;x;Kolonneprøve seks'])
  expect(await means('Hører til').inputValue()).toBe('')
  await page.getByLabel(danish('fileImport.savedPick')).selectOption('Fagcenterets liste')
  expect(await means('Hører til').inputValue()).toBe('area')
  expect(await means('Titel').inputValue()).toBe('name')
  await expectNoAxeViolations(page, 'saved columns laid onto a file of records')

  await press(danish('fileImport.renameOf', { name: 'Fagcenterets liste' }))
  const dialog = page.getByRole('dialog')
  const field = dialog.getByLabel(danish('fileImport.renameTo'))
  await field.waitFor()
  await field.fill('Fagcenter 2026')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await rename('Fagcenter 2026').waitFor()
  expect(await names()).toEqual(['Fagcenter 2026'])

  await press(danish('fileImport.deleteOf', { name: 'Fagcenter 2026' }))
  await dialog.getByText(danish('fileImport.deleteText', { name: 'Fagcenter 2026' })).waitFor()
  await expectNoAxeViolations(page, 'forgetting saved columns of records')
  await dialog.getByRole('button', { name: danish('fileImport.delete'), exact: true }).focus()
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await rename('Fagcenter 2026').waitFor({ state: 'detached' })
  expect(await names()).toEqual([])
  expect(complaints()).toEqual([])
  await context.close()
})

test('the register leaves the list as a workbook and as DPV, by the keyboard', async () => {
  const { page, open, context, complaints } = await openScreen(browser, town.url, { role: 'dpo' })
  await open('/activities')
  for (const [what, ending] of [
    ['workbook', 'xlsx'],
    ['dpv', 'jsonld'],
  ] as const) {
    await page.getByRole('button', { name: danish('registerFile.label') }).focus()
    await page.keyboard.press('Enter')
    const item = page.getByRole('menuitem', { name: danish(`registerTransfer.file.${what}`) })
    await item.waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      item.focus().then(() => page.keyboard.press('Enter')),
    ])
    expect(download.suggestedFilename()).toMatch(new RegExp(`^fortegnelse.*\\.${ending}$`))
    await item.waitFor({ state: 'detached' })
  }
  expect(complaints()).toEqual([])
  await context.close()
})
