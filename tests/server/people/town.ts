import { randomBytes } from 'node:crypto'
import { sealCprAttr } from '../../../server/people/cpr.ts'
import { createPeopleSinks } from '../../../server/people/people-sinks.ts'
import { civilDate } from '../../../server/platform/clock.ts'
import type {
  Applied,
  AuthorityLookup,
  NormalAttrs,
  RecordChange,
  RecordKind,
  SinkContext,
} from '../../../server/platform/feed-record.ts'
import { newId } from '../../../server/platform/ids.ts'
import { createKeyring, type Keyring } from '../../../server/platform/keyring.ts'
import type { Db } from '../../../server/platform/unit-of-work.ts'

export type TownRecord = { kind: RecordKind; key: string; attrs: NormalAttrs }
export type TownRun = { source?: string; now?: string; today?: string; authority?: AuthorityLookup; keyring?: Keyring }

export const keyring = createKeyring([{ id: 'k1', secret: randomBytes(32) }])
const authority: AuthorityLookup = source => (source === 'manual' ? 1000 : 10)

/**
 * Feeds records to the real sinks in apply order, as the pipeline does: what is new is added, what differs from the
 * last time is changed; keys in `gone` are confirmed gone. Remembers per source, like `source_record`. Runs are a
 * minute apart unless they say when.
 */
export function createTown(db: Db) {
  let minutes = 0
  const memory = new Map<string, { attrs: NormalAttrs; subjectId: string | null; gone: boolean }>()
  return async (records: TownRecord[], run: TownRun = {}, gone: { kind: RecordKind; key: string }[] = []) => {
    const source = run.source ?? 'hr'
    const now = new Date(run.now ?? Date.UTC(2026, 0, 10, 8, minutes++))
    const applied: (Applied & { kind: RecordKind })[] = []
    const rejected: { key: string; reason: string }[] = []
    const runId = newId()
    await db.transaction(async tx => {
      const ctx: SinkContext = {
        tx,
        source,
        runId,
        mode: 'full',
        today: run.today ?? civilDate(now),
        now,
        seenAt: now,
        authority: run.authority ?? authority,
        keyring: run.keyring ?? keyring,
      }
      const sinks = createPeopleSinks()
      for (const sink of sinks) {
        const changes: RecordChange[] = []
        for (const record of records.filter(one => one.kind === sink.kind)) {
          const parsed = sink.parse(sealCprAttr(record.attrs, ctx.keyring))
          if (!parsed.ok) {
            rejected.push({ key: record.key, reason: parsed.reason })
            continue
          }
          const id = `${source}/${record.kind}/${record.key}`
          const known = memory.get(id)
          const op = !known ? 'add' : known.gone ? 'return' : 'change'
          changes.push({
            key: record.key,
            op,
            before: known?.attrs ?? null,
            after: parsed.attrs,
            subjectId: known?.subjectId ?? null,
          })
          memory.set(id, { attrs: parsed.attrs, subjectId: null, gone: false })
        }
        for (const one of gone.filter(entry => entry.kind === sink.kind)) {
          const known = memory.get(`${source}/${one.kind}/${one.key}`)
          if (!known) throw new Error(`${one.key} was never there`)
          changes.push({ key: one.key, op: 'gone', before: known.attrs, after: null, subjectId: known.subjectId })
          known.gone = true
        }
        if (changes.length === 0) continue
        if (!sink.apply) throw new Error(`${sink.kind} is carried out in the database`)
        for (const one of await sink.apply(ctx, changes)) {
          applied.push({ ...one, kind: sink.kind })
          const known = memory.get(`${source}/${sink.kind}/${one.key}`)
          if (known) known.subjectId = one.subjectId
        }
        await sink.settle?.(ctx)
      }
      for (const sink of sinks) await sink.after?.(ctx)
    })
    const idOf = (kind: RecordKind, key: string) => {
      const id = applied.find(one => one.kind === kind && one.key === key)?.subjectId
      if (!id) throw new Error(`${kind} ${key} was not applied`)
      return id
    }
    return { runId, applied, rejected, idOf }
  }
}

export const unit = (key: string, attrs: NormalAttrs = {}): TownRecord => ({
  kind: 'unit',
  key,
  attrs: { name: `Enhed ${key}`, ...attrs },
})
export const person = (key: string, attrs: NormalAttrs = {}): TownRecord => ({
  kind: 'person',
  key,
  attrs: { givenName: 'Person', familyName: key, ...attrs },
})
export const job = (key: string, personKey: string, attrs: NormalAttrs = {}): TownRecord => ({
  kind: 'affiliation',
  key,
  attrs: { person: personKey, affiliationKind: 'employment', startsOn: '2020-01-01', ...attrs },
})
