import type { Tx } from '../../platform/unit-of-work.ts'
import type { SourceReader } from '../reading/reader.ts'
import { screenMistakes } from './decide-screen-source.ts'
import { type DeclarationMistake, type ReadDeclaration, readDeclaration } from './read-sources.ts'
import { folderOf, type ScreenLimits } from './screen-limits.ts'
import { FULL_EVERY_SECONDS, type SourceDeclaration } from './source.ts'
import { type StoredSource, storedSources, type Written } from './source-store.ts'

export type Understanding = { readers: readonly SourceReader[]; screen: ScreenLimits }

/** Read what the screen, or an import, says a source is: the schemas of the sources file, and the limits of the screen. */
export function readScreenDeclaration(
  declared: unknown,
  { readers, screen }: Understanding,
  { danish = false } = {},
): ReadDeclaration {
  const kind = declared && typeof declared === 'object' && 'kind' in declared ? String(declared.kind) : ''
  const read = readDeclaration(declared, { folder: folderOf(kind, screen), readers, danish })
  const more = screenMistakes(declared)
  if ('mistakes' in read) return { mistakes: [...read.mistakes, ...more] }
  if (more.length > 0) return { mistakes: more }
  return { declaration: { ...read.declaration, owner: 'screen', written: declared as Written } }
}

/** A stored source as the readers take it. A source of the screen is read anew, so that its defaults are today's. */
export function understood(stored: StoredSource, understanding: Understanding): ReadDeclaration {
  if (stored.owner === 'screen') return readScreenDeclaration(stored.written, understanding)
  const { key, name, kind, scheduleSeconds, declaration, written, place } = stored
  return {
    declaration: {
      key,
      name,
      kind,
      scheduleSeconds,
      ...declaration,
      fullEverySeconds: declaration.fullEverySeconds ?? FULL_EVERY_SECONDS,
      owner: 'file',
      ...(written ? { written } : {}),
      ...(place ? { place } : {}),
    },
  }
}

/** All that are declared. What this version no longer understands comes with its mistakes, so that it can be said. */
export async function declaredSources(
  tx: Tx,
  understanding: Understanding,
): Promise<(SourceDeclaration | { key: string; mistakes: DeclarationMistake[] })[]> {
  const stored = await storedSources(tx)
  return stored
    .filter(source => source.declared)
    .map(source => {
      const read = understood(source, understanding)
      return 'declaration' in read ? read.declaration : { key: source.key, mistakes: read.mistakes }
    })
}
