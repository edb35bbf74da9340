import type { ResponseOf } from '#contract/endpoint.ts'
import type { getPersonReach } from '#contract/reach.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { REACH, reachCellCtes } from './reach-cells-sql.ts'
import { type Operation, operationsOf } from './reach-limits.ts'
import { readTerms, termsOf } from './reach-terms.ts'
import { narrowOf, typesOf } from './reach-views.ts'

type Answer = ResponseOf<typeof getPersonReach>
type Row = Answer['rows'][number]

/**
 * All that one person can reach, by category of data: of whom, through which activity and system, by which rights. Only
 * rights that the reader may know of. `operation`: purposes for something else do not count. Two statements.
 */
export async function personReach(
  tx: Tx,
  actor: Actor,
  personId: string,
  today: string,
  operation?: Operation,
): Promise<Answer> {
  const q = statement()
  const day = q.bind(today, 'date')
  const narrow = { ...narrowOf(q, {}, actor), among: `PERSON = ${q.bind(personId, 'uuid')}` }
  type Found = Omit<Row, 'data' | 'operations' | 'uncounted'> & {
    data: string | null
    ops: number
    uncounted: string | null
  }
  const found = await tx.query<Found>(
    `with ${reachCellCtes(day, narrow, operation)}
     select x.data, x.subjects, x.how, x.beyond, x.ops, x.part, x.uncounted, x.rights, json_build_object('id', s.id, 'key', s.key, 'name', s.name) as system,
       case when y.id is not null then json_build_object('id', y.id, 'ref', y.ref, 'name', v.content ->> 'name') end as activity
     from (
       select c.data, c.activity_id, w.system_id, c.how, c.beyond, bit_or(c.ops) as ops, bool_and(c.part) as part,
         case when bool_and(c.uncounted is not null) then string_agg(distinct c.uncounted, E'\\n') end as uncounted, coalesce(array_agg(distinct c.subject) filter (where c.subject is not null), '{}') as subjects,
         json_agg(distinct jsonb_build_object('id', e.id, 'name', e.name)) as rights
       from ${REACH} join entitlement e on e.id = w.entitlement_id
       group by 1, 2, 3, 4, 5) x
     join it_system s on s.id = x.system_id left join activity y on y.id = x.activity_id
     left join reach_record r on r.activity_id = y.id left join activity_version v on v.id = r.version_id
     order by x.how <> 'unexplained', x.how <> 'constrained', s.name, y.ref`,
    q.params,
  )
  const terms = await readTerms(tx)
  const rows = found.flatMap(({ data, ops, uncounted, ...row }): Row[] =>
    data === null ? [] : [{ ...row, data, operations: operationsOf(ops), uncounted: typesOf(uncounted ?? '') }],
  )
  const unknown = new Map(found.filter(row => row.data === null).map(row => [row.system.id, row.system]))
  return {
    data: termsOf(
      terms.data,
      rows.map(row => row.data),
    ),
    subjects: termsOf(
      terms.subjects,
      rows.flatMap(row => row.subjects),
    ),
    rows,
    unknown: [...unknown.values()],
  }
}
