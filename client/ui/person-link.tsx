import { IconShieldLock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/i18n.ts'

/** A person by name, or "Beskyttet person" where the reader may not know it. */
export function PersonLink(props: { person: { id: string; name: string | null; protected?: boolean } }) {
  const { t } = useTexts()
  const { person } = props
  return (
    <Link to="/people/$personId" params={{ personId: person.id }} className="link">
      {person.name ?? t('people.protectedPerson')}
      {person.protected && (
        <IconShieldLock
          size={14}
          style={{ verticalAlign: '-2px', marginLeft: 4, color: 'var(--app-protected)' }}
          aria-label={t('person.protectedNote')}
        />
      )}
    </Link>
  )
}
