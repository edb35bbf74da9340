import type { AuditActor, AuditWrite } from '../audit/audit-entry.ts'
import type { Clock } from '../platform/clock.ts'
import { problem } from '../platform/problem.ts'
import type { FactorStore } from './factor-store.ts'
import type { LinkStore } from './link-store.ts'
import type { LocalRole, LocalRoleStore } from './local-role-store.ts'
import { type LinkPurpose, linkExpiry, linkHash, linkUrl, newLinkToken } from './one-time-link.ts'
import { checkPassword, SHORTEST } from './password-policy.ts'
import type { SessionStore } from './session-store.ts'
import type { UserStore } from './user-store.ts'

export type LocalUserStores = {
  users: UserStore
  links: LinkStore
  roles: LocalRoleStore
  factors: FactorStore
  sessions: SessionStore
  audit(entry: AuditWrite): Promise<unknown>
}
export type LocalUserParts = {
  transaction<T>(work: (stores: LocalUserStores) => Promise<T>): Promise<T>
  clock: Clock
  publicUrl: string
  hashPassword(password: string): Promise<string>
  /** Is it known from a breach? */
  breached(password: string): Promise<boolean>
  /** Words that somebody would try here: the municipality's name. */
  municipality: string
}
export type Grant = { role: LocalRole; from?: string; to: string; reason: string; units?: readonly string[] }
export type MadeLink = { url: string; expiresAt: string }

export type LocalUserService = ReturnType<typeof localUserService>

/** How long the first administrator's role lasts: long enough to let the rules take over. */
export const FIRST_ADMINISTRATOR_DAYS = 90
const LONGEST_DAYS = 731

