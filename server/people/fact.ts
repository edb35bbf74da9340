import { createHash } from 'node:crypto'
import type { Json, NormalAttrs } from '../platform/feed-record.ts'

export type SubjectKind = 'person' | 'affiliation' | 'unit' | 'position' | 'deputy'
/** Kinds whose state is derived and kept on two time axes. */
export type StateKind = 'person' | 'affiliation' | 'unit'

/** The source of what a person entered in Hjemmel, as opposed to a feed. */
export const MANUAL = 'manual'

/**
 * One statement by one source about one subject: these attributes hold from `from` until `to` (civil dates,
 * closed-open, null = unbounded). An attribute with the value null says that there is none. A retraction takes one
 * earlier fact back and says nothing itself.
 */
export type Fact = {
  /** Content hash, hex. The same statement made twice is one fact. */
  hash: string
  source: string
  kind: SubjectKind
  subjectId: string | null
  sourceKey: string
  op: 'assert' | 'retract'
  retracts: string | null
  attrs: NormalAttrs
  from: string | null
  to: string | null
  /** When the source stated it, ISO instant in UTC with milliseconds. */
  assertedAt: string
}

export type FactInput = Omit<Fact, 'hash' | 'op' | 'retracts'> & { op?: Fact['op']; retracts?: string | null }

/** Attributes that are the end of something, and the first day that can only be meant as none. */
const ENDS = ['endsOn', 'accessEndsOn', 'leaveTo'] as const
const NO_DAY = '9000-01-01'

/** Programs that know no open end write a day of the year 9999: taken as a day, what is planned from it overflows. */
function withOpenEnds(attrs: NormalAttrs): NormalAttrs {
  const open = ENDS.filter(name => typeof attrs[name] === 'string' && attrs[name] >= NO_DAY)
  return open.length === 0 ? attrs : { ...attrs, ...Object.fromEntries(open.map(name => [name, null])) }
}

export function makeFact(input: FactInput): Fact {
  const fact = {
    ...input,
    op: input.op ?? 'assert',
    retracts: input.retracts ?? null,
    attrs: withOpenEnds(input.attrs),
    to: input.to !== null && input.to >= NO_DAY ? null : input.to,
  }
  const content = canonical([
    fact.source,
    fact.kind,
    fact.subjectId ?? fact.sourceKey,
    fact.op,
    fact.retracts,
    fact.from,
    fact.to,
    fact.assertedAt,
    fact.attrs,
  ])
  return { ...fact, hash: createHash('sha256').update(content).digest('hex') }
}

/** The fact that takes another back. Its content decides its hash, as with every fact. */
export function retractionOf(
  target: Pick<Fact, 'hash' | 'source' | 'kind' | 'subjectId' | 'sourceKey'>,
  assertedAt: Date,
): Fact {
  const { hash, source, kind, subjectId, sourceKey } = target
  return makeFact({
    ...{ source, kind, subjectId, sourceKey },
    op: 'retract',
    retracts: hash,
    attrs: {},
    from: null,
    to: null,
    assertedAt: assertedAt.toISOString(),
  })
}

/** JSON with sorted keys, so that equal content is equal text whatever order it was built or stored in. */
export function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object')
    return `{${Object.keys(value)
      .sort()
      .map(key => `${JSON.stringify(key)}:${canonical(value[key])}`)
      .join(',')}}`
  return JSON.stringify(value ?? null)
}
