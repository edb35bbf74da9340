import type { ProposalReason } from '#contract/mappings.ts'
import { likeOneOf, wordsOf } from './words.ts'

/** A right that a group may give. `system` is the key of its system. */
export type Right = {
  id: string
  key: string
  name: string
  description: string | null
  system: string
  systemName: string
  privileged: boolean
  /** The unit that nearly all who are seen to hold it belong to, or else the one that its system belongs to. */
  home: { unit: string; by: 'holders' | 'system' } | null
}
export type OpenGroup = {
  id: string
  name: string
  description: string | null
  /** People behind the accounts in it, groups within it included. */
  people: number
  /** Groups that give a right and that this one is a member of. */
  nestedIn: number
  /** Its people are those of this unit, and nearly nobody else. */
  unit: string | null
  /** Units that most of its people belong to, at any depth, and what share of them. Units of half the town say nothing. */
  units: readonly { id: string; name: string; share: number }[]
}
/** Of the people in the group, `shared` should hold the right, as `expected` people do. */
export type Overlap = { groupId: string; rightId: string; shared: number; expected: number }
export type MappedName = { name: string; rightId: string }

export type Level = 'strong' | 'possible' | 'weak' | 'none'
export type Candidate = { rightId: string; confidence: number; level: Level; reasons: ProposalReason[] }
export type GroupProposal = {
  groupId: string
  people: number
  level: Level
  notRight: boolean
  notRightReasons: ProposalReason[]
  candidates: Candidate[]
}

const LEVELS: readonly [Level, number][] = [
  ['strong', 80],
  ['possible', 55],
  ['weak', 30],
]
export const levelOf = (confidence: number): Level => LEVELS.find(([, from]) => confidence >= from)?.[0] ?? 'none'

/** How much each kind of evidence can say at most: 0.7 of name and 0.6 of members together are 0.88. */
const WEIGHT = { name: 0.72, description: 0.45, members: 0.6, holders: 0.35, system: 0.15 }
/** Fewer people than this in common may be chance. */
const ENOUGH = 3
const MOST_CANDIDATES = 5

/** What is known of all groups: the rights, and how the groups that are mapped already are named. */
export type Conversant = {
  rights: readonly Right[]
  mapped: readonly MappedName[]
  /** Names of groups that people have set aside as not being about rights. */
  aside: readonly string[]
}

/**
 * What each group might give, with reasons in words: its name and description beside the names of systems and rights, in
 * the conventions that the mapped groups show; the people in it beside those who should hold the right; and, where
 * something is named, their units beside those of its holders and its system, before there is any rule. Pure, and
 * the same for the same input, all groups at once or some at a time. A privileged right is never proposed as `strong`: a
 * person looks at it alone.
 */
export function createProposer({
  rights,
  mapped,
  aside,
}: Conversant): (groups: readonly OpenGroup[], overlaps: readonly Overlap[]) => GroupProposal[] {
  const byId = new Map(rights.map(right => [right.id, right]))
  const conventions = learn(mapped, byId)
  const asidePrefixes = learnAside(aside, mapped)
  const reader = createReader(rights, conventions)
  return (groups, found) => {
    const overlaps = Map.groupBy(found, one => one.groupId)
    return groups.map(group => {
      const notRightReasons = notARight(group, asidePrefixes)
      const named = reader(wordsOf(group.name))
      const described = group.description ? reader(wordsOf(group.description)) : new Map<string, Text>()
      const shared = new Map((overlaps.get(group.id) ?? []).map(one => [one.rightId, one]))
      const ids = new Set([...named.keys(), ...described.keys(), ...shared.keys()])
      const weighed = [...ids]
        .flatMap(id => {
          const right = byId.get(id)
          return right ? [weigh(group, right, named.get(id), described.get(id), shared.get(id))] : []
        })
        .sort((a, b) => b.confidence - a.confidence || (byId.get(a.rightId)!.key < byId.get(b.rightId)!.key ? -1 : 1))
      const candidates = settle(weighed, byId)
      const best = candidates[0]
      const notRight = notRightReasons.length > 0 && (best === undefined || best.level !== 'strong')
      return {
        groupId: group.id,
        people: group.people,
        level: notRight ? 'none' : (best?.level ?? 'none'),
        notRight,
        notRightReasons,
        candidates,
      }
    })
  }
}

