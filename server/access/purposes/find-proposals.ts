import type { BindingObject, BindingScope } from '../../register/bindings/binding.ts'

export type Source = 'limits-kle' | 'system-kle' | 'record-systems' | 'name'
export type Confidence = 'strong' | 'medium' | 'weak'

/** One hint that something is used for an activity, as a source of hints gives it. */
export type Hint = {
  object: Extract<BindingObject, { level: 'system' | 'entitlement' }>
  systemId: string
  activityId: string
  source: Source
  /** KLE numbers, or words that are alike. */
  evidence: readonly string[]
}
export type FoundProposal = Hint & { key: string; confidence: Confidence; scope: BindingScope }

const ORDER: readonly Confidence[] = ['strong', 'medium', 'weak']
/** A system that records of many activities name is a tool for all of them: that it is named says little about its rights. */
const MANY = 3

export const proposalKey = (object: Hint['object'], activityId: string): string =>
  `${object.level}:${object.level === 'system' ? object.systemId : object.entitlementId}:${activityId}`

/**
 * Proposals from hints (gdpr.md 9.2): one for each thing and activity, as strong as its strongest hint, with the evidence of
 * all. What stands already or was refused is left out by its key. Strongest first.
 */
export function findProposals(hints: readonly Hint[], leaveOut: ReadonlySet<string>): FoundProposal[] {
  const systemsOn = new Map<string, Set<string>>()
  for (const { object, source, activityId } of hints)
    if (source === 'record-systems' && object.level === 'system')
      systemsOn.set(object.systemId, (systemsOn.get(object.systemId) ?? new Set()).add(activityId))
  const found = new Map<string, FoundProposal>()
  for (const hint of hints) {
    const key = proposalKey(hint.object, hint.activityId)
    if (leaveOut.has(key)) continue
    const confidence = strengthOf(hint, systemsOn)
    const before = found.get(key)
    const stronger = !before || ORDER.indexOf(confidence) < ORDER.indexOf(before.confidence)
    found.set(key, {
      ...(stronger ? hint : before),
      key,
      confidence: stronger ? confidence : before.confidence,
      evidence: [...new Set([...(before?.evidence ?? []), ...hint.evidence])],
      scope: hint.source === 'limits-kle' ? { kle: [...hint.evidence] } : (before?.scope ?? {}),
    })
  }
  return [...found.values()].sort(
    (a, b) => ORDER.indexOf(a.confidence) - ORDER.indexOf(b.confidence) || (a.key < b.key ? -1 : 1),
  )
}

function strengthOf({ source, object }: Hint, systemsOn: ReadonlyMap<string, ReadonlySet<string>>): Confidence {
  if (source === 'limits-kle') return 'strong'
  if (source === 'name') return 'weak'
  if (source === 'system-kle') return 'medium'
  return object.level === 'system' && (systemsOn.get(object.systemId)?.size ?? 0) > MANY ? 'weak' : 'medium'
}
