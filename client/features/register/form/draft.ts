import type { ActivityNames } from '#contract/activities.ts'
import type { ActivityContent, ControllerContent } from '#contract/activity-content.ts'

/** A content that somebody is writing: texts may be empty still, and what is picked has its name with it. */
export type Draft = {
  content: ActivityContent
  kle: string
  /** Picked in this form; null: as the content says. */
  pickedOwner: { id: string; name: string } | null
  ownerName: string | null
  units: { id: string; name: string }[]
  systems: { id: string; name: string; use: string }[]
}

const shared = {
  ...{ name: '', nameEn: null, area: '', description: null, owner: null, units: [], kle: [], systems: [] },
  ...{ transfers: [], measures: [], measuresNote: null, dpo: null, representative: null, reviewMonths: 12 },
}

export function emptyDraft(kind: ActivityContent['kind']): Draft {
  const content: ActivityContent =
    kind === 'processor'
      ? { ...shared, kind, processing: [] }
      : {
          ...{ ...shared, kind: 'controller', purposes: [newPurpose([])], rows: [newRow()], retention: [] },
          ...{ jointControllers: [], information: null, consent: null },
        }
  return { content, kle: '', pickedOwner: null, ownerName: null, units: [], systems: [] }
}

export function draftOf(content: ActivityContent, names: ActivityNames): Draft {
  const use = new Map(content.systems.map(one => [one.systemId, one.use ?? '']))
  return {
    content,
    kle: content.kle.join('\n'),
    pickedOwner: null,
    ownerName: content.owner ? (names.owner?.person.name ?? '–') : null,
    units: names.units,
    systems: names.systems.map(one => ({ id: one.id, name: one.name, use: use.get(one.id) ?? '' })),
  }
}

export type Purpose = ControllerContent['purposes'][number]
export type Row = ControllerContent['rows'][number]
export type Rule = ControllerContent['retention'][number]

/** The first key of a kind that is free: bindings and rows point to it, so it never changes afterwards. */
function freeKey(before: string, taken: readonly { key: string }[]): string {
  for (let n = taken.length + 1; ; n++) if (taken.every(one => one.key !== `${before}-${n}`)) return `${before}-${n}`
}
export const newPurpose = (taken: readonly Purpose[]): Purpose => ({
  ...{ key: freeKey('formaal', taken), name: '', description: null, broader: null, art6: null, art9: [], national: [] },
  provisions: [],
})
export const newRule = (taken: readonly Rule[]): Rule => ({
  ...{ key: freeKey('frist', taken), startEvent: '', period: null, basis: null, archive: 'unknown', note: null },
})
export const newRow = (): Row => ({ subject: '', data: '', recipient: null, erasure: null, source: null })

const KLE = /^\d{2}(\.\d{2}){0,2}$/
/** What to correct: the id of the field, a text key below `activityForm.errors`, and which entry. */
export type Mistake = {
  field: string
  key: 'name' | 'area' | 'kle' | 'purposeName' | 'startEvent' | 'row' | 'transfer' | 'law' | 'joint' | 'processing'
  number?: number
}

const text = (value: string | null): string | null => (value === null || value.trim() === '' ? null : value.trim())
const party = <P extends { name: string; contact: string | null }>(one: P | null): P | null =>
  one && text(one.name) ? { ...one, name: one.name.trim(), contact: text(one.contact) } : null

/** The content to send, and what stands in its way. Rows that nobody has begun are left out. */
export function contentOf(draft: Draft): { content: ActivityContent; mistakes: Mistake[] } {
  const mistakes: Mistake[] = []
  const miss = (holds: boolean, field: string, key: Mistake['key'], number?: number) => {
    if (!holds) mistakes.push(number === undefined ? { field, key } : { field, key, number })
  }
  const written = draft.content
  const kle = draft.kle.split(/[\s,;]+/).filter(Boolean)
  miss(written.name.trim() !== '', 'activity-name', 'name')
  miss(written.area.trim() !== '', 'activity-area', 'area')
  miss(
    kle.every(one => KLE.test(one)),
    'activity-kle',
    'kle',
  )
  const whole = {
    ...written,
    ...{ name: written.name.trim(), area: written.area.trim(), nameEn: text(written.nameEn) },
    ...{ description: text(written.description), measuresNote: text(written.measuresNote), kle },
    ...{ dpo: party(written.dpo), representative: party(written.representative) },
    units: draft.units.map(one => one.id),
    systems: draft.systems.map(one => ({ systemId: one.id, use: text(one.use) })),
    transfers: written.transfers.map(one => ({ ...one, document: text(one.document) })),
  }
  for (const [at, one] of written.transfers.entries())
    miss(one.recipient.trim() !== '' && one.country.trim() !== '', `transfer-${at}`, 'transfer', at + 1)
  if (whole.kind === 'processor') {
    for (const [at, one] of whole.processing.entries())
      miss(one.controller.name.trim() !== '' && one.categories.some(text), `processing-${at}`, 'processing', at + 1)
    const processing = whole.processing.map(one => ({
      controller: { name: one.controller.name.trim(), contact: text(one.controller.contact) },
      ...{ representative: party(one.representative), dpo: party(one.dpo) },
      categories: one.categories.map(each => each.trim()).filter(Boolean),
    }))
    return { content: { ...whole, processing }, mistakes }
  }
  for (const [at, one] of whole.purposes.entries()) {
    miss(one.name.trim() !== '', `purpose-${at}`, 'purposeName', at + 1)
    miss(
      one.provisions.every(each => each.law.trim() !== ''),
      `purpose-${at}-provisions`,
      'law',
      at + 1,
    )
  }
  for (const [at, one] of whole.retention.entries())
    miss(one.startEvent.trim() !== '', `rule-${at}`, 'startEvent', at + 1)
  for (const [at, one] of whole.jointControllers.entries()) miss(one.name.trim() !== '', `joint-${at}`, 'joint', at + 1)
  for (const [at, one] of whole.rows.entries())
    miss((one.subject === '') === (one.data === ''), `row-${at}-subject`, 'row', at + 1)
  const content: ControllerContent = {
    ...whole,
    purposes: whole.purposes.map(one => ({
      ...one,
      name: one.name.trim(),
      description: text(one.description),
      provisions: one.provisions.map(each => ({
        ...each,
        law: each.law.trim(),
        section: text(each.section),
        link: text(each.link),
        checkedOn: text(each.checkedOn),
      })),
    })),
    rows: whole.rows.filter(one => one.subject !== '' && one.data !== ''),
    retention: whole.retention.map(one => ({
      ...one,
      startEvent: one.startEvent.trim(),
      basis: text(one.basis),
      note: text(one.note),
    })),
    jointControllers: whole.jointControllers.map(one => ({
      ...{ name: one.name.trim(), contact: text(one.contact), arrangement: text(one.arrangement) },
    })),
    ...{ information: text(whole.information), consent: text(whole.consent) },
  }
  return { content, mistakes }
}
