import { IconCheck, IconMinus } from '@tabler/icons-react'
import { useTexts } from '../../texts/i18n.ts'
import { Status } from '../../ui/status.tsx'

/** Yes or no, in form and word besides colour. */
export function YesNo(props: { yes: boolean }) {
  const { t } = useTexts()
  return (
    <Status tone={props.yes ? 'ok' : 'quiet'} icon={props.yes ? IconCheck : IconMinus} plain>
      {t(props.yes ? 'do.yes' : 'do.no')}
    </Status>
  )
}
