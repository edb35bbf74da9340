/**
 * A text as it may stand in a cell of a workbook. The library keeps texts in an object by their own names, and makes a file
 * that cannot be read of one that every object has (`constructor`). A blank behind it is trimmed away by whoever reads it.
 */
export const sayable = (text: string): string => (text in Object.prototype ? `${text} ` : text)
