import type { NamedRef } from '#contract/catalogue.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { ImportPlan, ImportRow, listImports } from '#contract/transfer.ts'
import { personRefSql, unitRefSql } from '../../access/visible.ts'
import { countOps } from '../../feeds/imports/check-import.ts'
import { pastImports } from '../../feeds/imports/import-store.ts'
import { fold } from '../../platform/fold.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { userName } from '../../register/activities/activity-sql.ts'
import { isRef, type PlannedRow } from '../../systems/transfer/plan-import.ts'
import type { Planned } from '../../systems/transfer/transfer-service.ts'

const SHOWN = 500
const RANK = { bad: 0, new: 1, changed: 2, unchanged: 3 }

/** A planned import as it is shown: mistakes first. Who may be meant by a name is looked up here, in one statement. */
export async function importPlanView(tx: Tx, plan: Planned): Promise<ImportPlan> {
  const shown = plan.rows
    .filter(row => row.op !== 'unchanged')
    .sort((a, b) => RANK[a.op as 'bad'] - RANK[b.op as 'bad'] || a.told.line - b.told.line)
  const called = new Map([
    ...[...plan.known.systems.values()].map(one => [one.key, one.name] as const),
    ...plan.rows.flatMap(row => (row.key && row.told.name ? [[row.key, row.told.name] as const] : [])),
  ])
  const notTaken = plan.rows.flatMap(row =>
    (row.op === 'bad' ? [] : row.notes).map(note => ({
      ...note,
      system: row.system?.name ?? row.told.name ?? row.key,
    })),
  )
  return {
    hash: plan.hash,
    counts: {
      ...countOps(plan.rows),
      values: plan.rows.reduce((sum, row) => sum + (row.planned?.changes.length ?? 0), 0),
      skipped: plan.rows.reduce((sum, row) => sum + (row.op === 'bad' ? 0 : row.skipped), 0),
    },
    rows: shown.slice(0, SHOWN).map(row => shownRow(row, plan, called)),
    total: shown.length,
    notTaken: notTaken.slice(0, SHOWN),
    notTakenTotal: notTaken.length,
    people: await withCandidates(tx, plan.people),
  }
}

function shownRow(row: PlannedRow, { known }: Planned, called: ReadonlyMap<string, string>): ImportRow {
  const named = (field: string, value: unknown, linked: string | undefined): unknown => {
    const as = (ref: Partial<NamedRef>): NamedRef => ({ name: null, hidden: false, unit: null, words: null, ...ref })
    // A flow is told by the key of the other system, which of KITOS is a uuid: people read names.
    if (field === 'flows' && Array.isArray(value))
      return value.map(flow => ({ ...flow, system: called.get(flow.system) ?? flow.system }))
    if (value === null || value === undefined || !isRef(field as 'owner')) return value
    const { affiliation, unit, words } = value as { affiliation?: string; unit?: string; words?: string }
    const person = known.people.get(affiliation ?? (field === 'unit' ? '' : (linked ?? '')))
    if (person) return as(person.hidden ? { hidden: true } : { name: person.name })
    const name = known.units.get(unit ?? (field === 'unit' ? (linked ?? '') : ''))?.name
    return as(name ? { name } : { words: words ?? null })
  }
  return {
    ...{ sheet: row.told.sheet, line: row.told.line, key: row.key, name: row.system?.name ?? row.told.name },
    ...{ system: row.system?.gone ? null : (row.system?.id ?? null), found: row.found, faults: row.faults },
    op: row.op as ImportRow['op'],
    changes: (row.planned?.changes ?? []).map(({ field, before, after }) => ({
      field,
      before: named(field, before, row.system?.linked[field as 'owner']),
      after: named(field, after, undefined),
    })),
  }
}

/** Who may be meant: the same mail address, or the same name. Only for somebody to choose from; protected people are not told of. */
async function withCandidates(tx: Tx, people: Planned['people']): Promise<ImportPlan['people']> {
  if (people.length === 0) return []
  type Found = ImportPlan['people'][number]['candidates'][number] & { said: string }
  const rows = await tx.query<Found>(
    `select r.said, ${personRefSql('p', 'true')} as person, ac.title, ${unitRefSql('u')} as unit,
       case when lower(p.email) = r.email then 'email' else 'name' end as why
     from jsonb_to_recordset($1::jsonb) as r(said text, email text, name text)
     join person_current p on not p.protected and p.kind <> 'pupil' and p.status <> 'ended'
       and (lower(p.email) = r.email or search_fold(p.name) = r.name)
     join affiliation_current ac on ac.affiliation_id = p.primary_affiliation_id and ac.status <> 'ended'
     left join org_unit_current u on u.unit_id = ac.unit_id
     order by why, p.name, p.person_id`,
    [
      JSON.stringify(
        people.map(one => ({
          said: one.said,
          email: one.email?.toLowerCase() ?? null,
          name: one.name ? fold(one.name.replace(/\s*\(.*\)$/s, '')) : null,
        })),
      ),
    ],
  )
  return people.map(one => ({
    ...one,
    candidates: rows
      .filter(row => row.said === one.said)
      .slice(0, 5)
      .map(({ said: _, ...row }) => row),
  }))
}

/** The last that were let in, by whomever: who takes in systems may take any import back. */
export async function importsView(tx: Tx): Promise<ResponseOf<typeof listImports>> {
  type Did = Pick<ResponseOf<typeof listImports>['rows'][number], 'kind' | 'created' | 'changed'>
  const columns = ['kind', 'created', 'changed']
  return { rows: await pastImports<Did>(tx, 'catalogue_import', { columns, nameOf: userName }) }
}
