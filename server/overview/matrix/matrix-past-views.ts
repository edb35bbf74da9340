import { CELL_STATES } from '#contract/lists.ts'
import type { CellState, MatrixFilter } from '#contract/matrix.ts'
import { givenThenSql, includedThenSql, partThenSql, seenThenSql, staleThenSql } from '../../access/past-state.ts'
import { visibleTo } from '../../access/visible.ts'
import { unitOf } from '../../people/affiliation.ts'
import { unitsAsOf } from '../../people/people-views.ts'
import type { NormalAttrs } from '../../platform/feed-record.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { nearTextSql } from '../people-views.ts'
import { packedSql } from './matrix-cells.ts'
import { asksFor } from './matrix-columns-views.ts'
import type { MatrixPerson } from './matrix-today-views.ts'
import type { UnitRow } from './matrix-units.ts'

export type Moment = { valid: string; known: Date }
type Then = { id: string; key: string | null; attrs: NormalAttrs; unit: string | null }
export type PastPerson = MatrixPerson & { affiliations: Then[] }

const order = new Intl.Collator('da')

/**
 * Who the reader may see another day of, with the affiliations in force then. The policy is today's: who may see it now,
 * not who could have then. Two statements: the organisation of that day, and the people.
 */
export async function readPastPeople(
  tx: Tx,
  actor: Actor,
  query: MatrixFilter,
  at: Moment,
): Promise<{ people: PastPerson[]; units: UnitRow[]; paths: Map<string, readonly string[]> }> {
  const resolved = await unitsAsOf(tx, at.valid, at.known)
  const units = new Map(resolved.map(unit => [unit.id, unit]))
  const q = statement()
  const may = visibleTo(actor, q)
  const [valid, known] = [q.bind(at.valid, 'date'), q.bind(at.known, 'timestamptz')]
  const rows = await tx.query<{
    id: string
    protected: boolean
    shown: boolean
    now: string
    then: NormalAttrs | null
    affiliation: string | null
    attrs: NormalAttrs | null
  }>(
    `select p.person_id as id, p.protected, ${may.name('p')} as shown, p.name as now, ps.attrs as then,
       a.id as affiliation, a.attrs
     from person_current p
     left join person_state ps on ps.person_id = p.person_id and ps.valid @> ${valid} and ps.recorded @> ${known}
     left join lateral (
       select f.id, s.attrs from affiliation f join affiliation_state s on s.affiliation_id = f.id
       where f.person_id = p.person_id and s.valid @> ${valid} and s.recorded @> ${known} and ps.person_id is not null) a on true
     where ${may.person('p')} and ${may.history('p')}
       and ${query.kind ? `p.kind = ${q.bind(query.kind, 'text')}` : `p.kind <> 'pupil'`}
       and ${query.text ? nearTextSql(query.text, actor, q) : 'true'}
     order by p.person_id, a.attrs ->> 'startsOn', a.id`,
    q.params,
  )
  const people: PastPerson[] = []
  for (const row of rows) {
    let person = people.at(-1)
    if (person?.id !== row.id) {
      const then = [row.then?.givenName, row.then?.familyName].filter(part => typeof part === 'string').join(' ')
      person = {
        id: row.id,
        name: row.shown ? then || row.now : null,
        protected: row.protected,
        title: null,
        unit: null,
        stays: false,
        affiliations: [],
      }
      people.push(person)
    }
    if (row.affiliation && row.attrs)
      person.affiliations.push({ id: row.affiliation, key: null, attrs: row.attrs, unit: unitOf(row.attrs, units) })
  }
  const byFamily = (one: PastPerson) => (one.name ?? '').split(' ').reverse().join(' ')
  people.sort(
    (a, b) =>
      Number(a.name === null) - Number(b.name === null) ||
      order.compare(byFamily(a), byFamily(b)) ||
      (a.id < b.id ? -1 : 1),
  )
  return {
    people,
    units: resolved.map(({ id, parentId, name, tree }) => ({ id, parentId, name, tree })),
    paths: new Map(resolved.map(unit => [unit.id, unit.path])),
  }
}

/**
 * Each under the affiliation that the reader may see details of, one in the unit that is asked for before others; who has
 * none there is not among them where a unit is asked for.
 */
