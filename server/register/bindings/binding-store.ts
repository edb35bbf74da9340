import type { z } from 'zod'
import type { bindingAdjustment, bindingTerms } from '#contract/bindings.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Binding, BindingObject } from './binding.ts'

export type BindingTerms = z.output<typeof bindingTerms>
export type BindingAdjustment = z.output<typeof bindingAdjustment>
export type StoredBinding = Binding & {
  proposedBy: string
  approvedAt: Date | null
  batchId: string | null
  /** The binding whose place it takes when somebody says yes to it. */
  replacesId: string | null
  /** Systems whose rights it speaks of; empty for roles and rules, which speak of many. */
  systemIds: string[]
}

const OBJECT = `jsonb_strip_nulls(jsonb_build_object('level', b.level, 'systemId', b.system_id, 'entitlementId', b.entitlement_id,
  'groupId', b.group_id, 'roleKey', b.role_key, 'ruleKey', b.rule_key, 'affiliationId', b.affiliation_id))`
/** Over `purpose_binding b`: what stands now, counting or not. */
const COLUMNS = `b.id, ${OBJECT} as object, b.activity_id as "activityId", b.purpose_key as "purposeKey", b.scope,
  lower(b.valid)::text as "from", upper(b.valid)::text as "to", b.proposed_by as "proposedBy", b.approved_at as "approvedAt",
  b.batch_id as "batchId", b.replaces_id as "replacesId", array(
    select distinct y from unnest(array[b.system_id, (select e.system_id from entitlement e where e.id = b.entitlement_id)]
      || array(select e.system_id from group_entitlement ge join entitlement e on e.id = ge.entitlement_id where ge.group_id = b.group_id)
    ) as y where y is not null) as "systemIds"`

/** What stands now, to decide about it; locked. null: ended, or never there. */
export async function loadBinding(tx: Tx, id: string): Promise<StoredBinding | null> {
  const [row] = await tx.query<StoredBinding>(
    `select ${COLUMNS} from purpose_binding b where b.id = $1 and upper_inf(b.recorded) for update`,
    [id],
  )
  return row ?? null
}

/** Systems whose rights an object speaks of; null: there is no such object. */
export async function systemsOf(tx: Tx, object: BindingObject): Promise<string[] | null> {
  const ask = async (sql: string, params: unknown[]) => {
    const [row] = await tx.query<{ systems: string[] }>(sql, params)
    return row?.systems ?? null
  }
  switch (object.level) {
    case 'system':
      return ask('select array[id] as systems from it_system where id = $1 and gone_at is null', [object.systemId])
    case 'entitlement':
      return ask('select array[system_id] as systems from entitlement where id = $1 and gone_at is null', [
        object.entitlementId,
      ])
    case 'assignment':
      return ask(
        `select array[e.system_id] as systems from entitlement e join affiliation a on a.id = $2 where e.id = $1`,
        [object.entitlementId, object.affiliationId],
      )
    case 'group':
      return ask(
        `select array(select distinct e.system_id from group_entitlement ge join entitlement e on e.id = ge.entitlement_id
           where ge.group_id = g.id) as systems from directory_group g where g.id = $1`,
        [object.groupId],
      )
    case 'role':
      return ask(`select '{}'::uuid[] as systems from rights_role where key = $1 and upper_inf(recorded)`, [
        object.roleKey,
      ])
    case 'rule':
      return ask(`select '{}'::uuid[] as systems from rights_rule where key = $1 and upper_inf(recorded)`, [
        object.ruleKey,
      ])
  }
}

export type NewBinding = {
  object: BindingObject
  terms: BindingTerms
  from: string
  origin: 'manual' | 'proposed' | 'imported'
  proposalSource: string | null
  confidence: 'strong' | 'medium' | 'weak' | null
  by: string
  /** Counts from the start; null: waits. */
  approvedBy: string | null
  batchId: string | null
  replacesId?: string | null
}

/** Notes bindings, in one statement whatever their number; answers their ids in the same order. */
export async function addBindings(tx: Tx, bindings: readonly NewBinding[], now: Date): Promise<string[]> {
  if (bindings.length === 0) return []
  const rows = bindings.map(({ object, terms, ...one }) => ({ id: newId(now.getTime()), ...one, ...terms, ...object }))
  await tx.query(
    `insert into purpose_binding (id, level, system_id, entitlement_id, group_id, role_key, rule_key, affiliation_id,
       activity_id, purpose_key, subjects, data, operations, scope, necessity, origin, proposal_source, confidence,
       proposed_by, proposed_at, approved_by, approved_at, valid, recorded, review_months, batch_id, replaces_id)
     select r.id, r.level, r."systemId", r."entitlementId", r."groupId", r."roleKey", r."ruleKey", r."affiliationId",
       r."activityId", r."purposeKey", r.subjects, r.data, r.operations, r.scope, r.necessity, r.origin, r."proposalSource",
       r.confidence, r.by, $2, r."approvedBy", case when r."approvedBy" is not null then $2::timestamptz end,
       daterange(r."from", r.until + 1), tstzrange($2, null), r."reviewMonths", r."batchId", r."replacesId"
     from jsonb_to_recordset($1::jsonb) as r(id uuid, level text, "systemId" uuid, "entitlementId" uuid, "groupId" uuid,
       "roleKey" text, "ruleKey" text, "affiliationId" uuid, "activityId" uuid, "purposeKey" text, subjects text[], data text[],
       operations text[], scope jsonb, necessity text, origin text, "proposalSource" text, confidence text, by text,
       "approvedBy" text, "from" date, until date, "reviewMonths" int, "batchId" uuid, "replacesId" uuid)`,
    [JSON.stringify(rows), now],
  )
  return rows.map(row => row.id)
}

