import type { z } from 'zod'
import type { getPersonAsOf } from '#contract/people.ts'
import { type AffiliationAsOf, personAsOf } from '../people/people-views.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { ANY_PARTS, givenThenSql, includedThenSql, NO_PARTS, partThenSql, seenThenSql } from './past-state.ts'
import type { Viewer } from './viewer.ts'

const AT = '(select at from moment)'
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
  const [today] = await tx.query<{ protected: boolean; parts: boolean }>(
    `select protected, ${ANY_PARTS} as parts from person_current where person_id = $1`,
    [personId],
  )
  if (!today) return null
  const then = await personAsOf(tx, personId, at.valid, at.known)
  const affiliations = then ? await withScope(tx, then.affiliations) : []
  // Planned once a connection: of so many joins, planning takes longer than answering for one person.
  const rights = await tx.prepared<AsOf['rights'][number] & { systemId: string; grounds: string[] | null }>(
    today.parts ? 'person as of, parts' : 'person as of',
    `with moment as (
       select least($2::timestamptz, ($3::date + 1)::timestamp at time zone 'Europe/Copenhagen') as at
     ), expected as materialized (
       select g.person_id, g.entitlement_id, array_agg(g.affiliation_id) as grounds, bool_and(g.rests) as rests
       from (${givenThenSql(AT, { from: '(select * from affiliation where person_id = $1) f' })}) g
       group by g.person_id, g.entitlement_id
     ), part as materialized (${today.parts ? partThenSql(AT) : NO_PARTS}
     ), observed as (
       ${seenThenSql(AT, { from: '(select * from account where person_id = $1) acc' })}
       union all ${includedThenSql(AT, 'expected', 'part')}
     )
     select e.key, e.name, s.name as system, s.id as "systemId", x.grounds, x.grounds is not null and not x.rests as expected,
       coalesce(x.rests, false) as rests, e.id in (select entitlement_id from observed) as observed
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
    name: today.protected && !viewer.protectedName ? null : (then?.name ?? null),
    affiliations: affiliations
      .filter(one => viewer.details({ unitPath: one.path, kind: one.kind, status: one.status }))
      .map(one => ({
        id: one.id,
        kind: one.kind,
        unit: one.unit && { id: one.unit.id, name: one.unit.name },
        title: one.title,
        fraction: one.fraction,
        startsOn: one.startsOn,
        endsOn: one.endsOn,
        primary: one.primary,
      })),
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

/** The scope in which the policy judges an affiliation is today's: who may see it now, not who could have then. */
async function withScope(tx: Tx, affiliations: readonly AffiliationAsOf[]) {
  const rows = await tx.query<{ id: string; status: string; path: string[] }>(
    `select w.affiliation as id, coalesce(c.status, 'ended') as status, coalesce(c.unit_path, u.path, '{}') as path
     from jsonb_to_recordset($1::jsonb) as w(affiliation uuid, unit uuid)
     left join affiliation_current c on c.affiliation_id = w.affiliation and c.unit_id is not distinct from w.unit
     left join org_unit_current u on u.unit_id = w.unit`,
    [JSON.stringify(affiliations.map(one => ({ affiliation: one.id, unit: one.unit?.id ?? null })))],
  )
  const scope = new Map(rows.map(row => [row.id, row]))
  return affiliations.map(one => ({
    ...one,
    path: scope.get(one.id)?.path ?? [],
    status: scope.get(one.id)?.status ?? 'ended',
  }))
}
