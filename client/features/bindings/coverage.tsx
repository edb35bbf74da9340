import { Progress } from '@mantine/core'
import { getCoverage } from '#contract/bindings.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import classes from './coverage.module.css'

type Area = ResponseOf<typeof getCoverage>['areas'][number]

/** How much is said of what rights are for: one figure, and by area of the systems. */
export function Coverage() {
  const { t, number, percent } = useTexts()
  const query = useCall(getCoverage, {})
  return (
    <Card title={t('bindings.coverage')}>
      <Answer query={query}>
        {({ rights, withPurpose, areas }) =>
          rights === 0 ? (
            <Empty title={t('bindings.none')} />
          ) : (
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
                  columns={[
                    { key: 'area', label: t('bindings.area'), cell: (row: Area) => row.area ?? t('bindings.noArea') },
                    { key: 'rights', label: t('bindings.rights'), number: true, cell: row => number(row.rights) },
                    {
                      key: 'said',
                      label: t('bindings.withPurpose'),
                      number: true,
                      cell: row => number(row.withPurpose),
                    },
                    {
                      key: 'share',
                      label: t('bindings.share'),
                      number: true,
                      cell: row => percent(row.rights === 0 ? 0 : row.withPurpose / row.rights),
                    },
                  ]}
                />
              </details>
            </div>
          )
        }
      </Answer>
    </Card>
  )
}
