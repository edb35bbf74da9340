import { say } from '#contract/said.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { type ColumnsTable, deleteColumns, renameColumns } from './columns-store.ts'

/** Writes down what was done, in the words of the room whose columns they are. */
export type NoteColumns = (
  action: 'columns-renamed' | 'columns-deleted',
  detail: Record<string, string>,
) => Promise<unknown>

const unknown = () => problem('not-found', { detail: 'There are no saved columns of this name.' })

/** Throws `not-found`, and `conflict` where other columns have the name. */
export async function renameSaved(
  tx: Tx,
  table: ColumnsTable,
  { name, to }: { name: string; to: string },
  note: NoteColumns,
): Promise<{ name: string }> {
  const done = await renameColumns(tx, table, name, to)
  if (done === 'unknown') throw unknown()
  if (done === 'taken')
    throw problem('conflict', {
      detail: `Other columns are saved as "${to}". Choose another name, or delete those.`,
      said: say('columns-name-taken', { name: to }),
    })
  await note('columns-renamed', { name, to })
  return { name: to }
}

/** Throws `not-found`. */
export async function deleteSaved(
  tx: Tx,
  table: ColumnsTable,
  { name }: { name: string },
  note: NoteColumns,
): Promise<{ name: string }> {
  if (!(await deleteColumns(tx, table, name))) throw unknown()
  await note('columns-deleted', { name })
  return { name }
}
