import type { ParamsOf, QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { getSystem, getSystemHolders } from '#contract/systems.ts'
import { comparisonSql } from '../access/person-rights-store.ts'
import { DANISH, personRefSql, unitRefSql, visibleTo } from '../access/visible.ts'
import { type Statement, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { observationAgeSql } from '../systems/observation-age.ts'
import { jobSql } from './people-views.ts'
import { readSystems } from './systems-views.ts'

type Holders = ResponseOf<typeof getSystemHolders>

/**
 * CTEs that end in `held`: one row a person (or account of nobody) and right, of the systems in `systems` (SQL of ids),
 * as far as the reader may know of them.
 */
function heldSql(actor: Actor, systems: string, q: Statement): string {
  const may = visibleTo(actor, q)
  const rights = `RIGHT in (select id from entitlement where system_id in (${systems}))`
  return `known as materialized (select p.person_id from person_current p where ${may.person('p')}),
    ${comparisonSql('PERSON in (select person_id from known)', rights)},
    held as (
      select c.person_id, null::uuid as account_id, c.entitlement_id, e.system_id, c.expected, c.observed, c.state
      from compared c join entitlement e on e.id = c.entitlement_id join person_current cp on cp.person_id = c.person_id
      where ${may.right('c', 'cp', 'e')}
      union all
      select null, acc.id, o.entitlement_id, e.system_id, false, true, 'unexplained'
      from observed_right o join account acc on acc.id = o.account_id join entitlement e on e.id = o.entitlement_id
      where acc.person_id is null and acc.gone_at is null and e.system_id in (${systems}) and ${may.nobodysRight('e')}
    )`
}

export async function systemView(
  tx: Tx,
  actor: Actor,
  { systemId }: ParamsOf<typeof getSystem>,
): Promise<ResponseOf<typeof getSystem> | null> {
  const [row] = await readSystems(tx, actor, [systemId])
  if (!row) return null
  const [more] = await tx.query<{
    kle: string[]
    description: string | null
    readAt: Date | null
    late: boolean
  }>(
    `select s.kle, s.description, age.read_at as "readAt", coalesce(age.stale, false) as late
     from it_system s left join (${observationAgeSql('select $1::uuid')}) age on age.system_id = s.id
     where s.id = $1`,
    [systemId],
  )
  const q = statement()
  const system = q.bind(systemId, 'uuid')
  const rights = await tx.query<ResponseOf<typeof getSystem>['rights'][number]>(
    `with ${heldSql(actor, `select ${system}`, q)}
     select e.id, e.key, e.name, e.description, e.kind, e.sensitivity, e.privileged,
       count(h.entitlement_id) filter (where h.expected) as expected, count(h.entitlement_id) filter (where h.observed) as observed,
       count(h.entitlement_id) filter (where h.state = 'missing') as missing,
       count(h.entitlement_id) filter (where h.state = 'unexplained') as unexplained
     from entitlement e left join held h on h.entitlement_id = e.id
     where e.system_id = ${system} and (e.gone_at is null or h.entitlement_id is not null)
     group by e.id order by e.name ${DANISH}, e.key`,
    q.params,
  )
  return {
    ...row,
    kle: more?.kle ?? [],
    description: more?.description ?? null,
    readAt: more?.readAt?.toISOString() ?? null,
    late: more?.late ?? false,
    rights,
  }
}

/**
 * SQL of when a row of `held` was last read: by the sources that show it held, or by those of the person's accounts that
 * would show it. A system's own age is of all its sources; of one row it can be another.
 */
const READ_SQL = (row: string) => `
  select case when bool_and(src.complete_at is not null) then min(greatest(src.complete_at, src.changes_at)) end as at
  from (
    select ra.source from observed_right ro join account ra on ra.id = ro.account_id and ra.gone_at is null
    where ${row}.observed and ro.entitlement_id = ${row}.entitlement_id
      and (ra.person_id = ${row}.person_id or ra.id = ${row}.account_id)
    union
    select ra.source from account ra
    where not ${row}.observed and ra.person_id = ${row}.person_id and ra.gone_at is null and ra.source in (
      select rg.source from group_entitlement re join directory_group rg on rg.id = re.group_id
      where re.entitlement_id = ${row}.entitlement_id
      union all select rl.source from list_right rl where rl.entitlement_id = ${row}.entitlement_id)
  ) shown join source src on src.key = shown.source`

/** Who should hold and who holds, differences first. Two statements. */
export async function systemHoldersView(
  tx: Tx,
  actor: Actor,
  { systemId }: ParamsOf<typeof getSystemHolders>,
  query: QueryOf<typeof getSystemHolders>,
): Promise<Holders | null> {
  const [known] = await tx.query('select 1 from it_system where id = $1', [systemId])
  if (!known) return null
  const q = statement()
  const may = visibleTo(actor, q)
  const filters = ['true']
  if (query.entitlement) filters.push(`h.entitlement_id = ${q.bind(query.entitlement, 'uuid')}`)
  if (query.state) filters.push(`h.state = ${q.bind(query.state, 'text')}`)
  const shown = may.name('p')
  type Row = Omit<Holders['rows'][number], 'since' | 'seenAt'> & { since: Date | null; seenAt: Date | null }
  const rows = await tx.query<Row & { total: number }>(
    `with ${heldSql(actor, `select ${q.bind(systemId, 'uuid')}`, q)}, named as (
       select h.*, case when ${shown} then p.family_name end as family_name,
         case when ${shown} then p.given_name end as given_name, e.name as right_name,
         array_position(array['unexplained', 'still-held', 'missing', 'stale', 'exception', 'not-read', 'no-account', 'suspended', 'matching'], h.state) as rank
       from held h join entitlement e on e.id = h.entitlement_id left join person_current p on p.person_id = h.person_id
       where ${filters.join(' and ')}
     ), page as (
       select * from named
       order by rank, right_name ${DANISH}, family_name ${DANISH} nulls last, given_name ${DANISH} nulls last,
         person_id, account_id, entitlement_id
       offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}
     )
     select (select count(*) from named) as total, ${personRefSql('p', shown)} as person,
       case when acc.id is not null then jsonb_build_object('id', acc.id, 'username', acc.username) end as account,
       ${unitRefSql('u')} as unit, job.title,
       jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name) as entitlement, g.state,
       nullif(why.rule_key, '') as "ruleKey", why.rule_name as "ruleName", coalesce(why.since, seen.since) as since, read.at as "seenAt"
     from page g
     join entitlement e on e.id = g.entitlement_id
     left join person_current p on p.person_id = g.person_id
     left join account acc on acc.id = g.account_id
     ${jobSql('p', may.affiliation('ac', 'details'), may.affiliation('ac'))}
     left join org_unit_current u on u.unit_id = job.unit_id
     left join lateral (
       select d.rule_key, r.name as rule_name, a.since from affiliation_current ac
       join assignment a on a.affiliation_id = ac.affiliation_id and a.entitlement_id = g.entitlement_id
       join derivation d on d.id = a.derivation_id
       left join rights_rule r on r.key = d.rule_key and r.version = d.rule_version
       where ac.person_id = g.person_id and ${may.assignment('ac', 'p', 'e')}
       order by ac.is_primary desc, a.since limit 1) why on true
     left join lateral (
       select min(o.first_seen_at) as since from observed_right o join account oa on oa.id = o.account_id
       where o.entitlement_id = g.entitlement_id and (oa.person_id = g.person_id or oa.id = g.account_id)) seen on true
     left join lateral (${READ_SQL('g')}) read on true
     order by g.rank, g.right_name ${DANISH}, g.family_name ${DANISH} nulls last, g.given_name ${DANISH} nulls last,
       g.person_id, g.account_id, g.entitlement_id`,
    q.params,
  )
  return {
    rows: rows.map(({ total: _, since, seenAt, ...row }) => ({
      ...row,
      since: since?.toISOString() ?? null,
      seenAt: seenAt?.toISOString() ?? null,
    })),
    total: rows[0]?.total ?? 0,
  }
}
