import type { AccountKind } from '#contract/shapes.ts'
import { newId } from '../platform/ids.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { type AccountRule, FITS, loadAccountRules, RULE_COLUMNS, ruleRows } from './classify-accounts.ts'
import { linkAccounts } from './link-accounts.ts'

export type AccountRuleInput = Omit<AccountRule, 'id'>
export type RuleChange = {
  id: string
  before: AccountRule | null
  after: AccountRule | null
  changed: number
  people: string[]
}

/** Whoever changes rules waits here for whoever else does: their order decides. */
const lock = (tx: Tx) => tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel:account-rules'))`)

/** Adds a rule after all others, or changes one in its place. Null: there is no rule of this id. */
export async function putAccountRule(
  tx: Tx,
  id: string | null,
  rule: AccountRuleInput,
  by: string,
  now: Date,
): Promise<RuleChange | null> {
  await lock(tx)
  const before = id === null ? null : ((await loadAccountRules(tx)).find(one => one.id === id) ?? null)
  if (id !== null && before === null) return null
  const after = { id: id ?? newId(now.getTime()), ...rule }
  await tx.query(
    `insert into account_rule (id, source, pattern, ou, account_kind, owner_person_id, owner_unit_id, position, changed_at, changed_by)
     values ($1, $2, $3, $4, $5, $6, $7, (select coalesce(max(position), 0) + 1 from account_rule), $8, $9)
     on conflict (id) do update set source = excluded.source, pattern = excluded.pattern, ou = excluded.ou,
       account_kind = excluded.account_kind, owner_person_id = excluded.owner_person_id,
       owner_unit_id = excluded.owner_unit_id, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
    [after.id, rule.source, rule.pattern, rule.ou, rule.accountKind, rule.ownerPersonId, rule.ownerUnitId, now, by],
  )
  return { id: after.id, before, after, ...(await reclassify(tx, before ? [before, after] : [after], now)) }
}

export async function removeAccountRule(tx: Tx, id: string, now: Date): Promise<RuleChange | null> {
  await lock(tx)
  const before = (await loadAccountRules(tx)).find(one => one.id === id)
  if (!before) return null
  await tx.query('delete from account_rule where id = $1', [id])
  return { id, before, after: null, ...(await reclassify(tx, [before], now)) }
}

/** Classifies and links anew what these rules fit. Answers how many accounts got another kind, and whose. */
async function reclassify(tx: Tx, rules: readonly AccountRule[], now: Date) {
  const rows = ruleRows(rules)
  const fitting = `select a.id from account a join json_to_recordset($1::json) as r${RULE_COLUMNS} on ${FITS('a')}`
  const before = await tx.query<{ id: string; kind: AccountKind }>(
    `select id, kind from account where id in (${fitting})`,
    [rows],
  )
  const people = await linkAccounts(tx, fitting, [rows], { now, runId: null })
  const after = await tx.query<{ id: string; kind: AccountKind }>('select id, kind from account where id = any($1)', [
    before.map(row => row.id),
  ])
  const kinds = new Map(before.map(row => [row.id, row.kind]))
  return { changed: after.filter(row => kinds.get(row.id) !== row.kind).length, people }
}

/** A new rule is asked last: what an earlier one or a person has decided stands before it. */
export type RulePreview = {
  total: number
  linked: number
  changes: number
  rows: {
    id: string
    source: string
    username: string
    kind: AccountKind
    situation: string
    decidedElsewhere: boolean
  }[]
}
export async function previewAccountRule(
  tx: Tx,
  rule: AccountRuleInput,
  visible: string,
  params: unknown[],
): Promise<RulePreview> {
  const place = params.length + 1
  const fitting = `from account a left join person_current p on p.person_id = a.person_id
    join json_to_recordset($${place}::json) as r${RULE_COLUMNS} on ${FITS('a')}
    where a.situation <> 'gone' and ${visible}`
  const elsewhere = `a.kind_by in ('person', 'rule')`
  const all = [...params, ruleRows([{ id: newId(), ...rule }])]
  const [counts] = await tx.query<Omit<RulePreview, 'rows'>>(
    `select count(*)::int as total, count(*) filter (where a.situation = 'linked')::int as linked,
       count(*) filter (where not ${elsewhere} and a.kind <> r."accountKind")::int as changes ${fitting}`,
    all,
  )
  const rows = await tx.query<RulePreview['rows'][number]>(
    `select a.id, a.source, a.username, a.kind, a.situation, ${elsewhere} as "decidedElsewhere" ${fitting}
     order by lower(a.username), a.source, a.id limit 50`,
    all,
  )
  return { ...(counts ?? { total: 0, linked: 0, changes: 0 }), rows }
}
