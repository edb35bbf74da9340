import { createHash } from 'node:crypto'
import type { AffiliationFacts } from '../rules/affiliation-facts.ts'
import { type ResolvedConstraint, resolveConstraints, type UnitLookup } from '../rules/constraint.ts'
import { decide } from '../rules/decide-rights.ts'
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
        reason: intern(reasons, {
          ruleKey: held.ruleKey,
          ruleVersion: held.ruleVersion,
          rolePath: held.rolePath,
          matched: JSON.stringify(held.matched),
          also:
            held.alsoBecause.length === 0
              ? '[]'
              : JSON.stringify(
                  held.alsoBecause.map(({ ruleKey, ruleVersion, rolePath, matched }) => ({
                    ruleKey,
                    ruleVersion,
                    rolePath,
                    matched,
                  })),
                ),
        }),
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
