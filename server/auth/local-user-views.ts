import type { ResponseOf } from '#contract/endpoint.ts'
import type { listLocalUsers } from '#contract/local-users.ts'
import type { Tx } from '../platform/unit-of-work.ts'

/** Everybody with a password of our own or a local role. Only for those who may read local roles: names are shown. */
export async function localUsers(tx: Tx, today: string): Promise<ResponseOf<typeof listLocalUsers>> {
  const users = await tx.query<ResponseOf<typeof listLocalUsers>['users'][number]>(
    `select known.id, known.kind, known.username, coalesce(known.display_name, known.username) as "displayName",
       known.disabled_at is not null as disabled, known.password_hash is not null as "hasPassword",
       to_char(known.last_sign_in_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "lastSignInAt",
       coalesce((select json_agg(json_build_object('id', role.id, 'role', role.role, 'from', lower(role.valid), 'to', upper(role.valid),
         'reason', role.reason, 'active', role.valid @> $1::date,
         'units', coalesce((select json_agg(json_build_object('id', unit.unit_id, 'name', unit.name) order by unit.name)
           from local_role_unit named join org_unit_current unit on unit.unit_id = named.unit_id
           where named.local_role_id = role.id), '[]')) order by lower(role.valid) desc)
         from local_role role where role.user_id = known.id), '[]') as roles
     from tool_user known
     where known.kind <> 'person' or exists (select from local_role role where role.user_id = known.id)
     order by known.disabled_at nulls first, known.username`,
    [today],
  )
  return { users }
}
