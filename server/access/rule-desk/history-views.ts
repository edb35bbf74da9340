import type { ResponseOf } from '#contract/endpoint.ts'
import type { getRoleTree, getRuleHistory } from '#contract/rule-looks.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import type { RightsRule } from '../../rules/rights-rule.ts'
import { type Role, roleBook } from '../../rules/role.ts'
import { loadRoles, loadRules, ruleJsonSql, ruleOfJson } from '../../rules/rules-store.ts'
import { visibleTo } from '../visible.ts'
import { readableWithPeople, roleDifferenceOf, ruleDifferenceOf } from './difference.ts'
import { about, findingKeys, named, storedFindings } from './findings-view.ts'
import { namesFor } from './names-view.ts'

type History = ResponseOf<typeof getRuleHistory>
type Version<T> = { version: number; at: Date; by: string | null; why: string | null; content: T }

/** More versions than this are not compared on one screen; the newest are. */
const MOST = 50

/** Versions of a rule, newest first, and the exceptions from it as they count now, with the name of what it excepts. */
async function ruleVersions(tx: Tx, key: string) {
  type Row = Version<RightsRule> & { exception: boolean; excepted: string | null }
  const rows = await tx.query<Row>(
    `(select false as exception, r.version, lower(r.recorded) as at, r.recorded_by as by, r.change_reason as why,
        ${ruleJsonSql('r')} as content, (select o.name from rights_rule o where o.key = r.excepts and upper_inf(o.recorded)) as excepted
      from rights_rule r where r.key = $1 order by r.version desc limit ${MOST + 1})
     union all
     (select true, r.version, lower(r.recorded), r.recorded_by, r.change_reason, ${ruleJsonSql('r')}, null
      from rights_rule r where r.excepts = $1 and upper_inf(r.recorded) order by r.position, r.key)`,
    [key],
  )
  const read = rows.map(row => ({ ...row, content: ruleOfJson(row.content) }))
  return {
    versions: read.filter(row => !row.exception),
    exceptions: read.filter(row => row.exception).map(row => row.content),
  }
}

async function roleVersions(tx: Tx, key: string): Promise<Version<Role>[]> {
  return tx.query(
    `select version, lower(recorded) as at, recorded_by as by, change_reason as why, jsonb_strip_nulls(jsonb_build_object(
         'key', key, 'name', name, 'description', description, 'entitlements', entitlements, 'roles', roles)) as content
     from rights_role where key = $1 order by version desc limit ${MOST + 1}`,
    [key],
  )
}

/** Versions of a rule or role with what became different by each; its exceptions; what is worth a look. Null: none. */
export async function historyView(
  tx: Tx,
  actor: Actor,
  { kind, key }: { kind: 'rule' | 'role'; key: string },
  today: string,
): Promise<History | null> {
  const findings = about(await storedFindings(tx, today), kind, key)
  const keys = findingKeys(findings)
  if (kind === 'role') {
    const versions = await roleVersions(tx, key)
    if (versions.length === 0) return null
    const names = await namesFor(tx, actor, { roles: versions.map(one => one.content), keys })
    return {
      versions: steps(versions, (before, after) => roleDifferenceOf(before, after, names)),
      exceptions: [],
      excepts: null,
      ownerPerson: null,
      findings: named(findings, names.book),
    }
  }
  const { versions, exceptions } = await ruleVersions(tx, key)
  const [newest] = versions
  if (!newest) return null
  const names = await namesFor(tx, actor, { rules: [...versions.map(one => one.content), ...exceptions], keys })
  const { excepts, ownerPerson } = newest.content
  return {
    versions: steps(versions, (before, after) => ruleDifferenceOf(before, after, names)),
    exceptions: exceptions.map(one => ({
      key: one.key,
      reason: one.reason ?? '',
      conditions: readableWithPeople(one, names),
      validFrom: one.validFrom,
      validTo: one.validTo,
      state: stateOf(one, today),
    })),
    excepts: excepts ? { key: excepts, name: newest.excepted ?? excepts, note: null } : null,
    ownerPerson: names.people.find(one => one.id === ownerPerson) ?? null,
    findings: named(findings, names.book),
  }
}

