/**
 * SQL: does a person still answer for something by any job: a system, a unit, a deputy's post, somebody external? Their
 * account is not deleted before that is somebody else's, since what it owns in a system would be nobody's. Closing does
 * not wait: only what cannot be taken back does.
 */
export const answersForSql = (person: string): string => `exists (
  select from affiliation own where own.person_id = ${person} and (
    exists (select from it_system sys where sys.gone_at is null and own.id in (sys.owner_affiliation_id, sys.responsible_affiliation_id))
    or exists (select from org_unit_current led where led.active and led.post_affiliation_id = own.id)
    or exists (select from deputy dep where dep.deputy_affiliation_id = own.id)
    or exists (select from affiliation_current ext where ext.sponsor_affiliation_id = own.id and ext.status <> 'ended')))`
