import { askersOf } from '../platform/asked-by.ts'
import { newId } from '../platform/ids.ts'
import { statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { HELD_ABOVE, isTooMany, losing, REMOVALS, removalsSoon, WITHIN_DAYS, WITHIN_HOURS } from './hold-removals.ts'
import { OPEN } from './order-visible.ts'
import { addDays, type Wished } from './plan-orders.ts'

const MANY_SMALL = 'many-small'

/** Everybody who has something in a system: a right that is seen or was carried out, or an account of one of its kinds. */
const HOLDERS = `(select count(distinct h.person_id)::int from (
    select acc.person_id from observed_right r join entitlement e on e.id = r.entitlement_id and e.system_id = s.id
      join account acc on acc.id = r.account_id and acc.gone_at is null
    union select acc.person_id from account_type t join account acc on acc.source = t.source and acc.gone_at is null
      where t.system_id = s.id and t.gone_at is null
    union select o.person_id from provisioning_order o
      where o.system_id = s.id and o.state in ('done', 'verified', 'assumed') and o.action in ('grant', 'hand-out', 'enable')) h)`

/** What was taken of whom within a day, and that nobody has agreed to: by system. */
async function takenLately(
  tx: Tx,
  systems: readonly string[],
  { today, now }: { today: string; now: Date },
): Promise<Map<string, string[]>> {
  const rows = await tx.query<{ id: string; people: string[] }>(
    `select o.system_id as id, array_agg(distinct coalesce(p.merged_into, p.id)) as people
     from provisioning_order o join person p on p.id = o.person_id
     where o.system_id = any($1::uuid[]) and o.made_at > $2::timestamptz - make_interval(hours => $4)
       and o.made_at <= $2 and o.due_on <= $3::date + $5::int and o.action = any($6::text[]) and o.cause <> 'lock'
       and o.state <> 'cancelled' and o.hold_id is null and not o.content ? 'agreed' group by 1`,
    [systems, now, today, WITHIN_HOURS, WITHIN_DAYS, REMOVALS],
  )
  return new Map(rows.map(row => [row.id, row.people]))
}

/**
 * Puts what takes too much at once aside, one hold a system; many small plannings within a day count as one large one,
 * of which what is not sent yet by then waits in one hold. Answers the hold of each order, by place in `made`.
 */
export async function holdRemovals(
  tx: Tx,
  made: readonly Wished[],
  { today, now, cause }: { today: string; now: Date; cause: string },
): Promise<Map<Wished, string>> {
  const soon = removalsSoon(made, today, addDays)
  if (soon.size === 0) return new Map()
  const before = await takenLately(tx, [...soon.keys()], { today, now })
  const many = [...soon].filter(([id, all]) => losing(all, before.get(id) ?? []).all > HELD_ABOVE)
  if (many.length === 0) return new Map()
  const holders = await tx.query<{ id: string; holders: number; waiting: string | null }>(
    `select s.id, ${HOLDERS} as holders, (select h.id from order_hold h where h.system_id = s.id and h.cause = '${MANY_SMALL}'
       and h.let_go_at is null order by h.made_at desc limit 1) as waiting
     from it_system s where s.id = any($1::uuid[])`,
    [many.map(([id]) => id)],
  )
  const holds = holders.flatMap(one => {
    const removals = soon.get(one.id) ?? []
    const { now: few, all } = losing(removals, before.get(one.id) ?? [])
    if (!isTooMany(all, one.holders)) return []
    const small = !isTooMany(few, one.holders)
    const why = small ? MANY_SMALL : cause
    return [{ ...one, cause: why, hold: (small && one.waiting) || newId(), removals: removals.length }]
  })
  if (holds.length === 0) return new Map()
  await tx.query(
    `insert into order_hold as o (id, system_id, cause, removals, holders, made_at, caused_by)
     select hold, id, cause, removals, holders, $2, $3::uuid[]
     from jsonb_to_recordset($1::jsonb) as h (hold uuid, id uuid, cause text, removals int, holders int)
     on conflict (id) do update set removals = o.removals + excluded.removals,
       caused_by = array(select distinct unnest(o.caused_by || excluded.caused_by))`,
    [JSON.stringify(holds), now, askersOf(tx)],
  )
  return new Map(holds.flatMap(one => (soon.get(one.id) ?? []).map(wish => [wish, one.hold] as const)))
}

/** A hold of which something is still open, locked; `open`: how many orders. */
export async function lockHold(
  tx: Tx,
  id: string,
): Promise<{
  id: string
  systemId: string
  systemKey: string
  cause: string
  open: number
  causedBy: string[]
} | null> {
  const [row] = await tx.query<{
    id: string
    systemId: string
    systemKey: string
    cause: string
    open: number
    causedBy: string[]
  }>(
    `select h.id, h.system_id as "systemId", s.key as "systemKey", h.cause, h.caused_by as "causedBy",
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
    `update provisioning_order set hold_id = null, content = content || '{"agreed": true}', version = version + 1 where hold_id = $1 and state in ${OPEN}
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
  causedBy: string[]
}
/** Holds of systems whose orders the reader sees; `may`: SQL over `provisioning_order o` and its person `pc`. */
export async function heldView(tx: Tx, may: (q: ReturnType<typeof statement>) => string): Promise<Held[]> {
  const q = statement()
  return tx.query<Held>(
    `select h.id, jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) as system, h.cause, h.holders, h.caused_by as "causedBy",
       h.made_at as "madeAt", count(*)::int as open, count(distinct o.person_id)::int as people
     from order_hold h join it_system s on s.id = h.system_id join provisioning_order o on o.hold_id = h.id and o.state in ${OPEN}
     left join person_current pc on pc.person_id = o.person_id
     where h.let_go_at is null and ${may(q)} group by h.id, s.id order by h.made_at, h.id limit 50`,
    q.params,
  )
}
