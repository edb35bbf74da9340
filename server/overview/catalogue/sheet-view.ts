import type { z } from 'zod'
import type { attestation, getSheet, getSheetHistory } from '#contract/catalogue.ts'
import type { ParamsOf, QueryOf, ResponseOf } from '#contract/endpoint.ts'
import { type Sheet, type SheetField, type SystemFlow, sheetFields } from '#contract/sheet.ts'
import { personRefSql, unitRefSql, visibleTo } from '../../access/visible.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows } from '../../policy/policy.ts'
import type { Hand } from '../../systems/catalogue/effective-sheet.ts'
import { userNames } from '../user-names-view.ts'
import { namedChanges } from './named-changes.ts'

type Answer = ResponseOf<typeof getSheet>
type Named = Answer['people']['owner']
type Row = {
  id: string
  key: string
  name: string
  version: number
  sheet: Sheet
  hand: Hand
  feed: Sheet
  source: string
  sourceName: { da: string; en: string } | null
  attestDue: string | null
  owner: Named
  responsible: Named
  contact: Named
  unit: Answer['unit']
  systems: Answer['systems']
  told: { by: Answer['system']; flow: SystemFlow }[]
  attestations: (Omit<z.output<typeof attestation>, 'by'> & { userId: string })[]
  past: { version: number; sheet: Sheet; hand: Hand } | null
}

/** Somebody whom the sheet names, as far as the reader may know; null where it names nobody. `id`: SQL of the employment. */
function namedSql(as: string, id: string, words: string, shown: string): string {
  return `left join lateral (
    select jsonb_build_object('person', ${personRefSql(as, shown)}, 'words', ${words}, 'title', ac.title,
      'unit', ${unitRefSql('u')}, 'ended', coalesce(ac.status = 'ended', false)) as ref
    from (select ${id} as id) chosen
    left join affiliation a on a.id = chosen.id left join affiliation_current ac on ac.affiliation_id = a.id
    left join person_current ${as} on ${as}.person_id = a.person_id left join org_unit_current u on u.unit_id = ac.unit_id
    where chosen.id is not null or ${words} is not null) named_${as} on true`
}

/**
 * A sheet with where each value comes from, whom it names and who has confirmed it; `at`: as it stood then (null before
 * the system was known). Two statements, the second for names of users.
 */
