import type { z } from 'zod'
import type { sourceMistake, sourceVersion } from '#contract/sources.ts'
import { inDanish } from './danish-mistakes.ts'
import type { DeclarationMistake } from './read-sources.ts'
import type { SourceDeclaration } from './source.ts'

type Changes = z.output<typeof sourceVersion>['changes']

/** JSON pointer (RFC 6901) of a path in a declaration. */
export const pointer = (path: readonly (string | number)[]): string =>
  path.map(step => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** The same mistakes read twice, in English and in Danish; where the two do not meet, English stands for both. */
export function shownMistakes(
  english: readonly DeclarationMistake[],
  danish: readonly DeclarationMistake[],
): z.output<typeof sourceMistake>[] {
  return english.map(({ path, what }, index) => {
    const where = pointer(path)
    const other = danish[index]
    const translated = other && pointer(other.path) === where ? other.what : what
    return { where, what: { da: inDanish(translated), en: what } }
  })
}

/** A declaration with its defaults, in the words of the sources file. */
export function effective({
  key,
  name,
  kind,
  authority,
  guards,
  correlation,
  scheduleSeconds,
  fullEverySeconds,
  settings,
}: SourceDeclaration) {
  return {
    key,
    name,
    kind,
    schedule: scheduleSeconds === null ? null : shownSchedule(scheduleSeconds),
    fullEvery: shownSchedule(fullEverySeconds),
    authority,
    guards,
    ...(correlation ? { correlation } : {}),
    ...(settings as Record<string, unknown>),
  }
}

export function shownSchedule(seconds: number): string {
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const)
    if (seconds % size === 0 && seconds >= size) return `${seconds / size}${unit}`
  return `${seconds}s`
}

const MOST = 300

/** What differs between two declarations, a line per setting. Lists are compared place by place. */
export function declarationChanges(before: unknown, after: unknown): Changes {
  const was = leaves(before)
  const is = leaves(after)
  const lines: Changes = []
  for (const where of new Set([...was.keys(), ...is.keys()])) {
    const one = was.get(where) ?? null
    const other = is.get(where) ?? null
    if (one !== other) lines.push({ where, before: one, after: other })
  }
  return lines.slice(0, MOST)
}

function leaves(
  value: unknown,
  path: (string | number)[] = [],
  found = new Map<string, string>(),
): Map<string, string> {
  if (value === null || value === undefined) return found
  const entries = Array.isArray(value) ? [...value.entries()] : typeof value === 'object' ? Object.entries(value) : null
  if (entries === null) found.set(pointer(path), String(value))
  else for (const [key, inner] of entries) leaves(inner, [...path, key], found)
  return found
}
