import type { daRules } from './da-rules.ts'
import { changes } from './en/changes.ts'
import { ruleDesk } from './en/rule-desk.ts'
import { rules } from './en/rules.ts'
import type { Same } from './same.ts'

export const enRules: Same<typeof daRules> = { ...changes, ...rules, ...ruleDesk }
