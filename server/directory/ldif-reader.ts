import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { newest } from '../feeds/read-csv.ts'
import type { ReadItem, SourceReader, TestStep } from '../feeds/reader.ts'
import type { SourceDeclaration } from '../feeds/source.ts'
import type { RecordKind } from '../platform/feed-record.ts'
import { problem } from '../platform/problem.ts'
import { isSecretAttribute } from './directory-entry.ts'
import { attributesOf, entryMapper, entryRecord } from './map-entry.ts'
import { readLdif } from './read-ldif.ts'
import { type Candidate, pickSample } from './sample-entries.ts'

const settings = z.object({
  file: z.string().min(1).optional(),
  files: z.array(z.string().min(1)).min(1).optional(),
  records: z.array(entryRecord).min(1),
})
type LdifSettings = z.output<typeof settings>

const BATCH = 500

/** Exports of a directory as LDIF files, in the order in which they are declared: parents before children. */
export const ldifReader: SourceReader = {
  kind: 'ldif',
  settings,
  check: given => {
    const { file, files, records } = given as LdifSettings
    const mistakes = file || files ? [] : ['name the file: `file: ad/ad.ldif`, or several as `files: [...]`']
    for (const name of attributesOf(records ?? []))
      if (isSecretAttribute(name)) mistakes.push(`records: ${name} holds a secret and is never read`)
    return mistakes
  },
  kinds: source => [...new Set(settingsOf(source).records.map(rule => rule.record))] as RecordKind[],
  seenAt: async source => newest(source.folder, filesOf(source)),
  async *read(source) {
    let place = ''
    const map = entryMapper(settingsOf(source).records, () => place)
    let batch: ReadItem[] = []
    for (const file of filesOf(source)) {
      let entries = 0
      for await (const entry of readLdif(streamOf(source.folder, file), file)) {
        entries++
        place = `${file}:${entry.line}`
        for (const item of map(entry)) batch.push(item)
        if (batch.length < BATCH) continue
        yield batch
        batch = []
      }
      if (entries === 0)
        throw problem('source-incomplete', { detail: `The file ${file} holds no entries. Have the export made again.` })
    }
    if (batch.length > 0) yield batch
  },
  async test(source, context) {
    const steps: TestStep[] = []
    try {
      let records = 0
      for await (const batch of ldifReader.read(source, context)) {
        records += batch.filter(item => !('reject' in item)).length
        if (records >= 100) break
      }
      steps.push({ step: 'file', ok: true, detail: `${filesOf(source).join(', ')} can be read` })
      steps.push({
        step: 'records',
        ok: records > 0,
        detail: records > 0 ? `The first ${records} records fit` : 'No entry fits any of the declared records',
      })
    } catch (error) {
      steps.push({ step: 'file', ok: false, detail: (error as Error).message })
    }
    return steps
  },
  async sample(source, _context, count) {
    let place = ''
    const map = entryMapper(settingsOf(source).records, () => place)
    const candidates: Candidate[] = []
    for (const file of filesOf(source)) {
      let looked = 0
      for await (const entry of readLdif(streamOf(source.folder, file), file)) {
        place = `${file}:${entry.line}`
        const items = map(entry)
        if (items.length > 0) candidates.push({ entry, at: place, items })
        if (++looked === LOOKED_AT) break
      }
    }
    return pickSample(candidates, count)
  },
}

/** Entries of a file that a sample is taken from. */
const LOOKED_AT = 2000

const settingsOf = (source: SourceDeclaration) => source.settings as LdifSettings

function filesOf(source: SourceDeclaration): string[] {
  const { file, files } = settingsOf(source)
  return [...(file ? [file] : []), ...(files ?? [])]
}

async function* streamOf(folder: string, file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(resolve(folder, file), { highWaterMark: 256 * 1024 })
  } catch (cause) {
    throw problem('source-unreachable', {
      detail: `The file ${file} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}). Put it in ${folder}, or correct its path in the sources file.`,
      cause,
    })
  }
}
