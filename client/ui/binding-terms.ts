import type { BindingRow, makeBinding } from '#contract/bindings.ts'
import type { BodyInput } from '#contract/endpoint.ts'

/** Limits of a right that a purpose may be narrowed by, as people type them: values with commas between them. */
export const SCOPES = ['kle', 'unit', 'sensitivity'] as const

export type BindingBody = Omit<BodyInput<typeof makeBinding>, 'object'>
export type BindingDraft = {
  activityId: string
  purposeKey: string
  /** Empty: all that the activity says. */
  subjects: string[]
  data: string[]
  operations: string[]
  scope: Record<(typeof SCOPES)[number], string>
  /** Limits that the form has no field for are kept as they are. */
  otherScope: Record<string, string[]>
  necessity: string
  until: string
  reviewMonths: string
}

export const emptyDraft: BindingDraft = {
  ...{ activityId: '', purposeKey: '', subjects: [], data: [], operations: [], otherScope: {} },
  ...{ scope: { kle: '', unit: '', sensitivity: '' }, necessity: '', until: '', reviewMonths: '12' },
}

type Said = {
  activity: { id: string }
  purpose: { key: string }
  scope: Record<string, string[]>
  necessity: string
} & Partial<Pick<BindingRow, 'subjects' | 'data' | 'operations' | 'to' | 'reviewMonths'>>

/** What stands, as the form shows it. `lastDay` turns an open end of a range into the last day that people say. */
export function draftOf(said: Said, lastDay: (to: string) => string): BindingDraft {
  const { kle = [], unit = [], sensitivity = [], ...otherScope } = said.scope
  return {
    activityId: said.activity.id,
    purposeKey: said.purpose.key,
    subjects: said.subjects ?? [],
    data: said.data ?? [],
    operations: said.operations ?? [],
    scope: { kle: kle.join(', '), unit: unit.join(', '), sensitivity: sensitivity.join(', ') },
    otherScope,
    necessity: said.necessity,
    until: said.to ? lastDay(said.to) : '',
    reviewMonths: String(said.reviewMonths ?? 12),
  }
}

export type DraftError = 'activity' | 'purpose' | 'necessity' | 'months'

/** What the server is sent, and what is missing before it may be. */
export function bodyOf(draft: BindingDraft): { body: BindingBody; errors: DraftError[] } {
  const months = Number(draft.reviewMonths)
  const errors: DraftError[] = [
    ...(draft.activityId ? [] : (['activity'] as const)),
    ...(draft.activityId && !draft.purposeKey ? (['purpose'] as const) : []),
    ...(draft.necessity.trim().length < 10 ? (['necessity'] as const) : []),
    ...(Number.isInteger(months) && months >= 1 && months <= 60 ? [] : (['months'] as const)),
  ]
  const values = (text: string) => [...new Set(text.split(/[,;\s]+/).filter(Boolean))]
  const scope = Object.fromEntries(
    [...SCOPES.map(type => [type, values(draft.scope[type])] as const), ...Object.entries(draft.otherScope)].filter(
      ([, some]) => some.length > 0,
    ),
  )
  return {
    errors,
    body: {
      activityId: draft.activityId,
      purposeKey: draft.purposeKey,
      subjects: draft.subjects.length > 0 ? draft.subjects : null,
      data: draft.data.length > 0 ? draft.data : null,
      operations: draft.operations as NonNullable<BindingBody['operations']>,
      scope,
      necessity: draft.necessity.trim(),
      until: draft.until || null,
      reviewMonths: months,
    },
  }
}
