import { say } from '#contract/said.ts'
import { MOST_IMPORT_ROWS } from '#contract/transfer.ts'
import { readSent } from '../../feeds/imports/read-sent.ts'
import { emptyFile } from '../../feeds/reading/csv-rows.ts'
import { problem } from '../../platform/problem.ts'
import { kitosFile } from './kitos-shape.ts'
import { tablesOf } from './read-tables.ts'
import type { ImportContent } from './transfer-store.ts'

export const TOO_LARGE = 'A list of systems is smaller: take out worksheets that are something else.'

/** Systems, contracts and flows in lists, or what KITOS says. Throws `source-invalid`, `source-incomplete`. */
export async function readUpload(file: Buffer, name: string): Promise<ImportContent> {
  const sent = await readSent(file, name, {
    mostRows: MOST_IMPORT_ROWS,
    instead: 'Send in the list of systems alone.',
    merged: false,
    json: {
      read: kitosFile,
      count: found => found.usages.length,
      most: MOST_IMPORT_ROWS,
      refused: cause => notKitos(name, cause),
    },
  })
  if ('json' in sent) return { kind: 'kitos', file: sent.json }
  const { tables, left } = tablesOf(sent.sheets)
  const filled = tables.filter(one => one.rows.length > 0 || one.part !== 'systems')
  if (!filled.some(one => one.rows.length > 0)) throw emptyFile(name)
  return { kind: 'table', tables: filled, left }
}

const notKitos = (name: string, cause?: unknown) =>
  problem('source-invalid', {
    detail: `${name} is no JSON of KITOS: a list of it-system-usages, or an object with itSystemUsages, itContracts and dataProcessingRegistrations. Fetch it anew from KITOS' API v2.`,
    said: say('json-not-kitos', { file: name }),
    cause,
  })
