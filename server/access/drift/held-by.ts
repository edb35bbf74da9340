/** Limits that a finding `f` says are outside what was given. */
const OUTSIDE = `array(select jsonb_array_elements_text(coalesce(f.detail -> 'limits', '[]')))`

/**
 * SQL after `from`: accounts `acc` that hold the right of a finding `f` by `o` and that the finding is about. Not every
 * account of the person: a privileged right is wrong on the account of the daily work and right on the one made for it, an
 * unused right is that of one account, whoever's it is, and of several only that holds too much whose limit is too wide.
 */
export const HELD_BY = `(
    select f.subject_id as id where f.code = 'dormant'
    union all select own.id from account own where f.code <> 'dormant' and own.person_id = f.person_id
  ) candidate
  join account acc on acc.id = candidate.id and acc.gone_at is null
  join observed_right o on o.account_id = acc.id and o.entitlement_id = f.object_id
    and case f.code
      when 'privileged' then acc.kind = 'personal' and exists (select from observed_right daily
        join entitlement business on business.id = daily.entitlement_id
        where daily.account_id = acc.id and not business.privileged)
      when 'outside-limit' then o.limits && ${OUTSIDE}
      else true end`

/** Of what an account holds: the limits that are to go, where it is they and not the right; over `f` and `o`. */
export const LIMITS_TO_GO = `array(select l from unnest(o.limits) l where f.code = 'outside-limit' and l = any(${OUTSIDE}) order by l)`
