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
  /** Key of the unit that the scope is about; null: the whole municipality. */
  top: string | null
}

/**
 * Who holds what today, as it has been observed: active employees of the scope, each by the primary affiliation, and the
 * rights of it that their linked accounts hold. Somebody who holds nothing is there too: a description that meets
 * people without the right must say so. Rights and systems that are gone, retired or closed are not there, because no
 * rule may give them.
 */
export async function readMatrix(tx: Tx, scope: MiningScope, options: MiningOptions): Promise<HeldMatrix> {
  const unit = scope.kind === 'unit' ? scope.id : null
  const people = await tx.query<{ id: string; units: string[] | null; position: string | null; kind: string }>(
    `select p.person_id as id, ac.position_key as position, ac.kind,
       (select array_agg(k order by at) from unnest(ac.unit_path, ac.unit_keys) with ordinality as u (id, k, at)
        where $1::uuid is null or at > array_position(ac.unit_path, $1::uuid)) as units
     from person_current p join affiliation_current ac on ac.affiliation_id = p.primary_affiliation_id
     where p.kind = 'employee' and p.status = 'active' and ac.status = 'active' and ac.kind <> 'pupil'
       and ($1::uuid is null or $1::uuid = any(ac.unit_path))
     order by p.person_id`,
    [unit],
  )
  const q = statement()
  const where = [
    `acc.person_id = any(${q.bind(
      people.map(one => one.id),
      'uuid[]',
    )})`,
  ]
  if (scope.kind === 'system') where.push(`e.system_id = ${q.bind(scope.id, 'uuid')}`)
  if (scope.kind === 'area') where.push(`s.area = ${q.bind(scope.area, 'text')}`)
  if (options.unexplainedOnly)
    where.push(`exists (select from right_deviation d where d.person_id = acc.person_id
      and d.entitlement_id = o.entitlement_id and d.state = 'unexplained')`)
  if (options.withoutDecided)
    where.push(
      `not exists (select from right_exception x where x.in_force and x.person_id = acc.person_id
        and x.entitlement_id = o.entitlement_id)`,
      `not exists (select from finding f where f.closed_at is null and f.person_id = acc.person_id
        and f.object_id = o.entitlement_id and f.code in ('unexplained', 'mover', 'privileged', 'outlier')
        and f.state in ('accepted', 'removal', 'not-a-finding'))`,
    )
  const held = await tx.query<{ person: string; right: string; key: string }>(
    `select distinct acc.person_id as person, e.id as right, e.key
     from observed_right o join account acc on acc.id = o.account_id and acc.gone_at is null
     join entitlement e on e.id = o.entitlement_id and e.gone_at is null and e.status = 'active'
     join it_system s on s.id = e.system_id and s.gone_at is null and s.status is distinct from 'closed'
     where ${where.join(' and ')} order by e.key`,
    q.params,
  )
  const [named] = unit
    ? await tx.query<{ key: string }>('select key from org_unit_current where unit_id = $1', [unit])
    : []
  return { ...numbered(people, held), top: named?.key ?? null }
}

type Person = { id: string; units: string[] | null; position: string | null; kind: string }

function numbered(people: readonly Person[], held: readonly { person: string; right: string; key: string }[]) {
  const place = new Map(people.map((one, at) => [one.id, at]))
  const rows: number[][] = people.map(() => [])
  const numbers = new Map<string, number>()
  const entitlementKeys: string[] = []
  for (const { person, right, key } of held) {
    let number = numbers.get(right)
    if (number === undefined) {
      number = numbers.size
      numbers.set(right, number)
      entitlementKeys.push(key)
    }
    // Rights come in the order of their numbers, so each row is rising.
    rows[place.get(person) as number]?.push(number)
  }
  return {
    matrix: { rights: numbers.size, rows },
    people: people.map(({ units, position, kind }) => ({ units: units ?? [], position, kind })),
    personIds: people.map(one => one.id),
    entitlementIds: [...numbers.keys()],
    entitlementKeys,
  }
}
