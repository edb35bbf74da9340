import type { MiningOptions, MiningScope } from '#contract/mining.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { RightsMatrix } from '../../rules/mining/rights-matrix.ts'
import type { MatrixPerson } from './propose-roles.ts'

export type HeldMatrix = {
  matrix: RightsMatrix
  people: MatrixPerson[]
  /** Ids by the numbers of the matrix, and the keys of the rights. */
  personIds: string[]
  entitlementIds: string[]
  entitlementKeys: string[]
  /** Of each right that includes others of the matrix, by however many steps: which. */
  parts: [whole: number, parts: number[]][]
  /** Key of the unit that the scope is about; null: the whole municipality. */
  top: string | null
}

/** Of so many people a matrix fits beside everything else that a server of 512 MB does; of ten times as many it does not. */
export const MOST_PEOPLE = 80_000

/** SQL after `from` of who is in a matrix: active employees, of one unit (`$1`) or of all. */
const IN_MATRIX = `person_current p join affiliation_current ac on ac.affiliation_id = p.primary_affiliation_id
     where p.kind = 'employee' and p.status = 'active' and ac.status = 'active' and ac.kind <> 'pupil'
       and ($1::uuid is null or $1::uuid = any(ac.unit_path))`
const unitOf = (scope: MiningScope): string | null => (scope.kind === 'unit' ? scope.id : null)

/** How many people a search of this scope is about, whatever they hold. */
export async function countPeople(tx: Tx, scope: MiningScope): Promise<number> {
  const [row] = await tx.query<{ n: number }>(`select count(*)::int as n from ${IN_MATRIX}`, [unitOf(scope)])
  return row?.n ?? 0
}

/** The most that one search can be about: everybody, or the largest unit that is not too large. */
export async function widestScope(tx: Tx, most = MOST_PEOPLE): Promise<MiningScope> {
  if ((await countPeople(tx, { kind: 'all' })) <= most) return { kind: 'all' }
  const [unit] = await tx.query<{ id: string }>(
    `select u.id from (select ac.unit_path, ac.unit_keys from ${IN_MATRIX}) a cross join unnest(a.unit_path, a.unit_keys) as u (id, key)
     group by u.id, u.key having count(*) <= $2 order by count(*) desc, u.key limit 1`,
    [null, most],
  )
  return unit ? { kind: 'unit', id: unit.id } : { kind: 'all' }
}

/**
 * Who holds what today, as it has been observed: active employees of the scope, each by the primary affiliation, and the
 * rights of it that their linked accounts hold. Somebody who holds nothing is there too: a description that meets
 * people without the right must say so. Who holds a right holds what it includes, too, of that which somebody in the
 * scope holds by itself: a role of the parts fits whoever has the whole, as the comparison says. Where only what is
 * unexplained is asked for, nothing is added: the whole is what nothing explains. Rights and systems that are gone, retired or closed are not there, because no
 * rule may give them.
 */
