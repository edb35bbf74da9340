/** Texts with places to fill in, `{givenName}`, `{username}@kommune.dk`. Pure. */

/** What a pattern may name. Never a number of a person: orders hold none. `managerDn`: where the manager's account stands. */
export const PLACES = [
  'username',
  'givenName',
  'familyName',
  'displayName',
  'title',
  'unit',
  'unitKey',
  'employeeNo',
  'email',
  'phone',
  'managerDn',
  'personId',
] as const

export type Filled = {
  account: { username: string; attributes: Readonly<Record<string, string | readonly string[] | null>> }
  person: { id: string }
}

/** The text, or null where something that it names is not known: half a text is worse than none. */
export function fill(pattern: string, order: Filled): string | null {
  let whole = true
  const text = pattern.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = placeOf(order, name)
    if (value === null) whole = false
    return value ?? ''
  })
  return whole ? text.trim() || null : null
}

function placeOf({ account, person }: Filled, name: string): string | null {
  if (name === 'username') return account.username || null
  if (name === 'personId') return person.id
  const value = account.attributes[name]
  const text = typeof value === 'string' ? value : value?.[0]
  return text === undefined || text === '' ? null : text
}

/** Names of places that no order has: mistakes of whoever wrote the pattern. */
export const unknownPlaces = (pattern: string): string[] =>
  [...pattern.matchAll(/\{([^}]*)\}/g)].map(found => found[1]!).filter(name => !PLACES.some(place => place === name))
