import {
  type Icon,
  IconAlertTriangle,
  IconArrowBarUp,
  IconArrowsExchange,
  IconBookOff,
  IconCalendarOff,
  IconCheckbox,
  IconCircleDashed,
  IconClipboardOff,
  IconClockOff,
  IconCoins,
  IconDatabaseOff,
  IconEyeOff,
  IconFileOff,
  IconGavel,
  IconInfinity,
  IconLinkOff,
  IconListNumbers,
  IconMapPinOff,
  IconMaximize,
  IconMessageOff,
  IconPlayerPause,
  IconQuestionMark,
  IconScale,
  IconScaleOff,
  IconShieldHalf,
  IconShieldOff,
  IconUserOff,
  IconUsers,
  IconUsersGroup,
  IconUserX,
  IconWorldOff,
} from '@tabler/icons-react'
import type { z } from 'zod'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { FindingCode, getFinding, listFindingGroups, listFindings } from '#contract/findings.ts'
import type { findingSeverity } from '#contract/lists.ts'
import type { Texts } from '../../texts/i18n.ts'
import type { Tone } from '../../ui/status.tsx'

export type FindingGroup = ResponseOf<typeof listFindingGroups>['rows'][number]
export type FindingRow = ResponseOf<typeof listFindings>['rows'][number]
export type Finding = ResponseOf<typeof getFinding>

export const codeIcon: Record<FindingCode, Icon> = {
  unexplained: IconQuestionMark,
  mover: IconArrowsExchange,
  'still-held': IconPlayerPause,
  missing: IconCircleDashed,
  'leaver-active': IconUserX,
  privileged: IconShieldHalf,
  orphan: IconUserOff,
  unlinked: IconLinkOff,
  dormant: IconClockOff,
  shared: IconUsers,
  'outside-limit': IconMaximize,
  'licence-over': IconCoins,
  outlier: IconAlertTriangle,
  'exception-ending': IconCalendarOff,
  'no-purpose': IconScale,
  'purpose-ended': IconScaleOff,
  'not-in-register': IconBookOff,
  'no-legal-basis': IconGavel,
  'no-condition': IconShieldOff,
  'outside-task': IconMapPinOff,
  'kle-wider': IconListNumbers,
  'sensitivity-above': IconArrowBarUp,
  unlimited: IconInfinity,
  'empty-words': IconMessageOff,
  'data-not-stated': IconDatabaseOff,
  'reach-differs': IconUsersGroup,
  'log-unchecked': IconEyeOff,
  'no-agreement': IconFileOff,
  'no-dpia': IconClipboardOff,
  'no-transfer-ground': IconWorldOff,
  'consent-unchecked': IconCheckbox,
}
export const severityTone: Record<z.output<typeof findingSeverity>, Tone> = {
  high: 'bad',
  medium: 'wait',
  low: 'quiet',
}

/** Kinds about accounts: they belong to no system, and so to no area. */
export const aboutAccounts: ReadonlySet<FindingCode> = new Set([
  'orphan',
  'unlinked',
  'leaver-active',
  'dormant',
  'shared',
])

/** What the findings of a line have in common, in words. */
export function causeText({ t, language }: Texts, group: FindingGroup): string {
  const right = group.entitlement
    ? [group.system?.name, group.entitlement.name].filter(Boolean).join(': ')
    : (group.system?.name ?? t(`findings.code.${group.code}`))
  const source = group.sourceName?.[language] ?? group.source ?? ''
  const [kind = ''] = group.cause.split('-')
  switch (group.cause) {
    case 'place':
      return t('findings.cause.place', {
        right,
        place: [group.position?.name, group.unit?.name].filter(Boolean).join(', '),
      })
    case 'moved':
    case 'absence':
    case 'locked':
      return t(`findings.cause.${group.cause}`, { person: group.person?.name ?? t('findings.protectedPerson') })
    case 'give':
      return t('findings.cause.give', { right, rule: group.rule?.name ?? '' })
    case 'no-rule':
    case 'spread':
    case 'rule-gone':
    case 'privileged':
    case 'limit':
    case 'cap':
    case 'peers':
    case 'unused-right':
      return t(`findings.cause.${group.cause}`, { right })
    case 'no-purpose':
    case 'not-in-register':
    case 'outside-task':
    case 'kle-wider':
    case 'sensitivity-above':
    case 'unlimited':
    case 'data-not-stated':
    case 'no-read-log':
    case 'never-sampled':
    case 'sample-late':
    case 'no-agreement':
    case 'agreement-late':
      return t(`findings.cause.${group.cause}`, { system: group.system?.name ?? '' })
    case 'no-legal-basis':
    case 'no-condition':
    case 'reach-differs':
    case 'no-dpia':
    case 'dpia-late':
    case 'no-ground':
    case 'ground-unproven':
    case 'consent-unchecked':
    case 'control-late':
    case 'not-in-record':
      return t(`findings.cause.${group.cause}`, { activity: activityText(group.activity) })
    case 'purpose-ended':
    case 'empty-words':
    case 'copied-words':
    case 'ending':
      return t(`findings.cause.${group.cause}`)
    case 'unlinked':
      return t('findings.cause.linked', { source })
    case 'disputed':
    case 'left':
    case 'sensitive':
    case 'no-owner':
      return t(`findings.cause.${group.cause}`, { source })
  }
  if (kind === 'nobody' || kind === 'unused') return t(`findings.cause.${kind}`, { source })
  return t('findings.cause.other', { right })
}

export const activityText = (activity: FindingRow['activity']): string =>
  activity ? `${activity.ref} ${activity.name}` : ''

/** Whom or what a finding is about. */
export const subjectText = (
  { t }: Texts,
  row: Pick<FindingRow, 'person' | 'account' | 'entitlement' | 'system' | 'activity'>,
): string =>
  row.account?.username ??
  (row.person
    ? (row.person.name ?? t('findings.protectedPerson'))
    : (row.entitlement?.name ?? (activityText(row.activity) || (row.system?.name ?? ''))))
