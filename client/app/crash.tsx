import { Button } from '@mantine/core'
import { useTexts } from '../texts/i18n.ts'
import { Page } from '../ui/page.tsx'

/** A screen that threw. The rest of the application stands; a reload also brings a newer version of the client. */
export function CrashPage() {
  const { t } = useTexts()
  return (
    <main>
      <Page title={t('error.crashed')} lead={t('error.crashedHelp')} narrow>
        <div>
          <Button onClick={() => location.reload()}>{t('error.reload')}</Button>
        </div>
      </Page>
    </main>
  )
}
