import { randomBytes } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { removeFolder, runTool, temporaryFolder } from './server-process.ts'

export type Domain = { folder: string; adminPassword: string }

/**
 * A provisioned domain to copy from. Provisioning takes some seconds, so it is done once per Samba version and realm
 * and kept in the temporary folder; copies start in well under a second. Several test runs may make it at once: each
 * works in its own folder and the first rename wins.
 */
export function provisionedDomain(realm: string): Domain {
  const version = runTool('/usr/sbin/samba', ['--version'])
    .trim()
    .replace(/[^\w.]+/g, '-')
  const uid = process.getuid?.() ?? 0
  const name = `hjemmel-domain-${version}-${realm.toLowerCase()}-${uid}-v1`
  const kept = join(tmpdir(), name)
  if (!existsSync(kept)) provision(realm, kept)
  // The temporary folder is shared: what another user put there under this name is not used.
  if (lstatSync(kept).uid !== uid) throw new Error(`${kept} belongs to another user; remove it`)
  return { folder: kept, adminPassword: readFileSync(join(kept, 'admin-password'), 'utf8') }
}

function provision(realm: string, kept: string): void {
  const work = temporaryFolder('provision')
  const adminPassword = `Aa1-${randomBytes(12).toString('hex')}`
  const domain = join(work, 'domain')
  mkdirSync(domain)
  const asked = {
    realm,
    domain: netbiosName(realm),
    'server-role': 'dc',
    // No name server: clients get the address of the domain controller.
    'dns-backend': 'NONE',
    'host-name': 'dc1',
    'host-ip': '127.0.0.1',
    adminpass: adminPassword,
    targetdir: domain,
  }
  const args = Object.entries(asked).map(([key, value]) => `--${key}=${value}`)
  try {
    runTool('/usr/bin/samba-tool', ['domain', 'provision', ...args, '--option=bind interfaces only=yes'], {
      asRoot: true,
    })
    writeFileSync(join(work, 'policy.ldif'), passwordPolicy(realm))
    const database = join(domain, 'private/sam.ldb')
    const config = `--configfile=${join(domain, 'etc/smb.conf')}`
    runTool('/usr/bin/ldbmodify', [config, '-H', database, join(work, 'policy.ldif')], { asRoot: true })
    writeFileSync(join(domain, 'admin-password'), adminPassword, { mode: 0o600 })
    try {
      renameSync(domain, kept)
    } catch (error) {
      // Another run has just put its own there.
      if (!existsSync(kept)) throw error
    }
  } finally {
    removeFolder(work)
  }
}

/** Passwords of tests are short and must outlive the 42 days after which a kept domain's would expire. */
function passwordPolicy(realm: string): string {
  const values = { pwdProperties: '0', minPwdLength: '1', minPwdAge: '0', maxPwdAge: '-9223372036854775808' }
  const changes = Object.entries(values).map(([name, value]) => `replace: ${name}\n${name}: ${value}\n-\n`)
  return `dn: ${domainDn(realm)}\nchangetype: modify\n${changes.join('')}\n`
}

/** KOMMUNE.TEST → DC=kommune,DC=test */
export function domainDn(realm: string): string {
  return realm
    .toLowerCase()
    .split('.')
    .map(part => `DC=${part}`)
    .join(',')
}

export function netbiosName(realm: string): string {
  return (realm.split('.')[0] ?? '').toUpperCase().slice(0, 15)
}

/** Settings for one copy in `folder` on `address`: nothing but the directory service, nothing outside the folder. */
export function sambaSettings(
  folder: string,
  realm: string,
  address: string,
  tls: { cert: string; key: string; ca: string },
): string {
  const settings = {
    'netbios name': 'DC1',
    realm,
    workgroup: netbiosName(realm),
    'server role': 'active directory domain controller',
    'server services': 'ldap',
    interfaces: `${address}/8`,
    'bind interfaces only': 'yes',
    'disable netbios': 'yes',
    'tls enabled': 'yes',
    'tls certfile': tls.cert,
    'tls keyfile': tls.key,
    'tls cafile': tls.ca,
    'private dir': `${folder}/private`,
    'state directory': `${folder}/state`,
    'cache directory': `${folder}/cache`,
    'binddns dir': `${folder}/bind-dns`,
    'lock directory': `${folder}/run`,
    'pid directory': `${folder}/run`,
    'ncalrpc dir': `${folder}/run/ncalrpc`,
    'ntp signd socket directory': `${folder}/run/ntp`,
    'winbindd socket directory': `${folder}/run/winbindd`,
    'log file': `${folder}/samba.log`,
    'dns update command': '/bin/true',
    'panic action': '/bin/true',
  }
  return `[global]\n${Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('')}`
}
