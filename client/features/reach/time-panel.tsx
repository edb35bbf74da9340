import { Button } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getReachTrend } from '#contract/reach.ts'
import { useCall } from '../../lib/query.ts'
import type { ReachSearch } from '../../lib/search.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import classes from './reach.module.css'
import { type Change, codesOf, type ReachData, useTermNames } from './reach-words.ts'

const TrendLines = lazy(async () => ({ default: (await import('./trend-lines.tsx')).TrendLines }))
type Series = ResponseOf<typeof getReachTrend>['series']
const CLASSES: Record<string, 'all' | 'special' | 'criminal' | 'cpr'> = {
  '*': 'all',
  '*special': 'special',
  '*criminal': 'criminal',
  '*cpr': 'cpr',
}

/** Week by week how many could reach what is asked about; without a question the classes that need protection. */
export function TimePanel({ reach, search, change }: { reach: ReachData; search: ReachSearch; change: Change }) {
  const { t, date, number } = useTexts()
  const names = useTermNames(reach)
  const query = useCall(getReachTrend, {
    body: {
      ...(search.unit ? { unit: search.unit } : {}),
      ...{ data: codesOf(search.data), subjects: codesOf(search.about) },
    },
  })
  const label = (one: Series[number]) => {
    const data = CLASSES[one.data] ? t(`reach.time.${CLASSES[one.data] ?? 'all'}`) : names.data(one.data)
    return one.subject === '*' ? data : t('reach.about', { data, subject: names.subject(one.subject) })
  }
  return (
    <Answer query={query}>
      {({ series }) => {
        const days = [...new Set(series.flatMap(one => one.points.map(point => point.day)))].sort()
        if (days.length === 0)
          return (
            <Empty
              title={t('reach.time.empty')}
              help={t(reach.days.length > 0 || reach.kept ? 'reach.emptyHelp' : 'reach.time.emptyHelp')}
            />
          )
        const at = (one: Series[number], day: string) => one.points.find(point => point.day === day)
        const columns: Column<string>[] = [
          {
            key: 'day',
            label: t('reach.time.day'),
            cell: day => (
              <Button
                variant="subtle"
                size="compact-sm"
                aria-label={`${t('reach.time.show')}: ${date(day)}`}
                onClick={() =>
                  change({ view: undefined, day, system: undefined, activity: undefined, operation: undefined })
                }
              >
                {date(day)}
              </Button>
            ),
          },
          ...series.flatMap((one): Column<string>[] => [
            {
              key: `${one.data} ${one.subject}`,
              label: label(one),
              number: true,
              cell: day => number(at(one, day)?.people ?? 0),
            },
            {
              key: `${one.data} ${one.subject} unexplained`,
              label: t('reach.unexplainedShort'),
              number: true,
              rank: 1,
              cell: day => number(at(one, day)?.unexplained ?? 0),
            },
          ]),
        ]
        return (
          <div className="stack">
            <Card title={t('reach.time.title')}>
              <div className={classes.chart} aria-hidden="true">
                <Suspense>
                  <TrendLines
                    lines={series.map(one => ({ key: `${one.data} ${one.subject}`, label: label(one) }))}
                    days={days.map(day => ({
                      day,
                      values: Object.fromEntries(
                        series.map(one => [`${one.data} ${one.subject}`, at(one, day)?.people ?? 0]),
                      ),
                    }))}
                    dayText={date}
                    numberText={number}
                  />
                </Suspense>
              </div>
            </Card>
            <DataTable
              caption={t('reach.time.caption')}
              columns={columns}
              rows={days.toReversed()}
              rowKey={day => day}
              cards
              empty={null}
            />
          </div>
        )
      }}
    </Answer>
  )
}
