import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureClient } from '../../server/platform/client-build.ts'
import { launchBrowser } from '../support/chromium.ts'
import { demoTown } from '../support/demo-town.ts'
import { dialogOpen, openScreen } from '../support/screen.ts'

const town = demoTown()
let browser: Browser

beforeAll(async () => {
  await ensureClient()
  browser = await launchBrowser()
}, 120_000)
afterAll(() => browser?.close())

const focused = (page: Page, selector: string) =>
  page.evaluate(wanted => document.activeElement?.matches(wanted) ?? false, selector)

/** Tab until the focus is on what is meant; fails where the keyboard does not get there, or the focus cannot be seen. */
async function tabTo(page: Page, selector: string, limit = 80): Promise<void> {
  for (let step = 0; step < limit; step++) {
    await page.keyboard.press('Tab')
    if (await focused(page, selector)) {
      const seen = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement as Element)
        return style.outlineStyle !== 'none' || style.boxShadow !== 'none' || style.borderColor !== ''
      })
      expect(seen, `the focus on ${selector} can be seen`).toBe(true)
      return
    }
  }
  throw new Error(`${limit} times Tab do not reach ${selector} on ${page.url()}`)
}

test('from the sign-in to the reason of a right and back, with the keyboard alone', async () => {
  const { page, open, settled, context, complaints } = await openScreen(browser, town.url)
  await open('/sign-in')
  await page.keyboard.press('Tab')
  expect(await focused(page, 'a.skip-link'), 'the skip link comes first').toBe(true)
  await page.keyboard.press('Enter')
  expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true)
  await tabTo(page, 'section[aria-labelledby=demo-title] li:nth-child(2) button')
  await page.keyboard.press('Enter')
  await page.waitForURL(url => url.pathname === '/')
  await settled()

  await tabTo(page, 'nav a[href="/people"]')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/people$/)
  await settled()
  expect(await focused(page, 'h1'), 'one arrives on the heading').toBe(true)
  await tabTo(page, 'main tbody tr:first-child a')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  expect(await focused(page, 'main tbody tr:nth-child(3) a')).toBe(true)
  await page.keyboard.press('ArrowUp')
  expect(await focused(page, 'main tbody tr:nth-child(2) a')).toBe(true)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/people\/[0-9a-f-]{36}/)
  await settled()
  expect(await focused(page, 'h1')).toBe(true)

  await tabTo(page, 'button[data-right]')
  await page.keyboard.press('Enter')
  await page.waitForURL(/right=/)
  const onRight = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.right)
  const chosen = await onRight()
  // The rows of systems are stops too.
  do await page.keyboard.press('ArrowDown')
  while ((await onRight()) === undefined)
  const right = (await onRight()) as string
  expect(right).not.toBe(chosen)
  await page.waitForURL(url => decodeURIComponent(url.search).includes(right))
  await tabTo(page, '#why *', 200)
  await page.keyboard.press('Escape')
  expect(
    await page.evaluate(() => (document.activeElement as HTMLElement).dataset.right),
    'Esc goes back to the row',
  ).toBe(right)

  await page.keyboard.press('Control+k')
  await page.waitForFunction(() => document.activeElement?.matches('input[role=combobox]'))
  await page.keyboard.type('organisation')
  await page.getByRole('option', { name: /^Organisation/ }).waitFor()
  await page.keyboard.press('Escape')
  await page.waitForFunction(key => (document.activeElement as HTMLElement).dataset.right === key, right)

  // The browser's own Back; its key is not there without a window.
  await page.goBack()
  await page.waitForURL(url => url.pathname === '/people')
  await settled()
  expect(complaints()).toEqual([])
  await context.close()
})

