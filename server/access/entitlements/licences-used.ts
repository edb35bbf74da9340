/**
 * SQL of a number: how many licences are used, of an `entitlement e` that has a cap; totals, whoever asks. Wherever it is
 * said that a cap is passed, it is counted so.
 */
export const LICENCES_USED = `case e.licence_counts
  when 'people-expected' then (select count(distinct ac.person_id) from assignment a
    join affiliation_current ac on ac.affiliation_id = a.affiliation_id where a.entitlement_id = e.id)
  when 'people-held' then (select count(distinct acc.person_id) from observed_right o
    join account acc on acc.id = o.account_id and acc.gone_at is null where o.entitlement_id = e.id)
  else (select count(*) from observed_right o
    join account acc on acc.id = o.account_id and acc.gone_at is null where o.entitlement_id = e.id) end`
