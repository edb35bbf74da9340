import { Progress } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { type CoverageFigures, getCoverage, getWholeCoverage } from '#contract/bindings.ts'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from './card.tsx'
import classes from './coverage.module.css'
import { type Column, DataTable } from './data-table.tsx'
import { Answer, Empty } from './states.tsx'

type Area = CoverageFigures['areas'][number]
type Day = CoverageFigures['days'][number]

const CoverageChart = lazy(async () => ({ default: (await import('./coverage-chart.tsx')).CoverageChart }))

/** How much is said of what rights are for: one figure, and by area of the systems that the reader answers for. */
export function Coverage() {
  const { t } = useTexts()
  const query = useCall(getCoverage, {})
  return (
    <Card title={t('bindings.coverage')}>
      <Answer query={query}>{figures => <Figures figures={figures} none={t('bindings.none')} />}</Answer>
    </Card>
  )
}

/** The same of everything, with what it has been over time: a drawing, and the table that it is drawn from. */
export function WholeCoverage(props: { level?: 2 | 3 }) {
  const { t } = useTexts()
  const query = useCall(getWholeCoverage, {})
  return (
    <Card title={t('bindings.coverage')} {...(props.level ? { level: props.level } : {})}>
      <Answer query={query}>
        {figures => (
          <div className="stack">
            <Figures figures={figures} none={t('bindings.noneAtAll')} />
            <OverTime days={figures.days} />
          </div>
        )}
      </Answer>
    </Card>
  )
}

/** One line for the head of a page: of everything, of a system, or of those who work in a unit. */
export function CoverageLine(props: { system?: string; unit?: string }) {
  const { t, number, percent } = useTexts()
  const may = useMay()
  const query = useCall(getWholeCoverage, { query: { ...props } }, { enabled: may('activity.read') })
  if (!query.data || query.data.rights === 0) return null
  const { rights, withPurpose } = query.data
  return (
    <p className={classes.line}>
      <strong>{percent(withPurpose / rights)}</strong>{' '}
      {t('bindings.coverageOf', { said: number(withPurpose), all: number(rights) })}
    </p>
  )
}

function Figures(props: { figures: CoverageFigures; none: string }) {
  const { t, number, percent } = useTexts()
  const { rights, withPurpose, areas } = props.figures
  if (rights === 0) return <Empty title={props.none} />
  const columns: Column<Area>[] = [
    { key: 'area', label: t('bindings.area'), cell: row => row.area ?? t('bindings.noArea') },
    { key: 'rights', label: t('bindings.rights'), number: true, cell: row => number(row.rights) },
    { key: 'said', label: t('bindings.withPurpose'), number: true, cell: row => number(row.withPurpose) },
    {
      key: 'share',
      label: t('bindings.share'),
      number: true,
      cell: row => percent(row.rights === 0 ? 0 : row.withPurpose / row.rights),
    },
  ]
  return (
    <div className={classes.coverage}>
      <p className={classes.figure}>
        <strong>{percent(withPurpose / rights)}</strong>{' '}
        {t('bindings.coverageOf', { said: number(withPurpose), all: number(rights) })}
      </p>
      <Progress value={(withPurpose / rights) * 100} aria-label={t('bindings.coverage')} />
      <details>
        <summary>{t('bindings.coverageByArea')}</summary>
        <DataTable
          caption={t('bindings.coverageByArea')}
          rows={areas}
          rowKey={row => row.area ?? ''}
          empty={null}
          columns={columns}
        />
      </details>
    </div>
  )
}

function OverTime(props: { days: Day[] }) {
  const { t, date, number, percent } = useTexts()
  const share = (day: Day) => (day.rights === 0 ? 0 : day.withPurpose / day.rights)
  const columns: Column<Day>[] = [
    { key: 'on', label: t('bindings.day'), cell: day => date(day.on) },
    { key: 'rights', label: t('bindings.rights'), number: true, cell: day => number(day.rights) },
    { key: 'said', label: t('bindings.withPurpose'), number: true, cell: day => number(day.withPurpose) },
    { key: 'share', label: t('bindings.share'), number: true, cell: day => percent(share(day)) },
  ]
  // One day is no development.
  if (props.days.length < 2) return <p className="dim">{t('bindings.overTimeSoon')}</p>
  return (
    <div>
      <div className={classes.chart} aria-hidden="true">
        <Suspense>
          <CoverageChart
            days={props.days.map(day => ({ on: day.on, share: share(day) }))}
            label={t('bindings.share')}
            dayText={date}
            shareText={percent}
          />
        </Suspense>
      </div>
      <details>
        <summary>{t('bindings.overTime')}</summary>
        <DataTable
          caption={t('bindings.overTime')}
          rows={[...props.days].reverse()}
          rowKey={day => day.on}
          empty={null}
          columns={columns}
        />
      </details>
    </div>
  )
}
