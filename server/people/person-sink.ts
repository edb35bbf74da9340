import type { Applied, RecordChange, SinkContext } from '../platform/feed-record.ts'
import { newId } from '../platform/ids.ts'
import { openFeedCpr } from './cpr.ts'
import { findByCpr, type KnownCpr, knowCpr, saveCprs } from './cpr-store.ts'
import type { Fact } from './fact.ts'
import { applyStatements, lockPeople } from './fact-store.ts'
import {
  absorbPlaceholders,
  findPersons,
  insertPersonKeys,
  insertPersons,
  type PersonIdentity,
  placeholdersAmong,
  type Realm,
} from './identity-store.ts'
import { factOfChange, without } from './record-facts.ts'

/**
 * Person records. The same CPR number in the same realm is the same person, whatever the source; without one, the
 * source's own key is. A record whose key has an identity in both realms speaks for both.
 */
export async function applyPersons(ctx: SinkContext, changes: RecordChange[]): Promise<Applied[]> {
  const { tx, source, keyring } = ctx
  await lockPeople(tx)
  const known = await findPersons(
    tx,
    source,
    changes.map(change => change.key),
  )
  const cprs = new Map<string, KnownCpr>()
  for (const { key, after } of changes)
    if (typeof after?.cprSealed === 'string')
      cprs.set(
        key,
        knowCpr(keyring, openFeedCpr(keyring, after.cprSealed), keyring.keyOf(after.cprSealed), String(after.cprHash)),
      )
  const byCpr = await findByCpr(tx, [...cprs.values()])
  const placeholders = await placeholdersAmong(
    tx,
    [...known.values()].flat().map(identity => identity.personId),
  )

  const fresh = new Map<string, Realm>()
  const newKeys: PersonIdentity[] = []
  const absorbed = new Map<string, string>()
  const numbers: { personId: string; realm: Realm; number: KnownCpr }[] = []
  const identitiesOf = new Map<string, PersonIdentity[]>()
  for (const { key, op, after } of changes) {
    const identities = [...(known.get(key) ?? [])]
    identitiesOf.set(key, identities)
    if (op === 'gone') continue
    const number = cprs.get(key)
    const cpr = number?.cpr
    const stated = after?.realm as Realm | undefined
    if (identities.length === 0 || (stated && !identities.some(identity => identity.realm === stated))) {
      const realm = stated ?? 'staff'
      const same = cpr && byCpr.get(`${realm}\n${cpr}`)
      const identity = { key, realm, personId: same || newId(ctx.now.getTime()) }
      identities.push(identity)
      newKeys.push(identity)
      if (!same) fresh.set(identity.personId, realm)
    }
    for (const identity of cpr ? identities : []) {
      const name = `${identity.realm}\n${cpr}`
      const holder = byCpr.get(name)
      if (holder && holder !== identity.personId && placeholders.has(identity.personId)) {
        absorbed.set(identity.personId, holder)
        identity.personId = holder
      } else if (number) {
        // Somebody else who has facts of their own may hold the number already: both keep it, the worklist says so.
        numbers.push({ personId: identity.personId, realm: identity.realm, number })
        if (!holder) byCpr.set(name, identity.personId)
      }
    }
  }
  await insertPersons(
    tx,
    [...fresh].map(([id, realm]) => ({ id, realm })),
    ctx.now,
  )
  await insertPersonKeys(tx, source, newKeys)
  await absorbPlaceholders(
    tx,
    [...absorbed].map(([from, to]) => ({ from, to })),
  )
  await saveCprs(tx, keyring, numbers)

  const facts: Fact[] = []
  for (const change of changes) {
    const about = {
      ...change,
      before: without(change.before, 'cpr', 'cprHash', 'cprSealed', 'realm'),
      after: without(change.after, 'cpr', 'cprHash', 'cprSealed', 'realm'),
    }
    for (const { personId } of identitiesOf.get(change.key) ?? []) {
      const fact = factOfChange(about, {
        source,
        kind: 'person',
        subjectId: personId,
        today: ctx.today,
        assertedAt: ctx.seenAt,
      })
      if (fact) facts.push(fact)
    }
  }
  await applyStatements(tx, 'person', facts, ctx.authority, { now: ctx.now, runId: ctx.runId }, new Set(fresh.keys()))
  return changes.map(({ key }) => ({ key, subjectId: identitiesOf.get(key)?.[0]?.personId ?? null }))
}
