/**
 * SQL over a `group_member m` and its `directory_group g`: what a protected account held when it left its source, or
 * began to be missing there, stays on record until a person ends the account.
 */
export const KEPT = `exists (select from account a where a.id = m.member_account_id and g.gone_at is null
  and a.kind <> 'personal' and a.gone_at is null and (a.situation = 'gone' or exists (
    select from source_record r where r.source = a.source and r.kind = 'account' and r.key = a.key
      and r.missing_since is not null)))`
