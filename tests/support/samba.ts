import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Attribute, Client } from 'ldapts'
import { createAuthority } from './certificates.ts'
import { freeLoopbackAddress, isListening } from './free-port.ts'
import { domainDn, provisionedDomain, sambaSettings } from './samba-domain.ts'
import { removeFolder, runTool, type ServerProcess, startServerProcess, temporaryFolder } from './server-process.ts'

export type SambaUser = {
  /** sAMAccountName and, with @realm, the user principal name. */
  username: string
  givenName?: string
  surname?: string
  /** Without one the account exists but cannot sign in (and is added ten times faster: no keys are derived). */
  password?: string
  disabled?: boolean
  /** DN of the folder, default CN=Users. */
  parentDn?: string
  /** Common name, default the full name or the username. */
  cn?: string
  /** Any further attributes, for example { title: 'Leder', manager: dn }. */
  attributes?: Record<string, string | string[]>
}

export type SambaOptions = {
  /** For example KOMMUNE.TEST, which is the default. */
  realm?: string
  /**
   * LDIF files loaded offline before the start, parents before children. `member` makes memberOf by itself. Samba needs
   * more time per user the more there are: measured 4 s for 2,000 and 45 s for 6,000. For many entries use slapd.
   */
  ldifs?: readonly string[]
  users?: readonly SambaUser[]
}

export type Samba = {
  /** ldaps:// on a loopback address of its own. */
  url: string
  /** ldap:// on the same: StartTLS works, a simple bind without TLS is refused as in a hardened AD. */
  plainUrl: string
  host: string
  realm: string
  domainDn: string
  adminDn: string
  /** Administrator@realm */
  adminUpn: string
  password: string
  caFile: string
  pid: number
  /** A client bound as administrator. End it with unbind(). */
  connect(): Promise<Client>
  /** Adds users over ldaps; returns their DNs. */
  addUsers(users: readonly SambaUser[]): Promise<string[]>
  /** Adds a security group; returns its DN. Members are DNs of users or groups. */
  addGroup(name: string, members?: readonly string[], parentDn?: string): Promise<string>
  addUnit(name: string, parentDn?: string): Promise<string>
  /** Ends the server and keeps its data; `resume` brings it back on the same address. */
  pause(): Promise<void>
  resume(): Promise<void>
  stop(): Promise<void>
}

/** userAccountControl: normal account, disabled, may be without a password ([MS-ADTS] 2.2.16). */
const NORMAL = 0x200
const DISABLED = 0x2
const NO_PASSWORD = 0x20
/** groupType: global security group ([MS-ADTS] 2.2.12). */
const GLOBAL_SECURITY_GROUP = -2147483646

/**
 * A real Samba Active Directory domain controller, only its directory service, on a loopback address of its own because
 * its ports are fixed. Needs root or sudo. It ends by itself when its standard input closes, so also when we are killed.
 */
export async function startSamba(options: SambaOptions = {}): Promise<Samba> {
  const folder = temporaryFolder('samba')
  try {
    return await start(options, folder)
  } catch (error) {
    removeFolder(folder)
    throw error
  }
}

