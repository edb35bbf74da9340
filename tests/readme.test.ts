import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SETTINGS } from '../server/platform/config.ts'
import { settingsTable } from './support/settings-table.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

describe('README', () => {
  it('lists every setting with its meaning', () => {
    expect(Object.keys(SETTINGS).length).toBeGreaterThan(5)
    expect(readme).toContain(settingsTable())
  })

  it('names only scripts that exist', () => {
    const scripts = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).scripts
    const named = [...readme.matchAll(/npm run ([a-z-]+)/g)].map(match => match[1]!)
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter(name => !(name in scripts))).toEqual([])
  })

  it('draws a map whose rooms are there', () => {
    const rooms = [...readme.matchAll(/^ {2}([a-z]+)\/ {2,}/gm)].map(match => match[1]!)
    expect(rooms.length).toBeGreaterThan(10)
    for (const room of rooms)
      expect(() => readFileSync(new URL(`../server/${room}`, import.meta.url))).toThrow(/EISDIR/)
  })
})
