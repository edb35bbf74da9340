import { IconHandStop } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { Status } from './status.tsx'

/** Beside a right that strict mode would hold back: what is missing, and the way to where it is said. */
export function HeldBack({ systemId }: { systemId: string }) {
  const { t } = useTexts()
  const may = useMay()
  return (
    <span className="meta">
      {' '}
      <Status tone="wait" icon={IconHandStop} plain>
        {t('person.withheld.ahead')}
      </Status>{' '}
      {may('activity.read') && (
        <Link to="/systems/$systemId/duties" params={{ systemId }} className="link">
          {t('person.withheld.say')}
        </Link>
      )}
    </span>
  )
}
