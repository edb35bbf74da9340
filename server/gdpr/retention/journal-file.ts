import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Db } from '../../platform/unit-of-work.ts'
import { exportJournal } from './retention-service.ts'
import { holdRetention } from './retention-store.ts'

export const JOURNAL_FILE = 'deletion-journal.jsonl'

/**
 * Lines that the file in the data folder does not have yet. A restored database knows nothing of what was deleted after its
 * backup; this file does, as long as it is not restored with it. A last line that was cut off is written whole again.
 */
export async function appendJournal(db: Db, dataDir: string): Promise<number> {
  const file = join(dataDir, JOURNAL_FILE)
  return db.transaction(async tx => {
    await holdRetention(tx)
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    const whole = text.split('\n').filter(line => line !== '')
    const cut = text !== '' && !text.endsWith('\n')
    const lines = await exportJournal(tx, cut ? whole.length - 1 : whole.length)
    if (lines.length > 0)
      appendFileSync(file, `${cut ? '\n' : ''}${lines.map(line => JSON.stringify(line)).join('\n')}\n`, { mode: 0o600 })
    return lines.length
  })
}
