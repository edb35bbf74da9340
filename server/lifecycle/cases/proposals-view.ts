import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { Offered, proposeRights } from '#contract/lifecycle-desk.ts'
import { createDecider } from '../../access/decide-assignments.ts'
import { loadIndex } from '../../access/grounds-store.ts'
import { personRefSql, visibleTo } from '../../access/visible.ts'
import { containing, searchWords, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { approverOf } from './approval-store.ts'
import { affiliationKindOf, approvalNeeded, fractionOf } from './case.ts'
import { newcomerOn } from './newcomer-view.ts'
import { ruleNames } from './plan-view.ts'

type Asked = BodyOf<typeof proposeRights>
type Answer = ResponseOf<typeof proposeRights>
/** What hardly anybody else there has is no habit of the place. */
const USUAL = { share: 0.4, people: 2, most: 20 }
const FOUND = 12
type Plain = Omit<Offered, 'approver'>

/** What somebody with this position in this unit gets by the rules, what colleagues have beside, and what can be added. */
export async function proposalsView(tx: Tx, actor: Actor, asked: Asked, today: string): Promise<Answer> {
  const on = asked.on !== null && asked.on > today ? asked.on : today
  const place = await newcomerOn(
    tx,
    {
      affiliationKind: affiliationKindOf(asked.kind),
      unit: asked.unitId,
      title: asked.title || null,
      startsOn: on,
      fraction: fractionOf(asked.hours),
    },
    on,
  )
  const decided = place ? createDecider(await loadIndex(tx, on), place.units).decideOne(place.facts) : []
  const byKey = new Map(decided.map(one => [one.entitlement, one]))
  const rules = await ruleNames(
    tx,
    decided.map(one => ({ ruleKey: one.reason.ruleKey })),
  )
  const { usual, colleagues, titles } = await colleaguesOf(tx, asked, place?.facts.position ?? null)
  const found = await foundBy(tx, asked.text)
  const rights = await offeredBy(tx, {
    keys: [...byKey.keys()],
    ids: [...asked.chosen, ...usual.map(one => one.id), ...found],
  })
  const approver = approversFor(tx, actor, asked.unitId)
  const offered = async (one: Plain): Promise<Offered> => ({ ...one, approver: await approver(one) })
  const byId = new Map(rights.map(one => [one.id, one]))
  const given = rights.filter(one => byKey.has(one.key))
  const isGiven = new Set(given.map(one => one.id))
  return {
    position:
      place?.facts.position != null
        ? { key: place.facts.position, category: place.facts.positionCategory ?? '' }
        : null,
    titles,
    given: given.map(one => {
      const why = byKey.get(one.key)!
      const key = why.reason.ruleKey
      return {
        ...one,
        // The rule is the yes.
        approver: null,
        rule: rules.get(key) ?? { key, name: key, purpose: null },
        limits: why.constraints.map(limit => ({ ...limit })),
      }
    }),
    usual: await Promise.all(
      usual.flatMap(({ id, holders }) => {
        const one = byId.get(id)
        return one && !isGiven.has(id) ? [offered(one).then(each => ({ ...each, holders }))] : []
      }),
    ),
    colleagues,
    chosen: await Promise.all(asked.chosen.flatMap(id => byId.get(id) ?? []).map(offered)),
    found: await Promise.all(found.flatMap(id => (isGiven.has(id) ? [] : (byId.get(id) ?? []))).map(offered)),
  }
}

/** The same unit and position: how many there are, and what enough of them should hold or are seen to hold. */
async function colleaguesOf(tx: Tx, asked: Asked, position: string | null) {
  const [row] = await tx.query<{ colleagues: number; titles: string[]; usual: { id: string; holders: number }[] }>(
    `with there as materialized (
       select ac.affiliation_id, ac.person_id, ac.title, ac.position_key from affiliation_current ac
       where ac.unit_id = $1 and ac.status = 'active' and ac.kind <> 'pupil'
     ), same as materialized (
       select affiliation_id, person_id from there
       where case when $2::text is not null then position_key = $2 else lower(title) = lower($3) end
     ), holds as (
       select s.person_id, a.entitlement_id from same s join assignment a on a.affiliation_id = s.affiliation_id
       union
       select s.person_id, o.entitlement_id from same s join account acc on acc.person_id = s.person_id and acc.gone_at is null
       join observed_right o on o.account_id = acc.id
     ), many as (
       select h.entitlement_id, count(distinct h.person_id)::int as holders from holds h
       join entitlement e on e.id = h.entitlement_id and e.gone_at is null and e.status = 'active' and not e.privileged
       -- Roles in this tool are given by whoever administers it.
       where e.key not like 'hjemmel/%'
       group by h.entitlement_id
       having count(distinct h.person_id) >= $4::int
         and count(distinct h.person_id) ::float8 >= $5::float8 * (select count(distinct person_id) from same)
       order by holders desc, h.entitlement_id limit $6::int
     )
     select (select count(distinct person_id)::int from same) as colleagues,
       coalesce((select json_agg(title order by n desc, title) from (
         select title, count(*) as n from there where title is not null group by title order by n desc, title limit 30) t), '[]')
         as titles,
       coalesce((select json_agg(json_build_object('id', entitlement_id, 'holders', holders) order by holders desc)
         from many), '[]') as usual`,
    [asked.unitId, position, asked.title, USUAL.people, USUAL.share, USUAL.most],
  )
  return row ?? { colleagues: 0, titles: [], usual: [] }
}

async function foundBy(tx: Tx, text: string): Promise<string[]> {
  const words = searchWords(text)
  if (words.length === 0) return []
  const q = statement()
  const all = words.map(word => {
    const like = q.bind(containing(word), 'text')
    return `(e.search like ${like} or s.search like ${like})`
  })
  const rows = await tx.query<{ id: string }>(
    `select e.id from entitlement e join it_system s on s.id = e.system_id and s.gone_at is null
     where e.gone_at is null and e.status = 'active' and e.key not like 'hjemmel/%' and ${all.join(' and ')}
     order by s.name, e.name limit ${FOUND}`,
    q.params,
  )
  return rows.map(row => row.id)
}

const offeredBy = (tx: Tx, of: { keys: readonly string[]; ids: readonly string[] }): Promise<Plain[]> =>
  tx.query<Plain>(
    `select e.id, e.key, e.name, e.description, e.kind, e.sensitivity, e.privileged, e.approval, e.constraints as takes,
       jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) as system
     from entitlement e join it_system s on s.id = e.system_id
     where e.key = any($1) or e.id = any($2) order by s.name, e.name`,
    [of.keys, of.ids],
  )

/** Whoever would have to say yes; asked once a system and way of asking, unless the right itself has somebody. */
function approversFor(tx: Tx, actor: Actor, unitId: string) {
  const known = new Map<string, Promise<Offered['approver']>>()
  const ask = async (entitlementId: string): Promise<Offered['approver']> => {
    const { via, personId } = await approverOf(tx, { entitlementId, unitId, not: [actor.personId] })
    const q = statement()
    const shown = visibleTo(actor, q).name('p')
    const [row] = await tx.query<{ person: NonNullable<Offered['approver']>['person'] }>(
      `select ${personRefSql('p', shown)} as person from person_current p where p.person_id = ${q.bind(personId, 'uuid')}`,
      q.params,
    )
    return { via, person: row?.person ?? null }
  }
  return async (right: Plain): Promise<Offered['approver']> => {
    if (approvalNeeded(right) === null) return null
    const at = right.approval === 'right' ? right.id : `${right.system.id} ${right.approval}`
    const asked = known.get(at) ?? ask(right.id)
    known.set(at, asked)
    return asked
  }
}
