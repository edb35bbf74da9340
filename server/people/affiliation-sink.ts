import type { Applied, NormalAttrs, RecordChange, SinkContext } from '../platform/feed-record.ts'
import { openCpr } from './cpr.ts'
import { knowCpr, saveCprs } from './cpr-store.ts'
import { type Fact, makeFact } from './fact.ts'
import { applyFacts, applyStatements, loadFacts, lockPeople } from './fact-store.ts'
import {
  ensureAffiliations,
  ensurePersons,
  ensureUnits,
  findPersons,
  type Realm,
  setAffiliationPersons,
} from './identity-store.ts'
import { factOfChange, keysOf, resolveRefs } from './record-facts.ts'

/** Affiliation records. The kind decides the realm: a pupil's person and an employee's are never one. */
export async function applyAffiliations(ctx: SinkContext, changes: RecordChange[]): Promise<Applied[]> {
  const { tx, source } = ctx
  await lockPeople(tx)
  const wanted = changes.flatMap(({ after }) => {
    const key = after?.person
    return typeof key === 'string' ? [{ key, realm: realmOf(after) }] : []
  })
  const persons = await ensurePersons(tx, source, wanted, ctx.now)
  await copyToSplit(ctx, persons.split)
  const earlier = await findPersons(tx, source, [...keysOf(changes, 'person')])
  const units = await ensureUnits(tx, keysOf(changes, 'unit', 'unitOverride'), false)
  const payUnits = await ensureUnits(tx, keysOf(changes, 'payUnit'), true)
  const personOf = (attrs: NormalAttrs | null, key: string) =>
    persons.ids.get(`${realmOf(attrs)}\n${key}`) ??
    earlier.get(key)?.find(entry => entry.realm === realmOf(attrs))?.personId
  const holders = new Map<string, string>()
  for (const { key, after } of changes) {
    const personId = typeof after?.person === 'string' ? personOf(after, after.person) : undefined
    if (personId) holders.set(key, personId)
  }
  const own = await ensureAffiliations(
    tx,
    source,
    changes.map(change => change.key),
    holders,
  )
  const sponsors = await ensureAffiliations(tx, source, keysOf(changes, 'sponsor'))

  const facts: Fact[] = []
  for (const change of changes) {
    const subjectId = own.ids.get(change.key)
    if (!subjectId) continue
    const resolved = resolveRefs(
      {
        ...change,
        before: resolvePerson(change.before, personOf),
        after: resolvePerson(change.after, personOf),
      },
      {
        unit: key => units.ids.get(key),
        unitOverride: key => units.ids.get(key),
        payUnit: key => payUnits.ids.get(key),
        sponsor: key => sponsors.ids.get(key),
      },
    )
    const fact = factOfChange(resolved, {
      source,
      kind: 'affiliation',
      subjectId,
      today: ctx.today,
      assertedAt: ctx.seenAt,
    })
    if (fact) facts.push(fact)
  }
  await setAffiliationPersons(
    tx,
    [...holders].flatMap(([key, personId]) => {
      const id = own.ids.get(key)
      return id && !own.fresh.has(id) ? [{ id, personId }] : []
    }),
  )
  await applyStatements(tx, 'affiliation', facts, ctx.authority, { now: ctx.now, runId: ctx.runId }, own.fresh)
  return changes.map(({ key, after }) => {
    const situation = situationOf(after, units.fresh, units.ids, payUnits.fresh, payUnits.ids)
    return { key, subjectId: own.ids.get(key) ?? null, ...(situation ? { situation } : {}) }
  })
}

export function realmOf(attrs: NormalAttrs | null): Realm {
  return attrs?.affiliationKind === 'pupil' ? 'pupil' : 'staff'
}

function resolvePerson(
  attrs: NormalAttrs | null,
  find: (attrs: NormalAttrs, key: string) => string | undefined,
): NormalAttrs | null {
  if (attrs === null || typeof attrs.person !== 'string') return attrs
  return { ...attrs, person: find(attrs, attrs.person) ?? null }
}

/** A unit that nobody has described yet: the affiliation stands, and so does a row on the worklist. */
function situationOf(
  attrs: NormalAttrs | null,
  freshUnits: ReadonlySet<string>,
  unitIds: ReadonlyMap<string, string>,
  freshPay: ReadonlySet<string>,
  payIds: ReadonlyMap<string, string>,
): string | null {
  for (const name of ['unit', 'unitOverride']) {
    const key = attrs?.[name]
    if (typeof key === 'string' && freshUnits.has(unitIds.get(key) ?? '')) return 'unknown-unit'
  }
  const pay = attrs?.payUnit
  return typeof pay === 'string' && freshPay.has(payIds.get(pay) ?? '') ? 'unknown-unit' : null
}

/** A second identity under the same key starts with what the record said about the first. */
async function copyToSplit(
  ctx: SinkContext,
  split: readonly { key: string; from: string; to: string; realm: Realm }[],
): Promise<void> {
  if (split.length === 0) return
  const stored = await loadFacts(
    ctx.tx,
    'person',
    split.map(entry => entry.from),
  )
  const facts = split.flatMap(({ key, from, to }) =>
    (stored.get(from) ?? [])
      .filter(fact => fact.source === ctx.source && fact.sourceKey === key && fact.op === 'assert')
      .map(({ hash: _, ...fact }) => makeFact({ ...fact, subjectId: to })),
  )
  await applyFacts(
    ctx.tx,
    'person',
    facts,
    ctx.authority,
    { now: ctx.now, runId: ctx.runId },
    new Set(split.map(entry => entry.to)),
  )
  const sealed = await ctx.tx.query<{ person: string; sealed: string }>(
    'select person_id as person, sealed from person_cpr where person_id = any($1)',
    [split.map(entry => entry.from)],
  )
  const cprs = new Map(sealed.map(row => [row.person, openCpr(ctx.keyring, row.sealed, row.person)]))
  const numbers = split.flatMap(({ from, to, realm }) => {
    const cpr = cprs.get(from)
    return cpr ? [{ personId: to, realm, number: knowCpr(ctx.keyring, cpr) }] : []
  })
  await saveCprs(ctx.tx, ctx.keyring, numbers)
}
