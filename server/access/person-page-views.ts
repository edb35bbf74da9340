import type { z } from 'zod'
import type {
  because,
  observedPath,
  personAccount,
  personAffiliation,
  personPage,
  personRight,
  systemRights,
} from '#contract/people.ts'
import { readMaskedCpr } from '../people/cpr-store.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { comparisonSql } from './person-rights-store.ts'

type PersonPage = z.output<typeof personPage>
type Affiliation = z.output<typeof personAffiliation>
type Account = z.output<typeof personAccount>
type Right = z.output<typeof personRight>

/** An affiliation as the policy judges it: its own status, not the person's. */
export type AffiliationScope = { unitPath: string[]; kind: string; status: string }

/** What the reader may see of this person, decided by the policy before the page is put together. */
export type Viewer = {
  self: boolean
  /** The own name of a person with a protected name and address. */
  protectedName: boolean
  contact: boolean
  cpr: boolean
  revealCpr: boolean
  /** Exact times of signing in; others see only whether the account has been unused for 90 days. */
  signInTimes(account: { kind: Account['kind']; systemIds: string[] }): boolean
  history: boolean
  /** That the affiliation exists: a manager is not told of a job elsewhere that has ended. */
  affiliation(affiliation: AffiliationScope): boolean
  /** Details of an affiliation: for whom it is the own unit, HR, IT ... */
  details(affiliation: AffiliationScope): boolean
  /** The kind of leave: HR and the own manager only. */
  leave(affiliation: AffiliationScope): boolean
  /** Rights that this reader may know of: a system owner those of the own systems, a manager those of the own unit. */
  right(right: { systemId: string; unitPath: string[] }): boolean
  account(account: { kind: Account['kind']; systemIds: string[] }): boolean
  /** A manager's name, where that person is protected. */
  names(person: { personId: string; protected: boolean; unitIds: string[] }): boolean
}

type Named = { id: string; name: string }

/** The person page in at most eight statements, whatever the number of rights; one snapshot, so that no half computation shows. */
export async function personPageView(
  tx: Tx,
  personId: string,
  viewer: Viewer,
  { today, keyring }: { today: string; keyring: Keyring },
): Promise<PersonPage | null> {
  const person = await readPerson(tx, personId)
  if (!person) return null
  const sources = await readSources(tx)
  const affiliations = await readAffiliations(tx, personId, viewer, sources)
  const accounts = await readAccounts(tx, personId, viewer, sources)
  const names = await readNames(tx)
  const pathOf = (list: readonly Affiliation[]) => list.flatMap(one => one.unitPath.map(unit => unit.id))
  const systems = await readRights(tx, personId, names, sources, (systemId, right) => {
    const grounds = affiliations.filter(one => right.because.some(ground => ground.affiliationId === one.id))
    const from = grounds.length > 0 ? grounds : affiliations.filter(one => one.status === 'active')
    if (!viewer.right({ systemId, unitPath: pathOf(from) })) return null
    // A reason tells facts of its affiliation: of a job elsewhere the reader is told that it exists, and no more.
    const seen = new Set(grounds.filter(one => viewer.right({ systemId, unitPath: pathOf([one]) })).map(one => one.id))
    return { ...right, because: right.because.filter(ground => seen.has(ground.affiliationId)) }
  })
  const rights = systems.flatMap(system => system.rights)
  const count = (state: Right['state']) => rights.filter(right => right.state === state).length
  const hidden = person.protected && !viewer.protectedName
  return {
    person: {
      id: personId,
      name: hidden ? null : person.name,
      protected: person.protected,
      kind: person.kind,
      status: person.status,
      email: viewer.contact && !hidden ? person.email : null,
      phone: viewer.contact && !hidden ? person.phone : null,
      cprMasked: viewer.cpr && person.has_cpr ? await readMaskedCpr(tx, keyring, personId) : null,
      origins: Object.fromEntries(
        Object.entries(person.origin ?? {}).map(([attribute, origin]) => [
          attribute,
          originOf(sources, originSource(origin)),
        ]),
      ),
    },
    affiliations,
    accounts,
    systems,
    counts: {
      systems: new Set(rights.filter(right => right.expected || right.observed).map(right => right.key.split('/')[0]))
        .size,
      expected: rights.filter(right => right.expected).length,
      observed: rights.filter(right => right.observed).length,
      missing: count('missing'),
      unexplained: count('unexplained'),
      notRead: count('not-read') + count('no-account'),
      protectedData: systems.filter(one => one.rights.some(right => PROTECTED.has(right.sensitivity))).length,
    },
    allowed: { revealCpr: viewer.revealCpr && person.has_cpr, seeHistory: viewer.history, seeLookups: viewer.self },
    asOf: today,
    self: viewer.self,
  }
}

