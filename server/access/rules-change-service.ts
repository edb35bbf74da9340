import { createHash } from 'node:crypto'
import { say } from '#contract/said.ts'
import { noteAsker } from '../platform/asked-by.ts'
import { isId, newId } from '../platform/ids.ts'
import { problem } from '../platform/problem.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { RightsRule } from '../rules/rights-rule.ts'
import { buildIndex, type RuleIndex, replaceRule } from '../rules/rule-index.ts'
import { loadRoles, loadRules, replaceRoles, replaceRules } from '../rules/rules-store.ts'
import { mistakesOf, type RulesFile, readRulesYaml, writeRulesYaml } from '../rules/rules-yaml.ts'
import { observeRights } from '../systems/observe-rights.ts'
import {
  loadEntitlements,
  loadMappings,
  type MappingInput,
  mappingsOfTheScreen,
  replaceMappings,
} from '../systems/system-store.ts'
import { changeRules } from './access-store.ts'
import { type AfterDecided, followed } from './after-decided.ts'
import type { LocalAdministrators } from './last-administrator.ts'
import { refreshPersonRights } from './person-rights-store.ts'
import { applyPatch, type RulesPatch } from './rule-desk/rule-patch.ts'
import {
  type Administrators,
  guardRulesChange,
  type HeldChange,
  mergeRulesFile,
  type RightsDifference,
} from './rules-change.ts'
import { rulesDifferences } from './rules-differences.ts'

type ListChange = { added: number; changed: number; removed: number }
export type RulesPreview = {
  rules: ListChange
  roles: ListChange
  mappings: ListChange
  gains: number
  losses: number
  /** Rights that the rules would give and strict mode would hold back: no gain before somebody says what they are for. */
  withheld: number
  people: number
  heldBack: HeldChange[]
  differences: RightsDifference[]
  hash: string
}
/** What a preview says, without who it is about: of a large town that is more than all the rest of an import. */
export type RulesSummary = Omit<RulesPreview, 'differences'>
type When = {
  today: string
  now: Date
  localAdministrators?: LocalAdministrators
  after?: readonly AfterDecided[]
}

/** Rules, roles and mappings as they are stored. */
export async function storedRules(tx: Tx): Promise<RulesFile> {
  return {
    roles: await loadRoles(tx),
    rules: await loadRules(tx),
    mappings: (await loadMappings(tx)).map(ofFile),
  }
}

const ofFile = ({ source, pattern, entitlement }: MappingInput) => ({ source, match: { cn: pattern }, entitlement })

/** What people have said of mappings on the screen, and an import of a file leaves alone. */
async function onScreen(tx: Tx) {
  const { kept, out } = await mappingsOfTheScreen(tx)
  return { kept: kept.map(ofFile), out: out.map(ofFile) }
}

export async function exportRules(tx: Tx): Promise<string> {
  return writeRulesYaml(await storedRules(tx))
}

/**
 * What importing the YAML would change, in rules and in what people should hold; changes nothing. Throws
 * `rules-invalid` with every problem, each with its line. The hash is of the diff: an import must name the one it means.
 */
export async function previewRules(tx: Tx, yaml: string, when: When): Promise<RulesPreview> {
  const stored = await storedRules(tx)
  return previewChange(tx, stored, mergeRulesFile(stored, await parse(tx, yaml, stored), await onScreen(tx)), when)
}

/** The same for rules that have been read already. */
export async function previewChange(tx: Tx, stored: RulesFile, wanted: RulesFile, when: When): Promise<RulesPreview> {
  const keys = (await loadEntitlements(tx)).map(row => row.key)
  const before = buildIndex(stored.rules, stored.roles, keys, when.today)
  const after = indexAfter(before, stored, wanted, keys, when.today)
  const differences = await rulesDifferences(tx, before, after, when)
  const [population] = await tx.query<{ n: number }>(`select count(*) as n from person_current where status = 'active'`)
  const [held] = await tx.query<{ some: boolean }>('select exists (select from assignment) as some')
  const counts = {
    rules: listChange(stored.rules, wanted.rules, rule => rule.key, ['version']),
    roles: listChange(stored.roles, wanted.roles, role => role.key),
    mappings: listChange(stored.mappings, wanted.mappings, one => `${one.source} ${one.match.cn} ${one.entitlement}`),
    gains: differences.reduce((sum, one) => sum + one.gains.length, 0),
    losses: differences.reduce((sum, one) => sum + one.losses.length, 0),
    people: new Set(differences.filter(one => one.gains.length + one.losses.length > 0).map(one => one.personId)).size,
  }
  return {
    ...counts,
    withheld: differences.reduce((sum, one) => sum + (one.withheld?.length ?? 0), 0),
    heldBack: guardRulesChange(
      differences,
      population?.n ?? 0,
      !held?.some,
      await administratorsLosing(tx, differences),
    ),
    differences,
    hash: hashOf(counts, differences, wanted),
  }
}

