import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { type MinedRoles, type MiningAim, mineRoles } from '../../server/rules/mining/mine-roles.ts'
import { leftOver, type RightsMatrix } from '../../server/rules/mining/rights-matrix.ts'
import { atMost, type BenchRow, within } from './bench-row.ts'
import { mulberry32 } from './rules-world.ts'

/** Fewest roles (proved) and best complexity known for the matrices of Ene et al., SACMAT 2008, that are at hand. */
const PUBLIC = [
  { file: 'hc.txt', name: 'healthcare', roles: 14, complexity: 268 },
  { file: 'domino.txt', name: 'domino', roles: 20, complexity: 747 },
  { file: 'fire2.txt', name: 'firewall2', roles: 10, complexity: 1120 },
  { file: 'apj.txt', name: 'apj', roles: 453, complexity: 4867 },
]
const LIGHT: MiningAim = { aim: 'light', steps: 60_000, seed: 1 }

/**
 * Role mining: on the public matrices of the field against the optimum, where `HJEMMEL_PUBLIC_DATA` names the folder
 * that has `role-mining/*.txt` (one `user permission` pair a line); and on a matrix of the size of a large company.
 */
export function benchMining(): BenchRow[] {
  const folder = process.env.HJEMMEL_PUBLIC_DATA
  const at = folder ? join(folder, 'role-mining') : null
  const known = PUBLIC.filter(one => at && existsSync(join(at, one.file)))
  if (known.length === 0)
    process.stderr.write('The public matrices are not here (HJEMMEL_PUBLIC_DATA): only the large one is mined.\n')
  return [
    ...known.flatMap(one => {
      const matrix = readPairs(join(at as string, one.file))
      const few = timed(matrix, { aim: 'few' })
      const light = timed(matrix, LIGHT)
      return [
        atMost(1, {
          what: `Roles mined from ${one.name} (${seconds(few.ms)}${few.found.fewest ? ', proved fewest' : ''})`,
          ours: few.found.roles.length,
          other: 'the optimum (Ene et al. 2008)',
          theirs: one.roles,
          unit: 'roles',
        }),
        atMost(1, {
          what: `Complexity of roles mined from ${one.name} (${light.found.roles.length} roles, ${seconds(light.ms)})`,
          ours: light.found.complexity,
          other: 'best known',
          theirs: one.complexity,
          unit: '',
        }),
      ]
    }),
    ...large(),
  ]
}

function large(): BenchRow[] {
  const matrix = company()
  const held = matrix.rows.reduce((sum, row) => sum + row.length, 0)
  const size = `3,500 users × 10,000 permissions, ${held.toLocaleString('en')} assignments`
  const few = timed(matrix, { aim: 'few' })
  const broad = timed(matrix, { aim: 'broad', share: 0.97, people: 3, seed: 1 })
  const part = (found: MinedRoles) => `${((100 * (found.held - found.left)) / found.held).toFixed(1)} %`
  return [
    within(300, {
      what: `Roles mined exactly from ${size}: ${few.found.roles.length} roles`,
      ours: few.ms / 1000,
      unit: 's',
      note: `longest time without a sign of progress ${seconds(few.longest)}`,
    }),
    within(300, {
      what: `Broad roles from the same: ${broad.found.roles.length} roles give ${part(broad.found)}, 420 planted, 2 % noise`,
      ours: broad.ms / 1000,
      unit: 's',
      note: `longest time without a sign of progress ${seconds(broad.longest)}`,
    }),
  ]
}

function timed(matrix: RightsMatrix, how: MiningAim): { found: MinedRoles; ms: number; longest: number } {
  const started = performance.now()
  const run = mineRoles(matrix, how).run()
  let longest = 0
  for (let last = started; ; ) {
    const next = run.next()
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (!next.done) continue
    const found = next.value
    // A figure for roles that give something else than what is held would say nothing.
    if (leftOver(matrix, found.roles) !== (how.aim === 'broad' ? found.left : 0))
      throw new Error('roles that do not fit')
    return { found, ms: now - started, longest }
  }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 1000 ? 2 : 1)} s`

function readPairs(file: string): RightsMatrix {
  const numbers = new Map<string, number>()
  const rows = new Map<string, Set<number>>()
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [user, permission] = line.trim().split(/\s+/)
    if (!user || !permission) continue
    const right = numbers.get(permission) ?? numbers.size
    numbers.set(permission, right)
    const row = rows.get(user) ?? new Set()
    rows.set(user, row.add(right))
  }
  return { rights: numbers.size, rows: [...rows.values()].map(row => [...row].sort((a, b) => a - b)) }
}

/** 420 planted roles of 5 to 125 permissions, one to three a user, and 2 % of permissions that nobody planted. */
function company(): RightsMatrix {
  const random = mulberry32(11)
  const below = (count: number) => Math.floor(random() * count)
  const planted = Array.from({ length: 420 }, () => {
    const place = below(10_000)
    const rights = new Set<number>()
    for (const size = 5 + Math.floor(random() * random() * 120); rights.size < size; )
      rights.add(random() < 0.7 ? (place + below(150)) % 10_000 : below(10_000))
    return [...rights]
  })
  const rows = Array.from({ length: 3500 }, () => {
    const mine = new Set<number>()
    for (let roles = 1 + below(3); roles > 0; roles--)
      for (const right of planted[Math.floor(random() * random() * 420)] as number[]) mine.add(right)
    for (let noise = Math.floor(mine.size * 0.02); noise > 0; noise--) mine.add(below(10_000))
    return [...mine].sort((a, b) => a - b)
  })
  return { rights: 10_000, rows }
}