const PROTECTED = new Set<string>(['special', 'criminal', 'confidential'])

type PersonRow = {
  name: string
  protected: boolean
  kind: PersonPage['person']['kind']
  status: PersonPage['person']['status']
  email: string | null
  phone: string | null
  birth_date: string | null
  origin: Record<string, unknown> | null
  has_cpr: boolean
}

async function readPerson(tx: Tx, personId: string): Promise<PersonRow | undefined> {
  const [row] = await tx.prepared<PersonRow>(
    'person',
    `select p.name, p.protected, p.kind, p.status, p.email, p.phone, p.birth_date, p.origin,
       exists (select from person_cpr c where c.person_id = p.person_id) as has_cpr
     from person_current p where p.person_id = $1`,
    [personId],
  )
  return row
}

export type Sources = ReadonlyMap<string, { name: string; seenAt: string | null }>

export async function readSources(tx: Tx): Promise<Sources> {
  const rows = await tx.prepared<{ key: string; name: string | { da?: string; en?: string }; seen_at: Date | null }>(
    'sources',
    'select key, name, complete_at as seen_at from source',
    [],
  )
  return new Map(
    rows.map(row => [
      row.key,
      {
        name: typeof row.name === 'string' ? row.name : (row.name.da ?? row.name.en ?? row.key),
        seenAt: row.seen_at?.toISOString() ?? null,
      },
    ]),
  )
}

const originOf = (sources: Sources, source: string) => ({
  source,
  sourceName: sources.get(source)?.name ?? source,
  seenAt: sources.get(source)?.seenAt ?? null,
})
const originSource = (origin: unknown): string =>
  typeof origin === 'string' ? origin : String((origin as { source?: unknown } | null)?.source ?? '')

type AffiliationRow = {
  id: string
  kind: Affiliation['kind']
  status: Affiliation['status']
  source: string
  employee_no: string | null
  unit_id: string | null
  unit_path: string[]
  unit_names: Named[] | null
  pay_unit: Named | null
  title: string | null
  position: { key: string; name: string } | null
  fraction: string | null
  is_primary: boolean
  starts_on: string | null
  ends_on: string | null
  on_leave: boolean
  leave_kind: string | null
  functions: string[]
  school_class: string | null
  manager: { id: string; name: string; protected: boolean; unitIds: string[] } | null
  manager_from: Named | null
}

async function readAffiliations(tx: Tx, personId: string, viewer: Viewer, sources: Sources): Promise<Affiliation[]> {
  const rows = await tx.prepared<AffiliationRow>(
    'person affiliations',
    `select a.affiliation_id as id, a.kind, a.status, a.source, a.employee_no, a.unit_id, a.unit_path, a.title,
       a.fraction, a.is_primary, a.starts_on, a.ends_on, a.on_leave, a.functions, a.school_class,
       case when a.on_leave then (select s.attrs ->> 'leaveKind' from affiliation_state s where s.affiliation_id = a.affiliation_id
         and upper_inf(s.recorded) and s.valid @> current_date limit 1) end as leave_kind,
       (select jsonb_agg(jsonb_build_object('id', u.unit_id, 'name', u.name) order by p.place)
        from unnest(a.unit_path) with ordinality as p (unit_id, place) join org_unit_current u on u.unit_id = p.unit_id) as unit_names,
       (select jsonb_build_object('id', u.unit_id, 'name', u.name) from org_unit_current u where u.unit_id = a.pay_unit_id) as pay_unit,
       (select jsonb_build_object('key', p.key, 'name', p.name) from position p where p.key = a.position_key) as position,
       (select jsonb_build_object('id', m.person_id, 'name', m.name, 'protected', m.protected, 'unitIds', m.unit_ids)
        from person_current m where m.person_id = a.manager_person_id) as manager,
       (select jsonb_build_object('id', u.unit_id, 'name', u.name) from org_unit_current o
        join org_unit_current u on u.manager_affiliation_id = a.manager_affiliation_id and u.unit_id = any(o.path)
        where o.unit_id = a.unit_id order by u.level desc limit 1) as manager_from
     from affiliation_current a where a.person_id = $1
     order by a.status = 'active' desc, a.is_primary desc, a.starts_on desc, a.affiliation_id`,
    [personId],
  )
  return rows
    .filter(row => viewer.affiliation({ unitPath: row.unit_path, kind: row.kind, status: row.status }))
    .map(row => affiliationOf(row, viewer, sources))
}

