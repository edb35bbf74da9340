import { setUsernames } from '../people/current-store.ts'
import type { Tx } from '../platform/unit-of-work.ts'

/**
 * Links the accounts of a source to people. Evidence, strongest first: the person record that the same source carries
 * (`source`), then the employee number, which names an affiliation (`employee-no`). E-mail or name never link.
 * An employee number that leads to several people makes the account disputed; one that leads nowhere, unmatched.
 * Links that a person has decided (`manual`) and accounts that are gone stay as they are. Answers the people who have
 * got or lost an account.
 */
export async function linkAccounts(tx: Tx, source: string): Promise<string[]> {
  const rows = await tx.query<{ had: string | null; has: string | null }>(
    `with candidate as (
       select a.id as account_id, r.subject_id as person_id, null::uuid as affiliation_id, 'source' as evidence, 1 as rank
       from account a
       join source_record r on r.source = a.source and r.kind = 'person' and r.key = a.person_key and r.subject_id is not null
       where a.source = $1 and a.person_key is not null
       union all
       select a.id, ac.person_id, ac.affiliation_id, 'employee-no', 2
       from account a
       join affiliation_current ac on ac.employee_no = a.employee_no
       where a.source = $1 and a.employee_no is not null and a.kind = 'personal'
     ),
     best as (
       select account_id, min(rank) as rank from candidate group by account_id
     ),
     verdict as (
       select c.account_id, count(distinct c.person_id) as people,
         (array_agg(c.person_id))[1] as person_id,
         -- A per-person account follows the primary affiliation that is still active.
         (array_agg(coalesce(c.affiliation_id, p.primary_affiliation_id)
           order by (ac.status = 'active') desc nulls last, ac.is_primary desc nulls last, ac.starts_on))[1] as affiliation_id,
         min(c.evidence) as evidence
       from candidate c
       join best b on b.account_id = c.account_id and b.rank = c.rank
       left join person_current p on p.person_id = c.person_id
       left join affiliation_current ac on ac.affiliation_id = c.affiliation_id
       group by c.account_id
     ),
     wanted as (
       select a.id,
         case when v.people = 1 then v.person_id end as person_id,
         case when v.people = 1 then v.affiliation_id end as affiliation_id,
         case when v.people = 1 then 'linked' when v.people > 1 then 'disputed' else 'unmatched' end as situation,
         case when v.people >= 1 then v.evidence end as evidence
       from account a
       left join verdict v on v.account_id = a.id
       where a.source = $1 and a.situation <> 'gone' and a.evidence is distinct from 'manual'
     )
     update account a
     set person_id = w.person_id, affiliation_id = w.affiliation_id, evidence = w.evidence,
       situation_since = case when a.situation = w.situation then a.situation_since else now() end,
       situation = w.situation
     from wanted w join account before on before.id = w.id
     where w.id = a.id and (a.person_id, a.affiliation_id, a.situation, a.evidence)
       is distinct from (w.person_id, w.affiliation_id, w.situation, w.evidence)
     returning before.person_id as had, a.person_id as has`,
    [source],
  )
  await noteUsernames(tx)
  return [...new Set(rows.flatMap(row => [row.had, row.has]).filter(id => id !== null))]
}

/** People are also searched for by user name: where what they are searched by differs from their accounts. */
async function noteUsernames(tx: Tx): Promise<void> {
  const rows = await tx.query<{ personId: string; usernames: string[] }>(
    `select p.person_id as "personId", coalesce(u.names, '{}') as usernames
     from person_current p
     left join (select person_id, array_agg(username order by username collate "C") as names from account
       where person_id is not null and situation <> 'gone' group by person_id) u on u.person_id = p.person_id
     where p.usernames <> coalesce(array_to_string(u.names, ' '), '')`,
  )
  await setUsernames(tx, rows)
}
