import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/** One thing that needs this person: a text key, a count, and where its rows are. */
export const todo = z.object({
  code: z.enum([
    'run-held',
    'rules-held',
    'mappings-held',
    'groups-unmapped',
    'rights-no-description',
    'rights-no-owner',
    'licences-over-cap',
    'run-failed',
    'source-stale',
    'accounts-unmatched',
    'accounts-disputed',
    'leavers-active',
    'accounts-dormant-admin',
    'titles-unknown',
    'emergency-unchecked',
    'grace-after-move',
    'people-locked',
    'team-locked',
    'tasks-waiting',
    'tasks-escalated',
    'orders-held',
    'orders-parked',
    'nobody-on-call',
    'units-unmapped',
    'starters',
    'leavers',
    'ending-soon',
    'vacant-posts',
    'team-drift',
    'system-drift',
    'rules-expiring',
    'rules-catch-nobody',
    'special-rights',
    'own-drift',
    'systems-not-read',
    'findings-high',
    'findings-mine',
    'systems-no-owner',
    'systems-no-contract',
    'systems-no-groups',
    'systems-attest',
    'contract-notice-30',
    'contract-notice-60',
    'contract-notice-90',
    'reports-mine',
    'reports-ready',
    'reports-near',
    'approvals-waiting',
    'handovers-open',
    'activities-decide',
    'activities-attest',
    'activities-advice',
    'activities-proposed',
    'activities-due',
    'bindings-waiting',
    'bindings-review',
    'purposes-proposed',
    'systems-no-purpose',
    'rectifications',
    'rectifications-late',
    'rectifications-answered',
    'board-late',
    'board-today',
    'proof-overdue',
  ]),
  severity: z.enum(['act', 'look', 'good']),
  count: z.number().int(),
  /** Path and search parameters of the screen that lists the rows. */
  to: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
})
/** A number and where its rows are; null: nothing to list. */
export const figure = z.object({
  code: z.string(),
  value: z.number().int(),
  /** What it is a part of; null: it is no share. */
  of: z.number().int().nullable(),
  to: z.string().nullable(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
})

export const getHome = endpoint({
  id: 'getHome',
  path: '/home',
  permission: 'signed-in',
  summary: 'The few things that need the signed-in person, by role',
  response: z.object({
    sections: z.array(
      z.object({
        role: z.enum(['hr', 'it', 'dpo', 'manager', 'systemowner', 'employee', 'auditor']),
        todos: z.array(todo),
        figures: z.array(figure),
        people: z.array(
          z.object({ person: s.personRef, note: z.string(), on: s.civilDate.nullable(), unit: s.unitRef.nullable() }),
        ),
        /** Who comes and goes in the next thirty days, by unit and week. */
        ahead: z
          .array(
            z.object({
              unit: s.unitRef,
              weeks: z.array(z.object({ starts: z.number().int(), ends: z.number().int() })),
            }),
          )
          .optional(),
      }),
    ),
    today: s.civilDate,
    freshness: z.array(
      z.object({ source: z.string(), name: z.string(), readAt: s.instant.nullable(), stale: z.boolean() }),
    ),
  }),
})

export const searchAll = endpoint({
  id: 'searchAll',
  method: 'POST',
  path: '/search',
  kind: 'search',
  permission: 'signed-in',
  summary:
    'Search as you type: people, units, systems, rights, rules, roles that the reader may see. One slip in a word is forgiven, below what is spelt as asked',
  body: z.object({
    text: z.string().trim().min(1).max(100),
    /** Only these kinds; without it all. */
    only: z.enum(['people', 'systems']).optional(),
  }),
  response: z.object({
    people: z.array(
      z.object({
        id: s.id,
        name: z.string().nullable(),
        title: z.string().nullable(),
        unit: z.string().nullable(),
        kind: s.personKind,
      }),
    ),
    units: z.array(z.object({ id: s.id, name: z.string(), parent: z.string().nullable() })),
    systems: z.array(s.systemRef),
    rules: z.array(z.object({ key: z.string(), name: z.string() })),
    roles: z.array(z.object({ key: z.string(), name: z.string() })),
    entitlements: z.array(z.object({ id: s.id, key: z.string(), name: z.string(), system: s.systemRef })),
    /** What `hvorfor <person> <system or right>` asks for: the page that says why. */
    why: z.array(
      z.object({
        person: s.personRef,
        entitlement: z.object({ id: s.id, key: z.string(), name: z.string(), system: s.systemRef }),
      }),
    ),
  }),
})
