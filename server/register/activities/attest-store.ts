import type { RegisterDefaults } from '#contract/activities.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

type Attestation = {
  activityId: string
  versionId: string
  kind: 'owner' | 'spot-check'
  by: string
  now: Date
  /** Null: worked out from what the owner attested last. */
  changed: boolean | null
  note: string | null
}

/** Answers whether another version counts than was attested last. */
export async function insertAttestation(tx: Tx, one: Attestation): Promise<boolean> {
  const [row] = await tx.query<{ changed: boolean }>(
    `insert into activity_attestation (id, activity_id, version_id, kind, at, by, changed, note)
     select $1::uuid, $2::uuid, $3::uuid, $4::text, $5::timestamptz, $6::uuid, coalesce($7::boolean, (
       select last.version_id <> $3::uuid from activity_attestation last
       where last.activity_id = $2::uuid and last.kind = 'owner' order by last.at desc limit 1), false), $8::text
     returning changed`,
    [newId(), one.activityId, one.versionId, one.kind, one.now, one.by, one.changed, one.note],
  )
  return row?.changed ?? false
}

/** The next day is counted from today, in the months that the version says. */
export async function moveAttestation(tx: Tx, activityId: string, versionId: string, today: string): Promise<string> {
  const [row] = await tx.query<{ due: string }>(
    `update activity a set attest_due = ($3::date + make_interval(months => (v.content ->> 'reviewMonths')::int))::date
     from activity_version v where a.id = $1 and v.id = $2 returning a.attest_due::text as due`,
    [activityId, versionId, today],
  )
  return row?.due ?? today
}

export async function insertComment(
  tx: Tx,
  one: {
    activityId: string
    versionId: string
    kind: 'comment' | 'advice'
    text: string
    followUpOn: string | null
    by: string
    now: Date
  },
): Promise<string> {
  const id = newId()
  await tx.query(
    `insert into activity_comment (id, activity_id, version_id, kind, text, at, by, follow_up_on)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, one.activityId, one.versionId, one.kind, one.text, one.now, one.by, one.followUpOn],
  )
  return id
}

export async function setAnswer(
  tx: Tx,
  activityId: string,
  id: string,
  one: { answer: string; note: string; by: string; now: Date },
): Promise<'done' | 'answered' | 'unknown'> {
  const [row] = await tx.query<{ answered: boolean }>(
    `select answer is not null as answered from activity_comment
     where activity_id = $1 and id = $2 and kind = 'advice' for update`,
    [activityId, id],
  )
  if (!row) return 'unknown'
  if (row.answered) return 'answered'
  await tx.query(
    `update activity_comment set answer = $2, answer_note = $3, answered_by = $4, answered_at = $5 where id = $1`,
    [id, one.answer, one.note, one.by, one.now],
  )
  return 'done'
}

export async function setConfirmed(tx: Tx, activityId: string, by: { by: string; now: Date } | null): Promise<void> {
  await tx.query('update activity set confirmed_at = $2, confirmed_by = $3 where id = $1', [
    activityId,
    by?.now ?? null,
    by?.by ?? null,
  ])
}

const NOBODY: RegisterDefaults = { controller: null, dpo: null, representative: null }

/** Who is the controller, and whom records name that name nobody. */
export async function loadDefaults(tx: Tx): Promise<RegisterDefaults> {
  const [row] = await tx.query<{ defaults: Partial<RegisterDefaults> }>('select defaults from register_setting')
  return { ...NOBODY, ...row?.defaults }
}

export async function storeDefaults(tx: Tx, defaults: RegisterDefaults): Promise<void> {
  await tx.query(
    `insert into register_setting (defaults) values ($1) on conflict (singleton) do update set defaults = excluded.defaults`,
    [JSON.stringify(defaults)],
  )
}
