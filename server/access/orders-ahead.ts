import type { Tx } from '../platform/unit-of-work.ts'

/** What systems would be asked for because of a change that is previewed: how much is given, how much taken, and where. */
export type OrdersAhead = { give: number; take: number; systems: number }
/** People and rights by key that they would come to hold, or hold no longer, by one affiliation or all of theirs. */
export type Moved = { personId: string; gains: readonly string[]; losses: readonly string[] }
/** An order that a finding marked for removal has become. */
export type RemovalOrder = { id: string; stage: 'held' | 'ordered' | 'stuck' | 'done' }
/** By finding, for whoever shows findings: told by the room that knows of orders. */
export type RemovalOrders = (tx: Tx, findings: readonly string[]) => Promise<ReadonlyMap<string, RemovalOrder>>
/** Told by the room that knows of orders; where everything is put together. */
export type CountOrders = (tx: Tx, moved: readonly Moved[]) => Promise<OrdersAhead>
