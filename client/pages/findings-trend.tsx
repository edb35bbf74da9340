import { getRouteApi } from '@tanstack/react-router'
import { getFindingTrend } from '#contract/findings.ts'
import { FINDING_CODES } from '#contract/lists.ts'
import { TrendDays } from '../features/findings/drift-trend.tsx'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Choice, FilterChip, FilterRow } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'

const route = getRouteApi('/app/findings/trend')

export function FindingsTrendPage() {
  const { t } = useTexts()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = (next: Partial<typeof search>) =>
    void navigate({ search: old => ({ ...old, ...next }), replace: true, resetScroll: false })
  const { system, unit } = search
  const query = useCall(
    getFindingTrend,
    { query: { ...(system ? { system } : {}), ...(unit ? { unit } : {}), days: 365 } },
    { keep: true },
  )
  const about = [system && query.data?.about.system, unit && query.data?.about.unit].filter(Boolean).join(', ')
  return (
    <Page
      title={t('findings.trendTitle')}
      lead={about ? t('findings.trendOf', { name: about }) : t('findings.trendLead')}
      crumbs={[{ label: t('findings.title'), to: '/findings' }]}
    >
      <FilterRow>
        <Choice
          label={t('findings.filterCode')}
          value={search.code}
          onChange={code => change({ code })}
          options={FINDING_CODES.map(value => ({ value, label: t(`findings.code.${value}`) }))}
        />
        {system && (
          <FilterChip
            label={t('findings.system')}
            value={query.data?.about.system ?? t('findings.thisOne')}
            onRemove={() => change({ system: undefined })}
          />
        )}
        {unit && (
          <FilterChip
            label={t('findings.unit')}
            value={query.data?.about.unit ?? t('findings.thisOne')}
            onRemove={() => change({ unit: undefined })}
          />
        )}
      </FilterRow>
      <Answer query={query}>{data => <TrendDays days={data.days} only={search.code} />}</Answer>
    </Page>
  )
}
