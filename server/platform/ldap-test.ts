import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'
import { type TLSSocket, connect as tlsConnect } from 'node:tls'
import { type Client, ResultCodeError } from 'ldapts'
import { type Said, say } from '#contract/said.ts'
import { type DirectoryTrouble, directoryTrouble } from '#contract/source-trials.ts'
import { type ShownCertificate, shownCertificate } from './ldap-certificate.ts'
import { connectTimeoutOf, hostOf, type LdapConfig, newClient, startTls } from './ldap-client.ts'
import type { LdapEntry } from './ldap-entry.ts'
import { sayCertificate, sayConnect } from './ldap-said.ts'
import { type LdapSearch, readEntry, searchPages } from './ldap-search.ts'
import { explainCertificate, explainConnect, troubleOf } from './ldap-trouble.ts'
import { isProblem, problem } from './problem.ts'

export type ConnectionStep = {
  step: 'name' | 'tcp' | 'tls' | 'bind' | 'base' | 'rights' | 'paging'
  ok: boolean
  detail: string
  /** The same as `detail`, for the screen. */
  said: Said | undefined
  /** Of a step that failed. */
  why?: DirectoryTrouble
  /** Works, but somebody should know. */
  warning?: string
  /** The same as `warning`, for the screen. */
  warned?: Said
  /** Which of several servers. */
  server?: string
  certificate?: ShownCertificate
  /** Attributes that are asked for and had no value in any entry looked at. */
  empty?: string[]
}

type Done = Pick<ConnectionStep, 'detail' | 'said' | 'warning' | 'warned' | 'certificate' | 'empty'>
type Attempt = (step: ConnectionStep['step'], work: () => Promise<Done>) => Promise<boolean>

/**
 * Try a connection step by step and say where it ends, in words that lead on. Every server is tried up to the sign-in;
 * bases, paging and rights on the first that takes it. Changes nothing.
 */
export async function testConnection(config: LdapConfig, searches: readonly LdapSearch[]): Promise<ConnectionStep[]> {
  const steps: ConnectionStep[] = []
  let looked = false
  for (const url of config.urls) {
    const server = config.urls.length > 1 ? { server: url } : {}
    const attempt: Attempt = async (step, work) => {
      try {
        steps.push({ step, ok: true, ...server, ...(await work()) })
        return true
      } catch (error) {
        const certificate = (error as { certificate?: ShownCertificate }).certificate
        const detail = isProblem(error) ? error.message : explainConnect(url, config.bindDn, error)
        const said = isProblem(error) ? error.info.said : sayConnect(url, config.bindDn, error)
        const why = whyOf(error)
        const more = { ...(why ? { why } : {}), ...(certificate ? { certificate } : {}) }
        steps.push({ step, ok: false, ...server, detail, said, ...more })
        return false
      }
    }
    const client = await reach(config, url, attempt)
    if (!client) continue
    try {
      if (!looked) for (const search of searches) await testSearch(client, search, attempt)
      looked = true
    } finally {
      await client.unbind().catch(() => {})
    }
  }
  return steps
}

function whyOf(error: unknown): DirectoryTrouble | null {
  const why = isProblem(error) ? error.info.params?.why : troubleOf(error)
  return directoryTrouble.safeParse(why).data ?? null
}

async function reach(config: LdapConfig, url: string, attempt: Attempt): Promise<Client | null> {
  const host = hostOf(url)
  const port = Number(new URL(url).port || (url.startsWith('ldaps:') ? 636 : 389))
  const limit = connectTimeoutOf(config)
  const found = await attempt('name', async () => {
    const { address } = await lookup(host)
    return { detail: `${host} is ${address}`, said: say('name-found', { host, address }) }
  })
  if (!found) return null
  if (!(await attempt('tcp', () => knock(host, port, limit)))) return null
  if (!(await attempt('tls', () => lookAtCertificate(config, url)))) return null
  const client = newClient(config, url)
  const bound = await attempt('bind', async () => {
    if (config.password === '')
      throw problem('source-invalid', {
        detail: 'The password is empty.',
        said: say('password-empty', {}),
        params: { why: 'credentials' },
      })
    if (config.startTls) await startTls(config, client, url)
    await client.bind(config.bindDn, config.password)
    return { detail: `Signed in as ${config.bindDn}`, said: say('signed-in', { name: config.bindDn }) }
  })
  if (bound) return client
  await client.unbind().catch(() => {})
  return null
}

const SOON = 30 * 24 * 60 * 60 * 1000

/**
 * Connects without asking for trust, so that a certificate that is refused can be shown; nothing but the greeting is
 * sent over it. Whether it is trusted is then judged as the connection that carries the password judges it.
 */
