import { catchUp } from '../../access/access-store.ts'
import { handOverExceptions } from '../../access/drift/exception-store.ts'
import { systemActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import { assignFindings } from '../../findings/finding-store.ts'
import { type FactDeps, stateFacts } from '../../people/report-facts.ts'
import { newId } from '../../platform/ids.ts'
import type { Keyring } from '../../platform/keyring.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { saveSheet } from '../../systems/catalogue/sheet-service.ts'
import { type Handed, handOver } from '../../systems/hand-over.ts'
import { approverOf } from './approval-store.ts'
import { authority, type CaseParts, type When } from './carry-out-case.ts'
import { type DueHandover, dueHandovers, orphanedApprovals, settleHandovers } from './handover-store.ts'
import { SOURCE } from './hire-door.ts'

const ACTOR = systemActor('handovers')
const REASON = 'Overtaget efter en fratrædelse'
/** Facts of a system's sheet by the kind that a report calls them. */
const ON_SHEET = { system: 'owner', responsible: 'responsible', contact: 'contact' } as const
const onSheet = (kind: string): kind is keyof typeof ON_SHEET => kind in ON_SHEET
const OF_CATALOGUE = ['right', 'account', 'account-rule', 'task-deputy']

type Parts = Pick<CaseParts, 'localAdministrators' | 'afterDecided'> & { keyring: Keyring }

/**
 * What leavers answered for, where its day has come: it is given to whom the report names. Leading a unit and standing in
 * for its leader are said by the organisation, and who owns a rule is a change of the rule: those stay on the worklist until
 * they are done there. Approvals go to whoever would be asked now. Derived from rows alone, so it may be repeated and may
 * come late. Answers how many were given on.
 */
export async function settleDue(tx: Tx, parts: Parts, when: When): Promise<number> {
  const due = await dueHandovers(tx, when.today)
  await giveSponsors(
    tx,
    due.filter(one => one.kind === 'sponsor'),
    parts,
    when,
  )
  for (const one of due) if (onSheet(one.kind)) await giveSystem(tx, one, when)
  for (const list of Map.groupBy(due, one => `${one.personId} ${one.to}`).values()) {
    const [first] = list
    if (!first) continue
    const things = list.filter(one => OF_CATALOGUE.includes(one.kind)) as (DueHandover & Handed)[]
    const of = { from: first.personId, to: first.to, job: first.job }
    if (things.length > 0) await handOver(tx, things, of, { now: when.now, reason: REASON })
    const ids = (kind: DueHandover['kind']) => list.flatMap(one => (one.kind === kind ? [one.id] : []))
    await handOverExceptions(tx, ids('exception'), of)
    if (ids('finding').length > 0)
      await assignFindings(tx, ids('finding'), { personId: of.to, by: 'handovers', now: when.now, batchId: newId() })
  }
  for (const one of await orphanedApprovals(tx, when.today)) {
    const next = await approverOf(tx, one)
    await tx.query('update lifecycle_approval set via = $2, unit_id = $3, approver_person_id = $4 where id = $1', [
      one.id,
      next.via,
      next.unitId,
      next.personId,
    ])
  }
  const given = await settleHandovers(tx, when.now)
  for (const [caseId, list] of Map.groupBy(given, one => one.caseId))
    await audit(tx).write({
      actor: ACTOR,
      action: 'case.handed-over',
      subjectKind: 'case',
      subjectId: caseId,
      detail: { things: list.map(({ kind, id }) => ({ kind, id })) },
    })
  return given.length
}

async function giveSystem(tx: Tx, one: DueHandover, when: When): Promise<void> {
  if (!onSheet(one.kind)) return
  const [system] = await tx.query<{ version: number }>(
    'select version from it_system where id = $1 and gone_at is null for update',
    [one.id],
  )
  if (!system) return
  await saveSheet(tx, { actor: ACTOR, may: () => true }, when, one.id, {
    set: { [ON_SHEET[one.kind]]: { person: one.to } },
    version: system.version,
    reason: REASON,
  })
}

/** Externals get the contact that was named: a fact like any other, since rights hang on it. */
async function giveSponsors(tx: Tx, due: readonly DueHandover[], parts: Parts, when: When): Promise<void> {
  if (due.length === 0) return
  const deps: FactDeps = { authority: await authority(tx), keyring: parts.keyring, ...when }
  const { affiliations } = await stateFacts(
    tx,
    due.map(one => ({
      kind: 'affiliation' as const,
      subjectId: one.id,
      attrs: { sponsor: one.job },
      from: when.today,
      to: null,
      source: SOURCE,
      sourceKey: one.caseId,
      assertedAt: when.now,
    })),
    deps,
  )
  await catchUp(
    tx,
    { ...when, cause: 'handover', localAdministrators: parts.localAdministrators, after: parts.afterDecided },
    affiliations,
  )
}
