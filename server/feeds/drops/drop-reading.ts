import { join, resolve } from 'node:path'
import { say } from '#contract/said.ts'
import { problem } from '../../platform/problem.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Reading, SourceReader, TakenFile, TestStep } from '../reading/reader.ts'
import { saidOf } from '../reading/said-of.ts'
import type { SourceDeclaration } from '../sources/source.ts'
import { isUnfinished, matchesPattern, olderFirst, type Watched } from './decide-drops.ts'
import { exists, lookAt, tryWriting } from './drop-folder.ts'
import { type Drop, standingDrops } from './drop-store.ts'

/** A watched folder of a source, as a path of this machine. */
export type DropPlace = { source: SourceDeclaration; watched: Watched; folder: string }

export const placeOf = (source: SourceDeclaration, watched: Watched): DropPlace => ({
  ...{ source, watched },
  folder: resolve(source.folder, watched.folder),
})

/** Paths in declarations start at the declaration's folder. */
export const takenFile = ({ watched }: DropPlace, drop: Drop, before: boolean): TakenFile => ({
  ...{ pattern: drop.pattern, name: drop.name, before },
  path: join(watched.folder, drop.place),
})

/** How a run reads these files: a full list together with what the other sorts said last. */
export async function readingOf(
  db: Db,
  place: DropPlace,
  reader: SourceReader,
  fresh: readonly TakenFile[],
): Promise<Reading> {
  const { source, watched } = place
  const onlyChanges = watched.content === 'changes'
  const patterns = new Set(fresh.map(file => file.pattern))
  const standing = onlyChanges ? [] : await db.snapshot(tx => standingDrops(tx, source.key, watched.order))
  const files = [...fresh]
  // A file that somebody has taken out of the archive is not read again, and nothing is made of its absence.
  for (const drop of standing)
    if (!patterns.has(drop.pattern) && (await exists(place.folder, drop.place)))
      files.push(takenFile(place, drop, true))
  if (!reader.ofFiles) throw new Error(`A reader of kind ${reader.kind} watches a folder and cannot read its files`)
  return { source: reader.ofFiles(source, files), reader, onlyChanges, files }
}

/** Looks at watched folders that take nothing from them. */
export function createDropReading(db: Db) {
  /** What waits in the folder, the newest file of each sort, else what stands. Nothing is moved. */
  const peek = async (source: SourceDeclaration, reader: SourceReader): Promise<Reading | null> => {
    const watched = reader.watched?.(source)
    if (!watched) return null
    const place = placeOf(source, watched)
    const files = (await lookAt(place.folder)).filter(file => !isUnfinished(file.name))
    const newestFirst = [...files].sort(olderFirst(watched)).reverse()
    const fresh = watched.patterns.flatMap(pattern => {
      const found = newestFirst.find(file => matchesPattern(pattern, file.name))
      return found ? [{ pattern, name: found.name, path: join(watched.folder, found.name), before: false }] : []
    })
    return someFiles(place, await readingOf(db, place, reader, fresh))
  }

  /** What was read last, to be read again: nothing in it is new, but what was held back is looked at again. */
  const standing = async (source: SourceDeclaration, reader: SourceReader): Promise<Reading | null> => {
    const watched = reader.watched?.(source)
    if (!watched) return null
    const place = placeOf(source, watched)
    return someFiles(place, await readingOf(db, place, reader, []))
  }

  const someFiles = ({ folder, watched }: DropPlace, reading: Reading): Reading => {
    if (reading.files.length > 0) return reading
    throw problem('source-unreachable', {
      detail: `There is no file to read in ${folder}. Files whose names fit ${watched.patterns.join(', ')} are taken from there, a moment after they have been written.`,
      said: say('nothing-to-read', { folder, patterns: watched.patterns.join(', ') }),
      params: { folder },
    })
  }

  /** Can files be taken from the folder? And what is there that no pattern fits? */
  const test = async (
    source: SourceDeclaration,
    reader: SourceReader,
    read: (reading: Reading) => Promise<TestStep[]>,
  ): Promise<TestStep[] | null> => {
    const watched = reader.watched?.(source)
    if (!watched) return null
    const { folder } = placeOf(source, watched)
    const tried: TestStep[] = []
    try {
      await tryWriting(folder)
      const names = (await lookAt(folder)).map(file => file.name).filter(name => !isUnfinished(name))
      const fit = names.filter(name => watched.patterns.some(pattern => matchesPattern(pattern, name)))
      const rest = names.filter(name => !fit.includes(name))
      tried.push({
        step: 'file',
        ok: true,
        detail: `${folder} can be read, and files can be moved in it. ${fit.length} files wait to be taken.`,
        said: say('folder-ready', { folder, count: fit.length }),
        ...(rest.length > 0
          ? {
              warning: `No pattern fits ${rest.slice(0, 5).join(', ')}.`,
              warned: say('no-pattern-fits', { files: rest.slice(0, 5).join(', ') }),
            }
          : {}),
      })
      const reading = await peek(source, reader)
      return reading ? [...tried, ...(await read(reading))] : tried
    } catch (error) {
      return [...tried, { step: 'file', ok: false, ...saidOf(error) }]
    }
  }

  return { peek, standing, test }
}
