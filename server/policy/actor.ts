import type { ToolRole } from '#contract/permissions.ts'
import type { TokenRight } from '#contract/tokens.ts'

export type SignInVia = 'demo' | 'local' | 'directory'
/** Another program with a token: its own rights, and the source for which it speaks. No person, no roles. */
export type Program = { tokenId: string; rights: readonly TokenRight[]; feed: string }

/** The signed-in person as the policy sees them: roles and the scope that goes with each. Loaded anew per request. */
export type Actor = {
  userId: string
  /** null for outsiders, the first administrator and emergency access: they are nobody of the municipality. */
  personId: string | null
  displayName: string
  kind: 'person' | 'outsider' | 'administrator' | 'emergency'
  roles: readonly ToolRole[]
  /** Units that the person manages. What stands below them belongs to them. */
  units: readonly string[]
  /** Units for which the person stands in today, as permanent or dated deputy. */
  actingFor: readonly string[]
  /** Units that the person prepares reports for, and what stands below them. */
  reportsFor?: readonly string[]
  /** Units in which the person has an employment and is at work: who comes there for a shift, a colleague may confirm. */
  worksIn?: readonly string[]
  /** Schools among the units of either kind: a school's leader sees the pupils of the own school. */
  schools: readonly string[]
  /** Systems that the person owns. */
  systems: readonly string[]
  /** Systems whose tasks the person does too: responsible for them, or deputy of whoever owns them. */
  tends?: readonly string[]
  /** Answers for at least one record of processing. */
  keeps?: boolean
  /** Owns a right that its own owner agrees to. */
  agrees?: boolean
  via: SignInVia | 'token'
  /** Set where it is another program that asks: it is an outsider without roles. */
  program?: Program
  /** On call for emergency locks now. */
  onCall?: boolean
  /** A second factor was given in this session. */
  secondFactor: boolean
  /** The first day on which a time-boxed role no longer holds; null when none is. */
  until: string | null
}

/** Roles that see other people's data, and so need a second factor. */
export function seesOthers(actor: Pick<Actor, 'roles' | 'onCall' | 'tends' | 'agrees'>): boolean {
  return (
    actor.onCall === true ||
    actor.agrees === true ||
    (actor.tends ?? []).length > 0 ||
    actor.roles.some(role => role !== 'employee')
  )
}

/** What is left of an actor who has not given the second factor they need, where `/me` is allowed without: the own page. */
export function ownPageOnly(actor: Actor): Actor {
  return {
    ...actor,
    roles: actor.roles.includes('employee') ? ['employee'] : [],
    units: [],
    actingFor: [],
    reportsFor: [],
    worksIn: [],
    schools: [],
    systems: [],
    tends: [],
    agrees: false,
    keeps: false,
    onCall: false,
  }
}
