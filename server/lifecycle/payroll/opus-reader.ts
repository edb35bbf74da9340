import { resolve } from 'node:path'
import { z } from 'zod'
import { say } from '#contract/said.ts'
import { filePattern } from '../../feeds/drops/decide-drops.ts'
import type { ReadContext, ReadItem, SampleEntry, SourceReader, TestStep } from '../../feeds/reading/reader.ts'
import { saidOf } from '../../feeds/reading/said-of.ts'
import type { SourceDeclaration } from '../../feeds/sources/source.ts'
import type { RecordKind } from '../../platform/feed-record.ts'
import { problem } from '../../platform/problem.ts'
import { type LeaveOutRule, leaveOutRules, leftOutBy } from './leave-out.ts'
import {
  glanceAt,
  OPUS_FIELDS,
  OPUS_NEVER,
  type OpusEmployee,
  type OpusSettings,
  type OpusUnit,
  rawOf,
  readEmployee,
  readUnit,
} from './opus-record.ts'
import { civilDayOf } from './payroll-dates.ts'
import { draftSettings, marksOf, type PayrollFile, payrollDrops, protectedMarks, stampOf } from './payroll-settings.ts'
import { type Element, readXml, textOf, type XmlShape } from './read-xml.ts'

const settings = z.object({
  /** One file that stands where it is; else `drops`. */
  file: z.string().min(1).optional(),
  drops: payrollDrops.optional(),
  pattern: filePattern.default('ZLPE*_delta.xml'),
  /** The payroll organisation, which is mapped to the administrative one; or `admin` where the two are one. */
  tree: z.enum(['pay', 'admin']).default('pay'),
  /** What `leaveDate` is: the last day of employment, or the first day without. */
  leaveDate: z.enum(['last-day', 'day-after']).default('last-day'),
  /** Codes of `workContract` of those who are paid by the hour. */
  hourlyContracts: z.array(z.string().trim().min(1)).max(50).default(['03', '05', '07']),
  protectedMarks,
  leaveOut: leaveOutRules(OPUS_FIELDS),
  drafts: draftSettings,
})
type Settings = z.output<typeof settings> & { taken?: PayrollFile[] }

const KINDS: RecordKind[] = ['unit', 'person', 'affiliation']
/** So many employees in units that a full file does not have, and it is not a full one. */
const STRANGERS = { share: 0.2, floor: 3 }

