import type { CaseValue } from '#contract/case-values.ts'
import type { CaseForm } from '#contract/lifecycle-forms.ts'
import { visibleTo } from '../../access/visible.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { fractionOf, type StoredCase } from './case.ts'

/** In the order in which people read them. Reasons of an end or a leave are not among them. */
const ATTRIBUTES = ['unit', 'title', 'startsOn', 'endsOn', 'fraction', 'employeeNo', 'agency'] as const
type Attribute = (typeof ATTRIBUTES)[number]
type Said = { source: string; since: string; sourceName: CaseValue['sourceName']; author: string | null }
type Row = Record<Attribute, string | null> & {
  affiliationId: string
  reportedUnit: string | null
  origin: Partial<Record<Attribute | 'payUnit', Said>> | null
}

/** What counts of the employment that a report is about, and whose word it is. One statement. */
export async function caseValuesView(
  tx: Tx,
  actor: Actor,
  one: Pick<StoredCase, 'affiliationId' | 'form' | 'statedAt'>,
): Promise<{ affiliationId: string | null; values: CaseValue[] }> {
  const none = { affiliationId: null, values: [] }
  if (one.affiliationId === null) return none
  const told = reportedIn(one.form)
  const q = statement()
  const [row] = await tx.query<Row>(
    `select ac.affiliation_id as "affiliationId", u.name as unit, ac.title, ac.starts_on as "startsOn",
       ac.contract_ends_on as "endsOn", ac.fraction::float8::text as fraction, ac.employee_no as "employeeNo", ac.agency,
       (select n.name from org_unit_current n where n.unit_id = ${q.bind(told.unit ?? null, 'uuid')}) as "reportedUnit",
       (select jsonb_object_agg(case o.key when 'unitOverride' then 'unit' else o.key end, jsonb_build_object(
           'source', o.value ->> 'source', 'since', o.value ->> 'since', 'author', f.author,
           'sourceName', (select s.name from source s where s.key = o.value ->> 'source'))
         order by o.key)
        from jsonb_each(ac.origin) o left join lateral (
          select coalesce(case when not p.protected then p.name end, tu.display_name, tu.username) as author
          from affiliation m join fact f on f.subject_id = m.id
          left join tool_user tu on tu.id = f.actor_id left join person_current p on p.person_id = tu.person_id
          where o.value ->> 'source' in ('manual', 'report', 'report-change')
            and (m.id = ac.affiliation_id or m.merged_into = ac.affiliation_id) and f.source = o.value ->> 'source'
            and f.asserted_at = (o.value ->> 'since')::timestamptz and f.attrs ? o.key limit 1) f on true) as origin
     from affiliation a join affiliation_current ac on ac.affiliation_id = coalesce(a.merged_into, a.id)
     left join org_unit_current u on u.unit_id = ac.unit_id
     where a.id = ${q.bind(one.affiliationId, 'uuid')} and ${visibleTo(actor, q).affiliation('ac', 'details')}`,
    q.params,
  )
  if (!row) return none
  const values = ATTRIBUTES.flatMap((attribute): CaseValue[] => {
    const reported = attribute === 'unit' ? row.reportedUnit : (told[attribute] ?? null)
    const now = row[attribute]
    if (now === null && reported === null) return []
    // Where nobody has said the unit, it is the one that payroll's own belongs to.
    const said = row.origin?.[attribute] ?? (attribute === 'unit' ? row.origin?.payUnit : undefined)
    return [
      {
        ...{ attribute, now, reported },
        differs: reported !== null && reported !== now,
        source: said?.source ?? null,
        sourceName: said?.sourceName ?? null,
        since: said ? new Date(said.since).toISOString() : null,
        author: said?.author ?? null,
      },
    ]
  })
  return { affiliationId: row.affiliationId, values }
}

/** What a form says of the employment's own values; units are ids. */
function reportedIn(form: CaseForm): Partial<Record<Attribute, string | null>> {
  if (form.kind === 'hire') {
    const { unitId, title, startsOn, endsOn, hours, organisation } = form.affiliation
    const fraction = fractionOf(hours)
    return {
      ...{ unit: unitId, title: title || null, startsOn, endsOn, agency: organisation || null },
      fraction: fraction === null ? null : String(fraction),
    }
  }
  if (form.kind === 'move') return { unit: form.unitId, title: form.title || null }
  return form.kind === 'end' ? { endsOn: form.endsOn } : {}
}
