import { IconShieldLock } from '@tabler/icons-react'
import type { z } from 'zod'
import type { sensitivity } from '#contract/shapes.ts'
import { useTexts } from '../texts/i18n.ts'
import { Status } from './status.tsx'

type SensitivityName = z.output<typeof sensitivity>

/** Protected data: Art. 9, Art. 10 and CPR. Violet is used for nothing else, so a DPO can read a screen by it. */
export const isProtected = (name: SensitivityName): boolean =>
  name === 'special' || name === 'criminal' || name === 'confidential'

export function Sensitivity(props: { sensitivity: SensitivityName; long?: boolean }) {
  const { t } = useTexts()
  if (!isProtected(props.sensitivity)) return null
  return (
    <Status tone="protected" icon={IconShieldLock} title={t(`enum.sensitivity.${props.sensitivity}`)}>
      {props.long ? t(`enum.sensitivity.${props.sensitivity}`) : t(`enum.sensitivityShort.${props.sensitivity}`)}
    </Status>
  )
}
