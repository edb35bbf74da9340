import { RETENTION_ROWS, type RetentionKey } from '#contract/retention-rows.ts'
import { CASE_PARTS, LOG_PARTS, OTHER_PARTS, type Part } from './row-parts.ts'

/**
 * What is due, in SQL: every row of the retention table as parts `part, id, started, person, by_person, case_id, blocked`.
 * A part lists only what still is there, so that a run that was cut off goes on where it stopped, and what a source
 * brings back is seen again.
 */
const DAY = (instant: string) => `(${instant} at time zone 'Europe/Copenhagen')::date`

/** Attributes by which somebody is reached; where and when they worked stays. */
export const CONTACT = `array['email', 'phone']`
/** What a source's record says of a number. */
export const NUMBER = `array['cprSealed', 'cprHash']`

/** Of a person that was merged, everything counts for the one that stands. */
const MEMBERS = `lateral (select l.id as member union all select m.id from person m where m.merged_into = l.id) m`

const PEOPLE: Record<'contact' | 'cpr' | 'name', Part> = {
  contact: {
    name: 'person',
    due: `select l.id::text as id, l.left_on as started, l.id as person, null::uuid as by_person, null::uuid as case_id, false as blocked
      from left_person l
      where exists (select from person_current p where p.person_id = l.id and (p.email is not null or p.phone is not null))
        or exists (select from ${MEMBERS} join fact f on f.subject_id = m.member and f.attrs ?| ${CONTACT})
        or exists (select from ${MEMBERS} join person_state s on s.person_id = m.member and s.attrs ?| ${CONTACT})`,
    erase: [],
  },
  cpr: {
    name: 'person',
    due: `select l.id::text as id, l.left_on as started, l.id as person, null::uuid as by_person, null::uuid as case_id, false as blocked
      from left_person l
      where exists (select from ${MEMBERS} join person_cpr c on c.person_id = m.member)
        or exists (select from ${MEMBERS} join person_cpr_former c on c.person_id = m.member)
        or exists (select from ${MEMBERS} join lifecycle_case c on c.person_id = m.member and c.cpr_sealed is not null)
        or l.id in (select person from sealed_record)`,
    erase: [],
  },
  name: {
    name: 'person',
    // A source that still tells of somebody would only tell the name again; whoever still holds a right is not gone.
    due: `select l.id::text as id, greatest(l.left_on, r.ended_on) as started, l.id as person, null::uuid as by_person, null::uuid as case_id,
        l.id in (select person from told_record) or l.id in (select person from holds_right) as blocked
      from left_person l left join right_ended r on r.person = l.id
      where not exists (select from person_pseudonym y where y.person_id = l.id)`,
    erase: [],
  },
}

const PARTS: Record<RetentionKey, readonly Part[]> = {
  contact: [PEOPLE.contact],
  cpr: [PEOPLE.cpr],
  name: [PEOPLE.name],
  ...LOG_PARTS,
  ...CASE_PARTS,
  ...OTHER_PARTS,
  backups: [],
  breaches: [],
  'subject-requests': [],
  misuse: [],
  awareness: [],
}
export const partsOf = (key: RetentionKey): readonly Part[] => PARTS[key]

/** The same with the parts that a row has had: a journal of that time names them so. */
export const partsEver = (key: RetentionKey): readonly Part[] =>
  key === 'cases' ? [...PARTS.cases, ...PARTS.rectifications] : PARTS[key]

/** Everything about a person in other rows: goes with the name, since it would tell it. */
export const WITH_THE_NAME = [
  'account',
  'approvals',
  'findings',
  'drafts',
  'cases',
  'rectifications',
  'hr-events',
  'orders',
  'evidence',
  'mails',
  'runs',
] as const satisfies readonly RetentionKey[]

