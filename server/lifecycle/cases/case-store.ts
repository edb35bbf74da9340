import { caseForm } from '#contract/lifecycle-forms.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Doer, Placed, StoredCase } from './case.ts'
import { CASE } from './case-sql.ts'

export type Loaded = { one: StoredCase; unitPath: string[]; toUnitPath: string[] }

/** `lock`: until the command ends, so that nobody sends what somebody else just changes. */
export async function loadCase(tx: Tx, id: string, lock = false): Promise<Loaded | null> {
  const [row] = await tx.query<StoredCase & { unitPath: string[]; toUnitPath: string[] }>(
    `select ${CASE('c')}, coalesce(u.path, '{}') as "unitPath", coalesce(t.path, '{}') as "toUnitPath"
     from lifecycle_case c left join org_unit_current u on u.unit_id = c.unit_id
     left join org_unit_current t on t.unit_id = c.to_unit_id
     where c.id = $1 ${lock ? 'for update of c' : ''}`,
    [id],
  )
  if (!row) return null
  const { unitPath, toUnitPath, ...one } = row
  // Kept as it was written; a form of an earlier version gets what it lacks.
  return { one: { ...one, form: caseForm.parse(one.form) }, unitPath, toUnitPath }
}

export type NewCase = Pick<StoredCase, 'id' | 'kind' | 'door' | 'form' | 'cprSealed' | 'origin'> &
  Placed & { deadline?: string | null; confidential?: boolean; named?: readonly string[] }

export async function insertCase(tx: Tx, one: NewCase, by: Doer | null, now: Date): Promise<void> {
  await tx.query(
    `insert into lifecycle_case (id, kind, door, state, person_id, affiliation_id, unit_id, effective_on, form, cpr_sealed,
       origin, author, author_person_id, created_at, updated_at, deadline, confidential, named, to_unit_id)
     values ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15, $16, $17)`,
    [
      one.id,
      one.kind,
      one.door,
      one.personId,
      one.affiliationId,
      one.unitId,
      one.effectiveOn,
      JSON.stringify(one.form),
      one.cprSealed,
      one.origin,
      by?.userId ?? null,
      by?.personId ?? null,
      now,
      one.deadline ?? null,
      one.confidential ?? false,
      one.named ?? [],
      one.toUnitId ?? null,
    ],
  )
}

/** Another content is another version. What was prepared is a draft again: the manager has not seen it so. */
export async function updateDraft(
  tx: Tx,
  id: string,
  given: Pick<StoredCase, 'form' | 'cprSealed'> & Placed,
  now: Date,
): Promise<number> {
  const [row] = await tx.query<{ version: number }>(
    `update lifecycle_case set form = $2, cpr_sealed = $3, person_id = $4,
       affiliation_id = coalesce($5, affiliation_id), unit_id = $6,
       effective_on = $7, updated_at = $8, to_unit_id = $9, version = version + 1
     where id = $1 returning version`,
    [
      id,
      JSON.stringify(given.form),
      given.cprSealed,
      given.personId,
      given.affiliationId,
      given.unitId,
      given.effectiveOn,
      now,
      given.toUnitId ?? null,
    ],
  )
  return row?.version ?? 0
}

/** Columns by name; the next version. Names come from here, never from what is sent. */
export async function setCase(
  tx: Tx,
  id: string,
  given: Partial<{
    state: StoredCase['state']
    door: StoredCase['door']
    person_id: string
    affiliation_id: string
    cpr_sealed: null
    confidential: boolean
    named: readonly string[]
    released_at: Date
    released_by: string
    prepared_at: Date
    sent_at: Date
    sent_by: string
    sent_person_id: string | null
    sent_version: number
    stated_at: Date
    withdrawn_at: Date
    withdrawn_by: string
    updated_at: Date
  }>,
): Promise<number> {
  const names = Object.keys(given)
  const [row] = await tx.query<{ version: number }>(
    `update lifecycle_case set ${names.map((name, at) => `${name} = $${at + 2}`).join(', ')}, version = version + 1
     where id = $1 returning version`,
    [id, ...Object.values(given)],
  )
  return row?.version ?? 0
}

/** The history of a report, apart from the log of the house: those who know of the report read it. */
export async function noteEvent(
  tx: Tx,
  caseId: string,
  what: string,
  by: string | null,
  now: Date,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await tx.query('insert into lifecycle_case_event (case_id, at, user_id, what, detail) values ($1, $2, $3, $4, $5)', [
    caseId,
    now,
    by,
    what,
    JSON.stringify(detail),
  ])
}

/** The users that are meant by ids of users or of people; null where one is nobody who comes in here. */
export async function usersOf(tx: Tx, ids: readonly string[]): Promise<string[] | null> {
  const rows = await tx.query<{ asked: string; id: string }>(
    `select distinct on (asked.id) asked.id as asked, u.id from unnest($1::uuid[]) as asked (id)
     join tool_user u on u.id = asked.id or u.person_id in (
       select p.id from person p where coalesce(p.merged_into, p.id) = asked.id)
     where u.disabled_at is null order by asked.id, u.id`,
    [[...new Set(ids)]],
  )
  return rows.length === new Set(ids).size ? [...new Set(rows.map(row => row.id))] : null
}
