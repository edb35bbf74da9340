import { describe, expect, it } from 'vitest'
import { PROBLEMS } from '#contract/problems.ts'
import { SAID } from '#contract/said.ts'
import { directoryTrouble } from '#contract/source-trials.ts'
import { translator } from '../../client/texts/translate.ts'
import { factTypes } from '../../server/rules/affiliation-facts.ts'
import { danishTexts, englishTexts } from '../support/texts.ts'

type Tree = { [key: string]: string | Tree }

function flat(tree: Tree, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree))
    if (typeof value === 'string') found.set(`${path}${key}`, value)
    else for (const [inner, text] of flat(value, `${path}${key}.`)) found.set(inner, text)
  return found
}
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]).sort()

const danish = flat(danishTexts as unknown as Tree)
const english = flat(englishTexts as unknown as Tree)

describe('a text', () => {
  const t = translator('da-DK', danishTexts as never)

  it('is filled in, numbers as the language writes them', () => {
    expect(t('list.range', { from: 1, to: 50, total: 3012 })).toBe('1-50 af 3.012')
    expect(t('why.version', { version: '2026' })).toBe('Version 2026')
  })

  it('is singular or plural by its count', () => {
    expect(t('person.systems', { count: 1 })).toBe('1 system')
    expect(t('person.systems', { count: 31 })).toBe('31 systemer')
    expect(translator('en-GB', englishTexts as never)('person.systems', { count: 0 })).toBe('0 systems')
  })

  it('takes a value as it is, whatever it holds', () => {
    expect(t('why.owner', { owner: '$& {{owner}} <b>' })).toBe('Ejer: $& {{owner}} <b>')
  })

  it('answers the default for a code that is newer than the client, and never a group of texts', () => {
    expect(t('role.hr', { defaultValue: 'x' })).toBe('HR')
    expect(t('role.constructor' as 'role.hr', { defaultValue: 'x' })).toBe('x')
    expect(t('role' as 'role.hr', { defaultValue: 'x' })).toBe('x')
  })
})

describe('texts', () => {
  it('have the same keys in Danish and English', () => {
    expect([...english.keys()].sort()).toEqual([...danish.keys()].sort())
    expect(danish.size).toBeGreaterThan(500)
  })

  it('name the same values in both languages', () => {
    const different = [...danish].filter(
      ([key, text]) => placeholders(text).join() !== placeholders(english.get(key) ?? '').join(),
    )
    expect(different.map(([key]) => key)).toEqual([])
  })

  it('come in a singular and a plural or in neither', () => {
    const lonely = [...danish.keys()].filter(
      key =>
        (key.endsWith('_one') && !danish.has(key.replace(/_one$/, '_other'))) ||
        (key.endsWith('_other') && !danish.has(key.replace(/_other$/, '_one'))),
    )
    expect(lonely).toEqual([])
  })

  it('are never empty, except where a sensitivity says nothing', () => {
    const empty = [...danish, ...english].filter(([, text]) => text.trim() === '').map(([key]) => key)
    expect(new Set(empty)).toEqual(new Set(['enum.sensitivityShort.none', 'enum.sensitivityShort.personal']))
  })

  it('have a text for every problem that the server may answer', () => {
    expect(Object.keys(danishTexts.problem).sort()).toEqual(Object.keys(PROBLEMS).sort())
  })

  it('have a text for all that is wrong with a directory', () => {
    expect(Object.keys(danishTexts.trouble).sort()).toEqual([...directoryTrouble.options].sort())
  })

  it.each([
    ['Danish', danishTexts.said],
    ['English', englishTexts.said],
  ])('have in %s a text for every saying of the server about a source, and no other', (_, texts) => {
    const codes = new Set(Object.keys(texts).map(key => key.replace(/_(one|other)$/, '')))
    expect([...codes].sort()).toEqual(Object.keys(SAID).sort())
    for (const [code, values] of Object.entries(SAID)) {
      const said = Object.entries(texts).filter(([key]) => key.replace(/_(one|other)$/, '') === code)
      const named = said.flatMap(([, text]) => placeholders(text))
      // A plural is for a number that comes with it, and nothing is asked for that does not come.
      if (said.length > 1) expect(values, code).toContain('count')
      expect([...values], code).toEqual(expect.arrayContaining(named))
      // What is said is said: no value is sent for nothing.
      expect(new Set(named), code).toEqual(new Set(values))
    }
  })

  it('have a name for every fact that a rule may ask about', () => {
    expect(Object.keys(factTypes).filter(fact => !(fact in danishTexts.field))).toEqual([])
  })
})
