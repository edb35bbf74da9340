import type { ResponseOf } from '#contract/endpoint.ts'
import type { getReportedSubject, listFormerRights, ReportedAffiliation } from '#contract/lifecycle-subject.ts'
import { loadAbsencePolicy, loadGracePolicy } from '../../access/policies/policy-store.ts'
import { personRefSql, unitRefSql, visibleTo } from '../../access/visible.ts'
import { problem } from '../../platform/problem.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows } from '../../policy/policy.ts'
import { rightClassSql } from '../../systems/right-class.ts'
import { FULL_TIME } from './case.ts'
import { delegatedBy } from './handover-store.ts'
import { type KnownAffiliation, knownAffiliation, statedHashes } from './known-affiliation.ts'

type Subject = ResponseOf<typeof getReportedSubject>
const REPORTED = `ac.affiliation_id as id, ac.kind, ac.status, ac.title, ${unitRefSql('u')} as unit,
  ac.starts_on as "startsOn", ac.ends_on as "endsOn", round(ac.fraction * ${FULL_TIME}, 2)::float8 as hours`

/** May the actor report about somebody there, and not about themselves? */
const mayReport = (actor: Actor, of: Pick<KnownAffiliation, 'personId' | 'unitId' | 'unitPath'>): boolean =>
  allows(actor, 'change', 'Case', {
    about: of.personId === actor.personId ? 'self' : 'other',
    secret: false,
    placed: of.unitId !== null,
    authorId: actor.userId,
    knows: [],
    unitPath: of.unitPath,
    toUnitPath: [],
  })

/** Affiliations that are there or to come, and that the reader may report about; the others of the person are not told. */
export async function reportedAffiliations(tx: Tx, actor: Actor, personId: string): Promise<ReportedAffiliation[]> {
  const q = statement()
  const rows = await tx.query<ReportedAffiliation & { unitPath: string[] }>(
    `select ${REPORTED}, ac.unit_path as "unitPath"
     from affiliation_current ac join person_current p on p.person_id = ac.person_id
     left join org_unit_current u on u.unit_id = ac.unit_id
     where ac.person_id = ${q.bind(personId, 'uuid')} and ac.status <> 'ended' and ac.kind <> 'pupil'
       and ${visibleTo(actor, q).person('p')}
     order by ac.is_primary desc, ac.starts_on, ac.affiliation_id`,
    q.params,
  )
  return rows.flatMap(({ unitPath, ...row }) =>
    mayReport(actor, { personId, unitId: row.unit?.id ?? null, unitPath }) ? [row] : [],
  )
}

const MOST_FORMER = 100
/**
 * What a person held by affiliations that have ended, for HR alone: to anybody else it would say that somebody once worked
 * here. Only to look at: rights of a rehire come from the rules of the new affiliation.
 */
export async function formerRights(
  tx: Tx,
  actor: Actor,
  personId: string,
): Promise<ResponseOf<typeof listFormerRights>> {
  if (!actor.roles.includes('hr') || personId === actor.personId) return { rows: [] }
  const rows = await tx.query<ResponseOf<typeof listFormerRights>['rows'][number]>(
    `select jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name,
         'system', jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name)) as right,
       (max(upper(h.held)) at time zone 'Europe/Copenhagen')::date as until
     from affiliation a join person p on p.id = a.person_id
     join assignment_history h on h.affiliation_id = a.id join entitlement e on e.id = h.entitlement_id
     join it_system s on s.id = e.system_id
     where coalesce(p.merged_into, p.id) = $1 and e.key not like 'hjemmel/%'
       and not exists (select from affiliation_current ac where ac.affiliation_id = a.id and ac.status <> 'ended')
     group by e.id, s.id order by s.name, e.name limit ${MOST_FORMER}`,
    [personId],
  )
  return { rows }
}

/** What a report about an affiliation begins with. Throws `not-found` where the reader may not report about it. */
export async function subjectView(tx: Tx, actor: Actor, affiliationId: string): Promise<Subject> {
  const known = await knownAffiliation(tx, affiliationId)
  if (!mayReport(actor, known)) throw problem('not-found')
  const q = statement()
  const may = visibleTo(actor, q)
  const [row] = await tx.query<ReportedAffiliation & Pick<Subject, 'person' | 'manager'>>(
    `select ${REPORTED}, ${personRefSql('p', may.name('p'))} as person, ${personRefSql('m', may.name('m'))} as manager
     from affiliation_current ac join person_current p on p.person_id = ac.person_id
     left join org_unit_current u on u.unit_id = ac.unit_id
     left join person_current m on m.person_id = ac.manager_person_id
     where ac.affiliation_id = ${q.bind(known.affiliationId, 'uuid')} and ${may.person('p')}`,
    q.params,
  )
  if (!row) throw problem('not-found')
  const held = await tx.query<Subject['held'][number]>(
    `with expected as (select entitlement_id from assignment where affiliation_id = $1),
       observed as (select distinct o.entitlement_id from account acc join observed_right o on o.account_id = acc.id
         where acc.person_id = $2 and acc.gone_at is null
           and not exists (select from affiliation_current oc join assignment oa on oa.affiliation_id = oc.affiliation_id
             where oc.person_id = $2 and oc.affiliation_id <> $1 and oa.entitlement_id = o.entitlement_id))
     select jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name,
         'system', jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name)) as right,
       ${rightClassSql('e', 's')} as class, x.entitlement_id is not null as expected, y.entitlement_id is not null as observed
     from expected x full join observed y on y.entitlement_id = x.entitlement_id
     join entitlement e on e.id = coalesce(x.entitlement_id, y.entitlement_id) and e.gone_at is null
     join it_system s on s.id = e.system_id order by s.name, e.name`,
    [known.affiliationId, known.personId],
  )
  const delegated = await delegatedBy(tx, known)
  const { caseIds } = await statedHashes(tx, known.affiliationId, { kind: 'end', doors: ['plain', 'postpone'] })
  const absences = await reportedAbsences(tx, known.affiliationId)
  const absence = await loadAbsencePolicy(tx)
  const graceDays = await loadGracePolicy(tx)
  // Nobody hands over to themselves.
  const proposed = row.manager?.id === known.personId ? null : row.manager
  return {
    ...row,
    held,
    delegated: delegated.map(one => ({ ...one, proposed })),
    absence,
    absences,
    graceDays,
    reportedEnd: caseIds.length > 0,
  }
}

/** Absences that reports have said and nobody has taken back. */
const reportedAbsences = (tx: Tx, affiliationId: string): Promise<Subject['absences']> =>
  tx.query(
    `select f.attrs ->> 'leaveFrom' as from, f.attrs ->> 'leaveTo' as to from fact f
     where f.subject_id = $1 and f.subject_kind = 'affiliation' and f.source = 'report' and f.op = 'assert'
       and f.attrs ? 'leaveFrom' and not exists (select from fact r where r.retracts = f.hash)
     order by 1 desc limit 20`,
    [affiliationId],
  )
