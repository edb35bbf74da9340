import { randomBytes } from 'node:crypto'
import {
  type Connector,
  type ConnectorContext,
  ConnectorFailure,
  type ConnectorSession,
  type OrderToCarryOut,
} from '../../orders/connector.ts'
import { type LdapClient, openDirectory } from '../../platform/ldap-client.ts'
import { readEntry } from '../../platform/ldap-search.ts'
import { testConnection } from '../../platform/ldap-test.ts'
import { adPassword, type LdapWrite, writeEntry, writeTroubleOf } from '../../platform/ldap-write.ts'
import { isProblem } from '../../platform/problem.ts'
import { checkHost, type Reach } from '../reach.ts'
import {
  type LdapWriteSettings,
  ldapWriteConfig,
  ldapWriteMistakes,
  ldapWriteSettings,
  ldapWrites,
  nameAttribute,
} from './ldap-settings.ts'
import { type LdapRequest, type LdapTarget, planLdap } from './plan-ldap.ts'
import { isMember, readTarget } from './read-target.ts'

/** Write-back to a directory: Active Directory, or one of inetOrgPersons. */
export function ldapConnector(reach: Reach): Connector {
  return {
    kind: 'ldap',
    mode: 'each',
    settings: ldapWriteSettings,
    actions: ['create', 'enable', 'disable', 'rename', 'move', 'set', 'grant', 'revoke', 'delete'],
    check: given => ldapWriteMistakes(given as LdapWriteSettings),
    writes: given => ldapWrites(given as LdapWriteSettings),
    test: (given, ctx) => testLdap(given as LdapWriteSettings, ctx, reach),
    async open(given, ctx) {
      const settings = given as LdapWriteSettings
      for (const url of settings.urls) await checkHost(url, reach)
      const config = ldapWriteConfig(settings, ctx, reach)
      return session(settings, () => asFailure(() => openDirectory(config)))
    },
  }
}

async function session(settings: LdapWriteSettings, connect: () => Promise<LdapClient>): Promise<ConnectorSession> {
  let client = await connect()
  // A line that was cut is taken up again by the next order; nothing is ever sent over one that is not signed in.
  const line = async () => {
    if (!client.isBound || !client.isConnected) client = await connect()
    return client
  }
  const read = async (order: OrderToCarryOut) => asFailure(async () => readTarget(await line(), order, settings))
  return {
    read,
    plan: (order, now) => planLdap(order, now as LdapTarget | null, settings),
    async apply(order, steps) {
      for (const step of steps) await send(await line(), step.change as LdapRequest)
      const now = order.action === 'create' ? await read(order) : null
      return { externalId: now && !now.untouchable ? now.externalId : null }
    },
    async verify(order) {
      const now = await read(order)
      if (order.action === 'create') return now && !now.untouchable ? 'as-wanted' : 'differs'
      if (order.action === 'delete') return now ? 'differs' : 'as-wanted'
      return planLdap(order, now, settings).length === 0 ? 'as-wanted' : 'differs'
    },
    close: async () => {
      await client.unbind()
    },
  }
}

/** What is there already, or not there any more, is done. Whatever else the server says is the order's, or the line's. */
async function send(client: LdapClient, { password, ...write }: LdapRequest): Promise<void> {
  try {
    await writeEntry(
      client,
      write.op === 'add' && password
        ? { ...write, attributes: { ...write.attributes, unicodePwd: [adPassword(newPassword())] } }
        : write,
    )
  } catch (error) {
    const { why, words } = writeTroubleOf(error)
    if (write.op === 'delete' && why === 'gone') return
    // That somebody is a member already, or is none, each server says with a number of its own: the group itself knows.
    if (why !== 'lost' && why !== 'never-sent' && (await isMemberAsWanted(client, write))) return
    if (why === 'lost') throw new ConnectorFailure('lost', words)
    // Moved or changed by somebody since it was read: read again.
    const changed = why === 'gone' || (write.op === 'modify' && (why === 'absent' || why === 'exists'))
    if (why === 'busy' || why === 'never-sent' || changed) throw new ConnectorFailure('retry', words)
    throw new ConnectorFailure('refused', words)
  }
}

async function isMemberAsWanted(client: LdapClient, write: LdapWrite): Promise<boolean> {
  if (write.op !== 'modify') return false
  const [change] = write.changes
  if (change?.attribute !== 'member' || typeof change.values[0] !== 'string') return false
  return (await asFailure(() => isMember(client, write.dn, change.values[0] as string))) === (change.how === 'add')
}

/** Nobody knows it: the first sign-in goes by whatever the municipality uses to set passwords. */
const newPassword = () => `${randomBytes(24).toString('base64url')}aA1!`

/** Reading changes nothing, so whatever stops it can be tried again; what never ends well needs a person. */
async function asFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isProblem(error)) throw error
    const hopeless = error.problem === 'source-invalid' && error.info.params?.heals === false
    throw new ConnectorFailure(hopeless ? 'refused' : 'retry', error.message)
  }
}

async function testLdap(settings: LdapWriteSettings, ctx: ConnectorContext, reach: Reach) {
  try {
    for (const url of settings.urls) await checkHost(url, reach)
    const config = ldapWriteConfig(settings, ctx, reach)
    const person = settings.flavour === 'ad' ? '(objectClass=user)' : '(objectClass=person)'
    const searches = [{ base: settings.base, filter: person, attributes: [nameAttribute(settings)] }]
    const steps = (await testConnection(config, searches)).map(({ ok, detail, said }) => ({
      ok,
      say: detail,
      ...(said ? { said } : {}),
    }))
    if (steps.some(step => !step.ok)) return { ok: false, steps }
    const client = await openDirectory(config)
    try {
      for (const place of new Set([...settings.scope, ...settings.groupScope, ...Object.values(settings.units)])) {
        const entry = await readEntry(client, place, ['objectClass', 'allowedChildClassesEffective'])
        const classes = entry?.attributes.get('allowedchildclasseseffective')
        // Only Active Directory says what one may do ([MS-ADTS] 3.1.1.4.5.21), and only about who asks.
        const may = !classes || !settings.scope.includes(place) || classes.includes('user')
        const words = entry
          ? may
            ? 'is there'
            : 'is there, but the account may create no users in it'
          : 'is not there'
        steps.push({ ok: entry !== null && may, say: `${place} ${words}` })
      }
    } finally {
      await client.unbind().catch(() => {})
    }
    return { ok: steps.every(step => step.ok), steps }
  } catch (error) {
    return { ok: false, steps: [{ ok: false, say: (error as Error).message }] }
  }
}
