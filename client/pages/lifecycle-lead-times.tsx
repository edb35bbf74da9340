import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getLeadTimes, type MeasureFigures } from '#contract/lifecycle-lead-times.ts'
import { LifecycleTabs } from '../features/board/lifecycle-tabs.tsx'
import { PeriodFields, periodOf } from '../features/board/period.tsx'
import classes from '../features/lead-times/lead-times.module.css'
import { useCall } from '../lib/query.ts'
import { type Texts, useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { FilterChip, FilterRow } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty } from '../ui/states.tsx'

const BandsChart = lazy(async () => ({ default: (await import('../features/lead-times/bands-chart.tsx')).BandsChart }))
const route = getRouteApi('/app/lifecycle/lead-times')
const DAYS = 365
type Answered = ResponseOf<typeof getLeadTimes>

/** How long it takes to begin and to leave, over groups of five or more. */
export function LeadTimesPage() {
  const { t } = useTexts()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const period = periodOf(search, DAYS)
  const change = (next: Partial<typeof search>) =>
    void navigate({ search: old => ({ ...old, ...next }), replace: true })
  const query = useCall(
    getLeadTimes,
    { query: { ...period, ...(search.unit ? { unit: search.unit } : {}) } },
    { keep: true },
  )
  return (
    <Page title={t('leadTimes.title')} lead={t('leadTimes.lead')}>
      <LifecycleTabs at="leadTimes" />
      <FilterRow>
        <PeriodFields period={period} onChange={change} />
        {search.unit && (
          <FilterChip
            label={t('leadTimes.unit')}
            value={query.data?.chosenUnit?.name ?? ''}
            onRemove={() => change({ unit: undefined })}
          />
        )}
      </FilterRow>
      <Answer query={query}>
        {data => (
          <div className={classes.cards}>
            {data.measures.map(one => (
              <Measure key={one.measure} figures={one} />
            ))}
            <Late late={data.late} />
            <Units units={data.units} onChoose={unit => change({ unit })} />
          </div>
        )}
      </Answer>
    </Page>
  )
}

const bandText = (t: Texts['t'], { from, to }: MeasureFigures['bands'][number]): string => {
  if (from === null && to === null) return t('board.all')
  if (from === null) return t('leadTimes.below', { to: (to ?? 0) + 1 })
  if (to === null) return t('leadTimes.above', { from })
  return from === to ? String(from) : t('leadTimes.span', { from, to })
}

function Measure({ figures }: { figures: MeasureFigures }) {
  const { t, number } = useTexts()
  const { measure, count, median, ninth, within, waiting, bands } = figures
  const label = t(`leadTimes.measure.${measure}`)
  return (
    <Card title={label}>
      <p className="dim">{t(`leadTimes.bar.${measure}`, { count: figures.bar })}</p>
      {count === null || median === null || ninth === null ? (
        <p>{t(measure === 'notice' ? 'leadTimes.few' : 'leadTimes.fewSoFar')}</p>
      ) : (
        <>
          <p>
            {t('leadTimes.figures', { median: number(median), ninth: number(ninth), count })}{' '}
            {within !== null && <strong>{t('leadTimes.within', { within, count })}</strong>}
          </p>
          <div className={`${classes.chart} no-print`} aria-hidden="true">
            <Suspense>
              <BandsChart
                bands={bands.map(band => ({ days: bandText(t, band), count: band.count }))}
                label={t('leadTimes.count')}
                unit={t(`leadTimes.unitOf.${measure}`)}
              />
            </Suspense>
          </div>
          <DataTable
            caption={label}
            rows={bands}
            rowKey={band => String(band.from)}
            empty={<Empty title={t('leadTimes.empty')} />}
            columns={[
              { key: 'days', label: t(`leadTimes.unitOf.${measure}`), cell: band => bandText(t, band) },
              { key: 'count', label: t('leadTimes.count'), number: true, cell: band => number(band.count) },
            ]}
          />
        </>
      )}
      {waiting !== null && waiting > 0 && (
        <p className="meta">{t(`leadTimes.waitingOf.${measure}`, { count: waiting })}</p>
      )}
    </Card>
  )
}

function Late({ late }: { late: Answered['late'] }) {
  const { t, number } = useTexts()
  return (
    <Card title={t('leadTimes.late')}>
      {late.count === null ? (
        <p>{t('leadTimes.lateFew')}</p>
      ) : late.count === 0 ? (
        <p>{t('leadTimes.lateNone')}</p>
      ) : (
        <>
          <p>{t('leadTimes.lateCount', { count: late.count })}</p>
          <DataTable
            caption={t('leadTimes.late')}
            rows={late.causes}
            rowKey={row => row.cause}
            empty={<Empty title={t('leadTimes.empty')} />}
            columns={[
              { key: 'cause', label: t('leadTimes.causeTitle'), cell: row => t(`leadTimes.cause.${row.cause}`) },
              { key: 'count', label: t('leadTimes.count'), number: true, cell: row => number(row.count) },
            ]}
          />
        </>
      )}
    </Card>
  )
}

function Units(props: { units: Answered['units']; onChoose: (unit: string) => void }) {
  const { t, number } = useTexts()
  return (
    <Card title={t('leadTimes.units')}>
      <DataTable
        caption={t('leadTimes.units')}
        rows={props.units}
        rowKey={row => row.unit?.id ?? ''}
        empty={<Empty title={t('leadTimes.unitsFew')} />}
        columns={[
          {
            key: 'unit',
            label: t('leadTimes.unit'),
            cell: row => {
              const { unit } = row
              return unit ? (
                <button type="button" className="link" onClick={() => props.onChoose(unit.id)}>
                  {unit.name}
                </button>
              ) : (
                t('leadTimes.rest')
              )
            },
          },
          { key: 'count', label: t('leadTimes.count'), number: true, cell: row => number(row.count) },
          { key: 'median', label: t('leadTimes.median'), number: true, cell: row => number(row.median) },
          {
            key: 'kept',
            label: t('leadTimes.kept'),
            number: true,
            rank: 1,
            cell: row => (row.within === null ? '' : number(row.within)),
          },
        ]}
      />
    </Card>
  )
}
