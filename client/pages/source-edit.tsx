import { getRouteApi } from '@tanstack/react-router'
import { getSourceOptions } from '#contract/source-options.ts'
import { getSource } from '#contract/sources.ts'
import { SourceEditor } from '../features/sources/source-editor.tsx'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'

const route = getRouteApi('/app/sync/sources/$sourceKey/edit')

export function SourceEditPage() {
  const { t, language } = useTexts()
  const { sourceKey } = route.useParams()
  const source = useCall(getSource, { params: { sourceKey } })
  const options = useCall(getSourceOptions)
  const name = source.data?.name[language]
  return (
    <Page
      title={name ? t('sources.editTitle', { name }) : t('sources.documentTitle')}
      documentTitle={t('sources.edit')}
      section={t('sync.title')}
      lead={source.data?.blocked.change === null ? t('sources.editLead') : undefined}
      waiting={!source.data}
      crumbs={[
        { label: t('sync.title'), to: '/sync' },
        ...(name ? [{ label: name, to: '/sync/sources/$sourceKey', params: { sourceKey } }] : []),
      ]}
    >
      <Answer query={source}>
        {found => (
          <Answer query={options}>
            {offered =>
              found.blocked.change === null && found.declaration ? (
                <SourceEditor
                  key={found.key}
                  options={offered}
                  source={{ key: found.key, version: found.version, declaration: found.declaration }}
                />
              ) : (
                <Card>
                  <p>
                    {found.blocked.change === 'file-owned'
                      ? t('sources.fileOwned', { place: found.place ?? '' })
                      : t('error.notAllowedHelp')}
                  </p>
                </Card>
              )
            }
          </Answer>
        )}
      </Answer>
    </Page>
  )
}
