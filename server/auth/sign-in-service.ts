import type { AuditActor, AuditWrite } from '../audit/audit-entry.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Log } from '../platform/log.ts'
import { problem } from '../platform/problem.ts'
import type { LoadedUser } from './actor-views.ts'
import type { AttemptStore } from './attempt-store.ts'
import type { ToolUser, UserStore } from './user-store.ts'

export type SignInStores = {
  users: UserStore
  attempts: AttemptStore
  load(userId: string, today: string): Promise<LoadedUser | null>
  audit(entry: AuditWrite): Promise<unknown>
}

/** The directory that people sign in with: answers the account's own key (objectGUID, entryUUID), or null for "no". */
export type DirectorySignIn = {
  source: string
  name: string
  authenticate(username: string, password: string): Promise<string | null>
}

export type SignInParts = {
  transaction<T>(work: (stores: SignInStores) => Promise<T>): Promise<T>
  keyring: Keyring
  clock: Clock
  log: Log
  passwordFits(password: string, stored: string | null): Promise<boolean>
  directory: DirectorySignIn | null
  /** User names of the demonstration sign-ins; null outside the demonstration. */
  demo: (() => Promise<readonly string[]>) | null
}

export type SignInService = ReturnType<typeof signInService>

/** Five wrong passwords lock a user name; an address may belong to a whole town hall, so it is given more. */
export const TRIES_PER_USER = 5
export const TRIES_PER_ADDRESS = 50

/** Answers the id of the user who has signed in with the first factor. Each step is a short transaction of its own. */
export function signInService(parts: SignInParts) {
  const { transaction, keyring, clock, log } = parts
  const userKey = (method: string, username: string) =>
    keyring.hash(`${method}:${username.toLowerCase()}`, 'sign-in-attempt')
  const addressKey = (address: string) => keyring.hash(`address:${address}`, 'sign-in-attempt')

  async function take(method: string, username: string, address: string): Promise<void> {
    const now = clock.now()
    const lockedUntil = await transaction(
      async ({ attempts }) =>
        (await attempts.take(addressKey(address), TRIES_PER_ADDRESS, now)) ??
        (await attempts.take(userKey(method, username), TRIES_PER_USER, now)),
    )
    if (lockedUntil)
      throw problem('account-locked', {
        detail: 'Too many failed attempts. Wait a quarter of an hour, then try again.',
        params: { until: lockedUntil.toISOString() },
      })
  }

  async function failed(method: string, username: string, address: string, user: ToolUser | null): Promise<never> {
    const now = clock.now()
    await transaction(async ({ attempts, audit }) => {
      await attempts.failed(addressKey(address), TRIES_PER_ADDRESS, now)
      const locked = await attempts.failed(userKey(method, username), TRIES_PER_USER, now)
      // Also for a name that nobody has: otherwise the answer would come sooner, and tell.
      await audit({
        actor: nobody,
        action: locked ? 'user.locked' : 'user.sign-in-failed',
        subjectKind: 'user',
        subjectId: user?.id ?? null,
        detail: { method },
      })
    })
    throw problem('sign-in-failed')
  }

  async function passed(method: string, username: string, address: string): Promise<void> {
    await transaction(async ({ attempts }) => {
      await attempts.clear(userKey(method, username))
      await attempts.giveBack(addressKey(address))
    })
  }

  /** A right password is not enough: who holds no role has nothing to do here. */
  async function admit(userId: string): Promise<{ userId: string }> {
    await transaction(async ({ load }) => {
      const user = await load(userId, clock.today())
      if (!user || user.disabled || user.base.roles.length === 0)
        throw problem('not-allowed', {
          detail: 'You have no access to Hjemmel today. Ask your manager or the IT department.',
        })
      if (user.base.kind === 'emergency')
        log.error({ userId }, 'Emergency access was used: find out why, and end it when it is over')
    })
    return { userId }
  }

  return {
    local: async (username: string, password: string, address: string) => {
      await take('local', username, address)
      const user = await transaction(({ users }) => users.localByName(username))
      const fits = await parts.passwordFits(password, user?.passwordHash ?? null)
      if (!user || !fits || user.disabled) return failed('local', username, address, user)
      await passed('local', username, address)
      return admit(user.id)
    },

    directory: async (username: string, password: string, address: string) => {
      const { directory } = parts
      if (!directory) throw problem('sign-in-failed', { detail: 'No directory is set up for signing in.' })
      // LDAP takes a bind with an empty password for an anonymous one and says yes (RFC 4513, 5.1.2).
      if (password === '') throw problem('sign-in-failed')
      await take('directory', username, address)
      const key = await directory.authenticate(username, password)
      if (key === null) return failed('directory', username, address, null)
      await passed('directory', username, address)
      const userId = await transaction(async ({ users }) => {
        const person = await users.personOfAccount(directory.source, key)
        if (!person)
          throw problem('not-allowed', {
            detail:
              'The account is right, but Hjemmel does not know yet who you are. Ask the IT department to link it.',
          })
        return (await users.ofPerson(person.personId, person.username)).id
      })
      return admit(userId)
    },

    demo: async (username: string) => {
      const names = parts.demo ? await parts.demo() : []
      if (!names.includes(username)) throw problem('not-found')
      const userId = await transaction(async ({ users }) => {
        const person = await users.personOfUsername(username)
        if (!person) throw problem('not-found')
        return (await users.ofPerson(person.personId, person.username)).id
      })
      return admit(userId)
    },
  }
}

const nobody: AuditActor = { kind: 'system', userId: null, personId: null, function: 'sign-in' }
