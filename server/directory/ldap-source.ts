import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { say } from '#contract/said.ts'
import type { ReadContext } from '../feeds/reading/reader.ts'
import type { SourceDeclaration } from '../feeds/sources/source.ts'
import type { RecordKind } from '../platform/feed-record.ts'
import type { LdapConfig } from '../platform/ldap-client.ts'
import { isFilter, type LdapSearch } from '../platform/ldap-search.ts'
import { problem } from '../platform/problem.ts'
import { type DefaultSearch, defaultSearches } from './default-records.ts'
import { isSecretAttribute } from './directory-entry.ts'
import { attributesOf, entryRecord } from './map-entry.ts'

const secret = z.union([z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })], {
  error: 'must be { env: NAME } or { file: path }; a password is never written here itself',
})
const url = z.url({ protocol: /^ldaps?$/, error: 'must be ldaps://host or ldap://host' })
export const ldapSettings = z.object({
  flavour: z.enum(['ad', 'openldap']),
  url: url.optional(),
  /** Several servers that hold the same, instead of `url`: the first that answers is read. */
  urls: z.array(url).min(1).max(9).optional(),
  caFile: z.string().min(1).optional(),
  startTls: z.boolean().default(false),
  /** Without TLS the password goes over the network in clear: only where somebody has said so. */
  allowPlain: z.boolean().default(false),
  bindDn: z.string().min(1),
  password: secret,
  base: z.string().min(1).optional(),
  searches: z
    .array(
      z.strictObject({
        base: z.string().min(1),
        filter: z.string().min(3).optional(),
        records: z.array(entryRecord).min(1).optional(),
      }),
    )
    .min(1)
    .optional(),
  /** Persons, affiliations and units too, from the entries' own attributes and the OUs. */
  people: z.boolean().default(false),
  /** Names, title, department, phone and manager of each account too: for systems in which Hjemmel keeps them. */
  details: z.boolean().default(false),
  /** Attribute that holds the payroll employee number. */
  employeeNo: z.string().min(1).optional(),
  /**
   * How changes are found between full reads: the best that the server allows, by update numbers even where DirSync is
   * allowed (Active Directory), or not at all.
   */
  changes: z.enum(['auto', 'usn', 'off']).default('auto'),
  pageSize: z.number().int().min(1).max(5000).default(500),
  timeoutSeconds: z.number().int().min(1).max(3600).default(120),
})
export type LdapSettings = z.output<typeof ldapSettings>
export type DirectorySearch = DefaultSearch & { base: string }

export const settingsOf = (source: SourceDeclaration) => source.settings as LdapSettings
export const urlsOf = ({ url, urls }: LdapSettings): string[] => urls ?? [url!]

/** What the schema alone cannot say; each text is one mistake. */
export function ldapMistakes(given: LdapSettings): string[] {
  const { url, urls, startTls, allowPlain, base, searches } = given
  const mistakes: string[] = []
  if (!base && !searches) mistakes.push('say where to read: `base: dc=example,dc=dk`, or `searches:`')
  if (!url === !urls) mistakes.push('say which server to read: `url: ldaps://host`, or several as `urls: [...]`')
  for (const one of urls ?? (url ? [url] : [])) {
    if (one.startsWith('ldap:') && !startTls && !allowPlain)
      mistakes.push('url: the password would be sent in clear; use ldaps://, or startTls: true')
    if (one.startsWith('ldaps:') && startTls)
      mistakes.push('startTls: ldaps:// is encrypted already; leave one of them out')
  }
  for (const { filter } of searches ?? [])
    if (filter && !isFilter(filter)) mistakes.push(`searches: "${filter}" is no LDAP filter (RFC 4515)`)
  for (const { records } of searches ?? [])
    for (const name of attributesOf(records ?? []))
      if (isSecretAttribute(name)) mistakes.push(`searches: ${name} holds a secret and is never read`)
  return [...new Set(mistakes)]
}

export const kindsOf = (source: SourceDeclaration): RecordKind[] => [
  ...new Set(searchesOf(source).flatMap(search => search.records.map(rule => rule.record))),
]

/** How to reach the directory of a source of kind `ldap`. `prefer`: the server to try first, if it is one of the source's. */
export function ldapConfig(
  source: SourceDeclaration,
  context: Pick<ReadContext, 'secretOf'>,
  prefer: string | null = null,
): LdapConfig {
  if (source.kind !== 'ldap')
    throw problem('source-invalid', { detail: `The source ${source.key} is no live directory (kind: ldap).` })
  const { startTls, bindDn, password, caFile, timeoutSeconds } = settingsOf(source)
  return {
    urls: urlsOf(settingsOf(source)),
    prefer,
    startTls,
    bindDn,
    password: context.secretOf(password, source.folder),
    timeout: timeoutSeconds * 1000,
    ...(caFile ? { ca: readAuthority(resolve(source.folder, caFile)) } : {}),
  }
}

function readAuthority(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw problem('source-invalid', {
      detail: `The authority file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code}). Correct caFile.`,
      said: say('authority-unreadable', { file: path, code: (cause as NodeJS.ErrnoException).code ?? 'unknown' }),
      cause,
    })
  }
}

/** The searches of a source, with what each gives. */
export function searchesOf(source: SourceDeclaration): DirectorySearch[] {
  const { flavour, base, searches, people, employeeNo, details } = settingsOf(source)
  const defaults = defaultSearches(flavour, { people, employeeNo, details })
  if (!searches) return defaults.map(search => ({ ...search, base: base! }))
  return searches.flatMap(search =>
    search.records
      ? {
          base: search.base,
          filter: search.filter ?? '(objectClass=*)',
          records: search.records,
          parentsFirst: search.records.every(rule => rule.record === 'unit'),
        }
      : defaults.map(one => ({
          ...one,
          base: search.base,
          filter: search.filter ? `(&${search.filter}${one.filter})` : one.filter,
        })),
  )
}

/** A search as the server is asked it. */
export const asked = (search: DirectorySearch, pageSize: number): LdapSearch => ({
  base: search.base,
  filter: search.filter,
  attributes: attributesOf(search.records),
  pageSize,
})
