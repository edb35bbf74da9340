import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { FindingCode } from '#contract/findings.ts'
import { FINDING_CODES } from '#contract/lists.ts'
import { DriftTrend } from '../features/findings/drift-trend.tsx'
import { useTexts } from '../texts/i18n.ts'
import { Choice, FilterRow } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'

const route = getRouteApi('/app/findings/trend')

export function FindingsTrendPage() {
  const { t } = useTexts()
  const search = route.useSearch()
  const [only, setOnly] = useState<FindingCode | undefined>(undefined)
  return (
    <Page
      title={t('findings.trendTitle')}
      lead={t('findings.trendLead')}
      crumbs={[{ label: t('findings.title'), to: '/findings' }]}
    >
      <FilterRow>
        <Choice
          label={t('findings.filterCode')}
          value={only}
          onChange={setOnly}
          options={FINDING_CODES.map(value => ({ value, label: t(`findings.code.${value}`) }))}
        />
      </FilterRow>
      <DriftTrend {...search} only={only} />
    </Page>
  )
}
