import type { connect as tlsConnect } from 'node:tls'
import { Client } from 'ldapts'
import { say } from '#contract/said.ts'
import { sayConnect } from './ldap-said.ts'
import { explainConnect, healsItself, type LdapTrouble, troubleOf } from './ldap-trouble.ts'
import { problem } from './problem.ts'

/** How a directory is reached: bind, search and StartTLS are all there is here; what writes is in ldap-write.ts alone. */
export type LdapConfig = {
  /** ldaps://host or ldap://host, with a port where it is not the usual. Several hold the same; the first that answers is read. */
  urls: readonly string[]
  /** Tried first when it is one of `urls`: the server that answered last time. */
  prefer?: string | null
  startTls: boolean
  /** PEM of the authorities to trust; without it those of the runtime. */
  ca?: string | Buffer
  bindDn: string
  password: string
  /** Milliseconds for connecting, and for each answer (one page of a search). */
  connectTimeout?: number
  timeout?: number
}

export type { Client as LdapClient }
export type PassedOver = { url: string; why: LdapTrouble; detail: string }
/** Which server a client is connected to, and which were tried before it and did not answer. */
export type Connection = { url: string; passedOver: readonly PassedOver[] }

const connections = new WeakMap<Client, Connection>()
export function connectionOf(client: Client): Connection {
  const connection = connections.get(client)
  if (!connection) throw new Error('This client was not opened with openDirectory')
  return connection
}

const CONNECT_TIMEOUT = 10_000
export const connectTimeoutOf = (config: LdapConfig): number => config.connectTimeout ?? CONNECT_TIMEOUT

/** A client that is not connected yet. `secureConnect` stands in for tls.connect where somebody wants to see the socket. */
export function newClient(config: LdapConfig, url: string, secureConnect?: typeof tlsConnect): Client {
  return new Client({
    url,
    connectTimeout: connectTimeoutOf(config),
    timeout: config.timeout ?? 120_000,
    ...(url.startsWith('ldaps:') ? { tlsOptions: tlsOptions(config, url) } : {}),
    ...(secureConnect ? { createSecureConnection: secureConnect } : {}),
  })
}

/** The host goes in for StartTLS, where the socket does not say whom the certificate must name. */
export function tlsOptions(config: LdapConfig, url: string) {
  const host = hostOf(url)
  return {
    host,
    // SNI takes names only (RFC 6066, 3); the certificate is checked against the host all the same.
    ...(isAddress(host) ? {} : { servername: host }),
    ...(config.ca ? { ca: [config.ca] } : {}),
    minVersion: 'TLSv1.2' as const,
  }
}
export const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '')
const isAddress = (host: string) => /^[\d.]+$/.test(host) || host.includes(':')

/** The library waits for ever for a server that says yes to StartTLS and then nothing. */
export async function startTls(config: LdapConfig, client: Client, url: string): Promise<void> {
  const limit = connectTimeoutOf(config)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('StartTLS timed out'), { code: 'ETIMEDOUT' })), limit)
  })
  try {
    await Promise.race([client.startTLS(tlsOptions(config, url)), late])
  } finally {
    clearTimeout(timer)
  }
}

/** Connect, secure and bind, do the work, and leave. Throws `source-unreachable` that says which step failed. */
export async function withDirectory<T>(config: LdapConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await openDirectory(config)
  try {
    return await work(client)
  } finally {
    await client.unbind().catch(() => {})
  }
}

/**
 * A bound connection to the first server that answers; end it with `unbind`. Throws `source-unreachable` that says of
 * each server what is wrong, with `params.why` (a LdapTrouble) and `params.heals`.
 */
export async function openDirectory(config: LdapConfig): Promise<Client> {
  // A bind with a name and no password succeeds as nobody (RFC 4513, 5.1.2): it must never count as one.
  if (config.password === '')
    throw problem('source-invalid', {
      detail: `The password for ${config.urls.join(', ')} is empty.`,
      said: say('password-empty', {}),
    })
  return firstThatAnswers(config, async (client, passedOver, url) => {
    await client.bind(config.bindDn, config.password)
    connections.set(client, { url, passedOver })
    return client
  })
}

/**
 * Is this the right password for this DN? True or false; throws `source-unreachable` when no server answers. An empty
 * password is false without asking (unauthenticated bind, RFC 4513, 5.1.2).
 */
export async function bindAs(config: LdapConfig, dn: string, password: string): Promise<boolean> {
  if (password === '' || dn === '') return false
  return firstThatAnswers(config, async client => {
    try {
      await client.bind(dn, password)
      return true
    } catch (error) {
      if (troubleOf(error) === 'credentials') return false
      throw error
    } finally {
      await client.unbind().catch(() => {})
    }
  })
}

async function firstThatAnswers<T>(
  config: LdapConfig,
  work: (client: Client, passedOver: PassedOver[], url: string) => Promise<T>,
): Promise<T> {
  const failed: PassedOver[] = []
  let cause: unknown
  for (const url of inOrder(config)) {
    const client = newClient(config, url)
    try {
      if (config.startTls) await startTls(config, client, url)
      return await work(client, failed, url)
    } catch (error) {
      await client.unbind().catch(() => {})
      cause = error
      const why = troubleOf(error)
      failed.push({ url, why, detail: explainConnect(url, config.bindDn, error) })
      // The same name and password on the next server would fail as well, and count towards locking the account.
      if (why === 'credentials') break
    }
  }
  const heals = failed.every(one => healsItself(one.why))
  throw problem('source-unreachable', {
    detail: failed.map(one => one.detail).join(' '),
    said:
      failed.length === 1
        ? sayConnect(failed[0]!.url, config.bindDn, cause)
        : say('servers-fail', { servers: failed.map(one => one.url).join(', ') }),
    params: { why: failed.at(-1)!.why, heals },
    cause,
  })
}

function inOrder({ urls, prefer }: LdapConfig): string[] {
  return prefer && urls.includes(prefer) ? [prefer, ...urls.filter(url => url !== prefer)] : [...urls]
}
