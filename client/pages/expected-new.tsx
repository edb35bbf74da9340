import { listSources } from '#contract/runs.ts'
import { ExpectedForm } from '../features/expected/expected-form.tsx'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'

export function ExpectedNewPage() {
  const { t } = useTexts()
  const sources = useCall(listSources)
  return (
    <Page
      title={t('expected.new')}
      section={t('sync.title')}
      lead={t('expected.lead')}
      crumbs={[
        { label: t('sync.title'), to: '/sync' },
        { label: t('expected.title'), to: '/sync/expected' },
      ]}
    >
      <Answer query={sources}>{({ rows }) => <ExpectedForm sources={rows} />}</Answer>
    </Page>
  )
}
