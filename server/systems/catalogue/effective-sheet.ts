import { isDeepStrictEqual } from 'node:util'
import { type Sheet, type SheetField, sheetFields } from '#contract/sheet.ts'

/** A value that somebody has set: it wins over the feed until it is released. Null: set to nothing. */
export type HandValue<F extends SheetField = SheetField> = {
  value: Sheet[F] | null
  /** Instant (ISO), and the user who set it. */
  at: string
  by: string | null
  reason: string | null
}
export type Hand = { [F in SheetField]?: HandValue<F> }
export type SheetChange = { field: SheetField; before: unknown; after: unknown }

/** What counts: the hand where it has said something, else the feed. Pure. */
export function effectiveSheet(feed: Sheet, hand: Hand): Sheet {
  const sheet: Record<string, unknown> = {}
  for (const field of sheetFields) {
    const set = hand[field]
    const value = set === undefined ? feed[field] : set.value
    if (value !== undefined && value !== null) sheet[field] = value
  }
  return sheet as Sheet
}

/** Field by field, in the order of the sheet; null where nothing is known. */
export function sheetChanges(before: Sheet, after: Sheet): SheetChange[] {
  return sheetFields.flatMap(field => {
    const [was, is] = [before[field] ?? null, after[field] ?? null]
    return isDeepStrictEqual(was, is) ? [] : [{ field, before: was, after: is }]
  })
}

export type Given = {
  /** Values as `readSheet` gave them; null takes away. */
  values: { [F in SheetField]?: Sheet[F] | null }
  release: readonly SheetField[]
}
export type PlannedSheet = { hand: Hand; sheet: Sheet; changes: SheetChange[]; touched: boolean }

/**
 * What setting and releasing comes to. What counts already is not set again: who saves a form has not taken over from
 * the feed what stood there before. Pure.
 */
export function planSheet(
  stored: { feed: Sheet; hand: Hand; sheet: Sheet },
  given: Given,
  who: { at: string; by: string | null; reason: string | null },
): PlannedSheet {
  const hand: Record<string, unknown> = { ...stored.hand }
  let touched = false
  for (const field of given.release) {
    if (!(field in hand)) continue
    delete hand[field]
    touched = true
  }
  for (const [field, value] of Object.entries(given.values) as [SheetField, unknown][]) {
    if (isDeepStrictEqual(value ?? null, stored.sheet[field] ?? null)) continue
    hand[field] = { value: value ?? null, ...who }
    touched = true
  }
  const sheet = effectiveSheet(stored.feed, hand as Hand)
  return { hand: hand as Hand, sheet, changes: sheetChanges(stored.sheet, sheet), touched }
}

/**
 * Takes one step back: the fields that a version changed stand as they did before it, as far as nobody has changed them
 * since. `kept` are those that somebody has. Pure.
 */
export function planUndo(
  stored: { feed: Sheet; hand: Hand; sheet: Sheet },
  undone: { before: Hand; after: Hand; fields: readonly SheetField[] },
): PlannedSheet & { kept: SheetField[] } {
  const hand: Record<string, unknown> = { ...stored.hand }
  const kept: SheetField[] = []
  let touched = false
  for (const field of undone.fields) {
    if (!isDeepStrictEqual(stored.hand[field], undone.after[field])) {
      kept.push(field)
      continue
    }
    if (undone.before[field] === undefined) delete hand[field]
    else hand[field] = undone.before[field]
    touched = true
  }
  const sheet = effectiveSheet(stored.feed, hand as Hand)
  return { hand: hand as Hand, sheet, changes: sheetChanges(stored.sheet, sheet), touched, kept }
}
