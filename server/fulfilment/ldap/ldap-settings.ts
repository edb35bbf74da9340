import { readFileSync, realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import { z } from 'zod'
import { type ConnectorContext, ConnectorFailure, type Writes } from '../../orders/connector.ts'
import { unknownPlaces } from '../../orders/patterns.ts'
import { isWithin } from '../../platform/dn.ts'
import type { LdapConfig } from '../../platform/ldap-client.ts'
import type { Reach } from '../reach.ts'
import { pathBelow, seconds, secretRef } from '../settings.ts'

const url = z.url({ protocol: /^ldaps?$/, error: 'must be ldaps://host or ldap://host' })
const dn = z.string().min(3).max(400)
const names = z.array(z.string().min(1).max(100))
const attributeName = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,60}$/, 'must be the name of an attribute')
const pattern = z.string().min(1).max(200)

export const ldapWriteSettings = z.strictObject({
  flavour: z.enum(['ad', 'openldap']),
  urls: z.array(url).min(1).max(9),
  caFile: pathBelow.optional(),
  startTls: z.boolean().default(false),
  /** Without TLS the password goes over the network in clear: only where somebody has said so. */
  allowPlain: z.boolean().default(false),
  bindDn: dn,
  password: secretRef,
  /** Where accounts are looked for, also those that are not ours to touch: a name that is taken there is taken. */
  base: dn,
  /** The only places where accounts are written, and where they are moved to. */
  scope: z.array(dn).min(1).max(50),
  /** The only places whose groups get and lose members; without any no right can be given. */
  groupScope: z.array(dn).max(50).default([]),
  /** Where new accounts of units stand that no line of `units` says anything of. */
  accountsIn: dn,
  /** Key of a unit and its place: the nearest unit above the job that stands here says where an account belongs. */
  units: z.record(z.string().min(1), dn).default({}),
  /** How the entry is named: `CN={displayName} ({username})`, `uid={username}`. */
  entryName: z.string().regex(/^(cn|uid)=.+/i, 'must be cn=… or uid=…'),
  /** Sign-in name of Active Directory, `{username}@kommune.dk`. */
  userPrincipalName: pattern.optional(),
  /** Attributes that Hjemmel is the authority for, each with its pattern. Others stay as they are. */
  attributes: z.record(attributeName, pattern).default({}),
  /** Where the id of the person is written, by which we know our own accounts again. */
  markAttribute: attributeName.optional(),
  /** How an account is locked where there is no userAccountControl. */
  lock: z
    .strictObject({ attribute: attributeName, value: z.string().min(1).max(100) })
    .default({ attribute: 'pwdAccountLockedTime', value: '000001010000Z' }),
  /** User names of accounts that are never touched. */
  protectedUsers: names.default([]),
  /** The same with `*`: service accounts, administrators. */
  protectedPatterns: names.default(['svc*', 'adm*', 'krbtgt*', 'Administrator', 'Guest']),
  /** Names or DNs of groups that are never touched. */
  protectedGroups: names.default([]),
  timeoutSeconds: seconds,
})
export type LdapWriteSettings = z.output<typeof ldapWriteSettings>

/** What says who somebody is, what they may do, or is the server's own: never set from a pattern. */
const NEVER =
  /^(objectclass|objectguid|objectsid|entryuuid|useraccountcontrol|unicodepwd|userpassword|samaccountname|userprincipalname|cn|uid|distinguishedname|member|memberof|admincount|primarygroupid|sidhistory|serviceprincipalname|altsecurityidentities|msds-.*|ntsecuritydescriptor|lockouttime|pwdaccountlockedtime|accountexpires|logonhours|scriptpath|profilepath|homedirectory)$/i

export const nameAttribute = ({ flavour }: Pick<LdapWriteSettings, 'flavour'>) =>
  flavour === 'ad' ? 'sAMAccountName' : 'uid'
