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
  await press(danish('transfer.read'))
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toContain(danish('transfer.needFile'))

  await page
    .locator('#import-file')
    .setInputFiles({ name: 'Systemer.xlsx', mimeType: 'application/octet-stream', buffer: file })
  await press(danish('transfer.read'))
  await page.getByRole('table', { name: danish('transfer.columnsCaption') }).waitFor()
  expect(await page.getByLabel(danish('transfer.meansOf', { column: 'Fagsystem' })).inputValue()).toBe('name')
  await page.getByLabel(danish('transfer.meansOf', { column: 'Noget andet' })).selectOption('supplier')
  await expectNoAxeViolations(page, 'columns of a file of systems')

  await press(danish('transfer.try'))
  const outcome = page.locator('#outcome')
  await outcome.waitFor()
  expect(await outcome.textContent()).toContain('I brgu')
  await page.getByLabel(danish('transfer.whoIs', { name: somebody!.name })).selectOption(somebody!.id)
  await outcome.waitFor({ state: 'detached' })
  await press(danish('transfer.try'))
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

  await press(danish('transfer.undoOf', { name: 'Systemer.xlsx' }))
  await page
    .getByText(danish('transfer.undone', { undone: 0, removed: 1 }))
    .first()
    .waitFor()
  await settled()
  expect(await find()).toEqual([])
  expect(complaints()).toEqual([])
  await context.close()
})
