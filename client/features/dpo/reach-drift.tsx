import { Link } from '@tanstack/react-router'
import type { getDpoHome } from '#contract/dpo-home.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Empty } from '../../ui/states.tsx'
import classes from './dpo-home.module.css'

type Row = ResponseOf<typeof getDpoHome>['reach'][number]

const CLASSES = ['*special', '*criminal', '*cpr', '*'] as const

/** How many people reach data that need protection, and how that has moved since the week before. */
export function ReachDrift(props: { rows: readonly Row[] }) {
  const { t, date, number } = useTexts()
  const of = (data: string) => props.rows.filter(row => row.data === data)
  const last = CLASSES.flatMap(data => of(data).slice(-1))
  const signed = (by: number) => (by > 0 ? `+${number(by)}` : by < 0 ? `−${number(-by)}` : '0')
  const named = (data: string) => t(`dpo.reachOf.${data.slice(1) === '' ? 'all' : (data.slice(1) as 'special')}`)
  const columns = (first: Column<Row>): Column<Row>[] => [
    first,
    { key: 'people', label: t('dpo.reach.people'), number: true, cell: row => number(row.people) },
    { key: 'more', label: t('dpo.reach.more'), number: true, cell: row => signed(row.more) },
    { key: 'unexplained', label: t('dpo.reach.unexplained'), number: true, cell: row => number(row.unexplained) },
    {
      key: 'moreUnexplained',
      label: t('dpo.reach.moreUnexplained'),
      number: true,
      rank: 1,
      cell: row => signed(row.moreUnexplained),
    },
  ]
  const since = last[0]?.day
  return (
    <Card
      title={t('dpo.reach.title')}
      level={3}
      aside={
        <Link to="/reach" className="link">
          {t('dpo.reach.open')}
        </Link>
      }
    >
      {last.length === 0 ? (
        <Empty title={t('dpo.reach.none')} help={t('dpo.reach.noneHelp')} />
      ) : (
        <div className="stack">
          <DataTable
            caption={t('dpo.reach.caption', { date: since ? date(since) : '' })}
            columns={columns({ key: 'data', label: t('dpo.reach.data'), cell: row => named(row.data) })}
            rows={last}
            rowKey={row => row.data}
            cards
            empty={null}
          />
          <details className={classes.weeks}>
            <summary>{t('dpo.reach.weeks')}</summary>
            {CLASSES.filter(data => of(data).length > 1).map(data => (
              <DataTable
                key={data}
                caption={named(data)}
                columns={columns({ key: 'day', label: t('dpo.reach.week'), cell: row => date(row.day) })}
                rows={[...of(data)].reverse()}
                rowKey={row => row.day}
                cards
                empty={null}
              />
            ))}
          </details>
        </div>
      )}
    </Card>
  )
}
