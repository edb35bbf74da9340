import type { ActivityContent } from '#contract/activity-content.ts'
import type { Vocabularies } from '../../register/vocabulary/vocabulary.ts'
import type { Named } from './record-lines.ts'

/** A record that the register has, as far as the reader may know of it, with the version that speaks for it. */
export type KnownRecord = {
  id: string
  ref: string
  standing: 'draft' | 'coming' | 'in-force' | 'retired'
  content: ActivityContent
  named: Named
  /** The version that is open, where one is. */
  open: { versionId: string; state: 'draft' | 'proposed'; lock: number } | null
  mayChange: boolean
}

/** What a file is held against. */
export type Known = {
  vocabularies: Vocabularies
  records: readonly KnownRecord[]
  /** Units and systems by key, by folded name and by id; a key of two is there twice. */
  units: readonly Keyed[]
  systems: readonly Keyed[]
  /** Employments that are open, by employee number. */
  numbers: ReadonlyMap<string, readonly { affiliation: string; person: string }[]>
}
export type Keyed = { id: string; key: string; name: string }
