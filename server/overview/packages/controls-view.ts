import type { Tx } from '../../platform/unit-of-work.ts'
import { keptKinds } from '../../register/records/record-store.ts'
import { type ScopeThen, systemNameThen } from './scope-view.ts'

/** That somebody said, or should have said, that it is still true. */
export type ControlThen = {
  what: 'owner' | 'spot-check' | 'never-done' | 'system'
  name: string
  dueOn: string | null
  doneOn: string | null
  by: 'owner' | 'dpo' | null
  changed: boolean | null
}

const copenhagen = (instant: string) => `(${instant} at time zone 'Europe/Copenhagen')::date::text`
type Asked = Pick<ScopeThen, 'at' | 'systems' | 'records'> & { from: string }

/**
 * Attestations of the records and systems since `from`, and those that were due on the day and had not been made: what was
 * not carried out is part of what is asked for. One statement.
 */
export const controlsThen = (tx: Tx, { at, systems, records, from }: Asked): Promise<ControlThen[]> =>
  tx.query<ControlThen>(
    `with r as (
       select a.id, a.ref || ' ' || (v.content ->> 'name') as name, coalesce((v.content ->> 'reviewMonths')::int, 12) as months,
         (select min(lower(f.valid)) from activity_in_force f where f.activity_id = a.id and f.recorded @> $2::timestamptz) as since
       from unnest($3::uuid[]) as w(id) join activity_version v on v.id = w.id join activity a on a.id = v.activity_id
     ), said as (
       select t.*, r.name from activity_attestation t join r on r.id = t.activity_id where t.at <= $2::timestamptz
     ), due as (
       select r.id, r.name, (coalesce((select max(${copenhagen('t.at')}::date) from said t where t.activity_id = r.id and t.kind = 'owner'), r.since)
         + make_interval(months => r.months))::date as on_day from r
     )
     select c.what, c.name, c."dueOn", c."doneOn", c.by, c.changed from (
       select t.kind as what, t.name, null as "dueOn", ${copenhagen('t.at')} as "doneOn",
         case when t.kind = 'owner' then 'owner' else 'dpo' end as by, t.changed from said t
       where t.at >= $4::date::timestamp at time zone 'Europe/Copenhagen'
       union all
       select 'never-done', d.name, d.on_day::text, null, null, null from due d where d.on_day <= $1::date
       union all
       select 'system', ${systemNameThen('s', '$2::timestamptz')}, null, ${copenhagen('t.at')}, 'owner', t.changed
       from system_attestation t join it_system s on s.id = t.system_id
       where t.system_id = any($5::uuid[]) and t.at <= $2::timestamptz
         and t.at >= $4::date::timestamp at time zone 'Europe/Copenhagen') c
     order by c.name collate "da-x-icu", coalesce(c."doneOn", c."dueOn"), c.what`,
    [at.valid, at.known, records.map(one => one.versionId), from, systems.map(one => one.id)],
  )

export type AdviceThen = {
  on: string
  ref: string
  name: string
  text: string
  dueOn: string | null
  answeredOn: string | null
  answer: string | null
}

/** Advice of the DPO on the records until then, and what became of it. One statement. */
export const adviceThen = (tx: Tx, { at, records }: Pick<ScopeThen, 'at' | 'records'>): Promise<AdviceThen[]> =>
  tx.query<AdviceThen>(
    `select ${copenhagen('c.at')} as on, a.ref, v.content ->> 'name' as name, c.text, c.follow_up_on::text as "dueOn",
       case when c.answered_at <= $1 then ${copenhagen('c.answered_at')} end as "answeredOn",
       case when c.answered_at <= $1 then c.answer end as answer
     from activity_comment c join activity a on a.id = c.activity_id join activity_version v on v.activity_id = a.id
     where c.kind = 'advice' and c.at <= $1::timestamptz and v.id = any($2::uuid[]) order by c.at, c.id`,
    [at.known, records.map(one => one.versionId)],
  )

export type DatedThen = {
  kind: string
  about: 'system' | 'activity'
  name: string
  onDay: string
  nextDue: string | null
  reference: string
  note: string | null
}

/** Dated records that counted on the day, as was known; of kinds that are kept here. Two statements. */
export async function datedThen(
  tx: Tx,
  { at, systems, records }: Pick<ScopeThen, 'at' | 'systems' | 'records'>,
): Promise<{ kept: ReadonlySet<string>; rows: DatedThen[] }> {
  const kept: ReadonlySet<string> = await keptKinds(tx)
  if (kept.size === 0) return { kept, rows: [] }
  const rows = await tx.query<DatedThen>(
    `select r.kind, case when r.system_id is null then 'activity' else 'system' end as about, r.on_day::text as "onDay",
       r.next_due::text as "nextDue", r.reference, r.note,
       coalesce(a.ref || ' ' || (v.content ->> 'name'), ${systemNameThen('s', '$2::timestamptz')}) as name
     from dated_record r left join it_system s on s.id = r.system_id
     left join activity a on a.id = r.activity_id
     left join activity_version v on v.activity_id = a.id and v.id = any($4::uuid[])
     where r.recorded @> $2::timestamptz and r.on_day <= $1::date and (r.ended_on is null or r.ended_on > $1::date)
       and r.kind = any($3) and (r.system_id = any($5::uuid[]) or v.id is not null)
     order by r.kind, name collate "da-x-icu", r.on_day desc, r.id`,
    [at.valid, at.known, [...kept], records.map(one => one.versionId), systems.map(one => one.id)],
  )
  return { kept, rows }
}
