import type { ResponseOf } from '#contract/endpoint.ts'
import type { getLinkCase } from '#contract/links.ts'
import { statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { can } from '../policy/policy.ts'
import { compareFields, type Side } from './compare-fields.ts'
import { CASE_JOINS, caseColumns, type LinkCase } from './link-desk-views.ts'
import { DANISH, personRefSql, unitRefSql, visibleTo } from './visible.ts'

type Answer = ResponseOf<typeof getLinkCase>
type CandidateAnswer = Answer['candidateList'][number]
type UserNames = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>

type AccountRow = Omit<LinkCase, 'since'> & {
  since: Date
  displayName: string | null
  email: string | null
  dn: string | null
  employeeNo: string | null
  description: string | null
  firstSeenAt: Date
  goneAt: Date | null
  usernameUsedBefore: boolean
  kindBy: Answer['kindBy']
  kindRule: Answer['kindRule']
  payload: Record<string, unknown> | null
}

/** How many hints by name, e-mail or user name are shown beside what rules have found. */
const HINTS = 8

/** An account with everybody who may be behind it, as far as the reader may know of them; null: not for this reader. */
export async function linkCaseView(
  tx: Tx,
  actor: Actor,
  accountId: string,
  userNames: UserNames,
): Promise<Answer | null> {
  const q = statement()
  const columns = caseColumns(actor, q)
  const [account] = await tx.query<AccountRow>(
    `select ${columns}, a.display_name as "displayName", a.email, a.dn, a.employee_no as "employeeNo", a.description,
       a.first_seen_at as "firstSeenAt", a.gone_at as "goneAt", a.kind_by as "kindBy",
       (select jsonb_build_object('id', r.id, 'pattern', r.pattern, 'ou', r.ou) from account_rule r where r.id = a.kind_rule_id) as "kindRule",
       exists (select from account u where u.source = a.source and lower(u.username) = lower(a.username) and u.id <> a.id
         and u.first_seen_at < a.first_seen_at) as "usernameUsedBefore",
       r.payload - 'cprSealed' as payload
     from account a ${CASE_JOINS} left join source_record r on r.source = a.source and r.kind = 'account' and r.key = a.key
     where a.id = ${q.bind(accountId, 'uuid')} and ${visibleTo(actor, q).account('a', 'p', 'details')}`,
    q.params,
  )
  if (!account) return null
  const { rows, hidden } = await candidatesOf(tx, actor, account)
  const decisions = await decisionsOf(tx, actor, accountId, userNames)
  const { since, firstSeenAt, goneAt, payload: _, ...shown } = account
  const latest = decisions.find(one => one.undoneAt === null)
  const may = can(actor, 'link.decide')
  return {
    ...shown,
    // An account that carries the name of somebody whose name is protected would say it.
    displayName: hidden ? null : account.displayName,
    email: hidden ? null : account.email,
    dn: hidden ? null : account.dn,
    description: hidden ? null : account.description,
    since: since.toISOString(),
    firstSeenAt: firstSeenAt.toISOString(),
    goneAt: goneAt?.toISOString() ?? null,
    candidateList: rows,
    decisions,
    version: `${latest?.id ?? 'none'}.${account.situation}`,
    allowed: { decide: may, undo: may && latest !== undefined },
  }
}

type CandidateRow = Omit<CandidateAnswer, 'compared'> & {
  hidden: boolean
  seesContact: boolean
  employeeNumbers: string[]
  units: string[]
  realm: string
  name: string
  birthDate: string | null
  email: string | null
  phone: string | null
  usernames: string
  sameCpr: boolean | null
}

async function candidatesOf(tx: Tx, actor: Actor, account: AccountRow) {
  const q = statement()
  const may = visibleTo(actor, q)
  const id = q.bind(account.id, 'uuid')
  const shown = may.name('p')
  const rows = await tx.query<CandidateRow>(
    `with found as (
       select coalesce(i.merged_into, i.id) as person_id, c.via, c.confidence, true as by_rule, 0 as place
       from account a, jsonb_to_recordset(a.candidates) as c("personId" uuid, via text, confidence int)
       join person i on i.id = c."personId" where a.id = ${id}
       union all
       select a.person_id, a.evidence, a.confidence, a.evidence <> 'manual', 0 from account a where a.id = ${id} and a.person_id is not null
       union all
       (select c.person_id, 'name', 20, false, 1 from account a join person_current c
          on lower(c.name) = lower(coalesce(nullif(${q.bind(nameOf(account), 'text')}, ''), a.display_name)) where a.id = ${id} limit ${HINTS})
       union all
       (select c.person_id, 'email', 15, false, 2 from account a join person_current c on lower(c.email) = lower(a.email)
        where a.id = ${id} limit ${HINTS})
       union all
       (select u.person_id, 'username', 10, false, 3 from account a join account u on u.source = a.source
          and lower(u.username) = lower(a.username) and u.id <> a.id and u.person_id is not null where a.id = ${id} limit ${HINTS})
       union all
       (select coalesce(i.merged_into, i.id), 'manual', 0, false, 4 from account_link k join person i on i.id = k.person_id
        where k.account_id = ${id} and k.until is null and k.verdict = 'not')
     ), one as (
       select distinct on (person_id) * from found order by person_id, place, confidence desc
     )
     select ${personRefSql('p', shown)} as person, not ${shown} as hidden, p.kind as "personKind", p.status, p.title,
       ${unitRefSql('u')} as unit, o.via as evidence, o.confidence, o.by_rule as "byRule",
       (select count(*)::int from account x where x.person_id = p.person_id and x.source = me.source and x.id <> me.id
         and x.gone_at is null) as "otherAccounts",
       exists (select from account_link k join person i on i.id = k.person_id where k.account_id = me.id and k.until is null
         and k.verdict = 'not' and coalesce(i.merged_into, i.id) = p.person_id) as "ruledOut",
       p.name, p.birth_date as "birthDate", p.email, p.phone, p.usernames, i.realm,
       (select bool_or(encode(n.hash, 'hex') = ${q.bind(account.payload?.cprHash ?? null, 'text')}) from person_cpr n
         join person ni on ni.id = n.person_id where coalesce(ni.merged_into, ni.id) = p.person_id) as "sameCpr",
       array(select distinct f.employee_no from affiliation_current f where f.person_id = p.person_id and f.employee_no is not null
         and ${may.affiliation('f', 'details')}) as "employeeNumbers",
       array(select distinct y.name from affiliation_current f join org_unit_current y on y.unit_id = f.unit_id
         where f.person_id = p.person_id and f.status = 'active' and ${may.affiliation('f', 'details')}) as units,
       coalesce((select jsonb_agg(jsonb_build_object('id', f.affiliation_id, 'kind', f.kind, 'status', f.status,
           'employeeNo', f.employee_no, 'title', f.title, 'unit', ${unitRefSql('fu')}, 'endsOn', f.ends_on)
           order by f.is_primary desc, f.starts_on)
         from affiliation_current f left join org_unit_current fu on fu.unit_id = f.unit_id
         where f.person_id = p.person_id and ${may.affiliation('f', 'details')}), '[]') as affiliations
     from one o join person_current p on p.person_id = o.person_id join person i on i.id = p.person_id
     join account me on me.id = ${id} left join org_unit_current u on u.unit_id = p.unit_id
     where ${may.person('p')}
     order by o.by_rule desc, o.confidence desc, p.name ${DANISH}, p.person_id`,
    q.params,
  )
  return { hidden: rows.some(row => row.hidden), rows: rows.map(row => shownCandidate(account, row)) }
}

function shownCandidate(account: AccountRow, row: CandidateRow): CandidateAnswer {
  const { hidden, employeeNumbers, units, realm: _, name, birthDate, email, phone, usernames, sameCpr, ...shown } = row
  const here: Side = {
    cpr: typeof account.payload?.cprHash === 'string' ? 'account' : null,
    employeeNo: account.employeeNo,
    name: nameOf(account) || account.displayName,
    birthDate: textOf(account.payload?.birthDate),
    unit: textOf(account.payload?.unit),
    email: account.email,
    phone: textOf(account.payload?.phone),
    username: account.username,
  }
  const there: Side = {
    cpr: sameCpr === null ? null : sameCpr ? 'account' : 'another',
    employeeNo: employeeNumbers,
    name,
    birthDate,
    unit: units,
    email,
    phone,
    username: usernames.split(' '),
  }
  const open = new Set(['employeeNo', 'unit', 'username'])
  return {
    ...shown,
    title: row.title,
    // A CPR number and a birth date are compared and never shown here; the rest not where the name is protected.
    compared: compareFields(here, there, field =>
      field === 'cpr' || field === 'birthDate' ? true : hidden && !open.has(field),
    ),
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const nameOf = ({ payload }: AccountRow): string =>
  [payload?.givenName, payload?.familyName].filter(part => typeof part === 'string').join(' ')

async function decisionsOf(
  tx: Tx,
  actor: Actor,
  accountId: string,
  userNames: UserNames,
): Promise<Answer['decisions']> {
  const q = statement()
  const may = visibleTo(actor, q)
  const rows = await tx.query<Answer['decisions'][number] & { at: Date; undoneAt: Date | null }>(
    `select d.id, d.kind, d.at, d.actor_id as by, d.reason, case when ${may.person('p')} then ${personRefSql('p', may.name('p'))} end as person,
       d.account_kind as "accountKind", d.undone_at as "undoneAt", d.undone_by as "undoneBy"
     from account_decision d left join person i on i.id = d.person_id
     left join person_current p on p.person_id = coalesce(i.merged_into, i.id)
     where d.account_id = ${q.bind(accountId, 'uuid')} order by d.at desc, d.id desc`,
    q.params,
  )
  const names = await userNames(rows.flatMap(row => [row.by, ...(row.undoneBy ? [row.undoneBy] : [])]))
  return rows.map(row => ({
    ...row,
    at: row.at.toISOString(),
    by: names.get(row.by) ?? row.by,
    undoneAt: row.undoneAt?.toISOString() ?? null,
    undoneBy: row.undoneBy === null ? null : (names.get(row.undoneBy) ?? row.undoneBy),
  }))
}
