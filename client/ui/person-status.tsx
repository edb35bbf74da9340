import { IconCircleCheck, IconCircleOff, IconClock } from '@tabler/icons-react'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { listPeople } from '#contract/people.ts'
import { useTexts } from '../texts/i18n.ts'
import { Status } from './status.tsx'

type PersonStatusName = ResponseOf<typeof listPeople>['rows'][number]['status']
const look = {
  active: { tone: 'ok', icon: IconCircleCheck },
  future: { tone: 'wait', icon: IconClock },
  ended: { tone: 'quiet', icon: IconCircleOff },
} as const

export function PersonStatus(props: { status: PersonStatusName; plain?: boolean }) {
  const { t } = useTexts()
  return (
    <Status {...look[props.status]} {...(props.plain ? { plain: true } : {})}>
      {t(`enum.status.${props.status}`)}
    </Status>
  )
}
