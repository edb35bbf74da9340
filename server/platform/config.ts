import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { problem } from './problem.ts'

const port = z.coerce.number().int().min(0).max(65535)
const flag = z.enum(['0', '1']).transform(text => text === '1')

/**
 * Every setting, with what it means: the table in the README is made from here, and an unknown HJEMMEL_ variable
 * is an error, so a misspelt one cannot be ignored in silence.
 */
export const SETTINGS = {
  HOST: { schema: z.string().min(1).default('127.0.0.1'), text: 'Address to listen on; loopback by default' },
  PORT: { schema: port.default(3000), text: 'Port to listen on' },
  DATABASE_URL: {
    schema: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    text: 'PostgreSQL 16 or later. Without it an embedded PostgreSQL 18 is started in the data folder',
  },
  HJEMMEL_DATA_DIR: {
    schema: z.string().min(1).optional(),
    text: 'Folder for the embedded database, the encryption key and the demonstration files',
  },
  HJEMMEL_DEMO: {
    schema: flag.optional(),
    text: '0 starts empty. Without DATABASE_URL the default is 1: the demonstration municipality is made on first start',
  },
  HJEMMEL_SOURCES: { schema: z.string().min(1).optional(), text: 'YAML file that declares the sources to read' },
  HJEMMEL_DROPS_DIR: {
    schema: z.string().min(1).optional(),
    text: 'Folder below which sources that are declared on the screen read files (CSV, LDIF). Default: `drops` in the data folder',
  },
  HJEMMEL_SECRETS_DIR: {
    schema: z.string().min(1).optional(),
    text: 'Folder with the secret files and certificates that sources of the screen may refer to; without it they refer to variables named `HJEMMEL_SECRET_…` only',
  },
  HJEMMEL_SOURCE_HOSTS: {
    schema: z
      .string()
      .default('')
      .transform(text =>
        text
          .split(',')
          .map(part => part.trim().toLowerCase())
          .filter(Boolean),
      ),
    text: 'Hosts that sources of the screen and connectors may connect to: names, `*.domain` and addresses, comma-separated. Without it any but this machine itself',
  },
  HJEMMEL_EXPORTS_DIR: {
    schema: z.string().min(1).optional(),
    text: 'Folder below which connectors write their exports. Default: `exports` in the data folder',
  },
  HJEMMEL_KEY_FILE: {
    schema: z.string().min(1).optional(),
    text: 'File with the encryption keys, one `id:base64` a line, newest first. Default: `encryption-key` in the data folder, made on first start',
  },
  HJEMMEL_PUBLIC_URL: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    text: 'Address that people use; with https the session cookie is Secure and `__Host-`',
  },
  HJEMMEL_MUNICIPALITY: { schema: z.string().min(1).max(80).optional(), text: 'Name shown in the top bar' },
  HJEMMEL_TRUST_PROXY: {
    schema: z.coerce.number().int().min(0).max(5).default(0),
    text: 'How many reverse proxies stand in front (for addresses in rate limits and logs)',
  },
  HJEMMEL_OWN_NETWORK: {
    schema: z
      .string()
      .default('')
      .transform(text =>
        text
          .split(',')
          .map(part => part.trim())
          .filter(Boolean),
      ),
    text: "The municipality's own networks (CIDR, comma-separated) where `/me` needs no second factor",
  },
  HJEMMEL_SIGN_IN_SOURCE: {
    schema: z.string().min(1).optional(),
    text: 'Key of the LDAP source that people sign in with; without it only local users can sign in',
  },
  HJEMMEL_BREACHED_PASSWORDS_URL: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    text: 'Range service that new passwords of local users are compared with, `https://api.pwnedpasswords.com` or a mirror of your own; five characters of a hash go out. None is asked by default',
  },
  HJEMMEL_SMTP_URL: {
    schema: z.url({ protocol: /^smtps?$/ }).optional(),
    text: 'Mail server that weekly digests of saved views are sent through: `smtps://user:password@host` or `smtp://host:587`. Always encrypted (STARTTLS), but for this machine itself. Without it digests are shown on the page only',
  },
  HJEMMEL_MAIL_FROM: {
    schema: z.email().optional(),
    text: 'Address that mails come from; needed with `HJEMMEL_SMTP_URL`',
  },
  HJEMMEL_METRICS_TOKEN: {
    schema: z.string().min(16).optional(),
    text: 'Token (`Authorization: Bearer ...`) that `/metrics` asks for; without it only this machine may read them',
  },
  HJEMMEL_LOG_LEVEL: {
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    text: 'How much is logged',
  },
  HJEMMEL_REQUESTS_PER_MINUTE: {
    schema: z.coerce.number().int().min(60).max(1_000_000).default(1200),
    text: 'How many requests a signed-in user, or an address where nobody is signed in, may make in a minute',
  },
  HJEMMEL_POOL_SIZE: {
    schema: z.coerce.number().int().min(3).max(100).default(10),
    text: 'Database connections of one process',
  },
} as const

type Settings = { [Name in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[Name]['schema']> }
export type Config = Settings & {
  /** For secrets by reference in source declarations: `{ env: NAME }`. */
  readonly secretFromEnvironment: (name: string) => string | undefined
  /** Names that sources declared on the screen may refer to; only which there are, never what they hold. */
  readonly secretNames: readonly string[]
}

/** Read and check all settings; throws `config-invalid` with every error at once. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const errors: { where: string; what: string }[] = []
  const values: Record<string, unknown> = {}
  for (const [name, { schema }] of Object.entries(SETTINGS)) {
    const given = environment[name]
    const result = schema.safeParse(given === '' ? undefined : given)
    if (result.success) values[name] = result.data
    else errors.push({ where: name, what: result.error.issues.map(issue => issue.message).join('; ') })
  }
  if (values.HJEMMEL_SMTP_URL !== undefined && values.HJEMMEL_MAIL_FROM === undefined)
    errors.push({
      where: 'HJEMMEL_MAIL_FROM',
      what: 'Set the address that mails come from, or leave HJEMMEL_SMTP_URL out.',
    })
  const secretNames = new Set(referencedSecrets(values.HJEMMEL_SOURCES))
  for (const name of Object.keys(environment))
    if (
      name.startsWith('HJEMMEL_') &&
      !(name in SETTINGS) &&
      !secretNames.has(name) &&
      !name.startsWith('HJEMMEL_SECRET_')
    )
      errors.push({ where: name, what: 'There is no such setting; see the list in the README.' })
  if (errors.length > 0)
    throw problem('config-invalid', {
      detail: `The settings are not valid: ${errors.map(error => `${error.where}: ${error.what}`).join(' | ')}`,
      errors,
    })
  return Object.freeze({
    ...(values as Settings),
    secretFromEnvironment: (name: string) => environment[name],
    secretNames: Object.keys(environment).filter(name => name.startsWith('HJEMMEL_SECRET_') && environment[name]),
  })
}

/** Names of variables that the sources file refers to as `env: NAME`, so they count as known settings. */
function referencedSecrets(file: unknown): string[] {
  if (typeof file !== 'string') return []
  try {
    return [...readFileSync(resolve(file), 'utf8').matchAll(/\benv:\s*['"]?([A-Z][A-Z0-9_]*)/g)].map(match => match[1]!)
  } catch {
    return []
  }
}
