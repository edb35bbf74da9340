import type { z } from 'zod'
import type { personAffiliation } from '#contract/people.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { originOf, type Sources } from './person-names-views.ts'
import type { Viewer } from './viewer.ts'

type Affiliation = z.output<typeof personAffiliation>
type Named = { id: string; name: string }

type AffiliationRow = {
  id: string
  kind: Affiliation['kind']
  status: Affiliation['status']
  source: string
  employee_no: string | null
  unit_id: string | null
  unit_path: string[]
  unit_names: Named[] | null
  pay_unit: Named | null
  title: string | null
  position: { key: string; name: string } | null
  fraction: string | null
  is_primary: boolean
  starts_on: string | null
  ends_on: string | null
  on_leave: boolean
  leave_kind: string | null
  contract_ends_on: string | null
  last_working_day: string | null
  released_from: string | null
  agency: string | null
  payroll_confirmed: boolean | null
  why: { endReason: string | null; leaveReason: string | null } | null
  authority: { attribute: string; source: string; since: string; author: string | null; reason: string | null }[] | null
  functions: string[]
  school_class: string | null
  manager: { id: string; name: string; protected: boolean; unitIds: string[] } | null
  manager_from: Named | null
}

/** For HR and the own manager only, with the word of whoever said them. */
const RESTRICTED = ['endReason', 'leaveReason', 'leaveKind', 'leaveFrom', 'leaveTo']

/** The affiliations that the reader may know of, today's and the primary one first. One statement. */
export async function readAffiliations(
  tx: Tx,
  personId: string,
  viewer: Viewer,
  sources: Sources,
  today: string,
): Promise<Affiliation[]> {
  const rows = await tx.prepared<AffiliationRow>(
    'person affiliations with authority',
    `select a.affiliation_id as id, a.kind, a.status, a.source, a.employee_no, a.unit_id, a.unit_path, a.title,
       a.fraction, a.is_primary, a.starts_on, a.ends_on, a.on_leave, a.functions, a.school_class,
       a.contract_ends_on, a.last_working_day, a.released_from, a.agency, a.payroll_confirmed,
       (select jsonb_build_object('endReason', s.attrs ->> 'endReason', 'leaveReason', s.attrs ->> 'leaveReason')
        from affiliation_state s where s.affiliation_id = a.affiliation_id and upper_inf(s.recorded)
        order by s.valid @> $2::date desc, upper(s.valid) desc limit 1) as why,
       (select jsonb_agg(jsonb_build_object('attribute', o.key, 'source', o.value ->> 'source', 'since', o.value ->> 'since',
          'author', f.author, 'reason', f.reason) order by o.key)
        from jsonb_each(a.origin) o left join lateral (
          -- Only what a person has said has an author; what a feed says is not looked for.
          select coalesce(case when not p.protected then p.name end, u.display_name, u.username) as author, f.reason
          from affiliation m join fact f on f.subject_id = m.id
          left join tool_user u on u.id = f.actor_id left join person_current p on p.person_id = u.person_id
          where o.value ->> 'source' in ('manual', 'report', 'report-change') and (m.id = a.affiliation_id or m.merged_into = a.affiliation_id)
            and f.source = o.value ->> 'source' and f.asserted_at = (o.value ->> 'since')::timestamptz and f.attrs ? o.key
          limit 1) f on true) as authority,
       case when a.on_leave then (select s.attrs ->> 'leaveKind' from affiliation_state s where s.affiliation_id = a.affiliation_id
         and upper_inf(s.recorded) and s.valid @> $2::date limit 1) end as leave_kind,
       (select jsonb_agg(jsonb_build_object('id', u.unit_id, 'name', u.name) order by p.place)
        from unnest(a.unit_path) with ordinality as p (unit_id, place) join org_unit_current u on u.unit_id = p.unit_id) as unit_names,
       (select jsonb_build_object('id', u.unit_id, 'name', u.name) from org_unit_current u where u.unit_id = a.pay_unit_id) as pay_unit,
       (select jsonb_build_object('key', p.key, 'name', p.name) from position p where p.key = a.position_key) as position,
       (select jsonb_build_object('id', m.person_id, 'name', m.name, 'protected', m.protected, 'unitIds', m.unit_ids)
        from person_current m where m.person_id = a.manager_person_id) as manager,
       (select jsonb_build_object('id', u.unit_id, 'name', u.name) from org_unit_current o
        join org_unit_current u on u.manager_affiliation_id = a.manager_affiliation_id and u.unit_id = any(o.path)
        where o.unit_id = a.unit_id order by u.level desc limit 1) as manager_from
     from affiliation_current a where a.person_id = $1
     order by a.status = 'active' desc, a.is_primary desc, a.starts_on desc, a.affiliation_id`,
    [personId, today],
  )
  return rows
    .filter(row => viewer.affiliation({ unitPath: row.unit_path, kind: row.kind, status: row.status }))
    .map(row => affiliationOf(row, viewer, sources))
}

function affiliationOf(row: AffiliationRow, viewer: Viewer, sources: Sources): Affiliation {
  const path = row.unit_names ?? []
  const unit = path.at(-1) ?? null
  const scope = { unitPath: row.unit_path, kind: row.kind, status: row.status }
  const detailed = viewer.details(scope)
  // The person concerned is told by people, not by a screen.
  const reasons = viewer.leave(scope) && !viewer.self
  const manager = row.manager
  const managerShown =
    manager && (!manager.protected || viewer.names({ personId: manager.id, protected: true, unitIds: manager.unitIds }))
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    detailed,
    employeeNo: detailed ? row.employee_no : null,
    unit,
    unitPath: path,
    payUnit: detailed ? row.pay_unit : null,
    title: detailed ? row.title : null,
    position: detailed ? row.position : null,
    fraction: detailed && row.fraction !== null ? Number(row.fraction) : null,
    primary: row.is_primary,
    startsOn: detailed ? row.starts_on : null,
    endsOn: detailed ? row.ends_on : null,
    onLeave: detailed && row.on_leave,
    leaveKind: viewer.leave(scope) ? row.leave_kind : null,
    contractEndsOn: detailed ? row.contract_ends_on : null,
    lastWorkingDay: detailed ? row.last_working_day : null,
    releasedFrom: detailed ? row.released_from : null,
    agency: detailed ? row.agency : null,
    payrollConfirmed: detailed ? row.payroll_confirmed : null,
    endReason: reasons ? (row.why?.endReason ?? null) : null,
    leaveReason: reasons ? (row.why?.leaveReason ?? null) : null,
    authority: detailed
      ? (row.authority ?? [])
          // That there is a reason at all is told to those who may read it.
          .filter(one => reasons || !RESTRICTED.includes(one.attribute))
          .map(one => ({
            ...one,
            since: new Date(one.since).toISOString(),
            sourceName: sources.get(one.source)?.name ?? one.source,
            reason: reasons ? one.reason : null,
          }))
      : [],
    functions: detailed ? row.functions : [],
    schoolClass: detailed ? row.school_class : null,
    manager: manager
      ? { id: manager.id, name: managerShown ? manager.name : null, protected: manager.protected }
      : null,
    managerFromUnit: row.manager_from && row.manager_from.id !== row.unit_id ? row.manager_from : null,
    origin: originOf(sources, row.source),
  }
}
