import { amongSql, askFor } from '../platform/planned.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { syncPeople } from './drift/sync-drift.ts'

/**
 * The comparison of what should be with what is, one row a (person, right). `state` is the contract's `rightState`:
 * a right is readable where some mapped group or a list of its system would show it; where the person has no account in any source that could
 * show it, there is nothing to deviate from ("no account is fine"). A difference that rests on a source too old to say
 * (`stale_source`) is `stale`: one that should be there may have come since, one that should not may have gone. What a
 * person has made legitimate until a date is an `exception`, however old the observation. A right of which every
 * assignment rests (absence, lock) is `suspended` and not to be held: seen anyway, it is `still-held`.
 * Who is seen to hold a right holds what it includes (`entitlement_part`): that makes an included right that should be held
 * a match. Nobody is said to hold an included right that nothing gives: the including right is what deviates then.
 * `personFilter` says of which people with `PERSON` for the id, `rightFilter` of which rights with `RIGHT`.
 */
export function comparisonSql(personFilter: string, rightFilter = 'true'): string {
  const of = (person: string, right: string) =>
    `${personFilter.replaceAll('PERSON', person)} and ${rightFilter.replaceAll('RIGHT', right)}`
  return `
    too_old as (select coalesce(array_agg(source), '{}') as sources from stale_source),
    expected as (
      select ac.person_id, a.entitlement_id, bool_and(a.suspended is not null) as rests
      from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id
      where ${of('ac.person_id', 'a.entitlement_id')}
      group by ac.person_id, a.entitlement_id
    ), observed as (
      select person_id, entitlement_id, bool_or(source <> all ((select sources from too_old)::text[])) as fresh from (
        select acc.person_id, o.entitlement_id, acc.source
        from observed_right o join account acc on acc.id = o.account_id
        where acc.gone_at is null and acc.person_id is not null and ${of('acc.person_id', 'o.entitlement_id')}
        union all
        -- Where no right includes another, which is asked once, nothing of this is read.
        select e.person_id, e.entitlement_id, acc.source
        from expected e join entitlement_part part on part.part_id = e.entitlement_id
        join account acc on acc.person_id = e.person_id and acc.gone_at is null
        join observed_right o on o.account_id = acc.id and o.entitlement_id = part.entitlement_id
        where (select exists (select from entitlement_include)) and not e.rests
      ) seen
      group by person_id, entitlement_id
    ), readable as (
      -- By a mapped group, or by a list of the system that calls the right by a name that is known.
      select entitlement_id, array_agg(distinct source) as sources from (
        select ge.entitlement_id, g.source from group_entitlement ge join directory_group g on g.id = ge.group_id
        union all
        select l.entitlement_id, l.source from list_right l where l.entitlement_id is not null
      ) shown
      where entitlement_id in (select entitlement_id from expected) group by entitlement_id
    ), has_account as (
      select acc.person_id, array_agg(distinct acc.source) as sources from account acc
      where acc.gone_at is null and acc.person_id is not null and ${personFilter.replaceAll('PERSON', 'acc.person_id')}
      group by acc.person_id
    ), compared as (
      select coalesce(e.person_id, o.person_id) as person_id, coalesce(e.entitlement_id, o.entitlement_id) as entitlement_id,
        e.person_id is not null and not e.rests as expected, o.person_id is not null as observed,
        case
          when e.person_id is not null and not e.rests and o.person_id is not null then 'matching'
          when x.person_id is not null then 'exception'
          when o.person_id is not null then case when not o.fresh then 'stale' when e.rests then 'still-held' else 'unexplained' end
          when e.rests then 'suspended'
          when r.entitlement_id is null then 'not-read'
          when h.sources && r.sources then case when (select sources from too_old) <> '{}' and exists (
              select from unnest(r.sources) as s where s = any (h.sources) and s = any ((select sources from too_old)::text[]))
            then 'stale' else 'missing' end
          else 'no-account'
        end as state
      from expected e
      full join observed o on o.person_id = e.person_id and o.entitlement_id = e.entitlement_id
      left join readable r on r.entitlement_id = e.entitlement_id
      left join has_account h on h.person_id = e.person_id
      left join right_exception x on x.in_force and x.person_id = o.person_id and x.entitlement_id = o.entitlement_id
    )`
}

