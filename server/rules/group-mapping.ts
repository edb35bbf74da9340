import { z } from 'zod'
import { isEntitlementKey } from './rights-rule.ts'

const text = z.string().min(1)

/**
 * Makes an entitlement of a directory group. `*` stands for one or more characters; what it stood for may be used in
 * the entitlement as `{1}`, `{2}`, ... in the order of the stars of `cn`. No regular expressions: whoever maintains
 * the mappings must be able to see what they catch.
 */
export const groupMapping = z.strictObject({
  source: text,
  match: z.strictObject({ cn: text }),
  entitlement: text,
})

export type GroupMapping = z.infer<typeof groupMapping>
export type Group = { source: string; cn: string }

/**
 * The entitlement of a group: the first mapping of its source that fits decides. Null when none fits, and also when
 * what comes out is not an entitlement key: a group nobody understood gives no right a name.
 * The key is in small letters where the mapping fills in (directories do not tell them apart), blanks become `-`.
 */
export function entitlementOf(mappings: readonly GroupMapping[], group: Group): string | null {
  for (const { source, match, entitlement } of mappings) {
    if (source !== group.source) continue
    const captured = matchGlob(match.cn, group.cn)
    if (!captured) continue
    const key = entitlement.replaceAll(/\{(\d+)\}/g, (_, n: string) => slug(captured[Number(n) - 1] ?? '*'))
    return isEntitlementKey(key) ? key : null
  }
  return null
}

const slug = (captured: string) => captured.trim().toLowerCase().replaceAll(/\s+/g, '-')

/**
 * What each `*` of the pattern stood for, or null where it does not fit. Small and capital letters are the same. A star
 * takes as little as possible, the last one the rest, so the answer never depends on trying.
 */
export function matchGlob(pattern: string, value: string): string[] | null {
  const text = value.normalize('NFC')
  const folded = fold(text)
  const [first, ...rest] = pattern.normalize('NFC').split('*').map(fold) as [string, ...string[]]
  // Folding that changes the length would let positions drift apart: such a name is left to a human.
  if (folded.length !== text.length || !folded.startsWith(first)) return null
  if (rest.length === 0) return folded === first ? [] : null
  const captured: string[] = []
  let at = first.length
  for (const [i, literal] of rest.entries()) {
    const last = i === rest.length - 1
    const from = at + 1
    const found = last ? lastPlace(folded, literal, from) : folded.indexOf(literal, from)
    if (found < from || found > text.length) return null
    captured.push(text.slice(at, found))
    at = found + literal.length
  }
  return captured
}

const fold = (text: string) => text.toLowerCase()

const lastPlace = (text: string, literal: string, from: number) => {
  const place = text.length - literal.length
  return place >= from && text.endsWith(literal) ? place : -1
}

/** Problems of one mapping beyond its shape: text keys, empty when sound. */
export function mappingProblems({
  match,
  entitlement,
}: GroupMapping): ('mapping-unknown-star' | 'entitlement-key-invalid')[] {
  const stars = match.cn.split('*').length - 1
  const used = [...entitlement.matchAll(/\{(\d+)\}/g)].map(([, n]) => Number(n))
  if (used.some(n => n < 1 || n > stars)) return ['mapping-unknown-star']
  return isEntitlementKey(entitlement.replaceAll(/\{\d+\}/g, 'x')) ? [] : ['entitlement-key-invalid']
}