/** Named outsiders, the first administrator and emergency access: local users with dated, audited local roles. */
export function localUserService(parts: LocalUserParts) {
  const { transaction, clock } = parts

  /** Throws `password-weak`. Asked outside of any transaction: the breach list is on the network. */
  async function strongEnough(password: string, user: { username: string; displayName: string | null }): Promise<void> {
    checkPassword(password, user.username, user.displayName ?? '', parts.municipality)
    if (await parts.breached(password))
      throw problem('password-weak', {
        detail: 'This password is known from a breach elsewhere. Choose another.',
        params: { shortest: SHORTEST },
      })
  }

  async function makeLink({ links }: LocalUserStores, userId: string, purpose: LinkPurpose): Promise<MadeLink> {
    const token = newLinkToken()
    const expiresAt = linkExpiry(clock.now())
    await links.create(userId, purpose, linkHash(token), expiresAt)
    return { url: linkUrl(parts.publicUrl, token), expiresAt: expiresAt.toISOString() }
  }

  async function giveRole(stores: LocalUserStores, actor: AuditActor, userId: string, grant: Grant): Promise<string> {
    const from = grant.from ?? clock.today()
    if (from < clock.today())
      throw problem('data-invalid', {
        detail: 'A role cannot begin in the past.',
        errors: [{ where: 'from', what: from }],
      })
    if (grant.to <= from)
      throw problem('data-invalid', {
        detail: 'The role has to end after it begins.',
        errors: [{ where: 'to', what: grant.to }],
      })
    if (daysBetween(from, grant.to) > LONGEST_DAYS)
      throw problem('data-invalid', {
        detail: 'A local role lasts two years at most; renew it then.',
        errors: [{ where: 'to', what: grant.to }],
      })
    const units = [...new Set(grant.units ?? [])]
    if ((grant.role === 'reporter') !== units.length > 0)
      throw problem('data-invalid', {
        detail:
          grant.role === 'reporter'
            ? 'Name the units that reports are prepared for.'
            : 'Only somebody who prepares reports does so for named units.',
        errors: [{ where: 'units', what: String(units.length) }],
      })
    if (units.length > 0 && (await stores.roles.unitsAmong(units)).length !== units.length)
      throw problem('data-invalid', {
        detail: 'One of these is no unit of the organisation as it is today.',
        errors: [{ where: 'units', what: 'unknown' }],
      })
    if (actor.kind === 'user' && actor.userId === userId)
      throw problem('second-person-needed', { detail: 'Nobody gives a role to themselves.' })
    const id = await stores.roles.grant({ userId, ...grant, from, grantedBy: actor.userId })
    if (!id) throw problem('conflict', { detail: 'The user has this role already in that time.' })
    await stores.audit({
      actor,
      action: 'local-role.granted',
      subjectKind: 'user',
      subjectId: userId,
      after: { role: grant.role, from, to: grant.to, ...(units.length > 0 ? { units } : {}) },
      detail: { reason: grant.reason },
    })
    return id
  }

  const known = async ({ users }: LocalUserStores, userId: string) => {
    const user = await users.byId(userId)
    if (!user) throw problem('not-found')
    return user
  }

  /** Somebody has to be left who can let others in. */
  const keepAnAdministrator = async (stores: LocalUserStores, without: { userId?: string; roleId?: string }) => {
    const today = clock.today()
    if ((await stores.roles.administrators(today)) > 0 && (await stores.roles.administrators(today, without)) === 0)
      throw problem('conflict', { detail: 'This is the last administrator. Give the role to somebody else first.' })
  }

  return {
    create: (
      actor: AuditActor,
      user: { kind: 'outsider' | 'emergency'; username: string; displayName: string } & Grant,
    ) =>
      transaction(async stores => {
        const id = await stores.users.create(user)
        if (!id) throw problem('conflict', { detail: 'There is a local user of that name already.' })
        await stores.audit({
          actor,
          action: 'local-user.created',
          subjectKind: 'user',
          subjectId: id,
          after: { kind: user.kind, username: user.username, displayName: user.displayName },
        })
        await giveRole(stores, actor, id, user)
        return { id, link: await makeLink(stores, id, 'invitation') }
      }),

    grant: (actor: AuditActor, userId: string, grant: Grant) =>
      transaction(async stores => {
        await known(stores, userId)
        return { id: await giveRole(stores, actor, userId, grant) }
      }),

    endRole: (actor: AuditActor, userId: string, roleId: string) =>
      transaction(async stores => {
        await stores.roles.lockAdministrators()
        const role = await stores.roles.find(roleId, userId)
        if (!role) throw problem('not-found')
        if (role.role === 'admin') await keepAnAdministrator(stores, { roleId })
        await stores.roles.end(roleId, clock.today())
        await stores.audit({
          actor,
          action: 'local-role.ended',
          subjectKind: 'user',
          subjectId: userId,
          before: role,
          after: { ...role, to: clock.today() },
        })
      }),

    /** A new password by link: whatever the user had (password, second factors, sessions) is over. */
    reset: (actor: AuditActor, userId: string) =>
      transaction(async stores => {
        const user = await known(stores, userId)
        if (user.kind === 'person')
          throw problem('not-found', { detail: 'People of the municipality have their password in the directory.' })
        await stores.users.clearPassword(userId)
        await stores.factors.removeAll(userId)
        await stores.users.endSessions(userId)
        await stores.audit({ actor, action: 'local-user.reset', subjectKind: 'user', subjectId: userId })
        return makeLink(stores, userId, 'reset')
      }),

    disable: (actor: AuditActor, userId: string) =>
      transaction(async stores => {
        await stores.roles.lockAdministrators()
        await known(stores, userId)
        await keepAnAdministrator(stores, { userId })
        await stores.users.disable(userId, clock.now())
        await stores.users.endSessions(userId)
        await stores.audit({ actor, action: 'local-user.disabled', subjectKind: 'user', subjectId: userId })
      }),

    /** What the user had stays: password, second factors, and the roles that are still in force. */
    enable: (actor: AuditActor, userId: string) =>
      transaction(async stores => {
        const user = await known(stores, userId)
        if (!user.disabled) throw problem('conflict', { detail: 'The user is not disabled.' })
        await stores.users.enable(userId)
        await stores.audit({ actor, action: 'local-user.enabled', subjectKind: 'user', subjectId: userId })
      }),

    openLink: async (token: string) => {
      const link = await transaction(({ links }) => links.find(linkHash(token), clock.now()))
      if (!link) throw linkInvalid()
      const { userId: _, expiresAt, ...rest } = link
      return { ...rest, expiresAt: expiresAt.toISOString() }
    },

    redeemLink: async (token: string, password: string) => {
      const hash = linkHash(token)
      const link = await transaction(({ links }) => links.find(hash, clock.now()))
      if (!link) throw linkInvalid()
      await strongEnough(password, link)
      const passwordHash = await parts.hashPassword(password)
      await transaction(async stores => {
        if (!(await stores.links.use(hash, clock.now()))) throw linkInvalid()
        await stores.users.setPassword(link.userId, passwordHash, clock.now())
        await stores.users.endSessions(link.userId)
        await stores.audit({
          actor: { kind: 'user', userId: link.userId, personId: null, function: link.purpose },
          action: 'local-user.password-set',
          subjectKind: 'user',
          subjectId: link.userId,
        })
      })
      return { username: link.username }
    },

    /** The user's own change; that the current password is right has been shown. Everywhere else it signs the user out. */
    changePassword: async (actor: AuditActor, userId: string, password: string, session: string) => {
      const user = await transaction(stores => known(stores, userId))
      if (user.kind === 'person')
        throw problem('not-found', { detail: 'Your password belongs to the directory; change it there.' })
      await strongEnough(password, user)
      const passwordHash = await parts.hashPassword(password)
      await transaction(async stores => {
        await stores.users.setPassword(userId, passwordHash, clock.now())
        await stores.users.endSessions(userId, session)
        await stores.audit({ actor, action: 'local-user.password-changed', subjectKind: 'user', subjectId: userId })
      })
    },

    /** Signs the user out everywhere; how many sessions that were. */
    endSessions: (actor: AuditActor, userId: string) =>
      transaction(async stores => {
        await known(stores, userId)
        const ended = await stores.sessions.endOthers(userId, null)
        await stores.audit({
          actor,
          action: 'user.sessions-ended',
          subjectKind: 'user',
          subjectId: userId,
          detail: { ended },
        })
        return { ended }
      }),

    /**
     * The link to print at start while nobody can administer: null when somebody can. Each start makes a new one, and
     * the one before stops working. Whoever reads the terminal of the server runs it anyway.
     */
    firstAdministrator: (): Promise<MadeLink | null> =>
      transaction(async stores => {
        await stores.roles.lockAdministrators()
        const today = clock.today()
        if ((await stores.roles.administrators(today)) > 0) return null
        const actor: AuditActor = { kind: 'system', userId: null, personId: null, function: 'first-administrator' }
        const existing = await stores.users.localByName('administrator')
        const created = existing?.id ?? (await stores.users.create(FIRST))
        if (!created) throw problem('conflict')
        if (existing?.disabled) await stores.users.enable(created)
        await stores.roles.grant({
          userId: created,
          role: 'admin',
          from: today,
          to: addDays(today, FIRST_ADMINISTRATOR_DAYS),
          reason: 'First administrator of the installation',
          grantedBy: null,
        })
        await stores.audit({ actor, action: 'local-user.first-administrator', subjectKind: 'user', subjectId: created })
        return makeLink(stores, created, 'first-administrator')
      }),
  }
}

const FIRST = { kind: 'administrator', username: 'administrator', displayName: 'Administrator' } as const
const linkInvalid = () => problem('link-invalid', { detail: 'Ask the administrator for a new link.' })
const DAY = 86_400_000
const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / DAY
const addDays = (date: string, days: number) => new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10)
