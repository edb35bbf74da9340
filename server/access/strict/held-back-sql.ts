import { withoutPurposeSql } from '../../register/bindings/without-purpose-sql.ts'

const emergency = (of: string, now: string) =>
  `exists (select from right_grant x where x.kind = 'emergency' and x.ended_at is null
  and x.expires_at > ${now} and x.affiliation_id = ${of}.affiliation_id and x.entitlement_id = ${of}.entitlement_id)`

/**
 * What strict mode makes of rights that have been decided, as two relations: `candidate`, whatever is new in a strict system,
 * and `lacking`, what of it nobody has said the purpose of. `urgent` in both: emergency access lets it through. What somebody
 * has already is in neither. The one truth of it, for what is decided and for what is seen ahead.
 *
 * `wanted`: SQL of a relation with affiliation_id, entitlement_id, rule_key, role_path and constraints. `day` and `now`: SQL
 * of a civil date and an instant; in a relation they may be columns of it, with `OF` for its alias.
 */
export const heldBackCtes = (wanted: string, { day, now }: { day: string; now: string }): string => `
  candidate as materialized (
    select w.*, e.system_id, ${emergency('w', now.replaceAll('OF', 'w'))} as urgent
    from ${wanted} w join entitlement e on e.id = w.entitlement_id
    join strict_mode m on m.system_id = e.system_id and upper_inf(m.recorded)
    where not exists (select from assignment a where a.affiliation_id = w.affiliation_id and a.entitlement_id = w.entitlement_id)
      or exists (select from withheld_right h where h.affiliation_id = w.affiliation_id and h.entitlement_id = w.entitlement_id)
  ), lacking as materialized (${withoutPurposeSql('candidate', day.replaceAll('OF', 'g'))})`