/** Of the whole diff, a person at a time: as one text it would be tens of megabytes for the first rules of a large town. */
function hashOf(counts: object, differences: readonly RightsDifference[], wanted: RulesFile): string {
  const hash = createHash('sha256').update(JSON.stringify([counts, wanted]))
  for (const one of differences) hash.update(JSON.stringify(one))
  return hash.digest('hex')
}

/** Who should administer what some would lose: privileged rights, and the roles of the tool itself. */
export async function administratorsLosing(
  tx: Tx,
  differences: readonly Pick<RightsDifference, 'losses'>[],
): Promise<Administrators> {
  const lost = [...new Set(differences.flatMap(one => one.losses))]
  if (lost.length === 0) return []
  return tx.query(
    `select e.key as entitlement, array_agg(a.affiliation_id) as "affiliationIds"
     from entitlement e join assignment a on a.entitlement_id = e.id
     where e.key = any($1) and (e.privileged or starts_with(e.key, 'hjemmel/')) group by e.key order by e.key`,
    [lost],
  )
}

/** Beyond this many, building the index anew is quicker than putting one rule in at a time. */
const ONE_AT_A_TIME = 10

/** The index of the wanted rules; what has not changed is taken over from the index before. */
function indexAfter(before: RuleIndex, stored: RulesFile, wanted: RulesFile, keys: string[], today: string): RuleIndex {
  const text = (rule: RightsRule) => JSON.stringify(rule)
  const known = new Map(stored.rules.map(rule => [rule.key, rule]))
  const put = wanted.rules.filter(rule => !known.has(rule.key) || text(known.get(rule.key)!) !== text(rule))
  const kept = new Set(wanted.rules.map(rule => rule.key))
  const changes = [
    ...put.map(rule => ({ key: rule.key, rule })),
    ...stored.rules.filter(rule => !kept.has(rule.key)).map(({ key }) => ({ key, rule: null })),
  ]
  if (changes.length > ONE_AT_A_TIME || JSON.stringify(stored.roles) !== JSON.stringify(wanted.roles))
    return buildIndex(wanted.rules, wanted.roles, keys, today)
  return changes.reduce((index, { key, rule }) => replaceRule(index, key, rule), before)
}

export type RulesImport = RulesSummary & { applied: boolean; planId: string }

/**
 * Import rules, roles and mappings. `hash` is that of the preview the caller has seen (`plan-stale` otherwise; null:
 * the caller takes what comes, for the first set-up). A change that moves many people is kept and waits for another
 * person. Everything, the recomputation included, is one transaction.
 */
export async function importRules(
  tx: Tx,
  input: { yaml: string; hash: string | null; by: string },
  when: When,
): Promise<RulesImport> {
  const preview = summaryOf(await previewRules(tx, input.yaml, when))
  const wanted = () => wantedOf(tx, { yaml: input.yaml, change: null })
  return carryOut(tx, preview, wanted, { ...input, change: null, reason: null }, when)
}

export const summaryOf = ({ differences: _, ...summary }: RulesPreview): RulesSummary => summary

type Asked = { yaml: string; change: RulesPatch | null; hash: string | null; by: string; reason: string | null }

/**
 * Puts a previewed change in force, or keeps it for a second person where a guard holds it back. One way for a file
 * and for a change of one rule on the screen.
 */
export async function carryOut(
  tx: Tx,
  preview: RulesSummary,
  wanted: () => Promise<RulesFile>,
  { yaml, change, hash, by, reason }: Asked,
  when: When,
): Promise<RulesImport> {
  if (hash !== null && hash !== preview.hash)
    throw problem('plan-stale', {
      detail: 'The rules or the people have changed since the preview. Preview again.',
      said: say('rules-changed-since', {}),
    })
  const planId = newId()
  const held = preview.heldBack.length > 0
  await tx.query(
    `insert into rules_change (id, yaml, change, reason, hash, state, counts, created_by, decided_at, decided_by)
     values ($1, $2, $8, $9, $3, $4, $5, $6, case when $7 then null else now() end, case when $7 then null else $6 end)`,
    [
      planId,
      yaml,
      preview.hash,
      held ? 'held' : 'applied',
      JSON.stringify(countsOf(preview)),
      by,
      held,
      change && JSON.stringify(change),
      reason,
    ],
  )
  if (!held) await storeWanted(tx, await wanted(), { by, reason, mappings: change === null }, when)
  return { ...preview, applied: !held, planId }
}

