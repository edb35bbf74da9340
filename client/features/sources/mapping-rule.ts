/** How one field comes about: the name in the source, or that with what is done to it. */
export type Rule = string | { [part: string]: unknown }
export type Word = 'column' | 'attribute'

const parts = [
  'otherwise',
  'strip',
  'split',
  'part',
  'lower',
  'case',
  'date',
  'flag',
  'map',
  'default',
  'const',
  'join',
  'also',
  'list',
  'dn',
  'parent',
] as const
export type Part = (typeof parts)[number]

export const fromOf = (rule: Rule): string =>
  typeof rule === 'string' ? rule : String(rule.column ?? rule.attribute ?? '')

/** What is done to the value, in the order of the form. */
export const partsOf = (rule: Rule): Part[] =>
  typeof rule === 'string' ? [] : parts.filter(part => rule[part] !== undefined)

/** Written the short way where nothing is done to the value. */
export function withFrom(rule: Rule, from: string, word: Word): Rule {
  if (typeof rule === 'string' || partsOf(rule).length === 0) return from
  const { column: _column, attribute: _attribute, ...rest } = rule
  return from === '' ? rest : { [word]: from, ...rest }
}

/** The map with one of its fields under another name; the order stays. */
export const renamed = (map: Record<string, Rule>, from: string, to: string): Record<string, Rule> =>
  Object.fromEntries(Object.entries(map).map(([key, rule]) => [key === from ? to : key, rule]))

export type TransformForm = Record<
  | 'otherwise'
  | 'stripStart'
  | 'stripEnd'
  | 'split'
  | 'part'
  | 'case'
  | 'date'
  | 'flag'
  | 'map'
  | 'default'
  | 'const'
  | 'join'
  | 'also',
  string
> &
  Record<'list' | 'dn' | 'parent', boolean>

const text = (value: unknown) => (value === undefined || value === null ? '' : String(value))
/** `ja` and `nej` in a table of values are texts; only true and false are truth values, as in the sources file. */
const value = (said: string): string | boolean | null =>
  said === 'true' ? true : said === 'false' ? false : said === '' ? null : said

export function toForm(rule: Rule): TransformForm {
  const given = typeof rule === 'string' ? {} : rule
  const strip = given.strip as string | { start?: string; end?: string } | undefined
  return {
    otherwise: text(given.otherwise),
    stripStart: typeof strip === 'string' ? strip : text(strip?.start),
    stripEnd: typeof strip === 'string' ? '' : text(strip?.end),
    split: text(given.split),
    part: text(given.part),
    case: given.lower === true ? 'lower' : text(given.case),
    date: text(given.date),
    flag: text(given.flag),
    map: Object.entries((given.map as object | undefined) ?? {})
      .map(([from, to]) => `${from} = ${text(to)}`)
      .join('\n'),
    default: text(given.default),
    const: text(given.const),
    join: given.join === undefined ? '' : text(given.join),
    also: ((given.also as string[] | undefined) ?? []).join(', '),
    list: given.list === true,
    dn: given.dn === true,
    parent: given.parent === true,
  }
}

export function fromForm(form: TransformForm, from: string, word: Word): Rule {
  const lines = form.map.split('\n').flatMap(line => {
    const cut = line.lastIndexOf('=')
    return cut > 0 ? [[line.slice(0, cut).trim(), value(line.slice(cut + 1).trim())] as const] : []
  })
  const also = form.also
    .split(',')
    .map(name => name.trim())
    .filter(Boolean)
  const rule: Rule = {
    ...(from ? { [word]: from } : {}),
    ...(form.otherwise ? { otherwise: form.otherwise } : {}),
    ...(form.stripStart && !form.stripEnd ? { strip: form.stripStart } : {}),
    ...(form.stripEnd ? { strip: { ...(form.stripStart ? { start: form.stripStart } : {}), end: form.stripEnd } } : {}),
    ...(form.split ? { split: form.split } : {}),
    ...(form.part ? { part: Number(form.part) } : {}),
    ...(form.case ? { case: form.case } : {}),
    ...(form.date ? { date: form.date } : {}),
    ...(form.flag ? { flag: form.flag } : {}),
    ...(lines.length > 0 ? { map: Object.fromEntries(lines) } : {}),
    ...(form.default ? { default: value(form.default) } : {}),
    ...(form.const ? { const: value(form.const) } : {}),
    ...(form.join || also.length > 0 ? { join: form.join } : {}),
    ...(also.length > 0 ? { also } : {}),
    ...(form.list ? { list: true } : {}),
    ...(form.dn ? { dn: true } : {}),
    ...(form.parent ? { parent: true } : {}),
  }
  return from && partsOf(rule).length === 0 ? from : rule
}
