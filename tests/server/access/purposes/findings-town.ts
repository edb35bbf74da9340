import { randomUUID } from 'node:crypto'
import { syncPurposes } from '../../../../server/access/purposes/purpose-findings.ts'
import type { Db, Tx } from '../../../../server/platform/unit-of-work.ts'
import type { BindingObject } from '../../../../server/register/bindings/binding.ts'
import { addBindings } from '../../../../server/register/bindings/binding-store.ts'
import { seedVocabularies } from '../../../../server/register/vocabulary/vocabulary-store.ts'
import { activityInForce } from '../../../support/register.ts'
import { smallTown } from '../../overview/small-town.ts'

export const TODAY = '2026-03-02'
type Activity = Parameters<typeof activityInForce>[1]
type Terms = {
  activityId: string
  necessity?: string
  purposeKey?: string
  data?: string[] | null
  until?: string | null
  from?: string
}

/** Ann and Kim care in Nord with a right to health data; a register that is empty; the vocabularies that are shipped. */
export async function findingsTown(db: Db) {
  const town = await smallTown(db)
  await db.transaction(seedVocabularies)
  const rights = Object.fromEntries(
    (
      await db.snapshot(tx =>
        tx.query<{ key: string; id: string }>(`select key, id from entitlement where gone_at is null`),
      )
    ).map(one => [one.key, one.id]),
  ) as Record<string, string>
  let refs = 0
  const bind = (tx: Tx, object: BindingObject, terms: Terms) =>
    addBindings(
      tx,
      [
        {
          object,
          terms: {
            ...{ activityId: terms.activityId, purposeKey: terms.purposeKey ?? 'main', subjects: null, operations: [] },
            ...{ data: terms.data ?? null, scope: {}, until: terms.until ?? null, reviewMonths: 12 },
            necessity: terms.necessity ?? `Sygeplejersken dokumenterer besøg ${randomUUID()}`,
          },
          ...{ from: terms.from ?? '2026-01-01', origin: 'manual' as const, proposalSource: null, confidence: null },
          ...{ by: 'test', approvedBy: 'test', batchId: null },
        },
      ],
      new Date('2026-01-01T09:00:00Z'),
    )
  return {
    ...town,
    rights,
    activity: (tx: Tx, over: Partial<Activity> = {}) => {
      refs += 1
      return activityInForce(tx, { ref: `BA-${refs}`, name: `Opgave ${refs}`, ...over })
    },
    bind,
  }
}

/** Empties the register and what was found, so that each case stands alone. */
export async function forgetRegister(tx: Tx): Promise<void> {
  for (const table of [
    ...['purpose_binding', 'activity_in_force', 'activity_row', 'activity_purpose', 'activity_system', 'activity_unit'],
    ...['activity_kle', 'activity_version', 'activity', 'finding_due', 'finding_event', 'finding'],
  ])
    await tx.query(`delete from ${table}`)
}

/** What is found of everything, as lines: kind, then whom, which right, which record or which system it is about. */
export async function foundNow(db: Db, codes: readonly string[], day = TODAY): Promise<string[]> {
  await db.transaction(tx => syncPurposes(tx, day))
  return linesOf(db, codes)
}

export const linesOf = (db: Db, codes: readonly string[]): Promise<string[]> =>
  db.snapshot(async tx =>
    (
      await tx.query<{ line: string }>(
        `select concat_ws(' ', f.code, p.given_name, coalesce(o.key, e.key, y.ref, s.key)) as line
         from finding f left join person_current p on p.person_id = f.person_id
         left join entitlement e on e.id = f.subject_id left join entitlement o on o.id = f.object_id
         left join activity y on y.id = f.activity_id left join it_system s on s.id = f.system_id
         where f.closed_at is null and f.code = any($1) order by 1`,
        [codes],
      )
    ).map(row => row.line),
  )

export const detailOf = async (db: Db, code: string): Promise<Record<string, unknown> | undefined> =>
  (
    await db.snapshot(tx =>
      tx.query<{ detail: Record<string, unknown> }>(
        'select detail from finding where closed_at is null and code = $1 order by subject_id, object_id limit 1',
        [code],
      ),
    )
  )[0]?.detail
