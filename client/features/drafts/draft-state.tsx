import { IconAlertTriangle, IconCircleCheck, IconCircleOff, IconClock, IconPencil } from '@tabler/icons-react'
import type { DraftState as State } from '#contract/what-if-draft.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Status } from '../../ui/status.tsx'

const look = {
  draft: { tone: 'info', icon: IconPencil },
  approved: { tone: 'wait', icon: IconClock },
  applied: { tone: 'ok', icon: IconCircleCheck },
  stale: { tone: 'bad', icon: IconAlertTriangle },
  withdrawn: { tone: 'quiet', icon: IconCircleOff },
} as const

export function DraftState(props: { state: State; plain?: boolean }) {
  const { t } = useTexts()
  return (
    <Status {...look[props.state]} {...(props.plain ? { plain: true } : {})}>
      {t(`drafts.state.${props.state}`)}
    </Status>
  )
}
