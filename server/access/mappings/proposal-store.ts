import { figuresForNewTables } from '../../platform/planner.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import {
  type Conversant,
  createProposer,
  type GroupProposal,
  type MappedName,
  MOST_OF_THEM,
  type OpenGroup,
  type Overlap,
  type Right,
} from '../../systems/mappings/propose-groups.ts'

/** SQL over `directory_group g`: it gives no right, and nobody has set it aside. */
export const OPEN_GROUP = `g.gone_at is null and not exists (select from group_entitlement ge where ge.group_id = g.id)
  and not exists (select from group_not_right n where n.group_id = g.id)`

/** So often at most: every read that changes something would make them anew. */
const NOT_BEFORE = '10 minutes'
/** So many groups are looked at at once. */
const PART = 1000
/** A group of more people than this says nothing about who they are, nor a right of more holders where it is at home. */
const MOST_PEOPLE = 2000
/** A unit of more than this share of all people is nobody's home. */
const WIDE = 0.25
/** So many of those who hold a right belong to its home. */
const NEARLY_ALL = 0.8

/**
 * Works out anew what groups that give no right might give, when groups, mappings or what people should hold have
 * changed. Answers how many groups there are, or null where nothing was to do. `always`: without looking.
 */
export async function refreshProposals(tx: Tx, now: Date, always = false): Promise<number | null> {
  const [state] = await tx.query<{ stamp: string; due: boolean }>(
    `with stamp as (
       select concat_ws('/', (select max(decided_at) from mapping_change),
         (select max(decided_at) from group_not_right),
         (select max(ended_at) from access_run where added + removed > 0),
         (select count(*) || ' ' || coalesce(max(first_seen_at)::text, '') || ' ' || count(gone_at) from directory_group),
         (select count(*) || ' ' || count(gone_at) from entitlement),
         (select count(*) from group_entitlement),
         (select md5(string_agg(unit_id::text, '' order by id)) from it_system where unit_id is not null)) as text
     )
     select s.text as stamp, k.stamp is null or (k.stamp <> s.text and k.made_at < $1::timestamptz - interval '${NOT_BEFORE}') as due
     from stamp s left join group_proposal_state k on true`,
    [now],
  )
  if (!state || !(state.due || always)) return null
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel proposals'))`)
  const { groups, known } = await loadInput(tx)
  const propose = createProposer(known)
  await tx.query('delete from group_proposal')
  for (let from = 0; from < groups.length; from += PART) {
    const part = await withUnits(tx, groups.slice(from, from + PART))
    await storeProposals(tx, propose(part, await overlapsOf(tx, part)))
  }
  await tx.query('drop table open_person, group_unit, group_overlap')
  await tx.query(
    `insert into group_proposal_state (stamp, made_at) values ($1, $2)
     on conflict (one) do update set stamp = excluded.stamp, made_at = excluded.made_at`,
    [state.stamp, now],
  )
  return groups.length
}

/**
 * The groups that give no right, and what is known of all of them. Leaves the temporary tables `open_person`, who is in
 * which, `group_unit`, where most of them belong, and `group_overlap`, with whose rights theirs agree.
 */
