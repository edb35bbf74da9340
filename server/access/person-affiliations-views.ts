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
  functions: string[]
  school_class: string | null
  manager: { id: string; name: string; protected: boolean; unitIds: string[] } | null
  manager_from: Named | null
}

/** The affiliations that the reader may know of, today's and the primary one first. One statement. */
export async function readAffiliations(
  tx: Tx,
  personId: string,
  viewer: Viewer,
  sources: Sources,
): Promise<Affiliation[]> {
  const rows = await tx.prepared<AffiliationRow>(
    'person affiliations',
    `select a.affiliation_id as id, a.kind, a.status, a.source, a.employee_no, a.unit_id, a.unit_path, a.title,
       a.fraction, a.is_primary, a.starts_on, a.ends_on, a.on_leave, a.functions, a.school_class,
       case when a.on_leave then (select s.attrs ->> 'leaveKind' from affiliation_state s where s.affiliation_id = a.affiliation_id
         and upper_inf(s.recorded) and s.valid @> current_date limit 1) end as leave_kind,
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
    [personId],
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
    functions: detailed ? row.functions : [],
    schoolClass: detailed ? row.school_class : null,
    manager: manager
      ? { id: manager.id, name: managerShown ? manager.name : null, protected: manager.protected }
      : null,
    managerFromUnit: row.manager_from && row.manager_from.id !== row.unit_id ? row.manager_from : null,
    origin: originOf(sources, row.source),
  }
}
