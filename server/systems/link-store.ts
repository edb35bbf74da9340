import { newId } from '../platform/ids.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { linkAccounts, lockLinks } from './link-accounts.ts'
import type { DecidedAccount, LinkStore, StoredDecision } from './link-service.ts'
import { noteObserveDue } from './observe-rights.ts'

/** The store of decisions about accounts, on one transaction. */
export function createLinkStore(tx: Tx, { now }: { now: Date }): LinkStore {
  return {
    account: id => lockAccount(tx, id),

    decision: async id => {
      const [row] = await tx.query<StoredDecision>(
        `select id, person_id as "personId", account_id as "accountId", kind, at, before, undone_at is not null as undone
         from account_decision where id = $1`,
        [id],
      )
      return row ?? null
    },

    personExists: async (personId, affiliationId) =>
      (
        await tx.query(
          `select from person_current c where c.person_id = $1 and ($2::uuid is null or exists (
             select from affiliation_current a where a.affiliation_id = $2 and a.person_id = c.person_id))`,
          [personId, affiliationId],
        )
      ).length > 0,

    unitExists: async unitId =>
      (await tx.query('select from org_unit_current where unit_id = $1', [unitId])).length > 0,

    note: async decision => {
      const id = newId(now.getTime())
      await tx.query(
        `insert into account_decision (id, account_id, kind, actor_id, at, reason, person_id, account_kind, before)
         values ($1, $2, $3, $4, clock_timestamp(), $5, $6, $7, $8)`,
        [
          id,
          decision.accountId,
          decision.kind,
          decision.actorId,
          decision.reason,
          decision.personId,
          decision.accountKind,
          JSON.stringify(decision.before),
        ],
      )
      return id
    },

    end: async (accountId, decisionId, { verdicts, personId, rulesOnly = false }) => {
      await tx.query(
        `update account_link k set until = $3, ended_decision_id = $2
         where k.account_id = $1 and k.until is null and k.verdict = any($4)
           and (not $6 or k.decided_by = 'rule')
           and ($5::uuid is null or exists (
             select from person p where p.id = k.person_id and coalesce(p.merged_into, p.id) = $5))`,
        [accountId, decisionId, now, verdicts, personId ?? null, rulesOnly],
      )
    },

    open: async (accountId, decisionId, link) => {
      await tx.query(
        `insert into account_link (id, account_id, verdict, person_id, affiliation_id, decided_by, evidence, confidence,
           decision_id, since)
         values ($1, $2, $3, $4, $5, 'person', 'manual', 100, $6, $7)`,
        [newId(now.getTime()), accountId, link.verdict, link.personId, link.affiliationId, decisionId, now],
      )
    },

    setAccount: async (accountId, values) => {
      const [row] = await tx.query<{ source: string; ended: boolean }>(
        `update account a set kind = $2, kind_by = $3, kind_rule_id = $4, owner_person_id = $5, owner_unit_id = $6, gone_at = $7
         from account before where a.id = $1 and before.id = a.id
         returning a.source, a.gone_at is distinct from before.gone_at as ended`,
        [
          accountId,
          values.kind,
          values.kindBy,
          values.kindRuleId,
          values.ownerPersonId,
          values.ownerUnitId,
          values.goneAt,
        ],
      )
      if (row?.ended) await noteObserveDue(tx, row.source)
    },

    revert: async decision => {
      await tx.query(
        `update account_link set until = $2 where account_id = $1 and until is null and id <> all($3::uuid[])`,
        [decision.accountId, now, decision.before.openLinks],
      )
      await tx.query('update account_link set until = null, ended_decision_id = null where ended_decision_id = $1', [
        decision.id,
      ])
      if (decision.kind === 'classify' || decision.kind === 'confirm-gone')
        await createLinkStore(tx, { now }).setAccount(decision.accountId, decision.before)
    },

    markUndone: async (decisionId, by) => {
      await tx.query('update account_decision set undone_at = clock_timestamp(), undone_by = $2 where id = $1', [
        decisionId,
        by,
      ])
    },

    restoreSince: async ({ accountId, before: { stood } }) => {
      if (!stood) return
      await tx.query(
        `update account set situation_since = $3::timestamptz, situation_run = $4::uuid where id = $1 and situation = $2
           and (situation_since, situation_run) is distinct from ($3::timestamptz, $4::uuid)`,
        [accountId, stood.situation, stood.since, stood.run],
      )
    },
  }
}

async function lockAccount(tx: Tx, id: string): Promise<DecidedAccount | null> {
  await lockLinks(tx)
  // First the row, then what was decided about it: who waited here sees what the one before has decided.
  const [row] = await tx.query<{ id: string }>('select id from account where id = $1 for update', [id])
  if (!row) return null
  const [account] = await tx.query<DecidedAccount>(
    `select a.id, a.person_id as "personId", a.situation,
       to_jsonb(a.situation_since) #>> '{}' as "situationSince", a.situation_run as "situationRun", a.kind, a.kind_by as "kindBy", a.kind_rule_id as "kindRuleId",
       a.owner_person_id as "ownerPersonId", a.owner_unit_id as "ownerUnitId", a.gone_at as "goneAt",
       array(select k.id from account_link k where k.account_id = a.id and k.until is null) as "openLinks",
       (select d.id from account_decision d where d.account_id = a.id and d.undone_at is null
        order by d.at desc, d.id desc limit 1) as "decisionId"
     from account a where a.id = $1`,
    [id],
  )
  return account ?? null
}

/** Accounts of these identities, by link or as they stand: after persons were merged or taken apart. */
export function relinkPeople(tx: Tx, identities: readonly string[], now: Date): Promise<string[]> {
  return linkAccounts(
    tx,
    `select id from account where person_id = any($1)
     union select account_id from account_link where person_id = any($1) and until is null`,
    [identities],
    { now, runId: null },
  )
}

export function relinkAccounts(tx: Tx, accountIds: readonly string[], now: Date): Promise<string[]> {
  return linkAccounts(tx, 'select unnest($1::uuid[])', [accountIds], { now, runId: null })
}
