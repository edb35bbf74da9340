import type { DeskChange } from '#contract/rule-forms.ts'
import { type Said, say } from '#contract/said.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { type RightsRule, rightsRule } from '../../rules/rights-rule.ts'
import { type Role, role as roleShape } from '../../rules/role.ts'
import { roleOfForm, rulesOfForm } from '../../rules/rule-form.ts'
import { ruleProblemSaid } from '../../rules/rule-problem-said.ts'
import { advice, type RulesFile, writeRulesYaml } from '../../rules/rules-yaml.ts'
import { type RuleProblem, validateRules } from '../../rules/validate-rules.ts'
import { loadEntitlements } from '../../systems/system-store.ts'
import type { AfterDecided } from '../after-decided.ts'
import {
  carryOut,
  previewChange,
  type RulesImport,
  type RulesPreview,
  storedRules,
  summaryOf,
} from '../rules-change-service.ts'
import { applyPatch, type RulesPatch } from './rule-patch.ts'

type When = { today: string; now: Date; after?: readonly AfterDecided[] }

/** A change of one rule or role, worked out: what is stored, what should be, and the difference as a patch. */
export type PlannedChange = {
  stored: RulesFile
  wanted: RulesFile
  patch: RulesPatch
  key: string
  kind: 'rule' | 'role'
}

/** What the form was begun on; null: nothing was there. Roles carry no version themselves, so the table is asked. */
export async function versionOf(tx: Tx, kind: 'rule' | 'role', key: string): Promise<number | null> {
  const [row] = await tx.query<{ version: number }>(
    `select version from ${kind === 'rule' ? 'rights_rule' : 'rights_role'} where key = $1 and upper_inf(recorded)`,
    [key],
  )
  return row?.version ?? null
}

/**
 * Works a change out and checks it as an import is checked. Throws `conflict` where the rule is another version than
 * the form was begun on, `rules-invalid` with each problem; what was wrong before and is not touched does not stop it.
 */
export async function planDeskChange(tx: Tx, change: DeskChange, version: number | null): Promise<PlannedChange> {
  const kind = change.kind === 'rule' ? 'rule' : 'role'
  const key = change.kind === 'remove-role' ? change.key : change.form.key
  const now = await versionOf(tx, kind, key)
  if (now !== version)
    throw problem('conflict', {
      detail:
        version === null
          ? `There is a ${kind} with the key "${key}" already. Choose another key.`
          : `The ${kind} "${key}" has been changed since you opened it. Open it again.`,
      said: say(version === null ? `${kind}-key-taken` : `${kind}-changed-since`, { key }),
    })
  if (change.kind === 'remove-role' && now === null) throw problem('not-found')
  const stored = await storedRules(tx)
  return { stored, ...(await planOn(tx, change, stored)), key, kind }
}

/** The change on rules and roles that are given, checked as above: those in force, or those of a draft. */
export async function planOn(
  tx: Tx,
  change: DeskChange,
  stored: RulesFile,
): Promise<Pick<PlannedChange, 'wanted' | 'patch'>> {
  const patch = patchOf(change, stored)
  const wanted = applyPatch(stored, patch)
  const keys = (await loadEntitlements(tx)).map(row => row.key)
  refuse(shapeProblems(patch), problemsOf(stored, wanted, patch, keys))
  return { wanted, patch }
}

function patchOf(change: DeskChange, stored: RulesFile): RulesPatch {
  const nothing = { rules: [], roles: [], removedRules: [], removedRoles: [] }
  if (change.kind === 'remove-role') return { ...nothing, removedRoles: [change.key] }
  if (change.kind === 'role')
    return {
      ...nothing,
      roles: [
        roleOfForm(
          change.form,
          stored.roles.find(one => one.key === change.form.key),
        ),
      ],
    }
  const { form } = change
  const exceptions = stored.rules.filter(one => one.excepts === form.key)
  const own = new Set(exceptions.map(one => one.key))
  const foreign = form.exceptions.find(one => one.key !== null && !own.has(one.key))
  if (foreign || (form.inverted && form.exceptions.length > 0))
    throw problem('rules-invalid', {
      detail: 'Only a rule that gives something has exceptions, and they are its own. Open the rule again.',
      params: { codes: 'rule-excepts-unknown' },
    })
  const rules = rulesOfForm(form, {
    rule: stored.rules.find(one => one.key === form.key),
    exceptions,
    taken: new Set(stored.rules.map(one => one.key)),
  })
  const kept = new Set(rules.map(one => one.key))
  return { ...nothing, rules, removedRules: [...own].filter(key => !kept.has(key)) }
}

