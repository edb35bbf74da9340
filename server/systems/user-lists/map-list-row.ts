import { headingKey } from '../../feeds/reading/csv-text.ts'
import type { ReadItem } from '../../feeds/reading/reader.ts'
import type { Json } from '../../platform/feed-record.ts'
import { LIST_FIELDS, type ListColumns, type ListField, readDay, readEnabled } from './list-columns.ts'
import { heldKey, nameKey } from './name-key.ts'

/** What all rows of one account say of it together. */
export type ListedAccount = {
  username: string
  displayName: string | null
  email: string | null
  employeeNo: string | null
  enabled: boolean | null
  lastSignIn: string | null
}
export type ListSettings = {
  system: string
  columns: ListColumns
  /** What every row means where no column says it. */
  right?: string | undefined
}

/** Where the columns stand in this header; null where one is missing, so that it is some other row. */
export function columnPlaces(header: readonly string[], columns: ListColumns): Map<ListField, number> | null {
  const keys = header.map(headingKey)
  const places = new Map<ListField, number>()
  for (const field of LIST_FIELDS) {
    const name = columns[field]
    if (name === undefined) continue
    const place = keys.indexOf(headingKey(name))
    if (place < 0) return null
    places.set(field, place)
  }
  return places
}

/**
 * One row of a list: the right it states as a record or a reject, and what it says of the account, gathered in `accounts`
 * by key. A row without a right states the account only.
 */
export function listRowMapper(
  settings: ListSettings,
  header: readonly string[],
  places: ReadonlyMap<ListField, number>,
  accounts: Map<string, ListedAccount>,
): (cells: readonly string[], at: string) => ReadItem | null {
  const enabledHeading = settings.columns.enabled ?? ''
  return (cells, at) => {
    const of = (field: ListField): string => {
      const place = places.get(field)
      return place === undefined ? '' : (cells[place] ?? '').trim()
    }
    const raw = (): Record<string, Json> =>
      Object.fromEntries(header.flatMap((name, index) => (name.trim() === '' ? [] : [[name, cells[index] ?? null]])))
    const account = of('account')
    if (account === '') return { reject: 'key-missing', kind: 'account', at, raw: raw() }
    const right = settings.right ?? of('right')
    const key = right === '' ? nameKey(account) : heldKey(account, right)
    const refuse = (reason: string, field: ListField): ReadItem => ({
      reject: reason,
      kind: right === '' ? 'account' : 'held',
      key,
      at,
      params: { attribute: field, from: settings.columns[field] ?? field },
      raw: raw(),
    })
    const lastUsed = readDay(of('lastUsed'))
    const lastSignIn = readDay(of('lastSignIn'))
    const enabled = readEnabled(of('enabled'), enabledHeading)
    gather(accounts, account, {
      username: account,
      displayName: of('displayName') || null,
      email: of('email') || null,
      employeeNo: of('employeeNo') || null,
      enabled: enabled === 'invalid' ? null : enabled,
      lastSignIn: lastSignIn === 'invalid' ? null : lastSignIn,
    })
    if (lastUsed === 'invalid') return refuse('date-invalid', 'lastUsed')
    if (lastSignIn === 'invalid') return refuse('date-invalid', 'lastSignIn')
    if (enabled === 'invalid') return refuse('value-unknown', 'enabled')
    if (right === '') return null
    const limit = of('limit')
    return {
      kind: 'held',
      key,
      at,
      attrs: {
        system: settings.system,
        account: nameKey(account),
        right: right.replace(/\s+/g, ' '),
        ...(limit === '' ? {} : { limits: [limit] }),
        ...(lastUsed === null ? {} : { lastUsed }),
      },
    }
  }
}

/**
 * Rows of one account may differ, and come in any order: the latest sign-in counts, open if any row says so, and of texts
 * the first in the alphabet, so that the same rows always say the same.
 */
function gather(accounts: Map<string, ListedAccount>, account: string, said: ListedAccount): void {
  const key = nameKey(account)
  const known = accounts.get(key)
  if (!known) {
    accounts.set(key, said)
    return
  }
  known.username = least(known.username, said.username) ?? account
  known.displayName = least(known.displayName, said.displayName)
  known.email = least(known.email, said.email)
  known.employeeNo = least(known.employeeNo, said.employeeNo)
  if (said.enabled !== null) known.enabled = known.enabled === true || said.enabled
  if (said.lastSignIn !== null && said.lastSignIn > (known.lastSignIn ?? '')) known.lastSignIn = said.lastSignIn
}

const least = (a: string | null, b: string | null): string | null => (a === null ? b : b === null || a <= b ? a : b)

/** An account as a record. What no row says is left out: an account is open unless the list says otherwise. */
export function accountRecord(key: string, said: ListedAccount, at: string): ReadItem {
  const { username, displayName, email, employeeNo, enabled, lastSignIn } = said
  return {
    kind: 'account',
    key,
    at,
    attrs: {
      username,
      ...(displayName === null ? {} : { displayName }),
      ...(email === null ? {} : { email }),
      ...(employeeNo === null ? {} : { employeeNo }),
      ...(enabled === null ? {} : { enabled }),
      ...(lastSignIn === null ? {} : { lastSignIn }),
    },
  }
}
