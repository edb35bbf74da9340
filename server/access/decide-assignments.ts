import { createHash } from 'node:crypto'
import type { AffiliationFacts } from '../rules/affiliation-facts.ts'
import { type ResolvedConstraint, resolveConstraints, type UnitLookup } from '../rules/constraint.ts'
import { decide, type Held } from '../rules/decide-rights.ts'
import type { RuleIndex } from '../rules/rule-index.ts'

/** A right that should be, with all that is stored beside it. `reason` points into the reasons given with it. */
export type Decided = {
  affiliationId: string
  entitlement: string
  reason: Reason
  constraints: readonly ResolvedConstraint[]
  validTo: string | null
  validToBecause: 'rule' | 'affiliation' | null
}

/** Why, shared by all assignments that have the same: the rule and version, the role path, the facts. */
export type Reason = {
  hash: string
  ruleKey: string
  ruleVersion: number
  rolePath: readonly string[]
  matched: string
  also: string
}

/**
 * What one affiliation should hold today: CASL's answer, less every right whose constraints resolve to nothing (a
 * limit that nobody can work out removes the right, it never widens it; and a wider reason further down does not step
 * in, since the narrower rule was written to stand above it). Ended and future affiliations hold nothing.
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
    const reason = intern(reasons, { ruleKey, ruleVersion, rolePath, matched: known.text, also })
    if (alone) known.alone.set(rolePath, reason)
    return reason
  }
  const decideOne = (facts: AffiliationFacts): Decided[] => {
    if (facts.startsOn > index.on || (facts.endsOn !== null && facts.endsOn <= index.on)) return []
    const decided: Decided[] = []
    for (const held of decide(index, facts)) {
      const constraints = resolveConstraints(held.constraints, facts, units)
      if (!constraints) continue
      const ruleEnd = ends.get(held.ruleKey) ?? null
      const [validTo, validToBecause] = earliest(ruleEnd, facts.endsOn)
      decided.push({
        affiliationId: facts.id,
        entitlement: held.entitlement,
        reason: reasonOf(held),
        constraints,
        validTo,
        validToBecause,
      })
    }
    return decided
  }
  return { decideOne, reasons: reasons as ReadonlyMap<string, Reason> }
}

function earliest(rule: string | null, affiliation: string | null): [string | null, Decided['validToBecause']] {
  if (rule === null && affiliation === null) return [null, null]
  if (affiliation === null || (rule !== null && rule < affiliation)) return [rule, 'rule']
  return [affiliation, 'affiliation']
}

function intern(reasons: Map<string, Reason>, reason: Omit<Reason, 'hash'>): Reason {
  const key = `${reason.ruleKey}\n${reason.ruleVersion}\n${reason.rolePath.join('>')}\n${reason.matched}\n${reason.also}`
  const known = reasons.get(key)
  if (known) return known
  const made = { ...reason, hash: createHash('sha256').update(key).digest('hex') }
  reasons.set(key, made)
  return made
}