function affiliationOf(row: AffiliationRow, viewer: Viewer, sources: Sources): Affiliation {
  const path = row.unit_names ?? []
  const unit = path.at(-1) ?? null
  const scope = { unitPath: row.unit_path, kind: row.kind, status: row.status }
  const detailed = viewer.details(scope)
  const manager = row.manager
  const managerShown =
    manager && (!manager.protected || viewer.names({ personId: manager.id, protected: true, unitIds: manager.unitIds }))
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    detailed,
    employeeNo: detailed ? row.employee_no : null,
    unit,
    unitPath: path,
    payUnit: detailed ? row.pay_unit : null,
    title: detailed ? row.title : null,
    position: detailed ? row.position : null,
    fraction: detailed && row.fraction !== null ? Number(row.fraction) : null,
    primary: row.is_primary,
    startsOn: detailed ? row.starts_on : null,
    endsOn: detailed ? row.ends_on : null,
    onLeave: detailed && row.on_leave,
    leaveKind: viewer.leave(scope) ? row.leave_kind : null,
    functions: detailed ? row.functions : [],
    schoolClass: detailed ? row.school_class : null,
    manager: manager
      ? { id: manager.id, name: managerShown ? manager.name : null, protected: manager.protected }
      : null,
    managerFromUnit: row.manager_from && row.manager_from.id !== row.unit_id ? row.manager_from : null,
    origin: originOf(sources, row.source),
  }
}

async function readAccounts(tx: Tx, personId: string, viewer: Viewer, sources: Sources): Promise<Account[]> {
  const rows = await tx.prepared<
    Omit<Account, 'sourceName' | 'lastSignIn' | 'seenAt'> & {
      lastSignIn: Date | null
      unused90: boolean | null
      systemIds: string[]
    }
  >(
    'person accounts',
    `select a.id, a.source, a.username, a.kind, a.situation, a.enabled, a.last_sign_in as "lastSignIn", a.evidence,
       case when a.last_sign_in is not null then a.last_sign_in < now() - interval '90 days' end as unused90,
       (select count(*) from group_member m where m.member_account_id = a.id)::int as groups,
       array(select distinct e.system_id from observed_right o join entitlement e on e.id = o.entitlement_id
         where o.account_id = a.id) as "systemIds"
     from account a where a.person_id = $1 order by a.enabled desc, a.source, a.username`,
    [personId],
  )
  return rows
    .filter(row => viewer.account(row))
    .map(({ systemIds, ...row }) => ({
      ...row,
      sourceName: sources.get(row.source)?.name ?? row.source,
      lastSignIn: viewer.signInTimes({ kind: row.kind, systemIds }) ? (row.lastSignIn?.toISOString() ?? null) : null,
      seenAt: sources.get(row.source)?.seenAt ?? null,
    }))
}

/** Names of what facts and reasons refer to by key: units, positions, roles, rules. Small lists, read whole. */
export type Names = { unit: Map<string, string>; position: Map<string, string>; role: Map<string, string> }

export async function readNames(tx: Tx): Promise<Names> {
  // One value a kind, not a row a name: a thousand rows take longer to take apart than to read.
  const [row] = await tx.prepared<Record<keyof Names, Record<string, string>>>(
    'names',
    `select (select coalesce(json_object_agg(key, name), '{}') from org_unit_current) as unit,
       (select coalesce(json_object_agg(key, name), '{}') from position) as position,
       (select coalesce(json_object_agg(key, name), '{}') from rights_role where upper_inf(recorded)) as role`,
    [],
  )
  const named = (kind: keyof Names) => new Map(Object.entries(row?.[kind] ?? {}))
  return { unit: named('unit'), position: named('position'), role: named('role') }
}

/** A fact's value as a person reads it: names instead of keys; "unit is at or below" is the unit's name. */
export function factText(names: Names, field: string, value: unknown): string {
  if (Array.isArray(value)) return value.map(one => factText(names, field, one)).join(', ')
  const key = String(value ?? '')
  if (field === 'unitPath' || field === 'unitKey' || field === 'networks' || field === 'managerOf')
    return names.unit.get(key) ?? key
  if (field === 'position') return names.position.get(key) ?? key
  return key
}

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
  also: { ruleKey: string; ruleVersion: number; rolePath: string[]; matched: { field: string; value: unknown }[] }[]
}
type RightRow = Omit<Right, 'because' | 'paths' | 'since' | 'constraints'> & {
  system_id: string
  system_key: string
  system_name: string
  area: string | null
  reading: 'groups' | 'none'
  since: Date | null
  constraints: { kind: string; on: string; values: string[] }[] | null
  grounds: Ground[] | null
  paths: (Omit<z.output<typeof observedPath>, 'lastSeen'> & { firstSeen: string })[] | null
  read_from: string | null
}

