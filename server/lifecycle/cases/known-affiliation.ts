import type { AffiliationKind } from '#contract/shapes.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Placed } from './case.ts'

/** An affiliation that a report is about, as it is today. */
export type KnownAffiliation = {
  affiliationId: string
  /** The person that counts, where two records are one. */
  personId: string
  kind: AffiliationKind
  status: 'active' | 'future' | 'ended'
  unitId: string | null
  unitPath: string[]
  /** The source says the administrative unit itself, rather than a payroll unit that maps to one. */
  unitStated: boolean
  title: string | null
  fraction: number | null
  startsOn: string | null
  /** The first day on which it is over, by whatever ends it. */
  endsOn: string | null
  contractEndsOn: string | null
  managerId: string | null
  functions: string[]
}

/** Throws `not-found` where there is no such affiliation, or it has been taken back. */
export async function knownAffiliation(tx: Tx, id: string): Promise<KnownAffiliation> {
  const [row] = await tx.query<KnownAffiliation>(
    `select ac.affiliation_id as "affiliationId", ac.person_id as "personId", ac.kind, ac.status, ac.unit_id as "unitId",
       ac.unit_path as "unitPath", ac.origin ? 'unit' as "unitStated", ac.title, ac.fraction::float8 as fraction,
       ac.starts_on as "startsOn", ac.ends_on as "endsOn", ac.contract_ends_on as "contractEndsOn",
       ac.manager_person_id as "managerId", ac.functions
     from affiliation a join affiliation_current ac on ac.affiliation_id = coalesce(a.merged_into, a.id)
     where a.id = $1 and ac.kind <> 'pupil'`,
    [id],
  )
  if (!row) throw problem('not-found')
  return row
}

/** Whose it is and where, which a form about an affiliation that is there does not say itself. */
export async function settlePlace(tx: Tx, placed: Placed): Promise<Placed> {
  if (placed.affiliationId === null || placed.unitId !== null) return placed
  const known = await knownAffiliation(tx, placed.affiliationId)
  return { ...placed, affiliationId: known.affiliationId, personId: known.personId, unitId: known.unitId }
}

/** Facts that reports have stated about an affiliation, by the reports that still count. */
export async function statedHashes(
  tx: Tx,
  affiliationId: string,
  which: { kind: 'hire' | 'absence' | 'end'; doors: readonly string[]; effectiveOn?: string | null },
): Promise<{ hashes: string[]; caseIds: string[] }> {
  const rows = await tx.query<{ id: string; hash: string | null }>(
    `select c.id, encode(f.hash, 'hex') as hash from lifecycle_case c
     left join fact f on f.source_key = c.id::text and f.source in ('report', 'report-change') and f.op = 'assert'
       and f.subject_kind = 'affiliation' and not exists (select from fact r where r.retracts = f.hash)
     where c.affiliation_id = $1 and c.kind = $2 and c.door = any($3) and c.stated_at is not null
       and ($4::date is null or c.effective_on = $4)`,
    [affiliationId, which.kind, which.doors, which.effectiveOn ?? null],
  )
  return { hashes: rows.flatMap(row => row.hash ?? []), caseIds: [...new Set(rows.map(row => row.id))] }
}
