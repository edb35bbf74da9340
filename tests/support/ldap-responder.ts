import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { BerReader, BerWriter } from 'ldapts'
import { canonicalDn, dnKey, isWithin, parentDn } from '../../server/platform/dn.ts'

/**
 * A server that speaks LDAPv3 over real TCP and answers as Active Directory and broken servers do, where the real ones
 * at hand cannot be made to: Samba does not cut long lists of members, no server drops the line when asked to.
 * Bind, search (and, or, not, equality, presence, bit rules; base, one, sub), paging, value ranges.
 */
export type ResponderEntry = { dn: string; attributes: Record<string, string | Buffer | readonly (string | Buffer)[]> }

export type Asked = {
  /** Searches so far on this server, from 1. */
  n: number
  base: string
  scope: string
  attributes: string[]
  /** Which page of its search, from 1. */
  page: number
}

/** What a search is answered with instead of what is right. */
export type Misbehaviour = {
  /** Bytes of the answer after which the line is cut. */
  dropAfter?: number
  /** Nothing is ever answered. */
  silent?: boolean
  delay?: number
  /** Result code and text at the end, after the entries (none with `entries: 0`). */
  code?: number
  message?: string
  referral?: string[]
  /** Only so many entries of the page are sent, and the cookie says that there is nothing more. */
  entries?: number
  /** No entries on this page, though the cookie says that there are more. */
  emptyPage?: boolean
  /** The control for paging is left out of the answer. */
  noPaging?: boolean
  /** The cookie leads back to this same page. */
  stuck?: boolean
}

export type ResponderOptions = {
  entries: readonly ResponderEntry[]
  /** Values that an attribute gives at once ([MS-ADTS] 3.1.1.4.5: MaxValRange); the rest by ranges. */
  maxValues?: number
  /** Sent with the first page of every search below a base, as a domain does for its neighbours. */
  references?: readonly string[]
  /** Result code for a bind, default 0. */
  bind?(dn: string, password: string): number | { code: number; message: string }
  misbehave?(asked: Asked): Misbehaviour | undefined
  /** Asked for StartTLS it answers nothing at all, or says yes and then never speaks TLS. */
  startTls?: 'unanswered' | 'yes-then-silent'
  tls?: TlsOptions
}

export type Responder = {
  url: string
  /** Connections taken so far, and searches asked. */
  connections(): number
  searches: Asked[]
  /** Entries may be changed between and during searches. */
  entries: ResponderEntry[]
  stop(): Promise<void>
}

export async function startLdapResponder(options: ResponderOptions): Promise<Responder> {
  const entries = [...options.entries]
  const searches: Asked[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const take = (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serve(socket, options, entries, searches)
  }
  const server = options.tls ? createTlsServer(options.tls, take) : createServer(take)
  server.on('tlsClientError', () => {})
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    url: `${options.tls ? 'ldaps' : 'ldap'}://127.0.0.1:${port}`,
    connections: () => connections,
    searches,
    entries,
    stop: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise(resolve => {
        server.close(() => resolve())
      })
    },
  }
}

const PAGED = '1.2.840.113556.1.4.319'
const BIT_AND = '1.2.840.113556.1.4.803'
const BIND = 0x60
const UNBIND = 0x42
const SEARCH = 0x63
const EXTENDED = 0x77

function serve(socket: Socket, options: ResponderOptions, entries: ResponderEntry[], searches: Asked[]): void {
  let held = Buffer.alloc(0)
  let work: Promise<void> = Promise.resolve()
  socket.on('error', () => {})
  socket.on('data', data => {
    held = Buffer.concat([held, data])
    // It has said yes to TLS and never speaks it.
    if (held[0] === 0x16 && options.startTls) return
    // Whoever speaks something else (TLS, say) is hung up on, as real servers do.
    if (held[0] !== 0x30) {
      socket.destroy()
      return
    }
    for (;;) {
      const reader = new BerReader(held)
      if (reader.readSequence() === null || reader.remain < reader.length) return
      const end = reader.offset + reader.length
      const one = held.subarray(0, end)
      held = held.subarray(end)
      work = work.then(() => answer(socket, one, options, entries, searches))
    }
  })
}

