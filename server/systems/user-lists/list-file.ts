import { open, readFile, stat } from 'node:fs/promises'
import { say } from '#contract/said.ts'
import { csvRows, type FileRow } from '../../feeds/reading/csv-rows.ts'
import { problem } from '../../platform/problem.ts'
import { oldSheet, readSheetRows, sheetKind } from '../../platform/read-sheet.ts'

/** Packed; what it unfolds to has a limit of its own. A larger list comes as CSV. */
const MOST_SHEET_BYTES = 64 * 1024 * 1024

/** Is it a spreadsheet, by its content? Throws for one that cannot be read here, whatever its name says. */
export async function isSheet(path: string, name: string): Promise<boolean> {
  const file = await open(path).catch(cause => {
    throw unreadable(name, cause)
  })
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
    const kind = sheetKind(buffer.subarray(0, bytesRead))
    if (kind === 'old') throw oldSheet(name)
    return kind === 'xlsx'
  } finally {
    await file.close()
  }
}

/** Rows of a list, whichever of the two it is: CSV streaming, a sheet as a whole, since its texts stand apart from its cells. */
export async function* listRows(path: string, name: string): AsyncGenerator<FileRow[]> {
  if (!(await isSheet(path, name))) {
    yield* csvRows(path, name, { encoding: 'auto', delimiter: 'auto' })
    return
  }
  const { size } = await stat(path)
  if (size > MOST_SHEET_BYTES)
    throw problem('source-invalid', {
      detail: `The file ${name} has more than ${MOST_SHEET_BYTES / 1024 / 1024} MB. Save the sheet as CSV, which may be of any size.`,
      said: say('sheet-too-large', { file: name, limit: MOST_SHEET_BYTES / 1024 / 1024 }),
    })
  const rows = await readSheetRows(await readFile(path), name)
  for (let at = 0; at < rows.length; at += 500) yield rows.slice(at, at + 500)
}

const unreadable = (name: string, cause: unknown) => {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
  return problem('source-unreachable', {
    detail: `The file ${name} cannot be read (${code}).`,
    said: say('file-unreadable', { file: name, code }),
    cause,
  })
}