export async function sheetView(
  tx: Tx,
  actor: Actor,
  { systemId }: ParamsOf<typeof getSheet>,
  query: QueryOf<typeof getSheet>,
  today: string,
): Promise<Answer | null> {
  const q = statement()
  const id = q.bind(systemId, 'uuid')
  const at = q.bind(query.at ?? null, 'timestamptz')
  const may = visibleTo(actor, q)
  // As of another day a person is whom the sheet named then: by hand an employment, else the feed's words.
  const ref = (field: string, column: string) =>
    `case when ${at} is null then s.${column} else coalesce((v.sheet -> '${field}' ->> 'affiliation')::uuid,
       case when v.sheet -> '${field}' = s.sheet -> '${field}' then s.${column} end) end`
  const words = (field: string) => `coalesce(v.sheet, s.sheet) -> '${field}' ->> 'words'`
  const unit = `case when ${at} is null then s.unit_id else coalesce((v.sheet -> 'unit' ->> 'unit')::uuid,
       case when v.sheet -> 'unit' = s.sheet -> 'unit' then s.unit_id end) end`
  const [row] = await tx.query<Row>(
    `select s.id, s.key, s.name, s.version, s.sheet, s.hand, s.feed, s.source, src.name as "sourceName",
       s.attest_due as "attestDue",
       named_owner.ref as owner, named_responsible.ref as responsible, named_contact.ref as contact,
       ${unitRefSql('su')} as unit,
       coalesce((select jsonb_agg(distinct jsonb_build_object('id', o.id, 'key', o.key, 'name', o.name))
         from jsonb_array_elements(coalesce(v.sheet, s.sheet) -> 'flows') f join it_system o on o.key = f ->> 'system'), '[]') as systems,
       coalesce((select jsonb_agg(jsonb_build_object('by', jsonb_build_object('id', o.id, 'key', o.key, 'name', o.name), 'flow', f)
           order by o.name, f ->> 'direction', f ->> 'how')
         from it_system o cross join jsonb_array_elements(o.sheet -> 'flows') f
         where f ->> 'system' = s.key and o.gone_at is null and o.id <> s.id), '[]') as told,
       coalesce((select jsonb_agg(jsonb_build_object('at', to_char(t.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
           'userId', t.user_id, 'changed', t.changed, 'note', t.note) order by t.at desc)
         from (select * from system_attestation t where t.system_id = s.id order by t.at desc limit 20) t), '[]') as attestations,
       case when v.version is not null then jsonb_build_object('version', v.version, 'sheet', v.sheet, 'hand', v.hand) end as past
     from it_system s
     left join lateral (select * from system_version v where ${at} is not null and v.system_id = s.id and v.at <= ${at}
       order by v.version desc limit 1) v on true
     left join source src on src.key = s.source
     left join org_unit_current su on su.unit_id = ${unit}
     ${namedSql('owner', ref('owner', 'owner_affiliation_id'), words('owner'), may.name('owner'))}
     ${namedSql('responsible', ref('responsible', 'responsible_affiliation_id'), words('responsible'), may.name('responsible'))}
     ${namedSql('contact', ref('contact', 'contact_affiliation_id'), words('contact'), may.name('contact'))}
     where s.id = ${id}`,
    q.params,
  )
  if (!row || (query.at && !row.past)) return null
  const { sheet, hand, version } = row.past ?? row
  const users = [...Object.values(hand).flatMap(one => one?.by ?? []), ...row.attestations.map(one => one.userId)]
  const names = await userNames(tx, users)
  const origins: Partial<Record<SheetField, Answer['origins'][SheetField]>> = {}
  for (const field of sheetFields) {
    const set = hand[field]
    if (set)
      origins[field] = { kind: 'hand', at: set.at, by: set.by ? (names.get(set.by) ?? null) : null, reason: set.reason }
    else if (sheet[field] !== undefined)
      origins[field] = { kind: 'feed', source: row.source, sourceName: row.sourceName }
  }
  return {
    system: { id: row.id, key: row.key, name: sheet.name ?? row.name },
    version,
    values: sheet,
    origins: origins as Answer['origins'],
    feed: Object.fromEntries(Object.entries(row.feed).filter(([field]) => field in hand)) as Sheet,
    people: { owner: row.owner, responsible: row.responsible, contact: row.contact },
    unit: row.unit,
    systems: row.systems,
    told: row.told,
    attestations: row.attestations.map(({ userId, ...one }) => ({ ...one, by: names.get(userId) ?? null })),
    attestDue: row.attestDue,
    today,
    allowed: { change: !query.at && allows(actor, 'change', 'System', { id: row.id }) },
  }
}

/** Every change, newest first. Three statements: the changes, who made them, and whom they name. */
export async function sheetHistoryView(
  tx: Tx,
  actor: Actor,
  { systemId }: ParamsOf<typeof getSheetHistory>,
  query: QueryOf<typeof getSheetHistory>,
): Promise<ResponseOf<typeof getSheetHistory> | null> {
  type Version = ResponseOf<typeof getSheetHistory>['rows'][number]
  type Row = Omit<Version, 'by' | 'at' | 'undo'> & {
    at: Date
    userId: string | null
    batch: string | null
    /** Systems of a batch that has not been taken back. */
    together: string[] | null
    total: number
  }
  const rows = await tx.query<Row>(
    `select v.version, v.at, v.origin, v.source, v.reason, v.changes, v.user_id as "userId", v.batch,
       case when v.origin = 'bulk' and not exists (select from system_version u where u.batch = v.batch and u.origin = 'undo')
         then array(select b.system_id::text from system_version b where b.batch = v.batch and b.origin = 'bulk') end as together,
       (select count(*) from system_version where system_id = $1)::int as total
     from system_version v where v.system_id = $1 order by v.version desc offset $2 limit $3`,
    [systemId, query.offset, query.limit],
  )
  if (rows.length === 0) {
    const [known] = await tx.query('select 1 from it_system where id = $1', [systemId])
    if (!known) return null
  }
  const names = await userNames(
    tx,
    rows.flatMap(row => row.userId ?? []),
  )
  const shown = await namedChanges(
    tx,
    actor,
    rows.map(row => row.changes),
  )
  return {
    rows: rows.map(({ userId, at, batch, together, total: _, ...row }, place) => ({
      ...row,
      // Whoever may change all of them, as undoSheets asks.
      undo:
        batch && together?.every(id => allows(actor, 'change', 'System', { id }))
          ? { batch, systems: together.length }
          : null,
      changes: shown[place] ?? [],
      at: at.toISOString(),
      by: userId ? (names.get(userId) ?? null) : null,
    })),
    total: rows[0]?.total ?? 0,
  }
}
