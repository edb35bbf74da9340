import type { BodyOf } from '#contract/endpoint.ts'
import {
  CONSTRAINT_KINDS,
  type changeEntitlement,
  type createEntitlement,
  type EntitlementAttribute,
} from '#contract/entitlements.ts'
import { newId } from '../../platform/ids.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows } from '../../policy/policy.ts'
import {
  type EntitlementProblem,
  type EntitlementValues,
  entitlementProblems,
  FED,
  includesItself,
  newKey,
} from '../../systems/entitlements/entitlement.ts'
import {
  loadIncludes,
  lockEntitlement,
  noteGroupsOf,
  releaseValues,
  replaceIncludes,
  type StoredEntitlement,
  stampOf,
  writeValues,
} from '../../systems/entitlements/entitlement-store.ts'
import { firstVersion, keepVersions, noteContent } from '../../systems/entitlements/version-store.ts'
import { observeRights } from '../../systems/observe-rights.ts'
import { changeRules } from '../access-store.ts'
import { type AfterDecided, followed } from '../after-decided.ts'
import { syncLicences, syncRights } from '../drift/sync-drift.ts'
import { refreshPersonRights } from '../person-rights-store.ts'

type Who = { actor: Actor; now: Date; today: string; after?: readonly AfterDecided[] }
type Changed = { id: string; before: Partial<EntitlementValues>; after: Partial<EntitlementValues>; stamp: string }

const invalid = (errors: readonly EntitlementProblem[]) =>
  problem('entitlement-invalid', {
    detail: `${errors.map(one => DETAIL[one.what] ?? one.what).join(' ')}`,
    errors: [...errors],
  })
const DETAIL: Readonly<Record<string, string>> = {
  'name-missing': 'Give the right a name.',
  'privileged-needs-description': 'Say in plain words what a privileged right opens, in ten letters or more.',
  'description-short':
    'Describe the right in ten letters or more, so that somebody who has never seen the system understands.',
  'description-is-name': 'The description only repeats the name. Say what the right opens.',
  'privileged-needs-owner': 'A privileged right needs an owner: its own, or the owner of the system.',
  'cap-not-for-kind': 'A group has no licences to run out of.',
  'constraint-twice': 'The same limit stands twice.',
  'constraint-unknown': `A right can be limited only by ${CONSTRAINT_KINDS.join(', ')}, and by what a source says of it.`,
  'key-invalid': 'The key may hold no star or brace, nor begin with a slash or a blank.',
  'key-taken': 'The system has a right with this key already.',
  'includes-itself': 'A right cannot include itself, not by a detour either.',
  'includes-unknown': 'One of the included rights is not in the catalogue.',
  'approval-needs-owner':
    'The right has no owner of its own who could agree to it. Name one, or let the system’s owner agree.',
  'owner-unknown': 'The owner is nobody who is known.',
}

/** The entitlement as it is to be changed: visible to whoever reads systems, so what is not allowed is said. */
async function open(tx: Tx, id: string, stamp: string, actor: Actor): Promise<StoredEntitlement> {
  const stored = await lockEntitlement(tx, id)
  if (!stored) throw problem('not-found')
  if (!allows(actor, 'change', 'Entitlement', { systemId: stored.systemId }))
    throw problem('not-allowed', { detail: 'Only the owner of the system and IT may change its rights.' })
  if (stored.stamp !== stamp)
    throw problem('conflict', { detail: 'Somebody has changed this right in the meantime. Look at it again.' })
  return stored
}

