import { type Said, say } from '#contract/said.ts'
import { resultWords, signInReason, troubleOf } from './ldap-trouble.ts'

/** What `explainConnect` says in English, as a code for the screen. */
export function sayConnect(at: string, bindDn: string, error: unknown): Said {
  const { message } = error as Error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  switch (troubleOf(error)) {
    case 'credentials':
      return say(REFUSED[signInReason(message) as keyof typeof REFUSED] ?? 'sign-in-refused', { at, name: bindDn })
    case 'host-unknown':
      return say('host-unknown', { at })
    case 'refused':
      return say('nobody-listens', { at })
    case 'timeout':
      return say('no-answer', { at })
    case 'connection-lost':
      return say('connection-closed', { at })
    case 'certificate':
      return sayCertificate(at, code)
    case 'tls':
      return say('no-tls', { at, code: code || message })
    case 'encryption-required':
      return say('encryption-required', { at })
    case 'busy':
      return say('too-busy', { at })
    default:
      return say('server-refuses', { at, words: resultWords(error as Error) })
  }
}

/** What `explainCertificate` says in English. `code` is the one that Node and OpenSSL give. */
export const sayCertificate = (at: string, code: string): Said =>
  say(CERTIFICATES[code as keyof typeof CERTIFICATES] ?? 'certificate-unknown', { at, code })

const CERTIFICATES = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-not-yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-other-name',
} as const

/** By the number in Active Directory's answer ([MS-ERREF] 2.2). */
const REFUSED = {
  '525': 'no-such-user',
  '52e': 'password-wrong',
  '530': 'not-at-this-time',
  '531': 'not-from-here',
  '532': 'password-expired',
  '533': 'account-disabled',
  '701': 'account-expired',
  '773': 'password-must-change',
  '775': 'account-locked',
} as const
