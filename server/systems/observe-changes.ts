import type { RecordChange, SinkContext } from '../platform/feed-record.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { type GroupMapping, mapGroups } from './group-mapping.ts'
import { KEPT } from './kept-rights.ts'
import { type Seen, storeSeen } from './store-seen.ts'

/** From here on working everything out is the shorter way. */
export const MOST = 1000

type Subject = 'account' | 'group'

/**
 * Say what must be worked out again: a few accounts or groups where only changes were read, else the whole source. Of
 * accounts only those that memberships can depend on: a last sign-in changes no right.
 */
export async function noteObserveChanged(
  ctx: Pick<SinkContext, 'tx' | 'source' | 'mode'>,
  kind: Subject,
  changes: readonly RecordChange[],
  written: readonly { key: string; subjectId: string | null }[],
): Promise<void> {
  const { tx, source } = ctx
  const keys = new Set(changes.filter(change => kind === 'group' || movesMembership(change)).map(change => change.key))
  const ids = written.flatMap(row => (keys.has(row.key) && row.subjectId ? [row.subjectId] : []))
  if (ids.length === 0) return
  if (ctx.mode === 'full' || ids.length > MOST)
    await tx.query('insert into observe_due (source) values ($1) on conflict do nothing', [source])
  else
    await tx.query(
      `insert into observe_due_subject (source, kind, subject_id) select $1, $2, unnest($3::uuid[]) on conflict do nothing`,
      [source, kind, ids],
    )
}

const movesMembership = ({ op, before, after }: RecordChange): boolean =>
  op !== 'change' || before?.dn !== after?.dn || before?.primaryGroup !== after?.primaryGroup

/** Sources that have subjects due and are worked out as a whole anyway, so that nothing is left waiting. */
export async function takeDueSources(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ source: string }>(
    `with taken as (delete from observe_due_subject returning source) select distinct source from taken`,
  )
  return rows.map(row => row.source)
}

export type ObservedChanges = Seen & { due: boolean; shown: string[] }

/**
 * The same as working everything out, for the accounts and groups that have changed: their members and memberships, and
 * the rights of the accounts below those. Costs what they reach. `shown`: rights (ids) that can be seen, or no longer be
 * seen, in a source; that concerns everybody who should hold them.
 */
export async function observeChanges(tx: Tx, now: Date, runId: string | null): Promise<ObservedChanges> {
  await tx.query(
    `create temporary table due_subject on commit drop as
     with taken as (delete from observe_due_subject returning source, kind, subject_id) select * from taken`,
  )
  const [size] = await tx.query<{ n: number }>('select count(*)::int as n from due_subject')
  if (!size || size.n === 0) {
    await tx.query('drop table due_subject')
    return { due: false, added: 0, vanished: 0, people: [], shown: [] }
  }
  await tx.query('analyze due_subject')
  await tx.query('create temporary table reached_account (account_id uuid primary key) on commit drop')
  await tx.query('create temporary table reached_group (group_id uuid primary key) on commit drop')
  await tx.query(
    `insert into reached_account select subject_id from due_subject where kind = 'account' on conflict do nothing`,
  )
  await resolveMembers(tx)
  const shown = await mapChangedGroups(tx)
  await tx.query(
    `with recursive below (group_id) as (
       select group_id from reached_group
       union
       select m.member_group_id from below b join group_member m on m.group_id = b.group_id
       where m.member_group_id is not null
     )
     insert into reached_account
     select distinct m.member_account_id from below b join group_member m on m.group_id = b.group_id
     where m.member_account_id is not null on conflict do nothing`,
  )
  await tx.query('analyze reached_account')
  const seen = await seenByReached(tx, now, runId)
  await tx.query('drop table due_subject, reached_account, reached_group')
  return { due: true, ...seen, shown }
}

/**
 * Rows of members that a changed account or group may have: all members of a changed group; a changed account or group
 * as a member of whatever lists it, by DN or by key, or is its primary group. Accounts that gain or lose a place, and
 * groups that gain or lose a group, are noted as reached.
 */
