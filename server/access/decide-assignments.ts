import { createHash } from 'node:crypto'
import type { AffiliationFacts } from '../rules/affiliation-facts.ts'
import { type ResolvedConstraint, resolveConstraints, type UnitLookup } from '../rules/constraint.ts'
import { decide, decidingRule, type Held } from '../rules/decide-rights.ts'
import type { RuleIndex } from '../rules/rule-index.ts'

/** A right that should be, with all that is stored beside it. `reason` points into the reasons given with it. */
export type Decided = {
  affiliationId: string
  entitlement: string
  reason: Reason
  constraints: readonly ResolvedConstraint[]
  validTo: string | null
  validToBecause: 'rule' | 'affiliation' | 'grant' | null
}

/** What a right given by hand looks like to the decision; see `StandingGrant`. */
export type GivenRight = {
  id: string
  entitlement: string
  constraints: readonly ResolvedConstraint[]
  /** Civil, closed-open. */
  to: string | null
}

/**
 * Why a grant in force gives nothing: `prohibited:<rule>` a rule says that it must never be held; `limits` its limits, or
 * those of the rule that gives the same, resolve to nothing; `not-active` the affiliation is not in force; `retired`
 * nobody is given the right any more.
 */
export type NoEffect = { grantId: string; because: string }

/** Why, shared by all assignments that have the same: the rule and version, the role path, the facts. */
export type Reason = {
  hash: string
  ruleKey: string
  ruleVersion: number
  rolePath: readonly string[]
  matched: string
  also: string
  /** The grant that it rests on; `ruleKey` is empty then, and the version 0. */
  grantId: string | null
}

/**
 * What one affiliation should hold today: CASL's answer, less every right whose constraints resolve to nothing (a
 * limit that nobody can work out removes the right, it never widens it; and a wider reason further down does not step
 * in, since the narrower rule was written to stand above it). Ended and future affiliations hold nothing.
 *
 * A right given by hand comes last: where a rule gives the same, that is the reason and the grant stands beside it; what
 * a rule prohibits, or cannot be limited, no grant gives. Of two grants of one right the one that lasts longest counts.
 */
