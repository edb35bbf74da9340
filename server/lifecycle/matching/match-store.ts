import { newId } from '../../platform/ids.ts'
import { planned } from '../../platform/planned.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Candidate, Weighed } from './weigh-match.ts'

/**
 * Reports that payroll has not confirmed, each with the payroll rows that could be it: of the same person, with the same
 * employee number, or with the same birth date and family name. Few reports wait at a time, so that this is asked whole.
 */
export async function candidates(tx: Tx): Promise<Candidate[]> {
  return planned<Candidate>(
    tx,
    `with waiting as (
       select c.*, p.family_name, p.given_name, p.birth_date, n.hash as number, f.realm
       from affiliation a join affiliation_current c on c.affiliation_id = a.id
       join person f on f.id = c.person_id
       join person_current p on p.person_id = c.person_id left join person_cpr n on n.person_id = c.person_id
       where a.source = 'report' and a.merged_into is null and c.kind in ('employment', 'temp', 'trainee')
         and not exists (select from affiliation_merge m where m.survivor_id = a.id and m.undone_at is null)
     ), reached as (
       select w.affiliation_id as report, c.affiliation_id as payroll from waiting w
       join affiliation_current c on c.person_id = w.person_id
       union
       select w.affiliation_id, c.affiliation_id from waiting w join affiliation_current c on c.employee_no = w.employee_no
       union
       select w.affiliation_id, c.affiliation_id from waiting w
       join person_current p on p.family_name = w.family_name and p.birth_date = w.birth_date
       join affiliation_current c on c.person_id = p.person_id
       union
       select w.affiliation_id, c.affiliation_id from waiting w join person_cpr n on n.hash = w.number
       join affiliation_current c on c.person_id = n.person_id
     )
     select w.affiliation_id as "reportId", c.affiliation_id as "payrollId", c.person_id = w.person_id as "samePerson",
       coalesce(n.hash = w.number, false) as "sameNumber", coalesce(c.employee_no = w.employee_no, false) as "sameEmployeeNo",
       p.family_name = w.family_name and p.given_name = w.given_name as "sameName", p.family_name = w.family_name as "sameFamilyName",
       coalesce(p.birth_date = w.birth_date, false) as "sameBirthDate", c.unit_id = w.unit_id as "sameUnit",
       c.title_norm = w.title_norm as "sameTitle", abs(c.starts_on - w.starts_on) as "daysApart"
     from reached r join waiting w on w.affiliation_id = r.report
     join affiliation a on a.id = r.payroll and a.source not in ('report', 'manual') and a.merged_into is null
     join affiliation_current c on c.affiliation_id = r.payroll and c.kind in ('employment', 'temp', 'trainee')
     join person_current p on p.person_id = c.person_id join person f on f.id = c.person_id and f.realm = w.realm
     left join person_cpr n on n.person_id = c.person_id
     where (n.hash is null or w.number is null or n.hash = w.number or c.person_id = w.person_id)
       and not exists (select from affiliation_merge m where m.survivor_id = c.affiliation_id and m.undone_at is null)
     order by w.affiliation_id, c.affiliation_id`,
    [],
  )
}

/** Open pairs as they look now; one that a person has said something about stays as it is. */
export async function keepOpen(tx: Tx, pairs: readonly (Candidate & Weighed)[], now: Date): Promise<void> {
  // Nearly always nothing waits for a match.
  const rows = pairs.map(pair => ({
    id: newId(now.getTime()),
    report: pair.reportId,
    payroll: pair.payrollId,
    evidence: pair.evidence,
    confidence: pair.confidence,
  }))
  const json = JSON.stringify(rows)
  await tx.query(
    `delete from affiliation_match m where m.state = 'open' and not exists (
       select from json_to_recordset($1::json) as r(report uuid, payroll uuid)
       where r.report = m.report_id and r.payroll = m.payroll_id)`,
    [json],
  )
  if (rows.length === 0) return
  await tx.query(
    `insert into affiliation_match as m (id, report_id, payroll_id, evidence, confidence, since)
     select id, report, payroll, evidence, confidence, $2
     from json_to_recordset($1::json) as r(id uuid, report uuid, payroll uuid, evidence text, confidence int)
     on conflict (report_id, payroll_id) do update set evidence = excluded.evidence, confidence = excluded.confidence
       where m.state = 'open' and (m.evidence, m.confidence) is distinct from (excluded.evidence, excluded.confidence)`,
    [json, now],
  )
}

export type MatchRow = {
  id: string
  reportId: string
  payrollId: string
  state: 'open' | 'same' | 'different'
  confidence: number
  mergeId: string | null
  personMergeId: string | null
  facts: string[]
  decidedBy: string | null
  reportPersonId: string
  payrollPersonId: string
}

export async function lockMatch(tx: Tx, id: string): Promise<MatchRow | null> {
  const [row] = await tx.query<MatchRow>(
    `select m.id, m.report_id as "reportId", m.payroll_id as "payrollId", m.state, m.confidence, m.merge_id as "mergeId",
       m.person_merge_id as "personMergeId", m.facts, m.decided_by as "decidedBy",
       r.person_id as "reportPersonId", p.person_id as "payrollPersonId"
     from affiliation_match m join affiliation r on r.id = m.report_id join affiliation p on p.id = m.payroll_id
     where m.id = $1 for update of m`,
    [id],
  )
  return row ?? null
}

export async function openMatch(tx: Tx, reportId: string, payrollId: string): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `select id from affiliation_match where report_id = $1 and payroll_id = $2 and state = 'open'`,
    [reportId, payrollId],
  )
  return row?.id ?? null
}

export async function settleMatch(
  tx: Tx,
  id: string,
  to: {
    state: MatchRow['state']
    mergeId: string | null
    personMergeId: string | null
    facts: readonly string[]
    by: string | null
    at: Date | null
    reason: string | null
  },
): Promise<void> {
  await tx.query(
    `update affiliation_match set state = $2, merge_id = $3, person_merge_id = $4, facts = $5, decided_by = $6,
       decided_at = $7, reason = $8 where id = $1`,
    [id, to.state, to.mergeId, to.personMergeId, to.facts, to.by, to.at, to.reason],
  )
}
