import { type MergeParts, merge, unmerge } from '../../access/merge-people.ts'
import { systemActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import { mergeAffiliations, unmergeAffiliations } from '../../people/affiliation-merge-store.ts'
import { canonical, type Fact, MANUAL } from '../../people/fact.ts'
import { loadFacts } from '../../people/fact-store.ts'
import { type FactDeps, retractFacts, type StatedFact, stateFacts } from '../../people/report-facts.ts'
import type { Json, NormalAttrs } from '../../platform/feed-record.ts'
import { isProblem, problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { candidates, keepOpen, lockMatch, type MatchRow, openMatch, settleMatch } from './match-store.ts'
import { weighMatch } from './weigh-match.ts'

export type MatchParts = FactDeps & Pick<MergeParts, 'localAdministrators' | 'after'>
export type Decision = { reason: string; by: string; keepReport: readonly string[]; takePayroll: readonly string[] }

/** The one who decides where nobody has to be asked. */
export const BY_ITSELF = 'matching'
const REPORT = 'report'
/** HR's own decisions about an employment are never payroll's, however alike they are. */
const HR_DECIDES = [
  'accessEndsOn',
  'lastWorkingDay',
  'releasedFrom',
  'endGoverns',
  'endReason',
  'leaveReason',
  'unitOverride',
]

/**
 * Holds waiting reports against what payroll says. A number that is certain makes the two one by itself; the rest waits
 * for a person. Harmless to repeat. Answers the affiliations whose facts changed.
 */
export async function matchReports(tx: Tx, parts: MatchParts): Promise<string[]> {
  const weighed = (await candidates(tx)).flatMap(one => {
    const weight = weighMatch(one)
    return weight ? [{ ...one, ...weight }] : []
  })
  const decided =
    weighed.length === 0
      ? []
      : await tx.query<{ report: string; payroll: string }>(
          `select report_id as report, payroll_id as payroll from affiliation_match where state <> 'open'`,
        )
  const said = new Set(decided.map(row => `${row.report} ${row.payroll}`))
  const open = weighed.filter(one => !said.has(`${one.reportId} ${one.payrollId}`))
  await keepOpen(tx, open, parts.now)
  const changed: string[] = []
  let made = 0
  for (const one of open.filter(pair => pair.certain)) {
    // Two rows that are as certain as each other are none: a person has to look.
    if (
      open.filter(other => other.certain && (other.reportId === one.reportId || other.payrollId === one.payrollId))
        .length > 1
    )
      continue
    const id = await openMatch(tx, one.reportId, one.payrollId)
    const match = id ? await lockMatch(tx, id) : null
    if (!match) continue
    await tx.query('savepoint match_by_itself')
    try {
      changed.push(
        ...(await makeOne(
          tx,
          match,
          { reason: `certain by ${one.evidence}`, by: BY_ITSELF, keepReport: [], takePayroll: [] },
          parts,
        )),
      )
      await tx.query('release savepoint match_by_itself')
      made += 1
    } catch (error) {
      // Two people whom their numbers keep apart: it stays open, and the desk says why.
      if (!isProblem(error)) throw error
      await tx.query('rollback to savepoint match_by_itself')
    }
  }
  if (made > 0)
    await audit(tx).write({
      actor: systemActor(BY_ITSELF),
      action: 'affiliation-match.made',
      subjectKind: 'affiliation-match',
      detail: { made },
    })
  return changed
}

/**
 * The two are one employment of one person. What both say is payroll's from now on; what they say differently follows
 * the authority of the sources unless the decision says otherwise. Answers the affiliations whose facts changed.
 * Throws `merge-refused`, `conflict`.
 */
export async function makeOne(tx: Tx, match: MatchRow, decision: Decision, parts: MatchParts): Promise<string[]> {
  if (match.state !== 'open') throw problem('conflict', { detail: 'Something has been said about this pair already.' })
  const { reason, by } = decision
  const personMerge =
    match.reportPersonId === match.payrollPersonId
      ? null
      : await merge(
          tx,
          { survivorId: match.reportPersonId, absorbedId: match.payrollPersonId, reason },
          { userId: by },
          parts,
        )
  const { mergeId, affiliations } = await mergeAffiliations(
    tx,
    { survivorId: match.reportId, absorbedId: match.payrollId, actorId: by, reason },
    parts,
  )
  const { hashes, changed } = await settleValues(tx, match, decision, parts)
  await settleMatch(tx, match.id, {
    state: 'same',
    mergeId,
    personMergeId: personMerge?.mergeId ?? null,
    facts: hashes,
    by,
    at: parts.now,
    reason,
  })
  return [...affiliations, ...changed]
}

async function settleValues(
  tx: Tx,
  match: MatchRow,
  decision: Decision,
  parts: MatchParts,
): Promise<{ hashes: string[]; changed: string[] }> {
  const facts = await loadFacts(tx, 'affiliation', [match.reportId, match.payrollId])
  const reported = standing(facts.get(match.reportId) ?? []).filter(fact => fact.source === REPORT)
  const said = latest(standing(facts.get(match.payrollId) ?? []))
  const mine = latest(reported)
  const equal = Object.keys(mine).filter(name => name in said && canonical(mine[name]) === canonical(said[name]))
  const payrolls = new Set(
    [...equal, ...decision.takePayroll.filter(name => name in said)].filter(name => !HR_DECIDES.includes(name)),
  )
  const who = { reason: decision.reason, actorId: decision.by }
  const state: StatedFact[] = []
  const back: string[] = []
  for (const fact of reported) {
    const rest = Object.fromEntries(Object.entries(fact.attrs).filter(([name]) => !payrolls.has(name)))
    if (Object.keys(rest).length === Object.keys(fact.attrs).length) continue
    back.push(fact.hash)
    if (Object.keys(rest).length > 0)
      state.push({
        kind: 'affiliation',
        subjectId: match.reportId,
        attrs: rest,
        from: fact.from,
        to: fact.to,
        source: REPORT,
        sourceKey: fact.sourceKey,
        assertedAt: new Date(Date.parse(fact.assertedAt) + 1),
        ...who,
      })
  }
  const kept = Object.fromEntries(
    decision.keepReport.filter(name => name in mine).map(name => [name, mine[name] as Json]),
  )
  // Behind everything that was reported, also within one instant.
  const behind = Math.max(parts.now.getTime(), ...reported.map(fact => Date.parse(fact.assertedAt) + 2))
  const own = {
    kind: 'affiliation' as const,
    subjectId: match.reportId,
    from: null,
    to: null,
    assertedAt: new Date(behind),
    ...who,
  }
  if (Object.keys(kept).length > 0) state.push({ ...own, attrs: kept, source: MANUAL, sourceKey: match.id })
  state.push({ ...own, attrs: { payrollConfirmed: true }, source: REPORT, sourceKey: match.id })
  const taken = await retractFacts(tx, back, { ...who }, parts)
  const stated = await stateFacts(tx, state, parts)
  return { hashes: [...taken.hashes, ...stated.hashes], changed: [...taken.affiliations, ...stated.affiliations] }
}

/** Takes back what was said about a pair, with everything that followed from it. Answers changed affiliations. */
export async function takeApart(
  tx: Tx,
  match: MatchRow,
  undone: { reason: string; by: string },
  parts: MatchParts,
): Promise<string[]> {
  if (match.state === 'open') throw problem('conflict', { detail: 'Nothing has been said about this pair.' })
  const changed: string[] = []
  if (match.state === 'same') {
    const taken = await retractFacts(tx, match.facts, { reason: undone.reason, actorId: undone.by }, parts)
    changed.push(...taken.affiliations)
    const [open] = await tx.query('select from affiliation_merge where id = $1 and undone_at is null', [match.mergeId])
    if (match.mergeId && open) {
      const apart = await unmergeAffiliations(
        tx,
        { mergeId: match.mergeId, actorId: undone.by, reason: undone.reason },
        parts,
      )
      changed.push(...apart.affiliations)
    }
    if (match.personMergeId)
      await unmerge(tx, { mergeId: match.personMergeId, reason: undone.reason }, { userId: undone.by }, parts)
  }
  // What was made by itself would be made again by itself.
  const to = match.decidedBy === BY_ITSELF ? 'different' : 'open'
  await settleMatch(tx, match.id, {
    state: to,
    mergeId: null,
    personMergeId: null,
    facts: [],
    by: to === 'open' ? null : undone.by,
    at: to === 'open' ? null : parts.now,
    reason: to === 'open' ? null : undone.reason,
  })
  return changed
}

/** Facts that nobody has taken back. */
export function standing(facts: readonly Fact[]): Fact[] {
  const retractors = Map.groupBy(
    facts.filter(fact => fact.retracts !== null),
    fact => fact.retracts as string,
  )
  const holds = (hash: string): boolean => !(retractors.get(hash) ?? []).some(fact => holds(fact.hash))
  return facts.filter(fact => fact.op === 'assert' && holds(fact.hash))
}

/** What was said last about each attribute, whatever day it is about. */
export function latest(facts: readonly Fact[]): NormalAttrs {
  const attrs: NormalAttrs = {}
  for (const fact of [...facts].sort((a, b) =>
    a.assertedAt < b.assertedAt ? -1 : a.assertedAt > b.assertedAt ? 1 : a.hash < b.hash ? -1 : 1,
  ))
    Object.assign(attrs, fact.attrs)
  return Object.fromEntries(Object.entries(attrs).filter(([, value]) => value !== null))
}
