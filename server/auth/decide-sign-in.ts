import { type Actor, ownPageOnly, type SignInVia, seesOthers } from '../policy/actor.ts'
import type { LoadedUser } from './actor-views.ts'

export type FactorState = 'none' | 'needed' | 'enrol'

/**
 * What is left to do before a session counts as signed in. A second factor is asked of every role that sees others' data,
 * and of everybody who has set one up; the demonstration does without, saying so.
 */
export function factorState(user: LoadedUser, session: { via: SignInVia; secondFactor: boolean }): FactorState {
  if (session.via === 'demo' || session.secondFactor) return 'none'
  if (user.factors.totp || user.factors.passkey) return 'needed'
  return seesOthers(user.base) ? 'enrol' : 'none'
}

/**
 * The actor whom the rest of the house may know of. Before the second factor that is nobody, or, on the municipality's own
 * network where the municipality waives it, the own page and nothing else.
 */
export function effectiveActor(
  user: LoadedUser,
  session: { via: SignInVia; secondFactor: boolean },
  onOwnNetwork: boolean,
): Actor | null {
  const actor: Actor = { ...user.base, via: session.via, secondFactor: session.secondFactor }
  if (factorState(user, session) === 'none') return actor
  const reduced = ownPageOnly(actor)
  return onOwnNetwork && reduced.roles.length > 0 && reduced.personId !== null ? reduced : null
}
