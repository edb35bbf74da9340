import { containing } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { DANISH } from '../visible.ts'

type Kind = 'unit' | 'system' | 'entitlement' | 'rule' | 'role' | 'title' | 'position' | 'catalogue-title'
type Choice = { key: string; name: string; note: string | null }

/** Each as rows of `key, name, note`. */
const FROM: Record<Kind, string> = {
  unit: `select u.key, u.name, p.name as note from org_unit_current u left join org_unit_current p on p.unit_id = u.parent_id
    where u.active and u.tree = 'admin'`,
  system: `select key, name, area as note from it_system where gone_at is null`,
  entitlement: `select e.key, e.name, s.name as note from entitlement e join it_system s on s.id = e.system_id
    where e.gone_at is null`,
  rule: `select key, name, owner as note from rights_rule where upper_inf(recorded)`,
  role: `select key, name, null::text as note from rights_role where upper_inf(recorded)`,
  title: `select title as key, title as name, count(*)::text as note from affiliation_current
    where status = 'active' and kind <> 'pupil' and title is not null group by title`,
  position: `select key, name, category as note from position`,
  // The catalogue compares titles without case, so it is written as the position is, or as most people have it.
  'catalogue-title': `select t.title_norm as key, p.name as note, coalesce(
      case when lower(p.name) = t.title_norm then p.name end, s.title,
      upper(left(t.title_norm, 1)) || substr(t.title_norm, 2)) as name
    from position_title t join position p on p.key = t.position_key
    left join (select title_norm, mode() within group (order by title) as title from affiliation_current
      where status = 'active' and title is not null group by title_norm) s on s.title_norm = t.title_norm`,
}
const MOST = 20

/** The first of those whose name or key holds the text, by name. */
export async function choicesView(tx: Tx, { kind, text }: { kind: Kind; text: string }): Promise<Choice[]> {
  return tx.query<Choice>(
    `select key, name, note from (${FROM[kind]}) c where lower(name) like $1 or lower(key) like $1
     order by lower(name) like $2 desc, name ${DANISH}, key limit ${MOST}`,
    [containing(text.toLocaleLowerCase('da')), containing(text.toLocaleLowerCase('da')).slice(1)],
  )
}
