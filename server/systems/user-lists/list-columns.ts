import { headingKey } from '../../feeds/reading/csv-text.ts'

/** What a column of a user list can say. `account` is needed, and `right` unless every row means the same one. */
export const LIST_FIELDS = [
  'account',
  'right',
  'limit',
  'lastUsed',
  'lastSignIn',
  'displayName',
  'email',
  'employeeNo',
  'enabled',
] as const
export type ListField = (typeof LIST_FIELDS)[number]
/** Field → the heading of its column, as the file writes it. */
export type ListColumns = Partial<Record<ListField, string>>

/**
 * Words that columns are called by in Danish and English exports, the surest first; a heading that is the word wins over
 * one that holds it. What says too little (`navn`, `type`) only as a whole heading.
 */
const WORDS: Record<ListField, { is: string[]; holds: string[] }> = {
  account: {
    is: [
      'konto',
      'bruger',
      'brugernavn',
      'bruger-id',
      'brugerid',
      'bruger id',
      'login',
      'loginnavn',
      'user',
      'username',
      'user name',
      'userid',
      'user id',
      'account',
      'initialer',
      'ident',
      'upn',
    ],
    holds: ['brugernavn', 'bruger-id', 'brugerid', 'username', 'userprincipalname', 'account', 'konto', 'login'],
  },
  right: {
    is: [
      'rettighed',
      'rettigheder',
      'rolle',
      'roller',
      'adgang',
      'profil',
      'brugerprofil',
      'adgangsprofil',
      'gruppe',
      'licens',
      'right',
      'role',
      'permission',
      'entitlement',
      'profile',
      'license',
      'licence',
    ],
    holds: ['rettighed', 'rolle', 'profil', 'adgang', 'role', 'permission', 'entitlement', 'licens'],
  },
  limit: {
    is: [
      'afgrænsning',
      'dataafgrænsning',
      'begrænsning',
      'område',
      'enhed',
      'afdeling',
      'distrikt',
      'kle',
      'scope',
      'constraint',
      'limit',
      'organisation',
    ],
    holds: ['afgrænsning', 'begrænsning', 'constraint', 'scope'],
  },
  lastUsed: {
    is: ['sidst brugt', 'senest brugt', 'sidst anvendt', 'senest anvendt', 'last used', 'last use', 'lastused'],
    holds: ['brugt', 'anvendt', 'last use'],
  },
  lastSignIn: {
    is: [
      'sidste login',
      'seneste login',
      'sidst logget ind',
      'senest logget på',
      'sidst logget på',
      'seneste logon',
      'last login',
      'last logon',
      'last sign-in',
      'last sign in',
      'lastlogin',
    ],
    holds: ['sidste log', 'seneste log', 'logget', 'last log', 'last sign'],
  },
  displayName: {
    is: ['navn', 'fulde navn', 'medarbejder', 'name', 'full name', 'display name', 'displayname', 'visningsnavn'],
    holds: ['fulde navn', 'visningsnavn', 'display name', 'full name'],
  },
  email: {
    is: ['e-mail', 'email', 'mail', 'mailadresse', 'e-mailadresse', 'e-mail address', 'email address'],
    holds: ['mail'],
  },
  employeeNo: {
    is: [
      'medarbejdernr',
      'medarbejdernr.',
      'medarbejdernummer',
      'lønnummer',
      'lønnr',
      'lønnr.',
      'tjenestenummer',
      'tjenestenr',
      'ansættelsesnr',
      'employee number',
      'employee no',
      'employee id',
      'employeeid',
      'employeenumber',
    ],
    holds: ['medarbejdern', 'lønn', 'tjenesten', 'employee'],
  },
  enabled: {
    is: ['aktiv', 'status', 'spærret', 'enabled', 'active', 'disabled', 'lukket'],
    holds: ['aktiv', 'enabled', 'spærret'],
  },
}

/**
 * Which column says what, by its heading. `headings` as the file has them; a column is proposed for one field at most.
 * Whole headings are looked at first over all fields, so that *Sidste login* is not taken for a user name.
 */
