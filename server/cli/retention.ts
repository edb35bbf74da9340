import { DELETED_KEYS } from '#contract/retention-rows.ts'
import { cliActor } from '../audit/audit-entry.ts'
import { readJournal } from '../gdpr/retention/journal.ts'
import { appendJournal } from '../gdpr/retention/journal-file.ts'
import { exportJournal, preview, replay } from '../gdpr/retention/retention-service.ts'
import type { House } from '../wiring.ts'
import { type Answer, EXIT } from './session.ts'

export async function retentionPreview({ db, clock }: House): Promise<Answer> {
  const rows = await db.snapshot(tx => preview(tx, DELETED_KEYS, clock.today()))
  return {
    json: { rows },
    text: rows
      .map(row => `${row.row.padEnd(16)} ${row.due} due, ${row.held} held, ${row.blocked} still told of`)
      .join('\n'),
    exit: EXIT.done,
  }
}

/** One JSON line a batch, as `replay` reads them. */
export async function retentionJournal({ db }: House): Promise<Answer> {
  const lines = await db.snapshot(tx => exportJournal(tx))
  return { json: { lines }, text: lines.map(line => JSON.stringify(line)).join('\n'), exit: EXIT.done }
}

export async function retentionReplay(house: House, file: string): Promise<Answer> {
  const lines = readJournal(file)
  const when = { today: house.clock.today(), now: house.clock.now() }
  const done = await replay(house.db, lines, cliActor('retention replay'), when)
  await appendJournal(house.db, house.dataDir)
  return {
    json: done,
    text: `${done.known} lines were known here, ${done.replayed} were carried out again: ${done.subjects} records deleted.`,
    exit: EXIT.done,
  }
}