const stateOf = (rule: RightsRule, today: string) =>
  rule.state === 'draft'
    ? 'draft'
    : rule.validFrom > today
      ? 'future'
      : rule.validTo !== null && rule.validTo <= today
        ? 'expired'
        : 'active'

function steps<T>(
  versions: readonly Version<T>[],
  compare: (before: T, after: T) => NonNullable<History['versions'][number]['difference']>,
): History['versions'] {
  return versions.slice(0, MOST).map(({ version, at, by, why, content }, place) => {
    const before = versions[place + 1]
    return {
      version,
      at: at.toISOString(),
      by,
      reason: why,
      difference: before ? compare(before.content, content) : null,
    }
  })
}

/** The roles that contain a role or are in it, however deep, and the rules that give any of these. Null: no such role. */
export async function roleTreeView(tx: Tx, actor: Actor, key: string): Promise<ResponseOf<typeof getRoleTree> | null> {
  const roles = await loadRoles(tx)
  const byKey = new Map(roles.map(role => [role.key, role]))
  if (!byKey.has(key)) return null
  const edges = roles.flatMap(role => role.roles.map(inner => ({ from: role.key, to: inner })))
  const shown = new Set([...reach(key, edges, 'from', 'to'), ...reach(key, edges, 'to', 'from')])
  const above = new Set(reach(key, edges, 'to', 'from'))
  const rules = (await loadRules(tx)).filter(rule => rule.roles.some(role => above.has(role)))
  const q = statement()
  const may = visibleTo(actor, q).person('p')
  const counts = await tx.query<{ kind: string; key: string; n: number }>(
    `with by as (
       select 'role' as kind, unnest(d.role_path) as key, a.affiliation_id from derivation d
         join assignment a on a.derivation_id = d.id where d.role_path && ${q.bind([...shown], 'text[]')}
       union all select 'rule', d.rule_key, a.affiliation_id from derivation d
         join assignment a on a.derivation_id = d.id where d.rule_key = any(${q.bind(
           rules.map(rule => rule.key),
           'text[]',
         )})
     ) select b.kind, b.key, count(distinct b.affiliation_id)::int as n from by b
     join affiliation_current ac on ac.affiliation_id = b.affiliation_id
     join person_current p on p.person_id = ac.person_id where ${may} group by b.kind, b.key`,
    q.params,
  )
  const holders = new Map(counts.map(row => [`${row.kind} ${row.key}`, row.n]))
  const book = roleBook(roles)
  return {
    nodes: [
      ...rules.map(rule => ({
        kind: 'rule' as const,
        key: rule.key,
        name: rule.name,
        entitlements: rule.entitlements.length,
        holders: holders.get(`rule ${rule.key}`) ?? 0,
      })),
      ...[...shown].map(role => ({
        kind: 'role' as const,
        key: role,
        name: byKey.get(role)?.name ?? role,
        entitlements: book.grants(role).length,
        holders: holders.get(`role ${role}`) ?? 0,
      })),
    ],
    edges: [
      ...rules.flatMap(rule =>
        rule.roles.filter(role => shown.has(role)).map(role => ({ from: `rule:${rule.key}`, to: `role:${role}` })),
      ),
      ...edges
        .filter(edge => shown.has(edge.from) && shown.has(edge.to))
        .map(edge => ({ from: `role:${edge.from}`, to: `role:${edge.to}` })),
    ],
  }
}

type Edge = { from: string; to: string }

/** Everything that can be walked to from one, itself included. */
function reach(start: string, edges: readonly Edge[], from: keyof Edge, to: keyof Edge): string[] {
  const seen = new Set([start])
  // A set that grows while it is walked: what is added is visited too.
  for (const one of seen) for (const edge of edges) if (edge[from] === one) seen.add(edge[to])
  return [...seen]
}
