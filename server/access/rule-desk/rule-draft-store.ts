import { type DeskChange, deskChange } from '#contract/rule-forms.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'

/** Unfinished changes of rules and roles: one a rule or role, seen by all who write rules, never in force. */

type Kind = 'rule' | 'role'
type Row = { change: unknown; note: string; saved_by: string; saved_at: Date }

/** Null: there is none, or it was kept by an older version in a shape that no longer fits. */
export async function draftOf(
  tx: Tx,
  actor: Actor,
  kind: Kind,
  key: string,
): Promise<{ change: DeskChange; note: string; by: string; at: string; own: boolean } | null> {
  const [row] = await tx.query<Row>(
    'select change, note, saved_by, saved_at from rule_draft where kind = $1 and key = $2',
    [kind, key],
  )
  const read = row && deskChange.safeParse(row.change)
  if (!row || !read?.success) return null
  return {
    change: read.data,
    note: row.note,
    by: row.saved_by,
    at: row.saved_at.toISOString(),
    own: row.saved_by === actor.userId,
  }
}

export async function keepDraft(
  tx: Tx,
  draft: { kind: Kind; key: string; version: number | null; change: DeskChange; note: string; by: string; now: Date },
): Promise<void> {
  await tx.query(
    `insert into rule_draft (kind, key, base_version, change, note, saved_at, saved_by) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (kind, key) do update set base_version = excluded.base_version, change = excluded.change,
       note = excluded.note, saved_at = excluded.saved_at, saved_by = excluded.saved_by`,
    [draft.kind, draft.key, draft.version, JSON.stringify(draft.change), draft.note, draft.now, draft.by],
  )
}

/** False: there was none. */
export async function dropDraft(tx: Tx, kind: Kind, key: string): Promise<boolean> {
  const gone = await tx.query('delete from rule_draft where kind = $1 and key = $2 returning 1', [kind, key])
  return gone.length > 0
}

export type DraftRow = {
  kind: Kind
  key: string
  name: string
  exists: boolean
  behind: boolean
  note: string
  by: string
  at: Date
}

export async function draftRows(tx: Tx): Promise<DraftRow[]> {
  return tx.query<DraftRow>(
    `select d.kind, d.key, coalesce(d.change #>> '{form,name}', d.key) as name, v.version is not null as exists,
       v.version is distinct from d.base_version as behind, d.note, d.saved_by as by, d.saved_at as at
     from rule_draft d
     left join lateral (
       select version from rights_rule where d.kind = 'rule' and key = d.key and upper_inf(recorded)
       union all select version from rights_role where d.kind = 'role' and key = d.key and upper_inf(recorded)
     ) v on true
     order by d.saved_at desc`,
  )
}
