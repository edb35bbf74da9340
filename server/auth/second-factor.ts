import { randomBytes } from 'node:crypto'
import { generateSecret, generateURI, verifySync } from 'otplib'
import { create } from 'qrcode'

/** RFC 6238 with the parameters that every code app knows: SHA-1, 6 digits, 30 seconds. */
export const newTotpSecret = () => generateSecret({ length: 20 })

export function totpUri(secret: string, username: string, municipality: string): string {
  return generateURI({ issuer: `Hjemmel ${municipality}`.trim(), label: username, secret })
}

/**
 * The time step in which the code is right, or null. One step to either side is allowed for clocks that differ.
 * Steps up to `lastStep` are refused: a code that somebody looked at over a shoulder is used up.
 */
export function totpStep(secret: string, code: string, lastStep: number | null, now: Date): number | null {
  const epoch = Math.floor(now.getTime() / 1000)
  const after = lastStep === null ? {} : { afterTimeStep: lastStep }
  // A step far ahead of this clock would make otplib throw: it is no answer to the code that was typed.
  if (lastStep !== null && lastStep > Math.floor(epoch / 30) + 1) return null
  const result = verifySync({ secret, token: code, epoch, epochTolerance: 30, ...after })
  return result.valid && 'timeStep' in result ? result.timeStep : null
}

/** One SVG path of the QR code's dark modules, with the quiet zone of four modules that scanners need. */
export function qrPath(text: string): { size: number; path: string } {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const parts: string[] = []
  for (let row = 0; row < modules.size; row++)
    for (let column = 0; column < modules.size; column++)
      if (modules.get(row, column)) parts.push(`M${column + 4} ${row + 4}h1v1h-1z`)
  return { size: modules.size + 8, path: parts.join('') }
}

/** Without I, L, O and U: nothing to mistake when it is read from paper (Crockford). */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Ten codes of 60 random bits each, as `XXXX-XXXX-XXXX`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: 10 }, () =>
    Array.from(randomBytes(12), byte => LETTERS[byte & 31])
      .join('')
      .replaceAll(/(.{4})(?=.)/g, '$1-'),
  )
}

/** What somebody typed, as it was printed: case, spaces and dashes do not matter, nor O for 0 and I or L for 1. */
export function normalRecoveryCode(typed: string): string {
  return typed
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
    .replaceAll(/(.{4})(?=.)/g, '$1-')
}
