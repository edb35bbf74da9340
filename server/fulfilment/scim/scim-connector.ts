import { z } from 'zod'
import { say } from '#contract/said.ts'
import {
  type Connector,
  type ConnectorContext,
  ConnectorFailure,
  type ConnectorSession,
  type OrderToCarryOut,
  type Writes,
} from '../../orders/connector.ts'
import { unknownPlaces } from '../../orders/patterns.ts'
import { fitsOne } from '../patterns.ts'
import { checkHost, type Reach } from '../reach.ts'
import { plainMistakes, seconds, secretRef, webAddress } from '../settings.ts'
import { planScim, type ScimRequest, type ScimTarget } from './plan-scim.ts'
import { quote, type ScimClient, scimClient } from './scim-client.ts'
import { FIELDS, type Field, type ScimUser } from './scim-user.ts'

const DEFAULT: Partial<Record<Field, string>> = {
  givenName: '{givenName}',
  familyName: '{familyName}',
  displayName: '{displayName}',
  title: '{title}',
  email: '{email}',
}
export const scimSettings = z.strictObject({
  url: webAddress,
  token: secretRef,
  allowPlain: z.boolean().default(false),
  /** What we are the authority for; anything else in a user stays as it is. */
  attributes: z
    .partialRecord(z.enum(Object.keys(FIELDS) as [Field, ...Field[]]), z.string().min(1).max(200))
    .default(DEFAULT),
  /** How the names or DNs of the groups that carry a right are found there. */
  groupsBy: z.enum(['displayName', 'externalId', 'id']).default('displayName'),
  /** User names that are never touched, with `*`. */
  protectedUsers: z.array(z.string().min(1).max(100)).default([]),
  onDelete: z.enum(['delete', 'deactivate']).default('deactivate'),
  timeoutSeconds: seconds,
})
type Settings = z.output<typeof scimSettings>

const user = z.looseObject({ id: z.string().min(1), userName: z.string() })
const group = z.looseObject({
  id: z.string().min(1),
  members: z.array(z.looseObject({ value: z.string() })).default([]),
})

export function scimConnector(reach: Reach): Connector {
  return {
    kind: 'scim',
    mode: 'each',
    settings: scimSettings,
    actions: ['create', 'enable', 'disable', 'rename', 'move', 'set', 'grant', 'revoke', 'delete'],
    check(given) {
      const settings = given as Settings
      const places = Object.values(settings.attributes).flatMap(pattern => unknownPlaces(pattern ?? ''))
      return [...plainMistakes(settings), ...places.map(name => `attributes: there is no place {${name}}`)]
    },
    writes: given => {
      const { employeeNumber, ...others } = (given as Settings).attributes
      const attributes = { ...others, ...(employeeNumber ? { employeeNo: employeeNumber } : {}) }
      return { attributes: attributes as Writes['attributes'], places: null }
    },
    async test(given, ctx) {
      const settings = given as Settings
      const steps: { say: string; ok: boolean }[] = []
      try {
        const client = await clientOf(settings, ctx, reach)
        const { patch, filter, known } = await client.abilities()
        steps.push({
          say: `ServiceProviderConfig: ${known ? 'read' : 'not given; PATCH is taken to be there'}`,
          ok: true,
        })
        steps.push({ say: patch ? 'PATCH is supported' : UNPATCHED, ok: patch })
        steps.push({ say: filter ? 'Filters are supported' : UNFILTERED, ok: filter })
        await client.find('/Users', `userName eq ${quote('hjemmel-test-nobody')}`)
        steps.push({ say: 'Users can be looked up', ok: true })
      } catch (error) {
        steps.push({ say: (error as Error).message, ok: false })
      }
      return { ok: steps.every(step => step.ok), steps }
    },
    open: async (given, ctx) => session(given as Settings, await clientOf(given as Settings, ctx, reach)),
  }
}

const UNPATCHED =
  'The server has no PATCH. A whole user put back would undo what others have changed meanwhile, so nothing is changed there.'
const UNFILTERED = 'The server has no filters, so users cannot be found by their name'

async function clientOf(settings: Settings, ctx: ConnectorContext, reach: Reach): Promise<ScimClient> {
  await checkHost(settings.url, reach)
  const token = ctx.secretOf(settings.token)
  return scimClient({ url: settings.url, token, seconds: settings.timeoutSeconds, signal: ctx.signal })
}

