import type { ResponseOf } from '#contract/endpoint.ts'
import type { getStrictMode } from '#contract/strict.ts'
import { problem } from '../../platform/problem.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows } from '../../policy/policy.ts'
import { REACH_WAYS, reachCtes } from '../reach/reach-sql.ts'
import { DANISH, personRefSql, visibleTo } from '../visible.ts'

type Answer = ResponseOf<typeof getStrictMode>
type Row = Omit<Answer['rows'][number], 'since' | 'emergencyUntil'> & {
  since: Date
  emergencyUntil: Date | null
  total: number
}

/**
 * A system's strict mode in three statements: whether it is, what of today's rights has no purpose (by the same set as the
 * pages of people say it), and what is held back from those whom the reader may see. For whoever may see the system.
 */
export async function strictView(
  tx: Tx,
  actor: Actor,
  { systemId, offset, limit }: { systemId: string; offset: number; limit: number },
  when: { today: string; now: Date },
): Promise<Answer> {
  if (!allows(actor, 'read', 'System', { id: systemId })) throw problem('not-found')
  const [system] = await tx.query<{ since: Date | null; by: string | null; reason: string | null }>(
    `select lower(m.recorded) as since, m.reason, coalesce(case when not p.protected then p.name end, u.display_name) as by
     from it_system s left join strict_mode m on m.system_id = s.id and upper_inf(m.recorded)
     left join tool_user u on u.id::text = m.set_by left join person_current p on p.person_id = u.person_id
     where s.id = $1 and s.gone_at is null`,
    [systemId],
  )
  if (!system) throw problem('not-found')
  const [now] = await tx.query<Answer['now']>(
    `with ${reachCtes('$1', { among: 'RIGHT in (select id from entitlement where system_id = $2)' })}
     select count(*)::int as rights, (count(*) filter (where lacks))::int as lacking,
       (count(distinct person_id) filter (where lacks))::int as people
     from (select w.person_id, w.entitlement_id, bool_and(n.bindings = '{}') as lacks from ${REACH_WAYS}
       group by w.person_id, w.entitlement_id) r`,
    [when.today, systemId],
  )
  const q = statement()
  const may = visibleTo(actor, q)
  const rows = await tx.query<Row>(
    `select ${personRefSql('p', may.name('p'))} as person, h.affiliation_id as "affiliationId", h.since,
       case when u.unit_id is not null then jsonb_build_object('id', u.unit_id, 'name', u.name) end as unit,
       jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name) as entitlement, e.emergency,
       case when d.grant_id is null then 'rule' else 'grant' end as by,
       case when d.grant_id is null then jsonb_build_object('key', d.rule_key, 'name', coalesce(r.name, d.rule_key)) end as rule,
       (select max(g.expires_at) from right_grant g where g.kind = 'emergency' and g.ended_at is null
         and g.expires_at > ${q.bind(when.now, 'timestamptz')}
         and g.affiliation_id = h.affiliation_id and g.entitlement_id = h.entitlement_id) as "emergencyUntil",
       (count(*) over ())::int as total
     from withheld_right h join entitlement e on e.id = h.entitlement_id
     join affiliation_current ac on ac.affiliation_id = h.affiliation_id
     join person_current p on p.person_id = ac.person_id
     join derivation d on d.id = h.derivation_id
     left join rights_rule r on r.key = d.rule_key and r.version = d.rule_version
     left join org_unit_current u on u.unit_id = ac.unit_id
     where e.system_id = ${q.bind(systemId, 'uuid')} and ${may.assignment('ac', 'p', 'e')}
     order by h.since desc, p.family_name ${DANISH}, h.entitlement_id
     offset ${q.bind(offset, 'int')} limit ${q.bind(limit, 'int')}`,
    q.params,
  )
  return {
    strict: system.since ? { since: system.since.toISOString(), by: system.by, reason: system.reason ?? '' } : null,
    now: now ?? { rights: 0, lacking: 0, people: 0 },
    rows: rows.map(({ total: _, ...row }) => ({
      ...row,
      since: row.since.toISOString(),
      emergencyUntil: row.emergencyUntil?.toISOString() ?? null,
    })),
    total: rows[0]?.total ?? 0,
    allowed: { change: allows(actor, 'approve', 'Binding', { systemId }) },
  }
}
