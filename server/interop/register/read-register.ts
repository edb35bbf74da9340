import { MOST_REGISTER_RECORDS, MOST_REGISTER_ROWS } from '#contract/register-transfer.ts'
import { say } from '#contract/said.ts'
import { readSent } from '../../feeds/imports/read-sent.ts'
import { emptyFile } from '../../feeds/reading/csv-rows.ts'
import { problem } from '../../platform/problem.ts'
import { packageOf } from './tell-package.ts'
import { type Table, tablesOf } from './tell-tables.ts'

export type RegisterContent =
  | { kind: 'table'; tables: Table[]; left: string[] }
  | { kind: 'package'; title: string; records: unknown[] }

export const TOO_LARGE = 'A register is smaller: take out worksheets and pictures that are something else.'

/** Records in lists, or a package of them. Throws `source-invalid`, `source-incomplete`. */
export async function readRegister(file: Buffer, name: string): Promise<RegisterContent> {
  const sent = await readSent(file, name, {
    mostRows: MOST_REGISTER_ROWS,
    instead: 'Send in the register alone, or one area at a time.',
    merged: true,
    json: {
      read: packageOf,
      count: found => found.records.length,
      most: MOST_REGISTER_RECORDS,
      refused: cause => notPackage(name, cause),
    },
  })
  if ('json' in sent) return { kind: 'package', ...sent.json }
  const { tables, left } = tablesOf(sent.sheets)
  if (!tables.some(one => one.rows.length > 0)) throw emptyFile(name)
  return { kind: 'table', tables, left }
}

const notPackage = (name: string, cause?: unknown) =>
  problem('source-invalid', {
    detail: `${name} is no package of records: a list of objects with name, description, gdprChoices, kleMainGroups and kleGroups, as OS2compliance keeps them.`,
    said: say('json-no-package', { file: name }),
    cause,
  })
