import { authorityOf } from '../../feeds/sources/source.ts'
import { storedSources } from '../../feeds/sources/source-store.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { writeRulesYaml } from '../../rules/rules-yaml.ts'
import { catchUp } from '../access-store.ts'
import { countsOf, previewChange, storedRules, storeWanted } from '../rules-change-service.ts'
import type { Computed } from './compute-what-if.ts'
import { heldAgainst } from './decide-apply.ts'
import { type Agreed, heldNow, type StoredDraft } from './draft-store.ts'
import type { World } from './draft-worlds.ts'
import { recordOrganisation } from './record-organisation.ts'
import type { When } from './when.ts'

/** What differs between what was approved and what the draft would do now. */
export async function outcomeNow(
  tx: Tx,
  agreed: readonly Agreed[],
  { differences }: Computed,
): Promise<{ unexpected: number; vanished: number }> {
  const coming = new Set(differences.map(one => `${one.affiliationId} ${one.entitlement}`))
  const missing = agreed.filter(one => !coming.has(`${one.affiliationId} ${one.entitlement}`))
  return heldAgainst(agreed, differences, missing.length === 0 ? new Map() : await heldNow(tx, missing))
}

/**
 * Rules and roles by the one way of rules; of the organisation only what no source tells of, by hand. What this moment
 * takes or gives must be a part of what was approved: where rules would go ahead of people whom payroll has not moved
 * yet, it answers how many rights would change too `early`, and nothing is done.
 */
export async function carryOut(
  tx: Tx,
  draft: StoredDraft,
  computed: Computed,
  agreed: readonly Agreed[],
  when: When,
): Promise<{ rules: number; roles: number; recorded: number } | { early: number }> {
  const last = computed.worlds.steps.at(-1) as World
  const stored = await storedRules(tx)
  const wanted = { ...stored, rules: [...last.rules.rules], roles: [...last.rules.roles] }
  const preview = await previewChange(tx, stored, wanted, when)
  const approved = new Map(agreed.map(one => [`${one.affiliationId} ${one.entitlement}`, one.effect]))
  const early = preview.differences.reduce(
    (sum, one) =>
      sum +
      one.gains.filter(key => approved.get(`${one.affiliationId} ${key}`) !== 'gain').length +
      one.losses.filter(key => approved.get(`${one.affiliationId} ${key}`) !== 'loss').length,
    0,
  )
  if (early > 0) return { early }
  const sources = await storedSources(tx)
  const read = new Set(sources.filter(one => one.declared).map(one => one.key))
  const toldOf = await unitsOfSources(tx, [...read])
  const { recorded } = await recordOrganisation(
    tx,
    computed,
    // A new unit is told of by whoever tells of units; only where nobody does, Hjemmel makes it.
    { unit: id => (id.startsWith('new:') ? toldOf.size === 0 : !toldOf.has(id)), affiliation: one => !read.has(one) },
    authorityOf(sources.map(one => ({ key: one.key, authority: one.declaration.authority }))),
    { now: when.now, today: when.today, actorId: draft.approvedBy ?? draft.createdBy, reason: draft.name },
  )
  const [rules, roles] = [preview.rules, preview.roles].map(one => one.added + one.changed + one.removed) as [
    number,
    number,
  ]
  if (rules + roles > 0) {
    await tx.query(
      `insert into rules_change (id, yaml, hash, state, counts, created_by, decided_at, decided_by, reason)
       values ($1, $2, $3, 'applied', $4, $5, $6, $7, $8)`,
      [
        ...[newId(), writeRulesYaml(wanted), preview.hash, JSON.stringify(countsOf(preview)), draft.createdBy],
        ...[when.now, draft.approvedBy, draft.name],
      ],
    )
    await storeWanted(tx, wanted, { by: draft.createdBy, reason: draft.name, mappings: false }, when)
  }
  if (recorded > 0) await catchUp(tx, { ...when, cause: 'draft' })
  return { rules, roles, recorded }
}

/** Ids of the units that sources which are read tell of. */
async function unitsOfSources(tx: Tx, sources: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    `select distinct subject_id as id from source_record
     where kind = 'unit' and source = any($1) and subject_id is not null and gone_at is null`,
    [sources],
  )
  return new Set(rows.map(row => row.id))
}
