import {
  IconAlertCircle,
  IconCircleCheck,
  IconCircleDashed,
  IconClockQuestion,
  IconEyeOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconRubberStamp,
  IconUserOff,
} from '@tabler/icons-react'
import type { z } from 'zod'
import type { rightState } from '#contract/lists.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Status } from '../../ui/status.tsx'

export type RightStateName = z.output<typeof rightState>
export const rightLook = {
  matching: { tone: 'ok', icon: IconCircleCheck },
  missing: { tone: 'wait', icon: IconCircleDashed },
  unexplained: { tone: 'bad', icon: IconAlertCircle },
  exception: { tone: 'info', icon: IconRubberStamp },
  stale: { tone: 'quiet', icon: IconClockQuestion },
  'no-account': { tone: 'quiet', icon: IconUserOff },
  'not-read': { tone: 'quiet', icon: IconEyeOff },
  'still-held': { tone: 'bad', icon: IconPlayerPlay },
  suspended: { tone: 'info', icon: IconPlayerPause },
} as const

export function RightState(props: { state: RightStateName; plain?: boolean }) {
  const { t } = useTexts()
  return (
    <Status
      {...rightLook[props.state]}
      title={t(`enum.rightStateHelp.${props.state}`)}
      {...(props.plain ? { plain: true } : {})}
    >
      {t(`enum.rightState.${props.state}`)}
    </Status>
  )
}
