import { makeRegisterDocument } from '#contract/documents.ts'
import { type Clock, knownOn } from '../../platform/clock.ts'
import { paperFile } from '../../platform/documents/paper-file.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { loadDefaults } from '../activities/attest-store.ts'
import { registerSheet } from './document-views.ts'
import { recordDocument } from './record-document.ts'
import { recordWords } from './record-words.ts'

type Parts = { db: Db; clock: Clock; municipality: string }

/** Records on paper. They name who answers for a record and nobody else, so reading them leaves no lookup. */
export function documentRoutes(routes: Routes<Actor>, { db, clock, municipality }: Parts): void {
  routes.addOwn(makeRegisterDocument, async ({ actor, query }) => {
    const { format, language, asOf, known, ...scope } = query
    const today = clock.today()
    const sheet = await db.snapshot(async tx => {
      const said = await loadDefaults(tx)
      return registerSheet(tx, actor, {
        ...{ ...scope, language, today, day: asOf ?? today },
        known: known === undefined ? null : knownOn(known, clock),
        knownDay: known ?? null,
        defaults: { ...said, controller: said.controller ?? { name: municipality, contact: null } },
      })
    })
    const [only] = sheet.records
    const name = [recordWords[language].file, sheet.scope.kind === 'one' ? only?.ref : null, sheet.day]
    return paperFile(recordDocument(sheet), format, name.filter(Boolean).join('-'))
  })
}
