import { newId } from '../../server/platform/ids.ts'
import type { Actor } from '../../server/policy/actor.ts'

/** A signed-in person as the policy sees them, with nothing but what the test says. */
export const actor = (roles: Actor['roles'], scope: Partial<Actor> = {}): Actor => ({
  userId: newId(),
  personId: null,
  displayName: roles.join(' '),
  kind: 'person',
  roles,
  units: [],
  actingFor: [],
  schools: [],
  systems: [],
  via: 'local',
  secondFactor: true,
  until: null,
  ...scope,
})
