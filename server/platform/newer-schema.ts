import { problem } from './problem.ts'
import type { Db } from './unit-of-work.ts'

/**
 * Changes of the schema that this program does not know: a newer version has been here. Its own changes it makes in
 * transactions, so that what an older process has in hand is carried out before or fails whole; but from then on an
 * older process must not go on as if nothing were new.
 */
export async function unknownMigrations(db: Db): Promise<string[]> {
  const own = new Set(db.source.migrations.map(one => one.name ?? one.constructor.name))
  const [table] = (await db.source.query(`select to_regclass('migration') is not null as there`)) as {
    there: boolean
  }[]
  if (!table?.there) return []
  const rows = (await db.source.query('select name from migration order by "timestamp"')) as { name: string }[]
  return rows.map(row => row.name).filter(name => !own.has(name))
}

/** Throws `program-outdated` when the database belongs to a newer version of this program. */
export async function checkNotOutdated(db: Db): Promise<void> {
  const [unknown] = await unknownMigrations(db)
  if (unknown)
    throw problem('program-outdated', {
      detail: `A newer version of Hjemmel has changed the database (${unknown}). Start that version; this one would not understand what is stored.`,
    })
}

/** Calls `onNewer` once, within `seconds` of a newer version having changed the schema. Returns how to stop looking. */
export function watchSchema(db: Db, onNewer: (migration: string) => void, seconds = 5): () => void {
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    unknownMigrations(db)
      .then(([unknown]) => {
        if (!unknown) return
        clearInterval(timer)
        onNewer(unknown)
      })
      // A database that is away is told of elsewhere, and is asked again.
      .catch(() => {})
      .finally(() => {
        busy = false
      })
  }, seconds * 1000)
  timer.unref()
  return () => clearInterval(timer)
}
