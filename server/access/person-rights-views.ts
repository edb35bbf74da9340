import type { z } from 'zod'
import type { systemReading } from '#contract/lists.ts'
import type { because, observedPath, personRight, rightGrant, systemRights } from '#contract/people.ts'
import type { accountKind } from '#contract/shapes.ts'
import { NOTICE_SQL } from '../findings/finding-store.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { GRANT_JSON, GRANTED_BY } from './grants/grant-views.ts'
import { factText, type Keys, type Names, namedBy } from './person-names-views.ts'
import { comparisonSql } from './person-rights-store.ts'

type Right = z.output<typeof personRight>

type Ground = {
  affiliationId: string
  ruleKey: string
  ruleVersion: number
  ruleName: string | null
  owner: string | null
  purpose: string | null
  ruleTo: string | null
  rolePath: string[]
  matched: { field: string; value: unknown }[]
  grantId: string | null
  also: (Part | { grantId: string })[]
}
type Part = Pick<Ground, 'ruleKey' | 'ruleVersion' | 'rolePath' | 'matched'>
/** As stored, before it is known what the reader may see of it. */
type Use = { kind: z.output<typeof accountKind>; of: 'right' | 'account'; on: string; unused90: boolean } | null
export type RightRow = Omit<Right, 'because' | 'paths' | 'since' | 'constraints' | 'purposes'> & {
  system_id: string
  system_key: string
  system_name: string
  area: string | null
  reading: z.output<typeof systemReading>
  since: Date | null
  constraints: { kind: string; on: string; values: string[] }[] | null
  grounds: Ground[] | null
  grants: z.output<typeof rightGrant>[] | null
  paths:
    | (Omit<z.output<typeof observedPath>, 'lastSeen' | 'used' | 'through'> & {
        firstSeen: string
        use: Use
        through: { id: string; name: string } | null
      })[]
    | null
  read_from: string | null
}

/** Kinds of findings that say of one right of a person that what is there is not what was given. */
const DECIDED_CODES = ['unexplained', 'mover', 'still-held', 'missing', 'outside-limit'].map(code => `'${code}'`).join()

