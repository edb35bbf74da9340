import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { z } from 'zod'
import { say } from '#contract/said.ts'
import { filePattern } from '../../feeds/drops/decide-drops.ts'
import { pseudonymsUnder } from '../../feeds/reading/pseudonym.ts'
import type { ReadContext, ReadItem, SampleEntry, SourceReader, TestStep } from '../../feeds/reading/reader.ts'
import { saidOf } from '../../feeds/reading/said-of.ts'
import type { SourceDeclaration } from '../../feeds/sources/source.ts'
import type { Json, RecordKind } from '../../platform/feed-record.ts'
import { problem } from '../../platform/problem.ts'
import { type LeaveOutRule, leaveOutRules, leftOutBy } from './leave-out.ts'
import { glanceAt } from './opus-record.ts'
import { civilDayOf } from './payroll-dates.ts'
import { draftSettings, marksOf, type PayrollFile, payrollDrops, protectedMarks, stampOf } from './payroll-settings.ts'
import { childrenOf, type Element, readXml, textOf } from './read-xml.ts'
import {
  cprOf,
  primaryOf,
  readEmployment,
  readPerson,
  readReferences,
  SD_FIELDS,
  SD_NEVER,
  type SdDepartment,
} from './sd-record.ts'

/** Which response is in which file; what each of them says comes from what stands in it. */
const DEFAULTS = {
  full: ['GetOrganization2*.xml', 'GetDepartment2*.xml', 'GetPerson2*.xml', 'GetEmployment2*.xml'],
  changes: ['GetPersonChanged*.xml', 'GetEmploymentChanged*.xml'],
}
const ROOTS = [
  ...['GetOrganization20111201', 'GetDepartment20111201', 'GetPerson20111201', 'GetEmployment20111201'],
  ...['GetEmploymentChanged20111201', 'GetEmploymentChangedAtDate20111201', 'GetPersonChangedAtDate20111201'],
]

const settings = z.object({
  drops: payrollDrops,
  /** Names of the responses in the folder; each with the time of the request in its name. */
  patterns: z.array(filePattern).min(1).max(20).optional(),
  tree: z.enum(['pay', 'admin']).default('pay'),
  protectedMarks,
  leaveOut: leaveOutRules(SD_FIELDS),
  drafts: draftSettings,
})
type Settings = z.output<typeof settings> & { taken?: (PayrollFile & { pattern: string })[] }

const KINDS: RecordKind[] = ['unit', 'person', 'affiliation']
/** What a response of this name says something about. */
const kindsIn = (name: string): RecordKind[] =>
  /employment/i.test(name) ? ['affiliation'] : /person/i.test(name) ? ['person'] : ['unit']

/**
 * Responses of SD Løn, laid into a folder by whoever may ask for them. A number of an employment is unique for a person
 * only, and there is no other key: keys are the person's number under a secret of this installation, and the employment's.
 */
