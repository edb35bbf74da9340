import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { problem } from '../../platform/problem.ts'
import { unguarded } from '../../platform/write-csv.ts'
import { csvRows } from './csv-rows.ts'

/* A file that somebody sends in once, to be looked at before anything is done with it. */

/** What is sent in, whole; throws `payload-too-large` with `detail` as soon as it is more than `most` bytes. */
export async function takeBody(from: Readable, most: number, detail: string): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of from as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > most) throw problem('payload-too-large', { detail })
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/**
 * Rows of a CSV file, in whatever encoding and with whatever separator; at most one more than `most`. It is read from disk,
 * since only a whole file tells how it is encoded; the copy is gone right after.
 */
export async function csvFile(file: Buffer, name: string, most: number): Promise<{ line: number; cells: string[] }[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hjemmel-import-'))
  try {
    const path = join(folder, 'in.csv')
    await writeFile(path, file, { mode: 0o600 })
    const rows: { line: number; cells: string[] }[] = []
    for await (const batch of csvRows(path, name, { encoding: 'auto', delimiter: 'auto' })) {
      for (const row of batch) rows.push({ line: row.line, cells: row.cells.map(unguarded) })
      if (rows.length > most + 1) break
    }
    return rows
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
