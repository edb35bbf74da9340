import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'
import {
  Client,
  type Entry,
  type Filter,
  FilterParser,
  InvalidCredentialsError,
  NoSuchObjectError,
  PagedResultsControl,
  ResultCodeError,
  type SearchEntry,
  SearchRequest,
  type SearchResponse,
  StatusCodeParser,
} from 'ldapts'
import { isProblem, problem } from './problem.ts'

/** How a directory is reached. Nothing in this module writes: bind, search and StartTLS are all there is. */
export type LdapConfig = {
  /** ldaps://host or ldap://host, with a port where it is not the usual. */
  url: string
  startTls: boolean
  /** PEM of the authorities to trust; without it those of the runtime. */
  ca?: string | Buffer
  bindDn: string
  password: string
  /** Milliseconds for connecting, and for each answer (one page of a search). */
  connectTimeout?: number
  timeout?: number
}

export type LdapEntry = { dn: string; attributes: Map<string, (string | Buffer)[]> }
export type LdapSearch = {
  base: string
  scope?: 'base' | 'one' | 'sub'
  /** As text, or taken apart where a value is bytes: text cannot carry those. */
  filter: string | Filter
  attributes: string[]
  pageSize?: number
}

export type { Client as LdapClient }

function newClient(config: LdapConfig): Client {
  const secure = config.url.startsWith('ldaps:')
  return new Client({
    url: config.url,
    connectTimeout: config.connectTimeout ?? 10_000,
    timeout: config.timeout ?? 120_000,
    ...(secure ? { tlsOptions: tlsOptions(config) } : {}),
  })
}

/** The host goes in for StartTLS, where the socket does not say whom the certificate must name. */
function tlsOptions(config: LdapConfig) {
  const host = new URL(config.url).hostname.replace(/^\[|\]$/g, '')
  return {
    host,
    // SNI takes names only (RFC 6066, 3); the certificate is checked against the host all the same.
    ...(isAddress(host) ? {} : { servername: host }),
    ...(config.ca ? { ca: [config.ca] } : {}),
    minVersion: 'TLSv1.2' as const,
  }
}
const isAddress = (host: string) => /^[\d.]+$/.test(host) || host.includes(':')

/** Connect, secure and bind, do the work, and leave. Throws `source-unreachable` that says which step failed. */
export async function withDirectory<T>(config: LdapConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await openDirectory(config)
  try {
    return await work(client)
  } finally {
    await client.unbind().catch(() => {})
  }
}

export async function openDirectory(config: LdapConfig): Promise<Client> {
  const client = newClient(config)
  try {
    if (config.startTls) await client.startTLS(tlsOptions(config))
    // A bind with a name and no password succeeds as nobody (RFC 4513, 5.1.2): it must never count as one.
    if (config.password === '') throw problem('source-invalid', { detail: `The password for ${config.url} is empty.` })
    await client.bind(config.bindDn, config.password)
    return client
  } catch (error) {
    await client.unbind().catch(() => {})
    if (isProblem(error)) throw error
    throw problem('source-unreachable', { detail: explain(config, error), cause: error })
  }
}

/**
 * Is this the right password for this DN? True or false; throws `source-unreachable` when the directory does not
 * answer. An empty password is false without asking (unauthenticated bind, RFC 4513, 5.1.2).
 */
export async function bindAs(config: LdapConfig, dn: string, password: string): Promise<boolean> {
  if (password === '' || dn === '') return false
  const client = newClient(config)
  try {
    if (config.startTls) await client.startTLS(tlsOptions(config))
    await client.bind(dn, password)
    return true
  } catch (error) {
    if (error instanceof InvalidCredentialsError) return false
    throw problem('source-unreachable', { detail: explain(config, error), cause: error })
  } finally {
    await client.unbind().catch(() => {})
  }
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
      })
    return found[0] ?? null
  })
}

/** What ldapts keeps to itself and this module needs for paging; held by a test against the pinned version. */
type Sender = {
  _nextMessageId(): number
  _send(request: SearchRequest): Promise<SearchResponse & { controls?: unknown[] }>
}

