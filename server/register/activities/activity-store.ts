import type { ActivityContent } from '#contract/activity-content.ts'
import type { VersionState } from '#contract/activity-lists.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { activitiesSql, OWNER, SPEAKING } from './activity-sql.ts'
import { planInForce, type Span } from './in-force.ts'

export type NewVersion = {
  id: string
  activityId: string
  number: number
  content: ActivityContent
  baseId: string | null
  summary: string | null
  /** Id of a user, or the name of what made it. */
  author: string
  now: Date
}

/** A record as commands see it: who may do what with it, and which versions are at stake. */
export type LoadedActivity = {
  id: string
  ref: string
  kind: ActivityContent['kind']
  standing: 'draft' | 'coming' | 'in-force' | 'retired'
  speaksId: string
  nowId: string | null
  openId: string | null
  ownerPersonId: string | null
  unitPath: string[]
  confirmed: boolean
  attestDue: string | null
}
export type LoadedVersion = {
  id: string
  activityId: string
  number: number
  state: VersionState
  content: ActivityContent
  baseId: string | null
  author: string
  proposedBy: string | null
  lock: number
}

/** One record after the other gets its number; two who begin at once are one after the other. */
export async function insertActivity(
  tx: Tx,
  one: { kind: ActivityContent['kind']; catalogueKey: string | null; author: string; now: Date },
): Promise<string> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel register'))`)
  const id = newId()
  await tx.query(
    `insert into activity (id, ref, kind, catalogue_key, created_at, created_by)
     select $1::uuid, 'BA-' || lpad((coalesce(max(substr(ref, 4)::int), 0) + 1)::text, 3, '0'), $2::text, $3::text, $4::timestamptz, $5::text
     from activity where ref ~ '^BA-[0-9]+$'`,
    [id, one.kind, one.catalogueKey, one.now, one.author],
  )
  return id
}

/** A new draft with its content as document and as rows. */
export async function writeVersion(tx: Tx, version: NewVersion): Promise<void> {
  await tx.query(
    `insert into activity_version (id, activity_id, number, state, content, owner_id, base_id, summary, author, made_at, changed_at)
     values ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9, $9)`,
    [
      ...[version.id, version.activityId, version.number, JSON.stringify(version.content), version.content.owner],
      ...[version.baseId, version.summary, version.author, version.now],
    ],
  )
  await writeRows(tx, version.id, version.content)
}

/** Writes a draft again; the lock has been checked under the row's own lock (`loadVersion`). */
export async function rewriteVersion(
  tx: Tx,
  id: string,
  { content, summary, now }: { content: ActivityContent; summary: string | null; now: Date },
): Promise<number> {
  const [row] = await tx.query<{ lock: number }>(
    `update activity_version set content = $2, owner_id = $3, summary = $4, changed_at = $5, lock = lock + 1
     where id = $1 returning lock`,
    [id, JSON.stringify(content), content.owner, summary, now],
  )
  for (const table of ['activity_row', 'activity_purpose', 'activity_system', 'activity_unit', 'activity_kle'])
    await tx.query(`delete from ${table} where version_id = $1`, [id])
  await writeRows(tx, id, content)
  return row?.lock ?? 0
}

/** What the content says as rows, for whoever counts and joins: one statement, worked out from the document itself. */
async function writeRows(tx: Tx, versionId: string, content: ActivityContent): Promise<void> {
  await tx.query(
    `with v as (select $1::uuid as id, $2::jsonb as c),
     rows as (
       insert into activity_row (version_id, place, subject, data, recipient, erasure)
       select v.id, r.place, r.e ->> 'subject', r.e ->> 'data', r.e ->> 'recipient', r.e ->> 'erasure'
       from v, jsonb_array_elements(coalesce(c -> 'rows', '[]')) with ordinality as r(e, place)),
     purposes as (
       insert into activity_purpose (version_id, key, place, name, art6, art9, national, provisions)
       select v.id, p.e ->> 'key', p.place, p.e ->> 'name', p.e ->> 'art6',
         array(select jsonb_array_elements_text(p.e -> 'art9')), array(select jsonb_array_elements_text(p.e -> 'national')),
         p.e -> 'provisions'
       from v, jsonb_array_elements(coalesce(c -> 'purposes', '[]')) with ordinality as p(e, place)
       on conflict do nothing),
     systems as (
       insert into activity_system (version_id, system_id, use)
       select v.id, (s ->> 'systemId')::uuid, s ->> 'use' from v, jsonb_array_elements(c -> 'systems') as s
       on conflict do nothing),
     units as (
       insert into activity_unit (version_id, unit_id)
       select v.id, u::uuid from v, jsonb_array_elements_text(c -> 'units') as u on conflict do nothing)
     insert into activity_kle (version_id, kle)
     select v.id, k from v, jsonb_array_elements_text(c -> 'kle') as k on conflict do nothing`,
    [versionId, JSON.stringify(content)],
  )
}

/** The record, held for this command. */
export async function loadActivity(tx: Tx, id: string, today: string): Promise<LoadedActivity | null> {
  await tx.query('select from activity where id = $1 for update', [id])
  return readActivity(tx, id, today)
}

/** The record as it stands, for whoever only looks. */
export async function readActivity(tx: Tx, id: string, today: string): Promise<LoadedActivity | null> {
  const [row] = await tx.query<LoadedActivity>(
    `select g.id, g.ref, g.kind, g.standing, g.speaks_id as "speaksId", g.now_id as "nowId", g.open_id as "openId",
       ${OWNER} as "ownerPersonId", g.confirmed_at is not null as confirmed, g.attest_due::text as "attestDue",
       array(select distinct unnest(c.path) from activity_unit u join org_unit_current c on c.unit_id = u.unit_id
         where u.version_id = g.speaks_id) as "unitPath"
     from ${activitiesSql('$2::date')} g ${SPEAKING} where g.id = $1`,
    [id, today],
  )
  return row ?? null
}

