import { useEffect, useState } from 'react'
import {
  isSheetField,
  MISTAKES,
  personFields,
  readSheet,
  SHEET,
  type SheetField,
  type SheetMistake,
} from '#contract/sheet.ts'
import { useSession } from '../../lib/session.ts'

/** Values as the fields of a form hold them: texts and lists; a picked person or unit with the name that is shown. */
export type DraftValues = Partial<Record<SheetField, unknown>>
export type Picked = { person?: string; unit?: string; words?: string; name?: string; affiliation?: string }
type Stored = { version: number; values: DraftValues }

function stored(at: string): Stored | null {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(at) ?? 'null')
    return found && typeof found === 'object' && 'values' in found ? (found as Stored) : null
  } catch {
    return null
  }
}

/**
 * What somebody has written in one group of a sheet and not saved: kept in this tab on every change, so that neither an
 * error, a reload nor a session that ended loses it.
 */
export function useSheetDraft(systemId: string, group: string) {
  const { actor } = useSession()
  const at = `hjemmel.sheet-draft.${actor?.userId}.${systemId}.${group}`
  const [draft, setDraft] = useState<Stored | null>(() => stored(at))
  useEffect(() => {
    if (draft) sessionStorage.setItem(at, JSON.stringify(draft))
    else sessionStorage.removeItem(at)
  }, [at, draft])
  return {
    draft,
    begin: (version: number) => setDraft(old => old ?? { version, values: {} }),
    set: (field: SheetField, value: unknown) =>
      setDraft(old => (old ? { ...old, values: { ...old.values, [field]: value } } : old)),
    /** Onto what counts now: what is written stays. */
    rebase: (version: number) => setDraft(old => (old ? { ...old, version } : old)),
    drop: () => setDraft(null),
  }
}

/** What is sent: empty is nothing, lists are split, a picked person goes by id. */
export function toGiven(values: DraftValues): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([field, value]) => [field, isSheetField(field) ? given(field, value) : value]),
  )
}

function given(field: SheetField, value: unknown): unknown {
  if (value === null || value === undefined) return null
  switch (SHEET[field].kind) {
    case 'list':
      return lines(value)
    case 'number':
      return numberOf(value)
    case 'person':
    case 'unit': {
      const { person, unit, affiliation, words } = value as Picked
      if (person) return { person }
      if (unit) return { unit }
      if (affiliation) return { affiliation }
      return words?.trim() ? { words } : null
    }
    case 'contracts':
      return (value as Record<string, unknown>[]).map(one => ({
        ...emptyToNull(one),
        name: one.name ?? '',
        noticeMonths: numberOf(one.noticeMonths),
        pricePerYear: numberOf(one.pricePerYear),
      }))
    case 'flows':
      return (value as Record<string, unknown>[]).map(({ name: _, ...one }) => ({
        ...emptyToNull(one),
        system: one.system ?? '',
        data: lines(one.data),
      }))
    default:
      return typeof value === 'string' && value.trim() === '' ? null : value
  }
}

export const lines = (value: unknown): string[] =>
  (Array.isArray(value) ? (value as string[]) : String(value ?? '').split('\n')).map(one => one.trim()).filter(Boolean)
const emptyToNull = (one: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(one).map(([name, value]) => [name, value === '' ? null : value]))
/** What is no number stays what was written: the server's words for it are the same. */
const numberOf = (value: unknown): unknown => {
  const text = String(value ?? '').trim()
  return text === '' ? null : /^-?\d+$/.test(text) ? Number(text) : text
}

/** The same reading as the server's, but for what only the database knows. */
export function mistakesOf(values: DraftValues): SheetMistake[] {
  const all = toGiven(values)
  const picked = personFields.filter(field => (all[field] as Picked | null)?.person)
  return readSheet(Object.fromEntries(Object.entries(all).filter(([field]) => !picked.includes(field as 'owner'))))
    .mistakes
}

/** Mistakes that the server sent, by the place of their field: `/contracts/0/to`; the code stands before the colon. */
export const sentMistakes = (errors: readonly object[]): SheetMistake[] =>
  (errors as { where: string; what: string }[]).map(({ where, what }) => {
    const [code = ''] = what.split(':')
    return { where, code: MISTAKES.find(one => one === code) ?? 'not-understood', what }
  })