export async function readMatrix(tx: Tx, scope: MiningScope, options: MiningOptions): Promise<HeldMatrix> {
  const unit = unitOf(scope)
  const people = await tx.query<{ id: string; units: string[] | null; position: string | null; kind: string }>(
    `select p.person_id as id, ac.position_key as position, ac.kind,
       (select array_agg(k order by at) from unnest(ac.unit_path, ac.unit_keys) with ordinality as u (id, k, at)
        where $1::uuid is null or at > array_position(ac.unit_path, $1::uuid)) as units
     from ${IN_MATRIX} order by p.person_id`,
    [unit],
  )
  const q = statement()
  const of = [`e.gone_at is null and e.status = 'active'`]
  if (scope.kind === 'system') of.push(`e.system_id = ${q.bind(scope.id, 'uuid')}`)
  if (scope.kind === 'area') of.push(`s.area = ${q.bind(scope.area, 'text')}`)
  const rights = await tx.query<{ id: string; key: string }>(
    `select e.id, e.key from entitlement e
     join it_system s on s.id = e.system_id and s.gone_at is null and s.status is distinct from 'closed'
     where ${of.join(' and ')} order by e.key`,
    q.params,
  )
  const where = ['acc.gone_at is null', 'acc.person_id = any($1::uuid[])']
  if (options.unexplainedOnly)
    where.push(`exists (select from right_deviation d where d.person_id = acc.person_id
      and d.entitlement_id = o.entitlement_id and d.state = 'unexplained')`)
  if (options.withoutDecided)
    where.push(
      `not exists (select from right_exception x where x.in_force and x.person_id = acc.person_id
        and x.entitlement_id = o.entitlement_id)`,
      `not exists (select from finding f where f.closed_at is null and f.person_id = acc.person_id
        and f.object_id = o.entitlement_id and f.code in ('unexplained', 'mover', 'still-held', 'privileged', 'outlier')
        and f.state in ('accepted', 'removal', 'not-a-finding'))`,
    )
  // A row a person with the numbers of the rights: a row a right would be a million of them, each with its texts.
  const held = await tx.query<{ person: string; rights: number[] }>(
    `with own as materialized (
       select distinct acc.person_id, o.entitlement_id from observed_right o join account acc on acc.id = o.account_id
       where ${where.join(' and ')}
     ), held as (
       select * from own
       union select own.person_id, part.part_id from own join entitlement_part part on part.entitlement_id = own.entitlement_id
       where (select exists (select from entitlement_include)) and not $3::boolean
         and part.part_id in (select entitlement_id from own)
     )
     select held.person_id as person, array_agg(r.number::int) as rights
     from held join unnest($2::uuid[]) with ordinality as r (id, number) on r.id = held.entitlement_id
     group by held.person_id`,
    [people.map(one => one.id), rights.map(one => one.id), options.unexplainedOnly],
  )
  const includes = await tx.query<{ whole: string; parts: string[] }>(
    `select entitlement_id as whole, array_agg(part_id) as parts from entitlement_part
     where entitlement_id = any($1) and part_id = any($1) group by entitlement_id`,
    [rights.map(one => one.id)],
  )
  const [named] = unit
    ? await tx.query<{ key: string }>('select key from org_unit_current where unit_id = $1', [unit])
    : []
  const matrix = numbered(people, rights, held)
  const numberOf = new Map(matrix.entitlementIds.map((id, number) => [id, number]))
  const numbersOf = (ids: readonly string[]) => ids.flatMap(id => numberOf.get(id) ?? [])
  const parts = includes.flatMap(one =>
    numbersOf([one.whole]).map((whole): HeldMatrix['parts'][number] => [whole, numbersOf(one.parts)]),
  )
  return { ...matrix, parts, top: named?.key ?? null }
}

type Person = { id: string; units: string[] | null; position: string | null; kind: string }

/** Rights that nobody holds get no number. `held` has the places of the rights, from 1. */
function numbered(
  people: readonly Person[],
  rights: readonly { id: string; key: string }[],
  held: readonly { person: string; rights: readonly number[] }[],
) {
  const some = new Set<number>()
  for (const one of held) for (const right of one.rights) some.add(right)
  const numbers = new Map([...some].sort((a, b) => a - b).map((right, number) => [right, number]))
  const named = [...numbers.keys()].map(right => rights[right - 1] as { id: string; key: string })
  // Each row is rising.
  const rows = new Map(
    held.map(one => [one.person, one.rights.map(right => numbers.get(right) as number).sort((a, b) => a - b)]),
  )
  // Colleagues have the same units: one list for all of them, here and in the thread that gets it.
  const lists = new Map<string, string[]>()
  const shared = (units: string[]): string[] => {
    const key = units.join(' ')
    const known = lists.get(key) ?? units
    lists.set(key, known)
    return known
  }
  return {
    matrix: { rights: named.length, rows: people.map(one => rows.get(one.id) ?? []) },
    people: people.map(({ units, position, kind }) => ({ units: shared(units ?? []), position, kind })),
    personIds: people.map(one => one.id),
    entitlementIds: named.map(one => one.id),
    entitlementKeys: named.map(one => one.key),
  }
}
