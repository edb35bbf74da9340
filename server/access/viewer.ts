import type { Actor } from '../policy/actor.ts'
import { allows } from '../policy/policy.ts'
import type { PolicyRecords } from '../policy/subjects.ts'

/** An affiliation as the policy judges it: its own status, not the person's. */
export type AffiliationScope = { unitPath: string[]; kind: string; status: string }

/** What the reader may see of this person, decided by the policy before the page is put together. */
export type Viewer = {
  self: boolean
  /** The own name of a person with a protected name and address. */
  protectedName: boolean
  contact: boolean
  cpr: boolean
  revealCpr: boolean
  /** Exact times of signing in; others see only whether the account has been unused for 90 days. */
  signInTimes(account: { kind: PolicyRecords['Account']['kind']; systemIds: string[] }): boolean
  history: boolean
  /** That the affiliation exists: a manager is not told of a job elsewhere that has ended. */
  affiliation(affiliation: AffiliationScope): boolean
  /** Details of an affiliation: for whom it is the own unit, HR, IT ... */
  details(affiliation: AffiliationScope): boolean
  /** The kind of leave: HR and the own manager only. */
  leave(affiliation: AffiliationScope): boolean
  /** Rights that this reader may know of: a system owner those of the own systems, a manager those of the own unit. */
  right(right: { systemId: string; unitPath: string[] }): boolean
  /** What does not fit about such a right, and why it was decided so. Whoever may not is told what was decided. */
  finding(right: { systemId: string; unitPath: string[] }): boolean
  account(account: { kind: PolicyRecords['Account']['kind']; systemIds: string[] }): boolean
  /** A manager's name, where that person is protected. */
  names(person: { personId: string; protected: boolean; unitIds: string[] }): boolean
}

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
    finding: ({ systemId, unitPath }) =>
      allows(actor, 'read', 'Finding', {
        ...{ personId: person.id, personKind: person.kind, systemId, unitPath },
        // A right's, and of no record of the register.
        ...{ answers: 'systemowner', activityOwnerId: null },
      }),
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
