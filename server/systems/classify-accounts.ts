import type { AccountKind } from '#contract/shapes.ts'
import { canonicalDn, dnKey } from '../platform/dn.ts'
import type { Tx } from '../platform/unit-of-work.ts'

export type AccountRule = {
  id: string
  source: string | null
  /** User names; `*` stands for any letters, and nothing else has a meaning. */
  pattern: string | null
  /** The end of a DN. */
  ou: string | null
  accountKind: AccountKind
  ownerPersonId: string | null
  ownerUnitId: string | null
}

const COLUMNS = `id, source, pattern, ou, account_kind as "accountKind", owner_person_id as "ownerPersonId",
  owner_unit_id as "ownerUnitId"`

export async function loadAccountRules(tx: Tx): Promise<AccountRule[]> {
  return tx.query<AccountRule>(`select ${COLUMNS} from account_rule order by position, id`)
}

/** A pattern as LIKE reads it: the star is the only letter with a meaning. */
export function likeOf(pattern: string): string {
  return pattern
    .trim()
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
}

/** LIKE for DNs at or below `ou`, and for those that only look so because the comma before it belongs to a value. */
export function belowOu(ou: string): { like: string; unlike: string } {
  const end = dnKey(canonicalDn(ou)).replace(/[\\%_]/g, '\\$&')
  return { like: `%,${end}`, unlike: `%\\\\,${end}` }
}

/** SQL over `account` under the alias and a rule `r` of `ruleRows`: does the rule fit? */
export const FITS = (a: string): string => `(r.source is null or r.source = ${a}.source)
  and (r."like" is not null and lower(${a}.username) like r."like"
    or r.below is not null and lower(${a}.dn) like r.below and lower(${a}.dn) not like r.unlike)`

export const RULE_COLUMNS = `(id uuid, place int, source text, "like" text, below text, unlike text, "accountKind" text,
  "ownerPersonId" uuid, "ownerUnitId" uuid)`

/** Rules as the JSON that `RULE_COLUMNS` takes apart. */
export function ruleRows(rules: readonly AccountRule[]): string {
  return JSON.stringify(
    rules.map((rule, place) => {
      const below = rule.ou === null ? null : belowOu(rule.ou)
      return {
        ...rule,
        place,
        like: rule.pattern === null ? null : likeOf(rule.pattern),
        below: below?.like ?? null,
        unlike: below?.unlike ?? null,
      }
    }),
  )
}

/**
 * What kind the accounts in the temporary table `link_scope` are: what a person has said, else the first rule that fits,
 * else what the feed says. An account that was kept although it had left its source, because its kind protected it, ends
 * when it is a person's own after all.
 */
export async function classifyAccounts(tx: Tx, now: Date): Promise<void> {
  const rules = await loadAccountRules(tx)
  await tx.query(
    `with fitting as (
       select distinct on (a.id) a.id, r.id as rule_id, r."accountKind" as kind, r."ownerPersonId" as person, r."ownerUnitId" as unit
       from link_scope s join account a on a.id = s.account_id
       join json_to_recordset($1::json) as r${RULE_COLUMNS} on ${FITS('a')}
       where a.kind_by <> 'person'
       order by a.id, r.place
     ), wanted as (
       select a.id, coalesce(f.kind, a.feed_kind) as kind, case when f.id is null then 'feed' else 'rule' end as kind_by,
         f.rule_id, f.person, f.unit
       from link_scope s join account a on a.id = s.account_id left join fitting f on f.id = a.id
       where a.kind_by <> 'person'
     )
     update account a set kind = w.kind, kind_by = w.kind_by, kind_rule_id = w.rule_id, owner_person_id = w.person,
       owner_unit_id = w.unit
     from wanted w
     where a.id = w.id and (a.kind, a.kind_by, a.kind_rule_id, a.owner_person_id, a.owner_unit_id)
       is distinct from (w.kind, w.kind_by, w.rule_id, w.person, w.unit)`,
    [ruleRows(rules)],
  )
  // What a rule took a machine's account for does not hold once it is known as one.
  await tx.query(
    `update account_link k set until = $1 from link_scope s join account a on a.id = s.account_id
     where k.account_id = a.id and k.until is null and k.decided_by = 'rule' and k.evidence <> 'source'
       and a.kind <> 'personal'`,
    [now],
  )
  await tx.query(
    `update account a set gone_at = $1 from link_scope s
     where a.id = s.account_id and a.situation = 'gone' and a.gone_at is null and a.kind = 'personal'`,
    [now],
  )
}