/** Another person than the author lets a held change through, if it still is the change that was held. */
export async function approveRules(
  tx: Tx,
  planId: string,
  by: string,
  when: When,
): Promise<RulesSummary & { applied: boolean }> {
  const [change] = await tx.query<{
    yaml: string
    change: RulesPatch | null
    reason: string | null
    hash: string
    created_by: string
  }>(`select yaml, change, reason, hash, created_by from rules_change where id = $1 and state = 'held' for update`, [
    planId,
  ])
  if (!change) throw problem('not-found')
  if (change.created_by === by)
    throw problem('second-person-needed', {
      detail: 'You made this change yourself. Ask a colleague to approve it.',
      said: say('own-change', {}),
    })
  const wanted = await wantedOf(tx, change)
  const preview = summaryOf(await previewChange(tx, await storedRules(tx), wanted, when))
  if (preview.hash !== change.hash)
    throw problem('plan-stale', {
      detail: 'Rules or people have changed since. Make the change again for a new preview.',
      said: say('rules-changed-since', {}),
    })
  const { created_by, reason } = change
  // Whoever made it has asked for it as well as whoever lets it through.
  if (isId(created_by)) noteAsker(tx, created_by)
  await storeWanted(tx, wanted, { by: created_by, reason, mappings: change.change === null }, when)
  await tx.query(`update rules_change set state = 'applied', decided_at = now(), decided_by = $2 where id = $1`, [
    planId,
    by,
  ])
  return { ...preview, applied: true }
}

/** Everything as it should be: the stored rules with a file's lists in their place, or with one change in them. */
async function wantedOf(tx: Tx, { yaml, change }: Pick<Asked, 'yaml' | 'change'>): Promise<RulesFile> {
  const stored = await storedRules(tx)
  return change ? applyPatch(stored, change) : mergeRulesFile(stored, await parse(tx, yaml, stored))
}

async function parse(tx: Tx, yaml: string, stored: RulesFile): Promise<RulesFile> {
  const knownEntitlements = (await loadEntitlements(tx)).map(row => row.key)
  const read = readRulesYaml(yaml, 'rules.yaml', { knownEntitlements, knownRoles: stored.roles })
  if (read.content) return read.content
  throw problem('rules-invalid', {
    detail: `The rules are not valid: ${read.problems.length} problem(s); the first: ${read.problems[0]?.message ?? ''}`,
    errors: mistakesOf(read.problems),
  })
}

/** Makes rules, roles and (where asked) mappings what is wanted, and decides again whom it touches. */
export async function storeWanted(
  tx: Tx,
  wanted: RulesFile,
  { by, reason, mappings }: { by: string; reason: string | null; mappings: boolean },
  when: When,
): Promise<void> {
  await changeRules(
    tx,
    async () => {
      await replaceRoles(tx, wanted.roles, by, reason)
      await replaceRules(tx, wanted.rules, by, reason)
    },
    { ...when, cause: 'rules' },
  )
  if (!mappings) return
  await replaceMappings(
    tx,
    wanted.mappings.map(one => ({ source: one.source, pattern: one.match.cn, entitlement: one.entitlement })),
  )
  const observed = await observeRights(tx, when.now, null)
  // Another mapping makes other rights readable, for everybody.
  const people = observed.mappingChanged ? ('all' as const) : observed.people
  await refreshPersonRights(tx, people)
  await followed(tx, when.after, { people, today: when.today, now: when.now, cause: 'rules' })
}

/** What the log and the list of changes keep of a preview: figures, never people. */
export function countsOf({ rules, roles, mappings, gains, losses, withheld, people, heldBack }: RulesSummary) {
  return { rules, roles, mappings, gains, losses, withheld, people, heldBack }
}

/** Counts by meaning: how a list was written down (order of keys, what is left out or empty) is no change. */
function listChange<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (one: T) => string,
  ignore: readonly string[] = [],
): ListChange {
  const text = (one: T) => JSON.stringify(plain(one, ignore))
  const had = new Map(before.map(one => [keyOf(one), text(one)]))
  const has = new Map(after.map(one => [keyOf(one), text(one)]))
  return {
    added: [...has.keys()].filter(key => !had.has(key)).length,
    changed: [...has].filter(([key, value]) => had.has(key) && had.get(key) !== value).length,
    removed: [...had.keys()].filter(key => !has.has(key)).length,
  }
}

/** Whether two rules or roles say the same, whatever version they are. */
export const sameContent = (a: unknown, b: unknown): boolean =>
  JSON.stringify(plain(a, ['version'])) === JSON.stringify(plain(b, ['version']))

/** Keys sorted; no value, an empty list and an empty object are the same as a key that is not there. */
function plain(value: unknown, ignore: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map(one => plain(one))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !ignore.includes(key) && !isNothing(inner))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, plain(inner)]),
  )
}

const isNothing = (value: unknown) =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)
