/*
 * Which version of a record counts on which day, as was known at which instant. Days are closed-open; a row that is not
 * open on the recorded axis was known once and is true no more.
 */

/** From a day, to a day or on without end: this version counts. */
export type Span = { versionId: string; from: string; to: string | null }
export type KnownSpan = Span & { recordedFrom: number; recordedTo: number | null }

/**
 * What is written when `versionId` counts from `day` on (null: nothing does, the record is retired): the spans that are
 * true no more, and those that are true instead. What counted before `day` stays; what was to come after it does not.
 */
export function planInForce<Row extends Span>(
  open: readonly Row[],
  versionId: string | null,
  day: string,
): { close: Row[]; add: Span[] } {
  const close = open.filter(row => row.to === null || row.to > day)
  const before = close
    .filter(row => row.from < day)
    .map(({ versionId, from }) => ({ versionId, from, to: day as string | null }))
  return { close, add: versionId === null ? before : [...before, { versionId, from: day, to: null }] }
}

/** The version that counted on a day, as was known at an instant (milliseconds); null where none did. */
export function versionOn(history: readonly KnownSpan[], day: string, knownAt: number): string | null {
  const row = history.find(
    one =>
      one.from <= day &&
      (one.to === null || day < one.to) &&
      one.recordedFrom <= knownAt &&
      (one.recordedTo === null || knownAt < one.recordedTo),
  )
  return row?.versionId ?? null
}
