import { amongSql } from '../platform/planned.ts'
import { statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { syncFindings } from './finding-store.ts'

export type Ids = readonly string[] | 'all'

/** What an evaluator builds its SQL with: values are bound, never written in. */
export type Ask = {
  /** SQL of the day on which it is judged. */
  day: string
  /** SQL that is true where a column has one of the ids that are looked at. */
  among: (column: string) => string
  /** SQL of what `given` answered, as jsonb. */
  given: string
}

/**
 * One or more kinds of findings about the register. `by` says what of a change makes it look again: a record
 * (`finding.activity_id`), a system (`finding.system_id`), a person (`finding.person_id`), or anything of the register at
 * all: such a one is small, and always evaluated whole.
 */
export type Evaluator = {
  codes: readonly string[]
  by: 'activity' | 'system' | 'person' | 'register'
  /**
   * SQL of columns code, subject_id, object_id, cause, severity, person_id, system_id, unit_id, owner_role, detail,
   * activity_id: at most one row a (code, subject, object), and none outside `among`.
   */
  rows: (ask: Ask) => string
  /** Over `finding f`, where another evaluator answers for the same codes, too. */
  scope?: string
  /** What only the process can work out, for `given`, of what is looked at. */
  given?: (tx: Tx, day: string, of: Ids) => Promise<unknown>
}

/** What a change has touched; what is not said has not been. */
export type Touched = { activities?: Ids; systems?: Ids; people?: Ids }

const EVERYTHING: Touched = { activities: 'all', systems: 'all', people: 'all' }
const COLUMN = { activity: 'f.activity_id', system: 'f.system_id', person: 'f.person_id' } as const

/** Looks again at what was touched, or at everything: with the same result for what was touched. */
export async function evaluate(
  tx: Tx,
  evaluators: readonly Evaluator[],
  day: string,
  touched: Touched = EVERYTHING,
): Promise<void> {
  const ids = {
    activity: touched.activities,
    system: touched.systems,
    person: touched.people,
    register: 'all',
  } as const
  // Of everybody and everything: a planner that takes a table that was filled a moment ago for empty loops over all of it.
  const whole = touched.people === 'all' || touched.systems === 'all'
  if (whole) await tx.query('set local enable_nestloop = off')
  for (const one of evaluators) {
    const which = ids[one.by]
    if (which === undefined || (which !== 'all' && which.length === 0)) continue
    const q = statement()
    const among = which === 'all' ? amongSql('all') : amongSql(which, q.bind(which, 'uuid[]'))
    const given = one.given ? q.bind(JSON.stringify(await one.given(tx, day, which)), 'jsonb') : 'null::jsonb'
    let bound: string | undefined
    const ask: Ask = {
      // Bound when it is asked for: PostgreSQL refuses a value that its statement does not name.
      get day() {
        bound ??= q.bind(day, 'date')
        return bound
      },
      among,
      given,
    }
    const rows = one.rows(ask)
    const scope = [one.by === 'register' ? 'true' : among(COLUMN[one.by]), one.scope ?? 'true'].join(' and ')
    await syncFindings(tx, { codes: one.codes, scope, rows, params: q.params, ofRegister: true })
  }
  if (whole) await tx.query('set local enable_nestloop to default')
}