/** adminDescription may stand in every object of Active Directory ([MS-ADA1]); employeeType in every inetOrgPerson. */
export const markOf = ({ flavour, markAttribute }: LdapWriteSettings) =>
  markAttribute ?? (flavour === 'ad' ? 'adminDescription' : 'employeeType')

export function ldapWriteMistakes(given: LdapWriteSettings): string[] {
  const mistakes: string[] = []
  for (const one of given.urls) {
    if (one.startsWith('ldap:') && !given.startTls && !given.allowPlain)
      mistakes.push('urls: the password would be sent in clear; use ldaps://, or startTls: true')
    if (one.startsWith('ldaps:') && given.startTls)
      mistakes.push('startTls: ldaps:// is encrypted already; leave one of them out')
    if (URL.canParse(one) && new URL(one).username) mistakes.push('urls: must hold no name and no password')
  }
  const inScope = (place: string) => given.scope.some(one => isWithin(place, one))
  if (!inScope(given.accountsIn)) mistakes.push('accountsIn: stands outside scope')
  for (const [unit, place] of Object.entries(given.units))
    if (!inScope(place)) mistakes.push(`units: the place of ${unit} stands outside scope`)
  for (const place of given.scope)
    if (!isWithin(place, given.base)) mistakes.push(`scope: ${place} stands outside base`)
  for (const [name, text] of Object.entries(given.attributes)) {
    if (NEVER.test(name)) mistakes.push(`attributes: ${name} is not set from a pattern`)
    if (same(name, markOf(given)) || same(name, given.lock.attribute))
      mistakes.push(`attributes: ${name} has another use here`)
    for (const place of unknownPlaces(text)) mistakes.push(`attributes: there is no place {${place}}`)
  }
  for (const text of [given.entryName, given.userPrincipalName ?? ''])
    for (const place of unknownPlaces(text)) mistakes.push(`there is no place {${place}}`)
  if (NEVER.test(markOf(given))) mistakes.push(`markAttribute: ${markOf(given)} has another use`)
  if (given.flavour === 'openldap' && same(markOf(given), given.lock.attribute))
    mistakes.push('markAttribute: is also what locks')
  return [...new Set(mistakes)]
}
/** By what an attribute of a directory is read (server/directory/default-records.ts). */
const READ_AS: Record<string, keyof Writes['attributes']> = {
  givenname: 'givenName',
  sn: 'familyName',
  displayname: 'displayName',
  title: 'title',
  department: 'department',
  departmentnumber: 'department',
  mail: 'email',
  telephonenumber: 'phone',
  employeeid: 'employeeNo',
  employeenumber: 'employeeNo',
  manager: 'manager',
}
export const ldapWrites = ({ attributes, units, accountsIn }: LdapWriteSettings): Writes => ({
  attributes: Object.fromEntries(
    Object.entries(attributes).flatMap(([name, text]) => {
      const known = READ_AS[name.toLowerCase()]
      return known ? [[known, text]] : []
    }),
  ),
  places: { units, otherwise: accountsIn },
})

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

export function ldapWriteConfig(settings: LdapWriteSettings, ctx: ConnectorContext, reach: Reach): LdapConfig {
  return {
    urls: settings.urls,
    startTls: settings.startTls,
    bindDn: settings.bindDn,
    password: ctx.secretOf(settings.password),
    connectTimeout: 8_000,
    timeout: settings.timeoutSeconds * 1000,
    ...(settings.caFile ? { ca: authority(settings.caFile, reach) } : {}),
  }
}

function authority(file: string, { secretsDir }: Reach): Buffer {
  if (secretsDir === null)
    throw new ConnectorFailure('refused', 'caFile: no folder is set for certificates. Set HJEMMEL_SECRETS_DIR.')
  try {
    const home = realpathSync(secretsDir)
    const real = realpathSync(join(home, file))
    if (!real.startsWith(home + sep)) throw Object.assign(new Error('outside'), { code: 'outside HJEMMEL_SECRETS_DIR' })
    return readFileSync(real)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ConnectorFailure('refused', `The authority file ${file} cannot be read (${code}). Correct caFile.`)
  }
}