/** Says what an entitlement is. Values that feeds say too are kept as a person's word, which stands before theirs. */
export async function changeEntitlementValues(
  tx: Tx,
  id: string,
  { stamp, reason, values }: BodyOf<typeof changeEntitlement>,
  who: Who,
): Promise<Changed> {
  const stored = await open(tx, id, stamp, who.actor)
  const { includes, ...rest } = values
  const given = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined),
  ) as Partial<EntitlementValues>
  if (given.description === '') given.description = null
  if (given.technicalNote === '') given.technicalNote = null
  const differing = Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(stored[name as keyof EntitlementValues]),
    ),
  ) as Partial<EntitlementValues>
  const wrong = entitlementProblems({ ...stored, ...differing }, stored)
  if (includes) wrong.push(...(await checkIncludes(tx, id, includes)))
  if (differing.ownerPersonId) {
    const known = await tx.query('select from person_current where person_id = $1', [differing.ownerPersonId])
    if (known.length === 0) wrong.push({ where: 'ownerPersonId', what: 'owner-unknown' })
  }
  if (wrong.length > 0) throw invalid(wrong)
  await noteContent(tx, [id])
  const fed = FED.filter(attribute => attribute in differing)
  await writeValues(tx, id, differing, fed, { by: who.actor.userId, now: who.now })
  if (includes) await replaceIncludes(tx, id, includes)
  await keepVersions(tx, { by: who.actor.userId, reason, now: who.now })
  if ('sensitivity' in differing || 'privileged' in differing || includes) await refreshHolders(tx, id)
  else if ('licenceCap' in differing || 'licenceCounts' in differing) await syncLicences(tx)
  return done(tx, stored, differing)
}

/** Lets the feed speak again of these. */
export async function releaseEntitlementValues(
  tx: Tx,
  id: string,
  input: { stamp: string; attributes: readonly EntitlementAttribute[]; reason: string },
  who: Who,
): Promise<Changed> {
  const stored = await open(tx, id, input.stamp, who.actor)
  await noteContent(tx, [id])
  await releaseValues(tx, id, input.attributes)
  await keepVersions(tx, { by: who.actor.userId, reason: input.reason, now: who.now })
  await refreshHolders(tx, id)
  const now = await lockEntitlement(tx, id)
  const after = Object.fromEntries(input.attributes.map(name => [name, now?.[name]])) as Partial<EntitlementValues>
  return done(tx, stored, after)
}

/** A right that no feed knows of. Rules that give everything of its system give it from now on. */
export async function createEntitlementOf(
  tx: Tx,
  systemId: string,
  { key: part, reason, ...values }: BodyOf<typeof createEntitlement>,
  who: Who,
): Promise<{ id: string; key: string }> {
  const [system] = await tx.query<{ key: string; owned: boolean }>(
    'select key, owner_affiliation_id is not null as owned from it_system where id = $1 and gone_at is null',
    [systemId],
  )
  if (!system) throw problem('not-found')
  if (!allows(who.actor, 'change', 'Entitlement', { systemId }))
    throw problem('not-allowed', { detail: 'Only the owner of the system and IT may give it rights.' })
  const made = newKey(system.key, part)
  if ('where' in made) throw invalid([made])
  const all = {
    ...values,
    description: values.description || null,
    technicalNote: null,
    ownerPersonId: null,
    licenceCap: null,
    licenceCounts: 'people-held',
    approval: null,
    emergency: true,
  }
  const wrong = entitlementProblems(all, { systemHasOwner: system.owned })
  const taken = await tx.query('select from entitlement where key = $1', [made.key])
  if (taken.length > 0) wrong.push({ where: 'key', what: 'key-taken' })
  if (wrong.length > 0) throw invalid(wrong)
  const id = newId(who.now.getTime())
  await changeRules(
    tx,
    async () => {
      await tx.query(`insert into entitlement (id, key, system_id, name, source) values ($1, $2, $3, $4, 'screen')`, [
        id,
        made.key,
        systemId,
        values.name,
      ])
      await writeValues(tx, id, all, FED, { by: who.actor.userId, now: who.now })
    },
    { today: who.today, now: who.now, cause: 'entitlement', after: who.after ?? [] },
  )
  await settleGroups(tx, { id, key: made.key }, who)
  await firstVersion(tx, id, { by: who.actor.userId, reason, now: who.now })
  return { id, key: made.key }
}

/**
 * Takes an entitlement out of use. Refused (`entitlement-in-use`) while somebody is seen to hold it or a rule or role
 * names it: that would hide a right that is there, and break the rules' next import.
 */