export function proposeColumns(headings: readonly string[]): ListColumns {
  const keys = headings.map(headingKey)
  const taken = new Set<number>()
  const proposed: ListColumns = {}
  /** Columns of the same heading cannot be told apart, so that one of them is all of them. */
  const take = (field: ListField, place: number) => {
    for (const [index, key] of keys.entries()) if (key === keys[place]) taken.add(index)
    proposed[field] = headings[place]!.trim()
  }
  const propose = (fits: (field: ListField, key: string) => boolean) => {
    for (const field of LIST_FIELDS) {
      if (proposed[field] !== undefined) continue
      const place = keys.findIndex((key, index) => key !== '' && !taken.has(index) && fits(field, key))
      if (place < 0) continue
      take(field, place)
    }
  }
  // Of several whole words the surer one wins, wherever its column stands.
  for (const field of LIST_FIELDS)
    for (const word of WORDS[field].is) {
      const place = keys.findIndex((key, index) => key === word && !taken.has(index))
      if (place < 0 || proposed[field] !== undefined) continue
      take(field, place)
    }
  // The longer says more: `sidste login` before `login`.
  const narrow: ListField[] = ['lastUsed', 'lastSignIn', 'displayName', 'email', 'employeeNo', 'enabled']
  propose((field, key) => narrow.includes(field) && WORDS[field].holds.some(word => key.includes(word)))
  propose((field, key) => WORDS[field].holds.some(word => key.includes(word)))
  return proposed
}

/** Do the remembered columns all stand in this file? Those that do not. */
export function missingColumns(columns: ListColumns, headings: readonly string[]): string[] {
  const keys = new Set(headings.map(headingKey))
  return Object.values(columns).filter(name => !keys.has(headingKey(name)))
}

const MONTHS: Record<string, number> = {
  jan: 1,
  feb: 2,
  mar: 3,
  apr: 4,
  maj: 5,
  may: 5,
  jun: 6,
  jul: 7,
  aug: 8,
  sep: 9,
  okt: 10,
  oct: 10,
  nov: 11,
  dec: 12,
}
const NEVER = new Set(['', '-', '–', 'aldrig', 'never', 'ingen', 'none', 'n/a', '#n/a', 'null', '0'])
/** Day 0 of Excel's calendar, with its 29 February 1900 counted. */
const EXCEL_EPOCH = Date.UTC(1899, 11, 30)

/**
 * A day as exports write it: `2026-11-21`, `21-11-2026`, `21.11.26`, `21/11-2026`, `21. nov. 2026`, any with a time behind
 * it, and Excel's own number of days. Day before month, as in Denmark. null: never, or not said.
 */
export function readDay(text: string): string | null | 'invalid' {
  const said = text.trim().toLowerCase()
  if (NEVER.has(said)) return null
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ,].*)?$/.exec(said)
  if (iso) return day(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const danish = /^(\d{1,2})[-/. ]+(\d{1,2}|[a-zæøå]{3,9})[-/. ]+(\d{4}|\d{2})(?:[ t,].*)?$/.exec(said)
  if (danish) {
    const month = /^\d/.test(danish[2]!) ? Number(danish[2]) : (MONTHS[danish[2]!.slice(0, 3)] ?? 0)
    const year = Number(danish[3])
    return day(year < 100 ? 2000 + year : year, month, Number(danish[1]))
  }
  const serial = /^(\d{5})(?:[.,]\d+)?$/.exec(said)
  if (serial) return new Date(EXCEL_EPOCH + Number(serial[1]) * 86_400_000).toISOString().slice(0, 10)
  return 'invalid'
}

function day(year: number, month: number, date: number): string | 'invalid' {
  const at = new Date(Date.UTC(year, month - 1, date))
  const right = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === date
  return right && year >= 1900 && year <= 2200 ? at.toISOString().slice(0, 10) : 'invalid'
}

const OPEN = new Set([
  'ja',
  'j',
  'yes',
  'y',
  'true',
  'sand',
  '1',
  'x',
  'aktiv',
  'active',
  'enabled',
  'åben',
  'open',
  'i brug',
])
const CLOSED = new Set([
  'nej',
  'n',
  'no',
  'false',
  'falsk',
  '0',
  'inaktiv',
  'inactive',
  'ikke aktiv',
  'disabled',
  'deaktiveret',
  'spærret',
  'lukket',
  'closed',
  'locked',
  'låst',
  'suspenderet',
  'suspended',
  'nedlagt',
  'ophørt',
])

/** Is the account open? `heading` is the column's: a yes under *Spærret* means no. null: not said. */
export function readEnabled(text: string, heading: string): boolean | null | 'invalid' {
  const said = headingKey(text)
  if (said === '') return null
  const about = /spærret|lukket|disabled|deaktiv|locked|inaktiv/i.test(heading)
  const plain = /^(ja|j|yes|y|true|sand|1|x|nej|n|no|false|falsk|0)$/.test(said)
  if (!OPEN.has(said) && !CLOSED.has(said)) return 'invalid'
  return OPEN.has(said) !== (about && plain)
}
