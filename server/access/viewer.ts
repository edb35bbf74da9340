import type { PolicyRecords } from '../policy/abilities.ts'
import type { Actor } from '../policy/actor.ts'
import { allows } from '../policy/policy.ts'
import type { AffiliationScope, Viewer } from './person-page-views.ts'

/** What the policy lets an actor see of one person; `person` is the record as the policy knows it. */
export function viewerOf(actor: Actor, person: PolicyRecords['Person']): Viewer {
  const field = (name: string) => allows(actor, 'read', 'Person', person, name)
  const affiliation = (name: string) => (one: AffiliationScope) =>
    allows(
      actor,
      'read',
      'Affiliation',
      { personId: person.id, kind: one.kind, status: one.status, unitPath: one.unitPath },
      name,
    )
  const account = (name: string) => (one: { kind: PolicyRecords['Account']['kind']; systemIds: string[] }) =>
    allows(
      actor,
      'read',
      'Account',
      {
        personId: person.id,
        personKind: person.kind,
        kind: one.kind,
        unitIds: person.unitIds,
        systemIds: one.systemIds,
      },
      name,
    )
  return {
    self: actor.personId === person.id,
    protectedName: field('protectedName'),
    contact: field('contact'),
    cpr: field('cpr'),
    revealCpr: allows(actor, 'reveal', 'Person', person, 'cpr'),
    history: field('history'),
    signInTimes: account('lastSignIn'),
    account: account('basic'),
    affiliation: affiliation('basic'),
    details: affiliation('details'),
    leave: affiliation('leave'),
    right: ({ systemId, unitPath }) =>
      allows(actor, 'read', 'Right', { personId: person.id, personKind: person.kind, systemId, unitPath }),
    names: other =>
      allows(
        actor,
        'read',
        'Person',
        {
          id: other.personId,
          kind: 'employee',
          status: 'active',
          unitIds: other.unitIds,
          unitPath: other.unitIds,
          systemIds: [],
        },
        'protectedName',
      ),
  }
}