export function createDecider(index: RuleIndex, units: UnitLookup) {
  const reasons = new Map<string, Reason>()
  const ends = new Map(index.rules.map(one => [one.rule.key, one.rule.validTo]))
  // What one rule found in one affiliation is one list, whatever the number of rights it gives: looked at once. Most
  // affiliations show a rule the same facts as the one before did.
  type Ground = { text: string; alone: Map<Held['rolePath'], Reason> }
  const seen = new WeakMap<Held['matched'], Ground>()
  const grounds = new Map<string, Map<string, Ground>>()
  const groundOf = (rule: string, matched: Held['matched']): Ground => {
    const text = JSON.stringify(matched)
    const ofRule = grounds.get(rule) ?? new Map<string, Ground>()
    grounds.set(rule, ofRule)
    const ground = ofRule.get(text) ?? { text, alone: new Map() }
    ofRule.set(text, ground)
    return ground
  }
  const reasonOf = ({ ruleKey, ruleVersion, rolePath, matched, alsoBecause }: Held): Reason => {
    let known = seen.get(matched)
    if (!known) {
      known = groundOf(`${ruleKey} ${ruleVersion}`, matched)
      seen.set(matched, known)
    }
    const alone = alsoBecause.length === 0
    const same = alone && known.alone.get(rolePath)
    if (same) return same
    const also = alone
      ? '[]'
      : JSON.stringify(
          alsoBecause.map(one => ({
            ruleKey: one.ruleKey,
            ruleVersion: one.ruleVersion,
            rolePath: one.rolePath,
            matched: one.matched,
          })),
        )
    const reason = intern(reasons, { ruleKey, ruleVersion, rolePath, matched: known.text, also, grantId: null })
    if (alone) known.alone.set(rolePath, reason)
    return reason
  }
  const besides = (held: Held, grants: readonly GivenRight[]): Reason => {
    const rule = reasonOf(held)
    const also = JSON.stringify([...(JSON.parse(rule.also) as unknown[]), ...grants.map(one => ({ grantId: one.id }))])
    return intern(reasons, { ...rule, also })
  }
  const decideOne = (
    facts: AffiliationFacts,
    grants: readonly GivenRight[] = NO_GRANTS,
    noEffect?: NoEffect[],
  ): Decided[] => {
    if (facts.startsOn > index.on || (facts.endsOn !== null && facts.endsOn <= index.on)) {
      for (const grant of grants) noEffect?.push({ grantId: grant.id, because: 'not-active' })
      return []
    }
    const decided: Decided[] = []
    const granted = grants.length === 0 ? null : Map.groupBy(grants, grant => grant.entitlement)
    for (const held of decide(index, facts)) {
      const constraints = resolveConstraints(held.constraints, facts, units)
      const given = granted?.get(held.entitlement)
      if (given) granted?.delete(held.entitlement)
      if (!constraints) {
        for (const grant of given ?? []) noEffect?.push({ grantId: grant.id, because: 'limits' })
        continue
      }
      const ruleEnd = ends.get(held.ruleKey) ?? null
      const [validTo, validToBecause] = earliest(ruleEnd, facts.endsOn)
      decided.push({
        affiliationId: facts.id,
        entitlement: held.entitlement,
        reason: given ? besides(held, given) : reasonOf(held),
        constraints,
        validTo,
        validToBecause,
      })
    }
    for (const [entitlement, given] of granted ?? []) {
      const against = whyNotGiven(index, facts, entitlement)
      const able = against ? [] : given.filter(grant => grant.constraints.every(limit => limit.values.length > 0))
      for (const grant of given)
        if (!able.includes(grant)) noEffect?.push({ grantId: grant.id, because: against ?? 'limits' })
      const [first, ...others] = able.sort(longestFirst)
      if (!first) continue
      const byGrant = first.to !== null && (facts.endsOn === null || first.to < facts.endsOn)
      decided.push({
        affiliationId: facts.id,
        entitlement,
        reason: intern(reasons, {
          ...{ ruleKey: '', ruleVersion: 0, rolePath: [], matched: '[]', grantId: first.id },
          also: JSON.stringify(others.map(grant => ({ grantId: grant.id }))),
        }),
        constraints: first.constraints,
        validTo: byGrant ? first.to : facts.endsOn,
        validToBecause: byGrant ? 'grant' : facts.endsOn === null ? null : 'affiliation',
      })
    }
    return decided
  }
  return { decideOne, reasons: reasons as ReadonlyMap<string, Reason> }
}

const NO_GRANTS: readonly GivenRight[] = []

/** Open ends last longest; among equals the id decides, so that the same grants always give the same reason. */
const longestFirst = (a: GivenRight, b: GivenRight) =>
  (b.to ?? '9').localeCompare(a.to ?? '9') || (a.id < b.id ? -1 : 1)

/** Asked only where no rule in the end gives the right: then the rule that decides, if there is one, takes it away. */
function whyNotGiven(index: RuleIndex, facts: AffiliationFacts, entitlement: string): string | null {
  const id = index.idOf.get(entitlement)
  if (id === undefined) return 'retired'
  const against = decidingRule(index, facts, id)
  return against?.inverted ? `prohibited:${against.key}` : null
}

function earliest(rule: string | null, affiliation: string | null): [string | null, Decided['validToBecause']] {
  if (rule === null && affiliation === null) return [null, null]
  if (affiliation === null || (rule !== null && rule < affiliation)) return [rule, 'rule']
  return [affiliation, 'affiliation']
}

function intern(reasons: Map<string, Reason>, reason: Omit<Reason, 'hash'>): Reason {
  const key = `${reason.ruleKey}\n${reason.ruleVersion}\n${reason.rolePath.join('>')}\n${reason.matched}\n${reason.also}${reason.grantId === null ? '' : `\n${reason.grantId}`}`
  const known = reasons.get(key)
  if (known) return known
  const made = { ...reason, hash: createHash('sha256').update(key).digest('hex') }
  reasons.set(key, made)
  return made
}