async function lookAtCertificate(config: LdapConfig, url: string): Promise<Done> {
  if (!config.startTls && !url.startsWith('ldaps:'))
    return { detail: 'Not encrypted: use ldaps:// or startTls', said: say('not-encrypted', {}) }
  let socket: TLSSocket | undefined
  const watched = ((...given: unknown[]) => {
    const options = given.find(one => typeof one === 'object' && one !== null) as object
    Object.assign(options, { rejectUnauthorized: false })
    socket = (tlsConnect as (...all: unknown[]) => TLSSocket)(...given)
    return socket
  }) as typeof tlsConnect
  const client = newClient(config, url, watched)
  try {
    if (config.startTls) await startTls(config, client, url)
    else await client.search('', { scope: 'base', attributes: ['1.1'] }).catch(onlyTransport)
    const certificate = socket ? shownCertificate(socket) : null
    if (!socket?.authorized) {
      const reason = socket?.authorizationError as (Error & { code?: string }) | string | undefined
      const code = typeof reason === 'string' ? reason : (reason?.code ?? 'no certificate')
      throw Object.assign(
        problem('source-unreachable', {
          detail: explainCertificate(url, code),
          said: sayCertificate(url, code),
          params: { why: 'certificate' },
        }),
        { certificate },
      )
    }
    const detail = `${config.startTls ? 'StartTLS' : 'TLS'}, certificate trusted`
    const said = say(config.startTls ? 'starttls-trusted' : 'tls-trusted', {})
    if (!certificate) return { detail, said }
    const ends = new Date(certificate.validTo)
    const day = certificate.validTo.slice(0, 10)
    const warning =
      ends.getTime() - Date.now() < SOON
        ? {
            warning: `The certificate expires on ${day}. Have it renewed before then.`,
            warned: say('certificate-expires', { day }),
          }
        : {}
    return { detail, said, certificate, ...warning }
  } finally {
    await client.unbind().catch(() => {})
  }
}

/** Entries looked at for what the account may see. */
const LOOKED_AT = 50

async function testSearch(client: Client, search: LdapSearch, attempt: Attempt): Promise<void> {
  const there = await attempt('base', async () => {
    if (!(await readEntry(client, search.base, ['objectClass'])))
      throw problem('source-invalid', {
        detail: `${search.base} is not there, or the account may not see it.`,
        said: say('base-missing', { base: search.base }),
        params: { why: 'base' },
      })
    return { detail: `${search.base} is there`, said: say('base-there', { base: search.base }) }
  })
  if (!there) return
  const found: LdapEntry[] = []
  const elsewhere: string[] = []
  const onReferral = (uris: readonly string[]) => elsewhere.push(...uris)
  const read = await attempt('paging', async () => {
    let pages = 0
    for await (const page of searchPages(client, { ...search, pageSize: LOOKED_AT, onReferral })) {
      if (found.length < LOOKED_AT) found.push(...page)
      if (++pages === 2) break
    }
    const detail =
      pages > 1 ? `Pages of ${LOOKED_AT} entries are given` : `One page of ${found.length} entries holds everything`
    const said = pages > 1 ? say('pages-given', { size: LOOKED_AT }) : say('one-page', { count: found.length })
    const servers = elsewhere.slice(0, 5).join(', ')
    return elsewhere.length === 0
      ? { detail, said }
      : {
          ...{ detail, said },
          warning: `Parts of the tree are on other servers and are not read: ${servers}`,
          warned: say('parts-elsewhere', { servers }),
        }
  })
  if (read) await attempt('rights', () => testRights(client, search, found))
}

async function testRights(client: Client, search: LdapSearch, found: readonly LdapEntry[]): Promise<Done> {
  const [first] = found
  if (!first)
    throw problem('source-invalid', {
      detail: `${String(search.filter)} finds nothing under ${search.base}. May the account read there?`,
      said: say('nothing-found', { filter: String(search.filter), base: search.base }),
      params: { why: 'rights' },
    })
  const seen = new Set(found.flatMap(entry => [...entry.attributes.keys()]))
  const empty = search.attributes.filter(name => !seen.has(name.toLowerCase()))
  const detail =
    empty.length === 0
      ? 'All attributes that are asked for can be read'
      : `Read, but without values in the first ${found.length} entries: ${empty.join(', ')}`
  const said = empty.length === 0 ? say('all-readable', {}) : say('some-without-values', { count: found.length })
  // Active Directory says of an entry what the one who asks may write in it ([MS-ADTS] 3.1.1.4.5.22).
  const writable = (await readEntry(client, first.dn, ['allowedAttributesEffective']))?.attributes.get(
    'allowedattributeseffective',
  )
  const warning = writable?.length
    ? {
        warning: `The account may write ${writable.length} attributes of the first entry. Reading is all it needs.`,
        warned: say('may-write', { count: writable.length }),
      }
    : {}
  return { detail, said, ...(empty.length > 0 ? { empty } : {}), ...warning }
}

/** An answer of the server, even a refusal, shows that the TLS below it works. */
function onlyTransport(error: unknown): void {
  if (!(error instanceof ResultCodeError)) throw error
}

function knock(host: string, port: number, timeout: number): Promise<Done> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout })
    socket.on('connect', () => {
      socket.destroy()
      resolve({ detail: `Port ${port} answers`, said: say('port-answers', { port: String(port) }) })
    })
    socket.on('timeout', () => {
      socket.destroy()
      reject(Object.assign(new Error(`no answer in ${timeout} ms`), { code: 'ETIMEDOUT' }))
    })
    socket.on('error', reject)
  })
}
