import { createRequire } from 'node:module'
import { permittedFieldsOf } from '@casl/ability/extra'
import { newEnforcer, newModelFromString } from 'casbin'
import type { AffiliationFacts } from '../../server/rules/affiliation-facts.ts'
import { asSubject, rightsAbility, toCaslRules } from '../../server/rules/casl-rules.ts'
import type { ConditionNode, FactValue } from '../../server/rules/condition.ts'
import { affectedBy, decide, holds } from '../../server/rules/decide-rights.ts'
import { covers } from '../../server/rules/rights-rule.ts'
import { buildIndex, type IndexedRule, type RuleIndex, replaceRule } from '../../server/rules/rule-index.ts'
import type { BenchRow } from './bench-row.ts'
import { mulberry32, type RulesWorld, rulesWorld } from './rules-world.ts'

type Question = { facts: AffiliationFacts; entitlement: string; answer: boolean }

/**
 * Deciding without any I/O, beside plain CASL, Cedar and casbin on the same rules and facts. Every answer of the others
 * is compared with ours; a difference throws, since a figure for another question says nothing.
 */
export async function benchDecide(): Promise<BenchRow[]> {
  const world = rulesWorld()
  const index = buildIndex(world.rules, world.roles, world.entitlements, world.on)
  const questions = sample(world, index, 10_000)
  return [
    againstCasl(world),
    whatIf(world, index),
    againstCedar(index, questions),
    await againstCasbin(index, questions),
  ]
}

/** Ours includes building the index and every reason; CASL's gives the list of keys only. */
function againstCasl(world: RulesWorld): BenchRow {
  const ours = () => {
    const index = buildIndex(world.rules, world.roles, world.entitlements, world.on)
    return world.affiliations.map(facts => decide(index, facts))
  }
  const casl = () => {
    const ability = rightsAbility(toCaslRules(world.rules, world.roles, world.on))
    // Wildcards opened once per rule and not per person: CASL itself leaves that to its caller.
    const opened = new Map<unknown, string[]>()
    const fieldsFrom = (rule: { fields?: string[] }) => {
      const known = opened.get(rule)
      if (known) return known
      const fields = rule.fields?.flatMap(field =>
        field.endsWith('**') ? world.entitlements.filter(key => covers(field.slice(0, -1), key)) : [field],
      )
      opened.set(rule, fields ?? [])
      return fields ?? []
    }
    return world.affiliations.map(facts => permittedFieldsOf(ability, 'hold', asSubject(facts), { fieldsFrom }))
  }
  const mine = ours().map(held =>
    held
      .map(right => right.entitlement)
      .sort()
      .join(),
  )
  const plain = casl().map(keys => [...keys].sort().join())
  const differs = mine.findIndex((keys, i) => keys !== plain[i])
  if (differs >= 0) throw new Error(`our engine and CASL differ on ${world.affiliations[differs]?.id}`)
  const total = mine.reduce((sum, keys) => sum + (keys ? keys.split(',').length : 0), 0)
  const [ourTime, theirTime] = medians([ours, casl], 7) as [number, number]
  return row(
    `All rights decided: ${world.rules.length} rules × ${world.affiliations.length} affiliations, ${total} rights`,
    ourTime,
    'plain CASL 7',
    theirTime,
    3,
    'ms',
  )
}

/** A what-if of one rule: put it in, find whom it may concern, decide those before and after. */
function whatIf(world: RulesWorld, index: RuleIndex): BenchRow {
  const touched = (one: IndexedRule) => world.affiliations.filter(one.test).length
  const few = index.rules.find(one => {
    const count = touched(one)
    return count > 0 && count <= world.affiliations.length * 0.02 && count > world.affiliations.length * 0.005
  }) as IndexedRule
  const changed = { ...few.rule, version: 2, entitlements: [...few.rule.entitlements, world.entitlements[0] as string] }
  const ours = () => {
    const next = replaceRule(index, changed.key, changed)
    return affectedBy(index, next, world.affiliations).map(facts => [decide(index, facts), decide(next, facts)])
  }
  const full = () => {
    const next = buildIndex(
      world.rules.map(rule => (rule.key === changed.key ? changed : rule)),
      world.roles,
      world.entitlements,
      world.on,
    )
    return world.affiliations.map(facts => decide(next, facts))
  }
  const [ourTime, fullTime] = medians([ours, full], 7) as [number, number]
  return {
    ...row(
      `What-if of one rule that catches ${touched(few)} affiliations`,
      ourTime,
      'deciding everyone',
      fullTime,
      10,
      'ms',
    ),
    bar: '≤ 0.1 × of the full computation',
  }
}

