/*
 * What a limit means for the data that can be reached. KLE numbers leave the activities that do such work, a level of
 * sensitivity leaves the categories up to it, and units leave all categories, of a part of the people only. Everything else
 * nobody can hold against a record: it is said, and taken as if it were not there.
 */

/** Levels of the words that limits and terms use; they are ordinal: who may see the confidential sees the ordinary, too. */
export const SENSITIVITY_LEVELS: Readonly<Record<string, 1 | 2 | 3 | 4>> = {
  none: 1,
  personal: 1,
  ordinary: 1,
  'ikke-fortrolige': 1,
  confidential: 2,
  cpr: 2,
  fortrolige: 2,
  special: 3,
  criminal: 3,
  følsomme: 3,
  vip: 4,
}

/** A KLE number of one, two or three parts. */
export const KLE_NUMBER = '^[0-9]{2}([.][0-9]{2}){0,2}$'

/** What can be done, as bits; `NOT_SAID` beside all of them where a binding does not say. */
export const OPERATION_BITS = { read: 1, write: 2, delete: 4, export: 8 } as const
export const NOT_SAID = 16
export const ANYTHING = 31

export type Operation = keyof typeof OPERATION_BITS

/** Those that bits stand for; null: nobody has said, so it may be any. */
export function operationsOf(bits: number): Operation[] | null {
  if (bits === 0 || bits & NOT_SAID) return null
  return (Object.keys(OPERATION_BITS) as Operation[]).filter(one => bits & OPERATION_BITS[one])
}
