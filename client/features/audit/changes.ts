export type Change = { field: string; before: string; after: string }

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

const plain = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(plain).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The fields that differ between before and after, as text; a missing side is empty. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const old = record(before)
  const now = record(after)
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .map(field => ({ field, before: plain(old[field]), after: plain(now[field]) }))
    .filter(change => change.before !== change.after)
}
