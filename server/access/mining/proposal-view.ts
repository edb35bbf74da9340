import type { ProposalPage } from '#contract/mining.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, can } from '../../policy/policy.ts'
import { type RightsRule, rulesInForce } from '../../rules/rights-rule.ts'
import { type Role, roleBook } from '../../rules/role.ts'
import { loadRoles, loadRules } from '../../rules/rules-store.ts'
import { DANISH, personRefSql, unitRefSql, visibleTo } from '../visible.ts'
import { DESCRIBED, type Described, describe, visibleRuns } from './mining-views.ts'

type Stored = Described & {
  state: ProposalPage['state']
  name: string | null
  reason: string | null
  rights: string[]
  holders: string[]
  hits: number
  meets: number
  newly: number
  kinds: string[]
  systemId: string | null
  draftId: string | null
  roleKey: string | null
  ruleKey: string | null
  draftState: string | null
  draftOwner: string | null
  draftShared: boolean | null
}

/** A proposal with everything to decide about it by; null: not there, or not for this actor. Five statements. */
export async function proposalView(
  tx: Tx,
  actor: Actor,
  at: { runId: string; nr: number },
  today: string,
): Promise<ProposalPage | null> {
  const q = statement()
  const [row] = await tx.query<Stored>(
    `select mp.state, mp.name, mp.reason, mp.rights, mp.holders, mp.hits, mp.meets, mp.newly, mp.kinds, ${DESCRIBED},
       r.system_id as "systemId", mp.draft_id as "draftId", mp.role_key as "roleKey", mp.rule_key as "ruleKey",
       d.state as "draftState", d.created_by as "draftOwner", d.shared_at is not null as "draftShared"
     from mining_proposal mp join mining_run r on r.id = mp.run_id left join what_if_draft d on d.id = mp.draft_id
     where mp.run_id = ${q.bind(at.runId, 'uuid')} and mp.nr = ${q.bind(at.nr, 'int')} and ${visibleRuns(actor, q, 'r')}`,
    q.params,
  )
  if (!row) return null
  const rights = await rightsOf(tx, row.rights)
  const who = await peopleOf(tx, actor, row)
  const keys = new Set(rights.map(one => one.key))
  const run = allows(actor, 'change', 'Mining', { systemId: row.systemId })
  const mayDraft = can(actor, 'rule.change') && can(actor, 'what-if.change')
  return {
    ...{ runId: at.runId, nr: at.nr, state: row.state, name: row.name, reason: row.reason },
    ...{ description: describe(row), holders: row.holders.length, hits: row.hits, meets: row.meets, newly: row.newly },
    rights,
    ...who,
    ...likeRules(await loadRoles(tx), rulesInForce(await loadRules(tx), today), keys),
    draft:
      row.draftId && row.roleKey && row.ruleKey
        ? { draftId: row.draftId, roleKey: row.roleKey, ruleKey: row.ruleKey }
        : null,
    may: {
      accept: run && mayDraft && row.state === 'open',
      reject: run && row.state === 'open',
      undo: run && (row.state === 'rejected' || (row.state === 'accepted' && mayTakeBack(actor, row))),
    },
  }
}

/** The draft is still only a draft, and the actor's to withdraw; or it is gone. */
function mayTakeBack(actor: Actor, { draftState, draftOwner, draftShared }: Stored): boolean {
  if (draftState === null || draftOwner === null) return true
  const open = draftState === 'draft' || draftState === 'withdrawn'
  return open && allows(actor, 'change', 'WhatIf', { ownerId: draftOwner, shared: draftShared ?? false })
}

/** In the order in which they are stored; `held` of the people counts by it. */
const rightsOf = (tx: Tx, ids: readonly string[]) =>
  tx.query<ProposalPage['rights'][number]>(
    `select e.key, e.name, s.name as system, s.id as "systemId", e.id as "entitlementId", e.sensitivity, e.privileged,
       (e.gone_at is not null or e.status <> 'active') as gone
     from unnest($1::uuid[]) with ordinality as w (id, at) join entitlement e on e.id = w.id
     join it_system s on s.id = e.system_id order by w.at`,
    [ids],
  )

/** So many people of each group are shown; the block is to be looked at, not to be read. */
const SHOWN = { inside: 14, outside: 8, newly: 14 }

type People = Pick<ProposalPage, 'people' | 'byUnit' | 'notShown'>

/**
 * Active employees that hold the role or are described by it, as they stand today, whom the actor may see. `newly` are
 * those described who lack something of it now.
 */
