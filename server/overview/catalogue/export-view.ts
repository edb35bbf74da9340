import type { exportSystems } from '#contract/catalogue-export.ts'
import type { BodyOf } from '#contract/endpoint.ts'
import { DANISH, visibleTo } from '../../access/visible.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { sqlFor } from '../../policy/policy.ts'
import type { ExportSystem } from '../../systems/transfer/export-lines.ts'
import { systemFilter } from '../systems-views.ts'

/** Somebody whom a sheet leads to: no protected name is in any file, and a number only for who may see employments whole. */
const namedSql = (name: string, as: string, number: string): string =>
  `'${name}', case when ${as}.person_id is not null then jsonb_build_object(
    'name', case when ${as}.protected then '' else ${as}.name end, 'number', case when ${number} then ${as}c.employee_no end,
    'hidden', ${as}.protected) end`
const join = (as: string, column: string) =>
  `left join affiliation ${as}a on ${as}a.id = s.${column} left join affiliation_current ${as}c on ${as}c.affiliation_id = s.${column}
   left join person_current ${as} on ${as}.person_id = ${as}a.person_id`

/** The systems that the reader may take out, as filtered, by name. One statement. */
export async function exportView(
  tx: Tx,
  actor: Actor,
  filter: BodyOf<typeof exportSystems>['filter'],
  today: string,
): Promise<(ExportSystem & { uuid: string | null })[]> {
  const q = statement()
  const conditions = systemFilter(actor, filter, today, q)
  const allowed = q.use(startAt =>
    sqlFor(actor, 'export', 'System', { id: { sql: 's.id', type: 'uuid' } }, { startAt }),
  )
  const may = visibleTo(actor, q)
  const people = [
    ['owner', 'po', 'owner_affiliation_id'],
    ['responsible', 'pr', 'responsible_affiliation_id'],
    ['contact', 'pc', 'contact_affiliation_id'],
  ] as const
  return tx.query(
    `select s.key, s.name, s.sheet,
       (select x.key from system_external_key x where x.system_id = s.id and x.scheme = 'kitos' order by x.key limit 1) as uuid,
       jsonb_strip_nulls(jsonb_build_object(${people
         .map(([name, as]) => namedSql(name, as, may.affiliation(`${as}c`, 'details')))
         .join(', ')},
         'unit', case when u.unit_id is not null then jsonb_build_object('name', u.name, 'number', u.key, 'hidden', false) end)) as named
     from it_system s ${people.map(([, as, column]) => join(as, column)).join(' ')}
     left join org_unit_current u on u.unit_id = s.unit_id
     where ${conditions.join(' and ')} and ${allowed}
     order by s.name ${DANISH}, s.key`,
    q.params,
  )
}
