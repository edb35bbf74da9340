import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeRoles } from '../../../../server/rules/mining/describe-role.ts'
import { type MinedRoles, type MiningAim, mineRoles } from '../../../../server/rules/mining/mine-roles.ts'
import type { RightsMatrix } from '../../../../server/rules/mining/rights-matrix.ts'

function mined(matrix: RightsMatrix, how: MiningAim): MinedRoles {
  const run = mineRoles(matrix, how).run()
  for (;;) {
    const next = run.next()
    if (next.done) return next.value
  }
}

/** What the roles give each holder. */
const given = ({ rows }: RightsMatrix, { roles }: MinedRoles) =>
  rows.map((_, holder) =>
    [...new Set(roles.filter(role => role.holders.includes(holder)).flatMap(role => role.rights))].sort(
      (a, b) => a - b,
    ),
  )

const matrixOf = (holders: number, rights: number): fc.Arbitrary<RightsMatrix> =>
  fc
    .array(fc.uniqueArray(fc.nat(rights - 1), { maxLength: rights }), { minLength: 1, maxLength: holders })
    .map(rows => ({ rights, rows: rows.map(row => row.sort((a, b) => a - b)) }))

/** The fewest roles by trying every set of them: whatever some holders have in common is a role worth trying. */
function fewestByTrying({ rows }: RightsMatrix): number {
  const candidates = new Map<string, number[]>()
  for (let some = 1; some < 2 ** rows.length; some++) {
    const chosen = rows.filter((_, at) => (some >> at) & 1)
    const common = (chosen[0] as number[]).filter(right => chosen.every(row => row.includes(right)))
    if (common.length > 0) candidates.set(common.join(), common)
  }
  const all = [...candidates.values()]
  const covers = (chosen: readonly number[][]) =>
    rows.every(row =>
      row.every(right => chosen.some(role => role.includes(right) && role.every(one => row.includes(one)))),
    )
  const tries = (from: number, size: number, chosen: number[][]): boolean =>
    size === 0 ? covers(chosen) : all.slice(from).some((role, at) => tries(from + at + 1, size - 1, [...chosen, role]))
  for (let size = 0; ; size++) if (tries(0, size, [])) return size
}

/** Roles that were hidden in a matrix: holders have one to three of them. */
function planted(seedRoles: number[][], memberships: number[][], rights: number): RightsMatrix {
  return {
    rights,
    rows: memberships.map(mine =>
      [...new Set(mine.flatMap(role => seedRoles[role] as number[]))].sort((a, b) => a - b),
    ),
  }
}

