import { canonicalDn } from '../platform/dn.ts'
import { guidText } from '../platform/guid.ts'

/** One entry of a directory, however it came: attribute names in lower case; bytes where a value is no text. */
export type DirectoryEntry = {
  dn: string
  attributes: Map<string, (string | Buffer)[]>
}

/** Attributes that hold passwords and keys: never asked for, never shown ([MS-ADTS] 3.1.1.4.4; RFC 3112, 5803). */
const SECRETS =
  /^(userpassword|unicodepwd|dbcspwd|lmpwdhistory|ntpwdhistory|supplementalcredentials|initialauth(in|out)going|currentvalue|priorvalue|trustauth(in|out)going|authpassword|sambantpassword|sambalmpassword|sambapasswordhistory|krbprincipalkey|krb5key|pwdhistory|ms-mcs-admpwd|mslaps-.*password.*|msds-managedpassword.*|msds-keycredentiallink|msfve-.*|shadowlastpassword)(;|$)/i
export const isSecretAttribute = (name: string): boolean => SECRETS.test(name)

/** Attributes whose values are bytes, with how they are written as text. */
const BINARY: Record<string, (value: Buffer) => string> = {
  objectguid: guidText,
  objectsid: sidText,
  'ms-ds-consistencyguid': guidText,
  msexchmailboxguid: guidText,
}

/** What is read of an entry for a name in a mapping; some names are worked out from others. */
export function realNames(name: string): string[] {
  const lower = name.toLowerCase()
  if (lower === 'dn') return []
  if (lower === PRIMARY_GROUP) return ['objectSid', 'primaryGroupID']
  return [lower.endsWith('-key') ? name.slice(0, -4) : name]
}
const PRIMARY_GROUP = 'primarygroupsid'

/** Values of an attribute as text. Known binary identities in their canonical form, other bytes as UTF-8. */
export function textValues(entry: DirectoryEntry, name: string): readonly string[] {
  const lower = lowerCase(name)
  if (lower === 'dn') return [canonicalDn(entry.dn)]
  const values = entry.attributes.get(lower)
  if (!values) return lower === PRIMARY_GROUP ? primaryGroupSid(entry) : NONE
  // What nearly every attribute of nearly every entry is, asked for some hundred thousand times in a read.
  if (values.length === 1 && typeof values[0] === 'string') return values as string[]
  const binary = BINARY[lower]
  if (!binary && values.every(value => typeof value === 'string')) return values as string[]
  return values.map(value => (typeof value === 'string' ? value : binary ? binary(value) : value.toString('utf8')))
}

const NONE: readonly string[] = []
/** Names come from mappings: few, and asked for with every entry. */
const lowered = new Map<string, string>()
function lowerCase(name: string): string {
  let lower = lowered.get(name)
  if (lower === undefined) {
    lower = name.toLowerCase()
    lowered.set(name, lower)
  }
  return lower
}

/**
 * The SID of the primary group: that of the domain, which begins the account's own, with `primaryGroupID` at the end
 * ([MS-ADTS] 3.1.1.4.5.1, 6.1.1). The group's own `member` does not list those whose primary group it is.
 */
function primaryGroupSid(entry: DirectoryEntry): readonly string[] {
  const [sid] = textValues(entry, 'objectSid')
  const [id] = textValues(entry, 'primaryGroupID')
  if (!sid?.startsWith('S-1-') || !id || !/^\d+$/.test(id)) return NONE
  return [`${sid.slice(0, sid.lastIndexOf('-'))}-${id}`]
}

/** A security identifier as text ([MS-DTYP] 2.4.2.1). */
export function sidText(value: Buffer): string {
  if (value.length < 8 || value.length !== 8 + value[1]! * 4) return value.toString('hex')
  const parts = [`S-${value[0]}`, `${value.readUIntBE(2, 6)}`]
  for (let at = 8; at < value.length; at += 4) parts.push(`${value.readUInt32LE(at)}`)
  return parts.join('-')
}
