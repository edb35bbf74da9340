import { Button, Tabs } from '@mantine/core'
import { IconDownload, IconPencil } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { listSources } from '#contract/runs.ts'
import { exportSources, getSource, type SourceDetail } from '#contract/sources.ts'
import { DropFiles } from '../features/sources/drop-files.tsx'
import { watches } from '../features/sources/drops-section.tsx'
import { LearnedLimits } from '../features/sources/learned-limits.tsx'
import { RetireOrRestore } from '../features/sources/retire.tsx'
import { SourceFacts } from '../features/sources/source-facts.tsx'
import { SourceHistory } from '../features/sources/source-history.tsx'
import { TrySaved } from '../features/sources/try-saved.tsx'
import { SourceCard } from '../features/sync/source-card.tsx'
import { useCall } from '../lib/query.ts'
import { saveFile } from '../lib/save-file.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Failure, Waiting } from '../ui/states.tsx'
import { Yaml } from '../ui/yaml.tsx'

const route = getRouteApi('/app/sync/sources/$sourceKey')
const crumbs = (label: string) => [{ label, to: '/sync' }]

export function SourcePage() {
  const { t } = useTexts()
  const { sourceKey } = route.useParams()
  const query = useCall(getSource, { params: { sourceKey } })
  if (query.data) return <SourceScreen source={query.data} />
  return (
    <Page title={t('sources.documentTitle')} waiting crumbs={crumbs(t('sync.title'))}>
      {query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Waiting />}
    </Page>
  )
}

function SourceScreen(props: { source: SourceDetail }) {
  const { t, language, instant } = useTexts()
  const { source } = props
  const { tab = 'setup' } = route.useSearch()
  const navigate = route.useNavigate()
  const sources = useCall(listSources, {}, { every: 10_000 })
  const row = sources.data?.rows.find(one => one.key === source.key)
  return (
    <Page
      title={source.name[language]}
      section={t('sync.title')}
      crumbs={crumbs(t('sync.title'))}
      lead={[
        t('sources.version', { version: source.version, when: instant(source.changedAt) }),
        source.changedBy ? t('sources.by', { who: source.changedBy }) : null,
      ]
        .filter(Boolean)
        .join(' ')}
      actions={
        <>
          <RetireOrRestore source={source} />
          {source.blocked.change === null && (
            <Button
              leftSection={<IconPencil size={18} aria-hidden />}
              renderRoot={props => (
                <Link {...props} to="/sync/sources/$sourceKey/edit" params={{ sourceKey: source.key }} />
              )}
            >
              {t('sources.edit')}
            </Button>
          )}
        </>
      }
    >
      {source.owner === 'file' && <p>{t('sources.fileOwned', { place: source.place ?? '' })}</p>}
      {!source.declared && <p>{t('sources.retired')}</p>}
      {source.mistakes.length > 0 && (
        <Card tone="bad" title={t('sources.mistakesTitle')}>
          <ul className="error-links">
            {source.mistakes.map(one => (
              <li key={`${one.where}${one.what.en}`}>
                <code>{one.where}</code> {one.what[language]}
              </li>
            ))}
          </ul>
        </Card>
      )}
      {row && <SourceCard source={row} alone />}
      <Tabs
        value={tab}
        onChange={value =>
          void navigate({
            search: { tab: value === 'setup' ? undefined : (value as typeof tab) },
            replace: true,
            resetScroll: false,
          })
        }
        keepMounted={false}
      >
        <Tabs.List className="no-print">
          {(['setup', 'files', 'guards', 'history', 'yaml'] as const)
            .filter(one => one !== 'files' || watches(source.declaration))
            .map(one => (
              <Tabs.Tab key={one} value={one}>
                {t(`sources.tabs.${one}`)}
              </Tabs.Tab>
            ))}
        </Tabs.List>
        <Tabs.Panel value="setup" pt={16}>
          <div className="stack">
            <SourceFacts source={source} />
            <TrySaved source={source} />
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="files" pt={16}>
          <DropFiles sourceKey={source.key} />
        </Tabs.Panel>
        <Tabs.Panel value="guards" pt={16}>
          <LearnedLimits sourceKey={source.key} />
        </Tabs.Panel>
        <Tabs.Panel value="history" pt={16}>
          <SourceHistory sourceKey={source.key} />
        </Tabs.Panel>
        <Tabs.Panel value="yaml" pt={16}>
          <SourceYaml sourceKey={source.key} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

function SourceYaml(props: { sourceKey: string }) {
  const { t } = useTexts()
  const query = useCall(exportSources, { query: { key: props.sourceKey } })
  return (
    <Answer query={query}>
      {({ yaml }) => (
        <div className="stack">
          <p className="dim">{t('sources.yamlHelp')}</p>
          <div>
            <Button
              variant="default"
              leftSection={<IconDownload size={18} aria-hidden />}
              onClick={() => saveFile(`${props.sourceKey}.yaml`, yaml)}
            >
              {t('sources.download')}
            </Button>
          </div>
          <Yaml open text={yaml} label={t('sources.yamlTitle')} />
        </div>
      )}
    </Answer>
  )
}
