import { changes } from './da/changes.ts'
import { ruleDesk } from './da/rule-desk.ts'
import { rules } from './da/rules.ts'

/** Texts of the screens of rules, roles and mappings. They come with the first of these screens. */
export const daRules = { ...changes, ...rules, ...ruleDesk } as const
