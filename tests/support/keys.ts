import type { Locator, Page } from 'playwright-core'

/* The hands of somebody who has no mouse. */

export const inFocus = (page: Page, selector: string): Promise<boolean> =>
  page.evaluate(wanted => document.activeElement?.matches(wanted) ?? false, selector)

/** Tab until the focus is on what is meant; fails where the keyboard does not get there. */
export async function tabTo(page: Page, selector: string, limit = 250): Promise<void> {
  for (let step = 0; step < limit; step++) {
    if (await inFocus(page, selector)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${limit} times Tab do not reach ${selector} on ${page.url()}`)
}

export async function reach(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  await target.evaluate(element => element.setAttribute('data-next', ''))
  await tabTo(page, '[data-next]')
  await target.evaluate(element => element.removeAttribute('data-next'))
}

/** To the button or link with these words, and press it. */
export async function press(page: Page, words: string | RegExp, within = 'body'): Promise<void> {
  const exact = typeof words === 'string' ? new RegExp(`^${words.replace(/[.*+?^${}()|[\]\\…]/g, '\\$&')}$`) : words
  await reach(page, page.locator(`${within} button, ${within} a, ${within} summary`).filter({ hasText: exact }).first())
  await page.keyboard.press('Enter')
}

export async function write(page: Page, target: Locator, text: string): Promise<void> {
  await reach(page, target)
  await page.keyboard.press('Control+a')
  await page.keyboard.type(text)
}
