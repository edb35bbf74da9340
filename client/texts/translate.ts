import type { da } from './da.ts'
import type { AllParts } from './parts.ts'

/** Paths of all texts. `drift_one` and `drift_other` are one text, `drift`, which then takes a `count`. */
type Paths<T, Before extends string = ''> = {
  [K in keyof T & string]: T[K] extends string
    ? `${Before}${K extends `${infer Name}_one` ? Name : K extends `${infer Name}_other` ? Name : K}`
    : Paths<T[K], `${Before}${K}.`>
}[keyof T & string]
export type TextKey = Paths<typeof da> | Paths<AllParts>
export type TextValues = { count?: number; defaultValue?: string; [name: string]: string | number | undefined }
export type Translate = (key: TextKey, values?: TextValues) => string
type Tree = { readonly [key: string]: string | Tree }

/**
 * A text in a language: `{{name}}` is filled in, numbers are written as the language does, and `count` chooses the
 * singular or the plural. A key that is not there answers `defaultValue`: for codes that may be newer than the client.
 */
export function translator(locale: string, texts: Tree): Translate {
  const plural = new Intl.PluralRules(locale)
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  const say = (value: string | number | undefined) =>
    typeof value === 'number' ? numbers.format(value) : (value ?? '')
  return (key, values = {}) => {
    const { count } = values
    const text =
      lookUp(texts, key) ??
      (count === undefined ? undefined : lookUp(texts, `${key}_${plural.select(count) === 'one' ? 'one' : 'other'}`))
    if (text === undefined) return values.defaultValue ?? key
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => say(values[name]))
  }
}

function lookUp(texts: Tree, key: string): string | undefined {
  let at: string | Tree | undefined = texts
  for (const part of key.split('.')) at = typeof at === 'object' && Object.hasOwn(at, part) ? at[part] : undefined
  return typeof at === 'string' ? at : undefined
}
