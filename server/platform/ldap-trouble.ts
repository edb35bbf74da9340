import {
  AdminLimitExceededError,
  BusyError,
  ConfidentialityRequiredError,
  InsufficientAccessError,
  InvalidCredentialsError,
  InvalidDNSyntaxError,
  NoSuchObjectError,
  ResultCodeError,
  SizeLimitExceededError,
  StrongAuthRequiredError,
  TimeLimitExceededError,
  UnavailableCriticalExtensionError,
  UnavailableError,
} from 'ldapts'
import type { DirectoryTrouble } from '#contract/source-trials.ts'

/** `other`: what the server says itself is all there is to go by. */
export type LdapTrouble = DirectoryTrouble | 'other'

/** These pass by themselves: the next run may well succeed. The others wait for somebody. */
const PASSING = new Set<LdapTrouble>(['refused', 'timeout', 'connection-lost', 'busy', 'time-limit'])
export const healsItself = (trouble: LdapTrouble): boolean => PASSING.has(trouble)

export function troubleOf(error: unknown): LdapTrouble {
  const { message = '' } = error as Error
  const code = String((error as NodeJS.ErrnoException).code ?? '')
  if (error instanceof ResultCodeError) return troubleOfResult(error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA') return 'host-unknown'
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'refused'
  if (code === 'ETIMEDOUT' || /timeout|timed out/i.test(message)) return 'timeout'
  if (/CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(code)) return 'certificate'
  if (code === 'EPROTO' || /^ERR_(SSL|TLS)/.test(code)) return 'tls'
  if (code === 'ECONNRESET' || code === 'EPIPE' || /connection (closed|not established)|socket/i.test(message))
    return 'connection-lost'
  return 'other'
}

function troubleOfResult(error: ResultCodeError): LdapTrouble {
  if (error instanceof InvalidCredentialsError) return 'credentials'
  if (error instanceof ConfidentialityRequiredError || error instanceof StrongAuthRequiredError)
    return 'encryption-required'
  if (error instanceof InsufficientAccessError) return 'rights'
  if (error instanceof NoSuchObjectError || error instanceof InvalidDNSyntaxError) return 'base'
  if (error instanceof SizeLimitExceededError) return 'size-limit'
  if (error instanceof TimeLimitExceededError) return 'time-limit'
  if (error instanceof AdminLimitExceededError) return 'admin-limit'
  if (error instanceof BusyError || error instanceof UnavailableError) return 'busy'
  if (error instanceof UnavailableCriticalExtensionError) return 'paging'
  if (error.code === REFERRAL) return 'referral'
  return 'other'
}
export const REFERRAL = 10

/** What the server itself said; without that, the name of its answer. The library puts the number behind it. */
export function resultWords(error: Error): string {
  const text = error.message.replace(/\s*Code: 0x[0-9a-f]+$/i, '').trim()
  return (
    text ||
    error.name
      .replace(/Error$/, '')
      .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toLowerCase()
  )
}

/** One sentence about connecting and signing in, for the person who has to put it right. Holds no password. */
export function explainConnect(at: string, bindDn: string, error: unknown): string {
  const { message } = error as Error
  const code = (error as NodeJS.ErrnoException).code
  switch (troubleOf(error)) {
    case 'credentials':
      return `${at} does not accept the name or the password of ${bindDn}${refusedBecause(message)}. Check bindDn and the secret it refers to.`
    case 'host-unknown':
      return `The name in ${at} is not known. Check the url and the DNS of this machine.`
    case 'refused':
      return `Nothing listens at ${at}. Check the port and that the directory runs.`
    case 'timeout':
      return `${at} does not answer in time. Check the network and firewalls in between.`
    case 'connection-lost':
      return `${at} closed the connection. Check that the port is the right one for ldaps or ldap, and that the directory runs.`
    case 'certificate':
      return explainCertificate(at, String(code))
    case 'tls':
      return `No secure connection to ${at} (${code ?? message}). Check that the server offers ldaps or StartTLS there, with TLS 1.2 or newer.`
    case 'encryption-required':
      return `${at} takes no password without encryption. Use ldaps:// or \`startTls: true\`.`
    case 'busy':
      return `${at} is too busy to answer. It is tried again with the next run.`
    default:
      return `${at} refuses: ${resultWords(error as Error)}`
  }
}

/** Why a certificate is not trusted, and what to do about just that. `code` is the one that Node and OpenSSL give. */
export function explainCertificate(at: string, code: string): string {
  if (code === 'CERT_HAS_EXPIRED')
    return `The certificate of ${at} has expired (${code}). Have it renewed on the server; nothing is read until then.`
  if (code === 'CERT_NOT_YET_VALID')
    return `The certificate of ${at} is not valid yet (${code}). Check the clock of this machine and of the server.`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `The certificate of ${at} is made out to another name (${code}). Use a name that stands in the certificate as the host of the url.`
  return `The certificate of ${at} is not trusted (${code}). Give the authority that issued it as caFile.`
}

/** Active Directory answers 49 for much; a number in its text says for what ([MS-ERREF] 2.2, in hex). */
const REASONS: Record<string, string> = {
  '525': 'there is no such user',
  '52e': 'the password is wrong',
  '530': 'it may not sign in at this time',
  '531': 'it may not sign in from this machine',
  '532': 'its password has expired',
  '533': 'the account is disabled',
  '701': 'the account has expired',
  '773': 'its password must be changed first',
  '775': 'the account is locked',
}
/** The number, as it stands in REASONS; null where the server names none. */
export const signInReason = (message: string): string | null =>
  /\bdata ([0-9a-f]{3})\b/i.exec(message)?.[1]?.toLowerCase() ?? null

function refusedBecause(message: string): string {
  const reason = REASONS[signInReason(message) ?? '']
  return reason ? ` (${reason})` : ''
}

/** What to do about a read that ended too early. Follows "The directory stopped after n entries (...)." */
export function adviceForSearch(trouble: LdapTrouble): string {
  switch (trouble) {
    case 'connection-lost':
    case 'timeout':
      return 'The next run reads anew. If it happens again, look at the network, at the log of the server, and at timeoutSeconds.'
    case 'busy':
      return 'The next run reads anew.'
    case 'size-limit':
      return 'Let the account read more entries in pages (OpenLDAP: `limits` with size.prtotal; other servers: their size limit), or divide the tree with `searches`.'
    case 'time-limit':
      return 'Lower pageSize, raise the time limit of the server for this account, or divide the tree with `searches`.'
    case 'admin-limit':
      return 'Raise the administrative limit of the server for this account, lower pageSize, or divide the tree with `searches`.'
    case 'paging':
      return 'The server must offer the paged results control (RFC 2696) to this account.'
    case 'unending':
      return 'Look at the log of the server, or read it through another one.'
    default:
      return "See that the account may read everything and that the server's limits allow a paged read."
  }
}