function weigh(
  group: OpenGroup,
  right: Right,
  named: Text | undefined,
  described: Text | undefined,
  overlap: Overlap | undefined,
): Candidate {
  const reasons: ProposalReason[] = []
  const union = overlap ? group.people + overlap.expected - overlap.shared : 0
  const alike = overlap && union > 0 ? overlap.shared / union : 0
  // A group that holds only some of those who should is as good a sign as the right being new to it.
  const within = overlap && group.people > 0 ? overlap.shared / group.people : 0
  const support = overlap ? Math.min(1, overlap.shared / ENOUGH) : 0
  const members = Math.max(alike, 0.5 * within * (named ? 1 : alike > 0.2 ? 1 : 0)) * support
  if (named && named.score >= 0.3)
    reasons.push({
      code: named.learned ? 'convention' : 'name',
      values: { words: named.words.join(' '), percent: percent(named.score) },
    })
  if (described && described.score >= 0.4)
    reasons.push({
      code: 'description',
      values: { words: described.words.join(' '), percent: percent(described.score) },
    })
  if (overlap && members > 0.1)
    reasons.push({
      code: 'members',
      values: { shared: overlap.shared, people: group.people, expected: overlap.expected, percent: percent(alike) },
    })
  const at = named || described ? unitSign(group, right) : null
  if (at) reasons.push({ code: `units-${at.by}`, values: { unit: at.name, percent: Math.floor(100 * at.share) } })
  let doubt = 1
  for (const [kind, score] of [
    ['name', named?.score ?? 0],
    ['description', described?.score ?? 0],
    ['members', members],
    [at?.by ?? 'system', at?.score ?? 0],
  ] as const)
    doubt *= 1 - WEIGHT[kind] * score
  let confidence = 1 - doubt
  // Members alone are weak: whole units hold a dozen rights in common.
  if (!named && !described) confidence = Math.min(confidence, 0.5)
  // The name may be right and the group empty; but where nearly nobody in it should hold the right, it is something else.
  if (group.people >= 5 && within < 0.1 && (named || described)) {
    confidence *= 0.85
    reasons.push({ code: 'few-members', values: { shared: overlap?.shared ?? 0, people: group.people } })
  }
  return { rightId: right.id, confidence: percent(confidence), level: 'none', reasons }
}

/** From which share on its people's units say something of a group. */
export const MOST_OF_THEM = 0.6

/**
 * Most of its people belong to the unit where the right is at home: that tells rights apart that a name does not. A
 * group that is a unit's people is about the unit, and says nothing so. Alone it proposes nothing: where names of
 * the demonstration's groups were taken away, all 25 rights that it proposed were wrong.
 */
function unitSign(group: OpenGroup, right: Right) {
  const at = group.unit === null ? group.units.find(one => one.id === right.home?.unit) : undefined
  if (!at || !right.home || at.share < MOST_OF_THEM || group.people < ENOUGH) return null
  return { ...at, by: right.home.by, score: (at.share - 0.5) / 0.5 }
}

/** The best few; doubtful where two come close, and never `strong` for what administers. */
function settle(weighed: readonly Candidate[], byId: ReadonlyMap<string, Right>): Candidate[] {
  const best = weighed.filter(one => one.confidence >= 15).slice(0, MOST_CANDIDATES)
  const [first, second] = best
  const close = first !== undefined && second !== undefined && first.confidence - second.confidence < 5
  return best.map((one, place) => {
    const reasons = [...one.reasons]
    let { confidence } = one
    if (place === 0 && close && second) {
      confidence = Math.round(confidence * 0.85)
      reasons.push({ code: 'close', values: { right: byId.get(second.rightId)?.name ?? '' } })
    }
    let level = levelOf(confidence)
    if (byId.get(one.rightId)?.privileged) {
      reasons.push({ code: 'privileged', values: {} })
      if (level === 'strong') level = 'possible'
    }
    return { ...one, confidence, level, reasons }
  })
}

const percent = (share: number) => Math.round(share * 100)

/** How well a text names a right; `words` are the right's words that were found. */
type Text = { score: number; words: string[]; learned: boolean }
type Conventions = {
  /** Words that stand in the names of groups of many systems, and so name none. */
  noise: ReadonlySet<string>
  systems: ReadonlyMap<string, string>
  /** A word of mapped groups that always means a right of this key, such as `rw` for `skriv`. */
  endings: ReadonlyMap<string, string>
}

