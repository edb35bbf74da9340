import type { SearchEntry } from 'ldapts'
import { foldOptions } from './attribute-options.ts'

/** Attribute names in lower case; bytes where a value is no text. */
export type LdapEntry = { dn: string; attributes: Map<string, (string | Buffer)[]> }

export function toEntry(entry: SearchEntry): LdapEntry {
  const attributes = new Map<string, (string | Buffer)[]>()
  let options = false
  for (const { type, values, parsedBuffers } of entry.attributes) {
    const name = type.toLowerCase()
    if (name.includes(';')) options = true
    attributes.set(name, BINARY.has(name) ? parsedBuffers : values)
  }
  if (options) foldOptions(attributes)
  return { dn: entry.name, attributes }
}

/** Bytes that may happen to be valid UTF-8, and would then come as text. */
const BINARY = new Set([
  'objectguid',
  'invocationid',
  'objectsid',
  'ms-ds-consistencyguid',
  'msexchmailboxguid',
  'usercertificate',
  'jpegphoto',
  'thumbnailphoto',
])
