import { fold } from './fold.ts'

/** A part of a statement with its own parameters, numbered from where it was asked to start. */
type Part = { sql: string; params: readonly unknown[] }

export type Statement = {
  readonly params: unknown[]
  /** Binds a value and returns its placeholder with the cast, so that PostgreSQL never has to guess a type. */
  bind(value: unknown, cast: string): string
  /** Takes in a part that numbers its own placeholders; returns its SQL. */
  use(part: (startAt: number) => Part): string
}

/** Collects the parameters of one statement that is put together from parts. Values are always bound, never written in. */
export function statement(): Statement {
  const params: unknown[] = []
  return {
    params,
    bind: (value, cast) => {
      params.push(value)
      return `$${params.length}::${cast}`
    },
    use: part => {
      const { sql, params: more } = part(params.length + 1)
      params.push(...more)
      return `(${sql})`
    },
  }
}

/** A text that people type, as a LIKE pattern that finds it anywhere: `%` and `_` are letters like all others. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** The words of a search text, folded as search columns are (`search_fold`). At most eight: more narrow nothing. */
export function searchWords(text: string): string[] {
  return [...new Set(fold(text).split(/\s+/u).filter(Boolean))].slice(0, 8)
}
