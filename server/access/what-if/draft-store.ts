import type { WhatIfBase } from '#contract/what-if.ts'
import type { DraftChange, DraftPage, DraftState, HeldDraft } from '#contract/what-if-draft.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Computed } from './compute-what-if.ts'
import type { Stamp, Summary } from './summarise.ts'

export type StoredDraft = {
  id: string
  name: string
  note: string
  onDate: string
  state: DraftState
  changes: DraftChange[]
  version: number
  createdBy: string
  createdAt: Date
  updatedAt: Date
  sharedAt: Date | null
  approvedBy: string | null
  approvedAt: Date | null
  approvedHash: string | null
  held: HeldDraft | null
  decidedBy: string | null
  decidedAt: Date | null
  decidedReason: string | null
  carriedOut: DraftPage['carriedOut']
}
export type StoredBase = WhatIfBase | 'approved'
export type StoredResult = { version: number; hash: string; stamp: Stamp; computedAt: Date; summary: Summary }
/** A right in a result, as far as carrying out is held against it. */
export type Agreed = { affiliationId: string; entitlement: string; effect: string; limitAfter: unknown }

export const DRAFT = `id, name, note, on_date as "onDate", state, changes, version, created_by as "createdBy",
  created_at as "createdAt", updated_at as "updatedAt", shared_at as "sharedAt", approved_by as "approvedBy",
  approved_at as "approvedAt", approved_hash as "approvedHash", held, decided_by as "decidedBy",
  decided_at as "decidedAt", decided_reason as "decidedReason", carried_out as "carriedOut"`

/** `lock`: until the command ends, so that two people do not decide on it at once. */
export async function loadDraft(tx: Tx, id: string, lock = false): Promise<StoredDraft | null> {
  const [row] = await tx.query<StoredDraft>(
    `select ${DRAFT} from what_if_draft where id = $1 ${lock ? 'for update' : ''}`,
    [id],
  )
  return row ?? null
}

