import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'

/**
 * Writes the LDIF files into one, for slapadd: with the suffix entry in front when no file has it, and with memberOf
 * filled in from the groups. slapadd does not run the memberof overlay, which would otherwise have written it.
 * Two passes, so that 60,000 entries need no more memory than their memberships.
 */
export async function combineForSlapadd(files: readonly string[], baseDn: string, target: string): Promise<void> {
  const groupsOf = new Map<string, string[]>()
  let hasBase = false
  for await (const record of records(files)) {
    const dn = value(record, 'dn')
    if (!dn) continue
    if (normal(dn) === normal(baseDn)) hasBase = true
    for (const member of values(record, 'member')) {
      const key = normal(member)
      const groups = groupsOf.get(key)
      if (groups) groups.push(dn)
      else groupsOf.set(key, [dn])
    }
  }
  const completed = async function* () {
    if (!hasBase) yield suffixEntry(baseDn)
    for await (const record of records(files)) {
      const dn = value(record, 'dn')
      if (!dn) continue
      const groups = values(record, 'memberOf').length > 0 ? [] : (groupsOf.get(normal(dn)) ?? [])
      const lines = [...record, ...groups.map(group => `memberOf:: ${Buffer.from(group).toString('base64')}`)]
      yield `${lines.join('\n')}\n\n`
    }
  }
  await pipeline(completed, createWriteStream(target))
}

/** The entry that a base DN needs to exist, as LDIF. Knows dc, o and ou as its first part. */
export function suffixEntry(baseDn: string): string {
  const [, type = '', name = ''] = /^\s*(dc|o|ou)=([^,]+)/i.exec(baseDn) ?? []
  const kind = type.toLowerCase()
  if (kind === 'dc') return `dn: ${baseDn}\nobjectClass: domain\ndc: ${name}\n\n`
  if (kind === 'o') return `dn: ${baseDn}\nobjectClass: organization\no: ${name}\n\n`
  if (kind === 'ou') return `dn: ${baseDn}\nobjectClass: organizationalUnit\nou: ${name}\n\n`
  throw new Error(`the base DN must begin with dc=, o= or ou=: ${baseDn}`)
}

async function* records(files: readonly string[]): AsyncGenerator<string[]> {
  for (const file of files) {
    let record: string[] = []
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line === '') {
        if (record.length > 0) yield record
        record = []
      } else if (line.startsWith(' ') && record.length > 0) {
        record[record.length - 1] += line.slice(1)
      } else if (!line.startsWith('#') && !/^version:/i.test(line)) {
        record.push(line)
      }
    }
    if (record.length > 0) yield record
  }
}

function value(record: readonly string[], name: string): string | undefined {
  return values(record, name)[0]
}

function values(record: readonly string[], name: string): string[] {
  const prefix = `${name.toLowerCase()}:`
  return record.flatMap(line => {
    if (line.slice(0, prefix.length).toLowerCase() !== prefix) return []
    const rest = line.slice(prefix.length)
    return rest.startsWith(':') ? [Buffer.from(rest.slice(1).trim(), 'base64').toString('utf8')] : [rest.trim()]
  })
}

function normal(dn: string): string {
  return dn.toLowerCase().replace(/\s*([,=+])\s*/g, '$1')
}
