import type { ContentChange } from '#contract/activity-versions.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { listRegisterImports, RegisterPlan } from '#contract/register-transfer.ts'
import { countOps } from '../../feeds/imports/check-import.ts'
import { pastImports } from '../../feeds/imports/import-store.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { userName } from '../../register/activities/activity-sql.ts'
import type { Planned } from './import-service.ts'

const SHOWN = 300
const RANK = { bad: 0, changed: 1, new: 2, unchanged: 3 }

/** A planned import as it is shown: mistakes first. Words for ids are looked up here, in one statement. */
export async function importPlanView(tx: Tx, plan: Planned): Promise<RegisterPlan> {
  const shown = plan.rows
    .filter(row => row.op !== 'unchanged')
    .sort((a, b) => RANK[a.op] - RANK[b.op] || a.told.line - b.told.line)
  const rows = shown.slice(0, SHOWN)
  return {
    hash: plan.hash,
    counts: {
      ...countOps(plan.rows),
      faults: plan.rows.reduce((sum, row) => sum + row.faults.length, 0),
      remarks: plan.rows.filter(row => row.remarks.length > 0).length,
    },
    rows: rows.map(row => ({
      ...{ sheet: row.told.sheet, line: row.told.line, ref: row.record?.ref ?? row.told.ref, found: row.found },
      name: row.told.name ?? row.record?.content.name ?? null,
      activityId: row.record?.id ?? null,
      ...{ op: row.op as 'bad', becomes: row.becomes, changes: row.changes },
      ...{ faults: row.faults.slice(0, 50), notes: row.notes, remarks: row.remarks },
    })),
    total: shown.length,
    names: await namesOf(
      tx,
      rows.flatMap(row => row.changes),
    ),
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Owners, units and systems that changes name. A protected name is nobody's to read here. */
async function namesOf(tx: Tx, changes: readonly ContentChange[]): Promise<Record<string, string>> {
  const ids = new Set<string>()
  for (const { key, before, after } of changes)
    for (const value of [key, before, after]) if (typeof value === 'string' && UUID.test(value)) ids.add(value)
  if (ids.size === 0) return {}
  const rows = await tx.query<{ id: string; name: string }>(
    `select unit_id as id, name from org_unit_current where unit_id = any($1::uuid[])
     union all select id, name from it_system where id = any($1::uuid[])
     union all select a.id, p.name from affiliation a join affiliation_current ac on ac.affiliation_id = coalesce(a.merged_into, a.id)
       join person_current p on p.person_id = ac.person_id and not p.protected where a.id = any($1::uuid[])`,
    [[...ids]],
  )
  return Object.fromEntries(rows.map(row => [row.id, row.name]))
}

/** The reader's own that were let in. */
export async function importsView(tx: Tx, userId: string): Promise<ResponseOf<typeof listRegisterImports>> {
  type Did = Pick<ResponseOf<typeof listRegisterImports>['rows'][number], 'drafts' | 'proposals'>
  const columns = ['drafts', 'proposals']
  return { rows: await pastImports<Did>(tx, 'register_import', { columns, nameOf: userName, userId }) }
}
