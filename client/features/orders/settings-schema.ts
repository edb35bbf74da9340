/** Settings as the JSON schema of their connector says them, and as fields of a form hold them. Pure. */

export type Settings = Record<string, unknown>
type Node = {
  type?: string
  enum?: readonly string[]
  anyOf?: readonly Node[]
  properties?: Record<string, Node>
  required?: readonly string[]
  additionalProperties?: unknown
  items?: Node
  default?: unknown
}
type Shape =
  | { is: 'text' | 'number' | 'yes-no' | 'lines' | 'pairs' | 'secret' }
  | { is: 'one-of'; options: readonly string[] }
  | { is: 'part'; fields: readonly Field[] }
export type Field = { name: string; needed: boolean; fallback: unknown } & Shape

/** Fields in the order of the schema. */
export function fieldsOf(schema: Record<string, unknown> | undefined): Field[] {
  const { properties = {}, required = [] } = (schema ?? {}) as Node
  return Object.entries(properties).map(([name, node]) => ({
    ...{ name, needed: required.includes(name), fallback: node.default },
    ...shapeOf(node),
  }))
}

function shapeOf(node: Node): Shape {
  if (node.enum) return { is: 'one-of', options: node.enum }
  if (node.anyOf?.some(one => one.properties?.env)) return { is: 'secret' }
  if (node.type === 'boolean') return { is: 'yes-no' }
  if (node.type === 'integer' || node.type === 'number') return { is: 'number' }
  if (node.type === 'array') return { is: 'lines' }
  if (node.type === 'object' && node.properties)
    return { is: 'part', fields: fieldsOf(node as Record<string, unknown>) }
  if (node.type === 'object') return { is: 'pairs' }
  return { is: 'text' }
}

/** `key = value`, one a line. The value may hold `=` (places of a directory do), the key may not. */
export const pairsText = (value: unknown): string =>
  Object.entries((value ?? {}) as Record<string, string>)
    .map(([key, one]) => `${key} = ${one}`)
    .join('\n')

export function pairsOf(text: string): Record<string, string> {
  const pairs: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const at = line.indexOf('=')
    const key = (at < 0 ? line : line.slice(0, at)).trim()
    if (key !== '') pairs[key] = at < 0 ? '' : line.slice(at + 1).trim()
  }
  return pairs
}

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')

/** Without what was left empty: then the default holds. */
export function withValue(settings: Settings, name: string, value: unknown): Settings {
  const { [name]: _, ...rest } = settings
  return value === undefined || value === '' ? rest : { ...rest, [name]: value }
}