/** Every right of a person, expected or there, with grounds and paths as they are stored. One statement. */
export async function readRightRows(tx: Tx, personId: string, today: string): Promise<RightRow[]> {
  return tx.prepared<RightRow>(
    'person rights',
    `with ${comparisonSql('PERSON = $1')},
     granted as (
       select a.entitlement_id, min(a.since) as since,
         case when bool_or(a.valid_to is null) then null else max(a.valid_to) end as valid_to,
         (array_agg(a.valid_to_because order by a.valid_to desc nulls first))[1] as because,
         case when bool_and(a.suspended is not null) then max(a.suspended) end as suspended,
         (array_agg(a.constraints order by a.valid_to desc nulls first))[1] as constraints,
         jsonb_agg(jsonb_build_object('affiliationId', a.affiliation_id, 'ruleKey', d.rule_key, 'ruleVersion', d.rule_version,
           'ruleName', r.name, 'owner', r.owner, 'purpose', r.purpose, 'ruleTo', upper(r.valid), 'rolePath', d.role_path,
           'matched', d.matched, 'also', d.also, 'grantId', d.grant_id) order by ac.is_primary desc) as grounds
       from affiliation_current ac
       join assignment a on a.affiliation_id = ac.affiliation_id
       join derivation d on d.id = a.derivation_id
       left join rights_rule r on r.key = d.rule_key and r.version = d.rule_version
       where ac.person_id = $1
       group by a.entitlement_id
     ), decided as (
       select g.entitlement_id, jsonb_agg(${GRANT_JSON} order by g.created_at) as grants
       from affiliation_current ac join right_grant g on g.affiliation_id = ac.affiliation_id and g.ended_at is null
       ${GRANTED_BY}
       where ac.person_id = $1 group by g.entitlement_id
     ), held_by as (
       -- What the accounts hold, and what is held with it: an included right is shown only where the comparison says so.
       select o.*, o.entitlement_id as held_id, null::jsonb as through
       from account acc join observed_right o on o.account_id = acc.id where acc.person_id = $1 and acc.gone_at is null
       union all
       select o.*, part.part_id, jsonb_build_object('id', e.id, 'name', e.name)
       from account acc join observed_right o on o.account_id = acc.id
       join entitlement_part part on part.entitlement_id = o.entitlement_id join entitlement e on e.id = o.entitlement_id
       where acc.person_id = $1 and acc.gone_at is null
     ), seen as (
       select o.held_id as entitlement_id, jsonb_agg(jsonb_build_object(
           'account', jsonb_build_object('id', acc.id, 'username', acc.username, 'source', acc.source),
           'groups', (select jsonb_agg(g.name order by v.place) from unnest(o.via) with ordinality as v (group_id, place)
             join directory_group g on g.id = v.group_id),
           'listed', o.listed, 'limits', o.limits, 'through', o.through,
           'use', case when coalesce(o.last_used, (acc.last_sign_in at time zone 'Europe/Copenhagen')::date) is not null and (acc.kind <> 'personal' or ${NOTICE_SQL})
             then jsonb_build_object('kind', acc.kind, 'of', case when o.last_used is null then 'account' else 'right' end,
               'on', coalesce(o.last_used, (acc.last_sign_in at time zone 'Europe/Copenhagen')::date),
               'unused90', coalesce(o.last_used, (acc.last_sign_in at time zone 'Europe/Copenhagen')::date) < $2::date - 90) end,
           'firstSeen', to_char(o.first_seen_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by acc.username) as paths
       from account acc join held_by o on o.account_id = acc.id
       group by o.held_id
     ), settled as (
       select distinct on (f.object_id) f.object_id as entitlement_id, jsonb_build_object('state', f.state, 'reason', f.reason, 'until', f.until,
         'on', to_char(f.decided_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) as decision
       from finding f
       where f.person_id = $1 and f.closed_at is null and f.state <> 'open' and f.code in (${DECIDED_CODES})
       order by f.object_id, f.decided_at desc
     )
     select e.id as "entitlementId", e.key, e.name, e.description, e.kind, e.sensitivity, e.privileged, c.state,
       case when x.id is not null then jsonb_build_object('until', x.valid_to, 'reason', x.reason) end as exception,
       z.decision,
       c.expected, c.observed, g.since, g.valid_to as until, g.because as "untilBecause", g.constraints, g.grounds, g.suspended, w.grants, s.paths,
       sys.id as system_id, sys.key as system_key, sys.name as system_name, sys.area, sys.reading,
       coalesce((select min(dg.source) from group_entitlement ge join directory_group dg on dg.id = ge.group_id
        where ge.entitlement_id = e.id), (select min(l.source) from list_right l where l.entitlement_id = e.id)) as read_from
     from compared c
     join entitlement e on e.id = c.entitlement_id
     join it_system sys on sys.id = e.system_id
     left join granted g on g.entitlement_id = e.id
     left join decided w on w.entitlement_id = e.id
     left join seen s on s.entitlement_id = e.id
     left join settled z on z.entitlement_id = e.id
     left join right_exception x on c.state = 'exception' and x.in_force and x.person_id = $1 and x.entitlement_id = e.id
     order by sys.name collate "da-x-icu", e.name collate "da-x-icu"`,
    [personId, today],
  )
}

/** What the rows name by key; `readNames` of these is all that `rightsBySystem` asks for. */
export function namedIn(rows: readonly RightRow[]): Keys {
  const keys = { unit: new Set<string>(), position: new Set<string>(), role: new Set<string>() }
  for (const row of rows) {
    for (const { values } of row.constraints ?? []) for (const value of values) keys.unit.add(value)
    for (const ground of row.grounds ?? [])
      for (const part of [ground, ...ground.also]) {
        if (!('rolePath' in part)) continue
        for (const role of part.rolePath) keys.role.add(role)
        for (const { field, value } of part.matched) {
          const kind = namedBy(field)
          if (kind) for (const key of [value].flat()) keys[kind].add(String(key ?? ''))
        }
      }
  }
  return { unit: [...keys.unit], position: [...keys.position], role: [...keys.role] }
}

