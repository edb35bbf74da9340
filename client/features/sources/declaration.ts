/** A declaration as it is written: the words of the sources file, nothing filled in. */
export type Declaration = Record<string, unknown>
export type Path = readonly (string | number)[]

export const pointer = (path: Path): string => path.map(step => `/${step}`).join('')

export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner && typeof inner === 'object' ? (inner as Record<string, unknown>)[step] : undefined),
    value,
  )
}

/** The same with one value changed; `undefined` takes the setting away, so that the default holds again. */
export function put<T>(value: T, path: Path, next: unknown): T {
  const [step, ...rest] = path
  if (step === undefined) return next as T
  const old = (value ?? (typeof step === 'number' ? [] : {})) as Record<string | number, unknown>
  const inner = rest.length === 0 ? next : put(old[step], rest, next)
  if (Array.isArray(old)) {
    const copy = [...old]
    if (inner === undefined) copy.splice(Number(step), 1)
    else copy[Number(step)] = inner
    return copy as T
  }
  const { [step]: _old, ...others } = old
  // The order of the settings stays as somebody wrote it.
  return (inner === undefined ? others : step in old ? { ...old, [step]: inner } : { ...others, [step]: inner }) as T
}

export const textAt = (value: unknown, path: Path): string => {
  const found = at(value, path)
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? String(found) : ''
}

export const listAt = (value: unknown, path: Path): unknown[] => {
  const found = at(value, path)
  return Array.isArray(found) ? found : []
}

/** What a new source of a kind begins with. */
export function emptyDeclaration(kind: string): Declaration {
  const common = { key: '', name: { da: '', en: '' }, kind, schedule: '1h' }
  if (kind === 'ldap') return { ...common, flavour: 'ad', urls: [], bindDn: '', password: {}, base: '' }
  if (kind === 'csv') return { ...common, files: [{ path: '', record: 'person', key: '', map: {} }] }
  if (kind === 'opus' || kind === 'sd') return { ...common, drops: { folder: '' } }
  return { ...common, files: [''], records: [{ record: 'account', match: { objectClass: 'user' }, key: '', map: {} }] }
}

/** `name` may stand as one text for both languages; the form has two fields. */
export function opened(declaration: Declaration): Declaration {
  const { name, url, file, ...rest } = declaration
  const names = typeof name === 'string' ? { da: name, en: name } : name
  return {
    ...rest,
    ...(names === undefined ? {} : { name: names }),
    ...(url === undefined ? {} : { urls: [url] }),
    ...(file === undefined ? {} : { files: [file] }),
  }
}
