import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROWS } from './rows.ts'

const folder = join(import.meta.dirname, '..')
const NAMED = [
  /\b(?:test|it)\(\s*(?:'([^']+)'|"([^"]+)"|`([^`]+)`)/g,
  // Of `test.each`: the title behind the list, and the first words of its rows, which stand for `%s`.
  /\]\)\(\s*'([^']+)'/g,
  /^ {2}\[\s*'([^']+)',/gm,
]
/** Names that tests of the suite begin with. */
const namesIn = (files: readonly string[]): string[] =>
  files.flatMap(file => {
    const text = readFileSync(join(folder, file), 'utf8')
    return NAMED.flatMap(pattern =>
      [...text.matchAll(pattern)].flatMap(found => found.slice(1).filter(name => name !== undefined)),
    )
  })
const missing = (names: readonly string[]) =>
  ROWS.filter(row => !names.some(name => name.startsWith(row.name))).map(row => row.name)
const files = (readdirSync(folder, { recursive: true }) as string[]).filter(file => file.endsWith('.test.ts'))

test('every row of the table of joiners, movers and leavers has a test of its name', () => {
  expect(files.length).toBeGreaterThan(100)
  expect(missing(namesIn(files))).toEqual([])
  expect(new Set(ROWS.map(row => row.name)).size).toBe(ROWS.length)
})

test('a row whose test is taken away is missed', () => {
  const left = namesIn(files).filter(name => !name.startsWith('Rehire'))
  expect(missing(left)).toEqual(['Rehire'])
  expect(missing([])).toHaveLength(ROWS.length)
})
