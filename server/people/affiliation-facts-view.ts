import type { AffiliationKind } from '#contract/shapes.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { AffiliationFactsRow, Status } from './affiliation.ts'
import { UNKNOWN_START } from './place-person.ts'

type Row = {
  affiliation_id: string
  person_id: string
  kind: AffiliationKind
  status: Status
  unit_id: string | null
  unit_key: string | null
  unit_keys: string[]
  unit_kind: string | null
  unit_level: number | null
  position_key: string | null
  position_category: string | null
  title: string | null
  kle: string[]
  functions: string[]
  is_manager: boolean
  manager_of_keys: string[]
  fraction: string | null
  is_primary: boolean
  starts_on: string | null
  ends_on: string | null
  on_leave: boolean
  networks: string[]
  school_class: string | null
}

/** No more than rules see: what else stands there (where each fact is from, a document) takes longer to read than the rest. */
const COLUMNS = [
  ...[
    'affiliation_id',
    'person_id',
    'kind',
    'status',
    'unit_id',
    'unit_keys',
    'position_key',
    'position_category',
    'title',
  ],
  ...['kle', 'functions', 'is_manager', 'fraction', 'is_primary', 'starts_on', 'ends_on', 'on_leave', 'networks'],
  'school_class',
]
  .map(column => `a.${column}`)
  .join(', ')

/** Facts of these affiliations, or of all, in batches and in the order of their ids: what rules see. Unknown ids are left out. */
export async function* affiliationFacts(
  tx: Tx,
  scope: readonly string[] | 'all',
  batchSize = 2000,
): AsyncGenerator<AffiliationFactsRow[]> {
  if (scope === 'all') return yield* allFacts(tx, batchSize)
  // A part of the list with each question: half a million ids as a parameter of each would cost their square.
  const ids = [...new Set(scope)].sort()
  for (let at = 0; at < ids.length; at += batchSize) {
    const rows = await tx.query<Row>(factsSql('a.affiliation_id = any($1)'), [ids.slice(at, at + batchSize)])
    if (rows.length > 0) yield rows.map(toFacts)
  }
}

async function* allFacts(tx: Tx, batchSize: number): AsyncGenerator<AffiliationFactsRow[]> {
  let last = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await tx.query<Row>(`${factsSql('a.affiliation_id > $1')} limit $2`, [last, batchSize])
    if (rows.length > 0) yield rows.map(toFacts)
    const end = rows.at(-1)
    if (!end || rows.length < batchSize) return
    last = end.affiliation_id
  }
}

const factsSql = (which: string) => `
  select ${COLUMNS}, u.key as unit_key, u.kind as unit_kind, u.level as unit_level,
    case when a.manager_of = '{}' then '{}' else array(
      select m.key from org_unit_current m where m.unit_id = any(a.manager_of) order by m.key) end as manager_of_keys
  from affiliation_current a left join org_unit_current u on u.unit_id = a.unit_id
  where ${which} order by a.affiliation_id`

function toFacts(row: Row): AffiliationFactsRow {
  return {
    id: row.affiliation_id,
    personId: row.person_id,
    kind: row.kind,
    status: row.status,
    unitId: row.unit_id ?? '',
    unitKey: row.unit_key ?? '',
    unitPath: row.unit_keys,
    unitKind: row.unit_kind ?? '',
    unitLevel: row.unit_level ?? 0,
    position: row.position_key,
    positionCategory: row.position_category,
    title: row.title,
    kle: row.kle,
    functions: row.functions,
    isManager: row.is_manager,
    managerOf: row.manager_of_keys,
    fraction: row.fraction === null ? null : Number(row.fraction),
    primary: row.is_primary,
    startsOn: row.starts_on ?? UNKNOWN_START,
    endsOn: row.ends_on,
    onLeave: row.on_leave,
    networks: row.networks,
    schoolClass: row.school_class,
  }
}
