import { newId } from '../../../server/platform/ids.ts'
import type { Db } from '../../../server/platform/unit-of-work.ts'

/** Rows of other rooms that signing in reads: a person with one active affiliation, an account, and tool roles by rule. */
export async function person(
  db: Db,
  options: {
    name?: string
    username: string
    roles?: string[]
    source?: string
    key?: string
    situation?: string
    kind?: string
    validTo?: string
  },
): Promise<{ personId: string; affiliationId: string }> {
  const { username, name = username, roles = ['employee'], source = 'ad', kind = 'employee' } = options
  const personId = newId()
  const affiliationId = newId()
  await db.transaction(async tx => {
    await tx.query('insert into person (id) values ($1)', [personId])
    await tx.query(`insert into affiliation (id, person_id, source, key) values ($1, $2, 'hr', $3)`, [
      affiliationId,
      personId,
      affiliationId,
    ])
    await tx.query(
      `insert into person_current (person_id, name, given_name, family_name, search, kind, status, primary_affiliation_id)
       values ($1, $2, $2, $2, lower($2), $3, 'active', $4)`,
      [personId, name, kind, affiliationId],
    )
    await tx.query(
      `insert into affiliation_current (affiliation_id, person_id, source, kind, status, facts_hash)
       values ($1, $2, 'hr', 'employment', 'active', '')`,
      [affiliationId, personId],
    )
    await tx.query(
      `insert into account (source, key, username, person_id, affiliation_id, situation) values ($1, $2, $3, $4, $5, $6)`,
      [source, options.key ?? username, username, personId, affiliationId, options.situation ?? 'linked'],
    )
    await tx.query(
      `insert into it_system (key, name, source) values ('hjemmel', 'Hjemmel', 'systems') on conflict do nothing`,
    )
    await tx.query(
      `insert into derivation (hash, rule_key, rule_version, role_path, matched) values ('', 'r', 1, '{}', '{}') on conflict do nothing`,
    )
    for (const role of roles) {
      await tx.query(
        `insert into entitlement (key, system_id, name, source) select 'hjemmel/' || $1::text, id, $1, 'systems' from it_system
         where key = 'hjemmel' on conflict do nothing`,
        [role],
      )
      await tx.query(
        `insert into assignment (affiliation_id, entitlement_id, derivation_id, since, reason_since, valid_to)
         select $1, entitlement.id, derivation.id, now(), now(), $3::date from entitlement, derivation where entitlement.key = 'hjemmel/' || $2::text`,
        [affiliationId, role, options.validTo ?? null],
      )
    }
  })
  return { personId, affiliationId }
}

/** An administrative unit with a manager; returns its id. */
export async function unit(
  db: Db,
  name: string,
  options: { manager?: string; kind?: string; tree?: string; parent?: string } = {},
): Promise<string> {
  const id = newId()
  await db.transaction(async tx => {
    await tx.query(`insert into org_unit (id, tree, key) values ($1, $2, $3)`, [id, options.tree ?? 'admin', id])
    await tx.query(
      `insert into org_unit_current (unit_id, key, tree, name, kind, level, path, path_keys, post_affiliation_id, active)
       values ($1, $5, $2, $3, $4, 0, array[$1]::uuid[], array[$5], $6, true)`,
      [id, options.tree ?? 'admin', name, options.kind ?? 'unit', id, options.manager ?? null],
    )
  })
  return id
}
