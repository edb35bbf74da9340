import { lazy, Suspense } from 'react'
import { getHoldersOverTime } from '#contract/pages.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import classes from './pages.module.css'

const WeeksChart = lazy(async () => ({ default: (await import('./weeks-chart.tsx')).WeeksChart }))

/** How many have had access, week by week: a drawing, and the table that it is drawn from. */
export function OverTime(props: { systemId: string; entitlement?: string }) {
  const { t, date, number } = useTexts()
  const query = useCall(getHoldersOverTime, {
    params: { systemId: props.systemId },
    query: { weeks: 104, ...(props.entitlement ? { entitlement: props.entitlement } : {}) },
  })
  return (
    <Answer query={query}>
      {({ weeks }) =>
        weeks.every(week => week.expected + week.observed === 0) ? (
          <Card title={t('pages.time.title')}>
            <Empty title={t('pages.time.none')} help={t('pages.time.noneHelp')} />
          </Card>
        ) : (
          <div className="stack">
            <Card title={t('pages.time.title')}>
              <p className="dim">{t('pages.time.note')}</p>
              <div className={classes.chart} aria-hidden="true">
                <Suspense>
                  <WeeksChart
                    weeks={weeks}
                    labels={{ expected: t('pages.expected'), observed: t('pages.observed') }}
                    dayText={date}
                  />
                </Suspense>
              </div>
            </Card>
            <DataTable
              caption={t('pages.time.caption')}
              columns={[
                { key: 'on', label: t('pages.time.week'), cell: week => date(week.on) },
                { key: 'expected', label: t('pages.expected'), number: true, cell: week => number(week.expected) },
                { key: 'observed', label: t('pages.observed'), number: true, cell: week => number(week.observed) },
              ]}
              rows={[...weeks].reverse()}
              rowKey={week => week.on}
              empty={null}
            />
          </div>
        )
      }
    </Answer>
  )
}
