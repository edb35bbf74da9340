import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DemoRole } from '../../server/demo/manifest.ts'
import { ensureClient } from '../../server/platform/client-build.ts'
import { expectNoAxeViolations, launchBrowser } from './chromium.ts'
import { demoTown } from './demo-town.ts'
import { holesIn, openScreen, type Screen, saysWhere, sideways } from './screen.ts'
import { findPlaces, type Places, SCREENS } from './screens.ts'

/** All of a page but its colours: elements with their attributes and places, and texts. */
const drawn = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const colours = new Set(['style', 'class', 'fill', 'stroke', 'stop-color', 'data-mantine-color-scheme'])
    return [...document.querySelectorAll('body, body *')]
      .map(element => {
        const { x, y, width, height } = element.getBoundingClientRect()
        const attributes = [...element.attributes].filter(one => !colours.has(one.name))
        const words = [...element.childNodes].map(node => (node.nodeType === Node.TEXT_NODE ? node.textContent : ''))
        const said = attributes.map(one => `${one.name}=${one.value}`)
        return [element.tagName, x, y, width, height, ...said, ...words].join(' ')
      })
      .join('\n')
  })

/**
 * Every screen in one language: axe in both themes, no raw text key, nothing wider than the window; in Danish also as on
 * a telephone. A file for each language, so that two processes look at them side by side.
 */
export function lookAtEveryScreen(language: 'da' | 'en'): void {
  const town = demoTown()
  let browser: Browser
  let places: Places
  const windows = new Map<string, Screen>()

  /** One window per role, kept: a person does not sign in anew for every screen either. */
  async function windowOf(role: DemoRole | undefined): Promise<Screen> {
    const name = `${role}`
    const known = windows.get(name) ?? (await openScreen(browser, town.url, { language, ...(role ? { role } : {}) }))
    windows.set(name, known)
    return known
  }

  beforeAll(async () => {
    await ensureClient()
    browser = await launchBrowser()
    places = await findPlaces((await windowOf('it')).context)
  }, 120_000)
  afterAll(() => browser?.close())

  describe(`in ${language}`, () => {
    test.each(SCREENS)('$name', async ({ name, role, at, act, popup = false, says }) => {
      const screen = await windowOf(role)
      const { page } = screen
      await page.setViewportSize({ width: 1440, height: 900 })
      await page.emulateMedia({ colorScheme: 'light' })
      screen.complaints()
      await screen.open(at(places))
      await act?.(page)
      await screen.settled()

      expect(await page.locator('h1').count(), 'one h1').toBe(1)
      expect(await page.getAttribute('html', 'lang')).toBe(language)
      expect(await page.title()).toMatch(/\S.* - Hjemmel$/)
      expect(await page.locator('main').count(), 'one main landmark').toBe(1)
      await expectNoAxeViolations(page, `${name}, ${language}, light`, { popupOpen: popup })
      expect(await holesIn(page), 'raw keys or leaked values').toEqual([])
      expect(await sideways(page), 'pixels wider than the window').toBe(0)

      const inLight = await drawn(page)
      await page.emulateMedia({ colorScheme: 'dark' })
      await screen.settled()
      expect(await page.getAttribute('html', 'data-mantine-color-scheme')).toBe('dark')
      // The same elements in the same places: then only what reads colours can say something else.
      const coloursOnly = (await drawn(page)) === inLight
      await expectNoAxeViolations(page, `${name}, ${language}, dark`, { popupOpen: popup, coloursOnly })

      if (language === 'da') {
        await page.emulateMedia({ colorScheme: 'light' })
        await page.setViewportSize({ width: 390, height: 844 })
        await screen.settled()
        await expectNoAxeViolations(page, `${name}, 390 px`, { popupOpen: popup })
        expect(await sideways(page), 'pixels wider than a telephone').toBe(0)
        await page.setViewportSize({ width: 320, height: 640 })
        await screen.settled()
        expect(await sideways(page), 'pixels wider than 320').toBe(0)
        expect(await saysWhere(page), 'which municipality this is').toBe(true)
      }
      const complaints = screen.complaints().filter(line => !says?.test(line))
      expect(complaints, 'what the browser complains about').toEqual([])
    })
  })
}
