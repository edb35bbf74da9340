import type { AuditActor, AuditWrite } from '../audit/audit-entry.ts'
import type { Json, NormalAttrs } from '../platform/feed-record.ts'
import { problem } from '../platform/problem.ts'
import { type Fact, MANUAL, makeFact, type StateKind } from './fact.ts'
import { recordSchemas } from './read-records.ts'

/** What the service needs of the stores; `wiring` binds them to the command's transaction. */
export type PeopleStore = {
  lock(): Promise<void>
  subjectExists(kind: StateKind, id: string): Promise<boolean>
  facts(kind: StateKind, id: string): Promise<Fact[]>
  apply(kind: StateKind, facts: Fact[], meta: { now: Date; actorId: string | null; reason: string }): Promise<void>
  refresh(kind: StateKind, id: string, today: string): Promise<string[]>
  readCpr(personId: string): Promise<string | null>
  audit(entry: AuditWrite): Promise<unknown>
  /** Logged each time, and shown to the person. */
  auditReveal(personId: string, reason: string, actor: AuditActor): Promise<unknown>
}

export type ManualFact = {
  kind: StateKind
  subjectId: string
  /** Attributes by their names in feed records; null states that there is none. References are ids. */
  attrs: NormalAttrs
  /** Civil dates, closed-open; null = unbounded. */
  from: string | null
  to: string | null
  reason: string
  /** When it was stated; leave out for now. */
  assertedAt?: Date
}

type When = { now: Date; today: string }

/**
 * What a person knows better than the sources, through the same facts as theirs and with the authority of `manual`.
 * Answers the hash (to take it back with) and the affiliations whose facts changed.
 * Throws `reason-needed`, `not-found`, `invalid-request`.
 */
export async function recordFact(
  store: PeopleStore,
  input: ManualFact,
  actor: AuditActor,
  when: When,
): Promise<{ hash: string; changedAffiliations: string[] }> {
  const reason = reasonOf(input.reason)
  await store.lock()
  await loaded(store, input.kind, input.subjectId)
  if (input.from !== null && input.to !== null && input.to <= input.from)
    throw problem('invalid-request', {
      detail: 'The last day must be after the first.',
      errors: [{ where: 'to', what: 'ends before it starts' }],
    })
  const attrs = readStatement(input.kind, input.attrs)
  const fact = makeFact({
    source: MANUAL,
    kind: input.kind,
    subjectId: input.subjectId,
    sourceKey: input.subjectId,
    attrs,
    from: input.from,
    to: input.to,
    assertedAt: (input.assertedAt ?? when.now).toISOString(),
  })
  return write(store, fact, reason, actor, when, 'fact.recorded')
}

/**
 * Take a manual fact back; what it said is as if it had not been said, from now on. What was known until now stays
 * readable. Facts of a source are not taken back by hand: correct the source, or record a fact that stands above it.
 */
export async function retractFact(
  store: PeopleStore,
  input: { kind: StateKind; subjectId: string; hash: string; reason: string },
  actor: AuditActor,
  when: When,
): Promise<{ hash: string; changedAffiliations: string[] }> {
  const reason = reasonOf(input.reason)
  await store.lock()
  await loaded(store, input.kind, input.subjectId)
  const target = (await store.facts(input.kind, input.subjectId)).find(fact => fact.hash === input.hash)
  if (!target || target.source !== MANUAL)
    throw problem('not-found', { detail: 'There is no fact recorded by hand with this id.' })
  const fact = makeFact({
    source: MANUAL,
    kind: input.kind,
    subjectId: input.subjectId,
    sourceKey: input.subjectId,
    op: 'retract',
    retracts: target.hash,
    attrs: {},
    from: null,
    to: null,
    assertedAt: when.now.toISOString(),
  })
  return write(store, fact, reason, actor, when, 'fact.retracted')
}

/** The CPR number in clear. The reason goes into the log, which the person can see. Throws `reason-needed`, `not-found`. */
export async function revealCpr(
  store: Pick<PeopleStore, 'readCpr' | 'auditReveal'>,
  personId: string,
  reason: string,
  actor: AuditActor,
): Promise<string> {
  const why = reasonOf(reason)
  const cpr = await store.readCpr(personId)
  if (cpr === null) throw problem('not-found')
  await store.auditReveal(personId, why, actor)
  return cpr
}

async function write(
  store: PeopleStore,
  fact: Fact,
  reason: string,
  actor: AuditActor,
  when: When,
  action: string,
): Promise<{ hash: string; changedAffiliations: string[] }> {
  const subjectId = fact.subjectId as string
  const kind = fact.kind as StateKind
  await store.apply(kind, [fact], { now: when.now, actorId: actor.userId, reason })
  const changedAffiliations = await store.refresh(kind, subjectId, when.today)
  await store.audit({
    actor,
    action,
    subjectKind: kind,
    subjectId,
    personId: kind === 'person' ? subjectId : null,
    after: { attrs: fact.attrs, from: fact.from, to: fact.to, hash: fact.hash, retracts: fact.retracts },
    detail: { reason },
  })
  return { hash: fact.hash, changedAffiliations }
}

async function loaded(store: PeopleStore, kind: StateKind, id: string): Promise<void> {
  if (!(await store.subjectExists(kind, id))) throw problem('not-found')
}

function reasonOf(text: string): string {
  const reason = text.trim()
  if (reason.length < 5) throw problem('reason-needed')
  return reason
}

/** CPR numbers and realms decide who somebody is; they are not facts about somebody. */
const IDENTITY = new Set(['cpr', 'cprHash', 'cprSealed', 'realm', 'person'])

/** Attributes as a person or a program states them, one by one; null states that there is none. Throws `invalid-request`. */
export function readStatement(kind: StateKind, attrs: NormalAttrs): NormalAttrs {
  const shape: Record<string, { safeParse(value: unknown): { success: boolean; data?: unknown } }> =
    recordSchemas[kind].shape
  const errors: { where: string; what: string }[] = []
  const read: NormalAttrs = {}
  for (const [key, value] of Object.entries(attrs)) {
    const schema = IDENTITY.has(key) ? undefined : shape[key]
    if (!schema) errors.push({ where: key, what: 'unknown attribute' })
    else if (value === null) read[key] = null
    else {
      const result = schema.safeParse(value)
      if (result.success && result.data !== undefined) read[key] = result.data as Json
      else errors.push({ where: key, what: 'not a valid value' })
    }
  }
  if (errors.length > 0) throw problem('invalid-request', { detail: 'Some attributes cannot be recorded.', errors })
  if (Object.keys(read).length === 0) throw problem('invalid-request', { detail: 'State at least one attribute.' })
  return read
}
