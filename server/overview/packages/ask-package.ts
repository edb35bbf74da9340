import type { PackageScope } from '#contract/packages.ts'
import { audit } from '../../audit/audit-store.ts'
import { type Clock, knownOn } from '../../platform/clock.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { enqueuePackages, insertPackage } from './package-store.ts'
import { scopeThen } from './scope-view.ts'

/** The day that is asked about, and when what is said of it was known. */
export const momentOf = ({ day, known }: Pick<PackageScope, 'day' | 'known'>, clock: Clock) => ({
  valid: day,
  known: known === 'then' ? knownOn(day, clock) : clock.now(),
})

/** Asks for a package; a job makes it. Throws `not-found` for a unit or system that was not there. */
export async function askPackage(
  tx: Tx,
  actor: Actor,
  { scope, reason }: { scope: PackageScope; reason: string },
  clock: Clock,
  requestId?: string,
): Promise<{ packageId: string }> {
  const at = momentOf(scope, clock)
  // What is not there is said now, and not by a job that failed.
  await scopeThen(tx, actor, scope, at, clock.today())
  const by = auditActor(actor)
  const asked = { scope, known: at.known, reason, userId: actor.userId, madeAs: by.function }
  const packageId = await insertPackage(tx, asked, { now: clock.now(), today: clock.today() })
  await audit(tx).write({
    ...{ actor: by, action: 'package.asked', subjectKind: 'package', subjectId: packageId },
    ...{ detail: { scope, reason }, ...(requestId ? { requestId } : {}) },
  })
  await enqueuePackages(tx)
  return { packageId }
}
