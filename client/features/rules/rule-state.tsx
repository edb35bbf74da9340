import { IconCircleCheck, IconClock, IconHourglassOff, IconPencil } from '@tabler/icons-react'
import type { z } from 'zod'
import type { ruleState } from '#contract/rules.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Status } from '../../ui/status.tsx'

const look = {
  draft: { tone: 'quiet', icon: IconPencil },
  active: { tone: 'ok', icon: IconCircleCheck },
  expired: { tone: 'quiet', icon: IconHourglassOff },
  future: { tone: 'wait', icon: IconClock },
} as const

export function RuleState(props: { state: z.output<typeof ruleState>; plain?: boolean }) {
  const { t } = useTexts()
  return (
    <Status {...look[props.state]} {...(props.plain ? { plain: true } : {})}>
      {t(`enum.ruleState.${props.state}`)}
    </Status>
  )
}
