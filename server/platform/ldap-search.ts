import {
  type Client,
  type Control,
  type Filter,
  FilterParser,
  PagedResultsControl,
  type SearchEntry,
  SearchRequest,
  type SearchResponse,
  StatusCodeParser,
} from 'ldapts'
import { say } from '#contract/said.ts'
import { type LdapConfig, withDirectory } from './ldap-client.ts'
import { type LdapEntry, toEntry } from './ldap-entry.ts'
import { completeValues, isCut } from './ldap-ranges.ts'
import { adviceForSearch, healsItself, type LdapTrouble, REFERRAL, resultWords, troubleOf } from './ldap-trouble.ts'
import { isProblem, type Problem, problem } from './problem.ts'

export type LdapSearch = {
  base: string
  scope?: 'base' | 'one' | 'sub'
  /** As text (RFC 4515) or ready made. */
  filter: string | Filter
  attributes: string[]
  pageSize?: number
  /** Sent beside the one for paging. */
  controls?: readonly Control[]
  /** Told of places that the server says are elsewhere; they are not gone to. */
  onReferral?(uris: readonly string[]): void
}

/** The one entry that fits, null when none does. Throws `source-invalid` when several do. The filter is the caller's to escape. */
export async function searchOne(config: LdapConfig, search: LdapSearch): Promise<LdapEntry | null> {
  return withDirectory(config, async client => {
    const found: LdapEntry[] = []
    for await (const page of searchPages(client, { ...search, pageSize: 2 })) {
      found.push(...page)
      if (found.length > 1) break
    }
    if (found.length > 1)
      throw problem('source-invalid', {
        detail: 'More than one entry of the directory fits; the search must name one.',
        said: say('several-found', { base: search.base }),
      })
    return found[0] ?? null
  })
}

/** What ldapts keeps to itself and this module needs for paging; held by a test against the pinned version. */
type Answer = SearchResponse & { controls?: unknown[] }
type Sender = { _nextMessageId(): number; _send(request: SearchRequest): Promise<Answer> }

/** Pages without a single entry before a server is taken to go round in circles. */
const MOST_EMPTY_PAGES = 200
/** Values in a batch that is handed on: entries of many members come a few at a time, so that memory stays flat. */
const MOST_VALUES = 20_000
/** The first page is small: what entries are like is not known before it. */
const FIRST_PAGE = 50

/**
 * A search, page by page (RFC 2696). Values that the server cuts (`member;range=0-1499`, [MS-ADTS] 3.1.1.3.1.3.3) are
 * read to their end. Referrals are not followed. Anything but a full and good ending throws `source-incomplete`, or
 * `source-invalid` where it can never end well: a list that stops short must never be taken for the whole.
 *
 * The pages are asked for here because ldapts (9.2) takes a page without entries for the last one, even when the
 * server gave a cookie: Active Directory answers so when its time for a page runs out. It would be a short list.
 */
export async function* searchPages(client: Client, search: LdapSearch): AsyncGenerator<LdapEntry[]> {
  const most = search.pageSize ?? 500
  let size = Math.min(most, FIRST_PAGE)
  const began = new Set<string>()
  let cookie: Buffer | null = null
  let read = 0
  let empty = 0
  do {
    const paging = new PagedResultsControl({ critical: true, value: { size, ...(cookie ? { cookie } : {}) } })
    const answer: Answer = await askOnce(client, search, [paging, ...(search.controls ?? [])], read)
    const { searchEntries, searchReferences } = answer
    read += searchEntries.length
    if (searchReferences.length > 0) search.onReferral?.(searchReferences.flatMap(reference => reference.uris))
    empty = searchEntries.length === 0 ? empty + 1 : 0
    // Some servers give one and the same cookie for all pages; one and the same first entry twice, none does.
    const first = searchEntries[0]?.name
    if (empty > MOST_EMPTY_PAGES || (first !== undefined && began.has(first)))
      throw stopped(read, 'unending', 'the server gives the same page over and over')
    if (first !== undefined) began.add(first)
    size = Math.min(most, fitting(searchEntries))
    for await (const batch of inBatches(client, searchEntries)) yield batch
    const control = answer.controls?.find((one): one is PagedResultsControl => one instanceof PagedResultsControl)
    if (!control) throw stopped(read, 'paging', 'the server did not answer the request to read in pages')
    cookie = control.value?.cookie?.length ? control.value.cookie : null
  } while (cookie)
}