/**
 * Cedar 4 (wasm), policies parsed once. Each rule is a policy whose scope is a group of the entitlements it names, so
 * that Cedar leaves a rule as soon as it sees that the entitlement is not its own. The person and the entitlement go in
 * with every question, as Cedar's interface has it; that is part of its time.
 */
function againstCedar(index: RuleIndex, questions: Question[]): BenchRow {
  const cedar = createRequire(import.meta.url)(
    '@cedar-policy/cedar-wasm/nodejs',
  ) as typeof import('@cedar-policy/cedar-wasm/nodejs')
  const policies = Object.fromEntries(
    index.rules.map(one => [
      one.rule.key,
      `${one.rule.inverted ? 'forbid' : 'permit'}(principal, action == Action::"hold", resource in Grant::"${one.rule.key}") when { ${cedarOf(one.node)} };`,
    ]),
  )
  const loaded = cedar.preparsePolicySet('hjemmel', { staticPolicies: policies })
  if (loaded.type !== 'success') throw new Error(`Cedar did not take the policies: ${JSON.stringify(loaded)}`)
  const groups = groupsOf(index)
  const uid = (type: string, id: string) => ({ type, id })
  const ask = ({ facts, entitlement }: Question) => {
    const principal = uid('Affiliation', facts.id)
    const resource = uid('Entitlement', entitlement)
    const attrs: Record<string, FactValue | FactValue[]> = {}
    for (const field of cedarFields) if (facts[field] !== null) attrs[field] = facts[field] as FactValue
    const answer = cedar.statefulIsAuthorized({
      principal,
      action: uid('Action', 'hold'),
      resource,
      context: {},
      preparsedPolicySetId: 'hjemmel',
      entities: [
        { uid: principal, attrs, parents: [] },
        { uid: resource, attrs: {}, parents: (groups.get(entitlement) ?? []).map(key => uid('Grant', key)) },
      ],
    })
    if (answer.type !== 'success' || answer.response.diagnostics.errors.length > 0)
      throw new Error(`Cedar failed: ${JSON.stringify(answer)}`)
    return answer.response.decision === 'allow'
  }
  return perQuestion('Cedar 4 (wasm)', index, questions, ask)
}

const cedarFields = ['kind', 'unitPath', 'position', 'title', 'kle', 'functions', 'isManager', 'fraction', 'onLeave']
const lists = new Set(['unitPath', 'kle', 'functions'])
const quote = (value: unknown) => JSON.stringify(value)

/** A condition in Cedar; a missing fact is a missing attribute, so every test asks for it first. */
function cedarOf(node: ConditionNode): string {
  if (node.op === 'not') return `!(${cedarOf(node.of)})`
  if (node.op !== 'test') {
    if (node.of.length === 0) return node.op === 'and' ? 'true' : 'false'
    return `(${node.of.map(cedarOf).join(node.op === 'and' ? ' && ' : ' || ')})`
  }
  const fact = `principal.${node.field}`
  const has = `principal has ${node.field}`
  const list = lists.has(node.field)
  const signs: Record<string, string> = { gt: '>', gte: '>=', lt: '<', lte: '<=' }
  switch (node.test) {
    case 'eq':
      return list ? `${fact}.contains(${quote(node.value)})` : `(${has} && ${fact} == ${quote(node.value)})`
    case 'ne':
      return `!(${cedarOf({ ...node, test: 'eq' })})`
    case 'in':
      return list ? `${fact}.containsAny(${quote(node.value)})` : `(${has} && ${quote(node.value)}.contains(${fact}))`
    case 'nin':
      return `!(${cedarOf({ ...node, test: 'in' })})`
    case 'exists':
      return node.value ? has : `!(${has})`
    default:
      return `(${has} && ${fact} ${signs[node.test]} ${quote(node.value)})`
  }
}

/**
 * node-casbin with one policy line per rule. The matcher asks first whether the rule names the entitlement (a lookup
 * that we lend it) and evaluates the condition only then. casbin keeps the compiled conditions.
 */
