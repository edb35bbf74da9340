import { exportMatrix, getFlow, getHeat, getMatrix } from '#contract/matrix.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { lookAtList } from '../look.ts'
import { flowView, readFlow } from './flow-views.ts'
import { narrowMatrix } from './matrix-export.ts'
import { flowFile, matrixFile } from './matrix-file.ts'
import { heatView, type MatrixQuery, matrixView } from './matrix-views.ts'

type Parts = { db: Db; clock: Clock }

/** What was asked, as the log keeps it: that a text was searched for, not which. */
const asked = ({ text, ...query }: Partial<MatrixQuery>, view: string) => ({
  view,
  ...query,
  ...(text ? { text: true } : {}),
})

export function matrixRoutes(routes: Routes<Actor>, { db, clock }: Parts): void {
  routes.addOwn(getMatrix, call =>
    lookAtList(
      db,
      call,
      tx => matrixView(tx, call.actor, call.body, clock),
      answer => ({
        action: 'rights.matrix-viewed',
        query: asked(call.body, 'matrix'),
        count: answer.people.length,
      }),
    ),
  )
  routes.addOwn(getHeat, call =>
    lookAtList(
      db,
      call,
      tx => heatView(tx, call.actor, call.body, clock),
      answer => ({ action: 'rights.matrix-viewed', query: asked(call.body, 'heat'), count: answer.total }),
    ),
  )
  routes.addOwn(getFlow, call =>
    lookAtList(
      db,
      call,
      tx => flowView(tx, call.actor, call.body, clock),
      answer => ({ action: 'rights.matrix-viewed', query: asked(call.body, 'flow'), count: answer.people }),
    ),
  )
  // A file leaves the house: on record each time, and not made when the record cannot be.
  routes.addOwn(exportMatrix, async call => {
    const { find, flow, query, format } = call.body
    const who = { actor: call.actor, clock }
    const view = flow ? 'flow' : 'matrix'
    const onRecord = (tx: Tx, count: number) =>
      audit(tx).write({
        actor: auditActor(call.actor),
        action: 'rights.matrix-exported',
        subjectKind: 'list',
        detail: { query: { ...asked({ ...query, ...flow }, view), ...(find ? { find } : {}) }, format, count },
        requestId: call.requestId,
      })
    if (flow) {
      const { columns: _, ...filter } = query
      const answer = await db.snapshotOnRecord(async tx => {
        const read = await readFlow(tx, call.actor, { ...filter, ...flow }, clock)
        await onRecord(tx, read.flow.people)
        return read
      })
      return flowFile(answer, call.body, who)
    }
    const matrix = await db.snapshotOnRecord(async tx => {
      const answer = narrowMatrix(await matrixView(tx, call.actor, query, clock), find ?? '')
      await onRecord(tx, answer.people.length)
      return answer
    })
    return matrixFile(matrix, call.body, who)
  })
}
