import { IconCircleCheck, IconCircleX, IconHandStop, IconLoader2, IconRefresh, IconX } from '@tabler/icons-react'
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

/** A run that failed of something that passes is incomplete; one that waits for somebody has failed. */
export function RunState(props: { state: RunRow['state']; ends?: RunRow['ends']; plain?: boolean }) {
  const { t } = useTexts()
  if (props.state === 'failed' && props.ends === 'heals')
    return (
      <Status tone="wait" icon={IconRefresh} {...(props.plain ? { plain: true } : {})}>
        {t('sync.incomplete')}
      </Status>
    )
  return (
    <Status {...runLook[props.state]} {...(props.plain ? { plain: true } : {})}>
      {t(`sync.state.${props.state}`)}
    </Status>
  )
}