/** Approved drafts whose date has come, the oldest first. */
export async function dueDrafts(tx: Tx, today: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from what_if_draft where state = 'approved' and on_date <= $1 order by on_date, approved_at, id`,
    [today],
  )
  return rows.map(row => row.id)
}

type Content = Pick<StoredDraft, 'name' | 'note' | 'onDate' | 'changes'>

export async function insertDraft(tx: Tx, id: string, given: Content, by: string, now: Date): Promise<void> {
  await tx.query(
    `insert into what_if_draft (id, name, note, on_date, state, changes, created_by, created_at, updated_at)
     values ($1, $2, $3, $4, 'draft', $5, $6, $7, $7)`,
    [id, given.name, given.note, given.onDate, JSON.stringify(given.changes), by, now],
  )
}

/** Another content is another version, and nothing that was approved. */
export async function updateDraft(tx: Tx, id: string, given: Content, now: Date): Promise<number> {
  const [row] = await tx.query<{ version: number }>(
    `update what_if_draft set name = $2, note = $3, on_date = $4, changes = $5, version = version + 1, state = 'draft',
       approved_by = null, approved_at = null, approved_hash = null, held = null, updated_at = $6
     where id = $1 returning version`,
    [id, given.name, given.note, given.onDate, JSON.stringify(given.changes), now],
  )
  await tx.query(`delete from what_if_difference where draft_id = $1 and base = 'approved'`, [id])
  await tx.query(`delete from what_if_result where draft_id = $1 and base = 'approved'`, [id])
  return row?.version ?? 0
}

export async function setShared(tx: Tx, id: string, at: Date | null): Promise<void> {
  await tx.query('update what_if_draft set shared_at = $2 where id = $1', [id, at])
}

export async function setApproved(tx: Tx, id: string, given: { by: string; at: Date; hash: string }): Promise<void> {
  await tx.query(
    `update what_if_draft set state = 'approved', approved_by = $2, approved_at = $3, approved_hash = $4, held = null
     where id = $1`,
    [id, given.by, given.at, given.hash],
  )
}

export async function setHeld(tx: Tx, id: string, state: 'approved' | 'stale', held: HeldDraft): Promise<void> {
  await tx.query('update what_if_draft set state = $2, held = $3 where id = $1', [id, state, JSON.stringify(held)])
}

export async function setAnnounced(tx: Tx, id: string, carriedOut: StoredDraft['carriedOut']): Promise<void> {
  await tx.query('update what_if_draft set carried_out = $2 where id = $1', [id, JSON.stringify(carriedOut)])
}

export async function setDecided(
  tx: Tx,
  id: string,
  given: {
    state: 'applied' | 'withdrawn'
    by: string | null
    at: Date
    reason: string | null
    carriedOut?: StoredDraft['carriedOut']
  },
): Promise<void> {
  await tx.query(
    `update what_if_draft set state = $2, decided_by = $3, decided_at = $4, decided_reason = $5, held = null,
       carried_out = coalesce($6, carried_out) where id = $1`,
    [id, given.state, given.by, given.at, given.reason, given.carriedOut ? JSON.stringify(given.carriedOut) : null],
  )
}

/** Which unit continues as which, once it is so. */
export async function saveSuccessions(
  tx: Tx,
  id: string,
  onDate: string,
  successions: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<void> {
  const rows = [...successions].flatMap(([from, targets]) => [...targets].map(to => ({ from_key: from, to_key: to })))
  if (rows.length === 0) return
  await tx.query(
    `insert into unit_succession (draft_id, from_key, to_key, on_date)
     select $1, from_key, to_key, $2 from jsonb_to_recordset($3::jsonb) as r (from_key text, to_key text)
     on conflict do nothing`,
    [id, onDate, JSON.stringify(rows)],
  )
}

/** Replaces the result of a base. */
export async function saveResult(
  tx: Tx,
  id: string,
  base: StoredBase,
  { version, hash, stamp, computedAt, summary }: StoredResult,
  differences: Computed['differences'],
): Promise<void> {
  await tx.query('delete from what_if_difference where draft_id = $1 and base = $2', [id, base])
  await tx.query(
    `insert into what_if_result (draft_id, base, version, hash, stamp, computed_at, summary)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (draft_id, base) do update set version = excluded.version, hash = excluded.hash, stamp = excluded.stamp,
       computed_at = excluded.computed_at, summary = excluded.summary`,
    [id, base, version, hash, JSON.stringify(stamp), computedAt, JSON.stringify(summary)],
  )
  for (let start = 0; start < differences.length; start += PART) {
    const rows = differences.slice(start, start + PART)
    await tx.query(
      `insert into what_if_difference (draft_id, base, affiliation_id, entitlement, person_id, effect, cause, unit_before,
         unit_after, carried, limit_before, limit_after, withheld)
       select $1, $2, "affiliationId", entitlement, "personId", effect, cause, "unitBefore", "unitAfter", carried,
         nullif("limitBefore", 'null'::jsonb), nullif("limitAfter", 'null'::jsonb), withheld
       from jsonb_to_recordset($3::jsonb) as r ("affiliationId" uuid, entitlement text, "personId" uuid, effect text,
         cause text, "unitBefore" text, "unitAfter" text, carried boolean, "limitBefore" jsonb, "limitAfter" jsonb,
         withheld boolean)`,
      [id, base, JSON.stringify(rows)],
    )
  }
}
const PART = 5000

export async function loadResult(tx: Tx, id: string, base: StoredBase): Promise<StoredResult | null> {
  const [row] = await tx.query<StoredResult>(
    `select version, hash, stamp, computed_at as "computedAt", summary from what_if_result
     where draft_id = $1 and base = $2`,
    [id, base],
  )
  return row ?? null
}

/** What was approved, right by right. */
export async function agreedOn(tx: Tx, id: string): Promise<Agreed[]> {
  return tx.query<Agreed>(
    `select affiliation_id as "affiliationId", entitlement, effect, limit_after as "limitAfter"
     from what_if_difference where draft_id = $1 and base = 'approved'`,
    [id],
  )
}

/**
 * What rules give now of these rights to affiliations that are still there; limits as they are stored. What strict mode
 * holds back is given by the rules all the same.
 */
export async function heldNow(
  tx: Tx,
  pairs: readonly { affiliationId: string; entitlement: string }[],
): Promise<Map<string, { active: boolean; limits: unknown }>> {
  const rows = await tx.query<{ affiliationId: string; entitlement: string; active: boolean; limits: unknown }>(
    `select w."affiliationId", w.entitlement, coalesce(ac.status = 'active', false) as active, coalesce(a.constraints, h.constraints) as limits
     from jsonb_to_recordset($1::jsonb) as w ("affiliationId" uuid, entitlement text)
     left join affiliation_current ac on ac.affiliation_id = w."affiliationId"
     left join entitlement e on e.key = w.entitlement
     left join (select a.*, v.grant_id from assignment a join derivation v on v.id = a.derivation_id) a
       on a.affiliation_id = w."affiliationId" and a.entitlement_id = e.id and a.grant_id is null
     left join (select h.*, v.grant_id from withheld_right h join derivation v on v.id = h.derivation_id) h
       on h.affiliation_id = w."affiliationId" and h.entitlement_id = e.id and h.grant_id is null`,
    [JSON.stringify(pairs)],
  )
  return new Map(
    rows.map(({ affiliationId, entitlement, active, limits }) => [
      `${affiliationId} ${entitlement}`,
      { active, limits },
    ]),
  )
}
