import {
  getPersonCase,
  keepPersonsApart,
  listMerges,
  listPersonCases,
  mergePersons,
  previewMerge,
  reopenPersonCase,
  unmergePersons,
} from '#contract/person-matches.ts'
import { audit, type LookupAction } from '../audit/audit-store.ts'
import { decideMatch } from '../people/match-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import type { Keyring } from '../platform/keyring.ts'
import { problem } from '../platform/problem.ts'
import { statement } from '../platform/statement.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { auditActor } from '../policy/policy.ts'
import type { AfterDecided } from './after-decided.ts'
import type { LocalAdministrators } from './last-administrator.ts'
import { checkUnchanged, merge, mergeEffect, unmerge } from './merge-people.ts'
import type { CountOrders } from './orders-ahead.ts'
import { comparePeople, mayMerge, mergesView, personCasesView, personCaseView } from './person-match-views.ts'
import { personRefSql, unitRefSql, visibleTo } from './visible.ts'

type NamesOf = (tx: Tx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
type Parts = {
  db: Db
  clock: Clock
  keyring: Keyring
  localAdministrators?: LocalAdministrators
  afterDecided?: readonly AfterDecided[]
  userNames: NamesOf
  countOrders: CountOrders
}
type Who = { actor: Actor; requestId: string }

/** Who is who: pairs that may be one person, merging them and taking them apart. */
export function mergeRoutes(
  routes: Routes<Actor>,
  { db, clock, keyring, localAdministrators, userNames, afterDecided = [], countOrders }: Parts,
): void {
  const parts = () => ({
    ...{ keyring, now: clock.now(), today: clock.today(), after: afterDecided },
    ...(localAdministrators ? { localAdministrators } : {}),
  })
  const names = (tx: Tx) => (ids: readonly string[]) => userNames(tx, ids)

  routes.addOwn(listPersonCases, async call => {
    const answer = await db.snapshot(tx => personCasesView(tx, call.actor, call.body))
    if (answer.total === 0) return answer
    const { state, evidence, text } = call.body
    await db.transaction(tx =>
      audit(tx).lookupList({
        actor: auditActor(call.actor),
        action: 'person-match.searched',
        query: { state, evidence: evidence ?? null, text: Boolean(text) },
        count: answer.total,
        requestId: call.requestId,
      }),
    )
    return answer
  })
  routes.addOwn(getPersonCase, async call => {
    const answer = await db.snapshot(tx => personCaseView(tx, call.actor, call.params.caseId, names(tx)))
    if (!answer) throw problem('not-found')
    await db.transaction(tx =>
      looked(
        tx,
        call,
        answer.people.map(side => side.person.id),
        'person-match.viewed',
      ),
    )
    return answer
  })
  routes.add(keepPersonsApart, async call => {
    await decidable(call.tx, call.actor, call.params.caseId)
    await decideMatch(call.tx, call.params.caseId, {
      from: 'open',
      to: 'different',
      by: call.actor.userId,
      reason: call.body.reason ?? null,
    })
    await note(call, 'person-match.different', { subjectId: call.params.caseId, reason: call.body.reason })
    return { id: call.params.caseId }
  })
  routes.add(reopenPersonCase, async call => {
    await decidable(call.tx, call.actor, call.params.caseId)
    await decideMatch(call.tx, call.params.caseId, { from: 'different', to: 'open', by: null, reason: null })
    await note(call, 'person-match.reopened', { subjectId: call.params.caseId })
    return { id: call.params.caseId }
  })

  routes.addOwn(previewMerge, call =>
    db.transaction(async tx => {
      const { survivorId, absorbedId } = call.body
      if (!(await mayMerge(tx, call.actor, [survivorId, absorbedId]))) throw problem('not-found')
      const effect = await mergeEffect(tx, call.body, parts())
      await looked(tx, call, [survivorId, absorbedId], 'person.merge-previewed')
      const shown = await refs(tx, call.actor, [survivorId, absorbedId], effect.affiliations)
      // Both are one by then: what either holds is held.
      const keys = (rights: readonly { key: string }[]) => rights.map(right => right.key)
      const orders = await countOrders(tx, [
        { personId: survivorId, gains: keys(effect.gains), losses: keys(effect.losses) },
      ])
      return {
        ...effect,
        orders,
        survivor: { person: shown.person(survivorId), ...effect.survivor },
        absorbed: { person: shown.person(absorbedId), ...effect.absorbed },
        after: { person: shown.person(survivorId), ...effect.after },
        affiliations: effect.affiliations.map(({ unitId, ...one }) => ({ ...one, unit: shown.unit(unitId) })),
        compared: await comparePeople(tx, call.actor, survivorId, absorbedId),
      }
    }),
  )
  routes.add(mergePersons, async call => {
    const { survivorId, absorbedId, hash, reason } = call.body
    if (!(await mayMerge(call.tx, call.actor, [survivorId, absorbedId]))) throw problem('not-found')
    notOneself(call.actor, [survivorId, absorbedId])
    if (reason.length < 5) throw problem('reason-needed')
    await checkUnchanged(call.tx, { survivorId, absorbedId }, hash, parts())
    const { mergeId } = await merge(call.tx, call.body, call.actor, parts())
    // Both find it in their log, and both do after they have been taken apart.
    for (const [personId, other] of [
      [survivorId, absorbedId],
      [absorbedId, survivorId],
    ] as const)
      await note(call, 'person.merged', { subjectId: personId, personId, mergeId, other, reason })
    return { mergeId }
  })
  routes.add(listMerges, call => mergesView(call.tx, call.actor, call.query, names(call.tx)))
  routes.add(unmergePersons, async call => {
    const { mergeId } = call.params
    const [found] = await call.tx.query<{ ids: string[] }>(
      'select array[survivor_id, absorbed_id] as ids from person_merge where id = $1',
      [mergeId],
    )
    if (!found || !(await mayMerge(call.tx, call.actor, found.ids))) throw problem('not-found')
    notOneself(call.actor, found.ids)
    const pair = await unmerge(call.tx, { mergeId, reason: call.body.reason }, call.actor, parts())
    for (const personId of [pair.survivorId, pair.absorbedId])
      await note(call, 'person.unmerged', { subjectId: personId, personId, mergeId, reason: call.body.reason })
    return pair
  })

  const looked = async (tx: Tx, { actor, requestId }: Who, ids: readonly string[], action: LookupAction) => {
    for (const personId of new Set(ids))
      await audit(tx).lookup({ actor: auditActor(actor), personId, action, requestId })
  }
  const note = (
    call: Who & { tx: Tx },
    action: string,
    what: { subjectId: string; personId?: string; [key: string]: string | undefined },
  ) => {
    const { subjectId, personId, ...detail } = what
    return audit(call.tx).write({
      actor: auditActor(call.actor),
      action,
      subjectKind: personId ? 'person' : 'person-match',
      subjectId,
      personId: personId ?? null,
      detail,
      requestId: call.requestId,
    })
  }
}

/** Nobody becomes somebody else, or stops being one, by their own doing. */
function notOneself(actor: Actor, ids: readonly string[]): void {
  if (actor.personId !== null && ids.includes(actor.personId))
    throw problem('not-allowed', { detail: 'This is about yourself. Somebody else must decide it.' })
}

/** Throws `not-found` unless there is such a pair and the actor may say who is who. */
async function decidable(tx: Tx, actor: Actor, caseId: string): Promise<void> {
  const [pair] = await tx.query<{ ids: string[] }>(
    'select array[person_a, person_b] as ids from person_match where id = $1 for update',
    [caseId],
  )
  if (!pair || !(await mayMerge(tx, actor, pair.ids))) throw problem('not-found')
}

/** Names of people and units as the reader may know them. */
async function refs(tx: Tx, actor: Actor, ids: readonly string[], rows: readonly { unitId: string | null }[]) {
  const q = statement()
  const may = visibleTo(actor, q)
  const people = await tx.query<{ ref: { id: string; name: string | null; protected: boolean } }>(
    `select ${personRefSql('p', may.name('p'))} as ref from person_current p where p.person_id = any(${q.bind(ids, 'uuid[]')})`,
    q.params,
  )
  const units = await tx.query<{ ref: { id: string; name: string } }>(
    `select ${unitRefSql('u')} as ref from org_unit_current u where u.unit_id = any($1::uuid[])`,
    [rows.flatMap(row => row.unitId ?? [])],
  )
  return {
    person: (id: string) => people.find(one => one.ref.id === id)?.ref ?? { id, name: null, protected: true },
    unit: (id: string | null) => units.find(one => one.ref.id === id)?.ref ?? null,
  }
}