/**
 * CTE `deviation`: what is stored of the comparison, in the shape of its rows, for those who ask only for what deviates.
 * `people` and `rights` are SQL of ids.
 */
export function deviationSql(people?: string, rights?: string): string {
  return `deviation as (
    select d.person_id, d.entitlement_id, not d.observed as expected, d.observed, d.state
    from right_deviation d
    where d.state in ('missing', 'unexplained', 'still-held') and ${people ? `d.person_id in (${people})` : 'true'} and ${rights ? `d.entitlement_id in (${rights})` : 'true'})`
}

/**
 * Refreshes what lists show and sort by: the counts of a person, and which rights deviate, in one statement, so never
 * half. Findings about those people follow in the same transaction.
 */
export async function refreshPersonRights(tx: Tx, scope: readonly string[] | 'all'): Promise<void> {
  if (scope !== 'all' && scope.length === 0) return
  const filter = amongSql(scope)('PERSON')
  const params: unknown[] = scope === 'all' ? [] : [scope]
  // In the transaction of a first load the planner has figures of accounts from before anybody was behind them, takes
  // the comparison for one row and loops over everybody for each: quadratic. For few people the loop is the right way.
  const many = scope === 'all' || scope.length > 200
  if (many) await tx.query('set local enable_nestloop = off')
  await askFor(
    tx,
    scope,
    `with ${comparisonSql(filter)}, per_system as (
       -- By system first: counting distinct systems of a person would sort every right there is.
       select c.person_id, e.system_id,
         count(*) filter (where c.expected) as expected,
         count(*) filter (where c.observed) as observed,
         count(*) filter (where c.state = 'missing') as missing,
         count(*) filter (where c.state = 'unexplained') as unexplained,
         count(*) filter (where c.state = 'still-held') as resting,
         count(*) filter (where c.state in ('not-read', 'no-account')) as not_read,
         bool_or(e.sensitivity in ('special', 'criminal', 'confidential')) as protected
       from compared c join entitlement e on e.id = c.entitlement_id
       group by c.person_id, e.system_id
     ), counted as (
       select person_id, count(*)::int as systems, sum(expected)::int as expected, sum(observed)::int as observed,
         sum(missing)::int as missing, sum(unexplained)::int as unexplained, sum(resting)::int as resting, sum(not_read)::int as not_read,
         (count(*) filter (where protected))::int as protected_data
       from per_system group by person_id
     ), emptied as (
       delete from person_rights p
       where ${amongSql(scope)('p.person_id')} and not exists (select from counted c where c.person_id = p.person_id)
     ), deviating as (
       select person_id, entitlement_id, observed, state from compared
       where state in ('missing', 'unexplained', 'exception', 'stale', 'still-held')
     ), settled as (
       delete from right_deviation d
       where ${amongSql(scope)('d.person_id')}
         and not exists (select from deviating v where v.person_id = d.person_id and v.entitlement_id = d.entitlement_id)
     ), noted as (
       insert into right_deviation (person_id, entitlement_id, observed, state)
       select person_id, entitlement_id, observed, state from deviating
       on conflict (person_id, entitlement_id) do update set observed = excluded.observed, state = excluded.state
         where (right_deviation.observed, right_deviation.state) <> (excluded.observed, excluded.state)
     )
     insert into person_rights (person_id, systems, expected, observed, missing, unexplained, resting, not_read, protected_data)
     select person_id, systems, expected, observed, missing, unexplained, resting, not_read, protected_data from counted
     on conflict (person_id) do update set systems = excluded.systems, expected = excluded.expected,
       observed = excluded.observed, missing = excluded.missing, unexplained = excluded.unexplained,
       resting = excluded.resting,
       not_read = excluded.not_read, protected_data = excluded.protected_data
       where (person_rights.systems, person_rights.expected, person_rights.observed, person_rights.missing,
         person_rights.unexplained, person_rights.resting, person_rights.not_read, person_rights.protected_data)
         is distinct from (excluded.systems, excluded.expected, excluded.observed, excluded.missing,
         excluded.unexplained, excluded.resting, excluded.not_read, excluded.protected_data)`,
    params,
  )
  await syncPeople(tx, scope)
  if (many) await tx.query('set local enable_nestloop to default')
}
