import type { AuthorityLookup, NormalAttrs } from '../platform/feed-record.ts'
import { isId, newId } from '../platform/ids.ts'
import type { Keyring } from '../platform/keyring.ts'
import { problem } from '../platform/problem.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { parseCpr } from './cpr.ts'
import { findByCpr, knowCpr, setFirstCpr } from './cpr-store.ts'
import { refreshCurrent, refreshDeputies } from './current-store.ts'
import { type Fact, makeFact, retractionOf, type StateKind, type SubjectKind } from './fact.ts'
import { applyFacts, lockPeople } from './fact-store.ts'
import { ensureAffiliations, findPersons, insertPersonKeys, insertPersons } from './identity-store.ts'
import { readStatement } from './people-service.ts'

/**
 * Facts that are stated one at a time: by a report, by an event, by hand. They go the way that a feed's facts go, with
 * the authority of their source, so that no order of report and payroll can matter.
 */
export type FactDeps = { authority: AuthorityLookup; keyring: Keyring; now: Date; today: string }

export type StatedFact = {
  kind: 'person' | 'affiliation' | 'unit'
  subjectId: string
  /** By their names in feed records; null states that there is none. Units and sponsors are ids. */
  attrs: NormalAttrs
  /** Civil dates, closed-open; null = unbounded. Dates of the subject itself (start, end) hold for the whole of it. */
  from: string | null
  to: string | null
  source: string
  sourceKey: string
  /** Orders the statements of one source. The same statement made twice at one instant is one. */
  assertedAt: Date
  reason?: string
  /** A user; anything else than an id is left out. */
  actorId?: string
}
export type Stated = { hashes: string[]; affiliations: string[] }

export type PersonInput = {
  personId?: string
  /** In clear; sealed for the person before it is stored. */
  cpr?: string
  givenName: string
  familyName: string
  birthDate: string | null
  source: string
  /** The source's own key of the person. */
  key: string
}

/**
 * Who is meant, without a word about them: whom this source calls by the key, else who holds the number, else nobody
 * known yet. A number is only set for somebody who has none: replacing one is `replaceCpr`.
 */
export async function identifyPerson(
  tx: Tx,
  input: { source: string; key: string; cpr?: string | undefined },
  deps: Pick<FactDeps, 'keyring' | 'now'>,
): Promise<{ identityId: string; made: boolean }> {
  await lockPeople(tx)
  const cpr = input.cpr === undefined ? null : parseCpr(input.cpr)
  if (input.cpr !== undefined && cpr === null)
    throw problem('invalid-request', {
      detail: 'This is not a CPR number.',
      errors: [{ where: 'cpr', what: 'must be ten digits that begin with a date of birth' }],
    })
  const number = cpr === null ? null : knowCpr(deps.keyring, cpr)
  const keyed = (await findPersons(tx, input.source, [input.key])).get(input.key)?.find(one => one.realm === 'staff')
  const holder = number ? (await findByCpr(tx, [number])).get(`staff\n${number.cpr}`) : undefined
  const found = keyed?.personId ?? holder
  const identityId = found ?? newId(deps.now.getTime())
  if (!found) await insertPersons(tx, [{ id: identityId, realm: 'staff' }], deps.now)
  if (!keyed) await insertPersonKeys(tx, input.source, [{ key: input.key, realm: 'staff', personId: identityId }])
  if (number && identityId !== holder) await setFirstCpr(tx, deps.keyring, identityId, number)
  return { identityId, made: !found }
}

/**
 * The person that is meant: the one named, else whom this source calls by this key, else who holds the number, else a
 * new one with name and birth date as the first fact. Nobody is found by name: that is for a person to decide.
 * Throws `not-found` for an unknown `personId`, `invalid-request` for what is no CPR number.
 */
export async function findOrMakePerson(
  tx: Tx,
  input: PersonInput,
  deps: FactDeps,
): Promise<{ personId: string; made: boolean }> {
  await lockPeople(tx)
  if (input.personId !== undefined) {
    const [known] = await tx.query<{ id: string }>('select coalesce(merged_into, id) as id from person where id = $1', [
      input.personId,
    ])
    if (!known) throw problem('not-found')
    return { personId: known.id, made: false }
  }
  const { identityId, made } = await identifyPerson(tx, input, deps)
  if (!made) return { personId: await whoItIs(tx, identityId), made }
  const personId = identityId
  const attrs: NormalAttrs = { givenName: input.givenName, familyName: input.familyName }
  if (input.birthDate !== null) attrs.birthDate = input.birthDate
  await stateFacts(
    tx,
    [
      {
        kind: 'person',
        subjectId: personId,
        attrs,
        from: null,
        to: null,
        source: input.source,
        sourceKey: input.key,
        assertedAt: deps.now,
      },
    ],
    deps,
  )
  return { personId, made: true }
}

