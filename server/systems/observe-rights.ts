import { figuresForNewTables } from '../platform/planner.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { type GroupMapping, mapGroups } from './group-mapping.ts'
import { KEPT } from './kept-rights.ts'
import { observeChanges, takeDueSources } from './observe-changes.ts'
import { type Seen, storeSeen } from './store-seen.ts'

/** Say that links and observed rights must be worked out again; in the transaction of what makes it so. */
export async function noteObserveDue(tx: Tx, source: string): Promise<void> {
  await tx.query('insert into observe_due (source) values ($1) on conflict do nothing', [source])
}

/** What is noted as due when the mappings have changed. No source has this name: members stay, groups are mapped anew. */
export const MAPPINGS = 'mappings'

/** `due` false: nothing had changed, nothing was worked out. */
export type Observed = Seen & {
  due: boolean
  /** Other groups give rights than before: what can be seen at all has changed, for everybody. */
  mappingChanged: boolean
  /** The rights (ids) that can be seen in a source now and could not before, or the other way; null: nobody has kept count. */
  shown: string[] | null
}

/**
 * Works out who is a member of what and which rights that gives, in one transaction: group members by DN within their
 * source, groups to rights by the mappings, then every path from an account through nested groups to a mapped group.
 * A group never appears twice on a path, so cycles of groups end. Rights that are no longer there go into the history.
 * Does nothing when nothing has changed since the last time.
 */
export async function observeRights(tx: Tx, now: Date, runId: string | null): Promise<Observed> {
  // The lock that deciding rights takes too: two that work out what is held, each without seeing what the other is about
  // to write, would each take the other's rights away.
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel access'))`)
  const due = await tx.query<{ source: string }>('delete from observe_due returning source')
  if (due.length === 0) {
    const observed = await observeChanges(tx, now, runId)
    return { ...observed, mappingChanged: observed.shown.length > 0 }
  }
  for (const source of await takeDueSources(tx)) if (!due.some(one => one.source === source)) due.push({ source })
  await figuresForNewTables(tx, ['account', 'directory_group', 'group_member', 'group_entitlement'])
  for (const { source } of due) await resolveMembers(tx, source)
  await figuresForNewTables(tx, ['group_member'])
  const rewritten = await storeMappedGroups(tx)
  // A mapping that was taken away has taken its groups' rows with it, so that nothing is left here to differ from.
  const mappingChanged = rewritten || due.some(one => one.source === MAPPINGS)
  await tx.query(`
    create temporary table seen_right on commit drop as
    with recursive reach (entitlement_id, group_id, via) as (
      select ge.entitlement_id, ge.group_id, array[ge.group_id]
      from group_entitlement ge
      union all
      select r.entitlement_id, m.member_group_id, m.member_group_id || r.via
      from reach r
      join group_member m on m.group_id = r.group_id
      where m.member_group_id is not null and m.member_group_id <> all (r.via)
    )
    select distinct on (m.member_account_id, r.entitlement_id)
      m.member_account_id as account_id, r.entitlement_id, r.via,
      (count(*) over (partition by m.member_account_id, r.entitlement_id))::int as paths
    from reach r
    join group_member m on m.group_id = r.group_id
    join account a on a.id = m.member_account_id and a.gone_at is null
    order by m.member_account_id, r.entitlement_id, cardinality(r.via), r.via`)
  const seen = await storeSeen(tx, { among: null, now, runId })
  return { due: true, ...seen, shown: null, mappingChanged }
}

/**
 * Members are named by DN (or by key where a directory gives keys); one that is in no feed is left out, and counted.
 * Accounts are members of their primary group too, which does not name them.
 */
async function resolveMembers(tx: Tx, source: string): Promise<void> {
  // DNs and keys are told apart by the `=` that every DN has, so that each side can be a hash join.
  await tx.query(
    `create temporary table named_member on commit drop as
     select distinct g.id as group_id, lower(m.name) as name
     from directory_group g cross join lateral unnest(g.members) as m (name)
     where g.source = $1 and g.gone_at is null`,
    [source],
  )
  await tx.query('analyze named_member')
  await tx.query(
    `create temporary table member_now on commit drop as
     select n.group_id, a.id as member_account_id, null::uuid as member_group_id
     from named_member n join account a on a.source = $1 and lower(a.dn) = n.name and a.gone_at is null
     where n.name like '%=%'
     union
     select n.group_id, a.id, null from named_member n join account a on a.source = $1 and lower(a.key) = n.name and a.gone_at is null
     where n.name not like '%=%'
     union
     select g.id, a.id, null from account a join directory_group g on g.source = $1 and g.sid = a.primary_group and g.gone_at is null
     where a.source = $1 and a.gone_at is null
     union
     select n.group_id, null, c.id from named_member n join directory_group c on c.source = $1 and lower(c.dn) = n.name and c.gone_at is null
     where n.name like '%=%'
     union
     select n.group_id, null, c.id from named_member n join directory_group c on c.source = $1 and lower(c.key) = n.name and c.gone_at is null
     where n.name not like '%=%'`,
    [source],
  )
  await tx.query(
    `delete from group_member m using directory_group g
     where g.id = m.group_id and g.source = $1 and not exists (
       select from member_now n where n.group_id = m.group_id
         and n.member_account_id is not distinct from m.member_account_id
         and n.member_group_id is not distinct from m.member_group_id)
       and not ${KEPT}`,
    [source],
  )
  await tx.query(
    `insert into group_member (group_id, member_account_id, member_group_id)
     select group_id, member_account_id, member_group_id from member_now on conflict do nothing`,
  )
  await tx.query('drop table member_now, named_member')
}

/** Which groups give which rights; the first mapping written wins where two give the same. */
async function storeMappedGroups(tx: Tx): Promise<boolean> {
  const groups = await tx.query<{ id: string; source: string; name: string }>(
    'select id, source, name from directory_group where gone_at is null',
  )
  const mappings = await tx.query<GroupMapping>(
    'select id, source, pattern, entitlement from group_mapping where off_at is null order by position, id',
  )
  const mapped = mapGroups(groups, mappings)
  await tx.query(
    `create temporary table mapped_now on commit drop as
     select distinct on (m."groupId", e.id) m."groupId" as group_id, e.id as entitlement_id, m."mappingId" as mapping_id
     from rows from (jsonb_to_recordset($1::jsonb) as ("groupId" uuid, entitlement text, "mappingId" uuid))
       with ordinality as m ("groupId", entitlement, "mappingId", place)
     join entitlement e on e.key = m.entitlement and e.gone_at is null
     order by m."groupId", e.id, m.place`,
    [JSON.stringify(mapped)],
  )
  const removed = await tx.query(`
    delete from group_entitlement ge
    where not exists (select from mapped_now n where n.group_id = ge.group_id and n.entitlement_id = ge.entitlement_id)
    returning 1`)
  const written = await tx.query(`
    insert into group_entitlement (group_id, entitlement_id, mapping_id)
    select group_id, entitlement_id, mapping_id from mapped_now
    on conflict (group_id, entitlement_id) do update set mapping_id = excluded.mapping_id
      where group_entitlement.mapping_id <> excluded.mapping_id
    returning 1`)
  await tx.query('drop table mapped_now')
  return removed.length + written.length > 0
}
