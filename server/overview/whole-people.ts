import type { Actor } from '../policy/actor.ts'
import { abilityFor } from '../policy/policy.ts'

/**
 * Whether the actor may see every right of every person whom they may see at all, so that stored counts over whole
 * persons tell them nothing new. Asked of the rules: someone whose rights are limited by system or unit sees counts of
 * those rights only. The rule on oneself limits people, not rights, and so does the one that leaves out pupils.
 */
export function seesWholePeople(actor: Actor): boolean {
  const ability = abilityFor(actor)
  const rules = (type: 'Person' | 'Right') =>
    ability.rulesFor('read', type).filter(rule => !rule.inverted && (type === 'Right' || allowsBasic(rule.fields)))
  const wide = rules('Right').some(rule => only(rule.conditions, ['personKind']))
  return wide && rules('Person').some(rule => only(rule.conditions, ['kind']))
}

const allowsBasic = (fields: string[] | undefined) => fields === undefined || fields.includes('basic')

const only = (conditions: unknown, names: readonly string[]) =>
  conditions === undefined || Object.keys(conditions as object).every(name => names.includes(name))
