import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  type Field,
  fieldsOf,
  linesOf,
  pairsOf,
  pairsText,
  withValue,
} from '../../client/features/orders/settings-schema.ts'
import { connectors as da } from '../../client/texts/da/connectors.ts'
import { connectors as en } from '../../client/texts/en/connectors.ts'
import { connectorsWith } from '../../server/wiring.ts'
import { reachOf } from '../server/fulfilment/carry.ts'

const connectors = connectorsWith(reachOf())
const formOf = (kind: string): Field[] => {
  const { settings } = connectors.find(one => one.kind === kind)!
  // As the screen gets it.
  return fieldsOf(JSON.parse(JSON.stringify(z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' }))))
}
const all = (fields: readonly Field[]): Field[] =>
  fields.flatMap(field => (field.is === 'part' ? [field, ...all(field.fields)] : [field]))

describe.each([
  ['da', da],
  ['en', en],
])('words in %s', (_, { connectors: words }) => {
  test.each(connectors.map(one => one.kind))('%s: every setting and every choice has one', kind => {
    expect(Object.keys(words.kind)).toContain(kind)
    expect(Object.keys(words.about)).toContain(kind)
    const fields = all(formOf(kind))
    expect(fields.length).toBeGreaterThan(2)
    for (const field of fields) {
      expect(Object.keys(words.field)).toContain(field.name)
      if (field.is === 'one-of') for (const option of field.options) expect(Object.keys(words.option)).toContain(option)
    }
  })
})

test('a form knows what each setting is', () => {
  const shapes = Object.fromEntries(formOf('ldap').map(field => [field.name, field.is]))
  expect(shapes).toMatchObject({
    ...{ flavour: 'one-of', urls: 'lines', caFile: 'text', startTls: 'yes-no', password: 'secret' },
    ...{ units: 'pairs', attributes: 'pairs', lock: 'part', timeoutSeconds: 'number', scope: 'lines' },
  })
  expect(
    formOf('ldap')
      .filter(field => field.needed)
      .map(field => field.name),
  ).toEqual(
    expect.arrayContaining(['flavour', 'urls', 'bindDn', 'password', 'base', 'scope', 'accountsIn', 'entryName']),
  )
  expect(formOf('scim').find(field => field.name === 'attributes')?.is).toBe('pairs')
  expect(formOf('export').every(field => !field.needed)).toBe(true)
})

test('pairs come out of the text as they went in; places with = in them too', () => {
  const key = fc.stringMatching(/^[a-zA-Z0-9æøå-]{1,12}$/)
  const value = fc.stringMatching(/^[a-zA-Z0-9,={}@ ]{0,20}$/).map(text => text.trim())
  fc.assert(
    fc.property(fc.dictionary(key, value, { noNullPrototype: true }), pairs => {
      expect(pairsOf(pairsText(pairs))).toEqual(pairs)
    }),
  )
  expect(pairsOf('1200 = OU=Skole,DC=x\n\n  title={title}  ')).toEqual({ '1200': 'OU=Skole,DC=x', title: '{title}' })
  expect(linesOf(' a \n\nb')).toEqual(['a', 'b'])
})

test('what is emptied is no longer said', () => {
  expect(withValue({ a: 1, b: 2 }, 'a', '')).toEqual({ b: 2 })
  expect(withValue({ a: 1 }, 'b', false)).toEqual({ a: 1, b: false })
})