function session(settings: Settings, client: ScimClient): ConnectorSession {
  const read = async (order: OrderToCarryOut): Promise<ScimTarget | null> => {
    const found = await findUser(client, order)
    return found && targetOf(client, settings, order, found)
  }
  const plan: ConnectorSession['plan'] = (order, now) => planScim(order, now as ScimTarget | null, settings)
  return {
    read,
    plan,
    async apply(order, steps) {
      let externalId: string | null = null
      for (const step of steps) externalId = (await carryOut(client, order, step.change as ScimRequest)) ?? externalId
      return { externalId }
    },
    async verify(order) {
      const now = await read(order)
      if (order.action === 'create') return now && !now.untouchable ? 'as-wanted' : 'differs'
      if (order.action === 'delete' && settings.onDelete === 'delete') return now ? 'differs' : 'as-wanted'
      return plan(order, now).length === 0 ? 'as-wanted' : 'differs'
    },
    close: async () => {},
  }
}

/** By the id that the server gave; else by the name, and then whose it is is looked at. */
async function findUser(client: ScimClient, order: OrderToCarryOut): Promise<ScimUser | null> {
  const { externalId, username } = order.account
  if (externalId !== null) {
    const found = user.safeParse(await client.get(`/Users/${encodeURIComponent(externalId)}`))
    if (found.success) return found.data as ScimUser
  }
  if (username === '') throw new ConnectorFailure('refused', 'Nobody knows which user it is: there is no user name')
  if (!(await client.abilities()).filter) throw new ConnectorFailure('refused', UNFILTERED)
  const all = await client.find('/Users', `userName eq ${quote(username)}`)
  const named = z
    .array(user)
    .parse(all)
    // User names are the same in capital and small letters (RFC 7643, 4.1.1). A server that ignores filters answers others.
    .filter(one => one.userName.toLowerCase() === username.toLowerCase())
  if (named.length > 1) throw new ConnectorFailure('refused', 'Several users have this user name')
  return (named[0] as ScimUser | undefined) ?? null
}

async function targetOf(
  client: ScimClient,
  settings: Settings,
  order: OrderToCarryOut,
  found: ScimUser,
): Promise<ScimTarget> {
  const groups: Record<string, { id: string; member: boolean } | null> = {}
  const carriers = order.action === 'grant' || order.action === 'revoke' ? (order.right?.carriers ?? []) : []
  for (const carrier of carriers) {
    const one = await findGroup(client, settings, carrier)
    groups[carrier] = one && { id: one.id, member: one.members.some(member => member.value === found.id) }
  }
  const shielded = fitsOne(found.userName, settings.protectedUsers)
  const untouchable = shielded
    ? say('account-protected', {})
    : isOurs(order, found)
      ? null
      : say('account-of-another', {})
  return {
    externalId: found.id,
    username: found.userName,
    enabled: found.active !== false,
    attributes: {},
    carriers: carriers.filter(carrier => groups[carrier]?.member),
    untouchable,
    user: found,
    groups,
  }
}

/**
 * Ours is what bears the person's id, or what is linked to the person by its own id. A name alone is enough only for an
 * account that is known to be the person's, and that nobody else has marked as theirs; never for one to be created.
 */
function isOurs(order: OrderToCarryOut, found: ScimUser): boolean {
  if (found.externalId === order.person.id || found.id === order.account.externalId) return true
  return !found.externalId && order.action !== 'create'
}

async function findGroup(client: ScimClient, { groupsBy }: Settings, carrier: string) {
  if (groupsBy === 'id') {
    const one = await client.get(`/Groups/${encodeURIComponent(carrier)}`)
    return one === null ? null : group.parse(one)
  }
  const found = z.array(group).parse(await client.find('/Groups', `${groupsBy} eq ${quote(carrier)}`))
  if (found.length > 1) throw new ConnectorFailure('refused', `Several groups are called ${carrier}`)
  // Members may be left out of lists (RFC 7643, 7: `returned`), and never are of the group itself.
  return found[0] ? group.parse((await client.get(`/Groups/${encodeURIComponent(found[0].id)}`)) ?? found[0]) : null
}

async function carryOut(client: ScimClient, order: OrderToCarryOut, request: ScimRequest): Promise<string | null> {
  if (request.method === 'PATCH' && !(await client.abilities()).patch) throw new ConnectorFailure('refused', UNPATCHED)
  const { status, body } = await client.send(request)
  if (request.method === 'DELETE' && status === 404) return null
  if (status === 404) throw new ConnectorFailure('retry', 'It is no longer there: read again')
  if (status !== 409) return user.safeParse(body).data?.id ?? null
  if (request.method !== 'POST') throw new ConnectorFailure('refused', 'The server says that this name is taken')
  // Taken meanwhile, perhaps by an answer of ours that never came.
  const there = await findUser(client, order)
  if (there && isOurs(order, there)) return there.id
  throw new ConnectorFailure('refused', 'Somebody else has this user name, or this e-mail address, there')
}
