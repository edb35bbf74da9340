import { IconCircleCheck, IconCircleX, IconHandStop, IconLoader2, IconX } from '@tabler/icons-react'
import type { RunRow } from '#contract/feeds.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Status } from '../../ui/status.tsx'

export const runLook = {
  running: { tone: 'info', icon: IconLoader2 },
  done: { tone: 'ok', icon: IconCircleCheck },
  held: { tone: 'wait', icon: IconHandStop },
  rejected: { tone: 'quiet', icon: IconX },
  failed: { tone: 'bad', icon: IconCircleX },
} as const

export function RunState(props: { state: RunRow['state']; plain?: boolean }) {
  const { t } = useTexts()
  return (
    <Status {...runLook[props.state]} {...(props.plain ? { plain: true } : {})}>
      {t(`sync.state.${props.state}`)}
    </Status>
  )
}
