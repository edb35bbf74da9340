import type { ActivityContent } from '#contract/activity-content.ts'
import type { RegisterFault } from '#contract/register-transfer.ts'
import type { Known } from './known-register.ts'
import type { Named } from './record-lines.ts'
import type { TermReader } from './term-text.ts'
import type { ToldRecord } from './told-record.ts'

/** What a record is put together from: what is told, what is there, and where mistakes are said. */
export type Ground = {
  told: ToldRecord
  before: ActivityContent | null
  named: Named | null
  known: Known
  terms: TermReader
  faults: RegisterFault[]
}
