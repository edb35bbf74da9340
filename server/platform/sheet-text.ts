/** Signs that one cell of a spreadsheet can hold; a workbook with more is taken for damaged. */
const MOST = 32_767
/** How a workbook writes a sign by its number; a text that only looks like that has its own first sign written so. */
const NUMBERED = /_(?=x[0-9a-f]{4}_)/gi

/**
 * A text as it may stand in a cell of a workbook. The library keeps texts in an object by their own names, and makes a file
 * that cannot be read of one that every object has (`constructor`). A blank behind it is trimmed away by whoever reads it.
 */
export const sayable = (text: string): string => {
  const written = text.replaceAll(NUMBERED, '_x005F_')
  const short = written.length <= MOST ? written : `${written.slice(0, MOST - 1)}…`
  return short in Object.prototype ? `${short} ` : short
}