const endingOf = (key: string) => key.slice(key.indexOf('/') + 1)

/** What the groups that are mapped already show of how groups are named here. */
function learn(mapped: readonly MappedName[], byId: ReadonlyMap<string, Right>): Conventions {
  const bySystem = new Map<string, Map<string, number>>()
  const byEnding = new Map<string, Map<string, number>>()
  const count = (table: Map<string, Map<string, number>>, word: string, what: string) => {
    const row = table.get(word) ?? new Map<string, number>()
    table.set(word, row)
    row.set(what, (row.get(what) ?? 0) + 1)
  }
  for (const { name, rightId } of mapped) {
    const right = byId.get(rightId)
    if (!right) continue
    for (const word of new Set(wordsOf(name))) {
      count(bySystem, word, right.system)
      count(byEnding, word, endingOf(right.key))
    }
  }
  const noise = new Set(COMMON)
  const systems = new Map<string, string>()
  const endings = new Map<string, string>()
  for (const [word, counts] of bySystem) {
    const ends = byEnding.get(word)!
    const [system, most] = top(counts)
    const [ending, often] = top(ends)
    const all = sum(counts)
    if (counts.size >= 3 && ends.size >= 3) noise.add(word)
    // A letter or a number names no system, however often it stands beside one.
    else if (all >= 2 && most / all >= 0.8 && ends.size > 1 && /[a-z]{3}/.test(word)) systems.set(word, system)
    if (all >= 2 && often / all >= 0.8 && counts.size > 1) endings.set(word, ending)
  }
  return { noise, systems, endings }
}

/** Words that say "group of rights" anywhere, and those that join others. */
const COMMON = (
  'app acl ad adgang adgange g gg dg grp gruppe grupper group role rolle sec ug til ' +
  'af alle at de den der det en er et for fra har i kan med og om paa som ved'
).split(' ')

const top = (counts: ReadonlyMap<string, number>): [string, number] =>
  [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] ?? ['', 0]
const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((all, one) => all + one, 0)

