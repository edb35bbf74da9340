import type { Tx } from '../../platform/unit-of-work.ts'
import { type PlannedSheet, planSheet, planUndo } from './effective-sheet.ts'
import { batchVersions, lockSheets, type StoredSheet, writeSheets } from './sheet-store.ts'

type How = { now: Date; by: string; batch: string }
type System = { id: string; key: string; name: string }

/**
 * A system of which a group now shows a right is read by groups, whatever its sheet said: it would else stay on the list
 * of systems that nobody reads. Only sheets that say "not read" are touched. Answers the systems; `batch` undoes it.
 */
export async function readByGroups(tx: Tx, systemIds: readonly string[], how: How): Promise<System[]> {
  if (systemIds.length === 0) return []
  const stored = (await lockSheets(tx, systemIds)).filter(one => (one.sheet.reading ?? 'none') === 'none')
  await write(
    tx,
    stored.map(one => ({
      stored: one,
      planned: planSheet(
        one,
        { values: { reading: 'groups' }, release: [] },
        { at: how.now.toISOString(), by: how.by, reason: null },
      ),
    })),
    'bulk',
    how,
  )
  return stored.map(({ id, key, name }) => ({ id, key, name }))
}

/** Takes that back, where nobody has said anything else since and no mapping of the system was made after it. */
export async function notReadByGroups(tx: Tx, how: How): Promise<void> {
  const versions = await batchVersions(tx, how.batch)
  if (versions.length === 0) return
  const later = await tx.query<{ id: string }>(
    `select s.id from it_system s where s.id = any($1) and exists (
       select from group_mapping m where m.off_at is null and m.entitlement like s.key || '/%' and m.changed_at >
         (select min(v.at) from system_version v where v.system_id = s.id and v.batch = $2))`,
    [versions.map(one => one.id), how.batch],
  )
  const bare = versions.filter(one => !later.some(system => system.id === one.id))
  const stored = await lockSheets(
    tx,
    bare.map(one => one.id),
  )
  const undone = stored.map(one => {
    const { before, after } = bare.find(version => version.id === one.id)!
    return { stored: one, planned: planUndo(one, { before, after, fields: ['reading'] }) }
  })
  await write(tx, undone, 'undo', how)
}

const write = (
  tx: Tx,
  rows: readonly { stored: StoredSheet; planned: PlannedSheet }[],
  origin: 'bulk' | 'undo',
  { now, by, batch }: How,
) =>
  writeSheets(
    tx,
    rows
      .filter(row => row.planned.touched)
      .map(({ stored, planned: { hand, sheet, changes } }) => {
        const { id, feed, version } = stored
        return { ...{ id, feed, hand, sheet, changes }, version: version + 1, reason: null }
      }),
    { at: now, origin, userId: by, batch },
  )
