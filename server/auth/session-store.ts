import { createHash } from 'node:crypto'
import type { OpenSession } from '#contract/sessions.ts'
import type { Tx } from '../platform/unit-of-work.ts'

/** What a session is pointed at by: its own id is a secret that lets one in. */
export const sessionHandle = (sid: string) => createHash('sha256').update(sid).digest('hex').slice(0, 32)

const HANDLE = `left(encode(sha256(convert_to(sid, 'UTF8')), 'hex'), 32)`

export type SessionStore = ReturnType<typeof sessionStore>

export function sessionStore(tx: Tx) {
  return {
    open: async (userId: string, current: string): Promise<OpenSession[]> => {
      const rows = await tx.query<Omit<OpenSession, 'startedAt' | 'idleUntil'> & { startedAt: Date; idleUntil: Date }>(
        `select ${HANDLE} as id, to_timestamp((sess ->> 'startedAt')::float8 / 1000) as "startedAt",
           expire at time zone current_setting('TimeZone') as "idleUntil", sess ->> 'via' as via,
           coalesce(sess ->> 'agent', '') as agent, ${HANDLE} = $2 as current
         from session where sess #>> '{passport,user}' = $1 and expire > localtimestamp order by "startedAt" desc`,
        [userId, current],
      )
      return rows.map(row => ({
        ...row,
        startedAt: row.startedAt.toISOString(),
        idleUntil: row.idleUntil.toISOString(),
      }))
    },
    /** Ends one session of the user by its handle; false when there is none such. */
    endOne: async (userId: string, handle: string): Promise<boolean> =>
      (
        await tx.query(`delete from session where sess #>> '{passport,user}' = $1 and ${HANDLE} = $2 returning sid`, [
          userId,
          handle,
        ])
      ).length > 0,
    /** Ends every session of a person, whichever of their records (merged ones too) a user belongs to; how many. */
    endOfPerson: async (personId: string): Promise<number> =>
      (
        await tx.query(
          `delete from session where sess #>> '{passport,user}' in (
             select u.id::text from tool_user u join person i on i.id = u.person_id where coalesce(i.merged_into, i.id) = $1)
           returning sid`,
          [personId],
        )
      ).length,
    /** Ends the user's sessions but the one that goes on; how many they were. */
    endOthers: async (userId: string, except: string | null): Promise<number> =>
      (
        await tx.query(
          `delete from session where sess #>> '{passport,user}' = $1 and sid is distinct from $2 returning sid`,
          [userId, except],
        )
      ).length,
  }
}