/**
 * A search, page by page (RFC 2696). Referrals are not followed. Anything but a full and good ending throws
 * `source-incomplete`: a list that stops short must never be taken for the whole.
 *
 * The pages are asked for here because ldapts (9.2) takes a page without entries for the last one, even when the
 * server gave a cookie: Active Directory answers so when its time for a page runs out. It would be a short list.
 */
export async function* searchPages(client: Client, search: LdapSearch): AsyncGenerator<LdapEntry[]> {
  const sender = client as unknown as Sender
  const size = search.pageSize ?? 500
  const filter = typeof search.filter === 'string' ? FilterParser.parseString(search.filter) : search.filter
  let cookie: Buffer | null = null
  let read = 0
  do {
    if (!client.isBound) throw incomplete(read, 'the connection was lost')
    const request: SearchRequest = new SearchRequest({
      messageId: sender._nextMessageId(),
      baseDN: search.base,
      scope: search.scope ?? 'sub',
      filter,
      attributes: search.attributes,
      controls: [new PagedResultsControl({ critical: true, value: { size, ...(cookie ? { cookie } : {}) } })],
    })
    let response: SearchResponse & { controls?: unknown[] }
    try {
      response = await sender._send(request)
    } catch (error) {
      throw incomplete(read, (error as Error).message, error)
    }
    if (response.status !== 0) {
      const error = StatusCodeParser.parse(response)
      if (error instanceof NoSuchObjectError)
        throw problem('source-invalid', {
          detail: `The directory has no ${search.base}. Correct \`base\`.`,
          cause: error,
        })
      throw incomplete(read, error.message, error)
    }
    const entries = response.searchEntries.map(toEntry)
    read += entries.length
    if (entries.length > 0) yield entries
    const control: unknown = response.controls?.find(one => one instanceof PagedResultsControl)
    if (!(control instanceof PagedResultsControl))
      throw incomplete(read, 'the server did not answer the request to read in pages')
    cookie = control.value?.cookie?.length ? control.value.cookie : null
  } while (cookie)
}

const incomplete = (read: number, why: string, cause?: unknown) =>
  problem('source-incomplete', {
    detail: `The directory stopped after ${read} entries (${why}). Nothing was changed; see that the account may read everything and that the server's limits allow a paged read.`,
    params: { read },
    cause,
  })

function toEntry(entry: SearchEntry): LdapEntry {
  const attributes = new Map<string, (string | Buffer)[]>()
  for (const { type, values, parsedBuffers } of entry.attributes) {
    const name = type.toLowerCase()
    attributes.set(name, BINARY.has(name) ? parsedBuffers : values)
  }
  return { dn: entry.name, attributes }
}

/** Bytes that may happen to be valid UTF-8, and would then come as text. */
const BINARY = new Set([
  'objectguid',
  'objectsid',
  'ms-ds-consistencyguid',
  'msexchmailboxguid',
  'usercertificate',
  'jpegphoto',
  'thumbnailphoto',
])

export type ConnectionStep = {
  step: 'name' | 'tcp' | 'tls' | 'bind' | 'base' | 'rights' | 'paging'
  ok: boolean
  detail: string
}

/** Try a connection step by step and say where it ends, in words that lead on. Changes nothing. */
export async function testConnection(config: LdapConfig, searches: readonly LdapSearch[]): Promise<ConnectionStep[]> {
  const steps: ConnectionStep[] = []
  const url = new URL(config.url)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (url.protocol === 'ldaps:' ? 636 : 389))
  const attempt = async (step: ConnectionStep['step'], work: () => Promise<string>): Promise<boolean> => {
    try {
      steps.push({ step, ok: true, detail: await work() })
      return true
    } catch (error) {
      steps.push({ step, ok: false, detail: isProblem(error) ? error.message : explain(config, error) })
      return false
    }
  }
  if (!(await attempt('name', async () => `${host} is ${(await lookup(host)).address}`))) return steps
  if (!(await attempt('tcp', () => knock(host, port, config.connectTimeout ?? 10_000)))) return steps
  const client = newClient(config)
  try {
    const secured = await attempt('tls', async () => {
      if (config.startTls) await client.startTLS(tlsOptions(config))
      else if (url.protocol === 'ldaps:')
        await client.search('', { scope: 'base', attributes: ['1.1'] }).catch(onlyTransport)
      else return 'Not encrypted: use ldaps:// or startTls'
      return config.startTls ? 'StartTLS, certificate trusted' : 'TLS, certificate trusted'
    })
    if (!secured) return steps
    const bound = await attempt('bind', async () => {
      if (config.password === '') throw problem('source-invalid', { detail: 'The password is empty.' })
      await client.bind(config.bindDn, config.password)
      return `Signed in as ${config.bindDn}`
    })
    if (!bound) return steps
    for (const search of searches) await testSearch(client, search, attempt)
    return steps
  } finally {
    await client.unbind().catch(() => {})
  }
}

