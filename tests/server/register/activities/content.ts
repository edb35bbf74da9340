import fc from 'fast-check'
import { type ActivityContent, activityContent } from '../../../../server/contract/activity-content.ts'

/** A content with what is said; the rest as the contract fills it in. */
export const content = (over: Record<string, unknown> = {}): ActivityContent =>
  activityContent.parse({ kind: 'controller', name: 'Hjemmepleje', area: 'Social og sundhed', ...over })

/** As it stands in the database since a time when purposes had no kind. */
export function storedBefore(one: ActivityContent): ActivityContent {
  const stored = structuredClone(one)
  if (stored.kind === 'controller') for (const purpose of stored.purposes) Reflect.deleteProperty(purpose, 'broader')
  return stored
}

const word = fc.constantFrom('a', 'b', 'c', 'd', 'ab')
const maybe = fc.option(word)
const key = fc.constantFrom('k1', 'k2', 'k3')
const uuid = fc.constantFrom('0', '1', '2').map(n => `00000000-0000-4000-8000-00000000000${n}`)
const set = <T>(of: fc.Arbitrary<T>) => fc.uniqueArray(of, { maxLength: 3 })

/** Contents of controllers, alike enough that two of them share entries. */
export const contents = fc
  .record({
    name: word,
    description: maybe,
    units: set(uuid),
    kle: set(fc.constantFrom('29', '29.18', '27')),
    measures: set(word),
    systems: fc.uniqueArray(fc.record({ systemId: uuid, use: maybe }), { selector: one => one.systemId }),
    purposes: fc.uniqueArray(fc.record({ key, name: word, broader: maybe, art6: maybe, art9: set(word) }), {
      selector: one => one.key,
    }),
    rows: fc.array(fc.record({ subject: word, data: word, recipient: maybe, erasure: maybe }), { maxLength: 5 }),
    retention: fc.uniqueArray(fc.record({ key, startEvent: word }), { selector: one => one.key }),
    dpo: fc.option(fc.record({ name: word, contact: maybe })),
    reviewMonths: fc.constantFrom(6, 12),
  })
  .map(content)
