import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import * as contract from '#contract/packages.ts'
import { audit } from '../../audit/audit-store.ts'
import { lookupMany } from '../../audit/many-lookups-store.ts'
import type { Clock } from '../../platform/clock.ts'
import { writeXlsx } from '../../platform/documents/write-xlsx.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { dayWords } from '../../register/documents/record-text.ts'
import { loadVocabularies } from '../../register/vocabulary/vocabulary-store.ts'
import { askPackage, momentOf } from './ask-package.ts'
import { previewView, staffOnly } from './package-content-view.ts'
import { packagesView, packageView } from './package-list-views.ts'
import { rightRows, systemRows } from './package-rows.ts'
import { rowWords, tableSheet } from './package-service.ts'
import { loadPart } from './package-store.ts'
import { packageWords } from './package-words.ts'
import { rightsThen } from './rights-view.ts'
import { printedThen, scopeThen, systemsThen } from './scope-view.ts'

type Parts = { db: Db; clock: Clock }
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Inspection packages, and the two files of them that are asked for most. */
export function packageRoutes(routes: Routes<Actor>, { db, clock }: Parts): void {
  const check = ({ day, leaversFrom }: Pick<contract.PackageScope, 'day'> & { leaversFrom?: string }) => {
    if (day > clock.today()) throw invalid('day', 'Choose today or a day before it.')
    if (leaversFrom !== undefined && leaversFrom > day)
      throw invalid('leaversFrom', 'The period ends before it begins.')
  }

  routes.add(contract.listPackages, async call => ({
    ...(await packagesView(call.tx, call.query)),
    today: clock.today(),
  }))
  routes.add(contract.previewPackage, async call => {
    check(call.body)
    return previewView(call.tx, call.actor, call.body, momentOf(call.body, clock), clock.today())
  })
  routes.add(contract.makePackage, async call => {
    const { reason, ...scope } = call.body
    check(scope)
    return askPackage(call.tx, call.actor, { scope, reason }, clock, call.requestId)
  })
  routes.add(contract.getPackage, async call => {
    const found = await packageView(call.tx, call.params.packageId)
    if (!found) throw problem('not-found')
    return found
  })
  routes.addOwn(contract.getPackagePart, ({ params, actor, requestId }) =>
    db.snapshotOnRecord(async tx => {
      // What holds pupils is not for somebody who may not know of them, whoever made it.
      const madeBy = staffOnly(actor) ? actor.userId : null
      const content = await loadPart(tx, params.packageId, params.part, madeBy)
      if (!content) throw problem('not-found')
      // Each part: whoever leaves out the first has the others all the same.
      await audit(tx).write({
        ...{ actor: auditActor(actor), action: 'package.fetched', subjectKind: 'package' },
        ...{ subjectId: params.packageId, detail: { part: params.part }, requestId },
      })
      return { content: content.toString('base64') }
    }),
  )

  routes.addOwn(contract.exportSystemRights, async ({ actor, params, body, requestId }) => {
    check(body)
    const at = momentOf(body, clock)
    const words = packageWords[body.language]
    return db.snapshotOnRecord(async tx => {
      const [system] = await systemsThen(tx, [params.systemId], at)
      if (!system) throw problem('not-found')
      const scope = { ...body, unit: null, systems: [system.id], leaversFrom: body.day }
      const then = await scopeThen(tx, actor, scope, at, clock.today())
      const on = rowWords({
        ...{ scope, known: at.known.toISOString(), madeAs: 'file', systems: [system], unitNames: then.unitNames },
        vocabularies: await loadVocabularies(tx),
      })
      const people = new Set<string>()
      const rights = async function* () {
        for await (const right of rightsThen(tx, actor, { at, systems: [system], unitIds: null })) {
          if (right.personId !== null) people.add(right.personId)
          yield right
        }
      }
      const above = [
        [words.sheet.rights],
        [words.systems, system.name],
        [words.day, dayWords(body.language)(body.day)],
        [words.known, body.known === 'then' ? words.knownThen : words.knownNow],
        [],
      ]
      const file = await fileOf(
        writeXlsx([tableSheet(words, 'rights', above, rightRows(on, rights()))]),
        `${words.file.systemRights}-${system.key}-${body.day}`,
      )
      const by = auditActor(actor)
      const reason = `${words.sheet.rights}: ${system.name}`
      await lookupMany(tx, { actor: by, action: 'person.in-file', personIds: [...people], reason, requestId })
      await audit(tx).write({
        ...{ actor: by, action: 'system.rights-exported', subjectKind: 'system', subjectId: system.id, requestId },
        detail: { ...body, people: people.size },
      })
      return file
    })
  })
  routes.add(contract.exportSystemsData, async ({ tx, actor, query }) => {
    const { language, unit = null, asOf = clock.today() } = query
    check({ day: asOf })
    const at = momentOf({ day: asOf, known: 'then' }, clock)
    const words = packageWords[language]
    const scope = { unit, systems: [], day: asOf, known: 'then' as const, leaversFrom: asOf, names: false, language }
    const then = await scopeThen(tx, actor, scope, at, clock.today())
    const records = await printedThen(tx, then, false)
    const vocabularies = await loadVocabularies(tx)
    const on = rowWords({ ...then, scope, vocabularies, known: at.known.toISOString(), madeAs: 'file' })
    const above = [
      [words.sheet.systems],
      [words.area, then.unit?.name ?? words.all],
      [words.day, dayWords(language)(asOf)],
      [],
    ]
    return fileOf(
      writeXlsx([tableSheet(words, 'systems', above, systemRows(on, records))]),
      `${words.file.systemsData}-${asOf}`,
    )
  })
}

const fileOf = async (stream: Readable, name: string) => ({
  fileName: `${name}.xlsx`,
  contentType: XLSX,
  content: (await buffer(stream)).toString('base64'),
})

const invalid = (where: string, detail: string) =>
  problem('data-invalid', { detail, errors: [{ where: `body/${where}`, what: detail }] })
