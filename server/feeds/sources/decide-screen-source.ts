import { isIP } from 'node:net'
import type { SecretRef } from '../reading/reader.ts'
import type { DeclarationMistake } from './read-sources.ts'

/**
 * What a declaration may say that comes in through the API. Whoever administers sources there need not be whoever runs
 * the machine: it must not be possible to read the machine's own files, to have its own secrets sent somewhere, or to
 * reach what stands beside it. The sources file is written by whoever runs the machine, and is not held to this.
 */
export const SECRET_PREFIX = 'HJEMMEL_SECRET_'
const SECRET_NAME = new RegExp(`^${SECRET_PREFIX}[A-Z0-9_]{1,60}$`)
/** Keys whose values are names of attributes or columns and constants, not paths and addresses. */
const NOT_PATHS = new Set(['map', 'match', 'unless', 'name', 'authority', 'guards', 'key'])
const PATH_KEY = /^(path|files?|folder|archive|drops?|[a-z]+(File|Files|Folder|Dir|Path))$/

type Path = (string | number)[]

/** Every text of a declaration with where it stands, except in mappings. */
function* texts(value: unknown, path: Path = []): Generator<{ path: Path; text: string }> {
  if (typeof value === 'string') yield { path, text: value }
  else if (Array.isArray(value)) for (const [index, one] of value.entries()) yield* texts(one, [...path, index])
  else if (value && typeof value === 'object')
    for (const [key, one] of Object.entries(value)) if (!NOT_PATHS.has(key)) yield* texts(one, [...path, key])
}

const nameAt = (path: Path) => path.findLast(step => typeof step === 'string') as string | undefined

/** Secrets by reference, wherever in the declaration they stand. */
export function secretsOf(declared: unknown): { path: Path; ref: SecretRef }[] {
  const found: { path: Path; ref: SecretRef }[] = []
  for (const { path, text } of texts(declared)) {
    const under = path.at(-2)
    if (path.at(-1) === 'env') found.push({ path, ref: { env: text } })
    else if (path.at(-1) === 'file' && typeof under === 'string' && SECRET_KEY.test(under))
      found.push({ path, ref: { file: text } })
  }
  return found
}
const SECRET_KEY = /password|secret|token|credential/i

/** Paths of files and folders that the reader will open; those of secrets among them. */
export function pathsOf(declared: unknown): { path: Path; text: string }[] {
  return [...texts(declared)].filter(({ path }) => PATH_KEY.test(nameAt(path) ?? ''))
}

/** Addresses that the reader will connect to. */
export function addressesOf(declared: unknown): { path: Path; host: string }[] {
  const found: { path: Path; host: string }[] = []
  for (const { path, text } of texts(declared)) {
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) continue
    const url = URL.canParse(text) ? new URL(text) : null
    if (url?.hostname) found.push({ path, host: url.hostname.replace(/^\[|\]$/g, '').toLowerCase() })
  }
  return found
}

/** Mistakes of a declaration that the schemas do not find, because in the sources file they are none. */
export function screenMistakes(declared: unknown): DeclarationMistake[] {
  const mistakes: DeclarationMistake[] = []
  const key = declared && typeof declared === 'object' && 'key' in declared ? declared.key : null
  if (key === 'manual') mistakes.push({ path: ['key'], what: 'is the name for what people enter by hand' })
  // The value is not repeated: it may be the secret itself.
  for (const { path, ref } of secretsOf(declared))
    if ('env' in ref && !SECRET_NAME.test(ref.env))
      mistakes.push({
        path,
        what: `only environment variables whose names begin with ${SECRET_PREFIX} can be used from here`,
      })
  for (const { path, text } of pathsOf(declared)) {
    const parts = text.split(/[/\\]/)
    if (/^([/\\]|[a-z]:)/i.test(text) || parts.includes('..') || text.includes('\0'))
      mistakes.push({ path, what: 'must be a path below the folder that is set for it, without ".."' })
  }
  for (const { path, text } of texts(declared)) {
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) continue
    const url = new URL(text)
    if (url.username || url.password)
      mistakes.push({ path, what: 'must hold no name and no password; they have fields of their own' })
  }
  return mistakes
}

/**
 * May a source of the screen connect there? `resolved` are the addresses that the host has now, `own` those of this
 * machine. With a list only what it names: a name, `*.example.dk`, or all of its addresses. Without one everything but
 * this machine itself and link-local addresses, behind which clouds keep their keys.
 */
export function hostAllowed(
  host: string,
  resolved: readonly string[],
  { allowed, own }: { allowed: readonly string[]; own: readonly string[] },
): boolean {
  const name = host.replace(/\.$/, '')
  if (allowed.length > 0)
    return (
      allowed.some(one => one === name || (one.startsWith('*.') && name.endsWith(one.slice(1)))) ||
      (resolved.length > 0 && resolved.every(address => allowed.includes(address)))
    )
  const addresses = isIP(name) ? [name, ...resolved] : resolved
  const itself = name === 'localhost' || name.endsWith('.localhost')
  return !itself && !addresses.some(address => isOwnMachine(address) || own.includes(address.toLowerCase()))
}

function isOwnMachine(address: string): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:/, '')
  if (isIP(plain) === 4) return /^(127\.|0\.|169\.254\.|22[4-9]\.|23\d\.|255\.)/.test(plain)
  // A mapped address in hexadecimal says nothing that the dotted form would not: it is only written to be overlooked.
  return plain === '::1' || plain === '::' || /^(fe[89ab]|ff)/.test(plain) || /^::ffff:/i.test(address)
}

/** Whom a secret is sent to, as one text to compare: a secret that goes somewhere else must be confirmed. */
export function recipientOf(declared: unknown): string {
  const parts = [...texts(declared)]
    .filter(
      ({ path, text }) =>
        /^(bindDn|urls?|startTls|allowPlain|caFile)$/.test(nameAt(path) ?? '') || /^ldaps?:/i.test(text),
    )
    .map(({ path, text }) => `${path.join('.')}=${text.toLowerCase()}`)
  const flags = declared && typeof declared === 'object' ? (declared as Record<string, unknown>) : {}
  return [...parts, `startTls=${flags.startTls === true}`, `allowPlain=${flags.allowPlain === true}`].sort().join('\n')
}