async function start(options: SambaOptions, folder: string): Promise<Samba> {
  const realm = (options.realm ?? 'KOMMUNE.TEST').toUpperCase()
  const base = domainDn(realm)
  const template = provisionedDomain(realm)
  runTool('/bin/cp', ['-a', '--sparse=always', `${template.folder}/private`, `${template.folder}/state`, folder], {
    asRoot: true,
  })
  for (const name of ['run', 'cache', 'bind-dns']) mkdirSync(join(folder, name))

  const host = await freeLoopbackAddress(636)
  const authority = createAuthority(join(folder, 'ca'))
  const certificate = authority.issue('dc1', [`dc1.${realm.toLowerCase()}`, host])
  const config = join(folder, 'smb.conf')
  const tls = { cert: certificate.certFile, key: certificate.keyFile, ca: authority.caFile }
  writeFileSync(config, sambaSettings(folder, realm, host, tls))
  // Samba takes no key that another user than its own owns.
  runTool('/bin/chown', ['0:0', certificate.keyFile], { asRoot: true })

  for (const ldif of options.ldifs ?? []) {
    const database = join(folder, 'private/sam.ldb')
    runTool('/usr/bin/ldbadd', ['--nosync', `--configfile=${config}`, '-H', database, ldif], { asRoot: true })
  }

  let server: ServerProcess | undefined
  const launch = async () => {
    server = await startServerProcess({
      name: 'samba',
      command: '/usr/sbin/samba',
      args: ['--interactive', '--model=single', '--debug-stdout', `--configfile=${config}`],
      asRoot: true,
      endsWithInput: true,
      ready: async () => (await isListening(host, 636)) && (await isListening(host, 389)),
    })
  }
  await launch()

  const url = `ldaps://${host}`
  const adminUpn = `Administrator@${realm.toLowerCase()}`
  const connect = async () => {
    const client = new Client({ url, tlsOptions: { ca: [readFileSync(authority.caFile)] } })
    await client.bind(adminUpn, template.adminPassword)
    return client
  }
  const add = async (entries: readonly Entry[]) => {
    const client = await connect()
    try {
      for (const { dn, attributes } of entries) {
        await client.add(
          dn,
          Object.entries(attributes).map(
            ([type, value]) => new Attribute({ type, values: [value].flat() as string[] }),
          ),
        )
      }
    } finally {
      await client.unbind()
    }
    return entries.map(entry => entry.dn)
  }
  const addOne = async (dn: string, attributes: Entry['attributes']) => {
    await add([{ dn, attributes }])
    return dn
  }
  const samba: Samba = {
    url,
    plainUrl: `ldap://${host}`,
    host,
    realm,
    domainDn: base,
    adminDn: `CN=Administrator,CN=Users,${base}`,
    adminUpn,
    password: template.adminPassword,
    caFile: authority.caFile,
    get pid() {
      return server!.pid
    },
    connect,
    addUsers: users => add(users.map(user => userEntry(user, realm, base))),
    addGroup: (name, members = [], parentDn = `CN=Users,${base}`) =>
      addOne(`CN=${escapeRdn(name)},${parentDn}`, {
        objectClass: 'group',
        sAMAccountName: name,
        groupType: `${GLOBAL_SECURITY_GROUP}`,
        ...(members.length > 0 ? { member: [...members] } : {}),
      }),
    addUnit: (name, parentDn = base) =>
      addOne(`OU=${escapeRdn(name)},${parentDn}`, { objectClass: 'organizationalUnit' }),
    pause: async () => server?.stop(),
    resume: launch,
    stop: async () => {
      await server?.stop()
      removeFolder(folder)
    },
  }
  if (options.users?.length) {
    try {
      await samba.addUsers(options.users)
    } catch (error) {
      await samba.stop()
      throw error
    }
  }
  return samba
}

type Entry = { dn: string; attributes: Record<string, string | string[] | Buffer> }

function userEntry(user: SambaUser, realm: string, base: string): Entry {
  const fullName = [user.givenName, user.surname].filter(Boolean).join(' ')
  const cn = user.cn ?? (fullName || user.username)
  const control = NORMAL | (user.disabled ? DISABLED : 0) | (user.password === undefined ? NO_PASSWORD : 0)
  const attributes: Entry['attributes'] = {
    objectClass: 'user',
    sAMAccountName: user.username,
    userPrincipalName: `${user.username}@${realm.toLowerCase()}`,
    userAccountControl: `${control}`,
    ...(user.givenName ? { givenName: user.givenName } : {}),
    ...(user.surname ? { sn: user.surname } : {}),
    ...(fullName ? { displayName: fullName } : {}),
    ...user.attributes,
  }
  // [MS-ADTS] 3.1.1.3.1.5: the password in quotes, as UTF-16.
  if (user.password !== undefined) attributes.unicodePwd = Buffer.from(`"${user.password}"`, 'utf16le')
  return { dn: `CN=${escapeRdn(cn)},${user.parentDn ?? `CN=Users,${base}`}`, attributes }
}

/** RFC 4514: what has a meaning in a DN is escaped. */
function escapeRdn(value: string): string {
  return value
    .replace(/[\\,+"<>;=]/g, found => `\\${found}`)
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')
}
