import type { z } from 'zod'
import type { findingChoice, SettleAction } from '#contract/findings.ts'
import {
  assignedIn,
  batchOf,
  decideFindings,
  noteDecision,
  syncFindings,
  undoAssigned,
  undoBatch,
  undoNoted,
} from '../../findings/finding-store.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { type AfterDecided, followed } from '../after-decided.ts'
import { refreshPersonRights } from '../person-rights-store.ts'
import { visibleTo } from '../visible.ts'
import { endingFindings } from './drift-kinds.ts'
import { endExceptions, putExceptions, takeBackExceptions } from './exception-store.ts'
import { foundSql, shownSql } from './findings-sql.ts'
import { type Chosen, planSettle, type SettlePlan, STATE_AFTER } from './plan-settle.ts'
import { asActor, decidable, settlers } from './settlers.ts'

type Asked = { action: SettleAction; choice: z.output<typeof findingChoice>; until?: string | undefined }
/** `after`: what follows where a right has become legitimate, or no longer is. */
type When = { today: string; now: Date; after?: readonly AfterDecided[] }
const SHORTEST_REASON = 5

/** What an action would do to what is chosen, as far as the reader may know of it. Throws `data-invalid` for a wrong date. */
export async function previewSettling(
  tx: Tx,
  actor: Actor,
  asked: Asked,
  today: string,
): Promise<SettlePlan & { of: number }> {
  const until = checkedDate(asked, today)
  const chosen = await choose(tx, actor, asked.choice)
  return { ...planSettle(chosen, asked.action, until), of: chosen.length }
}

function checkedDate({ action, until }: Asked, today: string): string | null {
  if (action !== 'exception' && action !== 'accept') return null
  if (until === undefined || until <= today)
    throw problem('data-invalid', { errors: [{ where: 'body/until', what: 'Give a date after today' }] })
  return until
}

export async function choose(tx: Tx, actor: Actor, choice: Asked['choice']): Promise<Chosen[]> {
  const q = statement()
  const filter = choice.filter ?? {}
  const may = visibleTo(actor, q)
  // Ids are looked up whatever their state and kind; a filter chooses what its list shows.
  const from = choice.ids
    ? `found as (select f.* from finding f left join person_current p on p.person_id = f.person_id
         where f.id = any(${q.bind(choice.ids, 'uuid[]')}) and ${may.finding('f', 'p')} and (f.person_id is null or ${may.person('p')}))`
    : foundSql(actor, filter, q)
  return tx.query<Chosen>(
    `with ${from}
     select f.id, f.code, f.state, f.until::text as until, f.person_id as "personId", f.object_id as "objectId",
       ${may.finding('f', 'p', 'decide')} as "mayDecide",
       exists (select from right_exception x where x.in_force and x.person_id = f.person_id and x.entitlement_id = f.object_id) as excepted
     from found f left join person_current p on p.person_id = f.person_id
     where ${choice.ids ? 'true' : shownSql(filter, q)} order by f.id`,
    q.params,
  )
}

/**
 * Settles what was looked at, or throws `plan-stale` where it is no longer the same; `reason-needed` without a reason
 * (opening again needs none); `data-invalid` for an exception that nobody would answer for.
 */
