import type { Tx } from '../../platform/unit-of-work.ts'
import type { Decided } from '../decide-assignments.ts'
import { heldBackCtes } from './held-back-sql.ts'

/** A right as the rules of a day that may be ahead would decide it; `at`: the moment that emergency access is asked of. */
export type Ahead = { decided: Decided; on: string; at: Date }

/** Keys of the rights in strict systems. Empty almost everywhere, and then nothing more is asked. */
export async function strictRights(tx: Tx): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ key: string }>(
    `select e.key from strict_mode m join entitlement e on e.system_id = m.system_id where upper_inf(m.recorded)`,
  )
  return new Set(rows.map(row => row.key))
}

/**
 * Which of these rights strict mode would hold back if they were decided now, by their places in the list: those that it
 * would hold back where they are decided, by the same SQL. One statement however many they are.
 */
export async function heldAhead(tx: Tx, ahead: readonly Ahead[]): Promise<ReadonlySet<number>> {
  if (ahead.length === 0) return new Set()
  const rows = ahead.map(({ decided, on, at }, place) => ({
    ...{ place, affiliation: decided.affiliationId, right: decided.entitlement, on, at: at.toISOString() },
    ...{ rule: decided.reason.ruleKey, path: decided.reason.rolePath, constraints: decided.constraints },
  }))
  const held = await tx.query<{ place: number }>(
    `with asked as materialized (
       select r.place, r.affiliation as affiliation_id, e.id as entitlement_id, r.rule as rule_key, r.path as role_path,
         r.constraints, r."on" as on_day, r."at" as at_moment
       from jsonb_to_recordset($1::jsonb) as r (place int, affiliation uuid, "right" text, rule text, path text[],
         constraints jsonb, "on" date, "at" timestamptz)
       join entitlement e on e.key = r."right"
     ), ${heldBackCtes('asked', { day: 'OF.on_day', now: 'OF.at_moment' })}
     select place from lacking where not urgent`,
    [JSON.stringify(rows)],
  )
  return new Set(held.map(row => row.place))
}

/** One right of one affiliation before and after something, as the rules decide it; null: they do not give it. */
export type Turn = { before: Ahead | null; after: Ahead | null }
/** The same as it would be held. `withheld`: it would be new, and would be held back. */
export type HeldTurn = { before: Decided | null; after: Decided | null; withheld: boolean }

/**
 * What is really held before and after: what is held back is not. What is held before stays where the rules still give it,
 * since strict mode never looks at what somebody has. In the order of the list.
 */
export async function heldTurns(tx: Tx, turns: readonly Turn[]): Promise<HeldTurn[]> {
  const asked = turns.flatMap(({ before, after }) => [before, after].filter(one => one !== null))
  const held = await heldAhead(tx, asked)
  let place = 0
  const given = (one: Ahead | null) => (one === null || held.has(place++) ? null : one.decided)
  return turns.map(turn => {
    const before = given(turn.before)
    const after = given(turn.after)
    const stays = before !== null && turn.after !== null ? turn.after.decided : after
    const known = turn.before !== null && before === null
    return { before, after: stays, withheld: turn.after !== null && stays === null && !known }
  })
}

/** People from whom something is held back now. */
export async function peopleHeldBack(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select distinct ac.person_id as id from withheld_right h
     join affiliation_current ac on ac.affiliation_id = h.affiliation_id order by 1`,
  )
  return rows.map(row => row.id)
}
