import { say } from '#contract/said.ts'
import { problem } from '../../platform/problem.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { SourceReader } from '../reading/reader.ts'
import { declaredSources } from './declared-sources.ts'
import { checkReach, type ScreenLimits } from './screen-limits.ts'
import type { SourceDeclaration } from './source.ts'

export type ReadableSource = { source: SourceDeclaration; reader: SourceReader }

/** Sources with what reads them, from the database each time: what one process's screen changes is changed for all. */
export function createLookup({
  db,
  readers,
  screen,
}: {
  db: Db
  readers: readonly SourceReader[]
  screen: ScreenLimits
}) {
  const byKind = new Map(readers.map(reader => [reader.kind, reader]))
  const declarations = () => db.snapshot(tx => declaredSources(tx, { readers, screen }))

  /** A declaration with its reader; what a source of the screen reaches is looked at each time it is used. */
  const readable = async (source: SourceDeclaration): Promise<ReadableSource> => {
    const reader = byKind.get(source.kind)
    if (!reader)
      throw problem('source-invalid', {
        detail: `Nothing here reads sources of kind "${source.kind}".`,
        said: say('kind-not-read', { kind: source.kind }),
      })
    await checkReach(source, screen)
    return { source, reader }
  }

  return {
    readable,

    /** All that are declared, without those that this version does not understand. */
    async sources(): Promise<SourceDeclaration[]> {
      return (await declarations()).filter((one): one is SourceDeclaration => !('mistakes' in one))
    },

    async sourceOf(key: string): Promise<ReadableSource> {
      const all = await declarations()
      const found = all.find(candidate => candidate.key === key)
      if (found && 'mistakes' in found)
        throw problem('source-invalid', {
          detail: `The source ${key} is not declared in a way that this version understands: ${found.mistakes.map(one => `${one.at ? `${one.at}: ` : ''}${one.what}`).join(' | ')}`,
          said: say('not-understood', { source: key }),
        })
      if (found) return readable(found)
      const known = all.map(declaration => declaration.key).join(', ') || 'none'
      throw problem('not-found', { detail: `There is no source "${key}". Declared sources: ${known}.` })
    },
  }
}
export type Lookup = ReturnType<typeof createLookup>
