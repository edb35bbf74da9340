import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { removeFolder, SERVER_ENVIRONMENT, temporaryFolder } from './server-process.ts'

/** Debian's Chromium: the tests download no browser. */
const CHROMIUM = '/usr/bin/chromium'

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  // Containers often have a /dev/shm of 64 MB, which a page of 3,000 rows fills.
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A browser with a profile of its own, which is removed at close(). Talks to loopback only, whatever proxy is set. */
export async function launchBrowser(extraFlags: readonly string[] = []): Promise<Browser> {
  const home = temporaryFolder('chromium')
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...FLAGS, '--no-proxy-server', ...extraFlags],
    // Chromium writes to HOME also when it has another profile folder.
    env: { ...SERVER_ENVIRONMENT, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
  })
  browser.on('disconnected', () => removeFolder(home))
  return browser
}

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const AXE_FILE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

export type AxeOptions = {
  /** A menu or dialog is open: it lies outside the landmarks by design, so the rule `region` does not apply. */
  popupOpen?: boolean
  /** CSS selector of the part to look at; default the whole page. */
  within?: string
  /** Only what colours can change: for a page of which all else has been looked at. */
  coloursOnly?: boolean
}
/** What axe has in its category cat.color at these levels; all other rules read elements, attributes and places. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/**
 * Throws with every violation of WCAG 2.2 A and AA and of axe's best practices: which rule, which elements, what to do.
 * `label` names the screen, language and theme in the message. Works under a strict content security policy.
 */
export async function expectNoAxeViolations(page: Page, label: string, options: AxeOptions = {}): Promise<void> {
  const { violations, passes } = await runAxe(page, options)
  // An empty page has no violations either.
  if (passes.length === 0) throw new Error(`${label}: axe found nothing to examine`)
  if (violations.length === 0) return
  const lines = violations.flatMap(({ id, impact, help, nodes }) => [
    `- ${id} (${impact}): ${help}`,
    ...nodes
      .slice(0, 5)
      .map(node => `    ${node.target.join(' ')}\n      ${node.html.slice(0, 200)}\n      ${reason(node)}`),
    ...(nodes.length > 5 ? [`    and ${nodes.length - 5} more`] : []),
  ])
  throw new Error(`${label}: ${violations.length} axe violations\n${lines.join('\n')}`)
}

function reason(node: { failureSummary?: string }): string {
  return (node.failureSummary ?? '').replace(/\s*\n\s*/g, ' ')
}

async function runAxe(page: Page, { popupOpen = false, within, coloursOnly = false }: AxeOptions): Promise<AxeResults> {
  // Through the debugger and not as a script element, which the page's own policy would refuse.
  const session = await page.context().newCDPSession(page)
  try {
    const source = await axeSource()
    const rules = popupOpen ? { region: { enabled: false } } : {}
    // Of what passes the first node says enough; the rest of a page of 3,000 rows would be described for nobody.
    const runOnly = coloursOnly ? { type: 'rule', values: COLOUR_RULES } : { type: 'tag', values: AXE_TAGS }
    const settings = { runOnly, ...(coloursOnly ? {} : { rules }), resultTypes: ['violations'] }
    const target = within ? JSON.stringify(within) : 'document'
    await evaluate(session, `if (!window.axe) { ${source} }; undefined`)
    return JSON.parse(
      await evaluate(session, `axe.run(${target}, ${JSON.stringify(settings)}).then(found => JSON.stringify(found))`),
    )
  } finally {
    await session.detach()
  }
}

type Session = Awaited<ReturnType<ReturnType<Page['context']>['newCDPSession']>>

async function evaluate(session: Session, expression: string): Promise<string> {
  const answer = await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
  if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? 'axe did not run')
  return answer.result.value as string
}

let source: Promise<string> | undefined
function axeSource(): Promise<string> {
  source ??= readFile(AXE_FILE, 'utf8')
  return source
}
