import type { ActivityContent, ControllerContent } from '#contract/activity-content.ts'
import { REMARKS, type Remark } from '#contract/register.ts'
import type { VocabularyKind } from '#contract/vocabularies.ts'
import type { Vocabularies } from '../vocabulary/vocabulary.ts'
import { checkBases } from './check-bases.ts'
import { checkErasure } from './check-erasure.ts'
import { checkTransfers } from './check-transfers.ts'
import type { Ground, Tell } from './remark-ground.ts'

/**
 * What a colleague who has read many records would say of this one. Nothing is changed. `today` is the day on which dated
 * things (provisions that were looked up, decisions on adequacy) are judged. The same content gives the same remarks, in
 * the order of the form.
 */
export function checkContent(content: ActivityContent, vocabularies: Vocabularies, today: string): Remark[] {
  const remarks: Remark[] = []
  const tell: Tell = (code, at, values = {}, terms) => {
    const named: Record<string, string> = terms
      ? {
          da: terms.codes.map(one => vocabularies[terms.kind].get(one)?.da ?? one).join(', '),
          en: terms.codes.map(one => vocabularies[terms.kind].get(one)?.en ?? one).join(', '),
        }
      : {}
    remarks.push({ code, at, severity: REMARKS[code], values: { ...values, ...named } })
  }
  const ground = { vocabularies, today, tell }
  if (content.owner === null) tell('no-owner', 'owner')
  if (content.units.length === 0) tell('no-units', 'units')
  if (content.kle.length === 0) tell('no-kle', 'kle')
  if (content.kind === 'controller') checkController(content, ground)
  else if (content.processing.length === 0) tell('no-controllers', 'processing')
  checkCodes(content, ground)
  checkTransfers(content, ground)
  if (content.measures.length === 0) tell('no-measures', 'measures')
  return remarks
}

function checkController(content: ControllerContent, ground: Ground): void {
  const { tell } = ground
  if (content.purposes.length === 0) tell('no-purpose', 'purposes')
  twice(content.purposes, 'purposes', tell)
  twice(content.retention, 'retention', tell)
  checkBases(content, ground)
  if (content.rows.length === 0) tell('no-rows', 'rows')
  const seen = new Map<string, number>()
  for (const [place, row] of content.rows.entries()) {
    const key = [row.subject, row.data, row.recipient].join(' ')
    const first = seen.get(key)
    if (first !== undefined) tell('row-twice', `rows.${place}`, { first: String(first + 1), row: String(place + 1) })
    else seen.set(key, place)
  }
  checkErasure(content, ground)
  for (const [place, joint] of content.jointControllers.entries())
    if (!joint.arrangement) tell('joint-without-arrangement', `jointControllers.${place}`, { name: joint.name })
  if (content.information === null || content.information === '') tell('no-information', 'information')
}

function twice(list: readonly { key: string }[], at: string, tell: Tell): void {
  const seen = new Set<string>()
  for (const [place, { key }] of list.entries()) {
    if (seen.has(key)) tell('key-twice', `${at}.${place}`, { key })
    seen.add(key)
  }
}

/** Every code with where it stands; each wrong one is told once, where it comes first. */
function checkCodes(content: ActivityContent, { vocabularies, tell }: Ground): void {
  const told = new Set<string>()
  for (const { kind, code, at } of codesOf(content)) {
    const id = `${kind} ${code}`
    const term = vocabularies[kind].get(code)
    if (told.has(id) || (term && !term.retired)) continue
    told.add(id)
    if (!term) tell('unknown-code', at, { kind, code })
    else tell('retired-code', at, { kind, code }, { kind, codes: [code] })
  }
}

type Coded = { kind: VocabularyKind; code: string; at: string }

function* codesOf(content: ActivityContent): Generator<Coded> {
  const some = function* (kind: VocabularyKind, at: string, codes: readonly (string | null)[]): Generator<Coded> {
    for (const code of codes) if (code !== null) yield { kind, code, at }
  }
  if (content.kind === 'controller') {
    for (const [place, purpose] of content.purposes.entries()) {
      // Of contents that were stored before there were kinds: nothing.
      yield* some('purpose-kind', `purposes.${place}.broader`, [purpose.broader ?? null])
      yield* some('basis6', `purposes.${place}.art6`, [purpose.art6])
      yield* some('basis9', `purposes.${place}.art9`, purpose.art9)
      yield* some('national', `purposes.${place}.national`, purpose.national)
    }
    for (const [place, row] of content.rows.entries()) {
      yield* some('subject', `rows.${place}.subject`, [row.subject])
      yield* some('data', `rows.${place}.data`, [row.data])
      yield* some('recipient', `rows.${place}.recipient`, [row.recipient])
    }
  }
  for (const [place, one] of content.transfers.entries())
    yield* some('transfer-ground', `transfers.${place}.ground`, [one.ground])
  yield* some('measure', 'measures', content.measures)
}
