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
  return `(${s}.gone_at is null and coalesce(${s}.status, 'in-use') in ('in-use', 'phasing-out') and ${LACKS[gap](s, today)})`
}

/** Days before the last day on which notice can be given. */
const notice =
  (after: number, until: number) =>
  (s: string, today: () => string): string =>
    `exists (select from jsonb_array_elements(${s}.sheet -> 'contracts') c
      where (c ->> 'noticeOn')::date > ${today()} + ${after - 1} and (c ->> 'noticeOn')::date <= ${today()} + ${until})`

const LACKS: Record<SystemGap, (s: string, today: () => string) => string> = {
  // An owner who has left owns nothing any more.
  'no-owner': s =>
    `not exists (select from affiliation_current oa where oa.affiliation_id = ${s}.owner_affiliation_id and oa.status <> 'ended')`,
  'no-contract': (s, today) =>
    `${s}.kind = 'it' and not exists (select from jsonb_array_elements(${s}.sheet -> 'contracts') c
      where c ->> 'to' is null or (c ->> 'to')::date > ${today()})`,
  'not-read': s => `${s}.kind = 'it' and ${s}.reading = 'none'`,
  'no-groups': s =>
    `${s}.reading = 'groups' and not exists (select from entitlement ge join group_entitlement g on g.entitlement_id = ge.id
      where ge.system_id = ${s}.id and ge.gone_at is null)`,
  attest: (s, today) => `${s}.attest_due <= ${today()} + 30`,
  'notice-30': notice(0, 30),
  'notice-60': notice(31, 60),
  'notice-90': notice(61, 90),
}
