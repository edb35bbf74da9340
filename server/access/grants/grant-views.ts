import type { z } from 'zod'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { listEmergencyChecks, listGrace } from '#contract/grants.ts'
import type { rightGrant } from '#contract/people.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { DANISH, personRefSql, visibleTo } from '../visible.ts'

/** Joins over `right_grant g` for `GRANT_JSON`: the name of whoever decided, as it is now. */
export const GRANTED_BY = `left join tool_user gu on gu.id::text = g.created_by
  left join person_current gp on gp.person_id = gu.person_id`

/** SQL of the contract's `rightGrant`. A name that is protected is not told here. */
export const GRANT_JSON = `jsonb_build_object('id', g.id, 'kind', g.kind, 'reason', g.reason,
  'by', case when coalesce(gp.protected, false) then null else coalesce(gp.name, gu.display_name) end,
  'from', g.valid_from, 'until', g.valid_to,
  'expiresAt', to_char(g.expires_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'noEffect', g.no_effect)`

/** Grants of a right, by the key of the entitlement, to these affiliations that have not ended. */
export async function grantsOfRight(
  tx: Tx,
  affiliations: readonly string[],
  entitlement: string,
): Promise<z.output<typeof rightGrant>[]> {
  const rows = await tx.query<{ grant: z.output<typeof rightGrant> }>(
    `select ${GRANT_JSON} as grant from right_grant g join entitlement e on e.id = g.entitlement_id ${GRANTED_BY}
     where g.affiliation_id = any($1::uuid[]) and e.key = $2 and g.ended_at is null order by g.created_at`,
    [affiliations, entitlement],
  )
  return rows.map(row => row.grant)
}

type May = ReturnType<typeof visibleTo>

const uncheckedSql = (may: May): string => `from right_grant g join affiliation a on a.id = g.affiliation_id
     join person_current p on p.person_id = a.person_id
     join entitlement e on e.id = g.entitlement_id join it_system y on y.id = e.system_id
     left join affiliation_current ac on ac.affiliation_id = a.id ${GRANTED_BY}
     where g.kind = 'emergency' and g.checked_at is null and ${may.toVerify('p', 'ac', 'e')}`

const standingGraceSql = (may: May, own: string, today: string): string => `from right_grant g
     join affiliation_current ac on ac.affiliation_id = g.affiliation_id
     join person_current p on p.person_id = ac.person_id
     join entitlement e on e.id = g.entitlement_id join it_system y on y.id = e.system_id
     left join org_unit_current o on o.unit_id = g.from_unit_id
     where g.kind = 'grace' and g.ended_at is null and g.valid_to > ${today}
       and (${may.assignment('ac', 'p', 'e')} or o.path && ${own} and p.kind <> 'pupil')`

/** For a home: how many lines of the two lists below somebody has; SQL of a number each. */
export const countUncheckedSql = (actor: Actor, q: Statement): string =>
  `(select count(*) ${uncheckedSql(visibleTo(actor, q))})`
export const countGraceSql = (actor: Actor, q: Statement, today: string): string =>
  `(select count(*) ${standingGraceSql(visibleTo(actor, q), q.bind([...actor.units, ...actor.actingFor], 'uuid[]'), q.bind(today, 'date'))})`

type Checks = ResponseOf<typeof listEmergencyChecks>

/** Emergency accesses that nobody has looked at, of rights that the reader is to look at; the oldest first. One statement. */
export async function emergencyChecksView(
  tx: Tx,
  actor: Actor,
  page: { offset: number; limit: number },
): Promise<Checks> {
  const q = statement()
  const may = visibleTo(actor, q)
  const rows = await tx.query<
    Omit<Checks['rows'][number], 'mayCheck' | 'givenAt'> & { givenAt: Date; by: string; total: number }
  >(
    `select ${GRANT_JSON} as grant, ${personRefSql('p', may.name('p'))} as person, g.created_at as "givenAt",
       g.created_by as by, g.ended_at is not null as ended,
       jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name) as entitlement,
       jsonb_build_object('id', y.id, 'key', y.key, 'name', y.name) as system, (count(*) over ())::int as total
     ${uncheckedSql(may)}
     order by g.created_at, g.id offset ${q.bind(page.offset, 'int')} limit ${q.bind(page.limit, 'int')}`,
    q.params,
  )
  return {
    rows: rows.map(({ by, total: _, givenAt, ...row }) => ({
      ...row,
      givenAt: givenAt.toISOString(),
      mayCheck: by !== actor.userId && row.person.id !== actor.personId,
    })),
    total: rows[0]?.total ?? 0,
  }
}

type Graces = ResponseOf<typeof listGrace>

/**
 * Rights that stay for a while after a move: to whoever may see the right where the person is now, and to the manager of
 * the unit where it was earned, who is told for as long as it lasts. Soonest to end first.
 */
export async function graceView(
  tx: Tx,
  actor: Actor,
  page: { offset: number; limit: number },
  today: string,
): Promise<Graces> {
  const q = statement()
  const may = visibleTo(actor, q)
  const own = q.bind([...actor.units, ...actor.actingFor], 'uuid[]')
  const rows = await tx.query<Graces['rows'][number] & { total: number }>(
    `select g.id, ${personRefSql('p', may.name('p'))} as person, g.valid_to as until,
       jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name) as entitlement,
       jsonb_build_object('id', y.id, 'key', y.key, 'name', y.name) as system,
       case when ac.unit_path && ${own} then 'came' when o.path && ${own} then 'went' else 'other' end as side,
       (count(*) over ())::int as total
     ${standingGraceSql(may, own, q.bind(today, 'date'))}
     order by g.valid_to, p.family_name ${DANISH}, g.id offset ${q.bind(page.offset, 'int')} limit ${q.bind(page.limit, 'int')}`,
    q.params,
  )
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 }
}
