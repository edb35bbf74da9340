import type { z } from 'zod'
import type { getPersonAsOf } from '#contract/people.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Viewer } from './person-page-views.ts'

type AsOf = z.output<(typeof getPersonAsOf)['response']>

/**
 * The person as of a civil date, as known at an instant: both time axes in one query each. Rights are what was stored
 * as expected, and seen as held, at the end of that date in the town hall (or at the instant, when that was earlier):
 * before the installation's first read it held no rights, and none are shown.
 */
export async function personAsOfView(
  tx: Tx,
  personId: string,
  viewer: Viewer,
  at: { valid: string; known: Date },
): Promise<AsOf | null> {
  const [person] = await tx.query<{ name: string | null; protected: boolean }>(
    `select trim(coalesce(s.attrs ->> 'givenName', '') || ' ' || coalesce(s.attrs ->> 'familyName', '')) as name, p.protected
     from person_current p left join person_state s on s.person_id = p.person_id and s.valid @> $2::date and s.recorded @> $3::timestamptz
     where p.person_id = $1`,
    [personId, at.valid, at.known],
  )
  if (!person) return null
  const affiliations = await tx.query<AsOf['affiliations'][number] & { path: string[]; status: string }>(
    `select a.id, coalesce(s.attrs ->> 'affiliationKind', s.attrs ->> 'kind', c.kind) as kind,
       case when u.unit_id is null then null else jsonb_build_object('id', u.unit_id, 'name', u.name) end as unit,
       coalesce(u.path, '{}') as path, coalesce(c.status, 'ended') as status, s.attrs ->> 'title' as title, (s.attrs ->> 'fraction')::float as fraction,
       s.attrs ->> 'startsOn' as "startsOn", s.attrs ->> 'endsOn' as "endsOn",
       coalesce((s.attrs ->> 'primary')::boolean, c.is_primary, false) as primary
     from affiliation a
     join affiliation_state s on s.affiliation_id = a.id and s.valid @> $2::date and s.recorded @> $3::timestamptz
     left join affiliation_current c on c.affiliation_id = a.id
     left join org_unit_current u on u.key = coalesce(s.attrs ->> 'unitOverride', s.attrs ->> 'unit') and u.tree <> 'pay'
     where a.person_id = $1
       and coalesce((s.attrs ->> 'startsOn')::date, '-infinity') <= $2::date
       and coalesce((s.attrs ->> 'endsOn')::date, 'infinity') > $2::date
     order by c.is_primary desc nulls last, a.id`,
    [personId, at.valid, at.known],
  )
  const rights = await tx.query<AsOf['rights'][number] & { systemId: string; grounds: string[] | null }>(
    `with moment as (
       select least($2::timestamptz, ($3::date + 1)::timestamp at time zone 'Europe/Copenhagen') as at
     ), expected as (
       select g.entitlement_id, array_agg(g.affiliation_id) as grounds from moment, lateral (
         select a.entitlement_id, f.id as affiliation_id from affiliation f join assignment a on a.affiliation_id = f.id
         where f.person_id = $1 and a.since <= moment.at
         union
         select h.entitlement_id, f.id from affiliation f join assignment_history h on h.affiliation_id = f.id
         where f.person_id = $1 and h.held @> moment.at) g
       group by g.entitlement_id
     ), observed as (
       select o.entitlement_id from moment, account acc join observed_right o on o.account_id = acc.id
       where acc.person_id = $1 and o.first_seen_at <= moment.at
       union
       select h.entitlement_id from moment, account acc join observed_right_history h on h.account_id = acc.id
       where acc.person_id = $1 and h.seen @> moment.at
     )
     select e.key, e.name, s.name as system, s.id as "systemId", x.grounds, x.grounds is not null as expected,
       e.id in (select entitlement_id from observed) as observed
     from entitlement e join it_system s on s.id = e.system_id left join expected x on x.entitlement_id = e.id
     where e.id in (select entitlement_id from expected union select entitlement_id from observed)
     order by s.name, e.name`,
    [personId, at.known, at.valid],
  )
  const paths = new Map(affiliations.map(one => [one.id, one.path]))
  const everywhere = affiliations.flatMap(one => one.path)
  return {
    valid: at.valid,
    known: at.known.toISOString(),
    name: person.protected && !viewer.protectedName ? null : person.name,
    affiliations: affiliations
      .filter(one => viewer.details({ unitPath: one.path, kind: one.kind, status: one.status }))
      .map(({ path: _, status: __, ...one }) => one),
    // As on the person page: judged by the affiliations it followed from; one that followed from none, by all of them.
    rights: rights
      .filter(right =>
        viewer.right({
          systemId: right.systemId,
          unitPath: right.grounds ? right.grounds.flatMap(id => paths.get(id) ?? []) : everywhere,
        }),
      )
      .map(({ systemId: _, grounds: __, ...right }) => right),
  }
}