export function placePast(
  people: readonly PastPerson[],
  detailed: ReadonlySet<string>,
  paths: ReadonlyMap<string, readonly string[]>,
  unit: string | undefined,
): (MatrixPerson & { fits: boolean })[] {
  const inside = (one: Then) => unit !== undefined && (paths.get(one.unit ?? '') ?? []).includes(unit)
  return people.map(({ affiliations, ...person }) => {
    const seen = affiliations
      .filter(one => detailed.has(one.id))
      .sort((a, b) => Number(inside(b)) - Number(inside(a)) || Number(!!b.attrs.primary) - Number(!!a.attrs.primary))
    const [first] = seen
    return {
      ...person,
      unit: first?.unit ?? null,
      title: typeof first?.attrs.title === 'string' ? first.attrs.title : null,
      stays: seen.length > 0,
      fits: unit === undefined || (first !== undefined && inside(first)),
    }
  })
}

/** CTE `scoped`: affiliations in force then, as today's policy judges them; see `visibleTo(...).pastRight`. */
export function scopedSql(people: readonly PastPerson[], q: Statement): string {
  const placed = people.flatMap(person => person.affiliations)
  const bound = (list: readonly unknown[], cast: string) => q.bind(list, cast)
  return `scoped as materialized (
       select f.person_id, f.id as affiliation_id, coalesce(c.status, 'ended') as status,
         coalesce(c.unit_path, u.path, '{}') as unit_path, w.kind
       from unnest(${bound(
         placed.map(one => one.id),
         'uuid[]',
       )}, ${bound(
         placed.map(one => one.unit),
         'uuid[]',
       )}, ${bound(
         placed.map(one => one.attrs.affiliationKind ?? null),
         'text[]',
       )}) as w (affiliation, unit, kind)
       join affiliation f on f.id = w.affiliation
       left join affiliation_current c on c.affiliation_id = w.affiliation and c.unit_id is not distinct from w.unit
       left join org_unit_current u on u.unit_id = w.unit
     )`
}

type Asked = {
  people: readonly PastPerson[]
  columns: readonly { id: string }[]
  query: MatrixFilter & { columns: 'systems' | 'rights' }
  at: Moment
}
const AT = '(select at from moment)'
const ofScope = { rights: 'RIGHT in (select id from scope)' }
const code = (state: CellState) => CELL_STATES.indexOf(state) + 1

/**
 * Cells of another day (`readCells`), and the affiliations of then that the reader may see details of: what was stored as
 * expected, and seen as held, at the end of that day in the town hall, or at the instant, when that was earlier. Which
 * groups were mapped then is not kept, so a right counts as read from a source only when somebody was seen with it there:
 * then who had an account in that source and was not seen with it lacked it. Of all others it is not known whether anybody
 * looked. A difference that rests on a source that was too old then is stale, as it would be today.
 */
