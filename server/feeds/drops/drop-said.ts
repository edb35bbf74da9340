import { dropSaid } from '#contract/drop-said.ts'
import type { Said, SaidCode } from '#contract/said.ts'

const DANISH: Partial<Record<SaidCode, string>> = dropSaid

/** For the note beside a file; null where there is no Danish sentence for it. */
export function inDanish(said: Said | undefined): string | null {
  const text = said && DANISH[said.code]
  if (!text) return null
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(said.params[name] ?? ''))
}
