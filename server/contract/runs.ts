import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { planItemFilter, planItemRow, rejectRow, runDetail, runFilter, runRow, sourceRow } from './feeds.ts'
import { runState } from './lists.ts'
import * as s from './shapes.ts'

const run = z.object({ runId: s.id })
const source = z.object({ sourceKey: z.string().max(100) })

export const listSources = endpoint({
  id: 'listSources',
  path: '/sources',
  permission: 'run.read',
  summary: 'Where data come from, how fresh they are and how the last runs went',
  response: z.object({ rows: z.array(sourceRow) }),
})
export const listRuns = endpoint({
  id: 'listRuns',
  path: '/runs',
  permission: 'run.read',
  summary: 'Runs, newest first',
  query: runFilter,
  response: z.object({ rows: z.array(runRow), total: z.number().int() }),
})
export const getRun = endpoint({
  id: 'getRun',
  path: '/runs/:runId',
  permission: 'run.read',
  summary: 'A run: phases, progress, counts by kind, what is held back, the decision',
  params: run,
  response: runDetail,
  problems: ['not-found'],
})
export const searchPlan = endpoint({
  id: 'searchPlan',
  method: 'POST',
  path: '/runs/:runId/plan',
  kind: 'search',
  permission: 'run.read',
  summary: "A run's plan as a diff; the text may be a name, so it is sent in the body",
  params: run,
  body: planItemFilter,
  response: z.object({ rows: z.array(planItemRow), total: z.number().int() }),
  problems: ['not-found'],
})
export const listRejects = endpoint({
  id: 'listRejects',
  path: '/runs/:runId/rejects',
  permission: 'run.read',
  summary: 'Records that could not be used, where they stand and why',
  params: run,
  query: z.object({ ...s.page.shape }),
  response: z.object({ rows: z.array(rejectRow), total: z.number().int() }),
  problems: ['not-found'],
})
export const startRun = endpoint({
  id: 'startRun',
  method: 'POST',
  path: '/sources/:sourceKey/runs',
  permission: 'run.start',
  summary: 'Read a source now; a dry run plans and changes nothing. Answers at once, the run goes on',
  params: source,
  body: z.object({ dryRun: z.boolean().default(false) }),
  response: z.object({ runId: s.id.nullable() }),
  problems: ['not-found', 'run-in-progress', 'source-invalid'],
})
export const approveRun = endpoint({
  id: 'approveRun',
  method: 'POST',
  path: '/runs/:runId/approve',
  permission: 'run.approve',
  summary: 'Carry out what the guards hold back; `hash` is the `heldHash` of the diff that was looked at',
  params: run,
  body: z.object({ hash: z.string().max(200), reason: z.string().trim().max(500).optional() }),
  response: z.object({ state: runState, applied: z.number().int() }),
  problems: ['not-found', 'plan-stale', 'second-person-needed', 'run-in-progress'],
})
export const rejectRun = endpoint({
  id: 'rejectRun',
  method: 'POST',
  path: '/runs/:runId/reject',
  permission: 'run.approve',
  summary: 'Do not carry out what the guards hold back',
  params: run,
  body: z.object({ hash: z.string().max(200), reason: z.string().trim().min(5).max(500) }),
  response: z.object({ state: runState }),
  problems: ['not-found', 'plan-stale', 'reason-needed'],
})

export const retryRun = endpoint({
  id: 'retryRun',
  method: 'POST',
  path: '/runs/:runId/retry',
  permission: 'run.start',
  summary: 'Read the source of a run that failed or was rejected once more. Answers at once, the new run goes on',
  params: z.object({ runId: s.id }),
  response: z.object({ runId: s.id }),
  problems: ['not-found', 'run-in-progress', 'plan-stale', 'source-invalid'],
})
