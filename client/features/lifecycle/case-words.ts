import {
  type Icon,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconPencil,
  IconPlayerPlay,
  IconSend,
  IconUserCheck,
} from '@tabler/icons-react'
import type { Missing } from '#contract/lifecycle.ts'
import type { Texts } from '../../texts/i18n.ts'
import type { Tone } from '../../ui/status.tsx'

type Stage = 'draft' | 'prepared' | 'waiting' | 'sent' | 'running' | 'done' | 'withdrawn'
export const STAGES: Record<Stage, { tone: Tone; icon: Icon }> = {
  draft: { tone: 'quiet', icon: IconPencil },
  prepared: { tone: 'wait', icon: IconUserCheck },
  waiting: { tone: 'wait', icon: IconClock },
  sent: { tone: 'info', icon: IconSend },
  running: { tone: 'info', icon: IconPlayerPlay },
  done: { tone: 'ok', icon: IconCircleCheck },
  withdrawn: { tone: 'quiet', icon: IconCircleX },
}

/** The element that a place in the form is shown in. */
export const fieldId = (where: string): string => where.replaceAll('/', '-')

/** What a field is called, for a sentence about it. */
const fieldName = (t: Texts['t'], where: string): string => {
  if (where === 'person/givenName') return t('reports.person.givenName')
  if (where === 'person/familyName') return t('reports.person.familyName')
  if (where === 'affiliation/unitId') return t('reports.affiliation.unit')
  if (where === 'affiliation/title') return t('reports.affiliation.position')
  if (where === 'affiliation/startsOn') return t('reports.affiliation.startsOn')
  return where
}
export const missingText = (t: Texts['t'], one: Missing): string =>
  t(`reports.missing.${one.what}`, { field: fieldName(t, one.where) })

/** Limits in words; several that come to the same are one. */
export const limitTexts = (t: Texts['t'], limits: readonly { values: readonly string[] }[]): string[] =>
  [...new Set(limits.map(limit => limit.values.join(', ')))].map(values => t('reports.rights.limit', { values }))
