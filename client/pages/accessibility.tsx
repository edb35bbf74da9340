import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'

const parts = ['stand', 'tested', 'known', 'contact'] as const

/** The statement: what the law asks, what we chose, how it was tested, and what was not. */
export function AccessibilityPage() {
  const { t } = useTexts()
  return (
    <Page title={t('accessibility.title')} lead={t('accessibility.lead')} narrow>
      {parts.map(part => (
        <Card key={part} title={t(`accessibility.${part}Title`)}>
          <p style={{ maxWidth: '72ch' }}>{t(`accessibility.${part}`)}</p>
        </Card>
      ))}
    </Page>
  )
}
