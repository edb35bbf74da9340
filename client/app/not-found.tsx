import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/i18n.ts'
import { Page } from '../ui/page.tsx'

/** An address that is none, outside the shell. */
export function NotFoundScreen() {
  return (
    <main>
      <NotFoundPage />
    </main>
  )
}

export function NotFoundPage() {
  const { t } = useTexts()
  return (
    <Page title={t('error.notFoundTitle')} lead={t('error.notFoundHelp')} narrow>
      <div>
        <Button component={Link} to="/">
          {t('error.home')}
        </Button>
      </div>
    </Page>
  )
}
