import { getLookups, getMe, getPerson, getPersonAsOf, getPersonTimeline, revealCpr, whyNot } from '#contract/people.ts'
import { getRightPaths } from '#contract/user-lists.ts'
import type { AuditActor } from '../audit/audit-entry.ts'
import { audit, type LookupAction } from '../audit/audit-store.ts'
import { lookupsOf } from '../audit/lookup-views.ts'
import { readCpr } from '../people/cpr-store.ts'
import { identitiesOf, survivorOf } from '../people/merge-store.ts'
import { revealCpr as reveal } from '../people/people-service.ts'
import { type Clock, knownOn } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import type { Keyring } from '../platform/keyring.ts'
import { type Problem, problem } from '../platform/problem.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { allows, auditActor, functionFor } from '../policy/policy.ts'
import type { PolicyRecords } from '../policy/subjects.ts'
import { personAsOfView } from './person-as-of-views.ts'
import { personPageView } from './person-page-views.ts'
import { type PersonHead, personRecord, readPersonHead } from './person-record-view.ts'
import { personTimeline } from './person-timeline-views.ts'
import { rightPathsView } from './right-paths-view.ts'
import { type Viewer, viewerOf } from './viewer.ts'
import { whyNotView } from './why-not-view.ts'

type Parts = { db: Db; clock: Clock; keyring: Keyring }
type Seen = { tx: Tx; person: PolicyRecords['Person']; head: PersonHead; viewer: Viewer }

export function personRoutes(routes: Routes<Actor>, { db, clock, keyring }: Parts): void {
  /**
   * Reads about one person in one snapshot; somebody whom the actor may not know of is not found. The lookup is on
   * record before the answer leaves: no answer without its trace.
   */
  const look = async <T>(
    call: { actor: Actor; requestId: string },
    personId: string,
    action: LookupAction,
    read: (seen: Seen) => Promise<T | null>,
  ): Promise<T> => {
    const { personId: self } = call.actor
    const seen = async (tx: Tx): Promise<T> => {
      const found = await readPersonHead(tx, personId)
      if (!found) throw await goneOrMerged(tx, call.actor, personId)
      if (!allows(call.actor, 'read', 'Person', found.record)) throw problem('not-found')
      const { record: person, head } = found
      const answer = await read({ tx, person, head, viewer: viewerOf(call.actor, person) })
      if (answer === null) throw problem('not-found')
      if (self !== personId) {
        const actor = auditActor(call.actor, functionFor(call.actor, 'Person', person) ?? undefined)
        await audit(tx).lookup({ actor, personId, action, requestId: call.requestId })
      }
      return answer
    }
    return self === personId ? db.snapshot(seen) : db.snapshotOnRecord(seen)
  }
  const page = (call: { actor: Actor; requestId: string }, personId: string) =>
    look(call, personId, 'person.viewed', ({ tx, head, viewer }) =>
      personPageView(tx, personId, viewer, { today: clock.today(), keyring, head }),
    )

  routes.addOwn(getPerson, call => page(call, call.params.personId))
  routes.addOwn(getMe, call => {
    if (!call.actor.personId)
      throw problem('not-found', { detail: 'This sign-in is not a person of the municipality.' })
    return page(call, call.actor.personId)
  })
  routes.addOwn(getPersonTimeline, call =>
    look(call, call.params.personId, 'person.timeline-viewed', ({ tx, viewer }) => {
      if (!viewer.history) throw problem('not-found')
      return personTimeline(tx, call.params.personId, viewer, call.query, clock.today())
    }),
  )
  routes.addOwn(getPersonAsOf, call =>
    look(call, call.params.personId, 'person.as-of-viewed', ({ tx, viewer }) => {
      if (!viewer.history) throw problem('not-found')
      const known = call.query.known ? knownOn(call.query.known, clock) : clock.now()
      return personAsOfView(tx, call.params.personId, viewer, { valid: call.query.valid, known })
    }),
  )
  routes.addOwn(whyNot, call =>
    look(call, call.params.personId, 'person.why-not-viewed', ({ tx, viewer }) =>
      whyNotView(tx, call.params.personId, viewer, call.query.entitlement, clock.today()),
    ),
  )
  routes.add(getRightPaths, call => rightPathsView(call.tx, call.actor, call.params))
  routes.add(revealCpr, async call => {
    const person = await personRecord(call.tx, call.params.personId)
    if (!person || !allows(call.actor, 'reveal', 'Person', person, 'cpr')) throw problem('not-found')
    const actor = auditActor(call.actor, functionFor(call.actor, 'Person', person, 'reveal') ?? undefined)
    const store = {
      readCpr: (personId: string) => readCpr(call.tx, keyring, personId),
      auditReveal: (personId: string, reason: string, by: AuditActor) =>
        audit(call.tx).lookup({
          actor: by,
          personId,
          action: 'person.cpr-revealed',
          reason,
          requestId: call.requestId,
        }),
    }
    return { cpr: await reveal(store, person.id, call.body.reason, actor) }
  })
  routes.add(getLookups, async call => {
    if (!call.actor.personId) return { lookups: [], total: 0 }
    return lookupsOf(call.tx, await identitiesOf(call.tx, call.actor.personId), call.query)
  })
}

/** Old links lead to people who are one with another by now: who may see the other is told where, and nobody else. */
async function goneOrMerged(tx: Tx, actor: Actor, personId: string): Promise<Problem> {
  const survivorId = await survivorOf(tx, personId)
  const survivor = survivorId === null ? null : await personRecord(tx, survivorId)
  if (!survivor || !allows(actor, 'read', 'Person', survivor)) return problem('not-found')
  return problem('not-found', {
    detail: 'This person has been merged with another. Ask for the one in `params.mergedInto`.',
    params: { mergedInto: survivor.id },
  })
}