describe('roles mined exactly', () => {
  const aims: MiningAim[] = [{ aim: 'few' }, { aim: 'light', steps: 100, seed: 1 }]

  it.each(aims)('give every holder exactly what is held: $aim', how => {
    fc.assert(
      fc.property(matrixOf(12, 12), matrix => {
        const found = mined(matrix, how)
        expect(given(matrix, found)).toEqual(matrix.rows)
        expect(found.left).toBe(0)
        expect(found.held).toBe(matrix.rows.reduce((sum, row) => sum + row.length, 0))
        expect(found.roles.every(role => role.rights.length > 0 && role.holders.length > 0)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('are as few as can be wherever it says so, compared with trying every set of roles', () => {
    let said = 0
    fc.assert(
      fc.property(matrixOf(5, 5), matrix => {
        const found = mined(matrix, { aim: 'few' })
        const fewest = fewestByTrying(matrix)
        expect(found.roles.length).toBeGreaterThanOrEqual(fewest)
        if (!found.fewest) return
        said++
        expect(found.roles.length).toBe(fewest)
      }),
      { numRuns: 300 },
    )
    expect(said).toBeGreaterThan(200)
  })

  it('weigh no more when weight is asked for than when fewness is', () => {
    fc.assert(
      fc.property(matrixOf(10, 10), fc.nat(1000), (matrix, seed) => {
        expect(mined(matrix, { aim: 'light', steps: 100, seed }).complexity).toBeLessThanOrEqual(
          mined(matrix, { aim: 'few' }).complexity,
        )
      }),
      { numRuns: 100 },
    )
  })

  it('are the ones that were planted, where each has a right and a holder of its own', () => {
    const roles = [
      [0, 1, 2],
      [2, 3, 4, 5],
      [5, 6],
      [7, 8, 9],
    ]
    const matrix = planted(roles, [[0], [1], [2], [3], [0, 1], [1, 2, 3], [0, 3], [2, 3]], 10)
    for (const how of aims)
      expect(
        mined(matrix, how)
          .roles.map(role => role.rights)
          .sort(),
      ).toEqual([...roles].sort())
  })

  it('are the same for the same seed', () => {
    fc.assert(
      fc.property(matrixOf(10, 10), fc.nat(1000), (matrix, seed) => {
        const how: MiningAim = { aim: 'light', steps: 200, seed }
        expect(mined(matrix, how)).toEqual(mined(matrix, how))
      }),
      { numRuns: 50 },
    )
  })

  it('stand at every moment once a first answer does: whoever stops has whole roles', () => {
    fc.assert(
      fc.property(matrixOf(10, 10), fc.integer({ min: 1, max: 6 }), (matrix, rounds) => {
        const mining = mineRoles(matrix, { aim: 'light', steps: 1200, seed: 3 })
        const run = mining.run()
        let light = 0
        for (let next = run.next(); !next.done && light < rounds; next = run.next())
          if (next.value.phase === 'light') light++
        const best = mining.best()
        expect(best && given(matrix, best)).toEqual(matrix.rows)
      }),
      { numRuns: 50 },
    )
  })

  it('are none where nobody holds anything', () => {
    expect(mined({ rights: 3, rows: [[], []] }, { aim: 'few' }).roles).toEqual([])
    expect(mined({ rights: 0, rows: [] }, { aim: 'light', steps: 10, seed: 1 }).roles).toEqual([])
  })
})

describe('roles mined broadly', () => {
  it('give nothing that is not held, and state what they leave', () => {
    fc.assert(
      fc.property(matrixOf(14, 14), fc.double({ min: 0, max: 1, noNaN: true }), (matrix, share) => {
        const found = mined(matrix, { aim: 'broad', share, people: 2, seed: 1 })
        const gives = given(matrix, found)
        let left = 0
        for (const [holder, row] of matrix.rows.entries()) {
          expect(gives[holder]?.every(right => row.includes(right))).toBe(true)
          left += row.length - (gives[holder]?.length ?? 0)
        }
        expect(found.left).toBe(left)
        expect(found.roles.every(role => role.holders.length > 0)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('leave outside what one person holds beside the others', () => {
    const teachers = Array.from({ length: 20 }, () => [0, 1, 2, 3])
    const nurses = Array.from({ length: 15 }, () => [4, 5, 6])
    const odd = [0, 1, 2, 3, 9]
    const found = mined(
      { rights: 10, rows: [...teachers, ...nurses, odd] },
      { aim: 'broad', share: 0.9, people: 3, seed: 1 },
    )
    expect(found.roles.map(role => role.rights)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6],
    ])
    expect(found.left).toBe(1)
  })
})

describe('a description of a role', () => {
  const person = (units: string[], position: string | null) => ({ units, position })
  const people = [
    ...Array.from({ length: 10 }, () => person(['town', 'school', 'north'], 'teacher')),
    ...Array.from({ length: 10 }, () => person(['town', 'school', 'south'], 'teacher')),
    ...Array.from({ length: 5 }, () => person(['town', 'school', 'south'], 'secretary')),
    ...Array.from({ length: 30 }, () => person(['town', 'care'], 'nurse')),
  ]
  const numbers = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at)

  it('names unit and position as far as they tell the holders from others, and no further', () => {
    const [everyTeacher, southern, secretary, nurse] = describeRoles(people, [
      { holders: numbers(0, 20) },
      { holders: numbers(10, 10) },
      { holders: numbers(20, 5) },
      { holders: numbers(25, 29) },
    ])
    expect(everyTeacher).toMatchObject({ unit: null, position: 'teacher', hits: 20, meets: 20 })
    expect(southern).toMatchObject({ unit: 'south', position: 'teacher', hits: 10, meets: 10 })
    expect(secretary).toMatchObject({ unit: null, position: 'secretary' })
    expect(nurse).toMatchObject({ holders: 29, hits: 29, meets: 30 })
  })

  it('counts rightly whatever it chooses', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(people.length - 1), { minLength: 1 }), holders => {
        const [found] = describeRoles(people, [{ holders }])
        const meets = (at: number) =>
          (found?.unit === null || people[at]?.units.includes(found?.unit as string)) &&
          (found?.position === null || people[at]?.position === found?.position)
        expect(found?.meets).toBe(people.filter((_, at) => meets(at)).length)
        expect(found?.hits).toBe(holders.filter(meets).length)
      }),
    )
  })
})
