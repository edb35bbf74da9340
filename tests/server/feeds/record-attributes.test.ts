import { expect, test } from 'vitest'
import { RECORD_ATTRIBUTES } from '../../../server/contract/record-attributes.ts'
import { recordSchemas } from '../../../server/people/read-records.ts'
import { RECORD_KINDS } from '../../../server/platform/feed-record.ts'
import {
  accountRecord,
  entitlementRecord,
  groupRecord,
  heldRecord,
  systemRecord,
} from '../../../server/systems/system-records.ts'
import { sinks } from '../../../server/wiring.ts'

/** What is stored of a CPR number; a mapping names the number. */
const CPR_PARTS = ['cprHash', 'cprSealed']
const schemas: Record<string, { shape: Record<string, unknown> }> = {
  ...recordSchemas,
  system: systemRecord,
  entitlement: entitlementRecord,
  account: accountRecord,
  group: groupRecord,
  held: heldRecord,
}

const mapped = (names: string[]) => [
  ...names.filter(name => !CPR_PARTS.includes(name)),
  ...(names.includes('cprHash') && !names.includes('cpr') ? ['cpr'] : []),
]

test('what a form offers for a mapping is what the rooms take', () => {
  expect(RECORD_ATTRIBUTES.map(one => one.kind)).toEqual([...RECORD_KINDS])
  for (const { kind, attributes } of RECORD_ATTRIBUTES)
    expect(
      attributes.map(one => one.name),
      kind,
    ).toEqual(mapped(Object.keys(schemas[kind]!.shape)))
})

const VALUE = {
  text: 'x',
  date: '2026-01-02',
  instant: '2026-01-02T03:04:05Z',
  flag: 'ja',
  number: '1',
  list: 'a|b',
  reference: 'k',
}

test('what is marked as required is, and nothing else', () => {
  for (const { kind, attributes } of RECORD_ATTRIBUTES) {
    const sink = sinks().find(one => one.kind === kind)!
    const full = Object.fromEntries(
      attributes.map(({ name, type, choices }) => [
        name,
        type === 'choice' ? choices[0]! : name === 'cpr' ? '' : VALUE[type],
      ]),
    )
    for (const range of ['validTo', 'endsOn', 'leaveTo', 'to']) if (range in full) full[range] = '2026-03-04'
    expect(sink.parse(full), kind).toMatchObject({ ok: true })
    for (const { name, required } of attributes) {
      const { [name]: _, ...rest } = full
      expect(sink.parse(rest).ok, `${kind} without ${name}`).toBe(!required)
    }
  }
})

test('every choice that is offered is taken', () => {
  for (const { kind, attributes } of RECORD_ATTRIBUTES)
    for (const { name, choices } of attributes)
      for (const choice of choices) {
        const full = Object.fromEntries(
          attributes.filter(one => one.required).map(one => [one.name, one.choices[0] ?? VALUE[one.type as 'text']]),
        )
        expect(
          sinks()
            .find(one => one.kind === kind)!
            .parse({ ...full, [name]: choice }).ok,
          `${kind}.${name}=${choice}`,
        ).toBe(true)
      }
})
