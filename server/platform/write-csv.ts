/**
 * CSV as the spreadsheet of the language opens it: UTF-8 with its mark, `;` where the decimal sign is a comma. A cell that
 * a spreadsheet would take for a formula is led by an apostrophe (OWASP, CSV injection), and so is one that begins with
 * such an apostrophe, so that `unguarded` gives back exactly what was written.
 */
export function csvText(lines: Iterable<readonly (string | null)[]>, separator: ';' | ','): string {
  const parts: string[] = ['\uFEFF']
  for (const line of lines) parts.push(line.map(cell => csvCell(cell ?? '', separator)).join(separator), '\r\n')
  return parts.join('')
}

function csvCell(text: string, separator: string): string {
  const safe = /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /["\r\n]/.test(safe) || safe.includes(separator) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** What a cell said before it was guarded. */
export const unguarded = (cell: string): string => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell)
