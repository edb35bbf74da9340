import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuthority } from './certificates.ts'
import { freePort, isListening } from './free-port.ts'
import {
  isRoot,
  removeFolder,
  runTool,
  SERVER_ENVIRONMENT,
  type ServerProcess,
  startServerProcess,
  temporaryFolder,
} from './server-process.ts'
import { combineForSlapadd } from './slapd-ldif.ts'

export type SlapdOptions = {
  baseDn: string
  /** LDIF files loaded with slapadd before the start: parents before children, memberOf is filled in from `member`. */
  ldifs?: readonly string[]
  /** Which certificate the server shows; `none` = no TLS at all. Default `good`. */
  tls?: 'good' | 'expired' | 'wrong-host' | 'none'
  /** Entries an unpaged search may return to the service account, default unlimited. Paged reads stay allowed. */
  sizeLimit?: number
  /** Entries a paged read may return in all before the server answers sizeLimitExceeded; `disabled` = no paging. */
  pagedLimit?: number | 'disabled'
  /** Lines for slapd.conf in place of the access rules, which let every user that has signed in read everything. */
  access?: readonly string[]
  /** Lines for slapd.conf, added to the settings of the database. */
  extraConfig?: readonly string[]
}

export type Slapd = {
  /** ldap:// on 127.0.0.1; StartTLS works on it unless `tls` is `none`. */
  url: string
  ldapsUrl: string
  /** A service account that may read everything and change nothing; it is no entry below the base DN. */
  bindDn: string
  password: string
  /** May write; bound by no limits. Only for what a test does to the directory. */
  adminDn: string
  adminPassword: string
  baseDn: string
  caFile: string
  pid: number
  /** Adds entries from LDIF text. */
  add(ldif: string): void
  /** Runs LDIF text with `changetype:` lines (modify, delete, modrdn, add). */
  modify(ldif: string): void
  /** Ends the server and keeps its data; `start` brings it back on the same port. */
  pause(): Promise<void>
  resume(): Promise<void>
  stop(): Promise<void>
}

const SCHEMAS = ['core', 'cosine', 'inetorgperson', 'nis']

/** A real OpenLDAP in a temporary folder, on free loopback ports, as an unprivileged user. Ready when it returns. */
export async function startSlapd(options: SlapdOptions): Promise<Slapd> {
  const folder = temporaryFolder('slapd')
  try {
    return await start(options, folder)
  } catch (error) {
    removeFolder(folder)
    throw error
  }
}