/** By system, in the order of the rows; `seen` says what of a right the reader may know. */
export function rightsBySystem(
  rows: readonly RightRow[],
  names: Names,
  seen: (systemId: string, right: Right) => Right | null,
  /** May the reader know when an account of this kind was used in this system? */
  times: (account: { kind: z.output<typeof accountKind>; systemIds: string[] }) => boolean,
): z.output<typeof systemRights>[] {
  const systems = new Map<string, z.output<typeof systemRights>>()
  // Through what a right is held is told only to who may know that the other one is held.
  const told = new Set(
    rows.filter(row => seen(row.system_id, rightOf(row, names, times))?.observed).map(row => row.entitlementId),
  )
  for (const row of rows) {
    const paths = (row.paths ?? []).filter(({ through }) => through === null || told.has(through.id))
    const right = seen(row.system_id, rightOf({ ...row, paths }, names, times))
    if (!right) continue
    let system = systems.get(row.system_id)
    if (!system) {
      system = {
        system: {
          id: row.system_id,
          key: row.system_key,
          name: row.system_name,
          area: row.area,
          reading: row.reading,
          readAt: null,
          late: false,
        },
        rights: [],
      }
      systems.set(row.system_id, system)
    }
    const from = row.read_from ? names.source.get(row.read_from) : undefined
    if (from) {
      system.system.readAt ??= from.seenAt
      system.system.late ||= from.late
    }
    system.rights.push(right)
  }
  return [...systems.values()]
}

function rightOf(row: RightRow, names: Names, times: Parameters<typeof rightsBySystem>[3]): Right {
  return {
    entitlementId: row.entitlementId,
    key: row.key,
    name: row.name,
    description: row.description,
    kind: row.kind,
    sensitivity: row.sensitivity,
    privileged: row.privileged,
    state: row.state,
    expected: row.expected,
    observed: row.observed,
    exception: row.exception,
    decision: row.decision,
    since: row.since?.toISOString() ?? null,
    until: row.until,
    untilBecause: row.until ? row.untilBecause : null,
    constraints: (row.constraints ?? []).map(one => ({
      kind: one.kind,
      values: one.values.map(value => names.unit.get(value) ?? value),
    })),
    purposes: [],
    suspended: row.state === 'suspended' || !row.expected ? row.suspended : null,
    because: (row.grounds ?? []).flatMap(ground => groundsOf(ground, row.grants ?? [], names)),
    paths: (row.paths ?? []).map(({ use, through, ...path }) => ({
      ...path,
      through: through?.name ?? null,
      used: use && {
        of: use.of,
        on: times({ kind: use.kind, systemIds: [row.system_id] }) ? use.on : null,
        unused90: use.unused90,
      },
      groups: path.groups ?? [],
      lastSeen: names.source.get(path.account.source)?.seenAt ?? path.firstSeen,
    })),
  }
}

/** The deciding reason first, then the rules and grants that would still give the right if that one were gone. */
function groundsOf(
  ground: Ground,
  grants: readonly z.output<typeof rightGrant>[],
  names: Names,
): z.output<typeof because>[] {
  const one = (part: Part, known: Partial<Ground>): z.output<typeof because> => ({
    ...{ kind: 'rule', grant: null },
    affiliationId: ground.affiliationId,
    ruleKey: part.ruleKey,
    ruleVersion: part.ruleVersion,
    ruleName: known.ruleName ?? part.ruleKey,
    ruleOwner: known.owner ?? null,
    purpose: known.purpose ?? null,
    validTo: known.ruleTo ?? null,
    matched: part.matched.map(fact => ({ field: fact.field, value: factText(names, fact.field, fact.value) })),
    rolePath: part.rolePath.map(key => ({ key, name: names.role.get(key) ?? key })),
  })
  const given = (id: string): z.output<typeof because>[] =>
    grants
      .filter(grant => grant.id === id)
      .map(grant => ({
        ...one({ ruleKey: '', ruleVersion: 0, rolePath: [], matched: [] }, { ruleName: '' }),
        ...{ kind: 'grant' as const, grant, validTo: grant.until },
      }))
  return [
    ...(ground.grantId === null ? [one(ground, ground)] : given(ground.grantId)),
    ...ground.also.flatMap(other => ('grantId' in other ? given(other.grantId) : [one(other, {})])),
  ]
}
