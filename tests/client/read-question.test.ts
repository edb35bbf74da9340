import { describe, expect, it } from 'vitest'
import { readQuestion, type Term } from '../../client/features/reach/read-question.ts'
import { shippedTerms } from '../../server/register/vocabulary/read-terms.ts'

const of = (kind: string): Term[] =>
  shippedTerms()
    .filter(term => term.kind === kind)
    .map(({ code, da, en, class: group }) => ({ code, da, en, class: group }))
const data = of('data')
const subjects = of('subject')
const ask = (text: string) => readQuestion(text, data, subjects)

describe('a question in words', () => {
  it('who can reach health data about children is read in both languages', () => {
    for (const text of [
      'Who can reach health data about children, and why?',
      'Hvem kan nå helbredsoplysninger om børn, og hvorfor?',
      'helbred børn',
      'health children',
    ]) {
      const { data, subjects } = ask(text)
      expect(data, text).toContain('HEA')
      expect(subjects, text).toEqual(expect.arrayContaining(['CHLD', 'VCHL']))
      expect(subjects, text).not.toContain('EMPL')
      expect(data, text).not.toContain('CPR')
    }
  })

  it('knows the other questions of a protection officer', () => {
    expect(ask('cpr')).toMatchObject({ data: ['CPR'] })
    expect(ask('straffedomme om ansatte')).toMatchObject({ data: ['CRI'], subjects: ['EMPL', 'FEMP'] })
    expect(ask('criminal certificates').data).toContain('CRT')
    expect(ask('fagforening').data).toEqual(['UNI'])
    expect(ask('elever').subjects).toContain('PUPL')
  })

  it('knows what is to be done with them, in both languages', () => {
    for (const text of ['Hvem kan slette helbredsoplysninger om børn?', 'Who can delete health data about children?']) {
      expect(ask(text), text).toMatchObject({ operation: 'delete', lost: [] })
      expect(ask(text).data, text).toContain('HEA')
    }
    expect(ask('Hvem kan trække CPR-numre ud?')).toMatchObject({ data: ['CPR'], operation: 'export', lost: [] })
    expect(ask('helbred børn').operation).toBeUndefined()
  })

  it('says which words it did not understand, and invents nothing', () => {
    expect(ask('rumraketter')).toEqual({ data: [], subjects: [], lost: ['rumraketter'] })
    expect(ask('')).toEqual({ data: [], subjects: [], lost: [] })
  })

  it('finds every category by its own name, in both languages', () => {
    for (const { code, da, en } of data)
      for (const name of [da, en]) expect([...ask(name).data, ...ask(name).subjects], `${code} ${name}`).not.toEqual([])
    for (const { code, da, en } of subjects)
      for (const name of [da, en]) expect([...ask(name).data, ...ask(name).subjects], `${code} ${name}`).not.toEqual([])
  })
})