type Told = { code: string; where: string; what: string; said?: Said; path?: string }

/** What the form leaves out that a rule must have. */
function shapeProblems(patch: RulesPatch): Told[] {
  const told = (key: string, issues: readonly { path: PropertyKey[]; message: string }[]): Told[] =>
    issues.map(issue => ({
      code: `missing-${String(issue.path[0] ?? 'value')}`,
      where: `${key}/${issue.path.map(String).join('/')}`,
      what: issue.message,
    }))
  return [
    ...patch.rules.flatMap(one => told(one.key, rightsRule.safeParse(one).error?.issues ?? [])),
    ...patch.roles.flatMap(one => told(one.key, roleShape.safeParse(one).error?.issues ?? [])),
  ]
}

function problemsOf(stored: RulesFile, wanted: RulesFile, patch: RulesPatch, keys: readonly string[]): Told[] {
  const changed = new Set([...patch.rules.map(one => `rule ${one.key}`), ...patch.roles.map(one => `role ${one.key}`)])
  const before = new Map<string, RightsRule | Role>([
    ...stored.rules.map(one => [`rule ${one.key}`, one] as const),
    ...stored.roles.map(one => [`role ${one.key}`, one] as const),
  ])
  // What had gone before this change may stand: or a rule that names it could not even be ended.
  const stoodBefore = ({ kind, key, code, params }: RuleProblem) => {
    const was = before.get(`${kind} ${key}`)
    const named = was?.entitlements.map(one => (typeof one === 'string' ? one : one.key)) ?? []
    const gone = code === 'entitlement-unknown' || code === 'entitlement-wildcard-empty'
    return gone && (named.includes(params.entitlement ?? '') || exceptsOf(patch, key, before, params.entitlement))
  }
  const mine = (one: RuleProblem) =>
    changed.has(`${one.kind} ${one.key}`) ||
    one.code === 'role-cycle' ||
    one.code === 'rule-excepts-unknown' ||
    (one.code === 'role-unknown' && patch.removedRoles.includes(one.params.role ?? '')) ||
    (one.code === 'rule-grants-nothing' && patch.roles.length > 0)
  return validateRules(wanted.rules, wanted.roles, keys)
    .filter(one => mine(one) && !stoodBefore(one))
    .map(one => ({
      code: one.code,
      where: `${one.key}/${one.at.join('/')}`,
      what: [
        advice[one.code] ?? one.code,
        ...Object.entries(one.params).map(([name, value]) => `${name} ${value}`),
      ].join('; '),
      said: ruleProblemSaid(one),
      ...(one.params.path === undefined ? {} : { path: one.params.path }),
    }))
}

/** A new exception names what its rule named before. */
function exceptsOf(
  patch: RulesPatch,
  key: string,
  before: ReadonlyMap<string, RightsRule | Role>,
  entitlement: string | undefined,
): boolean {
  const excepted = patch.rules.find(one => one.key === key)?.excepts
  const was = excepted === undefined ? undefined : (before.get(`rule ${excepted}`) as RightsRule | undefined)
  return was?.entitlements.includes(entitlement ?? '') ?? false
}

function refuse(...lists: Told[][]): void {
  const all = lists.flat()
  const [first] = all
  if (!first) return
  const path = all.find(one => one.path !== undefined)?.path
  throw problem('rules-invalid', {
    detail: `This cannot be saved: ${first.where}: ${first.what}.`,
    ...(first.said ? { said: first.said } : {}),
    errors: all.slice(0, 100).map(({ where, what, said }) => ({ where, what, ...(said ? { said } : {}) })),
    params: { codes: [...new Set(all.map(one => one.code))].join(' '), ...(path === undefined ? {} : { path }) },
  })
}

export const previewPlanned = (tx: Tx, planned: PlannedChange, when: When): Promise<RulesPreview> =>
  previewChange(tx, planned.stored, planned.wanted, when)

/** Puts the change in force, or keeps it for a second person. `hash` is that of the preview the caller has seen. */
export async function saveDeskChange(
  tx: Tx,
  planned: PlannedChange,
  input: { hash: string; by: string; reason: string },
  when: When,
): Promise<RulesImport> {
  const preview = summaryOf(await previewPlanned(tx, planned, when))
  const { rules, roles } = planned.patch
  const yaml = writeRulesYaml({ rules, roles, mappings: [] })
  return carryOut(tx, preview, async () => planned.wanted, { ...input, yaml, change: planned.patch }, when)
}
