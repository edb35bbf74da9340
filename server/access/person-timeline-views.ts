import type { z } from 'zod'
import type { timelineEvent } from '#contract/people.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { AffiliationScope, Viewer } from './viewer.ts'

type TimelineEvent = z.output<typeof timelineEvent>
type Page = { offset: number; limit: number }
type Row = Omit<TimelineEvent, 'at' | 'changes' | 'source'> & {
  at: Date
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

/**
 * What happened to a person, newest first: changes of state as they were learned, accounts, and rights that began or
 * ended. Rights of the same moment and kind are one event with a count and the first names. The history of what the
 * reader may not see today is not shown either: a job elsewhere, the rights that follow from it, a protected name.
 * Whoever has been merged into the person brings the own history along, and takes it away again.
 */
export async function personTimeline(
  tx: Tx,
  personId: string,
  viewer: Viewer,
  page: Page,
  today: string,
): Promise<{ events: TimelineEvent[]; total: number }> {
  const seen = await readScope(tx, personId, viewer)
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
       where a.person_id = $1 and a.id = any($4::uuid[]) and (p.id is null or p.attrs is distinct from s.attrs)
       union all
       select (upper(s.valid)::timestamp at time zone 'Europe/Copenhagen'), upper(s.valid), 'affiliation-ended', s.attrs ->> 'title',
         null, null, array[]::text[], 1
       from affiliation a join affiliation_state s on s.affiliation_id = a.id
       where a.person_id = $1 and a.id = any($4::uuid[]) and upper_inf(s.recorded) and upper(s.valid) <= $10::date
         and not exists (select from affiliation_state n where n.affiliation_id = s.affiliation_id and upper_inf(n.recorded)
           and lower(n.valid) = upper(s.valid))
     ), person_events as (
       select lower(s.recorded) as at, null::date as "validFrom", 'person-changed' as kind, null as title, p.attrs as before,
         s.attrs as after, array[]::text[] as rights, 1 as count
       from person_state s
       join lateral (select e.attrs from person_state e where e.person_id = s.person_id and e.id <> s.id
         and upper(e.recorded) <= lower(s.recorded) order by upper(e.recorded) desc limit 1) p on true
       where s.person_id in (select i.id from person i where i.id = $1 or i.merged_into = $1)
         and exists (select from unnest($5::text[]) as field where p.attrs -> field is distinct from s.attrs -> field)
       union all
       select m.at, null, 'person-merged', null, null, null, array[]::text[], 1
       from person_merge m where $1 in (m.survivor_id, m.absorbed_id)
       union all
       select m.undone_at, null, 'person-split', null, null, null, array[]::text[], 1
       from person_merge m where $1 in (m.survivor_id, m.absorbed_id) and m.undone_at is not null
     ), account_events as (
       select first_seen_at, null::date, 'account-seen', username, null::jsonb, null::jsonb, array[]::text[], 1
       from account where id = any($6::uuid[])
       union all
       select gone_at, null, 'account-gone', username, null, null, array[]::text[], 1
       from account where id = any($6::uuid[]) and gone_at is not null
     ), granted as (
       -- Affiliations with the systems in which the reader may know of a right that follows from them.
       select * from unnest($7::uuid[], $8::uuid[]) as g (affiliation_id, system_id)
     ), right_moments as (
       select a.since as at, 'right-expected' as kind, a.entitlement_id
       from granted g join assignment a on a.affiliation_id = g.affiliation_id
       join entitlement e on e.id = a.entitlement_id and e.system_id = g.system_id
       union all
       select lower(h.held), 'right-expected', h.entitlement_id
       from granted g join assignment_history h on h.affiliation_id = g.affiliation_id
       join entitlement e on e.id = h.entitlement_id and e.system_id = g.system_id
       where not exists (select from assignment a where a.affiliation_id = h.affiliation_id
         and a.entitlement_id = h.entitlement_id and a.since <= lower(h.held))
       union all
       select upper(h.held), 'right-ended', h.entitlement_id
       from granted g join assignment_history h on h.affiliation_id = g.affiliation_id
       join entitlement e on e.id = h.entitlement_id and e.system_id = g.system_id
       where not exists (select from assignment a where a.affiliation_id = h.affiliation_id
         and a.entitlement_id = h.entitlement_id and a.since < upper(h.held))
       union all
       select o.first_seen_at, 'right-seen', o.entitlement_id
       from observed_right o join entitlement e on e.id = o.entitlement_id
       where o.account_id = any($6::uuid[]) and e.system_id = any($9::uuid[])
       union all
       select upper(h.seen), 'right-vanished', h.entitlement_id
       from observed_right_history h join entitlement e on e.id = h.entitlement_id
       where h.account_id = any($6::uuid[]) and e.system_id = any($9::uuid[])
     ), right_events as (
       select m.at, null::date, m.kind, null::text, null::jsonb, null::jsonb,
         (array_agg(distinct s.name || ': ' || e.name))[1:12], count(distinct e.id)::int
       from right_moments m join entitlement e on e.id = m.entitlement_id join it_system s on s.id = e.system_id
       group by m.at, m.kind
     ), events as (
       select * from affiliation_events union all select * from person_events
       union all select * from account_events union all select * from right_events
     )
     -- What held for no time at all (an empty range) is no event.
     select *, (count(*) over ())::int as total from events where at is not null order by at desc, kind offset $2 limit $3`,
    [
      personId,
      page.offset,
      page.limit,
      seen.affiliations,
      seen.personFields,
      seen.accounts,
      seen.granted.map(one => one.affiliationId),
      seen.granted.map(one => one.systemId),
      seen.observedSystems,
      today,
    ],
  )
  const shown = new Set([...AFFILIATION_FIELDS, ...seen.personFields])
  return {
    events: rows.map(({ before, after, total: _, ...row }) => ({
      ...row,
      at: row.at.toISOString(),
      changes: changesOf(before, after, shown),
      source: null,
    })),
    total: rows[0]?.total ?? 0,
  }
}

/** Attributes whose values may be shown in a history; numbers that identify, and the kind of a leave, may not. */
const AFFILIATION_FIELDS = [
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
]
const NAME_FIELDS = ['givenName', 'familyName']
const CONTACT_FIELDS = ['email', 'phone']

type Scope = {
  affiliations: string[]
  accounts: string[]
  personFields: string[]
  granted: { affiliationId: string; systemId: string }[]
  observedSystems: string[]
}

/** What of the person's history the reader may see, by the same questions as the person page asks. Three statements. */
async function readScope(tx: Tx, personId: string, viewer: Viewer): Promise<Scope> {
  const [person] = await tx.query<{ protected: boolean }>('select protected from person_current where person_id = $1', [
    personId,
  ])
  const affiliations = await tx.query<AffiliationScope & { id: string; systems: string[] }>(
    `select ac.affiliation_id as id, ac.kind, ac.status, ac.unit_path as "unitPath",
       array(select e.system_id from entitlement e where e.id in (
         select a.entitlement_id from assignment a where a.affiliation_id = ac.affiliation_id
         union select h.entitlement_id from assignment_history h where h.affiliation_id = ac.affiliation_id)
       group by e.system_id) as systems
     from affiliation_current ac where ac.person_id = $1`,
    [personId],
  )
  const accounts = await tx.query<{ id: string; kind: Parameters<Viewer['account']>[0]['kind']; systemIds: string[] }>(
    `select acc.id, acc.kind, array(select e.system_id from entitlement e where e.id in (
         select o.entitlement_id from observed_right o where o.account_id = acc.id
         union select h.entitlement_id from observed_right_history h where h.account_id = acc.id)
       group by e.system_id) as "systemIds"
     from account acc where acc.person_id = $1`,
    [personId],
  )
  const hidden = person?.protected !== false && !viewer.protectedName
  const seenAccounts = accounts.filter(one => viewer.account(one))
  const activePath = affiliations.filter(one => one.status === 'active').flatMap(one => one.unitPath)
  return {
    affiliations: affiliations.filter(one => viewer.affiliation(one) && viewer.details(one)).map(one => one.id),
    accounts: seenAccounts.map(one => one.id),
    personFields: hidden ? [] : [...NAME_FIELDS, ...(viewer.contact ? CONTACT_FIELDS : [])],
    granted: affiliations.flatMap(one =>
      one.systems
        .filter(systemId => viewer.right({ systemId, unitPath: one.unitPath }))
        .map(systemId => ({ affiliationId: one.id, systemId })),
    ),
    observedSystems: [...new Set(seenAccounts.flatMap(one => one.systemIds))].filter(systemId =>
      viewer.right({ systemId, unitPath: activePath }),
    ),
  }
}

function changesOf(
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  shown: ReadonlySet<string>,
): TimelineEvent['changes'] {
  if (!before || !after) return []
  return [...shown]
    .filter(field => JSON.stringify(before[field] ?? null) !== JSON.stringify(after[field] ?? null))
    .map(field => ({ field, before: textOf(before[field]), after: textOf(after[field]) }))
}

const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : Array.isArray(value) ? value.join(', ') : String(value)