type Attempt = (step: ConnectionStep['step'], work: () => Promise<string>) => Promise<boolean>

async function testSearch(client: Client, search: LdapSearch, attempt: Attempt): Promise<void> {
  const there = await attempt('base', async () => {
    const { searchEntries } = await client.search(search.base, { scope: 'base', attributes: ['objectClass'] })
    if (searchEntries.length === 0)
      throw problem('source-invalid', { detail: `${search.base} is not there, or may not be seen.` })
    return `${search.base} is there`
  })
  if (!there) return
  let first: LdapEntry[] = []
  await attempt('paging', async () => {
    let pages = 0
    for await (const page of searchPages(client, { ...search, pageSize: 50 })) {
      if (pages++ === 0) first = page
      if (pages === 2) break
    }
    return pages > 1 ? 'Pages of 50 entries are given' : `One page of ${first.length} entries holds everything`
  })
  await attempt('rights', async () => {
    if (first.length === 0)
      throw problem('source-invalid', {
        detail: `${search.filter} finds nothing under ${search.base}. May the account read there?`,
      })
    const seen = new Set(first.flatMap((entry: Entry | LdapEntry) => [...(entry as LdapEntry).attributes.keys()]))
    const unseen = search.attributes.filter(name => !seen.has(name.toLowerCase()))
    return unseen.length === 0
      ? 'All attributes that are asked for can be read'
      : `Read, but without values in the first ${first.length} entries: ${unseen.join(', ')}`
  })
}

/** An answer of the server, even a refusal, shows that the TLS below it works. */
function onlyTransport(error: unknown): void {
  if (!(error instanceof ResultCodeError)) throw error
}

function knock(host: string, port: number, timeout: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout })
    socket.on('connect', () => {
      socket.destroy()
      resolve(`Port ${port} answers`)
    })
    socket.on('timeout', () => {
      socket.destroy()
      reject(Object.assign(new Error(`no answer in ${timeout} ms`), { code: 'ETIMEDOUT' }))
    })
    socket.on('error', reject)
  })
}

/** One sentence for the person who has to put it right. Holds no password: ldapts puts none into its errors. */
function explain(config: LdapConfig, error: unknown): string {
  const { message } = error as Error
  const code = (error as NodeJS.ErrnoException).code
  const at = config.url
  if (error instanceof InvalidCredentialsError)
    return `${at} does not accept the name or the password of ${config.bindDn}. Check bindDn and the secret it refers to.`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `The name in ${at} is not known. Check the url and the DNS of this machine.`
  if (code === 'ECONNREFUSED') return `Nothing listens at ${at}. Check the port and that the directory runs.`
  if (code === 'ETIMEDOUT' || /timeout|timed out/i.test(message))
    return `${at} does not answer in time. Check the network and firewalls in between.`
  if (typeof code === 'string' && /CERT|SIGN|TLS|SSL|ALTNAME/.test(code))
    return `The certificate of ${at} is not trusted (${code}). Give the authority that issued it as caFile, and use the name that the certificate has.`
  if (/certificate|self.signed|ssl|tls/i.test(message))
    return `No secure connection to ${at} (${message}). Check caFile, and that the server offers ldaps or StartTLS.`
  return `${at} refuses: ${message}`
}
