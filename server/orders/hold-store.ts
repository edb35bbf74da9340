import { newId } from '../platform/ids.ts'
import { statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { isTooMany, peopleOf, removalsSoon } from './hold-removals.ts'
import { OPEN } from './order-visible.ts'
import { addDays, type Wished } from './plan-orders.ts'

/** Everybody who has something in a system: a right that is seen or was carried out, or an account of one of its kinds. */
const HOLDERS = `(select count(distinct h.person_id)::int from (
    select acc.person_id from observed_right r join entitlement e on e.id = r.entitlement_id and e.system_id = s.id
      join account acc on acc.id = r.account_id and acc.gone_at is null
    union select acc.person_id from account_type t join account acc on acc.source = t.source and acc.gone_at is null
      where t.system_id = s.id and t.gone_at is null
    union select o.person_id from provisioning_order o
      where o.system_id = s.id and o.state in ('done', 'verified', 'assumed') and o.action in ('grant', 'hand-out', 'enable')) h)`

/** Puts what takes too much at once aside, one hold a system. Answers the hold of each order, by place in `made`. */
export async function holdRemovals(
  tx: Tx,
  made: readonly Wished[],
  { today, now, cause }: { today: string; now: Date; cause: string },
): Promise<Map<Wished, string>> {
  const soon = removalsSoon(made, today, addDays)
  if (soon.size === 0) return new Map()
  const holders = await tx.query<{ id: string; holders: number }>(
    `select s.id, ${HOLDERS} as holders from it_system s where s.id = any($1::uuid[])`,
    [[...soon.keys()]],
  )
  const holds = holders
    .filter(one => isTooMany(peopleOf(soon.get(one.id) ?? []), one.holders))
    .map(one => ({ ...one, hold: newId(), removals: soon.get(one.id)?.length ?? 0 }))
  if (holds.length === 0) return new Map()
  await tx.query(
    `insert into order_hold (id, system_id, cause, removals, holders, made_at)
     select hold, id, $2, removals, holders, $3
     from jsonb_to_recordset($1::jsonb) as h (hold uuid, id uuid, removals int, holders int)`,
    [JSON.stringify(holds), cause, now],
  )
  return new Map(holds.flatMap(one => (soon.get(one.id) ?? []).map(wish => [wish, one.hold] as const)))
}

/** A hold of which something is still open, locked; `open`: how many orders. */
export async function lockHold(
  tx: Tx,
  id: string,
): Promise<{ id: string; systemId: string; systemKey: string; cause: string; open: number } | null> {
  const [row] = await tx.query<{ id: string; systemId: string; systemKey: string; cause: string; open: number }>(
    `select h.id, h.system_id as "systemId", s.key as "systemKey", h.cause,
       (select count(*)::int from provisioning_order o where o.hold_id = h.id and o.state in ${OPEN}) as open
     from order_hold h join it_system s on s.id = h.system_id where h.id = $1 and h.let_go_at is null for update of h`,
    [id],
  )
  return row ?? null
}

/** Answers whose orders go out now. */
export async function letGo(tx: Tx, id: string, who: { by: string; now: Date; reason: string }): Promise<string[]> {
  await tx.query('update order_hold set let_go_at = $2, let_go_by = $3, reason = $4 where id = $1', [
    ...[id, who.now, who.by, who.reason],
  ])
  const rows = await tx.query<{ person_id: string }>(
    `update provisioning_order set hold_id = null, version = version + 1 where hold_id = $1 and state in ${OPEN}
     returning person_id`,
    [id],
  )
  return [...new Set(rows.map(row => row.person_id))]
}

export type Held = {
  id: string
  system: { id: string; key: string; name: string }
  cause: string
  open: number
  people: number
  holders: number
  madeAt: Date
}
/** Holds of systems whose orders the reader sees; `may`: SQL over `provisioning_order o` and its person `pc`. */
export async function heldView(tx: Tx, may: (q: ReturnType<typeof statement>) => string): Promise<Held[]> {
  const q = statement()
  return tx.query<Held>(
    `select h.id, jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) as system, h.cause, h.holders,
       h.made_at as "madeAt", count(*)::int as open, count(distinct o.person_id)::int as people
     from order_hold h join it_system s on s.id = h.system_id join provisioning_order o on o.hold_id = h.id and o.state in ${OPEN}
     left join person_current pc on pc.person_id = o.person_id
     where h.let_go_at is null and ${may(q)} group by h.id, s.id order by h.made_at, h.id limit 50`,
    q.params,
  )
}
