import { IconHelpCircle, IconLink, IconLinkOff, IconUserOff, IconUserQuestion } from '@tabler/icons-react'
import type { z } from 'zod'
import type { linkSituation } from '#contract/shapes.ts'
import { useTexts } from '../texts/i18n.ts'
import { Status } from './status.tsx'

const look = {
  linked: { tone: 'ok', icon: IconLink },
  unlinked: { tone: 'quiet', icon: IconLinkOff },
  unmatched: { tone: 'bad', icon: IconUserOff },
  disputed: { tone: 'wait', icon: IconUserQuestion },
  gone: { tone: 'quiet', icon: IconHelpCircle },
} as const

export function Situation(props: { situation: z.output<typeof linkSituation>; plain?: boolean }) {
  const { t } = useTexts()
  return (
    <Status
      {...look[props.situation]}
      title={t(`enum.situationHelp.${props.situation}`)}
      {...(props.plain ? { plain: true } : {})}
    >
      {t(`enum.situation.${props.situation}`)}
    </Status>
  )
}
