import { SAID, type Said } from '#contract/said.ts'
import type { RuleProblem } from './validate-rules.ts'

/** What is wrong with a rule or role as a code that screens have a text for, with the values that its text takes. */
export function ruleProblemSaid({ code, key, params }: Pick<RuleProblem, 'code' | 'key' | 'params'>): Said {
  const values: Readonly<Record<string, string>> = { ...params, key }
  return { code, params: Object.fromEntries(SAID[code].map(name => [name, values[name] ?? ''])) }
}