export async function settle(
  tx: Tx,
  actor: Actor,
  asked: Asked & { reason: string; hash: string; ownerPersonId?: string | undefined },
  { today, now, after }: When,
): Promise<{ batchId: string; settled: number; codes: string[] }> {
  if (asked.action !== 'reopen' && asked.reason.length < SHORTEST_REASON) throw problem('reason-needed')
  // Whoever compares rights waits for this, and this for them: the same findings must not be closed meanwhile.
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel access'))`)
  const plan = await previewSettling(tx, actor, asked, today)
  if (plan.hash !== asked.hash || plan.fits.length === 0)
    throw problem('plan-stale', { detail: 'The findings are not the ones you looked at. Look again.' })
  const batchId = newId()
  const codes = [...new Set(plan.fits.map(one => one.code))]
  if (asked.action === 'end') {
    const settled = await noteDecision(
      tx,
      plan.fits.map(one => one.id),
      { action: 'end', reason: asked.reason, by: actor.userId, now, batchId },
    )
    await endExceptions(tx, pairsOf(plan.fits), { by: actor.userId, now })
    await syncFindings(tx, endingFindings(today))
    await followed(tx, after, { people: peopleOf(plan.fits), today, now, cause: 'exception' })
    return { batchId, settled, codes }
  }
  const until = asked.action === 'accept' || asked.action === 'exception' ? (asked.until ?? null) : null
  const ownerPersonId = asked.action === 'exception' ? await ownerOf(tx, actor, asked, plan, today) : null
  const settled = await decideFindings(
    tx,
    plan.fits.map(one => one.id),
    {
      state: STATE_AFTER[asked.action],
      action: asked.action,
      reason: asked.reason === '' ? null : asked.reason,
      until,
      by: actor.userId,
      now,
      batchId,
    },
  )
  if (asked.action === 'exception') {
    await putExceptions(
      tx,
      plan.fits.map(one => ({
        personId: one.personId!,
        entitlementId: one.objectId!,
        from: today,
        to: until!,
        reason: asked.reason,
        ownerPersonId,
        by: actor.userId,
      })),
      now,
    )
    await syncFindings(tx, endingFindings(today))
    await followed(tx, after, { people: peopleOf(plan.fits), today, now, cause: 'exception' })
  }
  // What is to go is ordered where its system lets it be, and what is to go no longer is not.
  else if (asked.action === 'removal' || plan.fits.some(one => one.state === 'removal'))
    await followed(tx, after, { people: peopleOf(plan.fits), today, now, cause: 'removal' })
  return { batchId, settled, codes }
}

/** Who answers for an exception: whoever was chosen among those who may settle all of it, else whoever decides. */
async function ownerOf(
  tx: Tx,
  actor: Actor,
  { ownerPersonId }: { ownerPersonId?: string | undefined },
  { fits }: SettlePlan,
  today: string,
): Promise<string> {
  const invalid = (what: string) => problem('data-invalid', { errors: [{ where: 'body/ownerPersonId', what }] })
  const owner = ownerPersonId ?? actor.personId
  if (owner === null) throw invalid('Say who answers for the exception')
  if (owner === actor.personId) return owner
  const [one] = await settlers(tx, actor, today, owner)
  const ids = fits.map(fit => fit.id)
  if (!one || (await decidable(tx, asActor(one), ids)).length < ids.length)
    throw invalid('Choose somebody who may settle all of it')
  return owner
}

/** Undoes a batch: its own, or anybody's for whoever may decide about all. Throws `conflict` where all was decided anew. */
export async function undo(
  tx: Tx,
  actor: Actor,
  batchId: string,
  { today, now, after }: When,
): Promise<{ restored: number; action: string }> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel access'))`)
  const handed = await assignedIn(tx, batchId)
  if (handed.length > 0) {
    const may = await choose(tx, actor, { ids: handed })
    if (may.length < handed.length || may.some(one => !one.mayDecide)) throw problem('not-found')
    const restored = await undoAssigned(tx, batchId, actor.userId, now)
    if (restored === 0) throw problem('conflict')
    return { restored, action: 'assigned' }
  }
  const batch = await batchOf(tx, batchId)
  if (!batch) throw problem('not-found')
  const chosen = await choose(tx, actor, { ids: batch.ids })
  if (chosen.length < batch.ids.length || chosen.some(one => !one.mayDecide)) throw problem('not-found')
  const exception = batch.action === 'exception' || batch.action === 'end'
  if (exception) await takeBackExceptions(tx, pairsOf(chosen), batch.at, { by: actor.userId, now, today })
  const restored = await (batch.action === 'end' ? undoNoted : undoBatch)(tx, batchId, actor.userId, now)
  if (exception) {
    await refreshPersonRights(tx, peopleOf(chosen))
    await syncFindings(tx, endingFindings(today))
  }
  // Whatever it is back to: marked for removal once more, or no longer.
  await followed(tx, after, { people: peopleOf(chosen), today, now, cause: exception ? 'exception' : 'removal' })
  if (restored === 0) throw problem('conflict')
  return { restored, action: batch.action }
}

const peopleOf = (chosen: readonly Chosen[]): string[] => [...new Set(chosen.flatMap(one => one.personId ?? []))]
const pairsOf = (chosen: readonly Chosen[]) =>
  chosen.flatMap(one => (one.personId && one.objectId ? [{ personId: one.personId, entitlementId: one.objectId }] : []))
