import type { SystemGap } from '#contract/systems.ts'

/**
 * What a system lacks, as SQL over `it_system` under an alias: the number on a home, the filter of the list and the mark
 * on a row are the same condition. `today` gives SQL of
 * a civil date; it is asked only where the day matters, since what is bound must be used.
 *
 * Only what is in use or on its way out lacks something: a system that is planned has no contract yet, one that is closed
 * needs none. Equipment and doors have no contract of their own and are not read.
 */
export function gapSql(gap: SystemGap, s: string, today: () => string): string {
  return `(${LIVE(s)} and ${LACKS[gap](s, today)})`
}

/** In use or on its way out. */
export const LIVE = (s: string): string =>
  `${s}.gone_at is null and coalesce(${s}.status, 'in-use') in ('in-use', 'phasing-out')`

/** So many days before it is to be confirmed, a sheet is on its owner's list. */
export const ATTEST_DAYS = 30

/**
 * The days of a contract `c` that somebody has to think of, as a relation (what, day): the last one on which notice can be
 * given; and its end, unless it then continues by itself. A contract of which no notice period is known is told of before
 * its end in any case: a new one takes as long to make, and notice is all the more likely to be forgotten.
 */
export const contractDays = (c: string): string =>
  `lateral (select * from (values ('notice', (${c} ->> 'noticeOn')::date),
     ('end', case when ${c} ->> 'noticeOn' is null or (${c} ->> 'renewal') is distinct from 'automatic'
       and ${c} ->> 'to' is distinct from ${c} ->> 'noticeOn' then (${c} ->> 'to')::date end)) days (what, day) where day is not null)`

// Notice can be given on its last day; on the day of its end a contract has ended, which is another worklist.
const notice =
  (after: number, until: number) =>
  (s: string, today: () => string): string =>
    `exists (select from jsonb_array_elements(${s}.sheet -> 'contracts') c cross join ${contractDays('c')} d
      where d.day <= ${today()} + ${until}
        and d.day >= ${today()} + case d.what when 'end' then ${Math.max(after, 1)} else ${after} end)`

const LACKS: Record<SystemGap, (s: string, today: () => string) => string> = {
  // An owner who has left owns nothing any more.
  'no-owner': s =>
    `not exists (select from affiliation_current oa where oa.affiliation_id = ${s}.owner_affiliation_id and oa.status <> 'ended')`,
  // One without an end runs, whatever the notice; so does one that continues by itself when its period is over. None runs
  // before it begins.
  'no-contract': (s, today) =>
    `${s}.kind = 'it' and not exists (select from jsonb_array_elements(${s}.sheet -> 'contracts') c
      where (c ->> 'to' is null or c ->> 'renewal' = 'automatic' or (c ->> 'to')::date > ${today()})
        and (c ->> 'from' is null or (c ->> 'from')::date <= ${today()}))`,
  'not-read': s => `${s}.kind = 'it' and ${s}.reading = 'none'`,
  'no-groups': s =>
    `${s}.reading = 'groups' and not exists (select from entitlement ge join group_entitlement g on g.entitlement_id = ge.id
      where ge.system_id = ${s}.id and ge.gone_at is null)`,
  attest: (s, today) => `${s}.attest_due <= ${today()} + ${ATTEST_DAYS}`,
  'notice-30': notice(0, 30),
  'notice-60': notice(31, 60),
  'notice-90': notice(61, 90),
}
