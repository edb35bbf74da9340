import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { ask, openScreen } from '../support/screen.ts'
import { danish } from '../support/texts.ts'

/* Systems from a file with the keyboard alone: send in, say a column, choose who is meant, look, do it, take it back. */
const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

const text = (value: string) => ({ value, type: String })

test('IT imports systems from a file, sees each value and each mistake first, and takes it back', async () => {
  const { page, open, settled, context, complaints } = await openScreen(browser, town.url, { role: 'it' })
  const [somebody] = (await town.house.db.source.query(
    `select p.person_id as id, p.name from person_current p join affiliation_current ac on ac.affiliation_id = p.primary_affiliation_id
     where ac.status = 'active' and ac.kind = 'employment' and not p.protected
       and (select count(*) from person_current o where o.name = p.name) = 1 order by p.person_id limit 1`,
  )) as { id: string; name: string }[]
  const file = await writeXlsxFile(
    [
      ['Fagsystem', 'Systemejer', 'Status', 'Noget andet'],
      ['Indlæst system', somebody!.name, 'I brug', 'Firmaet'],
      ['Et forkert system', '', 'I brgu', ''],
    ].map(row => row.map(text)) as never,
  ).toBuffer()
  const press = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).first().focus()
    await page.keyboard.press('Enter')
  }

  await open('/systems')
  await page.getByRole('link', { name: danish('transfer.go') }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: danish('transfer.title'), level: 1 }).waitFor()
  await press(danish('fileImport.read'))
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toContain(danish('fileImport.need'))

  await page
    .locator('#import-file')
    .setInputFiles({ name: 'Systemer.xlsx', mimeType: 'application/octet-stream', buffer: file })
  await press(danish('fileImport.read'))
  await page.getByRole('table', { name: danish('transfer.columnsCaption') }).waitFor()
  expect(await page.getByLabel(danish('fileImport.meansOf', { column: 'Fagsystem' })).inputValue()).toBe('name')
  await page.getByLabel(danish('fileImport.meansOf', { column: 'Noget andet' })).selectOption('supplier')
  await expectNoAxeViolations(page, 'columns of a file of systems')

  await press(danish('fileImport.try'))
  const outcome = page.locator('#outcome')
  await outcome.waitFor()
  expect(await outcome.textContent()).toContain('I brgu')
  await page.getByLabel(danish('transfer.whoIs', { name: somebody!.name })).selectOption(somebody!.id)
  await outcome.waitFor({ state: 'detached' })
  await press(danish('fileImport.try'))
  await outcome.waitFor()
  expect(await outcome.textContent()).toContain('Firmaet')
  await expectNoAxeViolations(page, 'what a file of systems would do')

  await press(danish('transfer.apply', { count: 1 }))
  await page
    .getByText(danish('transfer.done', { created: 1, changed: 0, left: 1 }))
    .first()
    .waitFor()
  await settled()
  type Systems = { rows: { name: string; owner: { id: string } | null; supplier: string | null }[] }
  const find = async () => (await ask<Systems>(context, `/systems?text=${encodeURIComponent('Indlæst system')}`)).rows
  expect(await find()).toMatchObject([{ name: 'Indlæst system', owner: { id: somebody!.id }, supplier: 'Firmaet' }])
  await expectNoAxeViolations(page, 'an import that has been done')

  await press(danish('fileImport.undoOf', { name: 'Systemer.xlsx' }))
  await page
    .getByText(danish('transfer.undone', { undone: 0, removed: 1 }))
    .first()
    .waitFor()
  await settled()
  expect(await find()).toEqual([])
  expect(complaints()).toEqual([])
  await context.close()
})

test('columns are saved under a name, laid onto another file, called something else and forgotten, with the keyboard', async () => {
  const { page, open, settled, context, complaints } = await openScreen(browser, town.url, { role: 'it' })
  const press = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).first().focus()
    await page.keyboard.press('Enter')
  }
  const means = (column: string) => page.getByLabel(danish('fileImport.meansOf', { column }))
  const send = async (name: string, lines: string[]) => {
    await page
      .locator('#import-file')
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\r\n'), 'utf8') })
    await press(danish('fileImport.read'))
    await means(lines[0]!.split(';')[0]!).waitFor()
  }
  const save = async (as: string) => {
    await page.getByLabel(danish('fileImport.saveAs')).fill(as)
    await press(danish('fileImport.try'))
    await page.locator('#outcome').waitFor()
    await press(danish('transfer.apply', { count: 1 }))
    await page.getByRole('button', { name: danish('fileImport.renameOf', { name: as }) }).waitFor()
    await settled()
  }
  const names = async () =>
    (await ask<{ rows: { name: string }[] }>(context, '/catalogue/columns')).rows.map(row => row.name)

  await open('/systems/import')
  await send('Første.csv', ['Fagsystem;Hvem laver det', 'Kolonnesystem et;Firma A'])
  await means('Hvem laver det').selectOption('supplier')
  await save('Fagcenterets liste')

  // Pick: the same heading stands elsewhere in another file, and means what it was saved as.
  await send('Anden.csv', ['Hvem laver det;Bemærk;Fagsystem', 'Firma B;x;Kolonnesystem to'])
  expect(await means('Hvem laver det').inputValue()).toBe('')
  const pick = page.getByLabel(danish('fileImport.savedPick'))
  await pick.selectOption('Fagcenterets liste')
  expect(await means('Hvem laver det').inputValue()).toBe('supplier')
  expect(await means('Bemærk').inputValue()).toBe('')
  expect(await pick.inputValue()).toBe('Fagcenterets liste')
  await expectNoAxeViolations(page, 'saved columns laid onto a file')
  await save('Firmaer')

  // Rename: a name that is taken is said at the field; another one is taken.
  await press(danish('fileImport.renameOf', { name: 'Fagcenterets liste' }))
  const dialog = page.getByRole('dialog')
  const field = dialog.getByLabel(danish('fileImport.renameTo'))
  await field.waitFor()
  await expectNoAxeViolations(page, 'renaming saved columns')
  await field.fill('Firmaer')
  await page.keyboard.press('Enter')
  await dialog.getByText(danish('fileImport.renameTaken')).waitFor()
  expect(await names()).toEqual(['Fagcenterets liste', 'Firmaer'])
  await field.fill('Fagcenter 2026')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: danish('fileImport.renameOf', { name: 'Fagcenter 2026' }) }).waitFor()
  expect(await names()).toEqual(['Fagcenter 2026', 'Firmaer'])

  // Delete: asked first, and Escape means no.
  await press(danish('fileImport.deleteOf', { name: 'Firmaer' }))
  await dialog.getByText(danish('fileImport.deleteText', { name: 'Firmaer' })).waitFor()
  await expectNoAxeViolations(page, 'deleting saved columns')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(await names()).toContain('Firmaer')
  await press(danish('fileImport.deleteOf', { name: 'Firmaer' }))
  await dialog.getByRole('button', { name: danish('fileImport.delete'), exact: true }).focus()
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await page
    .getByRole('button', { name: danish('fileImport.deleteOf', { name: 'Firmaer' }) })
    .waitFor({ state: 'detached' })
  expect(await names()).toEqual(['Fagcenter 2026'])
  // A name that is taken was answered with 409, which a browser writes to its console by itself.
  expect(complaints().filter(one => !one.includes('409'))).toEqual([])
  await context.close()
})
