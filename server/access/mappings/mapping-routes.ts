import {
  approveMappingChange,
  changeMappings,
  getGroupCase,
  listMappingChanges,
  listMappingConflicts,
  listMappings,
  type MappingCounts,
  previewMappings,
  previewPattern,
  rejectMappingChange,
  searchGroups,
  undoMappingChange,
} from '#contract/mappings.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import { statement } from '../../platform/statement.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import type { AfterDecided } from '../after-decided.ts'
import { personRefSql, visibleTo } from '../visible.ts'
import type { PersonDifference } from './carry-out-mappings.ts'
import { groupCaseView, groupsView } from './group-views.ts'
import * as change from './mapping-change-service.ts'
import { conflictsView, mappingChangesView, mappingsView } from './mapping-views.ts'
import { patternView } from './pattern-view.ts'

type UserNames = (tx: Tx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
type Parts = { db: Db; clock: Clock; userNames: UserNames; afterDecided?: readonly AfterDecided[] }

/** Which groups give which rights: the list of mappings, and the desk of groups that nobody has mapped. */
export function mappingRoutes(routes: Routes<Actor>, { db, clock, userNames, afterDecided = [] }: Parts): void {
  const named = async (tx: Tx, ids: readonly (string | null)[]) => {
    const known = await userNames(
      tx,
      ids.filter(id => id !== null),
    )
    return <Id extends string | null>(id: Id) => (id === null ? id : ((known.get(id) ?? id) as Id))
  }

  routes.add(listMappings, async call => {
    const answer = await mappingsView(call.tx, call.actor, call.query)
    const name = await named(
      call.tx,
      answer.rows.map(row => row.changedBy),
    )
    return { ...answer, rows: answer.rows.map(row => ({ ...row, changedBy: name(row.changedBy) })) }
  })
  routes.add(listMappingConflicts, call => conflictsView(call.tx, call.query))
  routes.add(listMappingChanges, async call => {
    const { rows } = await mappingChangesView(call.tx, call.actor)
    const name = await named(
      call.tx,
      rows.flatMap(row => [row.createdBy, row.decidedBy]),
    )
    return { rows: rows.map(row => ({ ...row, createdBy: name(row.createdBy), decidedBy: name(row.decidedBy) })) }
  })
  routes.add(searchGroups, call => groupsView(call.tx, call.actor, call.body))
  routes.addOwn(getGroupCase, async call => {
    const answer = await db.snapshot(async tx => {
      const found = await groupCaseView(tx, call.actor, call.params.groupId)
      if (!found) throw problem('not-found')
      if (!found.aside) return found
      const name = await named(tx, [found.aside.by])
      return { ...found, aside: { ...found.aside, by: name(found.aside.by) } }
    })
    if (answer.members.length > 0)
      await db.transaction(tx =>
        audit(tx).lookupList({
          actor: auditActor(call.actor),
          action: 'group.members-viewed',
          query: { group: answer.id },
          count: answer.people,
          requestId: call.requestId,
        }),
      )
    return answer
  })
  routes.add(previewPattern, call => {
    if (!allows(call.actor, 'change', 'Mapping', { systemId: null })) throw problem('not-allowed')
    return patternView(call.tx, call.body)
  })

  // A preview carries the change out and takes it back, so it needs a transaction that may write.
  routes.addOwn(previewMappings, call =>
    db.transaction(async tx => {
      const { counts, hash, differences } = await change.previewMappings(tx, call.body.steps, {
        actor: call.actor,
        now: clock.now(),
      })
      return { ...counts, hash, examples: await examplesOf(tx, call.actor, differences) }
    }),
  )
  routes.add(changeMappings, async call => {
    const { steps, hash, reason } = call.body
    const result = await change.changeMappings(call.tx, { steps, hash, reason: reason || null }, who(call))
    await note(call, result.applied ? 'mapping.changed' : 'mapping.held', result.changeId, {
      steps: steps.slice(0, 50),
      stepCount: steps.length,
      ...(reason ? { reason } : {}),
      ...countsOf(result),
    })
    return result
  })
  routes.add(undoMappingChange, async call => {
    const result = await change.undoMappingChange(call.tx, call.params.changeId, who(call))
    await note(call, result.applied ? 'mapping.undone' : 'mapping.held', result.changeId, {
      undoes: call.params.changeId,
      ...countsOf(result),
    })
    return result
  })
  routes.add(approveMappingChange, async call => {
    const result = await change.approveMappingChange(call.tx, call.params.changeId, who(call))
    await note(call, 'mapping.approved', call.params.changeId, countsOf(result))
    return result
  })
  routes.add(rejectMappingChange, async call => {
    await change.rejectMappingChange(call.tx, call.params.changeId, who(call))
    await note(call, 'mapping.rejected', call.params.changeId, { reason: call.body.reason })
    return { changeId: call.params.changeId }
  })

  const who = (call: { actor: Actor }) => ({
    ...{ actor: call.actor, now: clock.now(), today: clock.today() },
    after: afterDecided,
  })
  const note = (call: { tx: Tx; actor: Actor; requestId: string }, action: string, id: string, detail: unknown) =>
    audit(call.tx).write({
      actor: auditActor(call.actor),
      action,
      subjectKind: 'mapping-change',
      subjectId: id,
      detail,
      requestId: call.requestId,
    })
}

const countsOf = ({ groups, gains, losses, gaining, losing, deviating, reads, heldBack }: MappingCounts) => ({
  groups,
  gains,
  losses,
  gaining,
  losing,
  deviating,
  ...(reads && reads.length > 0 ? { reads: reads.map(one => one.id) } : {}),
  heldBack,
})

const EXAMPLES = 20
const KEYS = 50

async function examplesOf(tx: Tx, actor: Actor, differences: readonly PersonDifference[]) {
  const q = statement()
  const may = visibleTo(actor, q)
  const rows = await tx.query<{ place: number; person: { id: string; name: string | null; protected: boolean } }>(
    `select (w.place - 1)::int as place, ${personRefSql('p', may.name('p'))} as person
     from unnest(${q.bind(
       differences.map(one => one.personId),
       'uuid[]',
     )}) with ordinality as w (person_id, place)
     join person_current p on p.person_id = w.person_id
     where ${may.person('p')} order by w.place limit ${EXAMPLES}`,
    q.params,
  )
  return rows.map(({ place, person }) => {
    const { gains, losses } = differences[place] as PersonDifference
    return { person, gains: gains.slice(0, KEYS), losses: losses.slice(0, KEYS) }
  })
}
