import { createHash } from 'node:crypto'
import type { ActivityContent } from '#contract/activity-content.ts'
import type { PurposeThen } from '../../access/purposes/purposes-then.ts'
import type { Language } from '../../platform/documents/document.ts'
import type { XlsxCell } from '../../platform/documents/write-xlsx.ts'
import type { PrintedRecord } from '../../register/documents/record-document.ts'
import { ruleText } from '../../register/documents/record-text.ts'
import { recordWords } from '../../register/documents/record-words.ts'
import type { Vocabularies } from '../../register/vocabulary/vocabulary.ts'
import type { AdviceThen, ControlThen, DatedThen } from './controls-view.ts'
import type { LeaverThen } from './leavers-view.ts'
import type { PackageWords } from './package-words.ts'
import type { RightThen } from './rights-view.ts'

type Row = readonly XlsxCell[]
export type RowWords = {
  words: PackageWords
  language: Language
  vocabularies: Vocabularies
  unitNames: ReadonlyMap<string, string>
  systems: ReadonlyMap<string, { name: string; read: boolean }>
  /** What a person is called; null: there is none. */
  who: Who
}
type Named = { personId: string | null; name: string | null; protected: boolean }
export type Who = (person: Named) => string

/**
 * People by their names, or by a number that is the same through the package and means nothing outside of it. A protected
 * name is in no file, whoever asks for it.
 */
export const whoIn =
  (words: Pick<PackageWords, 'hidden' | 'nobody'>, named: boolean, salt: string): Who =>
  ({ personId, name, protected: hidden }) => {
    if (personId === null) return words.nobody
    if (hidden) return words.hidden
    if (named) return name ?? words.hidden
    return `P-${createHash('sha256').update(`${salt} ${personId}`).digest('hex').slice(0, 8)}`
  }

const day = (date: string | null): XlsxCell => (date === null ? null : { day: date })
const term = ({ vocabularies, language }: RowWords, kind: keyof Vocabularies, code: string): string =>
  vocabularies[kind].get(code)?.[language] ?? code
const lines = (values: readonly string[]): string => [...new Set(values.filter(Boolean))].join('\n')

const basisOf = (on: RowWords, { art6, art9, national }: Pick<PurposeThen, 'art6' | 'art9' | 'national'>): string =>
  [
    ...(art6 ? [term(on, 'basis6', art6)] : []),
    ...art9.map(code => term(on, 'basis9', code)),
    ...national.map(code => term(on, 'national', code)),
  ].join('; ')
const lawOf = ({ provisions }: Pick<PurposeThen, 'provisions'>): string =>
  provisions.map(one => [one.law, one.section].filter(Boolean).join(' ')).join('; ')

type Controller = ActivityContent & { kind: 'controller' }
/** The rows that the law couples: who, which data, to whom, how long. A record without any has one line all the same. */
const coupled = (on: RowWords, content: Controller) => {
  const words = recordWords[on.language]
  const rules = new Map(content.retention.map(rule => [rule.key, ruleText(words, rule)]))
  return content.rows.map(row => ({
    subject: term(on, 'subject', row.subject),
    data: term(on, 'data', row.data),
    class: words.class[on.vocabularies.data.get(row.data)?.class ?? ''] ?? '',
    recipient: row.recipient ? term(on, 'recipient', row.recipient) : words.noRecipient,
    erasure: row.erasure ? (rules.get(row.erasure) ?? row.erasure) : words.noErasure,
  }))
}

export function* recordRows(on: RowWords, records: readonly PrintedRecord[]): Generator<Row> {
  for (const { ref, content, names, version } of records) {
    const purposes = content.kind === 'controller' ? content.purposes : []
    const rows = content.kind === 'controller' ? coupled(on, content) : []
    for (const row of rows.length > 0 ? rows : [null])
      yield [
        ...[ref, content.name, content.area],
        lines(purposes.map(one => one.name)),
        lines(purposes.map(one => basisOf(on, one))),
        lines(purposes.map(lawOf)),
        ...[row?.subject ?? null, row?.data ?? null, row?.class ?? null, row?.recipient ?? null, row?.erasure ?? null],
        names.units.map(one => one.name).join(', '),
        names.systems.map(one => one.name).join(', '),
        version.number,
        day(version.from),
      ]
  }
}

