import type { MadeFile } from '#contract/documents.ts'
import { exportMyData, exportPersonData } from '#contract/own-data.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Language } from '../../platform/documents/document.ts'
import { writePdf } from '../../platform/documents/write-pdf.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { problem } from '../../platform/problem.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor } from '../../policy/policy.ts'
import { defaultsOf } from '../packages/package-content-view.ts'
import { ownDataDocument, ownDataFacts } from './own-data-document.ts'
import { type OwnData, ownDataView } from './own-data-view.ts'
import { ownDataWords } from './own-data-words.ts'

type Parts = { db: Db; clock: Clock; keyring: Keyring; municipality: string }
type Asked = {
  actor: Actor
  requestId: string
  body: { format: 'pdf' | 'json'; language: Language; reason?: string; namesReason?: string | undefined }
}

/** What is known of somebody, for them: on record each time, and seen by the person where another has made it. */
export function ownDataRoutes(routes: Routes<Actor>, { db, clock, keyring, municipality }: Parts): void {
  const make = async ({ actor, requestId, body }: Asked, personId: string): Promise<MadeFile> => {
    const named = body.namesReason !== undefined
    if (named && !allows(actor, 'reveal', 'NamedOthers', { personId }))
      throw problem('not-allowed', { detail: 'Only the data protection officer names others. Leave namesReason out.' })
    const data = await db.snapshotOnRecord(async tx => {
      const defaults = await defaultsOf(tx, municipality)
      const found = await ownDataView(tx, actor, personId, { today: clock.today(), keyring, defaults, named })
      if (!found) throw problem('not-found')
      const by = auditActor(actor)
      if (body.reason !== undefined)
        await audit(tx).lookup({ actor: by, personId, action: 'person.exported', reason: body.reason, requestId })
      await audit(tx).write({
        ...{ actor: by, action: 'person.data-exported', subjectKind: 'person', subjectId: personId, personId },
        ...{
          detail: { format: body.format, reason: body.reason ?? null, namesReason: body.namesReason ?? null },
          requestId,
        },
      })
      return found
    })
    return fileOf(data, body)
  }
  routes.addOwn(exportMyData, call => {
    if (!call.actor.personId)
      throw problem('not-found', { detail: 'This sign-in is not a person of the municipality.' })
    return make(call, call.actor.personId)
  })
  routes.addOwn(exportPersonData, call => make(call, call.params.personId))
}

/** Outside of the transaction: writing takes its time. */
async function fileOf(data: OwnData, { format, language }: Asked['body']): Promise<MadeFile> {
  const name = `${ownDataWords[language].file}-${data.day}.${format}`
  if (format === 'json') {
    const text = `${JSON.stringify(ownDataFacts(data, language), null, 2)}\n`
    return { fileName: name, contentType: 'application/json', content: Buffer.from(text).toString('base64') }
  }
  const file = await writePdf(ownDataDocument(data, language))
  return { fileName: name, contentType: 'application/pdf', content: file.toString('base64') }
}
