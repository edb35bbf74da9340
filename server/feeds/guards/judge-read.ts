import type { Tx } from '../../platform/unit-of-work.ts'
import { knownCounts } from '../runs/stage-store.ts'
import type { GuardSettings } from '../sources/source.ts'
import { lastRead, noteCompleteRead } from '../sources/source-store.ts'
import { decideShape, type ShapeVerdict, stillWrong } from './decide-shape.ts'
import { emptyShape, type NotedShape, storedShape } from './shape/note-shape.ts'
import { acceptedVerdicts, noteAccepted, readAbsence, shapeHistory } from './shape-store.ts'

type Read = {
  runId: string
  source: { key: string; guards: GuardSettings }
  shape: Record<string, NotedShape>
  /** Kinds whose absence means something in this read. */
  absenceCounts: readonly string[]
  /** How many records of a kind are announced to leave. */
  announcedGone: Record<string, number>
  now: Date
  seenAt: Date
}

/** What is wrong with a complete read, what is announced or said to be right taken off. */
export async function judgeRead(tx: Tx, read: Read): Promise<{ verdicts: ShapeVerdict[]; unusual: boolean }> {
  const { source } = read
  const last = await lastRead(tx, source.key)
  const input = {
    shape: read.shape,
    known: await knownCounts(tx, source.key),
    last: last.shape,
    history: await shapeHistory(tx, source.key),
    absence: await readAbsence(tx, { runId: read.runId, source: source.key, kinds: read.absenceCounts }),
    seenAt: read.seenAt,
    lastSeenAt: last.seenAt,
    guards: source.guards,
  }
  const found = decideShape(input)
  if (found.length === 0) return { verdicts: [], unusual: false }
  const left = decideShape({ ...input, announcedGone: read.announcedGone })
  const verdicts = left.length === 0 ? [] : stillWrong(left, await acceptedVerdicts(tx, source.key, read.now))
  return { verdicts, unusual: verdicts.length === 0 }
}

/** The read counts from now on as what the source is like. */
export async function acceptRead(
  tx: Tx,
  read: Pick<Read, 'runId' | 'shape' | 'now' | 'seenAt'> & { source: string; unusual: boolean },
): Promise<void> {
  const stored = Object.fromEntries(Object.entries(read.shape).map(([kind, one]) => [kind, storedShape(one)]))
  await noteCompleteRead(tx, read.source, read.now, read.seenAt, stored)
  await noteAccepted(tx, { ...read, at: read.now, anew: read.unusual })
}

/** The shape of a read in which entries of one key were put together: it has as many records as there are keys. */
export function withMerged(
  shape: Record<string, NotedShape>,
  fewer: Readonly<Partial<Record<string, number>>>,
): Record<string, NotedShape> {
  return Object.fromEntries(
    Object.entries(shape).map(([kind, one]) => [kind, { ...one, read: one.read - (fewer[kind] ?? 0) }]),
  )
}

/** The shape of a read, with the keys that came twice counted as what they are. */
export function withDoubles(
  shape: Record<string, NotedShape>,
  twice: Readonly<Partial<Record<string, number>>>,
): Record<string, NotedShape> {
  return Object.fromEntries(
    Object.entries(shape).map(([kind, one]) => {
      const extra = twice[kind] ?? 0
      return [kind, { ...emptyShape(), ...one, read: one.read - extra, rejected: one.rejected + extra, doubled: extra }]
    }),
  )
}
