import { getSourceOptions } from '#contract/source-options.ts'
import { SourceEditor } from '../features/sources/source-editor.tsx'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'

export function SourceNewPage() {
  const { t } = useTexts()
  const options = useCall(getSourceOptions)
  return (
    <Page
      title={t('sources.newTitle')}
      section={t('sync.title')}
      lead={t('sources.newLead')}
      crumbs={[{ label: t('sync.title'), to: '/sync' }]}
    >
      <Answer query={options}>{found => <SourceEditor options={found} source={null} />}</Answer>
    </Page>
  )
}
