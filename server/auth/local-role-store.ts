import { newId } from '../platform/ids.ts'
import type { Tx } from '../platform/unit-of-work.ts'

export type LocalRole = 'admin' | 'hr' | 'it' | 'dpo' | 'auditor' | 'reporter'

export type LocalRoleStore = ReturnType<typeof localRoleStore>

export function localRoleStore(tx: Tx) {
  return {
    /** Null when the same role overlaps in time. */
    grant: async (grant: {
      userId: string
      role: LocalRole
      from: string
      to: string
      reason: string
      grantedBy: string | null
      units?: readonly string[] | undefined
    }): Promise<string | null> => {
      const id = newId()
      const made = await tx.query(
        `insert into local_role (id, user_id, role, valid, reason, granted_by)
         values ($1, $2, $3, daterange($4::date, $5::date), $6, $7) on conflict do nothing returning id`,
        [id, grant.userId, grant.role, grant.from, grant.to, grant.reason, grant.grantedBy],
      )
      if (made.length === 0) return null
      await tx.query(
        `insert into local_role_unit (local_role_id, unit_id) select $1, id from unnest($2::uuid[]) as id`,
        [id, [...new Set(grant.units ?? [])]],
      )
      return id
    },
    /** Those of these ids that are units with people in them. */
    unitsAmong: async (ids: readonly string[]) =>
      (
        await tx.query<{ id: string }>(
          `select unit_id as id from org_unit_current where unit_id = any($1) and active and tree in ('admin', 'school')`,
          [ids],
        )
      ).map(row => row.id),
    find: async (id: string, userId: string) =>
      (
        await tx.query<{ role: LocalRole; from: string; to: string }>(
          'select role, lower(valid) as from, upper(valid) as to from local_role where id = $1 and user_id = $2',
          [id, userId],
        )
      )[0] ?? null,
    /** Ends today; what has not begun yet goes away. */
    end: async (id: string, today: string) => {
      await tx.query('delete from local_role where id = $1 and lower(valid) >= $2::date', [id, today])
      await tx.query(
        'update local_role set valid = daterange(lower(valid), $2::date) where id = $1 and upper(valid) > $2::date',
        [id, today],
      )
    },
    /** Administrators who can sign in today, counted without one role. */
    administrators: async (today: string, without: { userId?: string; roleId?: string } = {}) =>
      (
        await tx.query<{ count: number }>(
          `select count(distinct known.id)::int as count from local_role role join tool_user known on known.id = role.user_id
           where role.role = 'admin' and role.valid @> $1::date and known.disabled_at is null
             and (known.password_hash is not null or known.kind = 'person')
             and known.id is distinct from $2 and role.id is distinct from $3`,
          [today, without.userId ?? null, without.roleId ?? null],
        )
      )[0]!.count,
    /** Users who can sign in today with a local role that administers: the first administrator's, or one of IT. */
    whoAdminister: async (today: string) =>
      (
        await tx.query<{ count: number }>(
          `select count(distinct known.id)::int as count from local_role role join tool_user known on known.id = role.user_id
           where role.role in ('admin', 'it') and role.valid @> $1::date and known.disabled_at is null
             and (known.password_hash is not null or known.kind = 'person')
             and not exists (select from person_lock l join person i on i.id = l.person_id join person own on own.id = known.person_id
               where l.released_at is null and coalesce(i.merged_into, i.id) = coalesce(own.merged_into, own.id))`,
          [today],
        )
      )[0]!.count,
    /** Two grants or ends of administrators at once would each count the other as the one who stays. */
    lockAdministrators: () => tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel administrators'))`),
  }
}
