import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

type Chunk = { file: string; imports?: string[]; css?: string[]; isEntry?: boolean }

/**
 * What a browser downloads before the first screen stands, measured on a build of its own (the folder that is served
 * belongs to the server).
 */
describe('the size of the built client', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hjemmel-client-'))
  let manifest: Record<string, Chunk> = {}

  beforeAll(async () => {
    await build({
      configFile: join(import.meta.dirname, '../../vite.config.ts'),
      logLevel: 'silent',
      build: { outDir: folder, emptyOutDir: true },
    })
    manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'))
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const gzip = (file: string) => gzipSync(readFileSync(join(folder, file))).length
  /** A chunk with everything it imports at once, and the style sheets of all of them. */
  function reach(keys: string[]): Set<string> {
    const seen = new Set<string>()
    const files = new Set<string>()
    const visit = (key: string) => {
      const chunk = manifest[key]
      if (!chunk || seen.has(key)) return
      seen.add(key)
      files.add(chunk.file)
      for (const css of chunk.css ?? []) files.add(css)
      for (const next of chunk.imports ?? []) visit(next)
    }
    keys.forEach(visit)
    return files
  }
  const weigh = (files: Iterable<string>, ending: string) =>
    [...files].filter(file => file.endsWith(ending)).reduce((sum, file) => sum + gzip(file), 0)

  it('asks for at most 260 kB of script before the first screen, 320 kB in all for any other, and 45 kB of style', () => {
    const entry = Object.keys(manifest).find(key => manifest[key]?.isEntry) as string
    const pages = Object.keys(manifest).filter(key => key.startsWith('pages/'))
    expect(pages.length).toBeGreaterThan(20)
    const before = ['sign-in', 'link'].map(name => `pages/${name}.tsx`)
    const frame = (page: string) => [entry, 'texts/da.ts', ...(before.includes(page) ? [] : ['app/shell.tsx'])]
    const whole = (page: string) => weigh(reach([...frame(page), page]), '.js')
    const rows = pages.map(page => ({
      page,
      script: whole(page),
      style: weigh(reach([...frame(page), page]), '.css'),
    }))
    console.log(rows.map(row => `${row.page} ${row.script} B script, ${row.style} B style, gzip`).join('\n'))
    const first = rows.filter(row => ['pages/sign-in.tsx', 'pages/home.tsx', 'pages/link.tsx'].includes(row.page))
    expect(first).toHaveLength(3)
    expect(first.filter(row => row.script > 260_000)).toEqual([])
    // Counted whole: what dialogs and menus weigh comes with the first screen that has one, not with all of them.
    expect(rows.filter(row => row.script > 320_000)).toEqual([])
    expect(rows.filter(row => row.style > 45_000)).toEqual([])
  })

  it('serves its own typeface and puts nothing into the page that a strict policy would refuse', () => {
    const page = readFileSync(join(folder, 'index.html'), 'utf8')
    expect(page).toContain('<meta name="csp-nonce" content="__CSP_NONCE__"')
    // What is inline carries the nonce that the server fills in; nothing else would run.
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)(?!\s+nonce="__CSP_NONCE__")[^>]*>/)
    expect(page).not.toMatch(/<style|style=|https?:\/\//)
    const assets = readdirSync(join(folder, 'assets'))
    expect(assets.some(file => /^inter-latin-wght-normal.*\.woff2$/.test(file))).toBe(true)
  })
})
