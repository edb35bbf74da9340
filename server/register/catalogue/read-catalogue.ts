import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { shippedTerms } from '../vocabulary/read-terms.ts'
import { activityOf, type CatalogueActivity } from './catalogue.ts'

const FILES = ['work', 'children', 'health', 'citizens', 'government', 'staff'] as const

const text = z.string().min(1)
const rule = z.strictObject({
  from: text,
  period: text.nullable(),
  basis: text,
  archive: z.enum(['keep', 'discard', 'unknown']).optional(),
})
const activity = z.strictObject({
  key: z.string().regex(/^[a-z0-9-]{2,60}$/),
  ...{ da: text, en: text, area: text, about: text, aboutEn: text, kle: text, systems: text },
  purposes: z
    .array(
      z.strictObject({
        ...{ key: text, name: text, broader: text, art6: text },
        ...{ art9: text.exactOptional(), national: text.exactOptional(), laws: text.exactOptional() },
      }),
    )
    .min(1),
  rows: z.array(text).min(1),
  retention: z.record(z.string(), rule).optional(),
  consent: text.optional(),
})

const read = (name: string): unknown => parse(readFileSync(join(import.meta.dirname, 'rows', `${name}.yaml`), 'utf8'))

let kept: ReadonlyMap<string, CatalogueActivity> | undefined

/** All activities of the catalogue by key, in the order of the files; read once. */
export function catalogueActivities(): ReadonlyMap<string, CatalogueActivity> {
  if (kept) return kept
  const usual = z.record(z.string(), rule).parse(read('retention'))
  const terms = shippedTerms()
  const laws = new Map(terms.filter(term => term.kind === 'law').map(term => [term.code, term]))
  const classes = new Map(terms.filter(term => term.kind === 'data').map(term => [term.code, term.class]))
  const all = FILES.flatMap(name => z.array(activity).parse(read(name)))
  kept = new Map(all.map(one => [one.key, activityOf(one, usual, { laws, classes })]))
  return kept
}
