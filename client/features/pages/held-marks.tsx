import { IconCheck, IconMinus, IconPlayerPause } from '@tabler/icons-react'
import { useTexts } from '../../texts/i18n.ts'
import { Status } from '../../ui/status.tsx'

/** Yes or no, in form and word besides colour; `rests`: given, and resting because of an absence or a lock. */
export function YesNo(props: { yes: boolean; rests?: boolean }) {
  const { t } = useTexts()
  if (props.rests)
    return (
      <Status tone="info" icon={IconPlayerPause} plain>
        {t('enum.rightState.suspended')}
      </Status>
    )
  return (
    <Status tone={props.yes ? 'ok' : 'quiet'} icon={props.yes ? IconCheck : IconMinus} plain>
      {t(props.yes ? 'do.yes' : 'do.no')}
    </Status>
  )
}
