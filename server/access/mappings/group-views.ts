import type { z } from 'zod'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { getGroupCase, proposal, searchGroups } from '#contract/mappings.ts'
import { containing, type Statement, searchWords, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, sqlFor } from '../../policy/policy.ts'
import { DANISH, personRefSql, unitRefSql, visibleTo } from '../visible.ts'
import { OPEN_GROUP } from './proposal-store.ts'

type Found = ResponseOf<typeof searchGroups>
type Case = ResponseOf<typeof getGroupCase>
type Candidate = z.output<typeof proposal> & { allowed: boolean }

/** May the actor read (or change) what a group gives, judged by the right that is proposed first? Over `entitlement e`. */
const may = (actor: Actor, action: 'read' | 'change', q: Statement) =>
  q.use(startAt => sqlFor(actor, action, 'Mapping', { systemId: { sql: 'e.system_id', type: 'uuid' } }, { startAt }))

const RIGHT = `case when e.id is not null then jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name,
  'system', jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name)) end`
const FROM = `from directory_group g left join group_proposal p on p.group_id = g.id
  left join entitlement e on e.id = p.entitlement_id left join it_system s on s.id = e.system_id`
const ASIDE = `g.gone_at is null and exists (select from group_not_right n where n.group_id = g.id)`

/** Groups that nobody mapped, or that were set aside. Three statements. */
export async function groupsView(tx: Tx, actor: Actor, body: BodyOf<typeof searchGroups>): Promise<Found> {
  const q = statement()
  const readable = may(actor, 'read', q)
  const filters = [body.aside ? ASIDE : OPEN_GROUP, readable]
  for (const word of searchWords(body.text ?? ''))
    filters.push(`search_fold(g.name || ' ' || coalesce(g.description, '')) like ${q.bind(containing(word), 'text')}`)
  if (body.source) filters.push(`g.source = ${q.bind(body.source, 'text')}`)
  if (body.notRight !== undefined) filters.push(`coalesce(p.not_right, false) = ${q.bind(body.notRight, 'boolean')}`)
  if (body.level) {
    filters.push(`coalesce(p.level, 'none') = ${q.bind(body.level, 'text')}`)
    // A group that is no right is not one that nobody has an idea about.
    if (body.level === 'none' && body.notRight === undefined) filters.push('not coalesce(p.not_right, false)')
  }
  const order = {
    members: `coalesce(p.people, 0) desc`,
    confidence: `coalesce(p.confidence, 0) desc, coalesce(p.people, 0) desc`,
    name: 'true',
  }[body.sort]
  const rows = await tx.query<Found['rows'][number] & { total: number }>(
    `select (count(*) over ())::int as total, g.id, g.name, g.source, g.description, coalesce(p.people, 0) as people,
       coalesce(p.level, 'none') as level, coalesce(p.confidence, 0) as confidence,
       coalesce(p.not_right, false) as "notRight", ${RIGHT} as entitlement, coalesce(e.privileged, false) as privileged,
       coalesce(p.level = 'strong' and not e.privileged and ${may(actor, 'change', q)}, false) as bulk
     ${FROM} where ${filters.join(' and ')}
     order by ${order}, g.name ${DANISH}, g.id
     offset ${q.bind(body.offset, 'int')} limit ${q.bind(body.limit, 'int')}`,
    q.params,
  )
  const c = statement()
  const seen = may(actor, 'read', c)
  const level = (name: string) => `count(*) filter (where ${OPEN_GROUP} and p.level = '${name}')::int as ${name}`
  const [counts] = await tx.query<Found['counts']>(
    `select ${['strong', 'possible', 'weak'].map(level).join(', ')},
       count(*) filter (where ${OPEN_GROUP} and not coalesce(p.not_right, false) and coalesce(p.level, 'none') = 'none')::int as none,
       count(*) filter (where ${OPEN_GROUP} and p.not_right)::int as "notRight",
       count(*) filter (where ${ASIDE})::int as aside
     ${FROM} where g.gone_at is null and ${seen}`,
    c.params,
  )
  const [more] = await tx.query<{ madeAt: Date | null; sources: string[] }>(
    `select (select made_at from group_proposal_state) as "madeAt",
       array(select distinct source from directory_group where gone_at is null order by source) as sources`,
  )
  return {
    rows: rows.map(({ total: _, ...row }) => row),
    total: rows[0]?.total ?? 0,
    counts: counts!,
    sources: more?.sources ?? [],
    madeAt: more?.madeAt?.toISOString() ?? null,
    allowed: allowedTo(actor),
  }
}

const allowedTo = (actor: Actor) => {
  const all = allows(actor, 'change', 'Mapping', { systemId: null })
  return { change: all || actor.systems.some(systemId => allows(actor, 'change', 'Mapping', { systemId })), aside: all }
}

/** The group and all groups within it. */
const BELOW = (group: string) => `below as (
    select ${group} as group_id union
    select m.member_group_id from below b join group_member m on m.group_id = b.group_id where m.member_group_id is not null
  )`

