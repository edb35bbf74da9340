import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureClient } from '../../server/platform/client-build.ts'
import { launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { ask, openScreen } from '../support/screen.ts'

const town = demoTown()
let browser: Browser
beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

type Rows = { rows: { id: string; name: string | null }[] }
type Shown = { systems: { system: { name: string } }[] }

test('the palette by keyboard: actions, a person by initials and with a slip, why, and what was opened last', async () => {
  const { page, open, settled, complaints, context } = await openScreen(browser, town.url, { role: 'it' })
  await open('/')
  const field = page.getByRole('combobox', { name: /^Søg efter personer/ })
  const ask_ = async (text: string) => {
    await page.keyboard.press('Control+k')
    await page.waitForFunction(() => document.activeElement?.matches('input[role=combobox]'))
    await field.fill(text)
  }
  const first = page.locator('[role=option]').first()

  await ask_('> moerkt')
  await first.filter({ hasText: 'Mørkt udseende' }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.documentElement.dataset.mantineColorScheme === 'dark')

  // Somebody with a name of three words and with letters that can be mistaken.
  const { rows } = await ask<Rows>(context, '/people/search', { kind: 'employee', status: 'active', limit: 100 })
  const person = rows.find(row => /^[A-Za-zæøåÆØÅé]{5,} .*[A-Za-zæøåÆØÅ]{5,}$/.test(row.name ?? ''))!
  const name = person.name!
  const [given, family] = [name.split(' ')[0]!, name.split(' ').at(-1)!]
  const slipped = `${given} ${family[0]}${family[2]}${family[1]}${family.slice(3)}`
  await ask_(`@${slipped}`)
  await page.locator('[role=option]').filter({ hasText: name }).first().waitFor()
  await ask_(`@${given[0]} ${family}`)
  await page.locator('[role=option]').filter({ hasText: family }).first().waitFor()
  expect(await page.locator('[role=option]').filter({ hasText: 'System' }).count()).toBe(0)

  const shown = await ask<Shown>(context, `/people/${person.id}`)
  const held = shown.systems.find(one => one.system.name.length > 3)!
  await page.keyboard.press('Escape')
  await ask_(`hvorfor ${name} ${held.system.name.split(' ')[0]}`)
  await page.locator('[role=option]').filter({ hasText: 'Hvorfor' }).first().waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(url => /\/people\/[0-9a-f-]{36}$/.test(url.pathname) && url.searchParams.has('right'))
  await settled()

  await ask_('')
  await first.filter({ hasText: 'Sidst åbnet' }).waitFor()
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain(family)
  expect(complaints()).toEqual([])
  await context.close()
})

test('filters become a view, the list opens with it, and its numbers come every week', async () => {
  const { page, open, settled, complaints, context } = await openScreen(browser, town.url, { role: 'it' })
  await open('/systems?reading=none')
  const views = page.getByRole('navigation', { name: 'Gemte visninger' })
  await views.getByRole('button', { name: 'Gem visning' }).click()
  await page.getByLabel('Navn', { exact: true }).fill('Læses ikke')
  await page.getByRole('dialog').getByRole('button', { name: 'Gem visning' }).click()
  await views.getByRole('button', { name: 'Læses ikke', exact: true }).waitFor()
  const menu = async (item: string) => {
    await views.getByRole('button', { name: 'Mere om Læses ikke' }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  await menu('Åbn listen med denne visning')
  await settled()

  await open('/systems')
  await page.waitForURL(/reading=none/)
  await views.getByRole('button', { name: 'Alt', exact: true }).click()
  await page.waitForURL(url => url.search === '')
  await settled()
  expect(new URL(page.url()).search).toBe('')

  await menu('Send hver uge')
  await page.getByRole('dialog').getByRole('button', { name: 'Abonnér' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await open('/views')
  const sent = page.locator('main article').filter({ hasText: 'Læses ikke' })
  const count = Number((await sent.locator('dd').first().textContent())?.replace(/\D/g, ''))
  const { total } = await ask<{ total: number }>(context, '/systems?reading=none&limit=1')
  expect(count).toBe(total)
  expect(await page.getByText('Der er ikke sat en mailserver op').count()).toBeGreaterThan(0)
  await sent.getByRole('button', { name: 'Stop abonnementet' }).click()
  await sent.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Fjern visningen: Læses ikke' }).click()
  await page.getByRole('link', { name: 'Læses ikke' }).waitFor({ state: 'detached' })
  expect(complaints()).toEqual([])
  await context.close()
})
