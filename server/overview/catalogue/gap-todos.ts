import { systemGap } from '#contract/lists.ts'
import type { SystemGap } from '#contract/systems.ts'
import { gapSql } from '../../systems/catalogue/system-gaps.ts'
import { at, type Section } from '../home-parts.ts'

type Todo = Section['todos'][number]
const column = (gap: SystemGap) => `gap_${gap.replace('-', '_')}`

/** How many systems lack what, as columns of a statement that only counts. `scope`: a condition over `s`. */
export const gapCounts = (today: string, scope = 'true'): string =>
  `${systemGap.options
    .map(
      gap => `(select count(*) from it_system s where ${scope} and ${gapSql(gap, 's', () => today)}) as ${column(gap)}`,
    )
    .join(', ')}`

const TODOS: readonly { gap: SystemGap; code: Todo['code']; severity: Todo['severity']; office: boolean }[] = [
  { gap: 'notice-30', code: 'contract-notice-30', severity: 'act', office: true },
  // Only who owns a system can say that its sheet is true.
  { gap: 'attest', code: 'systems-attest', severity: 'act', office: false },
  { gap: 'no-owner', code: 'systems-no-owner', severity: 'act', office: true },
  { gap: 'notice-60', code: 'contract-notice-60', severity: 'look', office: true },
  { gap: 'notice-90', code: 'contract-notice-90', severity: 'look', office: true },
  { gap: 'no-contract', code: 'systems-no-contract', severity: 'look', office: true },
  { gap: 'no-groups', code: 'systems-no-groups', severity: 'look', office: true },
  { gap: 'not-read', code: 'systems-not-read', severity: 'look', office: true },
]

/** The worklists of the catalogue: of the owner's own systems, or of all for the office that keeps the catalogue. */
export function gapTodos(n: Record<string, number>, whose: 'own' | 'all'): Todo[] {
  return TODOS.filter(one => whose === 'own' || one.office).map(({ gap, code, severity }) =>
    at(code, severity, n[column(gap)], '/systems', { ...(whose === 'own' ? { own: true } : {}), gap }),
  )
}
