import { systemActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import { catchUp } from '../access-store.ts'
import type { AfterDecided } from '../after-decided.ts'
import { addGrants, endGrants } from './grant-store.ts'

export type EmergencyHooks = { after: readonly AfterDecided[] }
type When = { today: string; now: Date }
type Asked = { affiliationId: string; entitlementId: string; hours: number; reason: string }

/**
 * Gives a right for some hours, at once. Nobody gives it to themselves, and a privileged one only who administers. What
 * is marked as not for emergencies nobody gives so. What a rule prohibits it does not give: it is noted, and answers why it has no effect.
 */
export async function giveEmergency(
  tx: Tx,
  actor: Actor,
  { affiliationId, entitlementId, hours, reason }: Asked,
  { today, now }: When,
  { after }: EmergencyHooks,
): Promise<{ id: string; noEffect: string | null }> {
  const [target] = await tx.query<{
    personId: string
    personKind: string
    unitPath: string[]
    systemId: string
    privileged: boolean
    emergency: boolean
  }>(
    `select ac.person_id as "personId", p.kind as "personKind", ac.unit_path as "unitPath", e.system_id as "systemId", e.privileged, e.emergency
     from affiliation_current ac join person_current p on p.person_id = ac.person_id, entitlement e
     where ac.affiliation_id = $1 and ac.status = 'active' and e.id = $2 and e.gone_at is null`,
    [affiliationId, entitlementId],
  )
  if (!target || !allows(actor, 'grant', 'Right', target)) throw problem('not-found')
  if (target.personId === actor.personId)
    throw problem('not-allowed', { detail: 'Nobody gives emergency access to themselves.' })
  if (!target.emergency)
    throw problem('data-invalid', {
      errors: [
        {
          where: 'body/entitlementId',
          what: 'This right is not given as emergency access: ask the owner of the system',
        },
      ],
    })
  if (target.privileged && !actor.roles.some(role => role === 'it' || role === 'admin'))
    throw problem('not-allowed', { detail: 'A privileged right is given by IT.' })
  const [id] = await addGrants(
    tx,
    [
      {
        ...{ affiliationId, entitlementId, constraints: [], from: today, to: null, kind: 'emergency', reason },
        ...{ caseId: null, by: actor.userId, expiresAt: new Date(now.getTime() + hours * 3_600_000) },
      },
    ],
    { now },
  )
  await catchUp(tx, { today, now, cause: 'emergency', after }, [affiliationId])
  const [given] = await tx.query<{ noEffect: string | null }>(
    'select no_effect as "noEffect" from right_grant where id = $1',
    [id],
  )
  await audit(tx).write({
    actor: auditActor(actor),
    ...{
      action: 'grant.emergency-given',
      subjectKind: 'person',
      subjectId: target.personId,
      personId: target.personId,
    },
    detail: { grantId: id, entitlementId, hours, reason },
  })
  return { id: id as string, noEffect: given?.noEffect ?? null }
}

type Found = { affiliationId: string; personId: string; by: string; open: boolean }

async function findEmergency(tx: Tx, actor: Actor, id: string, action: 'grant' | 'verify'): Promise<Found> {
  const [row] = await tx.query<{
    affiliationId: string
    personId: string
    personKind: string
    unitPath: string[]
    systemId: string
    by: string
    open: boolean
  }>(
    `select g.affiliation_id as "affiliationId", a.person_id as "personId", p.kind as "personKind", e.system_id as "systemId",
       coalesce(ac.unit_path, '{}') as "unitPath", g.created_by as by, g.ended_at is null as open
     from right_grant g join affiliation a on a.id = g.affiliation_id join person_current p on p.person_id = a.person_id
     join entitlement e on e.id = g.entitlement_id left join affiliation_current ac on ac.affiliation_id = a.id
     where g.id = $1 and g.kind = 'emergency' for update of g`,
    [id],
  )
  if (!row || !allows(actor, action, 'Right', row)) throw problem('not-found')
  return row
}

export async function endEmergency(
  tx: Tx,
  actor: Actor,
  { id, reason }: { id: string; reason: string },
  { today, now }: When,
  { after }: EmergencyHooks,
): Promise<void> {
  const found = await findEmergency(tx, actor, id, 'grant')
  if (!found.open) throw problem('not-found')
  await endGrants(tx, [id], { now, today, by: actor.userId, reason })
  await catchUp(tx, { today, now, cause: 'emergency', after }, [found.affiliationId])
  await audit(tx).write({
    actor: auditActor(actor),
    ...{ action: 'grant.emergency-ended', subjectKind: 'person', subjectId: found.personId, personId: found.personId },
    detail: { grantId: id, reason },
  })
}

/** Somebody else than the one who gave it, and than the one who got it, has looked at it. */
export async function checkEmergency(
  tx: Tx,
  actor: Actor,
  { id, note }: { id: string; note: string },
  now: Date,
): Promise<void> {
  const found = await findEmergency(tx, actor, id, 'verify')
  if (found.by === actor.userId || found.personId === actor.personId) throw problem('second-person-needed')
  const done = await tx.query(
    'update right_grant set checked_at = $2, checked_by = $3, check_note = $4 where id = $1 and checked_at is null returning id',
    [id, now, actor.userId, note],
  )
  if (done.length === 0) throw problem('not-found')
  await audit(tx).write({
    actor: auditActor(actor),
    ...{
      action: 'grant.emergency-checked',
      subjectKind: 'person',
      subjectId: found.personId,
      personId: found.personId,
    },
    detail: { grantId: id, note },
  })
}

/**
 * Ends emergency access whose hour has come, whenever it came, and decides those affiliations again. Asked each minute;
 * where nothing has run out it is one statement on an index. Answers how many.
 */
export async function endExpired(tx: Tx, { today, now }: When, { after }: EmergencyHooks): Promise<number> {
  const due = await tx.query<{ id: string; affiliation: string }>(
    `select id, affiliation_id as affiliation from right_grant
     where ended_at is null and expires_at is not null and expires_at <= $1 for update skip locked`,
    [now],
  )
  if (due.length === 0) return 0
  await endGrants(
    tx,
    due.map(one => one.id),
    { now, today, by: 'system', reason: 'expired' },
  )
  const affiliations = [...new Set(due.map(one => one.affiliation))]
  await catchUp(tx, { today, now, cause: 'emergency', after }, affiliations)
  await audit(tx).write({
    ...{ actor: systemActor('emergency-access'), action: 'grant.emergency-expired', subjectKind: 'installation' },
    detail: { grants: due.map(one => one.id) },
  })
  return due.length
}