/** Files of KMD OPUS: `ZLPE<time>_delta.xml`, which in spite of their name hold everybody (docs/payroll.md). */
export const opusReader: SourceReader = {
  kind: 'opus',
  settings,
  check: given => {
    const { file, drops } = given as Settings
    if (file && drops) return ['file: a watched folder names its files by `pattern`; give one of the two']
    return file || drops ? [] : ['name the folder: `drops: { folder: opus }`, or one file as `file: opus/ZLPE….xml`']
  },
  kinds: () => KINDS,
  seenAt: async source => stampOf(source.folder, fileOf(source)),
  watched: source => {
    const { drops, pattern } = settingsOf(source)
    return drops ? { ...drops, patterns: [pattern], order: 'name' } : null
  },
  ofFiles: (source, taken) => {
    const own = settingsOf(source)
    const files = taken.map(one => ({ name: one.name, path: one.path, before: one.before }))
    return { ...source, settings: { ...own, taken: files } }
  },
  readBefore: source => (settingsOf(source).taken?.some(one => one.before) ? KINDS : []),
  read: (source, context) => readOpus(source, context),
  async test(source, context) {
    const steps: TestStep[] = []
    try {
      const { name } = fileOf(source)
      await stampOf(source.folder, fileOf(source))
      let records = 0
      for await (const batch of readOpus(source, context)) {
        records += batch.length
        if (records >= 100) break
      }
      steps.push({
        step: 'file',
        ok: true,
        detail: `${name} can be read`,
        said: say('files-readable', { files: name }),
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
    const own = settingsOf(source)
    const file = fileOf(source)
    const today = civilDayOf(await stampOf(source.folder, file))
    const found: SampleEntry[] = []
    const employees: SampleEntry[] = []
    for await (const batch of elementsOf(source, file)) {
      for (const element of batch) {
        const at = `${file.name}:${element.line}`
        if (element.name === 'orgUnit') {
          const unit = readUnit(element, recordSettings(own), at)
          const item: ReadItem = 'reject' in unit ? unit.reject : { kind: 'unit', key: unit.id, attrs: unit.attrs, at }
          if (found.length < count) found.push({ at, raw: shownUnit(element), items: [item] })
          continue
        }
        const read = readEmployee(element, recordSettings(own), today, at)
        const items = read.is === 'read' ? read.items : read.is === 'rejected' ? [read.item] : []
        if (items.length > 0) employees.push({ at, raw: rawOf(element), items })
      }
      if (employees.length >= count) break
    }
    const units = found.slice(0, Math.max(1, Math.floor(count / 4)))
    return [...units, ...employees.slice(0, Math.max(0, count - units.length))]
  },
}

const settingsOf = (source: SourceDeclaration) => source.settings as Settings
const recordSettings = ({ tree, leaveDate, hourlyContracts, protectedMarks: marks }: Settings): OpusSettings => ({
  ...{ tree, leaveDate, hourlyContracts },
  protectedMarks: marksOf(marks),
})
const shownUnit = (element: Element) => ({
  id: element.attributes.id ?? null,
  longName: textOf(element, 'longName'),
  parentOrgUnit: textOf(element, 'parentOrgUnit'),
})

function fileOf(source: SourceDeclaration): PayrollFile {
  const { file, drops, taken } = settingsOf(source)
  const found = taken?.[0] ?? (file ? { name: file, path: file, before: false } : undefined)
  if (found) return { ...found, stamped: taken !== undefined }
  throw problem('source-unreachable', {
    detail: `No file has been dropped into ${drops?.folder} yet.`,
    said: say('nothing-dropped', { folder: drops?.folder ?? '' }),
  })
}

const shapeOf = (own: Settings): XmlShape => ({
  roots: ['kmd'],
  records: new Set(['orgUnit', 'employee']),
  never: OPUS_NEVER,
  glance: glanceAt(marksOf(own.protectedMarks)),
})
const elementsOf = (source: SourceDeclaration, file: PayrollFile): AsyncGenerator<Element[]> =>
  readXml(resolve(source.folder, file.path), file.name, shapeOf(settingsOf(source)))

async function* readOpus(source: SourceDeclaration, context: ReadContext): AsyncGenerator<ReadItem[]> {
  const own = settingsOf(source)
  const file = fileOf(source)
  const record = recordSettings(own)
  const today = civilDayOf(await stampOf(source.folder, file))
  const full = own.drops?.content !== 'changes'
  const leftOut = new Map<string, number>()
  const count = (why: string) => leftOut.set(why, (leftOut.get(why) ?? 0) + 1)
  const units = new Map<string, OpusUnit>()
  const seen = new Set<string>()
  const over = new Map<string, 'left' | 'annulled'>()
  const managers = new Map<string, string>()
  const stands = new Map<string, number>()
  const rules = own.leaveOut as readonly LeaveOutRule[]

  const takeUnit = (element: Element): ReadItem[] => {
    const unit = readUnit(element, record, `${file.name}:${element.line}`)
    if ('reject' in unit) return [unit.reject]
    // Twice in one file: the comparison finds the two.
    const again = units.has(unit.id)
    units.set(unit.id, unit)
    return again ? [{ kind: 'unit', key: unit.id, attrs: unit.attrs, at: unit.at }] : []
  }
  const takeEmployee = (read: OpusEmployee): ReadItem[] => {
    if (read.is === 'over') {
      over.set(read.id, read.why)
      return []
    }
    if (read.is === 'left-out') {
      count(read.why)
      return []
    }
    seen.add(read.id)
    if (read.is === 'rejected') return [read.item]
    const why = leftOutBy(rules, withUnit(read, units))
    if (why !== null) {
      seen.delete(read.id)
      count(why)
      return []
    }
    if (read.oddFraction) count('fraction-odd')
    if (read.unit !== null) stands.set(read.unit, (stands.get(read.unit) ?? 0) + 1)
    if (read.manager && read.unit !== null) {
      const other = managers.get(read.unit)
      if (other !== undefined) count('manager-twice')
      if (other === undefined || lower(read.id, other)) managers.set(read.unit, read.id)
    }
    return read.items
  }

  // A rule that asks about units must know them all, wherever the file has them.
  if (rules.some(rule => 'orgUnitName' in rule.when || 'orgUnitOrAbove' in rule.when)) {
    for await (const batch of elementsOf(source, file))
      for (const element of batch) if (element.name === 'orgUnit') takeUnit(element)
    const known = new Map(units)
    units.clear()
    for await (const batch of elementsOf(source, file)) {
      const items: ReadItem[] = []
      for (const element of batch)
        if (element.name === 'orgUnit') items.push(...takeUnit(element))
        else items.push(...takeEmployee(withKnown(element, known)))
      yield items
    }
  } else
    for await (const batch of elementsOf(source, file)) {
      const items: ReadItem[] = []
      for (const element of batch)
        items.push(
          ...(element.name === 'orgUnit'
            ? takeUnit(element)
            : takeEmployee(readEmployee(element, record, today, `${file.name}:${element.line}`))),
        )
      yield items
    }

  const strangers = [...stands].reduce((sum, [unit, people]) => sum + (units.has(unit) ? 0 : people), 0)
  if (full && strangers > STRANGERS.floor && strangers > seen.size * STRANGERS.share)
    throw problem('source-incomplete', {
      detail: `The file ${file.name} looks like a list of changes and not like all employees: ${strangers} of ${seen.size} are in units that it does not have. Have the whole export made, or declare drops.content: changes.`,
      said: say('file-not-whole', { file: file.name }),
    })

  const rest: ReadItem[] = []
  for (const { id, attrs, at } of units.values()) {
    const manager = full ? managers.get(id) : undefined
    rest.push({ kind: 'unit', key: id, attrs: manager === undefined ? attrs : { ...attrs, manager }, at })
  }
  for (const [id, why] of over) {
    if (seen.has(id)) continue
    if (why === 'annulled') count('annulled')
    // Nothing is said but that it is over: what is known of it stays.
    context.gone?.({ deleted: id, of: 'affiliation' })
  }
  yield rest
  for (const [why, number] of leftOut) context.note?.({ note: 'left-out', why, count: number })

  function withKnown(element: Element, known: ReadonlyMap<string, OpusUnit>): OpusEmployee {
    const read = readEmployee(element, record, today, `${file.name}:${element.line}`)
    return read.is === 'read' ? { ...read, row: withUnit(read, known) } : read
  }
}

/** The row with its unit's name, and with the unit and all above it. */
function withUnit(read: Extract<OpusEmployee, { is: 'read' }>, units: ReadonlyMap<string, OpusUnit>) {
  const { unit, row } = read
  if (unit === null || !units.has(unit) || row.orgUnitName) return row
  const above: string[] = []
  for (let id: string | null = unit; id !== null && !above.includes(id); id = units.get(id)?.parent ?? null)
    above.push(id)
  return { ...row, orgUnitName: units.get(unit)?.name, orgUnitOrAbove: above }
}

/** Numbers as numbers: 999 is before 1000. */
const lower = (a: string, b: string): boolean => a.length < b.length || (a.length === b.length && a < b)
