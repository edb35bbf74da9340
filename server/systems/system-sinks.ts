import type { z } from 'zod'
import type { Applied, NormalAttrs, Parsed, RecordChange, Sink, SinkContext } from '../platform/feed-record.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { takeInSystems } from './catalogue/take-in-systems.ts'
import { putBackSetValues } from './entitlements/entitlement-store.ts'
import { noteObserveChanged } from './observe-changes.ts'
import { noteObserveDue } from './observe-rights.ts'
import { accountRecord, entitlementRecord, groupRecord, systemRecord } from './system-records.ts'
import { heldSink } from './user-lists/held-sink.ts'

/** The kinds of record that the room takes in: systems, entitlements, accounts and directory groups. */
export function systemSinks(): Sink[] {
  return [
    { kind: 'system', parse: parser(systemRecord), apply: applySystems },
    { kind: 'entitlement', parse: parser(entitlementRecord), guardPart: systemOf, apply: applyEntitlements },
    { kind: 'account', parse: parser(accountRecord), apply: applyAccounts },
    { kind: 'group', parse: parser(groupRecord), apply: applyGroups, holders: groupsWith },
    heldSink,
  ]
}

function parser(schema: z.ZodType): (attrs: NormalAttrs) => Parsed {
  return attrs => {
    const result = schema.safeParse(attrs)
    if (result.success) return { ok: true, attrs: result.data as NormalAttrs }
    const issue = result.error.issues[0]
    return {
      ok: false,
      reason: 'invalid-attribute',
      params: { attribute: issue?.path.join('.') ?? '', problem: issue?.message ?? '' },
    }
  }
}

const systemOf = (change: RecordChange): string => change.key.split('/')[0] ?? change.key

/** Rows that are written, as the JSON that `jsonb_to_recordset` takes apart in one statement. */
function present(changes: RecordChange[]): string {
  return JSON.stringify(changes.filter(change => change.after).map(change => ({ key: change.key, ...change.after })))
}
const goneKeys = (changes: RecordChange[]): string[] =>
  changes.filter(change => !change.after).map(change => change.key)

async function applySystems(ctx: SinkContext, changes: RecordChange[]): Promise<Applied[]> {
  const rows = await takeInSystems(ctx, changes)
  return [...rows, ...(await markGone(ctx, 'it_system', changes))]
}

async function applyEntitlements(ctx: SinkContext, changes: RecordChange[]): Promise<Applied[]> {
  const rows = await ctx.tx.query<Applied>(
    `insert into entitlement (key, system_id, name, description, kind, sensitivity, privileged, constraints, source)
     select r.key, s.id, r.name, r.description, r."entitlementKind", r.sensitivity, r.privileged, r.constraints, $2
     from jsonb_to_recordset($1::jsonb) as r(key text, name text, description text, "entitlementKind" text,
       sensitivity text, privileged boolean, constraints text[])
     join it_system s on s.key = split_part(r.key, '/', 1)
     on conflict (key) do update set system_id = excluded.system_id, name = excluded.name,
       description = excluded.description, kind = excluded.kind, sensitivity = excluded.sensitivity,
       privileged = excluded.privileged, constraints = excluded.constraints, source = excluded.source,
       gone_at = case when entitlement.status = 'retired' then entitlement.gone_at end
     returning key, id as "subjectId"`,
    [present(changes), ctx.source],
  )
  await putBackSetValues(
    ctx.tx,
    rows.map(row => row.key),
  )
  const written = new Set(rows.map(row => row.key))
  // A right of a system that nobody has heard of stays visible on its record, and is taken in when the system comes.
  const orphans = changes
    .filter(change => change.after && !written.has(change.key))
    .map(change => ({ key: change.key, subjectId: null, situation: 'unknown-system' }))
  // A new entitlement may be what a mapping or a rule was waiting for.
  await noteObserveDue(ctx.tx, ctx.source)
  return [...rows, ...orphans, ...(await markGone(ctx, 'entitlement', changes))]
}

