import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { generateSync } from 'otplib'
import pg from 'pg'
import { afterAll, expect, inject, test } from 'vitest'
import { createDatabase, dropDatabase } from '../../server/platform/postgres/admin.ts'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'
import { whenFree } from '../support/demo-town.ts'
import { emptyFolder, endProcesses, startProcess } from '../support/hjemmel-process.ts'
import { holesIn, openScreen, sideways } from '../support/screen.ts'

const name = `first_${randomBytes(6).toString('hex')}`
const folder = emptyFolder()
afterAll(async () => {
  await endProcesses()
  await dropDatabase(inject('postgres').adminUrl, name)
  rmSync(folder, { recursive: true, force: true })
})

test('a house with a database of its own: printed link, password, code app, recovery codes, signed in; the link is spent', async () => {
  const { adminUrl, template } = inject('postgres')
  const url = await whenFree(() => createDatabase(adminUrl, name, { template }))
  const program = await startProcess({ DATABASE_URL: url, HJEMMEL_DATA_DIR: folder, HJEMMEL_LOG_LEVEL: 'warn' })
  await program.ready()
  const link = /https?:\/\/\S+\/link\/\S+/.exec(program.out())?.[0] ?? ''
  expect(link).not.toBe('')

  const browser = await launchBrowser()
  try {
    const screen = await openScreen(browser, program.url)
    const { page } = screen
    const looks = async (label: string) => {
      await screen.settled()
      await expectNoAxeViolations(page, label)
      expect(await sideways(page)).toBe(0)
    }
    await screen.open('/sign-in')
    expect(await page.getByText('Prøv som en af disse').count(), 'no demonstration here').toBe(0)

    await screen.open(new URL(link).pathname)
    await page.getByRole('heading', { level: 1, name: 'Vælg adgangskode' }).waitFor()
    await page.getByLabel('Ny adgangskode').fill('kort')
    await page.getByLabel('Gentag adgangskoden').fill('andet')
    await page.getByRole('button', { name: 'Gem adgangskode' }).click()
    await page.getByRole('alert').getByRole('link', { name: 'Adgangskoden skal have mindst 12 tegn' }).click()
    expect(await page.getByLabel('Ny adgangskode').evaluate(field => field === document.activeElement)).toBe(true)
    await looks('password refused')
    const password = 'blå cykel syv hatte'
    await page.getByLabel('Ny adgangskode').fill(password)
    await page.getByLabel('Gentag adgangskoden').fill(password)
    const username = await page.locator('input[name=username]').inputValue()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Adgangskoden er gemt' }).waitFor()

    await page.getByRole('link', { name: 'Gå til log ind' }).click()
    await page.getByLabel('Brugernavn').fill(username)
    await page.getByLabel('Adgangskode', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Slå to trin til' }).waitFor()
    await page.getByRole('button', { name: 'Brug en app' }).click()
    await page.getByRole('img', { name: 'QR-kode til godkendelsesappen' }).waitFor()
    await looks('second factor')
    const secret = ((await page.locator('main code').textContent()) ?? '').replace(/\s/g, '')
    await page.getByLabel('Kode fra din app').fill(generateSync({ secret }))
    await page.keyboard.press('Enter')
    await page.getByText('Gem dine gendannelseskoder').waitFor()
    expect(await page.locator('main li code').count()).toBeGreaterThan(5)
    await looks('recovery codes')
    await page.getByRole('button', { name: 'Videre' }).click()
    await page.getByText('Bekræft, at du har gemt koderne').waitFor()
    await page.getByLabel('Jeg har gemt koderne').check()
    await page.getByRole('button', { name: 'Videre' }).click()
    await page.waitForURL(at => at.pathname === '/')
    await screen.settled()
    expect(await page.locator('h1').textContent()).toBe('Overblik')
    await looks('home of the first administrator')
    await screen.open('/people')
    await page.getByText('Ingen personer endnu').waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const path of ['/admin/users', '/me/security', '/rules/import', '/sync']) {
        await screen.open(path)
        expect(await page.locator('main [role=alert]').count(), `${path} is open to an administrator`).toBe(0)
        expect(await holesIn(page)).toEqual([])
        await looks(`${path} of an administrator, ${colorScheme}`)
      }
    }

    // Sign-in settings: who is there, and who it is asked again when it was a while ago.
    await screen.open('/me/security')
    await page.getByRole('table', { name: /De steder, hvor du er logget ind/ }).waitFor()
    expect(await page.getByText('dette sted').count()).toBe(1)
    const database = new pg.Client({ connectionString: url })
    await database.connect()
    await database.query(`update session set sess = jsonb_set(sess::jsonb, '{confirmedAt}', '0')::json`)
    await database.end()
    await page.getByRole('button', { name: 'Lav nye koder' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Lav nye koder' }).click()
    const again = page.getByRole('dialog', { name: 'Bekræft, at det er dig' })
    await again.getByLabel('Din adgangskode').waitFor()
    // Not settled: behind it the command waits, and its button turns.
    await expectNoAxeViolations(page, 'who is it, asked again')
    await page.keyboard.press('Enter')
    await again.getByText('Skriv din adgangskode').first().waitFor()
    await again.getByLabel('Din adgangskode').fill(password)
    // The code of this half minute is used up; the next one is allowed for clocks that differ.
    await again.getByLabel('Kode fra app').fill(generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + 30 }))
    await page.keyboard.press('Enter')
    await page.getByText('Gem dine gendannelseskoder').waitFor()
    expect(await page.locator('main li code').count()).toBeGreaterThan(5)

    await screen.open('/me/security')
    await page.getByRole('textbox', { name: 'Nuværende adgangskode' }).fill('en helt anden en')
    await page.getByLabel('Ny adgangskode').fill('tolv grønne paraplyer')
    await page.getByRole('button', { name: 'Skift adgangskode' }).click()
    await page.getByRole('alert').getByText('Den nuværende adgangskode er forkert').waitFor()
    await page.getByRole('textbox', { name: 'Nuværende adgangskode' }).fill(password)
    await page.getByLabel('Ny adgangskode').fill('tolv grønne paraplyer')
    await page.getByRole('button', { name: 'Skift adgangskode' }).click()
    await page.locator('main').getByText('Adgangskoden er skiftet').waitFor()
    await looks('a new password')

    // The screen of the link looks at it once more when it has been used, and is told so.
    // A wrong password is a 401, and being asked again who one is a 403; the browser notes both.
    expect(screen.complaints().filter(line => !/status of (410|401|403)/.test(line))).toEqual([])
    await screen.context.close()

    const later = await openScreen(browser, program.url)
    await later.open(new URL(link).pathname)
    await later.page.getByRole('heading', { level: 1, name: 'Linket virker ikke' }).waitFor()
    await later.context.close()
  } finally {
    await browser.close()
  }
}, 180_000)
