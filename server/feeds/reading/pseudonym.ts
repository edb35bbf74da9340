import { createHmac } from 'node:crypto'

/**
 * Keys for what has no key but a person's number. Under a secret, since all numbers there are can be tried out against a
 * plain hash within seconds. 132 bits of it, in letters that keys may have.
 */
export const pseudonymsUnder =
  (secret: Buffer) =>
  (text: string): string =>
    createHmac('sha256', secret).update(text).digest('base64url').slice(0, 22)
