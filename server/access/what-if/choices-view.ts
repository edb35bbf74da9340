import { containing } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { DANISH } from '../visible.ts'

type Kind = 'unit' | 'system' | 'entitlement' | 'rule' | 'role' | 'title'
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
