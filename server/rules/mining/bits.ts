/** Sets of small numbers as bits, 32 a word: millions of "is contained in" a second is what mining lives on. */
export type Bits = Uint32Array<ArrayBuffer>

export const noBits = (size: number): Bits => new Uint32Array((size + 31) >>> 5)
export const hasBit = (set: Bits, at: number): boolean => (((set[at >>> 5] as number) >>> (at & 31)) & 1) === 1
export function addBit(set: Bits, at: number): void {
  set[at >>> 5] = (set[at >>> 5] as number) | (1 << (at & 31))
}
export function removeBit(set: Bits, at: number): void {
  set[at >>> 5] = (set[at >>> 5] as number) & ~(1 << (at & 31))
}

export function isSubset(small: Bits, large: Bits): boolean {
  for (let i = 0; i < small.length; i++) if (((small[i] as number) & ~(large[i] as number)) !== 0) return false
  return true
}
export function overlaps(one: Bits, other: Bits): boolean {
  for (let i = 0; i < one.length; i++) if (((one[i] as number) & (other[i] as number)) !== 0) return true
  return false
}
export function isEmpty(set: Bits): boolean {
  for (let i = 0; i < set.length; i++) if (set[i] !== 0) return false
  return true
}

export function bothOf(one: Bits, other: Bits): Bits {
  const result = one.slice()
  keepOnly(result, other)
  return result
}
export function eitherOf(one: Bits, other: Bits): Bits {
  const result = one.slice()
  addAll(result, other)
  return result
}
export function without(one: Bits, other: Bits): Bits {
  const result = one.slice()
  removeAll(result, other)
  return result
}
export function addAll(set: Bits, more: Bits): void {
  for (let i = 0; i < set.length; i++) set[i] = (set[i] as number) | (more[i] as number)
}
export function removeAll(set: Bits, less: Bits): void {
  for (let i = 0; i < set.length; i++) set[i] = (set[i] as number) & ~(less[i] as number)
}
export function keepOnly(set: Bits, kept: Bits): void {
  for (let i = 0; i < set.length; i++) set[i] = (set[i] as number) & (kept[i] as number)
}

export function countBits(set: Bits): number {
  let count = 0
  for (let i = 0; i < set.length; i++) count += ones(set[i] as number)
  return count
}
export function countBoth(one: Bits, other: Bits): number {
  let count = 0
  for (let i = 0; i < one.length; i++) count += ones((one[i] as number) & (other[i] as number))
  return count
}

/** The numbers in the set, rising. */
export function bitsOf(set: Bits): number[] {
  const found: number[] = []
  for (let i = 0; i < set.length; i++)
    for (let word = set[i] as number; word !== 0; word &= word - 1) found.push(i * 32 + 31 - Math.clz32(word & -word))
  return found
}

/** How many bits of a word are set (the usual parallel sum). */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return (((fours + (fours >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
