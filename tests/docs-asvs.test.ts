import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** The requirements of levels 1 and 2 of OWASP ASVS 5.0.0: section, then which of its numbers. */
const REQUIREMENTS = `
  1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1 3.2.1-2 3.3.1-4 3.4.1-6
  3.5.1-5 3.7.1-2 4.1.1-3 4.2.1 4.3.1-2 4.4.1-4 5.1.1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-12 6.3.1-4
  6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.1.1-2 8.2.1-3
  8.3.1 8.4.1 9.1.1-3 9.2.1-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2 10.7.1-3 11.1.1-2
  11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1 12.1.1-3 12.2.1-2 12.3.1-4 13.1.1 13.2.1-5 13.3.1-2
  13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3 15.1.1-3 15.2.1-3 15.3.1-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3
  16.5.1-3 17.1.1 17.2.1-4 17.3.1-2
`
const ids = REQUIREMENTS.trim()
  .split(/\s+/)
  .flatMap(section => {
    const at = section.lastIndexOf('.')
    return section
      .slice(at + 1)
      .split(',')
      .flatMap(part => {
        const [first = 0, last = first] = part.split('-').map(Number)
        return Array.from({ length: last - first + 1 }, (_, n) => `${section.slice(0, at)}.${first + n}`)
      })
  })

const rows = read('docs/asvs.md')
  .split('\n')
  .map(line => line.split('|').map(cell => cell.trim()))
  // Five columns; the summary of what is not met has three.
  .filter(cells => cells.length === 7 && /^\d+\.\d+\.\d+$/.test(cells[1] ?? ''))
  .map(([, id = '', level = '', asks = '', met = '', tested = '']) => ({ id, level, asks, met, tested }))

describe('the table of ASVS', () => {
  test('has every requirement of levels 1 and 2 once', () => {
    expect(ids).toHaveLength(253)
    expect(rows.map(row => row.id)).toEqual(ids)
  })
  test('says of each what it asks for and what meets it', () => {
    for (const { id, level, asks, met } of rows) {
      expect(level, id).toMatch(/^[12]$/)
      expect(asks.length, id).toBeGreaterThan(5)
      expect(met.length, id).toBeGreaterThan(1)
    }
  })
  test('names tests and sections that are there', () => {
    let named = 0
    for (const { id, tested } of rows) {
      if (tested === '') continue
      // `file` *name of the test*; `file` *another*
      const entries = [...tested.matchAll(/`([^`]+)` \*([^*]+)\*(?:; |$)/g)]
      expect(entries.map(([whole]) => whole).join(''), id).toBe(tested)
      for (const [, path = '', name = ''] of entries) {
        expect(existsSync(join(root, path)), `${id}: ${path}`).toBe(true)
        expect(read(path), `${id}: ${path}`).toContain(name)
        named++
      }
    }
    expect(named).toBeGreaterThan(150)
    const headings = [...read('docs/security.md').matchAll(/^## (.+)$/gm)].map(([, heading = '']) =>
      heading.toLowerCase().replaceAll(' ', '-'),
    )
    const anchors = [...read('docs/asvs.md').matchAll(/security\.md#([a-z-]+)/g)].map(([, anchor]) => anchor)
    expect(anchors.length).toBeGreaterThan(10)
    for (const anchor of anchors) expect(headings).toContain(anchor)
  })
})

/** What the table promises of the code as a whole; each pattern is tried on a line that it must find. */
const NEVER: Record<string, [pattern: RegExp, planted: string, where: string]> = {
  'HTML made from text': [
    /dangerouslySetInnerHTML|\.innerHTML\s*=/,
    'element.innerHTML = name',
    'client/**/*.{ts,tsx}',
  ],
  'code made from text': [/\beval\(|\bnew Function\(/, 'eval(text)', '{server,client}/**/*.{ts,tsx}'],
  'a shell': [/(?<!\.)\bexec(?:Sync)?\((?!\))[`'"]|shell:\s*true/, "exec('rm -rf ' + name)", 'server/**/*.ts'],
  'random values that can be guessed': [/Math\.random\(/, 'Math.random()', 'server/**/*.ts'],
  'broken hashes': [/createHash\('md5'\)/, "createHash('md5')", 'server/**/*.ts'],
  'an unchecked certificate': [/rejectUnauthorized:\s*false/, 'rejectUnauthorized: false', 'server/**/*.ts'],
}
/** Shows a server's certificate to the administrator who wants to know why it is not trusted; nothing is sent over it. */
const ALLOWED = ['server/platform/ldap-test.ts']
test.each(Object.entries(NEVER))('the code has no %s', (_what, [pattern, planted, where]) => {
  expect(planted).toMatch(pattern)
  const files = globSync(where, { cwd: root })
  expect(files.length).toBeGreaterThan(20)
  expect(files.filter(file => pattern.test(read(file)) && !ALLOWED.includes(file))).toEqual([])
})

test('the browser keeps the language, the theme, drafts and the latest pages, and nothing else', () => {
  const files = globSync('client/**/*.{ts,tsx}', { cwd: root })
  const keeps = files.filter(file => /localStorage|sessionStorage|indexedDB|document\.cookie/.test(read(file)))
  expect(keeps.sort()).toEqual([
    'client/features/rules/editor/use-kept-form.ts',
    'client/features/sources/use-draft.ts',
    'client/features/systems/sheet-draft.ts',
    'client/lib/recents.ts',
    'client/texts/i18n.ts',
  ])
})
