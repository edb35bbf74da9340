import { lookup } from 'node:dns/promises'
import { readdirSync, realpathSync } from 'node:fs'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { dirname, join, resolve, sep } from 'node:path'
import { say } from '#contract/said.ts'
import { problem } from '../../platform/problem.ts'
import { addressesOf, hostAllowed, pathsOf } from './decide-screen-source.ts'
import type { SourceDeclaration } from './source.ts'

/** What the settings let sources of the screen reach; null: nothing of the kind. */
export type ScreenLimits = {
  /** Files that are read (CSV, LDIF) and folders watched for them stand below it. */
  dropsDir: string | null
  /** Secrets and certificates stand below it. */
  secretsDir: string | null
  /** Hosts by name, `*.domain` or address; empty: all but this machine. */
  hosts: readonly string[]
  /** Files that are never given, wherever they stand: the encryption key. */
  never: readonly string[]
}

/** Where relative paths of a source of the screen start. A folder that is not set is none that anything stands in. */
export function folderOf(kind: string, limits: ScreenLimits): string {
  return (kind === 'ldap' ? limits.secretsDir : limits.dropsDir) ?? join(sep, 'nonexistent')
}

/**
 * Look at what a source of the screen reaches just before it is used: where its paths really lead (a symbolic link in a
 * drop folder may point anywhere) and which addresses its hosts have now. Throws `source-invalid` that says what to set.
 */
export async function checkReach(source: SourceDeclaration, limits: ScreenLimits): Promise<void> {
  if (source.owner !== 'screen') return
  const root = source.kind === 'ldap' ? limits.secretsDir : limits.dropsDir
  for (const { path, text } of pathsOf(source.settings)) checkPath(text, path.join('.'), source.kind, root, limits)
  for (const { host } of addressesOf(source.settings)) {
    const resolved = isIP(host)
      ? [host]
      : await lookup(host, { all: true }).then(
          found => found.map(one => one.address),
          // A name that is not known is the reader's to report, step by step.
          () => [],
        )
    if (!hostAllowed(host, resolved, { allowed: limits.hosts, own: ownAddresses() }))
      throw problem('source-invalid', {
        detail: `Sources that are declared on the screen may not connect to ${host}. Name the host in HJEMMEL_SOURCE_HOSTS, or declare the source in the sources file.`,
        said: say('host-not-allowed', { host }),
        params: { host },
      })
  }
}

/** The same of a secret in a file that settings of the screen name. */
export const checkSecretFile = (file: string, limits: ScreenLimits): void =>
  checkPath(file, 'secret', 'ldap', limits.secretsDir, limits)

const ownAddresses = () =>
  Object.values(networkInterfaces()).flatMap(all => (all ?? []).map(one => one.address.toLowerCase()))

function checkPath(text: string, where: string, kind: string, root: string | null, limits: ScreenLimits): void {
  const setting = kind === 'ldap' ? 'HJEMMEL_SECRETS_DIR' : 'HJEMMEL_DROPS_DIR'
  if (root === null)
    throw problem('source-invalid', {
      detail: `${where} names a file, but no folder is set for the files of sources that are declared on the screen. Set ${setting}.`,
      said: say('no-folder-set', { setting }),
      params: { setting },
    })
  const real = whereItLeads(resolve(root, text))
  const home = whereItLeads(root)
  const outside = real !== home && !real.startsWith(home + sep)
  if (outside || limits.never.some(one => whereItLeads(one) === real))
    throw problem('source-invalid', {
      detail: `${where} leads out of the folder that is set in ${setting}. Put the file itself there; links that lead elsewhere are not followed.`,
      said: say('leads-outside', { setting }),
      params: { setting },
    })
}

/** The real path; of what is not there yet, that of the nearest folder that is. */
function whereItLeads(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(whereItLeads(above), path.slice(above.length + (above.endsWith(sep) ? 0 : 1)))
  }
}

const MOST_FILES = 200

/** Files and folders below a folder that a form offers, two levels deep, as paths to write; links are left out. */
export function filesBelow(root: string, limits: ScreenLimits): string[] {
  const never = new Set(limits.never.map(whereItLeads))
  const found: string[] = []
  const walk = (folder: string, depth: number) => {
    for (const entry of entriesOf(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      const wanted = (entry.isFile() || entry.isDirectory()) && !entry.name.startsWith('.')
      if (!wanted || found.length >= MOST_FILES || never.has(whereItLeads(join(root, path)))) continue
      found.push(path)
      if (entry.isDirectory() && depth < 2) walk(path, depth + 1)
    }
  }
  walk('', 1)
  return found.sort()
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
