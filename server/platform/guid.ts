/**
 * A GUID as Windows writes it ([MS-DTYP] 2.3.4): the first three groups are little-endian in the sixteen bytes.
 */
export function guidText(value: Buffer): string {
  if (value.length !== 16) return value.toString('hex')
  const hex = (bytes: Buffer) => bytes.toString('hex')
  const turned = (from: number, to: number) => hex(Buffer.from(value.subarray(from, to)).reverse())
  return `${turned(0, 4)}-${turned(4, 6)}-${turned(6, 8)}-${hex(value.subarray(8, 10))}-${hex(value.subarray(10))}`
}

/** The sixteen bytes of a GUID in text: what a directory compares with. */
export function guidBytes(text: string): Buffer {
  const parts = text.split('-').map(part => Buffer.from(part, 'hex'))
  return Buffer.concat(parts.map((bytes, place) => (place < 3 ? bytes.reverse() : bytes)))
}
