import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { say } from '#contract/said.ts'
import type { ListReading, UserListUpload } from '#contract/user-lists.ts'
import type { AuditActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Feeds } from '../../feeds/feeds-service.ts'
import type { ScreenLimits } from '../../feeds/sources/screen-limits.ts'
import { type StoredSource, storedSource, type Written } from '../../feeds/sources/source-store.ts'
import type { Sources, SourceWritten } from '../../feeds/sources/sources-service.ts'
import type { Clock } from '../../platform/clock.ts'
import { newId } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import { problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import { saveSheet } from '../catalogue/sheet-service.ts'
import { readSheets } from '../catalogue/sheet-store.ts'
import { isSheet, listRows } from './list-file.ts'
import { letIn, settleFormer, settleListed } from './listed-store.ts'
import { nameKey } from './name-key.ts'
import { fileName, listDeclaration, listKey, lookAtRows, readingOf } from './user-list.ts'
import { dropUpload, ensureFolder, isThere, keepUpload, removeUploaded, uploadPlace } from './user-list-files.ts'
import {
  decideName,
  isRightOf,
  type ListedSystem,
  noteUpload,
  oldUploads,
  peopleNamed,
  readListedSystem,
  readUpload,
  removeUpload,
} from './user-list-store.ts'

/**
 * What follows when people are seen to hold other rights than before, and rights can be seen, or no longer, in a list:
 * rooms above compare that with what should be.
 */
export type RightsChanged = (tx: Tx, what: { people: readonly string[]; rights: readonly string[] }) => Promise<void>

export type UserListDeps = {
  db: Db
  clock: Clock
  log: Log
  feeds: Feeds
  sources: Sources
  screen: ScreenLimits
  rightsChanged: RightsChanged
}
export type By = { actor: AuditActor & { userId: string }; requestId: string }

/** Rows that are looked at to find the headings, and shown. */
const LOOKED_AT = 60
const DAY = 86_400_000

/** A system's own list of users: sent in or dropped, tried, let in, and its names of rights made known. */
export function createUserLists(deps: UserListDeps) {
  const { db, clock, log, feeds, sources, screen } = deps

  const ofList = async (tx: Tx, systemId: string) => {
    const system = await readListedSystem(tx, systemId)
    const keys = listKey(system.key)
    return { system, ...keys, stored: changeable(await storedSource(tx, keys.source), keys.source) }
  }
  const runActor = ({ actor }: By) => ({
    id: actor.userId,
    personId: actor.personId ?? null,
    function: actor.function,
  })

  const writeSource = async (tx: Tx, by: By, list: Awaited<ReturnType<typeof ofList>>, reading: ListReading) => {
    const { stored, system } = list
    const declaration = listDeclaration(system, reading, stored?.written ?? null)
    const who = { id: by.actor.userId }
    const written =
      stored === null
        ? await sources.create(tx, who, { declaration, confirmSecret: false, reason: null })
        : await changeWhereNeeded(tx, who, stored, declaration)
    if (written) await noteSource(tx, by, written)
    await setReading(tx, by, system)
  }
  const changeWhereNeeded = async (tx: Tx, who: { id: string }, stored: StoredSource, declaration: Written) => {
    let { version } = stored
    let written: SourceWritten | null = null
    if (!stored.declared) {
      written = await sources.restore(tx, who, stored.key, { version, reason: null })
      version = written.version
    }
    if (JSON.stringify(stored.written) === JSON.stringify(declaration)) return written
    return sources.change(tx, who, stored.key, { declaration, confirmSecret: false, version, reason: null })
  }
  const noteSource = (tx: Tx, { actor, requestId }: By, what: SourceWritten) =>
    audit(tx).write({
      ...{ actor, requestId, action: what.action, subjectKind: 'source', subjectId: what.key },
      ...{ before: what.before, after: what.after, detail: { version: what.version, reason: null } },
    })
  /** A system that nothing was read of is read by its list from here on; one that groups show as well stays so. */
  const setReading = async (tx: Tx, by: By, system: ListedSystem) => {
    if (system.reading !== 'none') return
    const [sheet] = await readSheets(tx, [system.id])
    if (!sheet) return
    const when = { now: clock.now(), today: clock.today() }
    await saveSheet(tx, { ...by, may: () => true }, when, system.id, {
      set: { reading: 'list' },
      version: sheet.version,
      reason: null,
    })
  }
  const noteList = (
    tx: Tx,
    { actor, requestId }: By,
    action: string,
    systemId: string,
    detail: Record<string, unknown>,
  ) => audit(tx).write({ actor, requestId, action, subjectKind: 'system', subjectId: systemId, detail })

  /** Starts a run and answers as soon as it stands; what becomes of it stands in its row. */
  const started = <T>(start: (onStart: (runId: string) => void) => Promise<{ runId: string }>, of: T) =>
    new Promise<{ runId: string }>((resolve, reject) => {
      start(runId => resolve({ runId })).then(
        ({ runId }) => resolve({ runId }),
        (error: unknown) => {
          log.warn({ of, err: String(error) }, 'a user list could not be read')
          reject(error)
        },
      )
    })

  return {
    async upload(by: By, systemId: string, name: string, from: Readable): Promise<UserListUpload> {
      const list = await db.snapshot(tx => ofList(tx, systemId))
      const folder = await ensureFolder(screen.dropsDir, list.folder)
      const id = newId()
      const place = uploadPlace(folder, id)
      const bytes = await keepUpload(from, place)
      try {
        const sheet = await isSheet(place, name)
        const rows: string[][] = []
        for await (const some of listRows(place, name)) {
          rows.push(...some.map(row => row.cells))
          if (rows.length >= LOOKED_AT) break
        }
        if (rows.length === 0)
          throw problem('source-incomplete', {
            detail: `The file ${name} is empty. Have the list made again.`,
            said: say('file-empty', { file: name }),
          })
        await db.transaction(async tx => {
          await noteUpload(tx, { id, systemId, name, bytes, sheet, by: by.actor.userId, at: clock.now() })
          await noteList(tx, by, 'user-list.sent-in', systemId, { uploadId: id, bytes, sheet })
        })
        const reading = readingOf(list.stored?.written ?? null)
        return { uploadId: id, name, sheet, ...lookAtRows(rows, reading?.columns ?? null) }
      } catch (error) {
        await removeUploaded(folder, id)
        throw error
      }
    },

    /** A dry run over the file where it stands. */
    async try(by: By, systemId: string, uploadId: string, reading: ListReading): Promise<{ runId: string }> {
      const { list, upload, draft } = await db.snapshot(async tx => {
        const list = await ofList(tx, systemId)
        const declaration = listDeclaration(list.system, reading, list.stored?.written ?? null)
        const draft = await sources.draft(tx, { declaration, confirmSecret: false })
        return { list, upload: await readUpload(tx, systemId, uploadId), draft }
      })
      const folder = await ensureFolder(screen.dropsDir, list.folder)
      await mustBeThere(folder, uploadId)
      const path = join(list.folder, '.modtaget', uploadId)
      return started(
        onStart => feeds.tryFile(draft, { name: upload.name, path }, { actor: runActor(by), onStart }),
        list.source,
      )
    },

    /** Remembers how the list is read, and lets the file in as if it had been dropped. */
    async take(by: By, systemId: string, uploadId: string, reading: ListReading): Promise<{ runId: string }> {
      const now = clock.now()
      const { list, upload, folder } = await db.transaction(async tx => {
        const list = await ofList(tx, systemId)
        const upload = await readUpload(tx, systemId, uploadId)
        const folder = await ensureFolder(screen.dropsDir, list.folder)
        await mustBeThere(folder, uploadId)
        await writeSource(tx, by, list, reading)
        if (!(await removeUpload(tx, uploadId))) throw problem('conflict')
        await noteList(tx, by, 'user-list.let-in', systemId, { uploadId, bytes: upload.bytes })
        return { list, upload, folder }
      })
      await dropUpload(folder, uploadId, fileName(upload.name, now), now)
      return started(
        onStart => feeds.run(list.source, { trigger: 'manual', actor: runActor(by), onStart }),
        list.source,
      )
    },

    async save(tx: Tx, by: By, systemId: string, reading: ListReading): Promise<{ source: string }> {
      const list = await ofList(tx, systemId)
      await ensureFolder(screen.dropsDir, list.folder)
      await writeSource(tx, by, list, reading)
      await noteList(tx, by, 'user-list.set-up', systemId, { everyDays: reading.everyDays })
      return { source: list.source }
    },

    /** Everybody whom the list names with it has, or loses, the right in this transaction. */
    async name(
      tx: Tx,
      by: By,
      systemId: string,
      { name, entitlementId }: { name: string; entitlementId: string | null },
    ): Promise<{ changed: number }> {
      const system = await readListedSystem(tx, systemId)
      const { source } = listKey(system.key)
      if (entitlementId !== null && !(await isRightOf(tx, systemId, entitlementId)))
        throw problem('data-invalid', { detail: 'The right is none of this system.' })
      const key = nameKey(name)
      const now = clock.now()
      // What the name meant until now is taken away first, by the meaning that stood.
      const scope = { names: [key] }
      const decided = await decideName(tx, source, key, null)
      if (!decided) throw problem('not-found', { detail: 'The list has no such name.' })
      const people = await peopleNamed(tx, source, scope.names)
      let changed = 0
      if (decided.before !== null) changed += await settleFormer(tx, { source, key, former: decided.before, now })
      await decideName(tx, source, key, entitlementId)
      if (entitlementId !== null) changed += await settleListed(tx, { source, runId: null, now, scope })
      await letIn(tx, { source, runId: null, now })
      await noteList(tx, by, 'user-list.named', systemId, { name, entitlementId, before: decided.before, changed })
      const rights = [decided.before, entitlementId].filter(id => id !== null)
      await deps.rightsChanged(tx, { people, rights })
      return { changed }
    },

    /** Files that nobody has let in within a day. Answers how many there were. */
    async tidy(): Promise<number> {
      const before = new Date(clock.now().getTime() - DAY)
      const old = await db.transaction(async tx => {
        const found = await oldUploads(tx, before)
        for (const { id } of found) await removeUpload(tx, id)
        return found
      })
      for (const { id, key } of old) {
        const folder = await ensureFolder(screen.dropsDir, listKey(key).folder)
        await removeUploaded(folder, id)
      }
      return old.length
    },
  }
}
export type UserLists = ReturnType<typeof createUserLists>

async function mustBeThere(folder: string, uploadId: string): Promise<void> {
  if (!(await isThere(uploadPlace(folder, uploadId))))
    throw problem('not-found', { detail: 'The file is not there any more. Send it again.' })
}

/** Throws where the sources file declares it. A draft that was tried is none yet. */
function changeable(stored: StoredSource | null, key: string): StoredSource | null {
  if (stored?.owner !== 'file') return stored?.owner === 'draft' ? null : stored
  throw problem('source-read-only', {
    detail: `The sources file declares ${key}${stored.place ? ` (${stored.place})` : ''}. Change it there, and start Hjemmel again.`,
    params: { place: stored.place },
  })
}
