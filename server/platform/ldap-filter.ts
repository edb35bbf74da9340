import { AndFilter, EqualityFilter, type Filter, FilterParser, OrFilter } from 'ldapts'

export type { Filter as LdapFilter }

/** An entry whose attribute has one of the values. Taken apart and not as text, so that a value may be bytes. */
export function anyOf(attribute: string, values: readonly (string | Buffer)[]): Filter {
  return new OrFilter({ filters: values.map(value => new EqualityFilter({ attribute, value })) })
}

export const eitherOf = (filters: Filter[]): Filter => new OrFilter({ filters })

export const bothOf = (one: Filter, other: Filter): Filter => new AndFilter({ filters: [one, other] })

/** Both: a filter as somebody has written it, and one more. */
export function narrowed(text: string, more: Filter): Filter {
  return new AndFilter({ filters: [FilterParser.parseString(text), more] })
}

/** Names of the attributes that a filter looks at: what changes there may bring an entry into a search or out of it. */
export function namesInFilter(text: string): string[] {
  return [...text.matchAll(/\(\s*([A-Za-z][\w-]*)(?:;[\w;-]+)?\s*(?::[^=()]*)?[~<>]?=/g)].map(found => found[1]!)
}
