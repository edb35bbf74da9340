import { withClient } from '../../server/platform/postgres/admin.ts'

/**
 * What a municipality came to, without ids of its own making and without times: two towns from the same files are the
 * same exactly when these are.
 */
export function townState(url: string): Promise<Record<string, unknown>> {
  return withClient(url, async client => {
    const state: Record<string, unknown> = {}
    for (const [name, sql] of Object.entries(QUERIES)) state[name] = (await client.query(sql)).rows[0]
    return state
  })
}

const digest = (expression: string, from: string) =>
  `select count(*)::int as rows, md5(string_agg(line, e'\\n' order by line collate "C")) as hash from (select ${expression} as line from ${from}) lines`

const QUERIES = {
  people: digest(`concat_ws('|', r.source, r.key, p.kind, p.status, p.name)`, PEOPLE()),
  affiliations: digest(
    `concat_ws('|', r.key, ac.kind, ac.status, ac.title, ac.position_key, ac.starts_on, ac.ends_on, array_to_string(ac.unit_keys, ','), ac.manager_reason)`,
    `affiliation_current ac join source_record r on r.subject_id = ac.affiliation_id and r.kind = 'affiliation'`,
  ),
  assignments: digest(
    `concat_ws('|', r.key, e.key, a.valid_to, a.valid_to_because, a.constraints::text, d.rule_key, d.rule_version, array_to_string(d.role_path, '>'))`,
    `assignment a join entitlement e on e.id = a.entitlement_id join derivation d on d.id = a.derivation_id
       join source_record r on r.subject_id = a.affiliation_id and r.kind = 'affiliation'`,
  ),
  observed: digest(
    `concat_ws('|', acc.source, acc.key, e.key, o.paths)`,
    'observed_right o join account acc on acc.id = o.account_id join entitlement e on e.id = o.entitlement_id',
  ),
  accounts: digest(`concat_ws('|', source, key, situation, kind, enabled)`, 'account'),
  units: digest(`concat_ws('|', tree, key, name, kind, level)`, 'org_unit_current'),
  rules: digest(`concat_ws('|', key, version, state)`, 'rights_rule where upper_inf(recorded)'),
  activities: digest(
    `concat_ws('|', g.ref, g.kind, v.number, v.state, v.content ->> 'name', v.effective_on, g.confirmed_at is not null)`,
    'activity g join activity_version v on v.activity_id = g.id',
  ),
  bindings: digest(
    `concat_ws('|', b.level, s.key, e.key, b.rule_key, g.ref, b.purpose_key, b.operations::text, b.data::text, b.necessity, b.valid, b.approved_at is null, upper_inf(b.recorded))`,
    `purpose_binding b join activity g on g.id = b.activity_id left join it_system s on s.id = b.system_id
       left join entitlement e on e.id = b.entitlement_id`,
  ),
  dated: digest(
    `concat_ws('|', d.kind, s.key, g.ref, d.on_day, d.next_due, d.reference)`,
    'dated_record d left join it_system s on s.id = d.system_id left join activity g on g.id = d.activity_id',
  ),
  said: digest(
    `concat_ws('|', q.about, r.key, e.key, q.outcome)`,
    `rectification q left join entitlement e on e.id = q.entitlement_id
       left join source_record r on r.kind = 'affiliation' and r.subject_id = q.affiliation_id`,
  ),
  strict: digest(
    `concat_ws('|', s.key, upper_inf(m.recorded))`,
    'strict_mode m join it_system s on s.id = m.system_id',
  ),
  records: digest(`concat_ws('|', source, kind, key, missing_runs, gone_at is null)`, 'source_record'),
  unfinished: `select count(*)::int as n from feed_run where state = 'running'`,
}

function PEOPLE(): string {
  return `person_current p join source_record r on r.subject_id = p.person_id and r.kind = 'person'`
}