/** One group as a case. Four statements. null: there is no such group for this reader. */
export async function groupCaseView(tx: Tx, actor: Actor, groupId: string): Promise<Case | null> {
  const q = statement()
  const id = q.bind(groupId, 'uuid')
  type Row = Pick<Case, 'id' | 'name' | 'source' | 'description' | 'dn' | 'notRight' | 'notRightReasons' | 'gives'> &
    Pick<Case, 'inside' | 'contains'> & {
      aside: { reason: string; by: string; at: string } | null
      stored: { rightId: string; confidence: number; level: Candidate['level']; reasons: Candidate['reasons'] }[]
    }
  const [row] = await tx.query<Row>(
    `select g.id, g.name, g.source, g.description, g.dn, coalesce(p.not_right, false) as "notRight",
       coalesce(p.reasons, '[]') as "notRightReasons", coalesce(p.candidates, '[]') as stored,
       (select jsonb_build_object('reason', n.reason, 'by', n.decided_by, 'at', n.decided_at) from group_not_right n
        where n.group_id = g.id) as aside,
       coalesce((select jsonb_agg(jsonb_build_object('id', x.id, 'key', x.key, 'name', x.name,
           'system', jsonb_build_object('id', y.id, 'key', y.key, 'name', y.name)) order by x.key)
         from group_entitlement ge join entitlement x on x.id = ge.entitlement_id join it_system y on y.id = x.system_id
         where ge.group_id = g.id), '[]') as gives,
       coalesce((select jsonb_agg(jsonb_build_object('id', o.id, 'name', o.name,
           'mapped', exists (select from group_entitlement ge where ge.group_id = o.id)) order by o.name)
         from (select distinct o.id, o.name from group_member m join directory_group o on o.id = m.group_id
           where m.member_group_id = g.id order by o.name limit 20) o), '[]') as inside,
       coalesce((select jsonb_agg(jsonb_build_object('id', o.id, 'name', o.name) order by o.name)
         from (select distinct o.id, o.name from group_member m join directory_group o on o.id = m.member_group_id
           where m.group_id = g.id order by o.name limit 20) o), '[]') as contains
     ${FROM} where g.id = ${id} and g.gone_at is null and ${may(actor, 'read', q)}`,
    q.params,
  )
  if (!row) return null
  const { stored, aside, ...rest } = row
  return {
    ...rest,
    aside: aside && { ...aside, at: new Date(aside.at).toISOString() },
    ...(await membersOf(tx, actor, groupId)),
    candidates: await candidatesOf(tx, actor, stored),
    allowed: allowedTo(actor),
  }
}

async function membersOf(
  tx: Tx,
  actor: Actor,
  groupId: string,
): Promise<Pick<Case, 'people' | 'accounts' | 'members' | 'units'>> {
  const q = statement()
  const id = q.bind(groupId, 'uuid')
  const visible = visibleTo(actor, q)
  const shown = visible.name('p')
  const people = `with recursive ${BELOW(id)}, inside as (
      select distinct a.id, a.person_id from below b join group_member m on m.group_id = b.group_id
      join account a on a.id = m.member_account_id and a.gone_at is null
    ), seen as (
      select distinct p.person_id from inside i join person_current p on p.person_id = i.person_id where ${visible.person('p')}
    )`
  const members = await tx.query<Case['members'][number] & { people: number; accounts: number }>(
    `${people}, named as (
       select * from (select s.person_id, case when ${shown} then p.family_name end as family_name,
         case when ${shown} then p.given_name end as given_name
       from seen s join person_current p on p.person_id = s.person_id) of_group
       order by family_name ${DANISH} nulls last, given_name ${DANISH} nulls last, person_id limit 12
     )
     select (select count(distinct person_id)::int from inside) as people, (select count(*)::int from inside) as accounts,
       ${personRefSql('p', shown)} as person, ac.title, ${unitRefSql('u')} as unit
     from (select 1) always left join named n on true left join person_current p on p.person_id = n.person_id
     left join lateral (select ac.title, ac.unit_id from affiliation_current ac
       where ac.person_id = n.person_id and ${visible.affiliation('ac', 'details')}
       order by ac.is_primary desc limit 1) ac on true
     left join org_unit_current u on u.unit_id = ac.unit_id
     order by n.family_name ${DANISH} nulls last, n.given_name ${DANISH} nulls last, n.person_id`,
    q.params,
  )
  const u = statement()
  const of = u.bind(groupId, 'uuid')
  const units = await tx.query<Case['units'][number]>(
    `with recursive ${BELOW(of)}
     select ${unitRefSql('u')} as unit, count(distinct a.person_id)::int as people
     from below b join group_member m on m.group_id = b.group_id
     join account a on a.id = m.member_account_id and a.gone_at is null
     join person_current p on p.person_id = a.person_id and ${visibleTo(actor, u).person('p')}
     join affiliation_current ac on ac.person_id = p.person_id and ac.is_primary
     join org_unit_current u on u.unit_id = ac.unit_id
     group by u.unit_id, u.name order by 2 desc, u.name limit 4`,
    u.params,
  )
  const [first] = members
  return {
    people: first?.people ?? 0,
    accounts: first?.accounts ?? 0,
    members: members.filter(row => row.person !== null).map(({ people: _, accounts: __, ...row }) => row),
    units,
  }
}

async function candidatesOf(
  tx: Tx,
  actor: Actor,
  stored: readonly { rightId: string; confidence: number; level: Candidate['level']; reasons: Candidate['reasons'] }[],
): Promise<Candidate[]> {
  if (stored.length === 0) return []
  const rights = await tx.query<Candidate['entitlement'] & { systemId: string }>(
    `select e.id, e.key, e.name, e.sensitivity, e.privileged, e.system_id as "systemId",
       jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) as system
     from entitlement e join it_system s on s.id = e.system_id where e.id = any($1) and e.gone_at is null`,
    [stored.map(one => one.rightId)],
  )
  const byId = new Map(rights.map(right => [right.id, right]))
  return stored.flatMap(({ rightId, ...one }) => {
    const right = byId.get(rightId)
    if (!right) return []
    const { systemId, ...entitlement } = right
    return [{ ...one, entitlement, allowed: allows(actor, 'change', 'Mapping', { systemId }) }]
  })
}
