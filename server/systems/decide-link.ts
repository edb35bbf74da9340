import type { z } from 'zod'
import type { linkEvidence, linkReason } from '#contract/links.ts'

export type Evidence = z.output<typeof linkEvidence>
export type LinkReason = z.output<typeof linkReason>
export type OpenLink = {
  verdict: 'is' | 'nobody' | 'out-of-scope'
  /** Whom the identity counts as today; null with `nobody` and `out-of-scope`. */
  person: string | null
  identity: string | null
  affiliation: string | null
  decidedBy: 'rule' | 'person'
  evidence: Evidence
  confidence: number
}
export type Candidate = {
  person: string
  identity: string
  /** The affiliation that the evidence names; null where it names only the person. */
  named: string | null
  /** The affiliation that the account would go with. */
  affiliation: string | null
  via: Evidence
  /** 1 the source's own person record, 2 the employee number, 3 the CPR number, 4 attributes. */
  rank: number
  confidence: number
  /** Another account of the source is this person's, or would be by evidence that is as strong. */
  taken: boolean
}
export type LinkQuestion = {
  kind: string
  /** The account names an employee or a person, so that nobody found means an unknown number. */
  numbered: boolean
  links: readonly OpenLink[]
  candidates: readonly Candidate[]
  settings: { link: boolean; certain: number; candidate: number }
}
export type LinkAnswer = {
  situation: 'linked' | 'unlinked' | 'unmatched' | 'disputed'
  reason: LinkReason | null
  person: string | null
  affiliation: string | null
  evidence: Evidence | null
  confidence: number | null
  /** Kept for the desk, the likeliest first. */
  candidates: Candidate[]
  foundLinked: boolean
  outOfScope: boolean
  byIntent: boolean
  /** A link to be stored: the rule is sure, or it contradicts the link that stands. */
  open: Candidate | null
}

/**
 * The situation of an account that is there, first match wins: what a person or its source has left out; a stored link, which
 * correlation does not ask again; numbers; attributes. Strong evidence for somebody else than the stored link makes a
 * second link, and two links to one account are an error that nothing settles but a person; until then the first holds.
 * Never links on name, e-mail or user name, nor a second account of a person on anything but a number.
 */
export function decideLink(question: LinkQuestion): LinkAnswer {
  const { links, settings } = question
  const left = links.find(link => link.verdict !== 'is')
  const stored = links.filter(link => link.verdict === 'is')
  const [first] = stored
  const numbers = best(question.candidates.filter(one => one.rank <= 2))
  if (!first && left)
    return {
      ...nobody(left.verdict === 'nobody' ? 'by-intent' : left.decidedBy === 'rule' ? 'left-out' : 'out-of-scope'),
      byIntent: left.verdict === 'nobody',
      outOfScope: left.verdict === 'out-of-scope',
    }
  if (first) {
    const other = first.decidedBy === 'rule' && people(numbers).length === 1 ? numbers[0] : undefined
    const against = other && stored.every(link => link.person !== other.person) ? other : null
    const apart = new Set(stored.map(link => link.person)).size > 1 || against !== null
    return {
      ...nobody(apart ? 'two-links' : null),
      situation: apart ? 'disputed' : 'linked',
      person: first.person,
      affiliation: first.affiliation,
      evidence: first.evidence,
      confidence: first.confidence,
      candidates: apart ? [...stored.map(ofLink), ...(against ? [against] : [])] : [],
      open: against,
    }
  }
  const near = likeliest(question.candidates.filter(one => one.confidence >= settings.candidate))
  if (near.length === 0) return nobody(whyNobody(question))
  const tier = best(near)
  const who = people(tier)
  const chosen = tier[0] as Candidate
  const answer = {
    ...nobody(null),
    evidence: chosen.via,
    confidence: chosen.confidence,
    candidates: onePerPerson(near),
  }
  if (who.length > 1) return { ...answer, situation: 'disputed', reason: 'several-people' }
  // A CPR number that names somebody else than the employee number does: one of the two is wrong.
  if (near.some(one => one.rank === 3 && one.person !== chosen.person))
    return { ...answer, situation: 'disputed', reason: 'contradiction' }
  if (chosen.confidence < settings.certain || (chosen.rank === 4 && people(near).length > 1))
    return { ...answer, situation: 'disputed', reason: 'uncertain' }
  if (chosen.rank > 2 && chosen.taken)
    return { ...answer, situation: 'unlinked', reason: 'already-linked', foundLinked: true }
  if (!settings.link) return { ...answer, situation: 'unlinked', reason: 'report-only' }
  return {
    ...answer,
    situation: 'linked',
    person: chosen.person,
    affiliation: chosen.affiliation,
    candidates: [],
    open: chosen,
  }
}

function whyNobody({ kind, numbered }: LinkQuestion): LinkReason {
  if (kind !== 'personal') return 'not-personal'
  return numbered ? 'number-unknown' : 'no-number'
}

const nobody = (reason: LinkReason | null): LinkAnswer => ({
  situation: 'unmatched',
  reason,
  person: null,
  affiliation: null,
  evidence: null,
  confidence: null,
  candidates: [],
  foundLinked: false,
  outOfScope: false,
  byIntent: false,
  open: null,
})

/** Of the strongest kind of evidence; of attributes, only the likeliest. */
function best(candidates: readonly Candidate[]): Candidate[] {
  const rank = Math.min(...candidates.map(one => one.rank))
  const tier = candidates.filter(one => one.rank === rank)
  const top = Math.max(...tier.map(one => one.confidence))
  return tier.filter(one => one.confidence === top)
}

const people = (candidates: readonly Candidate[]): string[] => [...new Set(candidates.map(one => one.person))]

const likeliest = (candidates: readonly Candidate[]): Candidate[] =>
  [...candidates].sort((a, b) => a.rank - b.rank || b.confidence - a.confidence)

function onePerPerson(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Map<string, Candidate>()
  for (const one of candidates) if (!seen.has(one.person)) seen.set(one.person, one)
  return [...seen.values()].slice(0, 20)
}

const ofLink = (link: OpenLink): Candidate => ({
  person: link.person ?? '',
  identity: link.identity ?? '',
  named: null,
  affiliation: link.affiliation,
  via: link.evidence,
  rank: 0,
  confidence: link.confidence,
  taken: false,
})
