import type { Aspect } from '#contract/held.ts'
import type { Json } from '../../platform/feed-record.ts'

type Attrs = { [key: string]: Json } | null

/** What a change of an attribute is about; what is not named here is `other`. */
const ABOUT: Record<string, Aspect> = {
  givenName: 'rename',
  familyName: 'rename',
  name: 'rename',
  displayName: 'rename',
  username: 'rename',
  manager: 'manager',
  unit: 'move',
  payUnit: 'move',
  unitOverride: 'move',
  parent: 'move',
  tree: 'move',
  ou: 'move',
  cprHash: 'identity',
  person: 'identity',
  employeeNo: 'identity',
  title: 'title',
  schoolClass: 'class',
  members: 'members',
  lastSignIn: 'activity',
  lastUsed: 'activity',
}
/** Differ whenever something else does, or each time they are written. */
const NOT_LOOKED_AT = new Set(['cprSealed', 'dn', 'email'])
/** Sealed anew each time. */
const NOT_COMPARED = new Set(['cprSealed'])

/**
 * Values that may be named as the cause of many changes: they say where or what somebody is. What says who (names,
 * numbers, addresses) is only named as an attribute.
 */
const NAMED = new Set([
  'unit',
  'payUnit',
  'unitOverride',
  'parent',
  'tree',
  'unitKind',
  'ou',
  'mailDomain',
  'title',
  'category',
  'affiliationKind',
  'schoolClass',
  'functions',
  'fraction',
  'enabled',
  'accountKind',
  'entitlementKind',
  'sensitivity',
  'privileged',
  'startsOn',
  'endsOn',
  'leaveKind',
  'validFrom',
  'validTo',
])

export type AttributeChange = { attribute: string; from: string | null; to: string | null }

/**
 * Which attributes differ, in words that can be counted: `from` and `to` are null for values that must not be named.
 * For a record that leaves, what it was counts.
 */
export function attributeChanges(before: Attrs, after: Attrs): AttributeChange[] {
  const was = derived(before)
  const is = derived(after)
  const changes: AttributeChange[] = []
  for (const attribute of new Set([...Object.keys(was), ...Object.keys(is)])) {
    if (NOT_LOOKED_AT.has(attribute)) continue
    if (same(was[attribute], is[attribute])) continue
    const named = NAMED.has(attribute)
    if (named) changes.push({ attribute, from: text(was[attribute]), to: text(is[attribute]) })
    else if (after !== null) changes.push({ attribute, from: null, to: null })
  }
  return changes
}

/** Nothing that was known is another now: attributes have a value that had none. */
export const onlyFills = (before: Attrs, after: Attrs): boolean =>
  before !== null &&
  after !== null &&
  Object.keys(before).every(
    name => NOT_COMPARED.has(name) || isNothing(before[name]) || same(before[name], after[name]),
  )

/** What a change is about, for the guards that count one sort of change. */
export function aspectsOf(before: Attrs, after: Attrs, changes: readonly AttributeChange[]): Set<Aspect> {
  const aspects = new Set<Aspect>()
  for (const { attribute } of changes) aspects.add(ABOUT[attribute] ?? 'other')
  if (before?.enabled === true && after?.enabled === false) aspects.add('disable')
  if (endsEarlier(before, after, 'endsOn') || endsEarlier(before, after, 'validTo')) aspects.add('end')
  return aspects
}

/** Says nothing but that somebody has signed in: no reason for any guard. */
export const isActivity = (aspects: ReadonlySet<Aspect>): boolean => aspects.size === 1 && aspects.has('activity')

function endsEarlier(before: Attrs, after: Attrs, attribute: string): boolean {
  const to = after?.[attribute]
  const from = before?.[attribute]
  return typeof to === 'string' && (typeof from !== 'string' || to < from)
}

/** The container of an entry and the domain of an address: what they have in common with others. */
function derived(attrs: Attrs): { [key: string]: Json } {
  if (attrs === null) return {}
  const { dn, email } = attrs
  return {
    ...attrs,
    ...(typeof dn === 'string' ? { ou: dn.replace(/^(?:\\.|[^,\\])*,?/, '') } : {}),
    ...(typeof email === 'string' ? { mailDomain: email.slice(email.lastIndexOf('@') + 1).toLowerCase() } : {}),
  }
}

const isNothing = (value: Json | undefined) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
const same = (was: Json | undefined, is: Json | undefined): boolean =>
  was === is || (isNothing(was) && isNothing(is)) || JSON.stringify(was) === JSON.stringify(is)

const LONGEST = 120
function text(value: Json | undefined): string | null {
  if (value === undefined || isNothing(value)) return null
  const said = typeof value === 'string' ? value : JSON.stringify(value)
  return said.length > LONGEST ? `${said.slice(0, LONGEST)}…` : said
}
