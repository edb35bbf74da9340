import { IconCircleCheck, IconCircleOff, IconClock, IconPencil } from '@tabler/icons-react'
import type { AnnouncementRow } from '#contract/announcements.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Status } from '../../ui/status.tsx'

const look = {
  draft: { tone: 'wait', icon: IconPencil },
  approved: { tone: 'ok', icon: IconCircleCheck },
  cancelled: { tone: 'quiet', icon: IconCircleOff },
  over: { tone: 'quiet', icon: IconClock },
} as const

export function ExpectedState(props: { state: AnnouncementRow['state']; plain?: boolean }) {
  const { t } = useTexts()
  return (
    <Status {...look[props.state]} {...(props.plain ? { plain: true } : {})}>
      {t(`expected.state.${props.state}`)}
    </Status>
  )
}
