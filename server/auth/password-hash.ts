import { hash, verify } from '@node-rs/argon2'

/** Argon2id with OWASP's first choice of parameters (19 MiB, two passes, one lane); the library's algorithm default is argon2id. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string) => hash(password.normalize('NFKC'), COST)

let nobody: Promise<string> | null = null

/** With `null` (no such user, or no password set) it takes as long as with a hash, and says no. */
export async function passwordFits(password: string, stored: string | null): Promise<boolean> {
  nobody ??= hashPassword('a password that nobody has')
  const fits = await verify(stored ?? (await nobody), password.normalize('NFKC'))
  return stored !== null && fits
}
