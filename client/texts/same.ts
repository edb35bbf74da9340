/** A language with the same keys as Danish: a missing or a surplus key does not compile. */
export type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> }
