import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { hostAllowed } from '../feeds/sources/decide-screen-source.ts'
import { ConnectorFailure } from '../orders/connector.ts'
import type { Mailer } from '../platform/mail.ts'

/** What connectors may reach and use. They are set up on a screen, by people who need not run this machine. */
export type Reach = {
  /** Names, `*.domain` and addresses; empty: any but this machine. The same as for sources of the screen. */
  hosts: readonly string[]
  /** Certificates stand below it, as secrets do; null: there is no such folder. */
  secretsDir: string | null
  /** Exports are written below it. */
  exportsDir: string
  mailer: Mailer | null
  /** Where links in mails lead. */
  publicUrl: string
}

/**
 * Looks where the host leads just before it is used: nobody may have a secret of this machine sent somewhere that whoever
 * runs it has not allowed. Throws `refused`, so that it is not tried over and over.
 */
export async function checkHost(url: string, reach: Reach): Promise<void> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const resolved = isIP(host)
    ? [host]
    : await lookup(host, { all: true }).then(
        found => found.map(one => one.address),
        () => [],
      )
  if (!hostAllowed(host, resolved, { allowed: reach.hosts, own: ownAddresses() }))
    throw new ConnectorFailure('refused', `Connectors may not connect to ${host}. Name it in HJEMMEL_SOURCE_HOSTS.`)
}

const ownAddresses = () =>
  Object.values(networkInterfaces()).flatMap(all => (all ?? []).map(one => one.address.toLowerCase()))
