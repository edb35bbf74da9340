// The pictures of the README, taken from the running program: `npm run pictures`. It starts on a folder and a port of
// its own, so an installation that runs on this machine is not touched.
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../support/chromium.ts'
import { emptyFolder, endProcesses, startProcess } from '../support/hjemmel-process.ts'
import { ask, type Look, openScreen, type Screen } from '../support/screen.ts'
import { findPlaces, type Places } from '../support/screens.ts'

const LARGEST = 300_000
const folder = join(import.meta.dirname, '../../docs/pictures')
type Role = NonNullable<Parameters<typeof openScreen>[2]>['role']
type Picture = {
  name: string
  role?: Role
  at: (places: Places) => string
  look?: Look
  act?: (screen: Screen) => Promise<void>
}

const telephone: Look = { width: 390, height: 844 }
const PICTURES: Picture[] = [
  { name: 'person', role: 'it', at: ({ person }) => `/people/${person}`, look: { height: 1000 } },
  {
    name: 'person-dark-english',
    role: 'it',
    at: ({ drifting }) => `/people/${drifting}?show=diff`,
    look: { theme: 'dark', language: 'en', height: 1000 },
  },
  { name: 'sign-in', at: () => '/sign-in' },
  { name: 'home-it', role: 'it', at: () => '/' },
  { name: 'people', role: 'it', at: () => '/people?unexplained=true' },
  {
    name: 'organisation',
    role: 'it',
    at: () => '/org',
    act: async ({ page }) => {
      await page.getByRole('treeitem').first().focus()
      // Down to the second area, open it and its first department.
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight'])
        await page.keyboard.press(key)
    },
  },
  { name: 'run', role: 'it', at: ({ run }) => `/sync/runs/${run}`, look: { height: 1000 } },
  { name: 'rule', role: 'it', at: ({ rule }) => `/rules/${encodeURIComponent(rule)}` },
  { name: 'me-telephone', role: 'employee', at: () => '/me', look: telephone },
]

const dataDir = emptyFolder()
try {
  const given = process.argv[2]
  const url = given ?? (await started())
  const browser = await launchBrowser()
  mkdirSync(folder, { recursive: true })
  const first = await openScreen(browser, url, { role: 'it' })
  const places = {
    ...(await findPlaces(first.context)),
    person: await twoPosts(browser, url),
    ...(await telling(first)),
  }
  await first.context.close()
  for (const { name, role, at, look = {}, act } of PICTURES) {
    const screen = await openScreen(browser, url, { ...look, ...(role ? { role } : {}) })
    await screen.open(at(places))
    await act?.(screen)
    await screen.settled()
    const path = join(folder, `${name}.png`)
    await screen.page.screenshot({ path })
    const { size } = statSync(path)
    process.stdout.write(`${name}.png, ${Math.round(size / 1000)} kB\n`)
    if (size > LARGEST) throw new Error(`${name}.png is larger than ${LARGEST} bytes; show less on it`)
    await screen.context.close()
  }
  await browser.close()
} finally {
  await endProcesses()
  rmSync(dataDir, { recursive: true, force: true })
}

async function started(): Promise<string> {
  const program = await startProcess({ HJEMMEL_DATA_DIR: dataDir, HJEMMEL_LOG_LEVEL: 'warn' })
  await program.ready()
  return program.url
}

/** A rule with conditions and a role, and the run that brought the organisation in. */
async function telling({ context }: Screen): Promise<Pick<Places, 'rule' | 'run'>> {
  type Rule = { key: string; roles: number; caught: number | null }
  const { rows: rules } = await ask<{ rows: Rule[] }>(
    context,
    '/rules?text=pleje&sort=caught&descending=true&state=active',
  )
  const { rows: runs } = await ask<{ rows: { id: string; source: string; added: number }[] }>(
    context,
    '/runs?source=hr',
  )
  const rule = rules.find(one => one.roles > 0) ?? rules[0]
  const run = [...runs].sort((a, b) => b.added - a.added)[0]
  if (!rule || !run) throw new Error('the demonstration has neither the rule nor the run for the pictures')
  return { rule: rule.key, run: run.id }
}

/** The person of the sign-in as employee: two posts, so each right shows which of them it follows from. */
async function twoPosts(browser: Browser, url: string): Promise<string> {
  const { context } = await openScreen(browser, url, { role: 'employee' })
  const { actor } = await ask<{ actor: { personId: string } }>(context, '/session')
  await context.close()
  return actor.personId
}
