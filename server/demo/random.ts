/** A seeded source of chance. Each concern takes its own stream, so that a change in one leaves the bytes of the others. */
export type Random = {
  /** 0 <= x < 1 */
  next: () => number
  /** An integer from `low` to `high`, both included. */
  between: (low: number, high: number) => number
  chance: (probability: number) => boolean
  pick: <T>(from: readonly T[]) => T
  bytes: (count: number) => Uint8Array
  /** `count` different elements, in the order of the list. */
  sample: <T>(from: readonly T[], count: number) => T[]
}

/** FNV-1a over the text: spreads nearby seeds apart. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}

/** sfc32 (Doty-Humphrey): small, fast and the same on every machine, which `Math.random` is not. */
export function random(seed: string, stream: string): Random {
  let a = hash(`${seed}/${stream}/a`)
  let b = hash(`${seed}/${stream}/b`)
  let c = hash(`${seed}/${stream}/c`)
  let counter = 1
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return (sum >>> 0) / 0x1_0000_0000
  }
  for (let i = 0; i < 12; i++) next()
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between,
    chance: probability => next() < probability,
    pick: <T>(from: readonly T[]) => from[Math.floor(next() * from.length)] as T,
    bytes: count => Uint8Array.from({ length: count }, () => between(0, 255)),
    sample: <T>(from: readonly T[], count: number) => {
      const places = from.map((_, i) => i)
      const wanted = Math.min(count, from.length)
      for (let i = 0; i < wanted; i++) {
        const other = between(i, places.length - 1)
        const here = places[i] as number
        places[i] = places[other] as number
        places[other] = here
      }
      return places
        .slice(0, wanted)
        .sort((x, y) => x - y)
        .map(i => from[i] as T)
    },
  }
}

/** The same number for the same words, to deal rights out evenly without a stream of chance. */
export function spread(text: string, over: number): number {
  let value = 7
  for (let i = 0; i < text.length; i++) value = (Math.imul(value, 31) + text.charCodeAt(i)) >>> 0
  return ((value ^ (value >>> 13)) >>> 0) % over
}