async function readRights(
  tx: Tx,
  personId: string,
  names: Names,
  sources: Sources,
  seen: (systemId: string, right: Right) => Right | null,
): Promise<z.output<typeof systemRights>[]> {
  const rows = await tx.prepared<RightRow>(
    'person rights',
    `with ${comparisonSql('PERSON = $1')},
     granted as (
       select a.entitlement_id, min(a.since) as since,
         case when bool_or(a.valid_to is null) then null else max(a.valid_to) end as valid_to,
         (array_agg(a.valid_to_because order by a.valid_to desc nulls first))[1] as because,
         (array_agg(a.constraints order by a.valid_to desc nulls first))[1] as constraints,
         jsonb_agg(jsonb_build_object('affiliationId', a.affiliation_id, 'ruleKey', d.rule_key, 'ruleVersion', d.rule_version,
           'ruleName', r.name, 'owner', r.owner, 'purpose', r.purpose, 'ruleTo', upper(r.valid), 'rolePath', d.role_path,
           'matched', d.matched, 'also', d.also) order by ac.is_primary desc) as grounds
       from affiliation_current ac
       join assignment a on a.affiliation_id = ac.affiliation_id
       join derivation d on d.id = a.derivation_id
       left join rights_rule r on r.key = d.rule_key and r.version = d.rule_version
       where ac.person_id = $1
       group by a.entitlement_id
     ), seen as (
       select o.entitlement_id, jsonb_agg(jsonb_build_object(
           'account', jsonb_build_object('id', acc.id, 'username', acc.username, 'source', acc.source),
           'groups', (select jsonb_agg(g.name order by v.place) from unnest(o.via) with ordinality as v (group_id, place)
             join directory_group g on g.id = v.group_id),
           'firstSeen', to_char(o.first_seen_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by acc.username) as paths
       from account acc join observed_right o on o.account_id = acc.id
       where acc.person_id = $1 and acc.gone_at is null
       group by o.entitlement_id
     )
     select e.id as "entitlementId", e.key, e.name, e.description, e.kind, e.sensitivity, e.privileged, c.state,
       c.expected, c.observed, g.since, g.valid_to as until, g.because as "untilBecause", g.constraints, g.grounds, s.paths,
       sys.id as system_id, sys.key as system_key, sys.name as system_name, sys.area, sys.reading,
       (select min(dg.source) from entitlement re join group_entitlement ge on ge.entitlement_id = re.id
        join directory_group dg on dg.id = ge.group_id where re.id = e.id) as read_from
     from compared c
     join entitlement e on e.id = c.entitlement_id
     join it_system sys on sys.id = e.system_id
     left join granted g on g.entitlement_id = e.id
     left join seen s on s.entitlement_id = e.id
     order by sys.name collate "da-x-icu", e.name collate "da-x-icu"`,
    [personId],
  )
  const systems = new Map<string, z.output<typeof systemRights>>()
  for (const row of rows) {
    const right = seen(row.system_id, rightOf(row, names, sources))
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
        },
        rights: [],
      }
      systems.set(row.system_id, system)
    }
    if (row.read_from) system.system.readAt ??= sources.get(row.read_from)?.seenAt ?? null
    system.rights.push(right)
  }
  return [...systems.values()]
}

function rightOf(row: RightRow, names: Names, sources: Sources): Right {
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
    since: row.since?.toISOString() ?? null,
    until: row.until,
    untilBecause: row.until ? row.untilBecause : null,
    constraints: (row.constraints ?? []).map(one => ({
      kind: one.kind,
      values: one.values.map(value => names.unit.get(value) ?? value),
    })),
    because: (row.grounds ?? []).flatMap(ground => groundsOf(ground, names)),
    paths: (row.paths ?? []).map(path => ({
      ...path,
      groups: path.groups ?? [],
      lastSeen: sources.get(path.account.source)?.seenAt ?? path.firstSeen,
    })),
  }
}

/** The deciding reason first, then the rules that would still give the right if that one were gone. */
function groundsOf(ground: Ground, names: Names): z.output<typeof because>[] {
  const one = (part: Pick<Ground, 'ruleKey' | 'ruleVersion' | 'rolePath' | 'matched'>, known: Partial<Ground>) => ({
    kind: 'rule' as const,
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
  return [one(ground, ground), ...ground.also.map(other => one(other, {}))]
}