export async function loadVersion(tx: Tx, activityId: string, id: string): Promise<LoadedVersion | null> {
  const [row] = await tx.query<LoadedVersion>(
    `select id, activity_id as "activityId", number, state, content, base_id as "baseId", author,
       proposed_by as "proposedBy", lock
     from activity_version where activity_id = $1 and id = $2 for update`,
    [activityId, id],
  )
  return row ?? null
}

export async function nextNumber(tx: Tx, activityId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    'select coalesce(max(number), 0) + 1 as n from activity_version where activity_id = $1',
    [activityId],
  )
  return row?.n ?? 1
}

export async function setProposed(
  tx: Tx,
  id: string,
  one: { summary: string; effectiveOn: string; by: string; now: Date },
): Promise<void> {
  await tx.query(
    `update activity_version set state = 'proposed', summary = $2, effective_on = $3, proposed_by = $4, proposed_at = $5,
       lock = lock + 1 where id = $1`,
    [id, one.summary, one.effectiveOn, one.by, one.now],
  )
}

export async function setDecided(
  tx: Tx,
  id: string,
  one: { state: 'in-force' | 'rejected' | 'withdrawn'; by: string; decision: string | null; now: Date },
): Promise<void> {
  await tx.query(
    `update activity_version set state = $2, decided_by = $3, decision = $4, decided_at = $5, lock = lock + 1 where id = $1`,
    [id, one.state, one.by, one.decision, one.now],
  )
}

/**
 * From `day` on this version counts (null: none does). What was known until now stays as it was known; versions that count
 * on no day from today on are superseded.
 */
export async function recordInForce(
  tx: Tx,
  activityId: string,
  versionId: string | null,
  { day, today, now }: { day: string; today: string; now: Date },
): Promise<void> {
  const open = await tx.query<Span & { id: string }>(
    `select id, version_id as "versionId", lower(valid)::text as "from", upper(valid)::text as "to"
     from activity_in_force where activity_id = $1 and upper_inf(recorded)`,
    [activityId],
  )
  const { close, add } = planInForce(open, versionId, day)
  await tx.query(
    `update activity_in_force set recorded = tstzrange(lower(recorded), greatest($2, lower(recorded))) where id = any($1)`,
    [close.map(row => row.id), now],
  )
  for (const span of add)
    await tx.query(
      `insert into activity_in_force (id, activity_id, version_id, valid, recorded)
       values ($1, $2, $3, daterange($4, $5), tstzrange($6, null))`,
      [newId(), activityId, span.versionId, span.from, span.to, now],
    )
  await tx.query(
    `update activity_version v set state = 'superseded' where v.activity_id = $1 and v.state = 'in-force' and not exists (
       select from activity_in_force f where f.version_id = v.id and upper_inf(f.recorded) and f.valid && daterange($2, null))`,
    [activityId, today],
  )
}

/** The first day on which it is to be attested; one that is set is never moved by a change. */
export async function setFirstAttestation(tx: Tx, activityId: string, from: string, months: number): Promise<void> {
  await tx.query(
    `update activity set attest_due = coalesce(attest_due, ($2::date + make_interval(months => $3))::date) where id = $1`,
    [activityId, from, months],
  )
}

/** What counted on a day, as is known (or was known at an instant); of these records, or of all. */
export async function inForceOn(
  tx: Tx,
  day: string,
  knownAt?: Date,
  ids?: readonly string[],
): Promise<{ activityId: string; versionId: string; ref: string; content: ActivityContent }[]> {
  return tx.query(
    `select f.activity_id as "activityId", f.version_id as "versionId", a.ref, v.content
     from activity_in_force f join activity a on a.id = f.activity_id join activity_version v on v.id = f.version_id
     where f.valid @> $1::date and ($2::timestamptz is null and upper_inf(f.recorded) or f.recorded @> $2::timestamptz)
       and ($3::uuid[] is null or f.activity_id = any($3)) order by a.ref`,
    [day, knownAt ?? null, ids ?? null],
  )
}

/** Ids in a content that name nothing, by where they stand; and the main employment of a person. */
export async function unknownReferences(tx: Tx, content: ActivityContent): Promise<{ where: string; what: string }[]> {
  const [row] = await tx.query<{ owner: boolean; units: string[]; systems: string[] }>(
    `select $1::uuid is null or exists (select from affiliation_current where affiliation_id = $1 and kind <> 'pupil') as owner,
       array(select w.id from unnest($2::uuid[]) as w(id) where not exists (select from org_unit u where u.id = w.id)) as units,
       array(select w.id from unnest($3::uuid[]) as w(id) where not exists (select from it_system s where s.id = w.id)) as systems`,
    [content.owner, content.units, content.systems.map(one => one.systemId)],
  )
  return [
    ...(row?.owner ? [] : [{ where: 'body/content/owner', what: 'Nobody works here under this employment' }]),
    ...(row?.units ?? []).map(id => ({ where: 'body/content/units', what: `There is no unit ${id}` })),
    ...(row?.systems ?? []).map(id => ({ where: 'body/content/systems', what: `There is no system ${id}` })),
  ]
}

export async function mainAffiliation(tx: Tx, personId: string): Promise<string | null> {
  const [row] = await tx.query<{ id: string | null }>(
    `select coalesce(p.primary_affiliation_id, (
       select ac.affiliation_id from affiliation_current ac where ac.person_id = p.person_id and ac.status = 'active' limit 1)) as id
     from person_current p where p.person_id = $1 and p.kind <> 'pupil'`,
    [personId],
  )
  return row?.id ?? null
}
