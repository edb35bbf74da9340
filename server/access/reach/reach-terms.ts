import type { Tx } from '../../platform/unit-of-work.ts'

export type ReachTerm = { code: string; da: string; en: string; class: string | null }
export type ReachTerms = { data: ReachTerm[]; subjects: ReachTerm[]; classOf: (data: string) => string | null }

/** The words of categories, as the municipality orders them. Retired ones too: a record in force may still name them. */
export async function readTerms(tx: Tx): Promise<ReachTerms> {
  const rows = await tx.query<ReachTerm & { kind: string }>(
    `select kind, code, da, en, class from vocabulary_term where kind in ('data', 'subject') order by sort, code`,
  )
  const of = (kind: string) => rows.filter(row => row.kind === kind).map(({ kind: _, ...term }) => term)
  const data = of('data')
  const classes = new Map(data.map(one => [one.code, one.class]))
  return { data, subjects: of('subject'), classOf: code => classes.get(code) ?? null }
}

/** Those of them that are reached; a code without a word is shown as it stands. */
export function termsOf(terms: readonly ReachTerm[], codes: Iterable<string>): ReachTerm[] {
  const wanted = new Set(codes)
  const known = terms.filter(one => wanted.delete(one.code))
  return [...known, ...[...wanted].map(code => ({ code, da: code, en: code, class: null }))]
}