async function answer(
  socket: Socket,
  request: Buffer,
  options: ResponderOptions,
  entries: readonly ResponderEntry[],
  searches: Asked[],
): Promise<void> {
  const reader = new BerReader(request)
  reader.readSequence()
  const id = reader.readInt()!
  const operation = reader.peek()
  if (operation === UNBIND) {
    socket.end()
    return
  }
  if (operation === BIND) {
    reader.readSequence()
    reader.readInt()
    const given = options.bind?.(reader.readString()!, reader.readString(0x80)!) ?? 0
    const { code, message } = typeof given === 'number' ? { code: given, message: '' } : given
    socket.write(result(id, 0x61, { code, message }))
    return
  }
  if (operation === EXTENDED && options.startTls) {
    if (options.startTls === 'yes-then-silent') socket.write(result(id, 0x78, { code: 0, message: '' }))
    return
  }
  if (operation !== SEARCH) {
    socket.destroy()
    return
  }
  const { search, paging } = readSearch(reader)
  const from = paging?.cookie.length ? Number(paging.cookie.toString()) : 0
  const size = paging?.size || Number.POSITIVE_INFINITY
  const asked: Asked = {
    n: searches.length + 1,
    base: search.base,
    scope: search.scope,
    attributes: search.attributes,
    page: Math.floor(from / size) + 1,
  }
  searches.push(asked)
  const bad = options.misbehave?.(asked) ?? {}
  if (bad.silent) return
  if (bad.delay) await new Promise(resolve => setTimeout(resolve, bad.delay))
  const inside = entries.filter(entry => inScope(entry.dn, search))
  const matching = inside.filter(entry => matches(entry, search.filter))
  const known = search.base === '' || entries.some(entry => isWithin(entry.dn, search.base))
  const page = bad.emptyPage ? [] : matching.slice(from, from + size).slice(0, bad.entries)
  const next = bad.emptyPage || bad.stuck ? from : from + size
  const cookie = bad.entries === undefined && (bad.emptyPage || bad.stuck || next < matching.length) ? `${next}` : ''
  const parts = page.map(entry => entryMessage(id, entry, search.attributes, options.maxValues))
  if (from === 0 && search.scope !== 'base')
    for (const uri of options.references ?? []) parts.push(referenceMessage(id, uri))
  const code = bad.code ?? (known ? 0 : 32)
  const controls = paging && !bad.noPaging ? cookie : undefined
  parts.push(result(id, 0x65, { code, message: bad.message ?? '', referral: bad.referral, cookie: controls }))
  const whole = Buffer.concat(parts)
  if (bad.dropAfter === undefined) socket.write(whole)
  else socket.write(whole.subarray(0, bad.dropAfter), () => socket.destroy())
}

type Search = { base: string; scope: 'base' | 'one' | 'sub'; filter: Filter; attributes: string[] }

/** RFC 4511, 4.5.1. The library's own reader of searches takes presence filters apart wrongly: it is a client. */
function readSearch(reader: BerReader): { search: Search; paging: { size: number; cookie: Buffer } | null } {
  reader.readSequence()
  const end = reader.offset + reader.length
  const base = reader.readString()!
  const scope = (['base', 'one', 'sub'] as const)[reader.readEnumeration()!]!
  reader.readEnumeration()
  reader.readInt()
  reader.readInt()
  reader.readBoolean()
  const filter = readFilter(reader)
  reader.readSequence()
  const attributes: string[] = []
  while (reader.offset < end) attributes.push(reader.readString()!.toLowerCase())
  let paging: { size: number; cookie: Buffer } | null = null
  if (reader.peek() === 0xa0) {
    reader.readSequence()
    const last = reader.offset + reader.length
    while (reader.offset < last) {
      reader.readSequence()
      const stop = reader.offset + reader.length
      const type = reader.readString()
      if (reader.peek() === 1) reader.readBoolean()
      if (type === PAGED) {
        const value = new BerReader(reader.readString(4, true)!)
        value.readSequence()
        paging = { size: value.readInt()!, cookie: value.readString(4, true)! }
      }
      reader.offset = stop
    }
  }
  return { search: { base, scope, filter, attributes }, paging }
}

type Filter =
  | { all: Filter[] }
  | { some: Filter[] }
  | { not: Filter }
  | { has: string }
  | { name: string; is: Buffer }
  | { name: string; bits: number }

function readFilter(reader: BerReader): Filter {
  const tag = reader.peek()!
  if (tag === 0x87) return { has: reader.readString(0x87)! }
  reader.readSequence()
  const end = reader.offset + reader.length
  const several = () => {
    const filters: Filter[] = []
    while (reader.offset < end) filters.push(readFilter(reader))
    return filters
  }
  if (tag === 0xa0) return { all: several() }
  if (tag === 0xa1) return { some: several() }
  if (tag === 0xa2) return { not: readFilter(reader) }
  if (tag === 0xa3) return { name: reader.readString()!, is: reader.readString(4, true)! }
  if (tag === 0xa9) {
    const rule = reader.peek() === 0x81 ? reader.readString(0x81) : ''
    const name = reader.readString(0x82)!
    const bits = Number(reader.readString(0x83))
    reader.offset = end
    if (rule === BIT_AND) return { name, bits }
  }
  throw new Error(`the responder has no filter of the kind 0x${tag.toString(16)}`)
}

