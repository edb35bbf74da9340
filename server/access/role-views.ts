import type { z } from 'zod'
import type { ParamsOf, QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { getRole, listRoles, roleRow } from '#contract/rules.ts'
import { containing, searchWords, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { roleBook } from '../rules/role.ts'
import { loadRoles } from '../rules/rules-store.ts'
import { writeRulesYaml } from '../rules/rules-yaml.ts'
import { DANISH, visibleTo } from './visible.ts'

type RoleRow = z.output<typeof roleRow>

/** Roles in one statement. `holders` are affiliations that hold something through the role, as far as the reader may know. */
export async function rolesView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof listRoles>,
): Promise<ResponseOf<typeof listRoles>> {
  const q = statement()
  const words = searchWords(query.text ?? '').map(
    word =>
      `search_fold(r.name || ' ' || r.key || ' ' || coalesce(r.description, '')) like ${q.bind(containing(word), 'text')}`,
  )
  const filter = ['upper_inf(r.recorded)', ...words].join(' and ')
  const [count] = await tx.query<{ total: number }>(
    `select count(*) as total from rights_role r where ${filter}`,
    q.params,
  )
  const page = `offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`
  const rows = await tx.query<RoleRow>(
    `with page as (select r.* from rights_role r where ${filter} order by r.name ${DANISH}, r.key ${page})
     select ${roleColumns(visibleTo(actor, q).person('p'))} from page r order by r.name ${DANISH}, r.key`,
    q.params,
  )
  return { rows, total: count?.total ?? 0 }
}

const roleColumns = (mayPerson: string) => `
  r.key, r.name, r.description, jsonb_array_length(r.entitlements) as entitlements, cardinality(r.roles) as roles,
  (select count(*) from rights_rule rule where upper_inf(rule.recorded) and r.key = any(rule.roles)) as rules,
  (select count(distinct a.affiliation_id) from derivation d join assignment a on a.derivation_id = d.id
   join affiliation_current ac on ac.affiliation_id = a.affiliation_id join person_current p on p.person_id = ac.person_id
   where r.key = any(d.role_path) and ${mayPerson}) as holders`

/** A role opened: everything it gives, by which roles inside it, and what gives it. null: no such role. */
export async function roleView(
  tx: Tx,
  actor: Actor,
  { key }: ParamsOf<typeof getRole>,
): Promise<ResponseOf<typeof getRole> | null> {
  const q = statement()
  const [row] = await tx.query<RoleRow>(
    `select ${roleColumns(visibleTo(actor, q).person('p'))} from rights_role r
     where r.key = ${q.bind(key, 'text')} and upper_inf(r.recorded)`,
    q.params,
  )
  const roles = await loadRoles(tx)
  const role = roles.find(one => one.key === key)
  if (!row || !role) return null
  const names = new Map(roles.map(one => [one.key, one.name]))
  const grants = roleBook(roles).grants(key)
  type Known = { key: string; name: string; sensitivity: 'none'; system: { id: string; key: string; name: string } }
  const known = new Map(
    (
      await tx.query<Known>(
        `select e.key, e.name, e.sensitivity, jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) as system
         from entitlement e join it_system s on s.id = e.system_id where e.key = any($1)
         union all
         select s.key || '/*', s.name, 'none', jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name)
         from it_system s where s.key || '/*' = any($1)`,
        [grants.map(grant => grant.entitlement)],
      )
    ).map(one => [one.key, one]),
  )
  const givenBy = await tx.query<{ key: string; name: string }>(
    `select key, name from rights_rule where upper_inf(recorded) and $1 = any(roles) order by name ${DANISH}, key`,
    [key],
  )
  return {
    ...row,
    contents: grants
      .map(grant => ({
        key: grant.entitlement,
        name: known.get(grant.entitlement)?.name ?? grant.entitlement,
        system: known.get(grant.entitlement)?.system ?? null,
        sensitivity: known.get(grant.entitlement)?.sensitivity ?? ('none' as const),
        // The role itself is the page one is on.
        via: grant.rolePath.slice(1).map(inner => names.get(inner) ?? inner),
      }))
      .sort((a, b) => danish.compare(a.system?.name ?? '', b.system?.name ?? '') || danish.compare(a.name, b.name)),
    contains: role.roles.map(inner => ({ key: inner, name: names.get(inner) ?? inner })),
    givenBy,
    yaml: writeRulesYaml({ roles: [role], rules: [], mappings: [] }),
  }
}

const danish = new Intl.Collator('da')
