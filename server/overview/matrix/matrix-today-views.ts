import { CELL_STATES } from '#contract/lists.ts'
import { CELL_EXPIRES, type MatrixFilter } from '#contract/matrix.ts'
import { comparisonSql } from '../../access/person-rights-store.ts'
import { DANISH, visibleTo } from '../../access/visible.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { nearTextSql } from '../people-views.ts'
import { codeSql, packedSql } from './matrix-cells.ts'
import { asksFor } from './matrix-columns-views.ts'
import type { UnitRow } from './matrix-units.ts'

/** A row of the matrix before it is known whether it has cells. `stays`: it is shown without any, too. */
export type MatrixPerson = {
  id: string
  name: string | null
  protected: boolean
  title: string | null
  unit: string | null
  stays: boolean
}

export const readUnits = (tx: Tx): Promise<UnitRow[]> =>
  tx.query<UnitRow>('select unit_id as id, parent_id as "parentId", name, tree from org_unit_current')

/**
 * Who fits, by name, each under the affiliation by which the reader knows them (one in the unit asked for, where one is
 * asked for). Somebody whose name is protected from the reader is neither found nor sorted by it.
 */
export async function readPeople(tx: Tx, actor: Actor, query: MatrixFilter): Promise<MatrixPerson[]> {
  const q = statement()
  const may = visibleTo(actor, q)
  const shown = may.name('p')
  const details = may.affiliation('ac', 'details')
  const unit = query.unit ? q.bind([query.unit], 'uuid[]') : null
  const filters = [
    may.person('p'),
    query.kind ? `p.kind = ${q.bind(query.kind, 'text')}` : `p.kind <> 'pupil'`,
    ...(query.status ? [`p.status = ${q.bind(query.status, 'text')}`] : []),
    ...(unit ? [`(p.unit_ids && ${unit} or p.unit_path && ${unit})`] : []),
    ...(query.text ? [nearTextSql(query.text, actor, q)] : []),
  ]
  return tx.query<MatrixPerson>(
    `with found as materialized (select p.* from person_current p where ${filters.join(' and ')}),
     job as (
       select distinct on (ac.person_id) ac.person_id, ac.unit_id, case when ${details} then ac.title end as title
       from affiliation_current ac join found p on p.person_id = ac.person_id where ${may.affiliation('ac')}
       order by ac.person_id, ${unit ? `ac.unit_path && ${unit} desc,` : ''} coalesce(${details}, false) desc,
         ac.status = 'active' desc, ac.is_primary desc, ac.affiliation_id
     )
     select p.person_id as id, case when ${shown} then p.name end as name, p.protected, job.title, job.unit_id as unit,
       p.status <> 'ended' as stays
     from found p left join job on job.person_id = p.person_id
     order by case when ${shown} then p.family_name end ${DANISH} nulls last,
       case when ${shown} then p.given_name end ${DANISH} nulls last, p.person_id`,
    q.params,
  )
}

type Asked = {
  people: readonly { id: string }[]
  columns: readonly { id: string }[]
  query: MatrixFilter & { columns: 'systems' | 'rights' }
}

/**
 * All cells in one value (`readCells`): the comparison of what should be with what is, right by right as the reader may
 * know of it, then folded to the columns. One statement, and one row over the wire: as rows they took longer to read
 * than to compare.
 */
export async function readTodaysCells(tx: Tx, actor: Actor, { people, columns, query }: Asked): Promise<Buffer> {
  const q = statement()
  const may = visibleTo(actor, q)
  const only = [
    may.right('c', 'cp', 'e'),
    ...(query.drift ? [`c.state in ('missing', 'unexplained', 'still-held')`] : []),
    ...(query.state ? [`d.code = ${q.bind(CELL_STATES.indexOf(query.state) + 1, 'int')}`] : []),
  ]
  // Few assignments have an end or were given by hand; those of the same right that go on are looked for only there.
  const goneWithAll = (name: string, of: string, unlessAlso: string) => `${name} as (
    select distinct ac.person_id, a.entitlement_id
    from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id
    where ${of} and ac.person_id in (select person_id from listed) and not exists (
      select from affiliation_current oc join assignment o on o.affiliation_id = oc.affiliation_id
      where oc.person_id = ac.person_id and o.entitlement_id = a.entitlement_id and ${unlessAlso}))`
  const [row] = await tx.query<{ cells: Buffer | null }>(
    `with listed as materialized (
       select person_id, place - 1 as place from unnest(${q.bind(
         people.map(one => one.id),
         'uuid[]',
       )}) with ordinality as p (person_id, place)
     ), shown as materialized (
       select id, place - 1 as place from unnest(${q.bind(
         columns.map(one => one.id),
         'uuid[]',
       )}) with ordinality as c (id, place)
     ), scope as materialized (
       select e.id, e.system_id, shown.place from entitlement e
       join shown on shown.id = ${query.columns === 'rights' ? 'e.id' : 'e.system_id'} where ${asksFor(query)}
     ), ${comparisonSql('PERSON in (select person_id from listed)', 'RIGHT in (select id from scope)')},
     ${goneWithAll('ending', 'a.valid_to is not null', 'o.valid_to is null')},
     by_hand as materialized (select id from derivation where grant_id is not null),
     ${goneWithAll('direct', 'a.derivation_id in (select id from by_hand)', 'o.derivation_id not in (select id from by_hand)')},
     cells as (
       select listed.place as person, e.place as col, max(d.code) as code, count(*) as n,
         bool_or(ending.person_id is not null) as ends
       from compared c join scope e on e.id = c.entitlement_id join listed on listed.person_id = c.person_id
       join person_current cp on cp.person_id = c.person_id
       left join ending on ending.person_id = c.person_id and ending.entitlement_id = c.entitlement_id
       left join direct on direct.person_id = c.person_id and direct.entitlement_id = c.entitlement_id
       cross join lateral (select ${codeSql('c.state', 'direct.person_id is not null')} as code) d
       where ${only.join(' and ')}
       group by listed.place, e.place
     ), packed as (
       select ${packedSql({ person: 'person', column: 'col', code: `(code + case when ends then ${CELL_EXPIRES} else 0 end)`, count: 'n' })} as cell
       from cells
     )
     select string_agg(int8send(cell), ''::bytea order by cell) as cells from packed`,
    q.params,
  )
  return row?.cells ?? Buffer.alloc(0)
}
