import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import type { Session } from '../../server/contract/auth.ts'
import type { DemoRole } from '../../server/demo/manifest.ts'

export type Look = { language?: 'da' | 'en'; theme?: 'light' | 'dark'; width?: number; height?: number }
export type Screen = {
  page: Page
  context: BrowserContext
  /** What the console, the page or its security policy has complained about since the last look. */
  complaints(): string[]
  /** Opens an address of the application and waits until everything on it is there. */
  open(path: string): Promise<void>
  settled(): Promise<void>
}

/** A window of its own, signed in through the API where a role is given: clicking through is a test of its own. */
export async function openScreen(
  browser: Browser,
  url: string,
  look: Look & { role?: DemoRole } = {},
): Promise<Screen> {
  const { language = 'da', theme = 'light', width = 1440, height = 900, role } = look
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: language === 'da' ? 'da-DK' : 'en-GB',
    timezoneId: 'Europe/Copenhagen',
  })
  context.setDefaultTimeout(20_000)
  // Only where nothing has been chosen, so that a choice made on the screen lasts as it does for a person.
  await context.addInitScript(value => {
    if (!localStorage.getItem('hjemmel.language')) localStorage.setItem('hjemmel.language', value)
  }, language)
  const heard: string[] = []
  const page = await context.newPage()
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) heard.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', error => heard.push(`exception: ${error.message}`))
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', event =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`),
    ),
  )
  let open = 0
  page.on('request', () => open++)
  page.on('requestfinished', () => open--)
  page.on('requestfailed', () => open--)
  const settled = async () => {
    await page.locator('h1').first().waitFor()
    for (let quiet = 0, round = 0; quiet < 3; round++) {
      if (round > 400) throw new Error(`${page.url()} does not come to rest:\n${heard.join('\n')}`)
      const waiting = await page.locator('[aria-busy="true"], .mantine-Skeleton-root').count()
      quiet = open <= 0 && waiting === 0 ? quiet + 1 : 0
      await page.waitForTimeout(40)
    }
    await page.evaluate(() => Promise.all(document.getAnimations().map(one => one.finished.catch(() => null))))
  }
  if (role) await signInByCall(context, role)
  return {
    page,
    context,
    complaints: () => heard.splice(0),
    async open(path) {
      open = 0
      await page.goto(path)
      await settled()
    },
    settled,
  }
}

async function signInByCall(context: BrowserContext, role: DemoRole): Promise<void> {
  const session = (await (await context.request.get('/api/session')).json()) as Session
  const user = session.demo?.users.find(one => one.role === role)
  if (!user) throw new Error(`the demonstration offers nobody to sign in as ${role}`)
  await ask(context, '/session/demo', { username: user.username }, session.csrfToken)
}

/** A question to the API as the signed-in person of this window, for ids that a test needs. */
export async function ask<T = Record<string, never>>(
  context: BrowserContext,
  path: string,
  body?: unknown,
  token?: string,
): Promise<T> {
  const csrf = token ?? ((await (await context.request.get('/api/session')).json()) as Session).csrfToken
  const answer =
    body === undefined
      ? await context.request.get(`/api${path}`)
      : await context.request.post(`/api${path}`, { data: body as object, headers: { 'x-csrf-token': csrf } })
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${(await answer.text()).slice(0, 300)}`)
  return (await answer.json()) as T
}

/** Texts that give away a hole in the program, wherever a person could read or hear them. */
const HOLES =
  /\bundefined\b|\bnull\b|\bNaN\b|\[object|\{\{|\}\}|Invalid Date|\b(?:app|nav|role|do|list|error|problem|enum|field|op|constraint|people|person|why|timeline|lookups|signIn|factor|link|palette|home|org|unit|systems?|accounts|rules?|roles|mappings|import|audit|sync|help|accessibility|changes|users|security|held|expected|desk|pairs|kinds|sources|drops|catalogue|mapping|groupDesk|entitlement)\.[a-z][A-Za-z-]+(?:\.[A-Za-z-]+)*\b/g

/** Raw text keys and leaked values on the screen: text, labels, titles and placeholders. */
export async function holesIn(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found = [document.title]
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement
      // YAML and technical keys are shown as they are.
      if (parent && !parent.closest('script, style, pre, code, textarea')) found.push(node.textContent ?? '')
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.push(element.getAttribute(name) ?? '')
    return found
  })
  return texts.filter(text => text.match(HOLES)).map(text => text.trim().slice(0, 160))
}

/** Whether the bar of whoever is signed in says which municipality this is, where it can be seen. Without one: true. */
export const saysWhere = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const said = document.querySelector('#navigation > p')?.textContent
    if (said === undefined) return true
    const shown = [...document.querySelectorAll('header a span')].find(one => one.textContent === said)
    const box = shown?.getBoundingClientRect()
    return said !== '' && box !== undefined && box.width > 40 && box.height > 8 && box.right <= window.innerWidth
  })

/** By how many pixels the page is wider than the window; only tables may scroll sideways, in their own box. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** A dialog that is there and has taken the focus: keys that are pressed before that go to the page behind it. */
export async function dialogOpen(page: Page): Promise<void> {
  await page.getByRole('dialog').waitFor()
  await page.waitForFunction(() => document.querySelector('[role=dialog]')?.contains(document.activeElement))
}

/**
 * Takes what a search field has found, with the keyboard. Results of fewer letters may stand there for a moment and be
 * drawn anew: what is taken must have stood still for as long as the field waits before it asks again.
 */
export async function takeFound(page: Page, found: Locator): Promise<void> {
  await found.waitFor()
  for (let still = 0, before = await found.elementHandle(); still < 8; still++) {
    await page.waitForTimeout(50)
    const now = await found.elementHandle()
    if (!(await page.evaluate(([a, b]) => a === b && a?.isConnected, [before, now] as const))) still = -1
    before = now
  }
  for (let presses = 0; presses < 30; presses++) {
    if (await found.evaluate(one => one === document.activeElement)) return page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
  }
  throw new Error(`${found} cannot be reached with Tab`)
}