export const sdReader: SourceReader = {
  kind: 'sd',
  settings,
  kinds: () => KINDS,
  seenAt: async source => {
    const stamps = await Promise.all(filesOf(source).map(file => stampOf(source.folder, file)))
    return stamps.reduce((latest, one) => (one > latest ? one : latest))
  },
  watched: source => {
    const { drops, patterns } = settingsOf(source)
    return drops ? { ...drops, patterns: patterns ?? DEFAULTS[drops.content], order: 'name' } : null
  },
  ofFiles: (source, taken) => {
    const own = settingsOf(source)
    const files = taken.map(({ name, path, before, pattern }) => ({ name, path, before, pattern, stamped: true }))
    return { ...source, settings: { ...own, taken: files } }
  },
  readBefore: source => [...new Set(filesOf(source).flatMap(file => (file.before ? kindsIn(file.pattern) : [])))],
  read: (source, context) => readSd(source, context),
  async test(source, context) {
    const steps: TestStep[] = []
    try {
      let records = 0
      for await (const batch of readSd(source, context)) records += batch.length
      const files = filesOf(source)
        .map(file => file.name)
        .join(', ')
      steps.push({ step: 'file', ok: true, detail: `${files} can be read`, said: say('files-readable', { files }) })
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
  async sample(source, context, count) {
    const found = new Map<string, SampleEntry[]>()
    for await (const batch of readSd(source, context))
      for (const item of batch) {
        const kind = String(item.kind)
        const of = found.get(kind) ?? []
        found.set(kind, of)
        const raw = 'reject' in item ? (item.raw ?? {}) : withoutNumbers(item.attrs)
        if (of.length < Math.ceil(count / KINDS.length)) of.push({ at: item.at ?? '', raw, items: [item] })
      }
    return [...found.values()].flat().slice(0, count)
  },
}

const withoutNumbers = ({ cpr: _, ...rest }: Record<string, Json>): Record<string, Json> => rest
const settingsOf = (source: SourceDeclaration) => source.settings as Settings

function filesOf(source: SourceDeclaration) {
  const { drops, taken } = settingsOf(source)
  if (taken && taken.length > 0) return taken
  throw problem('source-unreachable', {
    detail: `No file has been dropped into ${drops.folder} yet.`,
    said: say('nothing-dropped', { folder: drops.folder }),
  })
}

const DEPARTMENTS = new Set(['DepartmentReference', 'Department'])

async function* readSd(source: SourceDeclaration, context: ReadContext): AsyncGenerator<ReadItem[]> {
  const own = settingsOf(source)
  const full = own.drops.content !== 'changes'
  // A trial keeps nothing, so that any secret will do for it.
  const pseudonym = (await context.pseudonyms?.()) ?? pseudonymsUnder(randomBytes(32))
  const rules = own.leaveOut as readonly LeaveOutRule[]
  const leftOut = new Map<string, number>()
  const count = (why: string) => leftOut.set(why, (leftOut.get(why) ?? 0) + 1)
  const departments = new Map<string, SdDepartment>()
  const merge = (one: SdDepartment) => {
    const known = departments.get(one.id)
    departments.set(one.id, {
      ...one,
      name: one.name ?? known?.name ?? null,
      parent: one.parent ?? known?.parent ?? null,
    })
  }
  const seen = new Set<string>()
  const deleted: string[] = []

  const takePerson = (person: Element, file: PayrollFile, today: string): ReadItem[] => {
    const at = `${file.name}:${person.line}`
    const cpr = cprOf(person)
    if (!/^\d{10}$/.test(cpr) || /^0+$/.test(cpr)) {
      count('no-number')
      return [{ reject: 'key-missing', kind: kindsIn(file.name)[0]!, at }]
    }
    const key = pseudonym(cpr)
    if (kindsIn(file.name)[0] === 'person') return [readPerson(person, key, at)]
    const read = childrenOf(person, 'Employment').map(one => readEmployment(one, key, today, at, own.tree))
    const rateOf = (one: (typeof read)[number]) => Number((one.is === 'read' && one.attrs.fraction) || 0)
    const primary = full
      ? primaryOf(read.map(one => ({ id: one.id, rate: rateOf(one), inForce: one.is === 'read' && one.inForce })))
      : null
    return read.flatMap((one): ReadItem[] => {
      const whole = `${key}:${one.id}`
      if (one.is === 'left-out') {
        count(one.why)
        return []
      }
      if (one.is === 'deleted') {
        count('status-deleted')
        deleted.push(whole)
        return []
      }
      if (one.is === 'rejected') {
        seen.add(whole)
        return [one.item]
      }
      const above: string[] = []
      for (let id = one.department; id !== null && !above.includes(id); id = departments.get(id)?.parent ?? null)
        above.push(id)
      const name = one.department === null ? null : departments.get(one.department)?.name
      const why = leftOutBy(rules, { ...one.row, departmentName: name, departmentOrAbove: above })
      if (why !== null) {
        count(why)
        return []
      }
      seen.add(whole)
      // Marked only where there is something to choose.
      const attrs = read.length > 1 && one.id === primary ? { ...one.attrs, primary: true } : one.attrs
      return [{ kind: 'affiliation', key: whole, attrs, at }]
    })
  }

  // Departments first: rules may ask about them.
  const files = [...filesOf(source)].sort((a, b) => rank(a.name) - rank(b.name))
  for (const file of files) {
    const today = civilDayOf(await stampOf(source.folder, file))
    const shape = {
      roots: ROOTS,
      records: new Set(['Person', ...DEPARTMENTS]),
      never: SD_NEVER,
      glance: glanceAt(marksOf(own.protectedMarks)),
    }
    for await (const batch of readXml(resolve(source.folder, file.path), file.name, shape)) {
      const items: ReadItem[] = []
      for (const element of batch) {
        const at = `${file.name}:${element.line}`
        if (element.name === 'DepartmentReference') for (const one of readReferences(element, at)) merge(one)
        else if (element.name === 'Department') {
          const id = textOf(element, 'DepartmentIdentifier')
          if (id === '') items.push({ reject: 'key-missing', kind: 'unit', at })
          else merge({ id, name: textOf(element, 'DepartmentName') || null, parent: null, at })
        } else items.push(...takePerson(element, file, today))
      }
      yield items
    }
  }
  yield [...departments.values()].map(({ id, name, parent, at }) => ({
    ...{ kind: 'unit' as const, key: id, at },
    attrs: { name: name ?? id, tree: own.tree, unitKind: 'department', ...(parent === null ? {} : { parent }) },
  }))
  for (const key of deleted) if (!seen.has(key)) context.gone?.({ deleted: key, of: 'affiliation' })
  for (const [why, number] of leftOut) context.note?.({ note: 'left-out', why, count: number })
}

const rank = (name: string) => ['unit', 'person', 'affiliation'].indexOf(kindsIn(name)[0]!)