/** Systems with the data that the records say they hold. A system of no record is there with what it is, and nothing else. */
export function* systemRows(on: RowWords, records: readonly PrintedRecord[]): Generator<Row> {
  for (const [id, system] of on.systems) {
    let found = false
    for (const { ref, content } of records) {
      const uses = content.systems.find(one => one.systemId === id)
      if (!uses) continue
      found = true
      const rows = content.kind === 'controller' ? coupled(on, content) : []
      for (const row of rows.length > 0 ? rows : [null])
        yield [
          ...[system.name, ref, content.name, uses.use],
          ...[
            row?.subject ?? null,
            row?.data ?? null,
            row?.class ?? null,
            row?.recipient ?? null,
            row?.erasure ?? null,
          ],
        ]
    }
    if (!found) yield [system.name, null, null, null, null, null, null, null, null]
  }
}

export async function* rightRows(on: RowWords, rights: AsyncIterable<RightThen>): AsyncGenerator<Row> {
  const { words } = on
  for await (const right of rights) {
    const system = on.systems.get(right.systemId)
    const hidden = right.protected
    const limits = right.ways.flatMap(way => (way.constraints ?? []).map(one => `${one.on}: ${one.values.join(', ')}`))
    yield [
      ...[system?.name ?? '', right.right, on.who(right)],
      hidden ? null : right.title,
      hidden ? null : (on.unitNames.get(right.unitId ?? '') ?? null),
      words.state[stateOf(right, system?.read ?? false)],
      lines(right.ways.map(way => givenBy(words, way))),
      lines(right.ways.map(way => way.owner ?? '')),
      day(right.ways.reduce<string | null>((first, { since }) => earlier(first, since), null)),
      day(right.seenSince),
      lines(limits),
      lines(right.purposes.map(one => one.activity)),
      lines(right.purposes.map(one => one.purpose)),
      lines(right.purposes.map(one => basisOf(on, one))),
      lines(right.purposes.map(lawOf)),
    ]
  }
}

const earlier = (a: string | null, b: string | null): string | null => (a === null ? b : b === null ? a : a < b ? a : b)

const stateOf = (right: RightThen, read: boolean): keyof PackageWords['state'] => {
  if (right.rests) return right.observed ? 'restsHeld' : 'rests'
  if (!right.expected) return 'observed'
  return right.observed ? 'matching' : read ? 'expected' : 'unread'
}

function givenBy(words: PackageWords, way: RightThen['ways'][number]): string {
  if (way.grant) return words.grant[way.grant] ?? way.grant
  const role = way.rolePath.at(-1)
  return `${words.rule}: ${way.rule ?? way.ruleKey}${role ? `; ${words.role}: ${role}` : ''}`
}

export async function* leaverRows(on: RowWords, leavers: AsyncIterable<LeaverThen>): AsyncGenerator<Row> {
  const { words } = on
  for await (const one of leavers) {
    const last = new Date(Date.parse(`${one.endsOn}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
    yield [
      on.who(one),
      one.protected ? null : one.title,
      one.protected ? null : (on.unitNames.get(one.unitId ?? '') ?? null),
      day(last),
      ...[one.system, one.right],
      one.right === null ? null : day(one.endsOn),
      one.right === null ? null : one.expected ? words.stillExpected : day(one.unexpectedOn),
      one.right === null
        ? null
        : one.seen === 'gone'
          ? day(one.goneOn)
          : words[one.seen === 'still' ? 'stillSeen' : 'neverSeen'],
      one.elsewhere ? words.yes : words.no,
    ]
  }
}

export function* controlRows({ words }: RowWords, controls: readonly ControlThen[]): Generator<Row> {
  for (const one of controls)
    yield [
      ...[words.control[one.what], one.name, day(one.dueOn), day(one.doneOn)],
      one.by === null ? null : one.by === 'owner' ? words.byOwner : words.byDpo,
      one.changed === null ? null : one.changed ? words.yes : words.no,
      one.doneOn === null ? words.no : words.yes,
    ]
}

export function* adviceRows({ words }: RowWords, advice: readonly AdviceThen[]): Generator<Row> {
  for (const one of advice)
    yield [
      ...[day(one.on), one.ref, one.name, one.text, day(one.dueOn), day(one.answeredOn)],
      one.answer === null ? null : (words.answer[one.answer] ?? one.answer),
    ]
}

export function* datedRows({ words }: RowWords, rows: readonly DatedThen[]): Generator<Row> {
  for (const one of rows)
    yield [
      ...[words.kind[one.kind] ?? one.kind, words[one.about], one.name, day(one.onDay), day(one.nextDue)],
      ...[one.reference, one.note],
    ]
}
