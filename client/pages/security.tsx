import { ChangePassword } from '../features/auth/change-password.tsx'
import { MyFactors } from '../features/auth/my-factors.tsx'
import { MySessions } from '../features/auth/my-sessions.tsx'
import { useSession } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'

export function SecurityPage() {
  const { t } = useTexts()
  const { actor } = useSession()
  return (
    <Page title={t('security.title')} section={t('nav.mine')} lead={t('security.lead')} narrow>
      {actor?.via === 'demo' ? (
        <Card>
          <Empty title={t('security.demo')} help={t('security.demoHelp')} />
        </Card>
      ) : (
        <>
          <MyFactors />
          {actor?.via === 'local' && <ChangePassword />}
        </>
      )}
      <MySessions />
    </Page>
  )
}