export async function readPastCells(
  tx: Tx,
  actor: Actor,
  { people, columns, query, at }: Asked,
): Promise<{ cells: Buffer; detailed: Set<string> }> {
  const q = statement()
  const may = visibleTo(actor, q)
  const uuids = (list: readonly (string | null)[]) => q.bind(list, 'uuid[]')
  const only = [
    may.pastRight('x', 'cp', 'e', 'scoped'),
    ...(query.drift ? [`x.code in (${code('missing')}, ${code('unexplained')}, ${code('still-held')})`] : []),
    ...(query.state ? [`x.code = ${q.bind(code(query.state), 'int')}`] : []),
  ]
  const [row] = await tx.query<{ cells: Buffer | null; detailed: string[] }>(
    `with moment as materialized (
       select least(${q.bind(at.known, 'timestamptz')}, (${q.bind(at.valid, 'date')} + 1)::timestamp at time zone 'Europe/Copenhagen') as at
     ), listed as materialized (
       select person_id, place - 1 as place from unnest(${uuids(people.map(one => one.id))}) with ordinality as p (person_id, place)
     ), shown as materialized (
       select id, place - 1 as place from unnest(${uuids(columns.map(one => one.id))}) with ordinality as c (id, place)
     ), scope as materialized (
       select e.id, e.system_id, shown.place from entitlement e
       join shown on shown.id = ${query.columns === 'rights' ? 'e.id' : 'e.system_id'} where ${asksFor(query)}
     ), ${scopedSql(people, q)},
     too_old as (select coalesce(array_agg(source), '{}') as sources from (${staleThenSql(AT)}) s),
     expected as materialized (
       select g.person_id, g.entitlement_id, array_agg(g.affiliation_id) as grounds, bool_and(g.rests) as rests
       from (${givenThenSql(AT, { from: 'listed join affiliation f on f.person_id = listed.person_id', ...ofScope })}) g
       group by g.person_id, g.entitlement_id
     ), part as materialized (${partThenSql(AT)}
     ), observed as (
       select person_id, entitlement_id, bool_or(source <> all ((select sources from too_old)::text[])) as fresh from (
         ${seenThenSql(AT, { from: 'listed join account acc on acc.person_id = listed.person_id', ...ofScope })}
         union all ${includedThenSql(AT, 'expected', 'part')}) seen
       group by person_id, entitlement_id
     ), asked_for as materialized (
       select distinct e.entitlement_id from expected e
       where not exists (select from observed o where o.person_id = e.person_id and o.entitlement_id = e.entitlement_id)
     ), read_then as (
       select entitlement_id, array_agg(source) as sources from (
         select o.entitlement_id, acc.source from asked_for
         join observed_right o on o.entitlement_id = asked_for.entitlement_id join account acc on acc.id = o.account_id, moment
         where o.first_seen_at <= moment.at
         union
         select h.entitlement_id, acc.source from asked_for
         join observed_right_history h on h.entitlement_id = asked_for.entitlement_id join account acc on acc.id = h.account_id, moment
         where h.seen @> moment.at) shown
       group by entitlement_id
     ), had_account as (
       select acc.person_id, array_agg(distinct acc.source) as sources
       from listed join account acc on acc.person_id = listed.person_id, moment
       where acc.first_seen_at <= moment.at and (acc.gone_at is null or acc.gone_at > moment.at)
       group by acc.person_id
     ), excepted as (
       select distinct r.person_id, r.entitlement_id from right_exception r, moment
       where r.valid_from <= ${q.bind(at.valid, 'date')} and r.valid_to > ${q.bind(at.valid, 'date')}
         and r.created_at <= moment.at and (r.ended_at is null or r.ended_at > moment.at)
     ), x as (
       select coalesce(e.person_id, o.person_id) as person_id, coalesce(e.entitlement_id, o.entitlement_id) as entitlement_id,
         e.grounds,
         case
           when e.person_id is not null and not e.rests and o.person_id is not null then ${code('matching')}
           when o.person_id is not null then case when w.person_id is not null then ${code('exception')}
             when not o.fresh then ${code('stale')} when e.rests then ${code('still-held')} else ${code('unexplained')} end
           when e.rests then ${code('suspended')}
           when r.entitlement_id is null then ${code('not-read')}
           when h.sources && r.sources then case when exists (select from unnest(r.sources) as s
               where s = any (h.sources) and s = any ((select sources from too_old)::text[]))
             then ${code('stale')} else ${code('missing')} end
           else ${code('no-account')}
         end as code
       from expected e full join observed o on o.person_id = e.person_id and o.entitlement_id = e.entitlement_id
       left join read_then r on r.entitlement_id = e.entitlement_id
       left join had_account h on h.person_id = e.person_id
       left join excepted w on w.person_id = o.person_id and w.entitlement_id = o.entitlement_id
     ), cells as (
       select listed.place as person, e.place as col, max(x.code) as code, count(*) as n
       from x join scope e on e.id = x.entitlement_id join listed on listed.person_id = x.person_id
       join person_current cp on cp.person_id = x.person_id
       where ${only.join(' and ')}
       group by listed.place, e.place
     ), packed as (
       select ${packedSql({ person: 'person', column: 'col', code: 'code', count: 'n' })} as cell from cells
     )
     select (select string_agg(int8send(cell), ''::bytea order by cell) from packed) as cells,
       array(select affiliation_id from scoped where ${may.affiliation('scoped', 'details')}) as detailed`,
    q.params,
  )
  return { cells: row?.cells ?? Buffer.alloc(0), detailed: new Set(row?.detailed ?? []) }
}
