import {
  Ber,
  type BerReader,
  BerWriter,
  type Client,
  Control,
  FilterParser,
  type SearchEntry,
  SearchRequest,
  type SearchResponse,
} from 'ldapts'
import { say } from '#contract/said.ts'
import { problem } from './problem.ts'

/** See everything that the signed-in account may see, and nothing else: no replication right is needed. */
const OBJECT_SECURITY = 1
/** Entries above come before those below them. */
const ANCESTORS_FIRST = 0x800
const ANSWER_BYTES = 1 << 20

/**
 * The DirSync control of Active Directory ([MS-ADTS] 3.1.1.3.4.1.3): asked with the cookie of the last time, the server
 * gives what has changed since, tombstones included. A library class because ldapts parses an answer into the very
 * control that was sent, found by its type.
 */
export class DirSyncControl extends Control {
  static readonly type = '1.2.840.113556.1.4.841'
  cookie: Buffer
  more = false

  constructor(cookie: Buffer) {
    super(DirSyncControl.type, { critical: true })
    this.cookie = cookie
  }

  override writeControl(writer: BerWriter): void {
    const value = new BerWriter()
    value.startSequence()
    value.writeInt(OBJECT_SECURITY | ANCESTORS_FIRST)
    value.writeInt(ANSWER_BYTES)
    if (this.cookie.length > 0) value.writeBuffer(this.cookie, Ber.OctetString)
    else value.writeString('')
    value.endSequence()
    writer.writeBuffer(value.buffer, Ber.OctetString)
  }

  override parseControl(reader: BerReader): void {
    if (!reader.readSequence()) return
    this.more = (reader.readInt() ?? 0) !== 0
    reader.readInt()
    this.cookie = reader.readString(Ber.OctetString, true) ?? Buffer.alloc(0)
  }
}

/** Entries that have been deleted are shown too ([MS-ADTS] 3.1.1.3.4.1.14), as far as the account may see them. */
export class ShowDeletedControl extends Control {
  constructor() {
    super('1.2.840.113556.1.4.417', { critical: true })
  }
}

/** One changed object: its GUID, and the attributes among those asked for that have changed. Names in lower case. */
export type DirSyncEntry = { dn: string; guid: Buffer; changed: Map<string, string[]> }
export type DirSyncAnswer = { entries: DirSyncEntry[]; cookie: Buffer }
type Sender = {
  _nextMessageId(): number
  _send(request: SearchRequest): Promise<SearchResponse>
}

/**
 * Everything below a naming context that has changed since the cookie was given; with an empty cookie, everything.
 * Answers null when the server refuses (it knows no DirSync, the cookie is not its own, or the account may not): what
 * that means is the caller's to say. Throws `source-incomplete` when the line breaks.
 */
export async function dirSync(
  client: Client,
  ask: { base: string; cookie: Buffer; filter: string; attributes: readonly string[] },
): Promise<DirSyncAnswer | null> {
  const sender = client as unknown as Sender
  const filter = FilterParser.parseString(ask.filter)
  const entries = new Map<string, DirSyncEntry>()
  let cookie = ask.cookie
  for (;;) {
    const control = new DirSyncControl(cookie)
    let response: SearchResponse
    try {
      response = await sender._send(
        new SearchRequest({
          messageId: sender._nextMessageId(),
          baseDN: ask.base,
          scope: 'sub',
          filter,
          attributes: [...ask.attributes],
          timeLimit: 0,
          controls: [control],
        }),
      )
    } catch (cause) {
      throw problem('source-incomplete', {
        detail: `The directory stopped while it was asked for changes (${(cause as Error).message}). Nothing was changed; the next run asks again.`,
        said: say('changes-stopped', {}),
        cause,
      })
    }
    if (response.status !== 0 || control.cookie.length === 0) return null
    for (const found of response.searchEntries) {
      const entry = toEntry(found)
      if (!entry) continue
      const id = entry.guid.toString('hex')
      // Changed once more while the answers came in: what was told of it before still counts.
      const before = entries.get(id)?.changed ?? []
      entries.set(id, { ...entry, changed: new Map([...before, ...entry.changed]) })
    }
    if (!control.more) return { entries: [...entries.values()], cookie: control.cookie }
    // The same cookie again would be the same answer for ever.
    if (control.cookie.equals(cookie)) return null
    cookie = control.cookie
  }
}

function toEntry(entry: SearchEntry): DirSyncEntry | null {
  const changed = new Map<string, string[]>()
  let guid: Buffer | undefined
  for (const { type, values, parsedBuffers } of entry.attributes) {
    const name = type.toLowerCase().split(';')[0]!
    if (name === 'objectguid') guid = parsedBuffers[0]
    else changed.set(name, values.map(String))
  }
  return guid ? { dn: entry.name, guid, changed } : null
}
