import { exportProof, getProof, listProof } from '#contract/lifecycle-proof.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { proofPdf } from './proof-pdf.ts'
import type { ProofReport } from './proof-report.ts'
import { proofLines, proofSheet, proofView } from './proof-views.ts'
import { proofFormats } from './proof-words.ts'
import { proofWorkbook } from './proof-workbook.ts'

/** What one file holds; more is told in the file, and a shorter period holds it. */
const MOST_LINES = 20_000
/** A table that people turn the pages of. */
const MOST_PRINTED = 3_000

/** Proof that whoever has left has nothing left. */
export function proofRoutes(routes: Routes<Actor>, { db, clock }: { db: Db; clock: Clock }): void {
  const when = () => ({ today: clock.today(), now: clock.now() })
  routes.addOwn(listProof, async call => {
    inOrder(call.query)
    return db.snapshotOnRecord(async tx => {
      const answer = await proofView(tx, call.actor, call.query, when())
      const { offset: _, limit: __, ...query } = call.query
      if (answer.people > 0)
        await audit(tx).lookupList({
          actor: auditActor(call.actor),
          action: 'proof.listed',
          query: { from: query.from, to: query.to, unit: query.unit ?? null, show: query.show ?? null },
          count: answer.total,
          requestId: call.requestId,
        })
      return answer
    })
  })
  routes.addOwn(getProof, call =>
    db.snapshotOnRecord(async tx => {
      const sheet = await proofSheet(tx, call.actor, call.params.affiliationId, when())
      if (!sheet) throw problem('not-found')
      await audit(tx).lookup({
        actor: auditActor(call.actor),
        personId: sheet.row.person.id,
        action: 'proof.viewed',
        requestId: call.requestId,
      })
      return sheet
    }),
  )
  // A file leaves the house: on record each time, and not made when the record cannot be.
  routes.addOwn(exportProof, async call => {
    const { from, to, unit, format, language } = call.body
    inOrder(call.body)
    const most = format === 'pdf' ? MOST_PRINTED : MOST_LINES
    const { lines, place } = await db.snapshotOnRecord(async tx => {
      const lines = await proofLines(tx, call.actor, { from, to, unit }, when(), most + 1)
      const [place] = unit
        ? await tx.query<{ name: string }>('select name from org_unit_current where unit_id = $1', [unit])
        : []
      await audit(tx).write({
        actor: auditActor(call.actor),
        action: 'proof.exported',
        subjectKind: 'list',
        detail: { from, to, unit: unit ?? null, format, count: Math.min(most, lines.length) },
        requestId: call.requestId,
      })
      return { lines, place: place?.name ?? null }
    })
    const report: ProofReport = {
      ...{ from, to, unit: place, who: call.actor.displayName, madeAt: clock.now().toISOString() },
      lines: lines.slice(0, most),
      cut: lines.length > most,
    }
    const formats = proofFormats(language)
    const content =
      format === 'pdf' ? await proofPdf(report, formats, { language }) : await proofWorkbook(report, formats)
    return {
      fileName: `${formats.words.file}-${from}-${to}.${format}`,
      contentType:
        format === 'pdf' ? 'application/pdf' : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      content: content.toString('base64'),
    }
  })
}

export function inOrder({ from, to }: { from: string; to: string }): void {
  if (from < to) return
  throw problem('data-invalid', {
    detail: 'The period ends before it begins. `to` is the first day after it.',
    errors: [{ where: 'to', what: 'end-before-start' }],
  })
}