/** Reads words of a group into the rights that they may name, with how well. */
function createReader(
  rights: readonly Right[],
  conventions: Conventions,
): (words: readonly string[]) => Map<string, Text> {
  type Named = { key: string; words: readonly string[]; weight: Map<string, number> }
  const systems = new Map<string, Named & { rights: (Right & { named: Named })[] }>()
  const usedBy = new Map<string, number>()
  const keys = new Map(rights.map(right => [right.system, right.systemName]))
  const wordsOfSystem = new Map(
    [...keys].map(([key, name]) => [key, [...new Set([...wordsOf(key), ...wordsOf(name)])]] as const),
  )
  for (const words of wordsOfSystem.values()) for (const word of words) usedBy.set(word, (usedBy.get(word) ?? 0) + 1)
  const rare = (word: string) => Math.log(1 + keys.size / (usedBy.get(word) ?? 1))
  for (const [key, words] of wordsOfSystem)
    systems.set(key, { key, words, weight: new Map(words.map(word => [word, rare(word)])), rights: [] })
  for (const right of rights) {
    const own = new Set(systems.get(right.system)?.words)
    const words = [...new Set([...wordsOf(endingOf(right.key)), ...wordsOf(right.name)])].filter(
      word => !own.has(word) || wordsOf(endingOf(right.key)).length === 1,
    )
    systems.get(right.system)?.rights.push({
      ...right,
      named: { key: right.key, words, weight: new Map(words.map(word => [word, 1])) },
    })
  }
  const systemsWith = new Map<string, string[]>()
  for (const { key, words } of systems.values())
    for (const word of words) {
      const list = systemsWith.get(word)
      if (list) list.push(key)
      else systemsWith.set(word, [key])
    }
  const likeSystems = likeOneOf([...systemsWith.keys(), ...[...systems.keys()].map(key => wordsOf(key).join(''))])
  const joined = new Map([...systems.keys()].map(key => [wordsOf(key).join(''), key]))
  const likeRights = likeOneOf(rights.flatMap(right => [...wordsOf(endingOf(right.key)), ...wordsOf(right.name)]))

  return words => {
    const own = words.filter(word => !conventions.noise.has(word))
    type Match = { weight: number; counted: Set<string>; used: Set<string>; words: Set<string>; learned: boolean }
    const found = new Map<string, Match>()
    const note = (system: string, weight: number, uses: readonly string[], known: string, learned = false) => {
      const one: Match = found.get(system) ?? {
        weight: 0,
        counted: new Set(),
        used: new Set(),
        words: new Set(),
        learned: false,
      }
      found.set(system, one)
      if (!one.counted.has(known)) one.weight += weight
      one.counted.add(known)
      for (const word of uses) one.used.add(word)
      // What is shown is how the system writes itself, not two of its words as one.
      for (const word of joined.get(known) === system ? wordsOf(system) : [known]) one.words.add(word)
      one.learned ||= learned
    }
    // Names that are written apart may be one word there, and the other way: AppWriter, KMD Nexus.
    const pairs = words.slice(1).map((word, place) => ({ word: `${words[place]}${word}`, uses: [words[place]!, word] }))
    for (const { word, uses } of [...own.map(one => ({ word: one, uses: [one] })), ...pairs]) {
      const alias = conventions.systems.get(word)
      if (alias && systems.has(alias)) note(alias, total(systems.get(alias)!.weight), uses, word, true)
      for (const [known, like] of likeSystems(word)) {
        if (uses.length > 1 && like < 0.9) continue
        const whole = joined.get(known)
        if (whole && like > 0.75) note(whole, total(systems.get(whole)!.weight) * like, uses, known)
        for (const system of systemsWith.get(known) ?? []) note(system, rare(known) * like, uses, known)
      }
    }
    const answer = new Map<string, Text>()
    for (const [key, match] of found) {
      const system = systems.get(key)!
      const share = Math.min(1, match.weight / total(system.weight))
      if (share < 0.35) continue
      const rest = own.filter(word => !match.used.has(word))
      for (const right of system.rights) {
        const { score, hit, learned } = coverage(rest.length > 0 ? rest : own, right.named.words, endingOf(right.key))
        const value = share * (rest.length === 0 && score === 0 ? 0.35 : 0.4 + 0.6 * score)
        if (value >= 0.2)
          answer.set(right.id, { score: value, words: [...match.words, ...hit], learned: match.learned || learned })
      }
    }
    return answer
  }

  /** How well the words that are left name the right: of theirs and of its own, how much is found in the other. */
  function coverage(words: readonly string[], right: readonly string[], ending: string) {
    const hit = new Set<string>()
    let [of, learned] = [0, false]
    for (const word of words) {
      const means = conventions.endings.get(word)
      if (means === ending) {
        of += 1
        learned = true
        for (const one of wordsOf(ending)) hit.add(one)
        continue
      }
      let best = 0
      for (const [known, like] of likeRights(word))
        if (right.includes(known) && like > best) {
          best = like
          hit.add(known)
        }
      of += best
    }
    // Key and name say the same in two ways, so that half of the right's words are enough.
    const back = right.length === 0 ? 0 : Math.min(1, (2 * hit.size) / right.length)
    const forth = words.length === 0 ? 0 : Math.min(1, of / words.length)
    return { score: forth + back === 0 ? 0 : (2 * forth * back) / (forth + back), hit: [...hit], learned }
  }
}

const total = (weights: ReadonlyMap<string, number>) => [...weights.values()].reduce((all, one) => all + one, 0) || 1

/** Why a group may not be about rights at all. */
function notARight(group: OpenGroup, prefixes: ReadonlyMap<string, number>): ProposalReason[] {
  const reasons: ProposalReason[] = []
  if (group.nestedIn > 0) reasons.push({ code: 'nested', values: { groups: group.nestedIn } })
  if (group.unit !== null) reasons.push({ code: 'unit', values: { unit: group.unit } })
  const [first] = wordsOf(group.name)
  const times = first === undefined ? undefined : prefixes.get(first)
  if (first !== undefined && times !== undefined)
    reasons.push({ code: 'set-aside', values: { word: first, groups: times } })
  return reasons
}

/** First words of groups that people set aside, three times or more, and that no mapped group begins with. */
function learnAside(aside: readonly string[], mapped: readonly MappedName[]): Map<string, number> {
  const firsts = new Map<string, number>()
  for (const name of aside) {
    const [first] = wordsOf(name)
    if (first) firsts.set(first, (firsts.get(first) ?? 0) + 1)
  }
  const giving = new Set(mapped.map(one => wordsOf(one.name)[0]))
  return new Map([...firsts].filter(([first, times]) => times >= 3 && !giving.has(first)))
}
