import type { ActivityContent } from '#contract/activity-content.ts'
import type { VocabularyKind } from '#contract/vocabularies.ts'
import { fold } from '../../platform/fold.ts'
import { cleanText, isNone, readDate, readList } from '../../systems/transfer/cell-text.ts'
import type { Ground } from './compose-ground.ts'
import { readSystem } from './read-references.ts'
import { readChoiceCell, readPeriod } from './term-text.ts'
import { fault, type ListPart, type Place, type ToldCell, type ToldLine } from './told-record.ts'

export const listCellOf = (text: string): string[] => readList(text).filter(one => !isNone(one))

/** The entries of one list, as fields of a content. What cannot be read is added to the faults. */
export function linesOf(
  part: ListPart,
  lines: readonly ToldLine[],
  kind: ActivityContent['kind'],
  ground: Ground,
): Record<string, unknown> {
  if (part === 'parties') return partiesOf(lines, kind, ground)
  if (part === 'purposes') return { purposes: purposesOf(lines, ground) }
  return { [part]: lines.flatMap(line => entryOf(part, line, ground) ?? []) }
}

const text = (line: ToldLine, name: string): string => line.cells[name]?.text ?? ''
const orNull = (line: ToldLine, name: string): string | null => text(line, name) || null

function needed(line: ToldLine, names: readonly string[], { faults }: Ground): boolean {
  const missing = names.filter(name => text(line, name) === '')
  for (const name of missing) faults.push(fault(line, line.cells[name]?.column ?? name, '', 'missing'))
  return missing.length === 0
}

function entryOf(part: ListPart, line: ToldLine, ground: Ground): Record<string, unknown> | string | null {
  if (part === 'rows') {
    if (!needed(line, ['subject', 'data'], ground)) return null
    const [subject, data] = [term(line, 'subject', 'subject', ground), term(line, 'data', 'data', ground)]
    const recipient = term(line, 'recipient', 'recipient', ground)
    return { subject, data, recipient, erasure: erasureOf(line, ground), source: orNull(line, 'source') }
  }
  if (part === 'retention') {
    if (!needed(line, ['startEvent'], ground)) return null
    return {
      ...{ key: text(line, 'key') || slug(text(line, 'startEvent'), 'frist'), startEvent: text(line, 'startEvent') },
      ...{ period: periodOf(line, ground), basis: orNull(line, 'basis'), note: orNull(line, 'note') },
      archive: choice(line, 'archive', ground) ?? 'unknown',
    }
  }
  if (part === 'transfers') {
    if (!needed(line, ['recipient', 'country'], ground)) return null
    return {
      ...{ recipient: text(line, 'recipient'), country: text(line, 'country'), document: orNull(line, 'document') },
      ground: term(line, 'ground', 'transfer-ground', ground),
      ...{ from: dateOf(line, 'from', ground), to: dateOf(line, 'to', ground) },
    }
  }
  if (part === 'systems') {
    if (!needed(line, ['system'], ground)) return null
    const systemId = readSystem(text(line, 'system'), line.cells.system?.column ?? '', line, ground)
    return systemId === null ? null : { systemId, use: orNull(line, 'use') }
  }
  if (!needed(line, ['measure'], ground)) return null
  return term(line, 'measure', 'measure', ground)
}

/** Codes of a vocabulary that stand in the record already: what is there stays readable. */
function keptCodes(kind: VocabularyKind, before: ActivityContent | null): string[] {
  if (!before) return []
  if (kind === 'measure') return before.measures
  if (kind === 'transfer-ground') return before.transfers.flatMap(one => one.ground ?? [])
  if (before.kind !== 'controller') return []
  if (kind === 'purpose-kind') return before.purposes.flatMap(one => one.broader ?? [])
  if (kind === 'basis6') return before.purposes.flatMap(one => one.art6 ?? [])
  if (kind === 'basis9') return before.purposes.flatMap(one => one.art9)
  if (kind === 'national') return before.purposes.flatMap(one => one.national)
  if (kind === 'subject' || kind === 'data' || kind === 'recipient') return before.rows.flatMap(one => one[kind] ?? [])
  return []
}

