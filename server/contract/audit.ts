import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

export const auditRow = z.object({
  id: z.number().int(),
  at: s.instant,
  /** Who: null for the system itself and for the command line. */
  actor: z.object({ userId: s.id, name: z.string() }).nullable(),
  actorKind: z.enum(['user', 'system', 'cli']),
  /** In which function: a tool role, or the name of a job. */
  actorFunction: z.string(),
  /** `<subject>.<verb>`, such as `person.viewed`, `run.started`, `rules.imported`. */
  action: z.string(),
  subjectKind: z.string(),
  subjectId: z.string().nullable(),
  person: s.personRef.nullable(),
  lookup: z.boolean(),
  /** null: sealed later. */
  sealedAt: s.instant.nullable(),
})
export const listAudit = endpoint({
  id: 'listAudit',
  method: 'POST',
  path: '/audit/search',
  kind: 'search',
  permission: 'audit.read',
  summary: 'Who did what, newest first',
  body: z.object({
    from: s.civilDate.optional(),
    /** Last day, included. */
    to: s.civilDate.optional(),
    action: z.string().trim().max(100).optional(),
    actorUser: s.id.optional(),
    person: s.id.optional(),
    subjectKind: z.string().max(60).optional(),
    subjectId: z.string().max(200).optional(),
    lookup: z.boolean().optional(),
    ...s.page.shape,
  }),
  response: z.object({ rows: z.array(auditRow), total: z.number().int(), actions: z.array(z.string()) }),
})
export const getAuditEntry = endpoint({
  id: 'getAuditEntry',
  path: '/audit/:entryId',
  permission: 'audit.read',
  summary: 'One entry with before and after',
  params: z.object({ entryId: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) }),
  response: auditRow.extend({
    requestId: z.string().nullable(),
    /** Erased on schedule: what it was about is gone, that it happened is not. */
    erasedAt: s.instant.nullable(),
    before: z.unknown().nullable(),
    after: z.unknown().nullable(),
    detail: z.unknown().nullable(),
    seal: z.object({ seq: z.number().int(), hash: z.string() }).nullable(),
  }),
  problems: ['not-found'],
})
export const verifyAuditChain = endpoint({
  id: 'verifyAuditChain',
  method: 'POST',
  path: '/audit/verify',
  kind: 'search',
  permission: 'audit.verify',
  summary: 'Recompute the chain and name the first link that does not hold',
  response: z.object({
    ok: z.boolean(),
    checked: z.number().int(),
    unsealed: z.number().int(),
    head: z.object({ seq: z.number().int(), hash: z.string() }).nullable(),
    firstBroken: z.object({ entryId: z.number().int().nullable(), seq: z.number().int(), why: z.string() }).nullable(),
  }),
})
