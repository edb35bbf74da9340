import { z } from 'zod'
import { SECRET_PREFIX } from '../feeds/sources/decide-screen-source.ts'

/** A path below a folder that the settings of the machine name. */
export const pathBelow = z
  .string()
  .min(1)
  .max(200)
  .regex(/^(?![/\\]|[a-zA-Z]:)(?!.*(?:^|[/\\])\.\.(?:[/\\]|$))[^\0]+$/, 'must be a path below its folder, without ".."')

/** A secret by reference; what it holds is never written here, nor shown anywhere. */
export const secretRef = z.union(
  [
    z.strictObject({
      env: z
        .string()
        .regex(new RegExp(`^${SECRET_PREFIX}[A-Z0-9_]{1,60}$`), `must be a name that begins with ${SECRET_PREFIX}`),
    }),
    z.strictObject({ file: pathBelow }),
  ],
  { error: `must be { "env": "${SECRET_PREFIX}…" } or { "file": "…" }; a secret is never written here itself` },
)

export const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be https://…' })
  .refine(text => !new URL(text).username && !new URL(text).password, 'must hold no name and no password')
  .refine(text => !new URL(text).search && !new URL(text).hash, 'must end before any ? or #')

export const seconds = z.number().int().min(1).max(25).default(15)

/** A secret that is sent in clear can be read on its way: only where somebody has said so. */
export function plainMistakes({ url, allowPlain }: { url: string; allowPlain: boolean }): string[] {
  return url.startsWith('http:') && !allowPlain ? ['url: the secret would be sent in clear; use https://'] : []
}
