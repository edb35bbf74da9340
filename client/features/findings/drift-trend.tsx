import { lazy, Suspense } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { type FindingCode, getFindingTrend } from '#contract/findings.ts'
import { FINDING_CODES } from '#contract/lists.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import classes from './findings.module.css'

const TrendChart = lazy(async () => ({ default: (await import('./trend-chart.tsx')).TrendChart }))
type Day = { on: string; open: number; codes: Map<FindingCode, number> }

/** Days in order, each with what was open then, all kinds together or one. */
function byDay(days: ResponseOf<typeof getFindingTrend>['days'], only: FindingCode | undefined): Day[] {
  const all = new Map<string, Day>()
  for (const { on, code, open } of days) {
    const day = all.get(on) ?? { on, open: 0, codes: new Map() }
    day.codes.set(code, open)
    if (only === undefined || only === code) day.open += open
    all.set(on, day)
  }
  return [...all.values()]
}

/** How many deviations were open day by day during a year, everywhere or of one system or unit. */
export function DriftTrend(props: { system?: string | undefined; unit?: string | undefined }) {
  const { system, unit } = props
  const query = useCall(getFindingTrend, {
    query: { ...(system ? { system } : {}), ...(unit ? { unit } : {}), days: 365 },
  })
  return <Answer query={query}>{data => <TrendDays days={data.days} only={undefined} />}</Answer>
}

/** Days as a line, and the same as a table. */
export function TrendDays(props: { days: ResponseOf<typeof getFindingTrend>['days']; only: FindingCode | undefined }) {
  const { t, date, number } = useTexts()
  const days = byDay(props.days, props.only)
  if (days.length === 0)
    return (
      <Card>
        <Empty title={t('findings.trendEmpty')} />
      </Card>
    )
  const present = FINDING_CODES.filter(code => days.some(day => day.codes.has(code)))
  const columns: Column<Day>[] = [
    { key: 'on', label: t('findings.trendDay'), cell: day => date(day.on) },
    ...present.map((code, at) => ({
      key: code,
      label: t(`findings.code.${code}`),
      number: true,
      ...(at > 1 ? { rank: 1 as const } : {}),
      cell: (day: Day) => number(day.codes.get(code) ?? 0),
    })),
    {
      key: 'all',
      label: t('findings.trendAll'),
      number: true,
      cell: day => number([...day.codes.values()].reduce((sum, one) => sum + one, 0)),
    },
  ]
  return (
    <>
      <Card>
        <div className={classes.chart} aria-hidden="true">
          <Suspense>
            <TrendChart days={days} label={t('findings.state.open')} dayText={date} />
          </Suspense>
        </div>
      </Card>
      <DataTable
        caption={t('findings.trendTable')}
        columns={columns}
        rows={[...days].reverse()}
        rowKey={day => day.on}
        empty={null}
      />
    </>
  )
}