function inScope(dn: string, { base, scope }: Search): boolean {
  const entry = canonicalDn(dn)
  if (scope === 'base') return dnKey(entry) === dnKey(canonicalDn(base))
  return scope === 'one' ? dnKey(parentDn(entry)) === dnKey(canonicalDn(base)) : isWithin(dn, base)
}

const valuesOf = (entry: ResponderEntry, name: string): (string | Buffer)[] => {
  const found = Object.entries(entry.attributes).find(([given]) => given.toLowerCase() === name.toLowerCase())
  return found ? ([found[1]].flat() as (string | Buffer)[]) : []
}
const same = (a: string | Buffer, b: Buffer) =>
  Buffer.isBuffer(a) ? a.equals(b) : a.toLowerCase() === b.toString().toLowerCase()

function matches(entry: ResponderEntry, filter: Filter): boolean {
  if ('all' in filter) return filter.all.every(one => matches(entry, one))
  if ('some' in filter) return filter.some.some(one => matches(entry, one))
  if ('not' in filter) return !matches(entry, filter.not)
  if ('has' in filter) return /^objectclass$/i.test(filter.has) || valuesOf(entry, filter.has).length > 0
  const values = valuesOf(entry, filter.name)
  if ('is' in filter) return values.some(value => same(value, filter.is))
  return values.some(value => (Number(value) & filter.bits) === filter.bits)
}

const RANGE = /^(.+);range=(\d+)-(\d+|\*)$/i

/** The attributes asked for, as Active Directory gives them: too many values come as a part, beside an empty whole. */
function attributesOf(entry: ResponderEntry, asked: readonly string[], most = Number.POSITIVE_INFINITY) {
  const all = asked.length === 0 || asked.includes('*')
  const names = all ? [...Object.keys(entry.attributes), ...asked.filter(name => name !== '*')] : asked
  const given: [string, (string | Buffer)[]][] = []
  for (const name of new Set(names.map(one => one.toLowerCase()))) {
    const [, base = name, low = '0', high = '*'] = RANGE.exec(name) ?? []
    const values = valuesOf(entry, base)
    if (values.length === 0) continue
    const from = Number(low)
    if (from >= values.length) continue
    const to = Math.min(high === '*' ? values.length : Number(high) + 1, from + most)
    if (name === base && to >= values.length) given.push([base, values])
    else {
      if (name === base) given.push([base, []])
      given.push([`${base};range=${from}-${to >= values.length ? '*' : to - 1}`, values.slice(from, to)])
    }
  }
  return given
}

function entryMessage(id: number, entry: ResponderEntry, asked: readonly string[], most?: number): Buffer {
  const writer = new BerWriter()
  writer.startSequence()
  writer.writeInt(id)
  writer.startSequence(0x64)
  writer.writeString(entry.dn)
  writer.startSequence()
  for (const [name, values] of attributesOf(entry, asked, most)) {
    writer.startSequence()
    writer.writeString(name)
    writer.startSequence(0x31)
    for (const value of values) writer.writeBuffer(Buffer.from(value), 4)
    writer.endSequence()
    writer.endSequence()
  }
  writer.endSequence()
  writer.endSequence()
  writer.endSequence()
  return writer.buffer
}

function referenceMessage(id: number, uri: string): Buffer {
  const writer = new BerWriter()
  writer.startSequence()
  writer.writeInt(id)
  writer.startSequence(0x73)
  writer.writeString(uri)
  writer.endSequence()
  writer.endSequence()
  return writer.buffer
}

type Ending = { code: number; message: string; referral?: string[] | undefined; cookie?: string | undefined }
function result(id: number, tag: number, { code, message, referral, cookie }: Ending): Buffer {
  const writer = new BerWriter()
  writer.startSequence()
  writer.writeInt(id)
  writer.startSequence(tag)
  writer.writeEnumeration(code)
  writer.writeString('')
  writer.writeString(message)
  if (referral) {
    writer.startSequence(0xa3)
    for (const uri of referral) writer.writeString(uri)
    writer.endSequence()
  }
  writer.endSequence()
  if (cookie !== undefined) {
    const value = new BerWriter()
    value.startSequence()
    value.writeInt(0)
    value.writeString(cookie)
    value.endSequence()
    writer.startSequence(0xa0)
    writer.startSequence()
    writer.writeString(PAGED)
    writer.writeBuffer(value.buffer, 4)
    writer.endSequence()
    writer.endSequence()
  }
  writer.endSequence()
  return writer.buffer
}
