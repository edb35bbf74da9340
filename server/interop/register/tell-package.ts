import { fault, type ToldFile, type ToldLine, type ToldRecord, toldOf } from './told-record.ts'

/*
 * Records in the shape in which OS2compliance keeps packages of them: a title (often with a number in front), a
 * description, codes of legal bases, and KLE main groups and groups. Everything is taken as somebody else's words.
 */

/** A package: a list of records, one record, or an object that has the list. null: it is none. */
export function packageOf(json: unknown): { title: string; records: unknown[] } | null {
  const list = Array.isArray(json)
    ? json
    : isObject(json) && Array.isArray(json.registers)
      ? json.registers
      : isObject(json) && 'gdprChoices' in json
        ? [json]
        : null
  if (!list?.some(one => isObject(one) && ('gdprChoices' in one || 'kleGroups' in one))) return null
  const named = list.find(one => isObject(one) && typeof one.packageName === 'string') as
    | { packageName: string }
    | undefined
  return { title: named?.packageName.slice(0, 100) ?? '', records: list }
}
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const READ = ['packageName', 'name', 'description', 'gdprChoices', 'kleMainGroups', 'kleGroups']

/** Fields that there is no place for, with how many records say them. */
export function unknownFields(records: readonly unknown[]): { path: string; count: number }[] {
  const seen = new Map<string, number>()
  for (const one of records)
    if (isObject(one))
      for (const [name, value] of Object.entries(one))
        if (!READ.includes(name) && value !== null && value !== '') seen.set(name, (seen.get(name) ?? 0) + 1)
  return [...seen].map(([path, count]) => ({ path: path.slice(0, 100), count })).sort((a, b) => b.count - a.count)
}

export const tellPackage = (records: readonly unknown[]): ToldFile => ({
  records: records.map((one, at) => tellRecord(one, at + 1)),
  lists: new Set(),
})

/** The number in front of a title: `22. `, `A. `. It orders the package and is no part of the name. */
const NUMBERED = /^\s*(?:\d{1,3}|[A-Za-zÆØÅæøå])\s*[.:)]\s+/

function tellRecord(given: unknown, line: number): ToldRecord {
  const place = { sheet: null, line }
  const told = toldOf(place)
  if (!isObject(given)) {
    told.faults.push(fault(place, null, String(given), 'wrong-shape'))
    return told
  }
  const text = (field: string): string => {
    const value = given[field]
    if (value === undefined || value === null) return ''
    if (typeof value === 'string') return value.trim()
    told.faults.push(fault(place, field, JSON.stringify(value), 'wrong-shape'))
    return ''
  }
  const list = (field: string): string[] => {
    const value = given[field]
    if (value === undefined || value === null) return []
    if (Array.isArray(value) && value.every(one => typeof one === 'string')) return value.map(one => one.trim())
    told.faults.push(fault(place, field, JSON.stringify(value), 'wrong-shape'))
    return []
  }
  const cell = (column: string, value: string) => ({ column, text: value })
  const name = text('name').replace(NUMBERED, '')
  const description = plainText(text('description'))
  told.name = name || null
  told.cells = {
    ...{ name: cell('name', name), description: cell('description', description) },
    kle: cell('kleGroups', tellKle(told, list('kleMainGroups'), list('kleGroups')).join(', ')),
  }
  const bases = tellBases(told, list('gdprChoices'))
  if (bases.art6.length === 0) told.notes.push(fault(place, 'gdprChoices', '', 'basis-missing'))
  told.lists.purposes = purposesOf(place, description || name, bases)
  return told
}

/** Groups, and main groups of which no group is named. A main group that is none is a mistake; its groups tell which was meant. */
function tellKle(told: ToldRecord, mains: readonly string[], groups: readonly string[]): string[] {
  const bad = groups.filter(one => !/^\d{2}\.\d{2}(\.\d{2})?$/.test(one))
  for (const one of bad) told.faults.push(fault(told, 'kleGroups', one, 'not-a-kle'))
  const within = new Set(groups.map(one => one.slice(0, 2)))
  const missing = [...within].filter(one => !mains.includes(one))
  for (const one of mains)
    if (!/^\d{2}$/.test(one))
      told.faults.push(fault(told, 'kleMainGroups', one, 'not-a-kle', missing.length > 0 ? missing.join(', ') : null))
  if (mains.length + groups.length === 0) told.notes.push(fault(told, 'kleGroups', '', 'kle-missing'))
  const rest = mains.filter(one => /^\d{2}$/.test(one) && !within.has(one))
  return [...new Set([...rest, ...groups.filter(one => !bad.includes(one))])].sort()
}

type Bases = { art6: string[]; art9: string[]; national: string[] }
const NATIONAL: Record<string, string> = { 8: 'DBL8.1', 11: 'DBL11.1' }

/** `register-gdpr-p6-e` is Art. 6(1)(e), `p7` Art. 9(2), `valp11` section 11 of the Data Protection Act; `valp6`, `valp7` head lists. */
function tellBases(told: ToldRecord, choices: readonly string[]): Bases {
  const bases: Bases = { art6: [], art9: [], national: [] }
  const heads = new Set<string>()
  for (const one of new Set(choices)) {
    const [, list, letter, section] = /^register-gdpr-(?:p([67])-([a-j])|valp(\d{1,2}))$/.exec(one) ?? []
    if (list === '6' && letter! <= 'f') bases.art6.push(`6.1.${letter}`)
    else if (list === '7') bases.art9.push(`9.2.${letter}`)
    else if (section === '6' || section === '7') heads.add(section)
    else if (section && Number(section) >= 8 && Number(section) <= 14)
      bases.national.push(NATIONAL[section] ?? `DBL${section}`)
    else told.faults.push(fault(told, 'gdprChoices', one, 'unknown-basis'))
  }
  if (heads.has('7') && bases.art9.length === 0)
    told.notes.push(fault(told, 'gdprChoices', 'register-gdpr-valp7', 'heading-alone'))
  return bases
}

/** One purpose has one basis here; where a package names several, the purpose stands once for each. */
function purposesOf(place: { sheet: null; line: number }, words: string, { art6, art9, national }: Bases): ToldLine[] {
  if (words === '' && art6.length + art9.length + national.length === 0) return []
  const cell = (column: string, text: string) => ({ column, text })
  return (art6.length > 0 ? art6 : ['']).map((basis, at) => ({
    ...place,
    cells: {
      key: cell('gdprChoices', at === 0 ? 'formaal' : `formaal-${at + 1}`),
      name: cell('description', shortened(words)),
      description: cell('description', words),
      art6: cell('gdprChoices', basis),
      art9: cell('gdprChoices', art9.join(' | ')),
      national: cell('gdprChoices', national.join(' | ')),
    },
  }))
}

/** The first sentence, where it is short enough for a name. */
function shortened(words: string): string {
  const first = /^.*?[.!?](?=\s|$)/s.exec(words)?.[0] ?? words
  const short = first.length <= 200 ? first : words
  return short.length <= 200 ? short.replace(/\.$/, '') : `${short.slice(0, 199)}…`
}

/** Packages come from pages: tags are taken out, and the signs that stood for others are put back. */
function plainText(text: string): string {
  return text
    .replaceAll(/<(?:br|\/p|\/li|\/div)\s*\/?>/gi, '\n')
    .replaceAll(/<\/?[a-z][^<>]{0,200}>/gi, '')
    .replaceAll(/&(nbsp|amp|lt|gt|quot);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}
const ENTITIES: Record<string, string> = { nbsp: ' ', amp: '&', lt: '<', gt: '>', quot: '"' }
