import { at, type Section } from './home-parts.ts'

/** Worklists of rights, as `lackCounts` gave their numbers. `scope`: the list's own filter. */
export const lackTodos = (n: Record<string, number>, scope: { own?: boolean }): Section['todos'] => [
  at('licences-over-cap', 'act', n['lack_over-cap'], '/systems/entitlements', { ...scope, lack: 'over-cap' }),
  at('rights-no-description', 'look', n.lack_description, '/systems/entitlements', { ...scope, lack: 'description' }),
  at('rights-no-owner', 'look', n.lack_owner, '/systems/entitlements', { ...scope, lack: 'owner' }),
]
