import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectNoAxeViolations, launchBrowser } from '../support/chromium.ts'

const PAGES: Record<string, string> = {
  '/good': '<main><h1>Mine rettigheder</h1><p>Du har én rettighed.</p></main>',
  '/bad': '<main><h1>Mine rettigheder</h1><button></button><img src="/x.png"></main>',
  '/popup': '<main><h1>Mine rettigheder</h1></main><div><p>Uden for landemærkerne</p></div>',
}

let server: Server
let browser: Browser
let origin: string

beforeAll(async () => {
  server = createServer((request, response) => {
    response.setHeader('content-security-policy', "default-src 'self'; script-src 'self'")
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><html lang="da"><title>Hjemmel</title>${PAGES[request.url ?? ''] ?? ''}</html>`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await launchBrowser()
}, 60_000)

afterAll(async () => {
  await browser?.close()
  server?.close()
})

async function open(path: string) {
  const page = await browser.newPage()
  await page.goto(origin + path)
  return page
}

test('a good page passes under a strict content security policy', async () => {
  const page = await open('/good')
  expect(await page.textContent('h1')).toBe('Mine rettigheder')
  await expectNoAxeViolations(page, 'good')
}, 30_000)

test('a planted violation is named with its rule and element', async () => {
  const page = await open('/bad')
  const found = expectNoAxeViolations(page, 'bad page')
  await expect(found).rejects.toThrow(/bad page: 2 axe violations[\s\S]*button-name[\s\S]*image-alt[\s\S]*<img/)
}, 30_000)

test('the landmark rule is left out only while a popup is open', async () => {
  const page = await open('/popup')
  await expect(expectNoAxeViolations(page, 'popup')).rejects.toThrow(/region/)
  await expectNoAxeViolations(page, 'popup', { popupOpen: true })
}, 30_000)

test('a page without content is not taken for an accessible one', async () => {
  const page = await browser.newPage()
  await expect(expectNoAxeViolations(page, 'nothing', { within: 'table' })).rejects.toThrow()
}, 30_000)