/** How many entries like these make a page that memory does not notice; the next page may be of another size (RFC 2696). */
function fitting(found: readonly SearchEntry[]): number {
  let values = 0
  for (const { attributes } of found) for (const one of attributes) values += one.values.length
  return values === 0 ? Number.POSITIVE_INFINITY : Math.max(10, Math.floor((MOST_VALUES * found.length) / values))
}

/** Takes what it gives out of `found`: a page of long lists is not needed twice. */
async function* inBatches(client: Client, found: SearchEntry[]): AsyncGenerator<LdapEntry[]> {
  let batch: LdapEntry[] = []
  let values = 0
  found.reverse()
  for (let one = found.pop(); one; one = found.pop()) {
    const entry = toEntry(one)
    if (isCut(entry)) await completeValues(entry, (base, names) => readEntry(client, base, names))
    batch.push(entry)
    for (const list of entry.attributes.values()) values += list.length
    if (values < MOST_VALUES) continue
    yield batch
    batch = []
    values = 0
  }
  if (batch.length > 0) yield batch
}

/** Some attributes of the entry at `base` (`''`: what the server says of itself); null when it is not there or not seen. */
export async function readEntry(client: Client, base: string, attributes: string[]): Promise<LdapEntry | null> {
  try {
    const { searchEntries } = await askOnce(
      client,
      { base, scope: 'base', filter: '(objectClass=*)', attributes },
      [],
      0,
    )
    return searchEntries[0] ? toEntry(searchEntries[0]) : null
  } catch (error) {
    if (isProblem(error) && error.info.params?.why === 'base') return null
    throw error
  }
}

/** Is this a filter as RFC 4515 writes them? */
export function isFilter(text: string): boolean {
  try {
    FilterParser.parseString(text)
    return true
  } catch {
    return false
  }
}

async function askOnce(client: Client, search: LdapSearch, controls: Control[], read: number): Promise<Answer> {
  const sender = client as unknown as Sender
  if (!client.isBound) throw stopped(read, 'connection-lost', 'the connection was lost')
  const request = new SearchRequest({
    messageId: sender._nextMessageId(),
    baseDN: search.base,
    scope: search.scope ?? 'sub',
    filter: typeof search.filter === 'string' ? FilterParser.parseString(search.filter) : search.filter,
    attributes: search.attributes,
    // The library would ask for an end after ten seconds; how long an answer may take is settled by the client's timeout.
    timeLimit: 0,
    controls,
  })
  let answer: Answer
  try {
    answer = await sender._send(request)
  } catch (error) {
    throw stopped(read, troubleOf(error), plainWords(error as Error), error)
  }
  if (answer.status === 0) return answer
  const error = StatusCodeParser.parse(answer)
  const trouble = answer.status === REFERRAL ? 'referral' : troubleOf(error)
  if (trouble === 'base')
    throw problem('source-invalid', {
      detail: `The directory has no ${search.base}, or the account may not see it. Correct \`base\`.`,
      said: say('base-missing', { base: search.base }),
      params: { why: trouble, heals: false },
      cause: error,
    })
  if (trouble === 'referral')
    throw problem('source-invalid', {
      detail: `This server does not hold ${search.base} and refers to another one, which is not gone to. Correct \`base\`, or name the server that holds it as url.`,
      said: say('base-elsewhere', { base: search.base }),
      params: { why: trouble, heals: false },
      cause: error,
    })
  throw stopped(read, trouble, resultWords(error), error)
}

function stopped(read: number, trouble: LdapTrouble, why: string, cause?: unknown): Problem {
  return problem('source-incomplete', {
    detail: `The directory stopped after ${read} entries (${why}). Nothing was changed. ${adviceForSearch(trouble)}`,
    said: trouble === 'other' ? say('read-refused', { count: read, words: why }) : say('read-stopped', { count: read }),
    params: { read, why: trouble, heals: healsItself(trouble) },
    cause,
  })
}

/** The library's own words are about its classes. */
function plainWords(error: Error): string {
  const trouble = troubleOf(error)
  if (trouble === 'connection-lost') return 'the server closed the connection'
  if (trouble === 'timeout') return 'no answer in time'
  return error.message
}
