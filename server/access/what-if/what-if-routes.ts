import * as contract from '#contract/what-if.ts'
import * as byForm from '#contract/what-if-form.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import type { AfterDecided } from '../after-decided.ts'
import type { LocalAdministrators } from '../last-administrator.ts'
import type { UserNames } from '../rules-routes.ts'
import { choicesView } from './choices-view.ts'
import { draftFormView, putForm } from './draft-forms.ts'
import { loadResult, type StoredDraft } from './draft-store.ts'
import * as drafts from './drafts-service.ts'
import {
  compareView,
  draftsView,
  draftView,
  type Narrowed,
  resultView,
  visibleDraft,
  whatIfPeople,
} from './drafts-views.ts'
import { exportFile, exportLines } from './export-what-if.ts'

type Parts = {
  db: Db
  clock: Clock
  userNames: UserNames
  localAdministrators?: LocalAdministrators
  afterDecided?: readonly AfterDecided[]
}
type Of = { actor: Actor; requestId: string }
/** More rows than a person can use; a file of them all is tens of megabytes. */
const MOST_EXPORTED = 50_000

const found = <T>(answer: T | null): T => {
  if (answer === null) throw problem('not-found')
  return answer
}

/** Drafts of changes. Whoever is shown whom one moves has looked them up: it is logged. */
export function whatIfRoutes(
  routes: Routes<Actor>,
  { db, clock, userNames, localAdministrators, afterDecided = [] }: Parts,
): void {
  const when = () => ({
    ...{ today: clock.today(), now: clock.now(), after: afterDecided },
    ...(localAdministrators ? { localAdministrators } : {}),
  })
  const named = async (tx: Tx, ids: readonly (string | null)[]) => {
    const names = await userNames(
      tx,
      ids.filter(id => id !== null),
    )
    return (id: string | null) => (id === null ? null : (names.get(id) ?? id))
  }
  const note = (tx: Tx, call: Of, action: string, draftId: string, detail?: unknown) =>
    audit(tx).write({
      actor: auditActor(call.actor),
      action,
      subjectKind: 'what-if',
      subjectId: draftId,
      detail,
      requestId: call.requestId,
    })
  const looked = (tx: Tx, call: Of, query: Record<string, string | number | boolean | null>, count: number) =>
    audit(tx).lookupList({
      ...{ actor: auditActor(call.actor), action: 'what-if.people-viewed', query, count, requestId: call.requestId },
    })
  const toChange = async (tx: Tx, call: Of, id: string): Promise<StoredDraft> =>
    found(await visibleDraft(tx, call.actor, id, 'change'))
  const counts = (summary: { total: object; guards: readonly object[] }) => ({
    ...summary.total,
    guards: summary.guards.length,
  })

  routes.add(contract.listDrafts, async call => {
    const page = await draftsView(call.tx, call.actor, call.query)
    const name = await named(
      call.tx,
      page.rows.map(row => row.owner),
    )
    return { ...page, rows: page.rows.map(row => ({ ...row, owner: name(row.owner) ?? row.owner })) }
  })
  routes.add(contract.listDraftChoices, async call => ({ rows: await choicesView(call.tx, call.query) }))
  routes.add(contract.getDraft, async call => {
    const page = found(await draftView(call.tx, call.actor, call.params.draftId, clock.today()))
    const name = await named(call.tx, [page.owner, ...page.timeline.map(one => one.by)])
    return {
      ...page,
      owner: name(page.owner) ?? page.owner,
      timeline: page.timeline.map(one => ({ ...one, by: name(one.by) })),
    }
  })
  routes.add(contract.createDraft, async call => {
    const id = await drafts.createDraft(call.tx, call.body, call.actor.userId, when())
    await note(call.tx, call, 'what-if.created', id, { onDate: call.body.onDate, changes: call.body.changes.length })
    return { id }
  })
  routes.add(contract.changeDraft, async call => {
    const draft = await toChange(call.tx, call, call.params.draftId)
    const version = await drafts.changeDraft(call.tx, draft, call.body, when())
    const kinds = call.body.changes.map(one => one.kind)
    await note(call.tx, call, 'what-if.changed', draft.id, { onDate: call.body.onDate, changes: kinds, version })
    return { version }
  })
  routes.add(contract.addDraftRules, async call => {
    const draft = await toChange(call.tx, call, call.params.draftId)
    const added = await drafts.rulesAsChanges(call.tx, call.body.yaml)
    const changes = [...draft.changes, ...added]
    const version = await drafts.changeDraft(call.tx, draft, { ...draft, changes, version: call.body.version }, when())
    await note(call.tx, call, 'what-if.changed', draft.id, { changes: changes.map(one => one.kind), version })
    return { version }
  })
  routes.add(byForm.getDraftForm, async call => {
    const draft = found(await visibleDraft(call.tx, call.actor, call.params.draftId))
    return found(await draftFormView(call.tx, call.actor, draft, call.query, clock.today()))
  })
  routes.add(byForm.putDraftForm, async call => {
    const draft = await toChange(call.tx, call, call.params.draftId)
    const changes = await putForm(call.tx, draft, call.body)
    const version = await drafts.changeDraft(call.tx, draft, { ...draft, changes, version: call.body.version }, when())
    await note(call.tx, call, 'what-if.changed', draft.id, { changes: changes.map(one => one.kind), version })
    return { version }
  })
  routes.addOwn(contract.computeDraft, async call => {
    const { base } = call.body
    const { draft, worked } = await db.snapshot(async tx => {
      const seen = found(await visibleDraft(tx, call.actor, call.params.draftId))
      if (seen.state === 'applied' || seen.state === 'withdrawn') return { draft: seen, worked: null }
      return { draft: seen, worked: await drafts.workOut(tx, seen, base, when()) }
    })
    // What is decided keeps the result that it was decided on.
    if (!worked)
      return db.transaction(async tx => {
        await note(tx, call, 'what-if.computed', draft.id, { base, kept: true })
        return { hash: (await loadResult(tx, draft.id, base))?.hash ?? '' }
      })
    return db.transaction(async tx => {
      await drafts.saveWorked(tx, draft, base, worked, clock.now())
      await note(tx, call, 'what-if.computed', draft.id, { base, ...counts(worked.summary) })
      return { hash: worked.computed.hash }
    })
  })
  routes.add(contract.getWhatIf, async call => {
    const draft = found(await visibleDraft(call.tx, call.actor, call.params.draftId))
    return { result: await resultView(call.tx, draft, call.query.base, clock.today()) }
  })
  routes.addOwn(contract.searchWhatIfPeople, call =>
    db.snapshotOnRecord(async tx => {
      const draft = found(await visibleDraft(tx, call.actor, call.params.draftId))
      const page = await whatIfPeople(tx, call.actor, draft.id, call.body)
      if (page.total > 0) await looked(tx, call, queryOf(draft.id, call.body), page.total)
      return page
    }),
  )
  routes.addOwn(contract.exportWhatIf, async call => {
    const { format, language } = call.body
    const { draft, rows } = await db.snapshotOnRecord(async tx => {
      const seen = found(await visibleDraft(tx, call.actor, call.params.draftId))
      const page = await whatIfPeople(tx, call.actor, seen.id, { ...call.body, offset: 0, limit: MOST_EXPORTED })
      await looked(tx, call, { ...queryOf(seen.id, call.body), format }, page.total)
      return { draft: seen, rows: page.rows }
    })
    const file = await exportFile(exportLines(rows, language), format)
    return {
      fileName: `${draft.onDate}-${draft.id.slice(0, 8)}.${format}`,
      mediaType:
        format === 'csv'
          ? 'text/csv;charset=utf-8'
          : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      base64: file.toString('base64'),
    }
  })
  routes.addOwn(contract.compareDrafts, call =>
    db.snapshotOnRecord(async tx => {
      const { base } = call.query
      const one = found(await visibleDraft(tx, call.actor, call.params.draftId))
      const other = found(await visibleDraft(tx, call.actor, call.params.otherId))
      const page = await compareView(tx, call.actor, [one.id, other.id], call.query)
      if (page.rows.length > 0) await looked(tx, call, { draft: one.id, other: other.id, base }, page.total)
      const computed = async (id: string) => (await loadResult(tx, id, base)) !== null
      return {
        ...page,
        names: { one: one.name, other: other.name },
        computed: { one: await computed(one.id), other: await computed(other.id) },
      }
    }),
  )
  routes.add(contract.shareDraft, async call => {
    const draft = await toChange(call.tx, call, call.params.draftId)
    await drafts.shareDraft(call.tx, draft, call.body.shared, when())
    await note(call.tx, call, call.body.shared ? 'what-if.shared' : 'what-if.unshared', draft.id)
    return { shared: call.body.shared }
  })
  routes.add(contract.approveDraft, async call => {
    const draft = await toChange(call.tx, call, call.params.draftId)
    const summary = await drafts.approveDraft(call.tx, draft, { hash: call.body.hash, by: call.actor.userId }, when())
    await note(call.tx, call, 'what-if.approved', draft.id, { hash: call.body.hash, ...counts(summary) })
    return { state: 'approved' as const }
  })
  routes.add(contract.applyDraft, async call => {
    const draft = await toChange(call.tx, call, call.params.draftId)
    const done = await drafts.applyDraft(call.tx, draft, call.actor.userId, when())
    await note(call.tx, call, done.state === 'applied' ? 'what-if.applied' : 'what-if.held', draft.id, done)
    return { state: done.state }
  })
  routes.add(contract.withdrawDraft, async call => {
    const draft = await toChange(call.tx, call, call.params.draftId)
    const { reason } = call.body
    await drafts.withdrawDraft(call.tx, draft, { by: call.actor.userId, reason }, when())
    await note(call.tx, call, 'what-if.withdrawn', draft.id, { reason })
    return { state: 'withdrawn' as const }
  })
}

function queryOf(draft: string, { base, effect, unit, system, cause, text }: Narrowed) {
  return {
    ...{ draft, base, effect: effect ?? null, unit: unit ?? null, system: system ?? null, cause: cause ?? null },
    text: Boolean(text),
  }
}
