import type { z } from 'zod'
import type { timelineEvent } from '#contract/people.ts'
import type { Tx } from '../platform/unit-of-work.ts'

type TimelineEvent = z.output<typeof timelineEvent>
type Page = { offset: number; limit: number }
type Row = Omit<TimelineEvent, 'at' | 'changes' | 'source'> & {
  at: Date
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

/**
 * What happened to a person, newest first: changes of state as they were learned, accounts, and rights that began or
 * ended. Rights of the same moment and kind are one event with a count and the first names.
 */
export async function personTimeline(
  tx: Tx,
  personId: string,
  page: Page,
): Promise<{ events: TimelineEvent[]; total: number }> {
  const rows = await tx.query<Row & { total: number }>(
    `with affiliation_events as (
       select lower(s.recorded) as at, lower(s.valid) as "validFrom",
         case when p.id is null then 'affiliation-started' else 'affiliation-changed' end as kind,
         s.attrs ->> 'title' as title, p.attrs as before, s.attrs as after, array[]::text[] as rights, 1 as count
       from affiliation a
       join affiliation_state s on s.affiliation_id = a.id
       left join lateral (
         select e.id, e.attrs from affiliation_state e
         where e.affiliation_id = s.affiliation_id and e.id <> s.id and lower(e.recorded) <= lower(s.recorded)
           and (upper(e.valid) = lower(s.valid) or (e.valid && s.valid and upper(e.recorded) = lower(s.recorded)))
         order by lower(e.recorded) desc, upper(e.valid) desc limit 1) p on true
       where a.person_id = $1 and (p.id is null or p.attrs is distinct from s.attrs)
       union all
       select (upper(s.valid)::timestamp at time zone 'Europe/Copenhagen'), upper(s.valid), 'affiliation-ended', s.attrs ->> 'title',
         null, null, array[]::text[], 1
       from affiliation a join affiliation_state s on s.affiliation_id = a.id
       where a.person_id = $1 and upper_inf(s.recorded) and upper(s.valid) <= current_date
         and not exists (select from affiliation_state n where n.affiliation_id = s.affiliation_id and upper_inf(n.recorded)
           and lower(n.valid) = upper(s.valid))
     ), person_events as (
       select lower(s.recorded) as at, null::date as "validFrom", 'person-changed' as kind, null as title, p.attrs as before,
         s.attrs as after, array[]::text[] as rights, 1 as count
       from person_state s
       join lateral (select e.attrs from person_state e where e.person_id = s.person_id and e.id <> s.id
         and upper(e.recorded) <= lower(s.recorded) order by upper(e.recorded) desc limit 1) p on true
       where s.person_id = $1 and p.attrs is distinct from s.attrs
     ), account_events as (
       select first_seen_at, null::date, 'account-seen', username, null::jsonb, null::jsonb, array[]::text[], 1
       from account where person_id = $1
       union all
       select gone_at, null, 'account-gone', username, null, null, array[]::text[], 1
       from account where person_id = $1 and gone_at is not null
     ), right_moments as (
       select a.since as at, 'right-expected' as kind, a.entitlement_id
       from affiliation f join assignment a on a.affiliation_id = f.id where f.person_id = $1
       union all
       select lower(h.held), 'right-expected', h.entitlement_id
       from affiliation f join assignment_history h on h.affiliation_id = f.id
       where f.person_id = $1 and not exists (select from assignment a where a.affiliation_id = h.affiliation_id
         and a.entitlement_id = h.entitlement_id and a.since <= lower(h.held))
       union all
       select upper(h.held), 'right-ended', h.entitlement_id
       from affiliation f join assignment_history h on h.affiliation_id = f.id
       where f.person_id = $1 and not exists (select from assignment a where a.affiliation_id = h.affiliation_id
         and a.entitlement_id = h.entitlement_id and a.since < upper(h.held))
       union all
       select o.first_seen_at, 'right-seen', o.entitlement_id
       from account acc join observed_right o on o.account_id = acc.id where acc.person_id = $1
       union all
       select upper(h.seen), 'right-vanished', h.entitlement_id
       from account acc join observed_right_history h on h.account_id = acc.id where acc.person_id = $1
     ), right_events as (
       select m.at, null::date, m.kind, null::text, null::jsonb, null::jsonb,
         (array_agg(distinct s.name || ': ' || e.name))[1:12], count(distinct e.id)::int
       from right_moments m join entitlement e on e.id = m.entitlement_id join it_system s on s.id = e.system_id
       group by m.at, m.kind
     ), events as (
       select * from affiliation_events union all select * from person_events
       union all select * from account_events union all select * from right_events
     )
     select *, (count(*) over ())::int as total from events order by at desc, kind offset $2 limit $3`,
    [personId, page.offset, page.limit],
  )
  return {
    events: rows.map(({ before, after, total: _, ...row }) => ({
      ...row,
      at: row.at.toISOString(),
      changes: changesOf(before, after),
      source: null,
    })),
    total: rows[0]?.total ?? 0,
  }
}

/** Attributes whose values may be shown in a history; numbers that identify, and the kind of a leave, may not. */
const SHOWN = new Set([
  'givenName',
  'familyName',
  'email',
  'phone',
  'title',
  'unit',
  'payUnit',
  'fraction',
  'startsOn',
  'endsOn',
  'primary',
  'functions',
  'affiliationKind',
  'schoolClass',
  'position',
])

function changesOf(
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
): TimelineEvent['changes'] {
  if (!before || !after) return []
  return [...SHOWN]
    .filter(field => JSON.stringify(before[field] ?? null) !== JSON.stringify(after[field] ?? null))
    .map(field => ({ field, before: textOf(before[field]), after: textOf(after[field]) }))
}

const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : Array.isArray(value) ? value.join(', ') : String(value)
