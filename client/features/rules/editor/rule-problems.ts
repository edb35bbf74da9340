import type { ConditionTree, RoleForm, RuleForm } from '#contract/rule-forms.ts'
import type { problemOf } from '../../../lib/call.ts'
import type { daRules } from '../../../texts/da-rules.ts'
import type { useTexts } from '../../../texts/i18n.ts'

export type RuleProblemCode = keyof typeof daRules.ruleDesk.problem
/** Where to go to correct it. */
export type FormProblem = { code: RuleProblemCode; field?: string }

const LETTERS: Record<string, string> = { æ: 'ae', ø: 'oe', å: 'aa', é: 'e', ü: 'u', ö: 'o', ä: 'a' }

/** A key out of a name: small letters, figures and hyphens. */
export function keyFrom(name: string): string {
  return name
    .toLocaleLowerCase('da')
    .replace(/[æøåéüöä]/gu, letter => LETTERS[letter] ?? letter)
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-|-$/gu, '')
    .slice(0, 80)
}

/** What the form itself can tell is missing, before the server is asked. */
export function ruleProblems(form: RuleForm): FormProblem[] {
  const found: FormProblem[] = []
  const miss = (missing: boolean, code: RuleProblemCode, field?: string) => {
    if (missing) found.push(field ? { code, field } : { code })
  }
  miss(!form.name.trim(), 'missing-name', 'rule-name')
  miss(!form.key.trim(), 'missing-key', 'rule-key')
  miss(!form.owner.trim(), 'missing-owner', 'rule-owner')
  miss(unfinished(form.conditions), 'condition-empty-list', 'rule-conditions')
  miss(form.entitlements.length + form.roles.length === 0, 'rule-grants-nothing', 'rule-gives')
  miss(form.inverted && !form.reason?.trim(), 'rule-inverted-without-reason', 'rule-reason')
  miss(
    form.limits.some(one => one.specs.some(spec => 'values' in spec && spec.values?.includes(''))),
    'missing-values',
    'rule-gives',
  )
  miss(form.validTo !== null && form.validTo <= form.validFrom, 'rule-validity-empty')
  for (const one of form.exceptions) {
    miss(!one.reason.trim(), 'missing-reason', 'rule-exceptions')
    miss(!one.validTo, 'missing-validTo', 'rule-exceptions')
    miss(nobodyChosen(one.conditions) || unfinished(one.conditions), 'condition-empty-list', 'rule-exceptions')
    miss(one.validTo !== '' && one.validTo <= one.validFrom, 'rule-validity-empty', 'rule-exceptions')
  }
  return [...new Map(found.map(one => [`${one.code} ${one.field}`, one])).values()]
}

export function roleProblems(form: RoleForm): FormProblem[] {
  return [
    ...(form.name.trim() ? [] : [{ code: 'missing-name' as const, field: 'role-name' }]),
    ...(form.key.trim() ? [] : [{ code: 'missing-key' as const, field: 'role-key' }]),
  ]
}

/** A line without a value, or a group of "any" or "none" with nothing in it. */
export function unfinished(tree: ConditionTree): boolean {
  if ('field' in tree) return tree.values.length === 0
  return tree.join === 'all' || tree.parts.length > 0 ? tree.parts.some(unfinished) : true
}

/** An exception without conditions would be from everybody, which is ending the rule and not an exception from it. */
const nobodyChosen = (tree: ConditionTree): boolean => 'join' in tree && tree.parts.length === 0

/** What the server refuses, in words: those of the form where it has them. */
export function refusalTexts(
  refused: ReturnType<typeof problemOf>,
  texts: Record<string, string>,
  t: ReturnType<typeof useTexts>['t'],
  problemText: (refused: ReturnType<typeof problemOf>) => string,
): { text: string }[] {
  const { codes, path } = refused.params
  if (typeof path === 'string') return [{ text: t('ruleDesk.cycle', { path }) }]
  const known = knownCodes(codes, texts)
  return known.length > 0
    ? known.map(code => ({ text: t(`ruleDesk.problem.${code}`) }))
    : [{ text: problemText(refused) }]
}

/** The codes of a refusal that there is a text for. */
const knownCodes = (codes: unknown, texts: Record<string, string>): RuleProblemCode[] =>
  String(codes ?? '')
    .split(' ')
    .filter(code => code in texts) as RuleProblemCode[]