async function peopleOf(tx: Tx, actor: Actor, row: Stored): Promise<People> {
  const q = statement()
  const may = visibleTo(actor, q)
  const holders = q.bind(row.holders, 'uuid[]')
  const rights = q.bind(row.rights, 'uuid[]')
  const [found] = await tx.query<{ people: People['people'] | null; units: People['byUnit'] | null; total: number }>(
    `with described as (
       select p.person_id, p.family_name, p.given_name, p.title, p.unit_id, ${meetsSql(row, q)} as meets,
         p.person_id = any(${holders}) as holds, ${personRefSql('p', may.name('p'))} as person
       from person_current p join affiliation_current ac on ac.affiliation_id = p.primary_affiliation_id
       where p.kind = 'employee' and p.status = 'active' and ${may.person('p')}
     ), seen as (
       select acc.person_id, array_agg(distinct array_position(${rights}, o.entitlement_id) - 1) as held
       from observed_right o join account acc on acc.id = o.account_id and acc.gone_at is null
       where o.entitlement_id = any(${rights}) and acc.person_id is not null group by acc.person_id
     ), grouped as (
       select d.*, coalesce(h.held, '{}') as held,
         case when d.holds then case when d.meets then 'inside' else 'outside' end else 'newly' end as part
       from described d left join seen h on h.person_id = d.person_id
       where d.holds or (d.meets and coalesce(cardinality(h.held), 0) < cardinality(${rights}))
     ), placed as (
       select g.*, u.name as unit_name, ${unitRefSql('u')} as unit,
         row_number() over (partition by g.part order by u.name ${DANISH}, cardinality(g.held) desc, g.family_name ${DANISH}, g.person_id) as place
       from grouped g left join org_unit_current u on u.unit_id = g.unit_id
     )
     select (select count(*)::int from grouped) as total,
       (select jsonb_agg(jsonb_build_object('person', person, 'unit', unit, 'title', title, 'group', part, 'held', held)
          order by array_position(array['inside', 'newly', 'outside'], part), place)
        from placed where place <= case part ${Object.entries(SHOWN)
          .map(([part, most]) => `when '${part}' then ${most}`)
          .join(' ')} end) as people,
       (select jsonb_agg(jsonb_build_object('unit', unit, 'people', people) order by people desc, unit ->> 'name')
        from (select unit, count(*)::int as people from placed where holds group by unit order by 2 desc limit 12) x) as units`,
    q.params,
  )
  const people = found?.people ?? []
  return { people, byUnit: found?.units ?? [], notShown: (found?.total ?? 0) - people.length }
}

function meetsSql({ unitKey, positionKey, kinds }: Stored, q: Statement): string {
  return [
    ...(unitKey === null ? [] : [`${q.bind(unitKey, 'text')} = any(ac.unit_keys)`]),
    ...(positionKey === null ? [] : [`coalesce(ac.position_key = ${q.bind(positionKey, 'text')}, false)`]),
    `ac.kind = any(${q.bind(kinds, 'text[]')})`,
  ].join(' and ')
}

/** A role must have at least so much in common to be named. */
const ALIKE = 0.5
const MOST_NAMED = 8

/** Roles whose rights are nearly these, and rules that give nothing else than some of these. */
export function likeRules(
  roles: readonly Role[],
  rules: readonly RightsRule[],
  keys: ReadonlySet<string>,
): Pick<ProposalPage, 'likeRoles' | 'coversRules'> {
  const book = roleBook(roles)
  const given = (role: string) => book.grants(role).map(one => one.entitlement)
  const likeRoles = roles.map(({ key, name }) => {
    const rights = given(key)
    const common = rights.filter(one => keys.has(one)).length
    const both = rights.length + keys.size - common
    return { key, name, common, rights: rights.length, jaccard: both === 0 ? 0 : common / both }
  })
  const coversRules = rules.filter(rule => {
    const all = [...rule.entitlements, ...rule.roles.flatMap(role => (book.has(role) ? given(role) : []))]
    return !rule.inverted && all.length > 0 && all.every(one => keys.has(one))
  })
  return {
    likeRoles: likeRoles
      .filter(one => one.jaccard >= ALIKE)
      .sort((a, b) => b.jaccard - a.jaccard || (a.key < b.key ? -1 : 1))
      .slice(0, MOST_NAMED),
    coversRules: coversRules.slice(0, 50).map(({ key, name }) => ({ key, name })),
  }
}
