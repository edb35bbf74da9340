import { newId } from '../platform/ids.ts'
import type { Tx } from '../platform/unit-of-work.ts'

export type UserKind = 'person' | 'outsider' | 'administrator' | 'emergency'
export type ToolUser = {
  id: string
  kind: UserKind
  username: string
  displayName: string | null
  personId: string | null
  passwordHash: string | null
  disabled: boolean
}

const COLUMNS = `id, kind, username, display_name as "displayName", person_id as "personId",
  password_hash as "passwordHash", disabled_at is not null as disabled`

export type UserStore = ReturnType<typeof userStore>

export function userStore(tx: Tx) {
  const one = async (sql: string, params: unknown[]): Promise<ToolUser | null> =>
    (await tx.query<ToolUser>(sql, params))[0] ?? null
  return {
    byId: (id: string) => one(`select ${COLUMNS} from tool_user where id = $1`, [id]),
    /** Only users with a password of our own; people of the municipality come in through the directory. */
    localByName: (username: string) =>
      one(`select ${COLUMNS} from tool_user where lower(username) = lower($1) and kind <> 'person'`, [username]),
    create: async (user: { kind: Exclude<UserKind, 'person'>; username: string; displayName: string }) => {
      const id = newId()
      const made = await tx.query(
        `insert into tool_user (id, kind, username, display_name) values ($1, $2, $3, $4)
         on conflict (lower(username)) where kind <> 'person' do nothing returning id`,
        [id, user.kind, user.username, user.displayName],
      )
      return made.length > 0 ? id : null
    },
    /** The user of a person, made at the first sign-in; the user name follows the directory. */
    ofPerson: async (personId: string, username: string): Promise<{ id: string; disabled: boolean }> => {
      const [row] = await tx.query<{ id: string; disabled: boolean }>(
        `insert into tool_user (id, kind, username, person_id) values ($1, 'person', $2, $3)
         on conflict (person_id) where person_id is not null do update set username = excluded.username
         returning id, disabled_at is not null as disabled`,
        [newId(), username, personId],
      )
      return row!
    },
    setPassword: (id: string, passwordHash: string, now: Date) =>
      tx.query('update tool_user set password_hash = $2, password_set_at = $3 where id = $1', [id, passwordHash, now]),
    clearPassword: (id: string) =>
      tx.query('update tool_user set password_hash = null, password_set_at = null where id = $1', [id]),
    disable: (id: string, now: Date) =>
      tx.query('update tool_user set disabled_at = coalesce(disabled_at, $2) where id = $1', [id, now]),
    enable: (id: string) => tx.query('update tool_user set disabled_at = null where id = $1', [id]),
    signedIn: (id: string, now: Date) => tx.query('update tool_user set last_sign_in_at = $2 where id = $1', [id, now]),
    /** Ends the user's sessions everywhere; `except` is the one that goes on. */
    endSessions: (id: string, except: string | null = null) =>
      tx.query(`delete from session where sess #>> '{passport,user}' = $1 and sid is distinct from $2`, [id, except]),
    /** The person behind a directory entry, where the account is linked, live and enabled. */
    personOfAccount: async (source: string, key: string) => {
      const [row] = await tx.query<{ personId: string; username: string }>(
        `select person_id as "personId", username from account
         where source = $1 and key = $2 and situation = 'linked' and enabled and gone_at is null and person_id is not null`,
        [source, key],
      )
      return row ?? null
    },
    /** The same by user name, for the demonstration: personal accounts only. */
    personOfUsername: async (username: string) => {
      const [row] = await tx.query<{ personId: string; username: string }>(
        `select person_id as "personId", username from account
         where lower(username) = lower($1) and situation = 'linked' and enabled and gone_at is null and person_id is not null
         order by kind = 'personal' desc limit 1`,
        [username],
      )
      return row ?? null
    },
  }
}
