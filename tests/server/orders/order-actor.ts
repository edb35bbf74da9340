import { newId } from '../../../server/platform/ids.ts'
import type { Actor } from '../../../server/policy/actor.ts'

/** Somebody with these roles, in scopes that the test says. */
export const actor = (roles: Actor['roles'], more: Partial<Actor> = {}): Actor => ({
  ...{ userId: newId(), personId: null, displayName: 'x', kind: 'person' as const, roles },
  ...{ units: [], actingFor: [], schools: [], reportsFor: [], systems: [] },
  ...{ via: 'local' as const, secondFactor: true, until: null, ...more },
})
