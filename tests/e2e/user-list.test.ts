import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { ask, openScreen } from '../support/screen.ts'
import { danish } from '../support/texts.ts'

/* A user list with the keyboard alone: send in, choose a column, try, let in, say what a name means, see the right on the person. */
const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

const text = (value: string) => ({ value, type: String })

test('a system owner sends a list in, lets it in, and the right stands on the person with how old it is', async () => {
  const { page, open, settled, context, complaints } = await openScreen(browser, town.url, { role: 'systemowner' })
  type Systems = { rows: { id: string; key: string; name: string }[] }
  const { rows } = await ask<Systems>(context, '/systems?own=true&limit=200')
  const [right] = (await town.house.db.source.query(
    `select e.id, e.name, e.system_id as system from entitlement e join it_system s on s.id = e.system_id and s.reading = 'none'
     where e.system_id = any($1) and e.gone_at is null and not exists (select from group_entitlement g where g.entitlement_id = e.id)
     order by e.key limit 1`,
    [rows.map(row => row.id)],
  )) as { id: string; name: string; system: string }[]
  const [job] = (await town.house.db.source.query(
    `select ac.person_id as id, ac.employee_no as number from affiliation_current ac join person_current p using (person_id)
     where ac.status = 'active' and ac.kind = 'employment' and ac.employee_no is not null and not p.protected
     order by ac.employee_no limit 1`,
  )) as { id: string; number: string }[]
  const file = await writeXlsxFile(
    [
      ['Login-id', 'Adgange', 'Medarbejdernr.'],
      ['aaa1', right!.name, job!.number],
      ['bbb2', 'Et navn for sig', ''],
    ].map(row => row.map(text)) as never,
  ).toBuffer()

  await open(`/systems/${right!.system}/user-list`)
  await page.getByRole('button', { name: danish('userList.read') }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toContain(danish('userList.needFile'))

  await page
    .locator('#list-file')
    .setInputFiles({ name: 'Brugere.xlsx', mimeType: 'application/octet-stream', buffer: file })
  await page.getByRole('button', { name: danish('userList.read') }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('table', { name: danish('userList.rowsCaption') }).waitFor()
  await expectNoAxeViolations(page, 'columns of a user list')
  await page.getByLabel(danish('userList.field.account')).focus()
  await page.getByLabel(danish('userList.field.account')).selectOption('Login-id')
  await page.getByLabel(danish('userList.field.right'), { exact: true }).selectOption('Adgange')
  expect(await page.getByLabel(danish('userList.field.employeeNo')).inputValue()).toBe('Medarbejdernr.')
  await page.getByRole('button', { name: danish('userList.try') }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: danish('userList.tried') }).waitFor()
  const outcome = page.locator('#outcome')
  expect(await outcome.textContent()).toContain('Et navn for sig')
  await expectNoAxeViolations(page, 'what a user list would change')

  await page.getByRole('button', { name: danish('userList.take') }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: danish('userList.taken') }).waitFor()
  await settled()
  const names = page.locator('#names')
  await names.getByLabel(danish('userList.meansOf', { name: 'Et navn for sig' })).selectOption('none')
  await names.getByRole('button', { name: danish('userList.saveNameOf', { name: 'Et navn for sig' }) }).focus()
  await page.keyboard.press('Enter')
  await names.getByRole('button').waitFor({ state: 'detached' })
  await settled()
  expect(await page.getByRole('cell', { name: danish('userList.fileStates.archived'), exact: true }).count()).toBe(1)
  await expectNoAxeViolations(page, 'a user list that has been let in')

  await open(`/people/${job!.id}`)
  const row = page.locator(`[data-right]`).filter({ hasText: right!.name }).first()
  await row.focus()
  await page.keyboard.press('Enter')
  await page.getByText(danish('why.listed')).waitFor()
  expect(await page.getByText(/^Læst /).count()).toBeGreaterThan(0)
  expect(complaints()).toEqual([])
  await context.close()
})

test('every way to a right, and which membership to end', async () => {
  const [held] = (await town.house.db.source.query(
    `select a.person_id as person, e.key, o.paths from observed_right o join account a on a.id = o.account_id
     join entitlement e on e.id = o.entitlement_id join person_current p on p.person_id = a.person_id
     where a.gone_at is null and not p.protected and p.kind = 'employee' and p.status = 'active' and cardinality(o.via) > 1
     order by o.paths desc, e.key, a.key limit 1`,
  )) as { person: string; key: string; paths: number }[]
  const { page, open, complaints, context } = await openScreen(browser, town.url, { role: 'it' })
  await open(`/people/${held!.person}?right=${encodeURIComponent(held!.key)}`)
  await page.locator(`[data-right="${held!.key}"]`).first().focus()
  if ((await page.locator('#why').count()) === 0) await page.keyboard.press('Enter')
  await page.getByRole('button', { name: danish('why.allPaths') }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: danish('paths.aim') }).waitFor()
  const ways = page.getByRole('list', { name: new RegExp(`^${danish('paths.path', { n: 1 })}`) })
  expect(await ways.count()).toBe(1)
  await expectNoAxeViolations(page, 'ways to a right')
  expect(complaints()).toEqual([])
  await context.close()
})
