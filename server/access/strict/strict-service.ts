import { audit } from '../../audit/audit-store.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import { withoutPurposeSql } from '../../register/bindings/without-purpose-sql.ts'
import { recompute } from '../access-store.ts'
import type { AfterDecided } from '../after-decided.ts'
import type { LocalAdministrators } from '../last-administrator.ts'

export type StrictHooks = { after: readonly AfterDecided[]; localAdministrators?: LocalAdministrators }
type When = { today: string; now: Date }

/** Held back now, as relation `given` for `withoutPurposeSql`. */
const WITHHELD = `given as materialized (
  select h.affiliation_id, h.entitlement_id, e.system_id, d.rule_key, d.role_path, h.constraints
  from withheld_right h join entitlement e on e.id = h.entitlement_id join derivation d on d.id = h.derivation_id)`

/**
 * Turns strict mode on or off. On, nothing is decided again: what people have stays. Off, what was held back is decided again
 * and given, and no note of it is left. Throws `conflict` where it is so already, `data-invalid` for Hjemmel itself: who would
 * put it right is who would be held back.
 */
export async function setStrict(
  tx: Tx,
  actor: Actor,
  { systemId, on, reason }: { systemId: string; on: boolean; reason: string },
  { today, now }: When,
  hooks: StrictHooks,
): Promise<{ strict: boolean; given: number }> {
  const [system] = await tx.query<{ key: string; strict: boolean }>(
    `select s.key, exists (select from strict_mode m where m.system_id = s.id and upper_inf(m.recorded)) as strict
     from it_system s where s.id = $1 and s.gone_at is null for update`,
    [systemId],
  )
  if (!system || !allows(actor, 'read', 'Binding', { systemId })) throw problem('not-found')
  if (!allows(actor, 'approve', 'Binding', { systemId })) throw problem('not-allowed')
  if (system.strict === on)
    throw problem('conflict', { detail: on ? 'The system is strict already.' : 'The system is not strict.' })
  if (system.key === 'hjemmel')
    throw problem('data-invalid', {
      errors: [{ where: 'params/systemId', what: 'Hjemmel itself is never strict: nobody could put it right again' }],
    })
  let given = 0
  if (on)
    await tx.query(
      `insert into strict_mode (id, system_id, recorded, reason, set_by) values ($1, $2, tstzrange($3, null), $4, $5)`,
      [newId(now.getTime()), systemId, now, reason, actor.userId],
    )
  else {
    await tx.query(
      `update strict_mode set recorded = tstzrange(lower(recorded), $2), ended_by = $3, ended_reason = $4
       where system_id = $1 and upper_inf(recorded)`,
      [systemId, now, actor.userId, reason],
    )
    const freed = await tx.query<{ affiliation: string }>(
      `delete from withheld_right h using entitlement e where e.id = h.entitlement_id and e.system_id = $1
       returning h.affiliation_id as affiliation`,
      [systemId],
    )
    given = freed.length
    await decideAgain(tx, [...new Set(freed.map(one => one.affiliation))], { today, now, cause: 'strict-mode' }, hooks)
  }
  await audit(tx).write({
    actor: auditActor(actor),
    ...{ action: on ? 'strict-mode.turned-on' : 'strict-mode.turned-off', subjectKind: 'system', subjectId: systemId },
    ...{ before: { strict: !on }, after: { strict: on }, detail: { reason, given } },
  })
  return { strict: on, given }
}

/**
 * Whatever is held back and has a purpose by now is decided again. Called where bindings and records change; one statement
 * where nothing is held back. Answers how many affiliations it was.
 */
export async function giveWhatHasPurpose(tx: Tx, { today, now }: When, hooks: StrictHooks): Promise<number> {
  const lacking = await tx.query<{ affiliation: string }>(
    `with ${WITHHELD}, lacking as (${withoutPurposeSql('given', '$1')})
     select distinct g.affiliation_id as affiliation from given g where not exists (
       select from lacking l where l.affiliation_id = g.affiliation_id and l.entitlement_id = g.entitlement_id)`,
    [today],
  )
  const affiliations = lacking.map(one => one.affiliation)
  await decideAgain(tx, affiliations, { today, now, cause: 'purpose' }, hooks)
  return affiliations.length
}

async function decideAgain(
  tx: Tx,
  affiliations: readonly string[],
  when: When & { cause: string },
  { after, localAdministrators }: StrictHooks,
): Promise<void> {
  if (affiliations.length === 0) return
  await recompute(tx, affiliations, { ...when, after, ...(localAdministrators ? { localAdministrators } : {}) })
}