/** `$1` is today. Who has left, since when; who is under a hold; whom a source still tells of. */
const SETS: Record<string, string> = {
  held_person: `held_person as materialized (
    select coalesce(p.merged_into, p.id) as id from legal_hold h join person p on p.id = h.subject_id
    where h.kind = 'person' and h.ended_at is null and h.expires_on > $1::date
    union
    select coalesce(p.merged_into, p.id) from legal_hold h join lifecycle_case c on c.id = h.subject_id join person p on p.id = c.person_id
    where h.kind = 'case' and h.ended_at is null and h.expires_on > $1::date)`,
  held_case: `held_case as materialized (
    select subject_id as id from legal_hold where kind = 'case' and ended_at is null and expires_on > $1::date)`,
  left_person: `left_person as materialized (
    select p.person_id as id, max(a.ends_on) as left_on
    from person_current p join affiliation_current a on a.person_id = p.person_id
    where p.status = 'ended' group by p.person_id having bool_and(a.ends_on is not null and a.ends_on <= $1::date))`,
  sealed_record: `sealed_record as materialized (
    select coalesce(p.merged_into, p.id) as person from source_record r join person p on p.id = r.subject_id
    where r.kind = 'person' and r.payload ?| ${NUMBER})`,
  told_record: `told_record as materialized (
    select coalesce(p.merged_into, p.id) as person from source_record r join person p on p.id = r.subject_id
    where r.kind = 'person' and r.gone_at is null
    union
    select coalesce(p.merged_into, p.id) from source_record r join affiliation a on a.id = r.subject_id join person p on p.id = a.person_id
    where r.kind = 'affiliation' and r.gone_at is null)`,
  holds_right: `holds_right as materialized (
    select a.person_id as person from account a where a.person_id is not null
      and (exists (select from observed_right o where o.account_id = a.id) or a.gone_at is null and a.enabled))`,
  right_ended: `right_ended as materialized (
    select a.person_id as person, max(${DAY('upper(h.seen)')}) as ended_on
    from left_person l join account a on a.person_id = l.id join observed_right_history h on h.account_id = a.id
    where not upper_inf(h.seen) group by a.person_id)`,
}

/**
 * Statement of what is judged: columns `row, part, id, started, held, blocked, person`. Parameters: $1 today, $2 JSON of
 * `[{ row, months, days }]`. Only the rows that are asked for are in it. `rest` is what follows, over `judged`.
 */
export function judgedSql(keys: readonly RetentionKey[], rest: string): string {
  const union = keys
    .flatMap(key =>
      PARTS[key].map(
        part =>
          `select '${key}' as row, '${part.name}' as part, id, started, person, by_person, case_id, blocked from (${part.due}) x`,
      ),
    )
    .join('\n    union all ')
  const needed = Object.keys(SETS).filter(
    name => name.startsWith('held_') || name === 'left_person' || new RegExp(`\\b${name}\\b`).test(union),
  )
  return `with ${needed.map(name => SETS[name]).join(',\n  ')},
  due as (${union}),
  judged as (
    select d.row, d.part, d.id, d.started, d.person, d.blocked,
      exists (select from person p join held_person h on h.id = coalesce(p.merged_into, p.id) where p.id in (d.person, d.by_person))
        or d.case_id in (select id from held_case) is true as held
    from due d join json_to_recordset($2::json) as k (row text, months int, days int) on k.row = d.row
    where (d.started + make_interval(months => k.months, days => k.days))::date <= $1::date)
  ${rest}`
}

/** What of other rows is about these people, whenever it began: $1 today, $2 people. Columns `row, part, id`. */
export function aboutSql(keys: readonly RetentionKey[]): string {
  const union = keys
    .flatMap(key =>
      PARTS[key].map(part => `select '${key}' as row, '${part.name}' as part, id, person from (${part.due}) x`),
    )
    .join('\n    union all ')
  return `with left_person as (
    select id, $1::date as left_on from person where coalesce(merged_into, id) = any($2::uuid[])),
  due as (${union})
  select d.row, d.part, d.id from due d join person p on p.id = d.person
  where coalesce(p.merged_into, p.id) = any($2::uuid[]) order by d.row, d.part, d.id`
}

export const ALL_KEYS: readonly RetentionKey[] = RETENTION_ROWS.map(one => one.key)
