import { audit } from '../../audit/audit-store.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { By, When } from './sheet-service.ts'
import { lockSheets } from './sheet-store.ts'

/**
 * Somebody says that a sheet is still true, as it stands in this version: what one has not looked at, one has not
 * confirmed (`conflict`). Asked again a year from today, whenever it was due.
 */
export async function attestSheet(
  tx: Tx,
  by: By,
  when: When,
  systemId: string,
  given: { version: number; note: string | null },
): Promise<{ at: string; due: string; version: number }> {
  if (!by.may(systemId)) throw problem('not-allowed')
  const [stored] = await lockSheets(tx, [systemId])
  if (!stored) throw problem('not-found')
  if (stored.version !== given.version)
    throw problem('conflict', {
      detail: `Version ${stored.version} of this sheet counts now. Look at it again before you confirm it.`,
      params: { version: stored.version },
    })
  const [row] = await tx.query<{ due: string; changed: boolean }>(
    `with before as (
       select max(version) as version from system_attestation where system_id = $1
     ), due as (
       select attest_due from it_system where id = $1
     ), said as (
       insert into system_attestation (system_id, at, user_id, version, changed, note, due)
       select $1, $2, $3, $4::int, exists (select from system_version v where v.system_id = $1 and v.origin in ('hand', 'bulk')
           and v.version > coalesce(before.version, 0)), $5, due.attest_due
       from before, due returning changed
     )
     update it_system s set attest_due = ($6::date + interval '1 year')::date from said
     where s.id = $1 returning s.attest_due as due, said.changed`,
    [systemId, when.now, by.actor.userId, given.version, given.note, when.today],
  )
  await audit(tx).write({
    actor: by.actor,
    action: 'system.attested',
    subjectKind: 'system',
    subjectId: systemId,
    requestId: by.requestId ?? null,
    detail: { version: given.version, changed: row?.changed ?? false, due: row?.due, note: given.note },
  })
  return { at: when.now.toISOString(), due: row!.due, version: given.version }
}
