import fc from 'fast-check'
import { expect, test } from 'vitest'
import { oneSlipApart } from '../../client/lib/one-slip.ts'
import { fold, oneSlip } from '../../server/platform/fold.ts'

const word = fc.string({ unit: fc.constantFrom(...'abeoræøå'), minLength: 1, maxLength: 7 })

test('the palette takes for one slip what the search of the server does', () => {
  let apart = 0
  fc.assert(
    fc.property(
      // Words that are near one another: the second is the first with something done to it at one or two places.
      fc.tuple(
        word,
        fc.nat(6),
        fc.constantFrom('cut', 'put', 'other', 'swap'),
        fc.constantFrom(...'xeø'),
        fc.boolean(),
      ),
      ([typed, place, what, letter, twice]) => {
        const letters = [...typed]
        const at = Math.min(place, letters.length - 1)
        if (what === 'cut') letters.splice(at, 1)
        if (what === 'put') letters.splice(at, 0, letter)
        if (what === 'other') letters[at] = letter
        if (what === 'swap') letters.splice(at, 2, ...letters.slice(at, at + 2).reverse())
        if (twice) letters.push('q')
        const other = letters.join('')
        const slip = oneSlip(typed)
        const server = slip !== null && new RegExp(slip.pattern, 'u').test(fold(other)) && other !== ''
        expect(oneSlipApart(typed, other), `${typed} ${other}`).toBe(server)
        if (server) apart++
      },
    ),
    { numRuns: 3000 },
  )
  expect(apart).toBeGreaterThan(100)
})
