import { peerOutliers } from '../../server/access/drift/peer-outliers.ts'
import { atMost, type BenchRow } from './bench-row.ts'
import { inTurn, median } from './measure.ts'
import { mulberry32 } from './rules-world.ts'

const PEOPLE = 6000
const RIGHTS = 2500
const EACH = 60

/**
 * Everybody against everybody: 6,000 people of whom half work in units and positions of fewer than five, so that those
 * most like them have to be found among all. Beside it one plain pass over the same rows: who holds how many rights, and
 * how many hold each right of each unit and position.
 */
export async function benchOutliers(): Promise<BenchRow[]> {
  const random = mulberry32(11)
  const below = (n: number) => Math.floor(random() * n)
  const people = Array.from({ length: PEOPLE }, (_, n) => {
    const group = n % 2 === 0 ? `large-${below(150)}` : `small-${below(1500)}`
    // What people of a group have in common, and a few of one's own.
    const common = [...group].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2400, 7)
    const own = Array.from({ length: 6 }, () => below(RIGHTS))
    return {
      id: `p${n}`,
      group,
      rights: [...new Set([...Array.from({ length: EACH }, (_, right) => (common + right) % RIGHTS), ...own])],
    }
  })
  let found = 0
  let passed = 0
  const [ours, plain] = await inTurn(
    [
      () => {
        found = peerOutliers(people, RIGHTS).length
      },
      () => {
        const held = new Map<string, number>()
        for (const one of people)
          for (const right of one.rights)
            held.set(`${one.group} ${right}`, (held.get(`${one.group} ${right}`) ?? 0) + 1)
        passed = held.size
      },
    ],
    5,
    { warmUp: 1 },
  )
  if (found === 0 || passed === 0) throw new Error('nobody is an outlier: there is nothing to measure')
  const rows = people.reduce((sum, one) => sum + one.rights.length, 0)
  return [
    atMost(50, {
      what: `Peer outliers, ${PEOPLE.toLocaleString('en')} people, every pair compared`,
      ours: median(ours!),
      other: 'one pass over the same rows that counts holders by unit and position',
      theirs: median(plain!),
      unit: 'ms',
      note: `${rows.toLocaleString('en')} rights held, ${found.toLocaleString('en')} outliers`,
    }),
  ]
}
