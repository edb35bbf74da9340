import type { ToolRole } from '../../../server/contract/permissions.ts'
import type { Actor } from '../../../server/policy/actor.ts'

/** An actor with the given roles and scopes; whatever is not said is empty. */
export function actor(roles: ToolRole[], scope: Partial<Actor> = {}): Actor {
  return {
    userId: '00000000-0000-4000-8000-000000000001',
    personId: '00000000-0000-4000-8000-00000000aaaa',
    displayName: 'Test',
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
  }
}
