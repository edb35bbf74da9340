import type { Actor } from './actor.ts'
import { can, inUnits, NOT_PUPIL, OTHER, type Rules, STAFF_AFFILIATIONS } from './rule-parts.ts'

/* What leading units gives: their people, reports about them, and what waits for a yes. */

/** Substitutes for a shift there; nobody confirms whom they have asked for, nor themselves. */
export const shifts = (where: Record<string, unknown>, units: readonly string[]): Rules =>
  units.length === 0 ? [] : [can('read', 'Shift', where), can('approve', 'Shift', { ...where, asked: 'other' })]

/** A draft that says no unit yet is its author's alone. */
export const ownDrafts = (actor: Actor): Rules =>
  (['read', 'change'] as const).map(action =>
    can(action, 'Case', { ...OTHER, placed: false, knows: { $in: [actor.userId] } }),
  )

/** Nobody says yes to what they have asked for, nor to what they would get. */
export const approvals = (which: Record<string, unknown>): Rules =>
  (['read', 'decide'] as const).map(action => can(action, 'CaseApproval', { ...which, asked: 'other' }))

/** Reports about people of the own units. A confidential one only where the manager is its author or is named in it. */
export function reportRules(actor: Actor, units: readonly string[]): Rules {
  if (units.length === 0) return []
  const own = { ...OTHER, unitPath: inUnits(units) }
  return [
    ...(['read', 'change', 'send', 'conceal'] as const).flatMap(action => [
      can(action, 'Case', { ...own, secret: false }),
      can(action, 'Case', { ...own, secret: true, knows: { $in: [actor.userId] } }),
    ]),
    can('read', 'Case', { ...OTHER, secret: true, knows: { $in: [actor.userId] } }),
    // Whoever somebody moves to knows of it too; it is the one they come from who changes it.
    can('read', 'Case', { ...OTHER, secret: false, toUnitPath: inUnits(units) }),
    can('read', 'Handover', { ...OTHER, secret: false, unitPath: inUnits(units) }),
    ...ownDrafts(actor),
    ...shifts({ unitPath: inUnits(units) }, units),
    ...approvals({ via: 'manager', unitId: inUnits(units) }),
  ]
}

/**
 * A manager sees those who work (or are about to work) in the unit or below it, and of each of them the affiliation
 * there. Somebody who has left, or is only a pupil, is not there at all.
 */
export function unitRules(units: readonly string[], schools: readonly string[]): Rules {
  if (units.length === 0) return []
  const own = inUnits(units)
  const person = ['basic', 'protectedName', 'contact', 'history']
  const ownSchools = schools.filter(school => units.includes(school))
  const pupils: Rules =
    ownSchools.length === 0
      ? []
      : [
          can('read', 'Person', { kind: 'pupil', status: 'active', unitIds: inUnits(ownSchools) }, ['basic']),
          can('read', 'Affiliation', { kind: 'pupil', status: 'active', unitPath: inUnits(ownSchools) }, [
            'basic',
            'details',
          ]),
          can('read', 'Account', { personKind: 'pupil', unitIds: inUnits(ownSchools) }, ['basic']),
          can('read', 'Right', { personKind: 'pupil', unitPath: inUnits(ownSchools) }),
        ]
  return [
    ...pupils,
    can('read', 'Person', { kind: NOT_PUPIL, status: 'active', unitIds: own }, person),
    can('read', 'Person', { kind: NOT_PUPIL, status: 'future', unitPath: own }, person),
    // Another job of the same person: that it exists, not its details.
    can('read', 'Affiliation', { kind: STAFF_AFFILIATIONS, status: { $in: ['active', 'future'] } }, ['basic']),
    can('read', 'Affiliation', { kind: STAFF_AFFILIATIONS, unitPath: own }, ['basic', 'details', 'leave']),
    can('read', 'Account', { personKind: NOT_PUPIL, unitIds: own }, ['basic', 'details']),
    can('read', 'Finding', { personKind: NOT_PUPIL, unitPath: own }),
    // Whether their unit does the work that a right is for, those who lead it know best.
    can('decide', 'Finding', { personKind: NOT_PUPIL, unitPath: own, answers: 'manager' }),
    can('read', ['Order', 'Task'], { personKind: NOT_PUPIL, unitPath: own }),
    // Whoever leads people hands them their things, and gets them back.
    can('decide', 'Task', { personKind: NOT_PUPIL, unitPath: own, kit: true }),
    can('read', 'Right', { personKind: NOT_PUPIL, unitPath: own }),
    can('grant', 'Right', { personKind: NOT_PUPIL, unitPath: own }),
    can('verify', 'Right', { personKind: NOT_PUPIL, unitPath: own }),
    can('read', ['Unit', 'System']),
  ]
}
