import { countChanges } from '../../plans/plan-store.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { takeAnnounced } from './announcement.ts'
import { openAnnouncements, type StoredAnnouncement, saveSimulation } from './announcement-store.ts'
import { isActivity } from './change-aspects.ts'
import { loadItems } from './weigh-plan.ts'

/**
 * Hold an announcement against a dry run that was made before: of a file that is not in force yet, say, read with a draft
 * of the source. What that run would hold back beside the announced changes is counted as the run left it.
 */
export async function simulateFromRun(tx: Tx, announcement: StoredAnnouncement, runId: string): Promise<void> {
  const [run] = await tx.query<{ planId: string | null }>(
    `select plan_id as "planId" from feed_run where id = $1 and source = $2 and dry_run and state = 'done'`,
    [runId, announcement.source],
  )
  if (!run?.planId)
    throw problem('conflict', {
      detail: `Choose a dry run of ${announcement.source} that has ended and whose shape was not rejected.`,
    })
  const [open] = (await openAnnouncements(tx, announcement.source, '0001-01-01', announcement.id)).filter(
    one => one.id === announcement.id,
  )
  const items = (await loadItems(tx, run.planId)).filter(item => !isActivity(item.aspects))
  const counts = (await countChanges(tx, run.planId)).filter(one => one.op === 'add' || one.op === 'return')
  const { matched, items: left } = takeAnnounced(open ? [open] : [], items, counts)
  const held = await tx.query<{ n: number }>(`select n from plan_item where plan_id = $1 and state = 'held'`, [
    run.planId,
  ])
  const beside = new Set(left.map(item => item.n))
  const lines: number[] = []
  for (const one of matched) lines[one.line] = one.count
  await saveSimulation(tx, {
    ...{ announcementId: announcement.id, runId, lines: Array.from(lines, count => count ?? 0) },
    held: held.filter(({ n }) => beside.has(n)).length,
  })
}