export function readTerms(
  texts: readonly string[],
  kind: VocabularyKind,
  cell: ToldCell,
  place: Place,
  { terms, before, faults }: Ground,
): string[] {
  const kept = keptCodes(kind, before)
  return texts.flatMap(one => {
    const read = terms(kind, one, kept)
    if (read.ok) return [read.code]
    // `9.2.h, 9.2.f`: people set codes apart by a comma, and some terms have one.
    const parts = one.split(/,\s*/).map(part => terms(kind, part, kept))
    if (parts.length > 1 && parts.every(part => part.ok)) return parts.map(part => (part.ok ? part.code : ''))
    faults.push(fault(place, cell.column, one, 'not-a-term', read.proposal))
    return []
  })
}

function term(line: ToldLine, name: string, kind: VocabularyKind, ground: Ground): string | null {
  const cell = line.cells[name]
  if (!cell || cell.text === '' || isNone(cell.text)) return null
  return readTerms([cell.text], kind, cell, line, ground)[0] ?? null
}

function choice(line: ToldLine, name: 'archive' | 'role', { faults }: Ground): string | null {
  const cell = line.cells[name]
  if (!cell || cell.text === '') return null
  const read = readChoiceCell(name, cell.text)
  if (read.ok) return String(read.value)
  faults.push(fault(line, cell.column, cell.text, 'not-a-choice', read.proposal))
  return null
}

function dateOf(line: ToldLine, name: string, { faults }: Ground): string | null {
  const cell = line.cells[name]
  if (!cell || cell.text === '') return null
  const read = readDate(cell.text)
  if (read.ok) return String(read.value)
  faults.push(fault(line, cell.column, cell.text, 'not-a-date'))
  return null
}

function periodOf(line: ToldLine, { faults }: Ground): string | null {
  const cell = line.cells.period
  if (!cell || cell.text === '' || isNone(cell.text)) return null
  const read = readPeriod(cell.text)
  if (read === null) faults.push(fault(line, cell.column, cell.text, 'not-a-period'))
  return read
}

/** Which limit a row means: by its key, or by what it is counted from. What names none stays as it is, and is remarked on. */
function erasureOf(line: ToldLine, { told, before }: Ground): string | null {
  const said = text(line, 'erasure')
  if (before?.kind === 'controller' && before.rows.some(row => cleanText(row.erasure ?? '') === said))
    return said || null
  if (said === '' || isNone(said)) return null
  const told_ = (told.lists.retention ?? []).map(one => [text(one, 'key'), text(one, 'startEvent')] as const)
  const rules = [
    ...told_.map(([key, event]) => ({ key: key || slug(event, 'frist'), event })),
    ...(before?.kind === 'controller' ? before.retention.map(one => ({ key: one.key, event: one.startEvent })) : []),
  ]
  if (rules.some(one => one.key === said)) return said
  return rules.find(one => fold(one.event) === fold(said))?.key ?? said
}

/** A key for what has none: of its words, so that the same file gives the same key. */
export function slug(words: string, otherwise: string): string {
  const made = fold(words)
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
    .replaceAll(/-+$/g, '')
  return made || otherwise
}

type Purpose = {
  key: string
  name: string
  description: string | null
  broader: string | null
  art6: string | null
  art9: string[]
  national: string[]
  provisions: unknown[]
}
const PURPOSE = ['key', 'name', 'description', 'broader', 'art6', 'art9', 'national'] as const

/**
 * A purpose has a line for each provision. A line whose cells of the purpose are empty (they were merged with those above),
 * or say the same as the line above, adds a provision to it.
 */
