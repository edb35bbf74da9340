import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { clientDir, ensureClient } from '../../server/platform/client-build.ts'
import { type BenchRow, within } from './bench-row.ts'

type Chunk = { file: string; imports?: string[]; dynamicImports?: string[]; css?: string[]; assets?: string[] }

/**
 * What a browser has to fetch before the first page stands: the document, the entry with everything that it imports, the
 * page's own code and the styles, gzipped; the home with the frame that stands around every page inside. The first page is the one
 * that is largest of sign-in and the home.
 */
export async function benchClient(): Promise<BenchRow[]> {
  await ensureClient()
  const manifest = JSON.parse(readFileSync(join(clientDir, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>
  const entry = Object.keys(manifest).find(key => key.endsWith('index.html'))!
  const pages = [['pages/sign-in'], ['pages/home', 'app/shell']].map(parts => {
    const keys = parts.map(part => {
      const key = Object.keys(manifest).find(name => name.startsWith(`${part}.`))
      if (!key) throw new Error(`The client has no chunk of ${part}.`)
      return key
    })
    return { page: parts[0]!, files: closure(manifest, [entry, ...keys]) }
  })
  const sized = pages.map(({ page, files }) => {
    const sizes = ['index.html', ...files].map(file => ({ file, bytes: gzipped(file) }))
    return { page, sizes, total: sizes.reduce((sum, one) => sum + one.bytes, 0) }
  })
  const largest = sized.sort((a, b) => b.total - a.total)[0]!
  const sum = (ending: string) =>
    Math.round(largest.sizes.filter(one => one.file.endsWith(ending)).reduce((all, one) => all + one.bytes, 0) / 1000)
  return [
    within(260, {
      what: `First page of the client, gzip (${largest.page.replace('pages/', '')})`,
      ours: largest.total / 1000,
      unit: 'kB',
      note: `script ${sum('.js')} kB, styles ${sum('.css')} kB; fonts come after the text stands`,
    }),
  ]
}

function closure(manifest: Record<string, Chunk>, keys: string[]): string[] {
  const files = new Set<string>()
  const seen = new Set<string>()
  const visit = (key: string): void => {
    const chunk = manifest[key]
    if (!chunk || seen.has(key)) return
    seen.add(key)
    files.add(chunk.file)
    for (const css of chunk.css ?? []) files.add(css)
    for (const next of chunk.imports ?? []) visit(next)
  }
  for (const key of keys) visit(key)
  return [...files]
}

const gzipped = (file: string): number => gzipSync(readFileSync(join(clientDir, file))).length
