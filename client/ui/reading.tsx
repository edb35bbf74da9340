import { IconEyeCheck, IconEyeOff } from '@tabler/icons-react'
import type { z } from 'zod'
import type { systemReading } from '#contract/lists.ts'
import { useTexts } from '../texts/i18n.ts'
import { Status } from './status.tsx'

/** How the rights of a system are read, or that they are not. */
export function Reading(props: { reading: z.output<typeof systemReading>; plain?: boolean }) {
  const { t } = useTexts()
  const read = props.reading !== 'none'
  return (
    <Status
      tone={read ? 'ok' : 'quiet'}
      icon={read ? IconEyeCheck : IconEyeOff}
      {...(props.plain ? { plain: true } : {})}
    >
      {t(`enum.reading.${props.reading}`)}
    </Status>
  )
}
