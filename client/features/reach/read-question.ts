import type { ResponseOf } from '#contract/endpoint.ts'
import type { searchReach } from '#contract/reach.ts'
import type { operation } from '#contract/register-lists.ts'

export type Term = ResponseOf<typeof searchReach>['data'][number]
type Operation = (typeof operation.options)[number]

/** Words that people ask with, and the beginnings of words that categories are called by where the two differ. */
const ALSO: Record<string, readonly string[]> = {
  børn: ['barn', 'udsat barn'],
  børns: ['barn', 'udsat barn'],
  barnets: ['barn', 'udsat barn'],
  unge: ['barn'],
  ældre: ['ældre'],
  gamle: ['ældre'],
  cpr: ['personnummer'],
  'cpr-numre': ['personnummer'],
  sygdom: ['helbred'],
  sundhed: ['helbred'],
  sundhedsoplysninger: ['helbred'],
  medicin: ['helbred'],
  straf: ['straf'],
  strafbare: ['straffedom'],
  løn: ['ansættelse'],
  ansatte: ['ansat'],
  medarbejdere: ['ansat'],
  elever: ['elev'],
  forældre: ['forælder'],
  borgere: ['borger'],
  flygtninge: ['flygtning'],
  children: ['child', 'vulnerable child'],
  kids: ['child', 'vulnerable child'],
  elderly: ['elderly'],
  medical: ['health'],
  illness: ['health'],
  criminal: ['conviction', 'criminal'],
  crimes: ['conviction'],
  salary: ['employment'],
  pay: ['employment'],
  staff: ['employee'],
  employees: ['employee'],
  citizens: ['adult citizen'],
}

/** Words that say what is to be done with the data. */
const DOES: Record<string, Operation> = {
  læse: 'read',
  read: 'read',
  skrive: 'write',
  ændre: 'write',
  rette: 'write',
  write: 'write',
  change: 'write',
  edit: 'write',
  slette: 'delete',
  delete: 'delete',
  erase: 'delete',
  udtrække: 'export',
  trække: 'export',
  eksportere: 'export',
  export: 'export',
  download: 'export',
}

/** Words of a question that name nothing. */
const PLAIN = new Set(
  `hvem kan nå se ser om ud og eller på af i til hvorfor oplysninger oplysning data der som har adgang med personer
  who can reach see about and or on of in to why data information has have access with people the that`.split(/\s+/),
)

/** What a question in words asks about: codes of data and of people, and the words that were not understood. */
export type Understood = { data: string[]; subjects: string[]; lost: string[]; operation?: Operation }

/**
 * Reads a question such as *who can reach health data about children, and why?* by the words of the categories, in Danish and
 * English alike. A word that names people and data both names those whose name begins with it; else the people, unless
 * somebody is named already.
 */
export function readQuestion(text: string, data: readonly Term[], subjects: readonly Term[]): Understood {
  const found: Understood = { data: [], subjects: [], lost: [] }
  const words = text
    .toLowerCase()
    .split(/[^\p{L}\p{N}-]+/u)
    .filter(word => word.length > 1 && !PLAIN.has(word))
  for (const word of words) {
    const does = DOES[word]
    if (does) {
      found.operation = does
      continue
    }
    // "Helbredsoplysninger" is what is called "helbred".
    const bare = word.replace(/(?<=..)s?oplysninger(ne)?$|(?<=..)data$/u, '')
    const wanted = ALSO[bare] ?? [...new Set([word, bare])]
    const people = codesOf(subjects, wanted)
    const things = codesOf(data, wanted)
    if (people.best + things.best === 0) found.lost.push(word)
    else if (people.best > things.best || (people.best === things.best && found.subjects.length === 0))
      found.subjects.push(...people.codes)
    else found.data.push(...things.codes)
  }
  return { ...found, data: [...new Set(found.data)], subjects: [...new Set(found.subjects)] }
}

/** Terms that the words name, and how well the best of them does: 3 it begins with the word, 1 it has one like it. */
function codesOf(terms: readonly Term[], wanted: readonly string[]): { codes: string[]; best: number } {
  const ranked = terms.map(term => ({ code: term.code, rank: Math.max(...wanted.map(word => rankOf(term, word))) }))
  const named = ranked.filter(one => one.rank > 0)
  return { codes: named.map(one => one.code), best: Math.max(0, ...named.map(one => one.rank)) }
}

function rankOf(term: Term, word: string): number {
  if (term.code.toLowerCase() === word) return 3
  const ranks = [term.da, term.en].map(name => {
    const whole = name.toLowerCase()
    const [first = '', ...others] = whole.split(/[^\p{L}\p{N}-]+/u)
    if (first === word || (word.includes(' ') && whole.startsWith(word))) return 3
    if (alike(first, word)) return 2
    return others.some(part => alike(part, word)) ? 1 : 0
  })
  return Math.max(...ranks)
}

/** The same word, or one with an ending: at least four letters of it, and not more than three behind them. */
function alike(part: string, word: string): boolean {
  if (part === word) return true
  const [short, long] = part.length < word.length ? [part, word] : [word, part]
  return short.length > 3 && long.startsWith(short) && long.length - short.length < 4
}