/**
 * Approves, or says that it is still true, by a row of its own: until now it was known as waiting, or as said earlier. Answers
 * the id under which it stands from now on.
 */
export async function approve(tx: Tx, id: string, by: string, now: Date): Promise<string> {
  const made = newId(now.getTime())
  await tx.query(
    `with was as (
       update purpose_binding set recorded = tstzrange(lower(recorded), $4) where id = $1 and upper_inf(recorded) returning *
     )
     insert into purpose_binding (id, level, system_id, entitlement_id, group_id, role_key, rule_key, affiliation_id, activity_id,
       purpose_key, subjects, data, operations, scope, necessity, origin, proposal_source, confidence, proposed_by, proposed_at,
       approved_by, approved_at, valid, recorded, review_months, batch_id)
     select $2, level, system_id, entitlement_id, group_id, role_key, rule_key, affiliation_id, activity_id, purpose_key, subjects,
       data, operations, scope, necessity, origin, proposal_source, confidence, proposed_by, proposed_at, $3, $4, valid,
       tstzrange($4, null), review_months, null from was`,
    [id, made, by, now],
  )
  // What waits to take its place waits for it under the new id.
  await tx.query('update purpose_binding set replaces_id = $2 where replaces_id = $1 and upper_inf(recorded)', [
    id,
    made,
  ])
  return made
}

/**
 * Ends bindings from a day on: what they said of the days before stays true. Never overwritten: the row is closed as known,
 * and one that ends on that day is known from now on. One that had not begun is simply known no more. Answers how many.
 */
export async function endBindings(
  tx: Tx,
  ids: readonly string[],
  end: { on: string; by: string; reason: string | null; now: Date; batchId?: string | null },
): Promise<number> {
  const rows = await tx.query<{ id: string }>(
    `with was as (
       update purpose_binding set recorded = tstzrange(lower(recorded), $5) where id = any($1::uuid[]) and upper_inf(recorded) returning *
     ), kept as (
       insert into purpose_binding (id, level, system_id, entitlement_id, group_id, role_key, rule_key, affiliation_id, activity_id,
         purpose_key, subjects, data, operations, scope, necessity, origin, proposal_source, confidence, proposed_by, proposed_at,
         approved_by, approved_at, valid, recorded, review_months, batch_id, ended_by, ended_reason)
       select gen_random_uuid(), level, system_id, entitlement_id, group_id, role_key, rule_key, affiliation_id, activity_id,
         purpose_key, subjects, data, operations, scope, necessity, origin, proposal_source, confidence, proposed_by, proposed_at,
         approved_by, approved_at, daterange(lower(valid), $2::date), tstzrange($5, null), review_months, null, $3, $4
       from was where lower(valid) < $2::date and approved_at is not null
     )
     select id from was`,
    [ids, end.on, end.by, end.reason, end.now],
  )
  return rows.length
}

/** Bindings that count on a day and speak of any of these; as known now. */
export async function bindingsFor(
  tx: Tx,
  of: {
    systemIds: readonly string[]
    entitlementIds: readonly string[]
    groupIds: readonly string[]
    roleKeys: readonly string[]
    ruleKeys: readonly string[]
    affiliationIds: readonly string[]
  },
  day: string,
): Promise<StoredBinding[]> {
  return tx.query<StoredBinding>(
    `select ${COLUMNS} from purpose_binding b
     where upper_inf(b.recorded) and b.approved_at is not null and b.valid @> $7::date and (
       b.system_id = any($1::uuid[]) or (b.level = 'entitlement' and b.entitlement_id = any($2::uuid[]))
       or b.group_id = any($3::uuid[]) or b.role_key = any($4::text[]) or b.rule_key = any($5::text[])
       or b.affiliation_id = any($6::uuid[]))
     order by b.id`,
    [of.systemIds, of.entitlementIds, of.groupIds, of.roleKeys, of.ruleKeys, of.affiliationIds, day],
  )
}

/** What a batch of decisions made and is still as it was made. */
export async function batchBindings(tx: Tx, batchId: string): Promise<StoredBinding[]> {
  return tx.query<StoredBinding>(
    `select ${COLUMNS} from purpose_binding b where b.batch_id = $1 and upper_inf(b.recorded) for update`,
    [batchId],
  )
}

/** One decision about bindings at a time: what two people decide at once is not there twice. Held until the transaction ends. */
export async function oneAtATime(tx: Tx): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel bindings'))`)
}

/** Others that count and say the same purpose of the same thing: the newest of them speaks. */
export async function saidBefore(tx: Tx, id: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select o.id from purpose_binding b join purpose_binding o on o.id <> b.id and upper_inf(o.recorded) and o.approved_at is not null
       and (o.level, o.activity_id, o.purpose_key) = (b.level, b.activity_id, b.purpose_key)
       and (o.system_id, o.entitlement_id, o.group_id, o.role_key, o.rule_key, o.affiliation_id, o.scope)
         is not distinct from (b.system_id, b.entitlement_id, b.group_id, b.role_key, b.rule_key, b.affiliation_id, b.scope)
     where b.id = $1 and (upper_inf(o.valid) or upper(o.valid) > lower(b.valid))`,
    [id],
  )
  return rows.map(row => row.id)
}
