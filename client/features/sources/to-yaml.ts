const plain = /^[\p{L}_/][\p{L}\p{N} _./@*+-]*$/u
const reserved = /^(true|false|null|yes|no|on|off|~)$/i

const scalar = (value: unknown): string =>
  typeof value !== 'string'
    ? String(value ?? 'null')
    : plain.test(value) && !reserved.test(value) && value === value.trim()
      ? value
      : // A JSON text is a YAML text in double quotes.
        JSON.stringify(value)

const isBranch = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0

/** A declaration that is not saved yet, as it would stand in the sources file. Values are JSON values. */
export function toYaml(value: unknown, indent = ''): string {
  if (!isBranch(value)) return typeof value === 'object' && value ? (Array.isArray(value) ? '[]' : '{}') : scalar(value)
  if (Array.isArray(value))
    return value
      .map(one =>
        isBranch(one) ? `${indent}- ${toYaml(one, `${indent}  `).trimStart()}` : `${indent}- ${toYaml(one)}`,
      )
      .join('\n')
  return Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .map(([key, one]) => {
      const name = scalar(key)
      return isBranch(one) ? `${indent}${name}:\n${toYaml(one, `${indent}  `)}` : `${indent}${name}: ${toYaml(one)}`
    })
    .join('\n')
}