async function whoItIs(tx: Tx, id: string): Promise<string> {
  const [row] = await tx.query<{ id: string }>('select coalesce(merged_into, id) as id from person where id = $1', [id])
  return row?.id ?? id
}

/** The affiliation that a source calls by this key, made for this person where it is missing. */
export async function makeAffiliation(
  tx: Tx,
  input: { source: string; key: string; personId: string },
): Promise<string> {
  return (await ensureAffiliation(tx, input)).id
}

/** The same, with whether it was made: then nothing is stored about it yet. */
export async function ensureAffiliation(
  tx: Tx,
  { source, key, personId }: { source: string; key: string; personId: string },
): Promise<{ id: string; made: boolean }> {
  await lockPeople(tx)
  const { ids, fresh } = await ensureAffiliations(tx, source, [key], new Map([[key, personId]]))
  const id = ids.get(key) as string
  return { id, made: fresh.has(id) }
}

/**
 * States facts, derives and brings what holds today in line. Answers the hashes, to take them back with, and the
 * affiliations whose facts (what rules see) changed: hand those to `catchUp`. Stating a fact again is harmless; one
 * that was taken back stays so: state it anew with a later `assertedAt`. Throws `invalid-request`.
 */
export async function stateFacts(tx: Tx, facts: readonly StatedFact[], deps: FactDeps): Promise<Stated> {
  if (facts.length === 0) return { hashes: [], affiliations: [] }
  const made = facts.map(({ reason, actorId, assertedAt, kind, attrs, ...one }) => ({
    fact: makeFact({ ...one, kind, attrs: readStatement(kind, attrs), assertedAt: assertedAt.toISOString() }),
    reason,
    actorId,
  }))
  return { hashes: made.map(one => one.fact.hash), affiliations: await writeFacts(tx, made, deps) }
}

/**
 * Takes facts back, whatever source stated them (a retraction too): what they said is as if it had not been said, from
 * now on. Unknown hashes are left out. `assertedAt` makes a retraction that comes twice the same one.
 */
export async function retractFacts(
  tx: Tx,
  hashes: readonly string[],
  by: { reason: string; actorId?: string; assertedAt?: Date },
  deps: FactDeps,
): Promise<Stated> {
  if (hashes.length === 0) return { hashes: [], affiliations: [] }
  const rows = await tx.query<{
    hash: string
    source: string
    kind: SubjectKind
    subjectId: string
    sourceKey: string
  }>(
    `select encode(hash, 'hex') as hash, source, subject_kind as kind, subject_id as "subjectId", source_key as "sourceKey"
     from fact where hash = any(select decode(h, 'hex') from unnest($1::text[]) as h) and subject_id is not null`,
    [hashes],
  )
  const made = rows.map(row => ({
    fact: retractionOf(row, by.assertedAt ?? deps.now),
    reason: by.reason,
    actorId: by.actorId,
  }))
  return { hashes: made.map(one => one.fact.hash), affiliations: await writeFacts(tx, made, deps) }
}

type Made = { fact: Fact; reason: string | undefined; actorId: string | undefined }

/**
 * Persons before affiliations, authors apart: what is written about a fact stands on its row. `fresh`: who was made in this
 * transaction, of whom nothing is stored yet.
 */
export async function writeFacts(
  tx: Tx,
  made: readonly Made[],
  deps: FactDeps,
  fresh: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  if (made.length === 0) return []
  await lockPeople(tx)
  const touched: Record<StateKind, Set<string>> = { person: new Set(), affiliation: new Set(), unit: new Set() }
  for (const kind of ['unit', 'person', 'affiliation'] as const)
    for (const same of Map.groupBy(
      made.filter(one => one.fact.kind === kind),
      one => JSON.stringify([one.actorId, one.reason]),
    ).values()) {
      const { actorId, reason } = same[0] as Made
      const meta = { now: deps.now, actorId: actorId && isId(actorId) ? actorId : null, reason: reason ?? null }
      const facts = same.map(one => one.fact)
      await applyFacts(tx, kind, facts, deps.authority, meta, fresh.difference(touched[kind]))
      for (const fact of facts) if (fact.subjectId) touched[kind].add(fact.subjectId)
    }
  await refreshDeputies(tx)
  return refreshCurrent(
    tx,
    { persons: [...touched.person], affiliations: [...touched.affiliation], units: [...touched.unit] },
    deps.today,
  )
}
