import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { say } from '#contract/said.ts'
import { dropSettings, filePattern } from '../feeds/drops/decide-drops.ts'
import { newest } from '../feeds/reading/read-csv.ts'
import type { ReadItem, SourceReader, TakenFile, TestStep } from '../feeds/reading/reader.ts'
import { saidOf } from '../feeds/reading/said-of.ts'
import type { SourceDeclaration } from '../feeds/sources/source.ts'
import type { RecordKind } from '../platform/feed-record.ts'
import { problem } from '../platform/problem.ts'
import { isSecretAttribute } from './directory-entry.ts'
import { gatherElsewhere } from './elsewhere.ts'
import { attributesOf, entryMapper, entryRecord } from './map-entry.ts'
import { readLdif } from './read-ldif.ts'
import { type Candidate, pickSample } from './sample-entries.ts'

const settings = z.object({
  file: z.string().min(1).optional(),
  files: z.array(z.string().min(1)).min(1).optional(),
  /** With `drops`: names of the files in the folder, in the order of reading. */
  patterns: z.array(filePattern).min(1).optional(),
  records: z.array(entryRecord).min(1),
  drops: dropSettings.optional(),
})
type LdifSettings = z.output<typeof settings> & { taken?: TakenFile[] }

const BATCH = 500
/** Values of the entries of one batch: groups may have hundreds of thousands of members. */
const BATCH_VALUES = 20_000

/** Exports of a directory as LDIF files, in the order in which they are declared: parents before children. */
export const ldifReader: SourceReader = {
  kind: 'ldif',
  settings,
  check: given => {
    const { file, files, patterns, drops, records } = given as LdifSettings
    const mistakes: string[] = []
    if (drops && (file || files || !patterns))
      mistakes.push('drops: name the files of the folder by `patterns: [...]`, and no `file` or `files`')
    if (!drops && patterns) mistakes.push('patterns: are for a watched folder, `drops: { folder: ... }`')
    if (!drops && !file && !files) mistakes.push('name the file: `file: ad/ad.ldif`, or several as `files: [...]`')
    if (patterns && new Set(patterns).size < patterns.length) mistakes.push('patterns: two are the same')
    for (const name of attributesOf(records ?? []))
      if (isSecretAttribute(name)) mistakes.push(`records: ${name} holds a secret and is never read`)
    return mistakes
  },
  kinds: source => [...new Set(settingsOf(source).records.map(rule => rule.record))] as RecordKind[],
  seenAt: async source =>
    newest(
      source.folder,
      filesOf(source).map(file => file.path),
    ),
  watched: source => {
    const { drops, patterns } = settingsOf(source)
    return drops ? { ...drops, patterns: patterns! } : null
  },
  ofFiles: (source, files) => {
    const taken = (settingsOf(source).patterns ?? []).flatMap(one => files.find(file => file.pattern === one) ?? [])
    return { ...source, settings: { ...settingsOf(source), drops: undefined, taken } }
  },
  // Any file may hold entries of any kind.
  readBefore: source => (settingsOf(source).taken?.some(file => file.before) ? ldifReader.kinds(source) : []),
  async *read(source, context) {
    let place = ''
    const elsewhere = gatherElsewhere()
    const map = entryMapper(settingsOf(source).records, () => place)
    let batch: ReadItem[] = []
    let values = 0
    for (const { name: file, path } of filesOf(source)) {
      let entries = 0
      for await (const entry of readLdif(streamOf(source.folder, path), file, elsewhere.add)) {
        entries++
        place = `${file}:${entry.line}`
        for (const item of map(entry)) batch.push(item)
        for (const one of entry.attributes.values()) values += one.length
        if (batch.length < BATCH && values < BATCH_VALUES) continue
        yield batch
        batch = []
        values = 0
      }
      if (entries === 0)
        throw problem('source-incomplete', {
          detail: `The file ${file} holds no entries. Have the export made again.`,
          said: say('file-empty', { file }),
        })
    }
    if (batch.length > 0) yield batch
    elsewhere.tell(context)
  },
  async test(source, context) {
    const steps: TestStep[] = []
    try {
      let records = 0
      for await (const batch of ldifReader.read(source, context)) {
        records += batch.filter(item => !('reject' in item)).length
        if (records >= 100) break
      }
      const files = filesOf(source)
        .map(file => file.name)
        .join(', ')
      steps.push({
        step: 'file',
        ok: true,
        detail: `${files} can be read`,
        said: say('files-readable', { files }),
      })
      steps.push({
        step: 'records',
        ok: records > 0,
        detail: records > 0 ? `The first ${records} records fit` : 'No entry fits any of the declared records',
        said: records > 0 ? say('records-fit', { count: records }) : say('no-records-fit', {}),
      })
    } catch (error) {
      steps.push({ step: 'file', ok: false, ...saidOf(error) })
    }
    return steps
  },
  async sample(source, _context, count) {
    let place = ''
    const map = entryMapper(settingsOf(source).records, () => place)
    const candidates: Candidate[] = []
    for (const { name: file, path } of filesOf(source)) {
      let looked = 0
      for await (const entry of readLdif(streamOf(source.folder, path), file)) {
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

function filesOf(source: SourceDeclaration): { name: string; path: string }[] {
  const { file, files, taken, drops } = settingsOf(source)
  if (drops)
    throw problem('source-unreachable', {
      detail: `No file has been dropped into ${drops.folder} yet.`,
      said: say('nothing-dropped', { folder: drops.folder }),
    })
  return taken ?? [...(file ? [file] : []), ...(files ?? [])].map(path => ({ name: path, path }))
}

async function* streamOf(folder: string, file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(resolve(folder, file), { highWaterMark: 256 * 1024 })
  } catch (cause) {
    throw problem('source-unreachable', {
      detail: `The file ${file} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}). Put it in ${folder}, or correct its path in the sources file.`,
      said: say('file-unreadable', { file: file, code: (cause as NodeJS.ErrnoException).code ?? 'unknown' }),
      cause,
    })
  }
}