async function againstCasbin(index: RuleIndex, questions: Question[]): Promise<BenchRow> {
  const enforcer = await newEnforcer(
    newModelFromString(`
[request_definition]
r = aff, ent
[policy_definition]
p = rule, cond, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = names(p.rule, r.ent) && eval(p.cond)
`),
  )
  const named = new Map(index.rules.map(one => [one.rule.key, new Set(one.grants.map(grant => grant.entitlement))]))
  enforcer.addFunction('names', (rule: string, entitlement: string) => named.get(rule)?.has(entitlement) ?? false)
  enforcer.addFunction('any', (list: unknown[], wanted: unknown[]) => wanted.some(value => list.includes(value)))
  await enforcer.addPolicies(
    index.rules.map(one => [one.rule.key, casbinOf(one.node), one.rule.inverted ? 'deny' : 'allow']),
  )
  return perQuestion('casbin 5 (node)', index, questions, ({ facts, entitlement }) =>
    enforcer.enforceSync(facts, entitlement),
  )
}

/** A condition in casbin's expressions; a missing fact is null there too, and null is never equal to a value. */
function casbinOf(node: ConditionNode): string {
  if (node.op === 'not') return `!(${casbinOf(node.of)})`
  if (node.op !== 'test') {
    if (node.of.length === 0) return node.op === 'and' ? 'true' : 'false'
    return `(${node.of.map(casbinOf).join(node.op === 'and' ? ' && ' : ' || ')})`
  }
  // Written as casbin calls it inside: `r.aff` is not recognised within a list.
  const fact = `r_aff.${node.field}`
  const values = `[${[node.value]
    .flat()
    .map(value => (typeof value === 'string' ? `'${value}'` : value))
    .join(', ')}]`
  const within = lists.has(node.field) ? `any(${fact}, ${values})` : `any([${fact}], ${values})`
  const signs: Record<string, string> = { gt: '>', gte: '>=', lt: '<', lte: '<=' }
  switch (node.test) {
    case 'eq':
    case 'in':
      return within
    case 'ne':
    case 'nin':
      return `!${within}`
    case 'exists':
      return `(${fact} ${node.value ? '!=' : '=='} null)`
    default:
      return `(${fact} != null && ${fact} ${signs[node.test]} ${node.value})`
  }
}

/** Which rules name an entitlement. */
function groupsOf(index: RuleIndex): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const one of index.rules)
    for (const { entitlement } of one.grants) {
      const list = groups.get(entitlement)
      if (list) list.push(one.rule.key)
      else groups.set(entitlement, [one.rule.key])
    }
  return groups
}

/** Half of the questions about rights that are held, half about any entitlement. */
function sample({ affiliations, entitlements }: RulesWorld, index: RuleIndex, count: number): Question[] {
  const random = mulberry32(7)
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T
  return Array.from({ length: count }, (_, i) => {
    const facts = pick(affiliations)
    const held = decide(index, facts)
    const entitlement = i % 2 === 0 && held.length > 0 ? pick(held).entitlement : pick(entitlements)
    return { facts, entitlement, answer: held.some(right => right.entitlement === entitlement) }
  })
}

/** Microseconds per question. The other engine is stopped after `limit` ms; how many it answered is in the row. */
function perQuestion(
  other: string,
  index: RuleIndex,
  questions: Question[],
  ask: (question: Question) => boolean,
  limit = 20_000,
): BenchRow {
  for (const question of questions.slice(0, 20)) ask(question)
  for (const question of questions) holds(index, question.facts, question.entitlement)
  const started = performance.now()
  for (const { facts, entitlement, answer } of questions)
    if (holds(index, facts, entitlement) !== answer)
      throw new Error(`our two answers differ on ${facts.id} ${entitlement}`)
  const ours = ((performance.now() - started) * 1000) / questions.length

  let asked = 0
  const theirStart = performance.now()
  for (const question of questions) {
    if (ask(question) !== question.answer)
      throw new Error(`${other} and our engine differ on ${question.facts.id} ${question.entitlement}`)
    asked++
    if (performance.now() - theirStart > limit) break
  }
  const theirs = ((performance.now() - theirStart) * 1000) / asked
  return row(
    `One question of ${index.rules.length} rules (${asked} asked, all answers equal)`,
    ours,
    other,
    theirs,
    100,
    'µs',
  )
}

function row(what: string, ours: number, other: string, theirs: number, times: number, unit: string): BenchRow {
  const ratio = theirs / ours
  return { what, ours, other, theirs, ratio, bar: `≥ ${times} × faster`, ok: ratio >= times, unit }
}

/** The works in turn, so that a busy machine disturbs them alike; the median of each, in ms. */
function medians(works: (() => unknown)[], rounds: number): number[] {
  const times = works.map(() => [] as number[])
  for (let round = 0; round < rounds; round++)
    for (const [i, work] of works.entries()) {
      const started = performance.now()
      work()
      ;(times[i] as number[]).push(performance.now() - started)
    }
  return times.map(list => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] as number)
}