export async function retireEntitlementOf(
  tx: Tx,
  id: string,
  { stamp, reason }: { stamp: string; reason: string },
  who: Who,
): Promise<Changed> {
  const stored = await open(tx, id, stamp, who.actor)
  if (stored.status === 'retired') throw problem('conflict', { detail: 'The right is retired already.' })
  const [used] = await tx.query<{ held: number; rules: string[]; roles: string[] }>(
    `select (select count(distinct o.account_id)::int from observed_right o where o.entitlement_id = $1) as held,
       array(select key from rights_rule where upper_inf(recorded) and $2 = any(entitlements) order by key limit 5) as rules,
       array(select key from rights_role where upper_inf(recorded)
         and entitlements @> jsonb_build_array(jsonb_build_object('key', $2::text)) order by key limit 5) as roles`,
    [id, stored.key],
  )
  if (used && used.held + used.rules.length + used.roles.length > 0)
    throw problem('entitlement-in-use', {
      detail: [
        used.held > 0 ? `${used.held} account(s) hold it: have it taken from them first.` : '',
        used.rules.length > 0 ? `Rules that name it: ${used.rules.join(', ')}.` : '',
        used.roles.length > 0 ? `Roles that name it: ${used.roles.join(', ')}.` : '',
      ]
        .filter(Boolean)
        .join(' '),
      params: { held: used.held, rules: used.rules.join(', '), roles: used.roles.join(', ') },
    })
  await switchStatus(tx, stored, 'retired', reason, who)
  return done(tx, stored, {})
}

export async function restoreEntitlementOf(
  tx: Tx,
  id: string,
  { stamp, reason }: { stamp: string; reason: string },
  who: Who,
): Promise<Changed> {
  const stored = await open(tx, id, stamp, who.actor)
  if (stored.status === 'active') throw problem('conflict', { detail: 'The right is in use.' })
  await switchStatus(tx, stored, 'active', reason, who)
  return done(tx, stored, {})
}

async function switchStatus(
  tx: Tx,
  stored: StoredEntitlement,
  status: 'active' | 'retired',
  reason: string,
  who: Who,
): Promise<void> {
  await noteContent(tx, [stored.id])
  await changeRules(
    tx,
    async () => {
      await tx.query(`update entitlement set status = $2, gone_at = $3 where id = $1`, [
        stored.id,
        status,
        status === 'retired' ? who.now : null,
      ])
    },
    { today: who.today, now: who.now, cause: 'entitlement', after: who.after ?? [] },
  )
  await settleGroups(tx, stored, who)
  await keepVersions(tx, { by: who.actor.userId, reason, now: who.now })
}

/** Groups that give it, or would, are mapped again; whoever that concerns is compared again. */
async function settleGroups(
  tx: Tx,
  entitlement: { id: string; key: string },
  { now, today, after }: Who,
): Promise<void> {
  await noteGroupsOf(tx, entitlement)
  const observed = await observeRights(tx, now, null)
  await refreshPersonRights(tx, observed.shown === null ? 'all' : observed.people)
  await refreshHolders(tx, entitlement.id)
  const people = observed.shown === null ? ('all' as const) : observed.people
  await followed(tx, after, { people, today, now, cause: 'entitlement' })
}

/** Lists count rights over protected data by person; who holds a right that includes this one holds what this one includes. */
async function refreshHolders(tx: Tx, id: string): Promise<void> {
  const rows = await tx.query<{ person_id: string }>(
    `select ac.person_id from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id
     where a.entitlement_id = $1
     union select acc.person_id from observed_right o join account acc on acc.id = o.account_id
     where (o.entitlement_id = $1 or o.entitlement_id in (select entitlement_id from entitlement_part where part_id = $1))
       and acc.person_id is not null`,
    [id],
  )
  await refreshPersonRights(
    tx,
    rows.map(row => row.person_id),
  )
  await syncRights(tx, [id])
}

async function checkIncludes(tx: Tx, id: string, wanted: readonly string[]): Promise<EntitlementProblem[]> {
  const known = await tx.query('select from entitlement where id = any($1) and gone_at is null', [wanted])
  if (known.length < new Set(wanted).size) return [{ where: 'includes', what: 'includes-unknown' }]
  const parts = await loadIncludes(tx)
  return includesItself(id, wanted, one => (one === id ? [] : (parts.get(one) ?? [])))
    ? [{ where: 'includes', what: 'includes-itself' }]
    : []
}

async function done(tx: Tx, stored: StoredEntitlement, after: Partial<EntitlementValues>): Promise<Changed> {
  const before = Object.fromEntries(
    Object.keys(after).map(name => [name, stored[name as keyof EntitlementValues]]),
  ) as Partial<EntitlementValues>
  return { id: stored.id, before, after, stamp: await stampOf(tx, stored.id) }
}
