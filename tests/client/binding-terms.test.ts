import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bodyOf, draftOf, emptyDraft } from '../../client/ui/binding-terms.ts'
import { bindingTerms } from '../../server/contract/bindings.ts'

const activityId = '0199a000-0000-7000-8000-000000000001'
const whole = { ...emptyDraft, activityId, purposeKey: 'main', necessity: 'Plejen skriver i sagen.' }

describe('what the form of a purpose sends', () => {
  it('is what the contract takes, with nothing said that was not', () => {
    const { body, errors } = bodyOf(whole)
    expect(errors).toEqual([])
    expect(bindingTerms.parse(body)).toEqual({
      ...{ activityId, purposeKey: 'main', subjects: null, data: null, operations: [], scope: {} },
      ...{ necessity: 'Plejen skriver i sagen.', until: null, reviewMonths: 12 },
    })
  })

  it('names everything that is missing', () => {
    expect(bodyOf({ ...emptyDraft, reviewMonths: '0' }).errors).toEqual(['activity', 'necessity', 'months'])
    expect(bodyOf({ ...whole, purposeKey: '' }).errors).toEqual(['purpose'])
    expect(bodyOf({ ...whole, reviewMonths: '' }).errors).toEqual(['months'])
  })

  it('takes limits as people write them, each once', () => {
    const { body } = bodyOf({ ...whole, scope: { kle: '27.36, 29;  27.36', unit: '', sensitivity: '' } })
    expect(body.scope).toEqual({ kle: ['27.36', '29'] })
  })

  it('opened and saved again says the same', () => {
    const word = fc.stringMatching(/^[a-z0-9][a-z0-9.]{0,8}$/)
    const words = fc.uniqueArray(word, { minLength: 1, maxLength: 4 })
    const scope = fc.dictionary(fc.constantFrom('kle', 'unit', 'sensitivity', 'own'), words)
    const said = fc.record({
      subjects: fc.option(words),
      data: fc.option(words),
      operations: fc.subarray(['read', 'write', 'delete', 'export'] as const).map(some => [...some]),
      scope: scope.map(one => ({ ...one })),
      reviewMonths: fc.integer({ min: 1, max: 60 }),
      to: fc.option(fc.constantFrom('2026-04-01', '2027-01-01')),
    })
    fc.assert(
      fc.property(said, one => {
        const row = { ...one, activity: { id: activityId }, purpose: { key: 'main' }, necessity: whole.necessity }
        const lastDay = (to: string) => (to === '2026-04-01' ? '2026-03-31' : '2026-12-31')
        const { body, errors } = bodyOf(draftOf(row, lastDay))
        expect(errors).toEqual([])
        expect(bindingTerms.parse(body)).toEqual({
          ...{ activityId, purposeKey: 'main', necessity: whole.necessity },
          ...{ subjects: one.subjects, data: one.data, operations: one.operations, scope: one.scope },
          ...{ until: one.to ? lastDay(one.to) : null, reviewMonths: one.reviewMonths },
        })
      }),
      { numRuns: 500 },
    )
  })
})