async function loadInput(tx: Tx): Promise<{ groups: Omit<OpenGroup, 'units'>[]; known: Conversant }> {
  await figuresForNewTables(tx, ['directory_group', 'group_member', 'group_entitlement', 'assignment'])
  await tx.query(
    `create temporary table open_person on commit drop as
     with recursive below (root, group_id) as (
       select g.id, g.id from directory_group g where ${OPEN_GROUP}
       union
       select b.root, m.member_group_id from below b join group_member m on m.group_id = b.group_id
       where m.member_group_id is not null
     )
     select distinct b.root as group_id, a.person_id
     from below b join group_member m on m.group_id = b.group_id join account a on a.id = m.member_account_id
     where a.gone_at is null and a.person_id is not null`,
  )
  await tx.query('analyze open_person')
  await tx.query(
    `create temporary table headcount on commit drop as
     select u.unit_id, count(*)::int as people, count(*) > ${WIDE} * (
       select count(*) from person_current where status = 'active') as wide
     from person_current p cross join lateral unnest(p.unit_ids) as u (unit_id) where p.status = 'active' group by u.unit_id`,
  )
  await tx.query(
    `create temporary table group_unit on commit drop as
     with size as (select group_id, count(*)::int as people from open_person group by group_id having count(*) >= 3)
     select o.group_id, u.unit_id, count(*)::int as shared, s.people from open_person o
     join size s on s.group_id = o.group_id join person_current p on p.person_id = o.person_id
     cross join lateral unnest(p.unit_ids) as u (unit_id)
     group by o.group_id, u.unit_id, s.people having count(*) >= ${MOST_OF_THEM} * s.people`,
  )
  await tx.query('create index on group_unit (group_id)')
  // Whose unit it is: the unit with nearly the same people, of those below it too.
  const groups = await tx.query<Omit<OpenGroup, 'units'>>(
    `with size as (select group_id, count(*)::int as people from open_person group by group_id),
     same as (
       select distinct on (c.group_id) c.group_id, u.name from group_unit c
       join headcount h on h.unit_id = c.unit_id join org_unit_current u on u.unit_id = c.unit_id and u.active
       where c.shared >= 0.9 * (c.people + h.people - c.shared)
       order by c.group_id, c.shared::float / (c.people + h.people - c.shared) desc, u.level desc
     )
     select g.id, g.name, g.description, coalesce(s.people, 0) as people, same.name as unit,
       (select count(distinct m.group_id)::int from group_member m join group_entitlement ge on ge.group_id = m.group_id
        where m.member_group_id = g.id) as "nestedIn"
     from directory_group g left join size s on s.group_id = g.id left join same on same.group_id = g.id
     where ${OPEN_GROUP} order by g.id`,
  )
  await tx.query(
    `create temporary table group_overlap on commit drop as
     with size as (
       select group_id, count(*) as people from open_person group by group_id having count(*) <= ${MOST_PEOPLE}
     ), held as materialized (
       select distinct ac.person_id, a.entitlement_id from assignment a
       join affiliation_current ac on ac.affiliation_id = a.affiliation_id
     ), expected as (select entitlement_id, count(*) as people from held group by entitlement_id),
     shared as (
       select o.group_id, h.entitlement_id, count(*) as shared
       from size s join open_person o on o.group_id = s.group_id join held h on h.person_id = o.person_id
       group by o.group_id, h.entitlement_id
     )
     select s.group_id, s.entitlement_id, s.shared::int, e.people::int as expected
     from shared s join size z on z.group_id = s.group_id join expected e on e.entitlement_id = s.entitlement_id
     where s.shared >= 0.1 * (z.people + e.people - s.shared) or s.shared >= 0.6 * z.people`,
  )
  await tx.query('create index on group_overlap (group_id)')
  const rights = await tx.query<Right>(
    `with few as (
       select entitlement_id from observed_right group by entitlement_id having count(*) between 3 and ${MOST_PEOPLE}
     ), holder as (
       select distinct o.entitlement_id, a.person_id from few join observed_right o using (entitlement_id)
       join account a on a.id = o.account_id and a.gone_at is null and a.person_id is not null
     ), size as (select entitlement_id, count(*) as people from holder group by entitlement_id having count(*) >= 3),
     home as (
       select distinct on (c.entitlement_id) c.entitlement_id, c.unit_id from (
         select h.entitlement_id, u.unit_id, count(*) as shared from holder h
         join person_current p on p.person_id = h.person_id cross join lateral unnest(p.unit_ids) as u (unit_id)
         group by h.entitlement_id, u.unit_id) c
       join size s on s.entitlement_id = c.entitlement_id join headcount n on n.unit_id = c.unit_id
       where not n.wide and c.shared >= ${NEARLY_ALL} * s.people order by c.entitlement_id, n.people, c.unit_id
     )
     select e.id, e.key, e.name, e.description, e.privileged, s.key as system, s.name as "systemName",
       case when home.unit_id is not null then jsonb_build_object('unit', home.unit_id, 'by', 'holders')
         when own.unit_id is not null then jsonb_build_object('unit', own.unit_id, 'by', 'system') end as home
     from entitlement e join it_system s on s.id = e.system_id left join home on home.entitlement_id = e.id
     left join headcount own on own.unit_id = s.unit_id and not own.wide
     where e.gone_at is null and s.gone_at is null order by e.key`,
  )
  const mapped = await tx.query<MappedName>(
    `select g.name, ge.entitlement_id as "rightId" from group_entitlement ge join directory_group g on g.id = ge.group_id
     order by g.name, ge.entitlement_id`,
  )
  const aside = await tx.query<{ name: string }>(
    `select g.name from group_not_right n join directory_group g on g.id = n.group_id order by g.name`,
  )
  await tx.query('drop table headcount')
  return { groups, known: { rights, mapped, aside: aside.map(row => row.name) } }
}

/** Where most people of these groups belong: a handful of units each, one within the other. */
async function withUnits(tx: Tx, groups: readonly Omit<OpenGroup, 'units'>[]): Promise<OpenGroup[]> {
  const rows = await tx.query<{ group: string } & OpenGroup['units'][number]>(
    `select g.group_id as "group", u.unit_id as id, u.name, g.shared::float / g.people as share
     from group_unit g join org_unit_current u on u.unit_id = g.unit_id and u.active where g.group_id = any($1)
     order by share desc, u.level desc, u.unit_id`,
    [groups.map(group => group.id)],
  )
  const units = Map.groupBy(rows, row => row.group)
  return groups.map(group => ({
    ...group,
    units: (units.get(group.id) ?? []).map(({ id, name, share }) => ({ id, name, share })),
  }))
}

/** With whose rights those of these groups agree: half a million rows for all groups of a large municipality. */
const overlapsOf = (tx: Tx, groups: readonly OpenGroup[]): Promise<Overlap[]> =>
  tx.query<Overlap>(
    `select group_id as "groupId", entitlement_id as "rightId", shared, expected from group_overlap where group_id = any($1)`,
    [groups.map(group => group.id)],
  )

async function storeProposals(tx: Tx, proposals: readonly GroupProposal[]): Promise<void> {
  await tx.query(
    `insert into group_proposal (group_id, people, level, not_right, entitlement_id, confidence, candidates, reasons)
     select r."groupId", r.people, r.level, r."notRight", (r.candidates -> 0 ->> 'rightId')::uuid,
       coalesce((r.candidates -> 0 ->> 'confidence')::int, 0), r.candidates, r."notRightReasons"
     from jsonb_to_recordset($1::jsonb) as r("groupId" uuid, people int, level text, "notRight" boolean,
       candidates jsonb, "notRightReasons" jsonb)`,
    [JSON.stringify(proposals)],
  )
}
