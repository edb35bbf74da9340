import { IconAlertCircle, IconArrowsMaximize, IconCircleCheck } from '@tabler/icons-react'
import { useTexts } from '../../texts/i18n.ts'
import { Status } from '../../ui/status.tsx'
import type { How } from './reach-words.ts'

const LOOK = {
  constrained: { tone: 'ok', icon: IconCircleCheck },
  maximum: { tone: 'wait', icon: IconArrowsMaximize },
  unexplained: { tone: 'bad', icon: IconAlertCircle },
} as const

/** How something is reached: word, sign and colour. */
export function HowStatus({ how }: { how: How }) {
  const { t } = useTexts()
  return (
    <Status {...LOOK[how]} plain>
      {t(`reach.how.${how}`)}
    </Status>
  )
}