test('the organisation is a tree for arrows, letters and Enter', async () => {
  const { page, open, settled, context } = await openScreen(browser, town.url, { role: 'it' })
  await open('/org')
  await tabTo(page, '[role=treeitem]')
  const level = () => page.evaluate(() => Number(document.activeElement?.getAttribute('aria-level')))
  const expanded = () => page.evaluate(() => document.activeElement?.getAttribute('aria-expanded'))
  expect(await level()).toBe(1)
  expect(await expanded()).toBe('true')
  await page.keyboard.press('ArrowLeft')
  expect(await expanded()).toBe('false')
  await page.keyboard.press('ArrowRight')
  expect(await expanded()).toBe('true')
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-level') === '2')
  await page.keyboard.press('End')
  await page.waitForFunction(() => {
    const item = document.activeElement
    return (
      item?.getAttribute('aria-posinset') === item?.getAttribute('aria-setsize') && item?.matches('[role=treeitem]')
    )
  })
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Home')
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-level') === '1')
  await page.keyboard.press('ArrowDown')
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-level') === '2')
  const name = await page.evaluate(() => document.activeElement?.querySelectorAll('span')[1]?.textContent)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/org\/[0-9a-f-]{36}/)
  await settled()
  expect(await page.locator('h1').textContent()).toBe(name)
  await context.close()
})

test('the menu of the account opens, moves and closes by keyboard; ? brings the shortcuts', async () => {
  const { page, open, settled, context } = await openScreen(browser, town.url, { role: 'manager' })
  await open('/')
  await tabTo(page, 'header button[aria-haspopup=menu]')
  await page.keyboard.press('Enter')
  await page.getByRole('menu').waitFor()
  await page.keyboard.press('ArrowDown')
  expect(await focused(page, '[role^=menuitem]')).toBe(true)
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'hidden' })
  expect(await focused(page, 'header button[aria-haspopup=menu]')).toBe(true)
  await page.keyboard.press('?')
  await page.waitForURL(/\/help$/)
  await settled()
  expect(await focused(page, 'h1')).toBe(true)
  await context.close()
})

test('a window that closes gives the focus back; where its button is gone, the focus stays near', async () => {
  const { page, open, context, complaints } = await openScreen(browser, town.url, { role: 'employee' })
  await open('/me')
  await page.locator('#wrong button').waitFor()
  await tabTo(page, '#wrong button')
  await page.keyboard.press('Enter')
  await dialogOpen(page)
  await page.keyboard.press('Escape')
  await page.waitForFunction(() => document.activeElement?.matches('#wrong button') ?? false)

  // What is sent is waited for, and the button that asked is replaced by what it led to.
  await page.keyboard.press('Enter')
  await dialogOpen(page)
  await page.keyboard.type('Min titel er en anden')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.locator('#wrong li').first().waitFor()
  await page.waitForFunction(() => document.querySelector('main')?.contains(document.activeElement) ?? false)
  expect(complaints()).toEqual([])
  await context.close()
})

test('the board by J, K and Enter; on a phone each line is a card that holds everything', async () => {
  const { page, open, settled, context, complaints } = await openScreen(browser, town.url, { role: 'hr' })
  await open('/lifecycle')
  await page.locator('main tbody tr[data-row]').nth(2).waitFor()
  await tabTo(page, 'main tbody tr[data-row] a')
  const row = () => page.evaluate(() => document.activeElement?.closest('tr')?.getAttribute('data-row'))
  const first = await row()
  await page.keyboard.press('j')
  const second = await row()
  expect(second).not.toBe(first)
  await page.keyboard.press('j')
  expect(await row()).not.toBe(second)
  await page.keyboard.press('k')
  await page.keyboard.press('k')
  expect(await row()).toBe(first)
  await page.keyboard.press('k')
  expect(await row(), 'the first line is the end').toBe(first)

  await page.setViewportSize({ width: 390, height: 800 })
  const card = page.locator(`tr[data-row="${first}"]`)
  // Nothing to scroll to the side, and the column that a narrow table leaves out is there with its name.
  expect(
    await page.evaluate(() => {
      const box = document.querySelector('main table')?.parentElement as HTMLElement
      return box.scrollWidth - box.clientWidth
    }),
  ).toBeLessThanOrEqual(0)
  await card.getByText('Enhed', { exact: true }).waitFor()
  await card.getByText('Mangler', { exact: true }).waitFor()
  expect(await card.getAttribute('role')).toBe('row')
  await page.keyboard.press('Enter')
  await page.waitForURL(url => url.pathname !== '/lifecycle')
  await settled()
  expect(complaints()).toEqual([])
  await context.close()
})