function purposesOf(lines: readonly ToldLine[], ground: Ground): Purpose[] {
  const made: Purpose[] = []
  let above: ToldLine | null = null
  for (const line of lines) {
    const empty = PURPOSE.every(name => name === 'key' || text(line, name) === '')
    const same: boolean =
      above !== null &&
      (empty
        ? text(line, 'key') === '' || text(line, 'key') === text(above, 'key')
        : PURPOSE.every(name => text(line, name) === text(above as ToldLine, name)))
    let purpose = same ? made.at(-1) : undefined
    if (!purpose) {
      if (!needed(line, ['name'], ground)) continue
      purpose = { ...purposeOf(line, made, ground), provisions: [] }
      made.push(purpose)
      above = line
    }
    const provision = provisionOf(line, ground)
    if (provision) purpose.provisions.push(provision)
  }
  return made
}

function purposeOf(line: ToldLine, made: readonly Purpose[], ground: Ground): Omit<Purpose, 'provisions'> {
  const cells = (name: 'art9' | 'national', kind: VocabularyKind): string[] => {
    const cell = line.cells[name]
    return cell?.text ? readTerms(listCellOf(cell.text), kind, cell, line, ground) : []
  }
  const { before } = ground
  const known = before?.kind === 'controller' ? before.purposes : []
  const old = known.find(one => fold(one.name) === fold(text(line, 'name')))
  const same = known.find(one => one.key === text(line, 'key')) ?? old
  return {
    key: text(line, 'key') || old?.key || free(slug(text(line, 'name'), 'formaal'), made),
    ...{
      name: text(line, 'name'),
      description: orNull(line, 'description'),
      art6: term(line, 'art6', 'basis6', ground),
    },
    // Files that know of no kinds (other people's, and ours of an earlier version) take none away.
    broader: line.cells.broader ? term(line, 'broader', 'purpose-kind', ground) : (same?.broader ?? null),
    ...{ art9: cells('art9', 'basis9'), national: cells('national', 'national') },
  }
}
function free(key: string, made: readonly Purpose[]): string {
  let name = key
  for (let n = 2; made.some(one => one.key === name); n++) name = `${key.slice(0, 37)}-${n}`
  return name
}

function provisionOf(line: ToldLine, ground: Ground): Record<string, unknown> | null {
  const more = ['section', 'link', 'checkedOn'].some(name => text(line, name) !== '')
  if (text(line, 'law') === '' && !more) return null
  if (!needed(line, ['law'], ground)) return null
  const link = orNull(line, 'link')
  if (link !== null && !/^https:\/\/\S+$/.test(link))
    ground.faults.push(fault(line, line.cells.link?.column ?? null, link, 'not-a-link'))
  // A title, or the code of a law in the vocabulary.
  const law = ground.known.vocabularies.law.get(text(line, 'law'))?.da ?? text(line, 'law')
  return { law, section: orNull(line, 'section'), link, checkedOn: dateOf(line, 'checkedOn', ground) }
}

function partiesOf(lines: readonly ToldLine[], kind: ActivityContent['kind'], ground: Ground): Record<string, unknown> {
  const wanted = kind === 'controller' ? 'joint' : 'for'
  const entries = lines.flatMap((line): Record<string, unknown>[] => {
    const role = choice(line, 'role', ground) ?? wanted
    if (role !== wanted) {
      ground.faults.push(fault(line, line.cells.role?.column ?? null, text(line, 'role'), 'not-for-kind'))
      return []
    }
    if (!needed(line, ['name'], ground)) return []
    const controller = { name: text(line, 'name'), contact: orNull(line, 'contact') }
    if (kind === 'controller') return [{ ...controller, arrangement: orNull(line, 'arrangement') }]
    if (!needed(line, ['categories'], ground)) return []
    const party = (name: string) =>
      text(line, name) === '' ? null : { name: text(line, name), contact: orNull(line, `${name}Contact`) }
    const categories = readList(text(line, 'categories'))
    return [{ controller, representative: party('representative'), dpo: party('dpo'), categories }]
  })
  return kind === 'controller' ? { jointControllers: entries } : { processing: entries }
}
