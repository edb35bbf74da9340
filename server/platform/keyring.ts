import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { problem } from './problem.ts'

/**
 * Encryption and keyed hashing for CPR numbers and second-factor secrets. Several keys may be known: the first
 * is used to write, all to read, so a key can be rotated while the data are in use.
 */
export type Keyring = {
  /** Id of the key that new values are written with. */
  readonly current: string
  readonly ids: readonly string[]
  /** AES-256-GCM; `context` is bound as associated data, so a value cannot be moved to another row or purpose. */
  encrypt(plain: string, context: string): string
  decrypt(sealed: string, context: string): string
  /** Which key a sealed value was written with. */
  keyOf(sealed: string): string
  /** HMAC-SHA-256 under a key derived for `purpose`, with the given (default: current) key. */
  hash(value: string, purpose: string, keyId?: string): Buffer
}

/** Keys as `id:base64` of 32 bytes, newest first. */
export function createKeyring(keys: { id: string; secret: Buffer }[]): Keyring {
  const first = keys[0]
  if (!first) throw problem('config-invalid', { detail: 'No encryption key is configured.' })
  for (const key of keys)
    if (key.secret.length !== 32)
      throw problem('config-invalid', { detail: `Encryption key "${key.id}" must be 32 bytes, base64.` })
  const derived = new Map<string, KeyObject>()
  const derive = (id: string, purpose: string): KeyObject => {
    const cacheKey = `${id}\n${purpose}`
    const known = derived.get(cacheKey)
    if (known) return known
    const key = keys.find(candidate => candidate.id === id)
    if (!key)
      throw problem('key-missing', {
        detail: `The data were written with encryption key "${id}", which is not configured. Add it to the key file.`,
      })
    // As a key object: a buffer would be made into one again at every use, which took most of the time.
    const made = createSecretKey(Buffer.from(hkdfSync('sha256', key.secret, Buffer.alloc(0), `hjemmel:${purpose}`, 32)))
    derived.set(cacheKey, made)
    return made
  }
  return {
    current: first.id,
    ids: keys.map(key => key.id),
    encrypt(plain, context) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', derive(first.id, 'encrypt'), iv)
      cipher.setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return `${first.id}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`
    },
    decrypt(sealed, context) {
      const dot = sealed.indexOf('.')
      const raw = Buffer.from(sealed.slice(dot + 1), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', derive(sealed.slice(0, dot), 'encrypt'), raw.subarray(0, 12))
      decipher.setAAD(Buffer.from(context))
      decipher.setAuthTag(raw.subarray(12, 28))
      return Buffer.concat([decipher.update(raw.subarray(28)), decipher.final()]).toString('utf8')
    },
    keyOf: sealed => sealed.slice(0, sealed.indexOf('.')),
    hash: (value, purpose, keyId = first.id) =>
      createHmac('sha256', derive(keyId, `hash:${purpose}`))
        .update(value)
        .digest(),
  }
}
