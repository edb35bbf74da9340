import { ATTEST_DAYS, contractDays, LIVE } from '../systems/catalogue/system-gaps.ts'

/** The first and the last step of the worklists: time to make up one's mind, and time to act. */
const [EARLY, LATE] = [90, 30]

/**
 * Further expressions of `DUE`, which see its `keeper`: what the owner of a system has to look at. An owner of some systems
 * signs in when there is something to do, so the day's mail says that there is. $1 is today; $3 is null, since no report
 * leads to any of it.
 */
export const CATALOGUE_CTES = `
  contract_day as (
    select s.id, k.person_id, d.what, d.day,
      -- A contract is known by what it is called: it has no id, and its place in the list changes.
      md5(jsonb_build_array(c ->> 'name', c ->> 'number')::text) as which,
      jsonb_build_object('system', s.name, 'contract', c ->> 'name', 'what', d.what, 'on', d.day) as facts
    from it_system s join keeper k on k.system_id = s.id
    cross join jsonb_array_elements(s.sheet -> 'contracts') c cross join ${contractDays('c')} d
    where $3::uuid is null and ${LIVE('s')} and d.day >= $1::date + case d.what when 'end' then 1 else 0 end and d.day <= $1::date + ${EARLY}),
  true_still as (
    select s.id, k.person_id, s.attest_due, s.name
    from it_system s join keeper k on k.system_id = s.id
    where $3::uuid is null and ${LIVE('s')} and s.attest_due <= $1::date + ${ATTEST_DAYS})`

/** Rows of `said`, as it names them. Each step is told once; a day that is moved is another day. */
export const CATALOGUE_SAID = `
    select 'contract ' || c.what || c.which, 0, c.what || ' ' || c.which || ' ' || c.day, 'contract-day', w.days::text,
      c.person_id, c.id, null::uuid, c.facts, 'day', c.day - w.days
    from contract_day c cross join (values (${EARLY}), (${LATE})) w (days)
    union all
    select 'sheet', t.place, a.attest_due::text, 'sheet-attestation', t.stage, a.person_id, a.id, null::uuid,
      jsonb_build_object('system', a.name, 'on', a.attest_due, 'stage', t.stage), 'day', a.attest_due + t.days
    from true_still a cross join (values (0, 'before', ${-ATTEST_DAYS}), (1, 'after', 1)) t (place, stage, days)`
