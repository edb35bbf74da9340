import { expect, test } from 'vitest'
import { CONSTRAINT_KINDS } from '../../../../server/contract/entitlements.ts'
import { type EntitlementValues, entitlementProblems } from '../../../../server/systems/entitlements/entitlement.ts'
import { danish, english } from '../../../support/texts.ts'

const right: EntitlementValues = {
  ...{ name: 'Sagsbehandler', description: 'Kan læse og skrive i sager', technicalNote: null, kind: 'role' },
  ...{ sensitivity: 'none', privileged: false, constraints: [], ownerPersonId: null, licenceCap: null },
  ...{ licenceCounts: 'people-held', approval: null, emergency: true },
}
const wrong = (constraints: string[], had?: string[]) =>
  entitlementProblems({ ...right, constraints }, { systemHasOwner: true, ...(had ? { constraints: had } : {}) }).map(
    one => `${one.where} ${one.what}`,
  )

test('a right is limited only by what rules can fill, and by what a feed has said of it', () => {
  expect(wrong([...CONSTRAINT_KINDS])).toEqual([])
  expect(wrong(['unit', 'enhed'])).toEqual(['constraints constraint-unknown'])
  expect(wrong(['unit', 'sagstype'], ['sagstype'])).toEqual([])
  expect(wrong(['unit', 'unit'])).toEqual(['constraints constraint-twice'])
})

test('what limits a right has a word in both languages, and so has one that is refused', () => {
  for (const kind of CONSTRAINT_KINDS)
    for (const t of [danish, english])
      expect(t(`entitlement.constraintOn.${kind}`, { defaultValue: '?' })).not.toBe('?')
  expect(danish('entitlement.constraintOn.kle')).toBe('KLE-nummer')
  expect(danish('entitlement.wrong.constraint-unknown')).toContain('enhed, KLE-nummer og følsomhed')
})