async function resolveMembers(tx: Tx): Promise<void> {
  await tx.query(`
    create temporary table member_now on commit drop as
    with changed_group as (
      select g.id, g.source, g.key, g.dn, g.sid, g.members from due_subject d join directory_group g on g.id = d.subject_id
      where d.kind = 'group' and g.gone_at is null
    ), changed_account as (
      select a.id, a.source, a.key, a.dn, a.primary_group from due_subject d join account a on a.id = d.subject_id
      where d.kind = 'account' and a.gone_at is null
    ), named as (
      select distinct g.id, g.source, lower(m.name) as name, m.name as written from changed_group g cross join lateral unnest(g.members) as m (name)
    )
    select n.id as group_id, a.id as member_account_id, null::uuid as member_group_id
    from named n join account a on a.source = n.source and lower(a.dn) = n.name and a.gone_at is null
    where n.name like '%=%'
    union
    select n.id, a.id, null from named n join account a on a.source = n.source and a.key in (n.name, n.written) and a.gone_at is null
    where n.name not like '%=%'
    union
    select g.id, a.id, null from changed_group g join account a on a.source = g.source and a.primary_group = g.sid
    where a.gone_at is null
    union
    select g.id, a.id, null from changed_account a join directory_group g on g.source = a.source and g.gone_at is null
    where g.members && array[a.dn, lower(a.dn), a.key, lower(a.key)]
    union
    select g.id, a.id, null from changed_account a
    join directory_group g on g.source = a.source and g.sid = a.primary_group and g.gone_at is null
    union
    select n.id, null, c.id from named n join directory_group c on c.source = n.source and lower(c.dn) = n.name and c.gone_at is null
    where n.name like '%=%'
    union
    select n.id, null, c.id from named n join directory_group c on c.source = n.source and c.key in (n.name, n.written) and c.gone_at is null
    where n.name not like '%=%'
    union
    select g.id, null, c.id from changed_group c join directory_group g on g.source = c.source and g.gone_at is null
    where g.members && array[c.dn, lower(c.dn), c.key, lower(c.key)]`)
  await tx.query('analyze member_now')
  await tx.query(`
    with was as (
      select group_id, member_account_id, member_group_id from group_member
      where group_id in (select subject_id from due_subject where kind = 'group')
      union
      select group_id, member_account_id, member_group_id from group_member
      where member_account_id in (select subject_id from due_subject where kind = 'account')
      union
      select group_id, member_account_id, member_group_id from group_member
      where member_group_id in (select subject_id from due_subject where kind = 'group')
    ), lost as (
      delete from group_member m using was w, directory_group g
      where m.group_id = w.group_id and m.member_account_id is not distinct from w.member_account_id
        and m.member_group_id is not distinct from w.member_group_id and g.id = m.group_id
        and not exists (
          select from member_now n where n.group_id = m.group_id
            and n.member_account_id is not distinct from m.member_account_id
            and n.member_group_id is not distinct from m.member_group_id)
        and not ${KEPT}
      returning m.group_id, m.member_account_id, m.member_group_id
    ), accounts as (
      insert into reached_account select distinct member_account_id from lost where member_account_id is not null
      on conflict do nothing
    )
    insert into reached_group select distinct member_group_id from lost where member_group_id is not null
    on conflict do nothing`)
  await tx.query(`
    with fresh as (
      insert into group_member (group_id, member_account_id, member_group_id)
      select group_id, member_account_id, member_group_id from member_now on conflict do nothing
      returning member_account_id, member_group_id
    ), accounts as (
      insert into reached_account select distinct member_account_id from fresh where member_account_id is not null
      on conflict do nothing
    )
    insert into reached_group select distinct member_group_id from fresh where member_group_id is not null
    on conflict do nothing`)
  await tx.query('drop table member_now')
}

/**
 * Which rights the changed groups give: their names may have changed, or they may have come or gone. Answers the
 * rights that are now shown by a source that did not show them before, or no longer.
 */
async function mapChangedGroups(tx: Tx): Promise<string[]> {
  const groups = await tx.query<{ id: string; source: string; name: string }>(
    `select g.id, g.source, g.name from due_subject d join directory_group g on g.id = d.subject_id
     where d.kind = 'group' and g.gone_at is null`,
  )
  const mappings =
    groups.length === 0
      ? []
      : await tx.query<GroupMapping>(
          `select id, source, pattern, entitlement from group_mapping
           where source in (select source from due_subject) and off_at is null order by position, id`,
        )
  const rows = await tx.query<{ entitlement_id: string }>(
    `with mapped as (
       select distinct on (m."groupId", e.id) m."groupId" as group_id, e.id as entitlement_id, m."mappingId" as mapping_id
       from rows from (jsonb_to_recordset($1::jsonb) as ("groupId" uuid, entitlement text, "mappingId" uuid))
         with ordinality as m ("groupId", entitlement, "mappingId", place)
       join entitlement e on e.key = m.entitlement and e.gone_at is null
       order by m."groupId", e.id, m.place
     ), removed as (
       delete from group_entitlement ge
       where ge.group_id in (select subject_id from due_subject where kind = 'group')
         and not exists (select from mapped n where n.group_id = ge.group_id and n.entitlement_id = ge.entitlement_id)
       returning ge.group_id, ge.entitlement_id
     ), written as (
       insert into group_entitlement (group_id, entitlement_id, mapping_id)
       select group_id, entitlement_id, mapping_id from mapped
       on conflict (group_id, entitlement_id) do update set mapping_id = excluded.mapping_id
         where group_entitlement.mapping_id <> excluded.mapping_id
       returning group_id, entitlement_id
     ), differing as (
       select * from removed union select * from written
     ), reached as (
       insert into reached_group select distinct group_id from differing on conflict do nothing
     )
     -- Seen as before this statement: does another group of the source show the right, one that was not touched by it?
     select distinct d.entitlement_id from differing d join directory_group g on g.id = d.group_id where not exists (
       select from group_entitlement o join directory_group h on h.id = o.group_id
       where o.entitlement_id = d.entitlement_id and h.source = g.source and o.group_id <> d.group_id
         and not exists (select from differing x where x.group_id = o.group_id and x.entitlement_id = o.entitlement_id)
     )`,
    [JSON.stringify(mapGroups(groups, mappings))],
  )
  return rows.map(row => row.entitlement_id)
}

/** Every path upwards from the accounts that were reached to a group that gives a right; a group once a path. */
async function seenByReached(tx: Tx, now: Date, runId: string | null): Promise<Seen> {
  await tx.query(`
    create temporary table seen_right on commit drop as
    with recursive up (account_id, group_id, via) as (
      select m.member_account_id, m.group_id, array[m.group_id]
      from reached_account r join account a on a.id = r.account_id and a.gone_at is null
      join group_member m on m.member_account_id = a.id
      union all
      select u.account_id, m.group_id, u.via || m.group_id
      from up u join group_member m on m.member_group_id = u.group_id
      where m.group_id <> all (u.via)
    )
    select distinct on (u.account_id, ge.entitlement_id) u.account_id, ge.entitlement_id, u.via,
      (count(*) over (partition by u.account_id, ge.entitlement_id))::int as paths
    from up u join group_entitlement ge on ge.group_id = u.group_id
    order by u.account_id, ge.entitlement_id, cardinality(u.via), u.via`)
  return storeSeen(tx, { among: 'reached_account', now, runId })
}
