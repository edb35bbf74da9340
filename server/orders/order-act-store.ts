import { statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { mayOrder } from './order-visible.ts'

export type ActedOrder = {
  id: string
  personId: string
  systemKey: string
  state: string
  action: string
  version: number
}

/** An order that the actor may do something with, locked; null: not to be known of. */
export async function lockOrder(tx: Tx, actor: Actor, id: string): Promise<ActedOrder | null> {
  const q = statement()
  const [row] = await tx.query<ActedOrder>(
    `select o.id, o.person_id as "personId", s.key as "systemKey", o.state, o.action, o.version
     from provisioning_order o join it_system s on s.id = o.system_id left join person_current pc on pc.person_id = o.person_id
     where o.id = ${q.bind(id, 'uuid')} and ${mayOrder(actor, q, 'decide')} for update of o`,
    q.params,
  )
  return row ?? null
}

/** Again from the start, as a new attempt; another user name is the correction that helps most. */
export async function replay(tx: Tx, id: string, username: string | null): Promise<number> {
  const [row] = await tx.query<{ version: number }>(
    `update provisioning_order set state = 'retry', next_try_at = null, said = null, version = version + 1,
       content = case when $2::text is null then content else content || jsonb_build_object('username', $2::text) end
     where id = $1 returning version`,
    [id, username],
  )
  return row?.version ?? 0
}

export async function giveToPerson(tx: Tx, id: string): Promise<number> {
  const [row] = await tx.query<{ version: number }>(
    `update provisioning_order set state = 'planned', by_hand = true, next_try_at = null, version = version + 1
     where id = $1 returning version`,
    [id],
  )
  return row?.version ?? 0
}

export async function wake(tx: Tx, systemId: string): Promise<boolean> {
  const rows = await tx.query(
    'update system_connector set failures = 0, rests_until = null where system_id = $1 returning 1',
    [systemId],
  )
  if (rows.length === 0) return false
  await tx.query(`update provisioning_order set next_try_at = null where system_id = $1 and state = 'retry'`, [
    systemId,
  ])
  return true
}

export async function connectorSettings(tx: Tx, systemId: string): Promise<{ kind: string; settings: unknown } | null> {
  const [row] = await tx.query<{ kind: string; settings: unknown }>(
    'select kind, settings from system_connector where system_id = $1',
    [systemId],
  )
  return row ?? null
}

export async function noteTest(tx: Tx, systemId: string, ok: boolean, now: Date): Promise<void> {
  await tx.query('update system_connector set tested_at = $2, tested_ok = $3 where system_id = $1', [systemId, now, ok])
}

export async function storeWords(
  tx: Tx,
  systemId: string,
  { words, sample, carries }: { words: object; sample: number; carries?: readonly string[] | undefined },
  /** A job of the deputy's; null: nobody; undefined: as it is. */
  deputy: string | null | undefined,
): Promise<{ before: object } | null> {
  const [row] = await tx.query<{ before: object }>(
    `with old as (select task_words, task_sample, task_deputy_affiliation_id, carries from it_system where id = $1)
     update it_system set task_words = $2, task_sample = $3, carries = coalesce($6::text[], carries),
       task_deputy_affiliation_id = case when $4 then $5::uuid else task_deputy_affiliation_id end
     where id = $1 and gone_at is null returning (select jsonb_build_object('words', task_words, 'sample', task_sample,
       'deputyAffiliationId', task_deputy_affiliation_id, 'carries', carries) from old) as before`,
    [systemId, JSON.stringify(words), sample, deputy !== undefined, deputy ?? null, carries ?? null],
  )
  return row ?? null
}

/** The job by which somebody is named as deputy: the main one of today. null: not employed here now. */
export async function jobOfDeputy(tx: Tx, personId: string): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `select affiliation_id as id from affiliation_current where person_id = $1 and status = 'active' and kind <> 'pupil'
     order by is_primary desc, starts_on, affiliation_id limit 1`,
    [personId],
  )
  return row?.id ?? null
}