async function applyAccounts(ctx: SinkContext, changes: RecordChange[]): Promise<Applied[]> {
  // An entry that comes back is asked again whose it is; what a person has said of it holds.
  await ctx.tx.query(
    `update account_link k set until = $3 from account a
     where a.source = $2 and a.key = any($1) and a.situation = 'gone'
       and k.account_id = a.id and k.until is null and k.decided_by = 'rule'`,
    [changes.filter(change => change.after).map(change => change.key), ctx.source, ctx.now],
  )
  const rows = await ctx.tx.query<Applied>(
    `insert into account (source, key, username, display_name, email, dn, employee_no, person_key, kind, feed_kind,
       enabled, last_sign_in, expires_at, description, primary_group, feed_out_of_scope, comparable, first_seen_at, seen_at)
     select $2, key, username, "displayName", email, dn, "employeeNo", person, "accountKind", "accountKind", enabled,
       "lastSignIn", "expiresAt", description, "primaryGroup", coalesce("outOfScope", false), "cprHash" is not null or "birthDate" is not null, $3, $3
     from jsonb_to_recordset($1::jsonb) as r(key text, username text, "displayName" text, email text, dn text,
       "employeeNo" text, person text, "accountKind" text, enabled boolean, "lastSignIn" timestamptz,
       "expiresAt" timestamptz, description text, "primaryGroup" text, "outOfScope" boolean, "cprHash" text, "birthDate" date)
     on conflict (source, key) do update set username = excluded.username, display_name = excluded.display_name,
       email = excluded.email, dn = excluded.dn, employee_no = excluded.employee_no, person_key = excluded.person_key,
       feed_kind = excluded.feed_kind, comparable = excluded.comparable,
       kind = case when account.kind_by = 'feed' then excluded.kind else account.kind end, enabled = excluded.enabled, last_sign_in = excluded.last_sign_in,
       expires_at = excluded.expires_at, description = excluded.description, primary_group = excluded.primary_group,
       feed_out_of_scope = excluded.feed_out_of_scope, seen_at = excluded.seen_at, gone_at = null,
       situation = case when account.situation = 'gone' then 'unmatched' else account.situation end
     returning key, id as "subjectId"`,
    [present(changes), ctx.source, ctx.seenAt],
  )
  // No feed ends the account of a machine or an administrator: that it has left is said, and a person ends it.
  const gone = await ctx.tx.query<Applied>(
    `update account set gone_at = case when kind = 'personal' then $3::timestamptz end, situation = 'gone',
       found_linked = false, situation_since = $3, situation_run = $4, reason = 'left-source'
     where source = $2 and key = any($1) returning key, id as "subjectId", 'gone' as situation`,
    [goneKeys(changes), ctx.source, ctx.now, ctx.runId],
  )
  await noteObserveChanged(ctx, 'account', changes, [...rows, ...gone])
  return [...rows, ...gone]
}

async function applyGroups(ctx: SinkContext, changes: RecordChange[]): Promise<Applied[]> {
  const rows = await ctx.tx.query<Applied>(
    `insert into directory_group (source, key, name, dn, description, members, sid, first_seen_at)
     select $2, key, name, dn, description, members, sid, $3
     from jsonb_to_recordset($1::jsonb) as r(key text, name text, dn text, description text, members text[], sid text)
     on conflict (source, key) do update set name = excluded.name, dn = excluded.dn,
       description = excluded.description, members = excluded.members, sid = excluded.sid, gone_at = null
     returning key, id as "subjectId"`,
    [present(changes), ctx.source, ctx.seenAt],
  )
  const gone = await ctx.tx.query<Applied>(
    `update directory_group set gone_at = $3, members = '{}' where source = $2 and key = any($1)
     returning key, id as "subjectId", 'gone' as situation`,
    [goneKeys(changes), ctx.source, ctx.now],
  )
  await noteObserveChanged(ctx, 'group', changes, [...rows, ...gone])
  return [...rows, ...gone]
}

/** Groups that have one of these accounts or groups as a member, or list one of these names. */
async function groupsWith(
  tx: Tx,
  source: string,
  keys: readonly string[],
  names: readonly string[],
): Promise<string[]> {
  const rows = await tx.query<{ key: string }>(
    `with member as (
       select m.group_id from account a join group_member m on m.member_account_id = a.id
       where a.source = $1 and a.key = any($2::text[])
       union
       select m.group_id from directory_group c join group_member m on m.member_group_id = c.id
       where c.source = $1 and c.key = any($2::text[])
       union
       select g.id from directory_group g where g.source = $1 and g.members && $3::text[]
     )
     select g.key from member join directory_group g on g.id = member.group_id where g.gone_at is null`,
    [source, keys, names],
  )
  return rows.map(row => row.key)
}

/** Catalogue rows are kept when they leave the feed: rights and history still name them. */
async function markGone(
  ctx: SinkContext,
  table: 'it_system' | 'entitlement',
  changes: RecordChange[],
): Promise<Applied[]> {
  const keys = goneKeys(changes)
  if (keys.length === 0) return []
  return ctx.tx.query<Applied>(
    `update ${table} set gone_at = $2 where key = any($1) returning key, id as "subjectId", 'gone' as situation`,
    [keys, ctx.now],
  )
}