async function start(options: SlapdOptions, folder: string): Promise<Slapd> {
  const { baseDn, tls = 'good' } = options
  const adminDn = `cn=admin,${baseDn}`
  const bindDn = 'cn=reader,cn=service'
  const [adminPassword, password] = [secret(), secret()]
  const authority = createAuthority(join(folder, 'ca'))
  const hosts = tls === 'wrong-host' ? ['directory.somewhere-else.test'] : ['localhost', '127.0.0.1']
  const certificate = authority.issue('slapd', hosts, tls === 'expired' ? 'expired' : 'current')

  mkdirSync(join(folder, 'data'))
  const config = join(folder, 'slapd.conf')
  const tlsLines =
    tls === 'none'
      ? []
      : [
          `TLSCACertificateFile ${authority.caFile}`,
          `TLSCertificateFile ${certificate.certFile}`,
          `TLSCertificateKeyFile ${certificate.keyFile}`,
        ]
  writeFileSync(
    config,
    [
      ...SCHEMAS.map(name => `include /etc/ldap/schema/${name}.schema`),
      'modulepath /usr/lib/ldap',
      ...['back_mdb', 'back_null', 'memberof', 'refint'].map(name => `moduleload ${name}`),
      `pidfile ${folder}/slapd.pid`,
      ...tlsLines,
      // The service account is the root of an empty database: it needs no entry and has no rights in the real one
      // beyond those given to it.
      'database null',
      'suffix "cn=service"',
      `rootdn "${bindDn}"`,
      `rootpw ${password}`,
      'database mdb',
      `suffix "${baseDn}"`,
      `rootdn "${adminDn}"`,
      `rootpw ${adminPassword}`,
      `directory ${folder}/data`,
      'maxsize 4294967296',
      // Data of a test need not survive a power cut.
      'dbnosync',
      ...indexes(),
      limits(bindDn, options),
      ...(options.access ?? [
        `access to attrs=userPassword by anonymous auth by * none`,
        `access to * by dn.exact="${bindDn}" read by users read by * none`,
      ]),
      ...(options.extraConfig ?? []),
      'overlay memberof',
      'memberof-group-oc groupOfNames',
      'memberof-member-ad member',
      'memberof-memberof-ad memberOf',
      'overlay refint',
      'refint_attributes member memberOf manager owner',
      `refint_nothing "${adminDn}"`,
      '',
    ].join('\n'),
  )
  const load = join(folder, 'load.ldif')
  await combineForSlapadd(options.ldifs ?? [], baseDn, load)

  const user = unprivilegedUser()
  if (user) runTool('/bin/chown', ['-R', `${user.uid}:${user.gid}`, folder])
  chmodSync(folder, 0o700)
  const asUser = user
    ? ['/usr/bin/setpriv', '--reuid', `${user.uid}`, '--regid', `${user.gid}`, '--clear-groups']
    : ['/usr/bin/env']
  runTool(asUser[0]!, [...asUser.slice(1), '/usr/sbin/slapadd', '-q', '-f', config, '-b', baseDn, '-l', load])

  let port = 0
  let tlsPort = 0
  let server: ServerProcess | undefined
  const launch = async () => {
    const listeners = [`ldap://127.0.0.1:${port}/`, ...(tls === 'none' ? [] : [`ldaps://127.0.0.1:${tlsPort}/`])]
    server = await startServerProcess({
      name: 'slapd',
      command: '/usr/sbin/slapd',
      args: ['-d', '0', '-f', config, '-h', listeners.join(' ')],
      runAs: user,
      maxFiles: 1024,
      // One listener answers a moment before the other: both must, or who asks the second is refused.
      ready: async () =>
        (await isListening('127.0.0.1', port)) && (tls === 'none' || isListening('127.0.0.1', tlsPort)),
    })
  }
  for (let attempt = 1; ; attempt++) {
    ;[port, tlsPort] = [await freePort(), await freePort()]
    try {
      await launch()
      break
    } catch (error) {
      // Somebody else may have taken the port in between.
      if (attempt === 3) throw error
    }
  }
  const url = `ldap://127.0.0.1:${port}`
  const edit = (ldif: string, args: string[]) => {
    runTool('/usr/bin/ldapmodify', ['-x', '-H', url, '-D', adminDn, '-w', adminPassword, ...args], { input: ldif })
  }
  return {
    url,
    ldapsUrl: `ldaps://127.0.0.1:${tlsPort}`,
    bindDn,
    password,
    adminDn,
    adminPassword,
    baseDn,
    caFile: authority.caFile,
    get pid() {
      return server!.pid
    },
    add: ldif => edit(ldif, ['-a']),
    modify: ldif => edit(ldif, []),
    pause: async () => server?.stop(),
    resume: launch,
    stop: async () => {
      await server?.stop()
      removeFolder(folder)
    },
  }
}

function indexes(): string[] {
  const attributes = ['objectClass', 'entryUUID', 'entryCSN', 'modifyTimestamp', 'uid', 'mail', 'member', 'memberOf']
  return [`index ${attributes.join(',')} eq`]
}

function limits(bindDn: string, { sizeLimit, pagedLimit }: SlapdOptions): string {
  const size = sizeLimit ?? 'unlimited'
  const parts = [`size.soft=${size}`, `size.hard=${size}`, 'size.pr=unlimited']
  return `limits dn.exact="${bindDn}" ${[...parts, `size.prtotal=${pagedLimit ?? 'unlimited'}`].join(' ')} time=unlimited`
}

function secret(): string {
  return randomBytes(12).toString('hex')
}

/** Debian's own account for slapd, or nobody; only root can change to another user. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (!isRoot) return undefined
  const name = existsSync('/var/lib/ldap') ? 'openldap' : 'nobody'
  const id = (flag: string) => Number(execFileSync('/usr/bin/id', [flag, name], { env: SERVER_ENVIRONMENT }).toString())
  return { uid: id('-u'), gid: id('-g') }
}
