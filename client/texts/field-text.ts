import type { daInside } from './da-inside.ts'
import type { Translate } from './translate.ts'

type Known = keyof typeof daInside.field
const flags = new Set(['isManager', 'primary', 'onLeave', 'protected', 'enabled', 'privileged'])
const paths = new Set(['unitPath', 'unit', 'managerOf'])

/** The name of a fact or attribute as the screen says it; one that has no text yet is shown as it is. */
export function fieldText(t: Translate, field: string): string {
  return t(`field.${field as Known}`, { defaultValue: field })
}

/** "er", "er i eller under", "er mindst": how a fact was compared. Units are compared by their place in the tree. */
export function opText(t: Translate, field: string, op: string, wanted?: string): string {
  const name = op.replace(/^\$/, '')
  if (name === 'exists') return t(wanted === 'false' ? 'op.notExists' : 'op.exists')
  if (paths.has(field) && field !== 'managerOf' && (name === 'in' || name === 'eq' || name === 'under'))
    return t('op.under')
  const known = ['eq', 'ne', 'in', 'nin', 'under', 'gt', 'gte', 'lt', 'lte'] as const
  const found = known.find(one => one === name)
  return found ? t(`op.${found}`) : name
}

/** A value of a fact in words: kinds of affiliation and yes or no are texts, everything else says itself. */
export function valueText(t: Translate, field: string, value: string | null): string {
  if (value === null || value === '') return t('op.missing')
  if (flags.has(field) && (value === 'true' || value === 'false'))
    return t(value === 'true' ? 'op.isTrue' : 'op.isFalse')
  if (field === 'kind' || field === 'affiliationKind')
    return t(`enum.affiliation.${value as keyof typeof daInside.enum.affiliation}`, { defaultValue: value })
  if (field === 'realm') return t(`enum.realm.${value as keyof typeof daInside.enum.realm}`, { defaultValue: value })
  if (field === 'unitKind')
    return t(`enum.unitKind.${value as keyof typeof daInside.enum.unitKind}`, { defaultValue: value })
  if (field === 'status') return t(`enum.status.${value as keyof typeof daInside.enum.status}`, { defaultValue: value })
  if (field === 'accountKind')
    return t(`enum.accountKind.${value as keyof typeof daInside.enum.accountKind}`, { defaultValue: value })
  if (field === 'sensitivity')
    return t(`enum.sensitivity.${value as keyof typeof daInside.enum.sensitivity}`, { defaultValue: value })
  if (field === 'entitlementKind')
    return t(`enum.entitlementKind.${value as keyof typeof daInside.enum.entitlementKind}`, { defaultValue: value })
  if (field === 'criticality')
    return t(`enum.criticality.${value as keyof typeof daInside.enum.criticality}`, { defaultValue: value })
  if (field === 'reading')
    return t(`enum.reading.${value as keyof typeof daInside.enum.reading}`, { defaultValue: value })
  if (field === 'tree') return t(`enum.tree.${value as keyof typeof daInside.enum.tree}`, { defaultValue: value })
  return value
}

export const constraintText = (t: Translate, kind: string): string =>
  t(`constraint.${kind as keyof typeof daInside.constraint}`, { defaultValue: kind })
