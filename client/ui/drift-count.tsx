import { IconAlertCircle } from '@tabler/icons-react'
import { useTexts } from '../texts/i18n.ts'
import { Status } from './status.tsx'

/** A number of differences: none is quiet, some are red with a sign. */
export function DriftCount(props: { count: number }) {
  const { t, number } = useTexts()
  if (props.count === 0) return <span className="meta">{t('people.noDrift')}</span>
  return (
    <Status tone="bad" icon={IconAlertCircle} plain>
      {number(props.count)}
    </Status>
  )
}
