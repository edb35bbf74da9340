import { Ber, type BerReader, BerWriter, Control } from 'ldapts'

/** See everything that the signed-in account may see, and nothing else: no replication right is needed. */
const OBJECT_SECURITY = 1
/** Entries above come before those below them. */
const ANCESTORS_FIRST = 0x800

/**
 * The DirSync control of Active Directory ([MS-ADTS] 3.1.1.3.4.1.3): asked with the cookie of the last time, the server
 * gives what has changed since, tombstones included. A library class because ldapts parses an answer into the very
 * control that was sent, found by its type.
 */
export class DirSyncControl extends Control {
  static readonly type = '1.2.840.113556.1.4.841'
  cookie: Buffer
  more = false
  private readonly maxBytes: number

  constructor(cookie: Buffer, maxBytes = 1 << 20) {
    super(DirSyncControl.type, { critical: true })
    this.cookie = cookie
    this.maxBytes = maxBytes
  }

  override writeControl(writer: BerWriter): void {
    const value = new BerWriter()
    value.startSequence()
    value.writeInt(OBJECT_SECURITY | ANCESTORS_FIRST)
    value.writeInt(this.maxBytes)
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
