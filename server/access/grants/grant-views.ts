import type { z } from 'zod'
import type { rightGrant } from '#contract/people.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

/** Joins over `right_grant g` for `GRANT_JSON`: the name of whoever decided, as it is now. */
export const GRANTED_BY = `left join tool_user gu on gu.id::text = g.created_by
  left join person_current gp on gp.person_id = gu.person_id`

/** SQL of the contract's `rightGrant`. A name that is protected is not told here. */
export const GRANT_JSON = `jsonb_build_object('id', g.id, 'kind', g.kind, 'reason', g.reason,
  'by', case when coalesce(gp.protected, false) then null else coalesce(gp.name, gu.display_name) end,
  'from', g.valid_from, 'until', g.valid_to,
  'expiresAt', to_char(g.expires_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'noEffect', g.no_effect)`

/** Grants of a right, by the key of the entitlement, to these affiliations that have not ended. */
export async function grantsOfRight(
  tx: Tx,
  affiliations: readonly string[],
  entitlement: string,
): Promise<z.output<typeof rightGrant>[]> {
  const rows = await tx.query<{ grant: z.output<typeof rightGrant> }>(
    `select ${GRANT_JSON} as grant from right_grant g join entitlement e on e.id = g.entitlement_id ${GRANTED_BY}
     where g.affiliation_id = any($1::uuid[]) and e.key = $2 and g.ended_at is null order by g.created_at`,
    [affiliations, entitlement],
  )
  return rows.map(row => row.grant)
}
