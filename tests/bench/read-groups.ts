import process from 'node:process'
import { ldapReader } from '../../server/directory/ldap-reader.ts'
import { parseSources } from '../../server/feeds/sources/read-sources.ts'

/** Run as a process of its own: reads a directory as the product does, and says how much memory that took at most. */
const [url] = process.argv.slice(2)
const yaml = `sources: [{ key: ad, kind: ldap, flavour: ad, url: '${url}', allowPlain: true, bindDn: cn=x, password: { env: PW }, base: 'DC=kommune,DC=test' }]`
const [source] = parseSources(yaml, { file: 'bench.yaml', folder: '/', readers: [ldapReader] })
let groups = 0
let members = 0
const began = performance.now()
for await (const batch of ldapReader.read(source!, { secretOf: () => 'y', signal: new AbortController().signal }))
  for (const item of batch) {
    groups++
    if ('attrs' in item && Array.isArray(item.attrs.members)) members += item.attrs.members.length
  }
const ms = performance.now() - began
process.stdout.write(JSON.stringify({ groups, members, ms, megabytes: process.resourceUsage().maxRSS / 1024 }))
