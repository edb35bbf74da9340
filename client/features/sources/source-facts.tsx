import type { SourceDetail } from '#contract/sources.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card, Facts } from '../../ui/card.tsx'
import { at, listAt, textAt } from './declaration.ts'
import { useEvery } from './sections.tsx'

/** The set-up of a source in short: where, as whom, what, how often, how much its word weighs. */
export function SourceFacts(props: { source: SourceDetail }) {
  const { t } = useTexts()
  const every = useEvery()
  const { source } = props
  const { declaration, effective } = source
  const servers = [textAt(declaration, ['url']), ...listAt(declaration, ['urls']).map(String)].filter(Boolean)
  const bases = [
    textAt(declaration, ['base']),
    ...listAt(declaration, ['searches']).map(one => textAt(one, ['base'])),
  ].filter(Boolean)
  const files = [
    textAt(declaration, ['file']),
    ...listAt(declaration, ['files']).map(one => (typeof one === 'string' ? one : textAt(one, ['path']))),
  ].filter(Boolean)
  const schedule = textAt(declaration, ['schedule'])
  const authority = at(effective, ['authority'])
  const lines = (values: string[]) => values.map(value => <div key={value}>{value}</div>)
  const fact = (label: string, value: React.ReactNode, there: boolean) => (there ? [{ label, value }] : [])
  return (
    <Card title={t('sources.tabs.setup')}>
      <Facts
        facts={[
          {
            label: t('sources.facts.kind'),
            value: t(`sync.kind.${source.kind as 'csv'}`, { defaultValue: source.kind }),
          },
          ...fact(
            t(servers.length > 1 ? 'sources.facts.servers' : 'sources.facts.server'),
            lines(servers),
            servers.length > 0,
          ),
          ...fact(t('sources.facts.base'), lines(bases), bases.length > 0),
          ...fact(t('sources.facts.bindDn'), textAt(declaration, ['bindDn']), textAt(declaration, ['bindDn']) !== ''),
          ...source.secrets.map(secret => ({
            label: t('sources.facts.password'),
            value: 'env' in secret.ref ? secret.ref.env : secret.ref.file,
            note: t(secret.found ? 'sources.secretFound' : 'sources.secretMissing'),
          })),
          ...fact(t('sources.facts.files'), lines(files), files.length > 0),
          { label: t('sources.facts.schedule'), value: schedule ? every(schedule) : t('sources.scheduleManual') },
          {
            label: t('sources.facts.authority'),
            value: typeof authority === 'object' ? textAt(authority, ['default']) : String(authority ?? 10),
          },
          {
            label: t('sources.feeds'),
            value: source.feeds.map(kind => t(`sync.record.${kind}`)).join(', ') || '–',
          },
        ]}
      />
    </Card>
  )
}
